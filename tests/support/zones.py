"""The machine's time zone, as a process sees it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

EASTMOST, WESTMOST = "Pacific/Kiritimati", "Etc/GMT+12"  # 14 hours before UTC, 12 after it
BUSINESS = "America/Sao_Paulo"
ZONES = ("UTC", EASTMOST, WESTMOST, BUSINESS, "Asia/Kolkata")


@contextmanager
def zone(name: str) -> Iterator[None]:
    """This process on a machine in another zone."""
    before = os.environ.get("TZ")
    _move(name)
    try:
        yield
    finally:
        _move(before)


def _move(name: str | None) -> None:
    if name is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = name
    time.tzset()
