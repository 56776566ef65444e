"""A process that delivers one event, so that a test can kill it: `python -m
tests.support.deliver_worker`.

The settings come from the environment; the event's name, generation and time as arguments.
"""

import os
import sys
from datetime import datetime

from core.bronze.events import ObjectEvent, deliver
from core.platform import Platform
from core.settings import Settings


def main() -> None:
    name, generation, time, now = sys.argv[1:]
    platform = Platform.of(Settings.from_mapping(os.environ))
    event = ObjectEvent(platform.store.bucket, name, int(generation), datetime.fromisoformat(time))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    deliver(platform, event, datetime.fromisoformat(now))
    sys.stdout.write("acknowledged\n")


if __name__ == "__main__":
    main()
