"""A thread that checks at a steady pace while its process lives, or until it is stopped."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from core.alerts.check import check_when_due, pace_of
from core.errors import PlatformError
from core.operations.runs import RunHistory
from core.platform import Platform
from core.settings import Settings

_FIRST_S = 10.0  # a process that begins has other work first
_LOGGER = logging.getLogger(__name__)


class Watch:
    """Checks for incidents in the background of a process; the clock is aware."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._history = RunHistory(settings.runs_file, now)
        self._platform: Platform | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._check_on, name="alerts", daemon=True)

    def start(self, first_s: float = _FIRST_S) -> None:
        """Check after so many seconds, then at the pace of the settings."""
        self._first_s = first_s
        self._thread.start()

    def stop(self, *, wait: bool) -> None:
        """Begin no other check; `wait` waits for the one at work."""
        self._ended.set()
        if wait:
            self._thread.join()

    def _check_on(self) -> None:
        pause_s = self._first_s
        while not self._ended.wait(pause_s):
            self._check()
            pause_s = pace_of(self._settings).total_seconds()

    def _check(self) -> None:
        try:
            self._platform = self._platform or Platform.of(self._settings)
            check_when_due(self._platform, self._history)
        except PlatformError as error:
            _LOGGER.error("No check for alerts: %s", error)  # noqa: TRY400 - a sentence
        except Exception:  # the thread must live: the next check may succeed
            _LOGGER.exception("A check for alerts failed unexpectedly")
