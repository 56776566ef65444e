"""Ends what a process started, should that process be killed before it can do so itself.

A keeper is a process of its own. It is told the groups that were started and ended, on its standard
input; when that closes, because whoever told it is gone, it ends those that are left.
"""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
from functools import lru_cache


def keep(group: int) -> None:
    """Have a group of processes ended should this process be killed."""
    _tell(f"+{group}\n")


def release(group: int) -> None:
    """Say that a group has ended."""
    _tell(f"-{group}\n")


def _tell(line: str) -> None:
    if os.name == "nt":
        return
    pipe = _keeper().stdin
    with contextlib.suppress(BrokenPipeError):  # somebody ended it; then nothing is kept
        if pipe is not None:
            pipe.write(line)
            pipe.flush()


@lru_cache(maxsize=1)
def _keeper() -> "subprocess.Popen[str]":
    started = subprocess.Popen(  # noqa: S603 - this very file
        [sys.executable, __file__], stdin=subprocess.PIPE, text=True, start_new_session=True
    )
    atexit.register(started.communicate)
    return started


def main() -> None:
    """Keep until nobody tells anything any more."""
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line.startswith("+"):
            groups.add(group)
        else:
            groups.discard(group)
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
