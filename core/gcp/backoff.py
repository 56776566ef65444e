"""Pauses between the tries of a call, and the tries themselves."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from core.errors import TransientError
from core.gcp.errors import google_errors

FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 4.0
_Answer = TypeVar("_Answer")


class Backoff:
    """Pauses that double, for `wait_s` seconds from its creation."""

    def __init__(self, wait_s: float) -> None:
        self._deadline = time.monotonic() + wait_s
        self._pause_s = FIRST_PAUSE_S

    def pause(self) -> bool:
        """Sleep before the next try; False, without sleeping, once the time is over."""
        if time.monotonic() + self._pause_s > self._deadline:
            return False
        time.sleep(self._pause_s)
        self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
        return True


def retry(doing: str, call: Callable[[], _Answer], wait_s: float) -> _Answer:
    """Call, and call again while Google reports a passing fault.

    The time runs from the first fault: an answer may also be lost after a long call.

    Raises:
        PlatformError: As `google_errors(doing)`; a passing fault only `wait_s` seconds after the
            first one.
    """
    backoff: Backoff | None = None
    while True:
        try:
            with google_errors(doing):
                return call()
        except TransientError:
            backoff = backoff or Backoff(wait_s)
            if not backoff.pause():
                raise
