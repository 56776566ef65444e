"""The schedule's process by a clock that a test sets: `python -m tests.support.schedule_worker
FILE ...`.

The present is the moment that FILE holds, for the command and for APScheduler, both of which ask
Python's `datetime`; APScheduler looks at it several times a second. Nothing else is different from
`python -m core.scheduler`.
"""

import os
import sys
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.interval

from core.scheduler import __main__ as command
from core.scheduler import service

CLOCK = Path(sys.argv[1])
LOOK_S = 0.1


class Set(datetime):
    """The type whose `now` is what the file says."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Set":
        moment = datetime.fromisoformat(CLOCK.read_text(encoding="utf-8"))
        return cls.fromtimestamp(moment.timestamp(), tz)


def put(module: Any, name: str, value: object) -> None:
    """Another value for a module's name, in this process."""
    assert hasattr(module, name)
    setattr(module, name, value)


if __name__ == "__main__":
    for module in (
        apscheduler.executors.base, apscheduler.schedulers.base, apscheduler.triggers.interval,
        command,
    ):  # fmt: skip
        put(module, "datetime", Set)
    put(service, "_LOOK_S", LOOK_S)
    sys.exit(command.main(sys.argv[2:], os.environ))
