"""The process that makes the calls of an embedded schedule, with APScheduler.

A call that fails for a reason that passes by itself is repeated after each of
`core.scheduler.state.RETRY_AFTER`, as Cloud Scheduler does. The next process repeats a call during
which a process was killed.
"""

import contextlib
import logging
import os
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import errors
from core.errors import PlatformError, TransientError
from core.generation.catalog import Catalog
from core.generation.windows import TIME_ZONE
from core.operations.runs import Run, RunState
from core.scheduler.base import cron
from core.scheduler.local import LocalSchedule
from core.scheduler.state import Slot

if TYPE_CHECKING:
    from core.scheduler.lock import ProcessLock

# APScheduler's clock stops while the machine sleeps, so it is woken this often.
_LOOK_S = 30
_LATE_S = 2 * 3600  # a tick later than that, the length of a window, is skipped
_LOGGER = logging.getLogger(__name__)
_HERE: dict[Path, "Service"] = {}  # of this process, by the schedule's folder
_GUARD = threading.Lock()


def make_trigger(catalog: Catalog) -> Any:  # noqa: ANN401 - APScheduler has no types
    """The seven ticks as APScheduler's trigger."""
    from apscheduler.triggers.cron import CronTrigger

    return CronTrigger.from_crontab(cron(catalog), timezone=TIME_ZONE)


class Service:
    """Makes the calls of a schedule in threads of this process, until `ended` is set."""

    def __init__(self, schedule: LocalSchedule, catalog: Catalog, place: str) -> None:
        self.schedule = schedule
        self.place = place
        self.ended = threading.Event()
        self._catalog = catalog
        self._instance: ProcessLock | None = None
        self._engine: Any = None

    def start(self) -> None:
        """Become the process that makes the calls, from the next tick on.

        Raises:
            AlreadyRunningError: Another process, or this one, makes them.
        """
        from apscheduler.schedulers.background import BackgroundScheduler

        self._instance = self.schedule.take(os.getpid(), self.place)
        self._engine = BackgroundScheduler(timezone=TIME_ZONE)
        once = {"coalesce": True, "max_instances": 1, "misfire_grace_time": _LATE_S}
        self._engine.add_job(self._serve, make_trigger(self._catalog), **once)
        self._engine.add_job(self._repeat_calls, "interval", seconds=_LOOK_S, **once)
        self._engine.add_job(self._look, "interval", seconds=_LOOK_S, **once)
        self._engine.start()

    def stop(self, *, wait: bool) -> None:
        """Make no more calls; the active one continues, and `wait` waits for it."""
        if self.ended.is_set():
            return
        self.ended.set()
        self._engine.shutdown(wait=wait)
        if self._instance:
            self._instance.release()

    def _serve(self) -> None:
        self._look()
        with _log_failures():
            slot = self.schedule.tick()
            if slot is None:
                _LOGGER.info("A tick passes: the schedule is paused, or it is no business hour.")
            elif not self.ended.is_set():
                self._call(slot)

    def _repeat_calls(self) -> None:
        """Repeat the calls that failed or were cut off and are due."""
        with _log_failures():
            for slot in self.schedule.due():
                if not self.ended.is_set():
                    self._call(slot)

    def _call(self, slot: Slot) -> None:
        """Make one call, and log how it ended."""
        try:
            run = self.schedule.call(slot)
            _LOGGER.info("Run %d begins: %s.", run.id, run.title)
            ended = self.schedule.ended(run)
        except PlatformError as error:
            self._fail(slot, str(error), passes=isinstance(error, TransientError))
            return
        if ended.state is RunState.SUCCEEDED:
            _LOGGER.info("Run %d succeeded: %s", ended.id, ended.result)
        else:
            sentence = f"Run {ended.id} {ended.state}: {ended.error}"
            self._fail(slot, sentence, passes=_may_pass(ended))

    def _fail(self, slot: Slot, sentence: str, *, passes: bool) -> None:
        due = self.schedule.fail(slot, passes=passes)
        if due is None:
            _LOGGER.error("%s", sentence)
        else:
            _LOGGER.warning("%s Another try follows at %s.", sentence, _format_time(due))

    def _look(self) -> None:
        """End when the folder was deleted, which is a full reset."""
        if self._instance and not self._instance.holds():
            _LOGGER.error("%s was deleted: its schedule ends.", self.schedule.home)
            self.stop(wait=False)


def start_here(schedule: LocalSchedule, catalog: Catalog) -> None:
    """Make the calls in this process, the panel's; nothing happens when it does already.

    Raises:
        AlreadyRunningError: Another process makes them.
    """
    with _GUARD:
        if not is_running_here(schedule.home):
            service = Service(schedule, catalog, "panel")
            service.start()
            _HERE[schedule.home] = service


def stop_here(home: Path) -> None:
    """Make no more calls in this process; an active run continues."""
    with _GUARD:
        service = _HERE.pop(home, None)
        if service:
            service.stop(wait=False)


def is_running_here(home: Path) -> bool:
    """Whether this process makes the calls of a folder's schedule."""
    service = _HERE.get(home)
    return service is not None and not service.ended.is_set()


@contextlib.contextmanager
def _log_failures() -> Iterator[None]:
    """Log a failure of the schedule's files; the next tick tries them again."""
    try:
        yield
    except PlatformError as error:
        _LOGGER.error("%s", error)  # noqa: TRY400 - a sentence, no traceback


def _format_time(moment: datetime) -> str:
    return f"{moment.astimezone(TIME_ZONE):%Y-%m-%d %H:%M:%S} BRT"


def _may_pass(run: Run) -> bool:
    """Whether a run failed for a reason that passes by itself."""
    kind = getattr(errors, run.error_type, None)
    return isinstance(kind, type) and issubclass(kind, TransientError)
