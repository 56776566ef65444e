"""A thread that checks at a steady pace while its process lives, or until it is stopped."""

import logging
import threading

from core.alerts.check import check_when_due, pace_of
from core.errors import PlatformError
from core.operations.runs import RunHistory
from core.platform import Platform

_LOGGER = logging.getLogger(__name__)


class Watch:
    """Checks for incidents in the background of a process that has other work."""

    def __init__(self, platform: Platform, history: RunHistory) -> None:
        self._platform = platform
        self._history = history
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._check_on, name="alerts", daemon=True)

    def start(self) -> None:
        """Check now, then at the pace of the settings."""
        self._thread.start()

    def stop(self) -> None:
        """Begin no other check, and wait for the one at work."""
        self._ended.set()
        self._thread.join()

    def _check_on(self) -> None:
        pause_s = pace_of(self._platform.settings).total_seconds()
        self._check()
        while not self._ended.wait(pause_s):
            self._check()

    def _check(self) -> None:
        try:
            check_when_due(self._platform, self._history)
        except PlatformError as error:
            _LOGGER.error("No check for alerts: %s", error)  # noqa: TRY400 - a sentence
        except Exception:  # the next check may succeed; without it nobody would be alerted
            _LOGGER.exception("A check for alerts failed unexpectedly")
