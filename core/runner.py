"""Work in the background: a thread a run, in the process that was asked to do it.

A worker knows nothing of who watches: it writes its progress, log and end to the history. While it
works a second thread tells the history that the run is alive. A run that was taken for lost all the
same (the machine slept, say) stops at its next step, since another may have taken its place.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from core.errors import PlatformError
from core.runs import Ending, NewRun, Run, RunHistory, RunState

HEARTBEAT_S = 2.0
_PROGRESS_S = 0.2  # shortest time between two steps that are written down

_LOGGER = logging.getLogger(__name__)
_THREADS: dict[tuple[str, int], threading.Thread] = {}  # of this process, by history and run


class _Displaced(Exception):  # noqa: N818 - ends the work, never leaves this module
    """The run has been marked as ended by somebody else."""


class Context:
    """What a piece of work is given: a place for its progress, its log and its details."""

    def __init__(self, history: RunHistory, run_id: int) -> None:
        self.details: dict[str, Any] = {}
        self._history = history
        self._run_id = run_id
        self._told_at = float("-inf")
        self._ended = threading.Event()

    def now(self) -> datetime:
        """The present, by the history's clock."""
        return self._history.now()

    def progress(self, done: int, total: int, doing: str) -> None:
        """Tell how far the work is; a step that follows another at once may be left out."""
        moment = time.monotonic()
        if self._ended.is_set():
            raise _Displaced
        if moment - self._told_at < _PROGRESS_S and done < total:
            return
        self._told_at = moment
        if not self._history.progress(self._run_id, done, total, doing):
            raise _Displaced

    def log(self, text: str) -> None:
        """Add a line to the run's log."""
        self._history.log(self._run_id, text)

    def pause(self, seconds: float) -> None:
        """Wait, unless the run has been ended meanwhile."""
        if self._ended.wait(seconds):
            raise _Displaced

    def beat(self, until: threading.Event) -> None:
        """Tell that the run is alive, again and again, until the event."""
        while not until.wait(HEARTBEAT_S):
            try:
                if not self._history.heartbeat(self._run_id):
                    self._ended.set()
            except PlatformError as error:
                _LOGGER.warning("Run %d cannot tell that it is alive: %s", self._run_id, error)


Work: TypeAlias = Callable[[Context], str]  # does it, and says in one sentence what it did


def start(history: RunHistory, new: NewRun, work: Work) -> Run:
    """Do work in the background.

    Raises:
        AlreadyRunningError: An active run works on the same.
    """
    run = history.begin(new)
    thread = threading.Thread(
        target=_do, args=(history, run.id, work), name=f"run-{run.id}", daemon=True
    )
    _THREADS[str(history.path), run.id] = thread
    thread.start()
    return run


def wait(history: RunHistory, run_id: int, timeout_s: float) -> bool:
    """Wait for a run of this process; False when it is not done after `timeout_s` seconds."""
    thread = _THREADS.get((str(history.path), run_id))
    if thread is None:
        return True
    thread.join(timeout_s)
    return not thread.is_alive()


def _do(history: RunHistory, run_id: int, work: Work) -> None:
    context, done = Context(history, run_id), threading.Event()
    beat = threading.Thread(target=context.beat, args=(done,), name=f"beat-{run_id}", daemon=True)
    beat.start()
    try:
        if history.start(run_id):
            history.finish(run_id, _ending(context, work))
    except _Displaced:
        _LOGGER.warning("Run %d was taken for lost, and stopped", run_id)
    except PlatformError as error:
        _LOGGER.warning("Run %d cannot be written down: %s", run_id, error)
    finally:
        done.set()
        beat.join()
        _THREADS.pop((str(history.path), run_id), None)


def _ending(context: Context, work: Work) -> Ending:
    """Do the work, and say how it ended, whatever happens."""
    try:
        result = work(context)
    except PlatformError as error:
        return Ending(
            RunState.FAILED, "", str(error), type(error).__name__, context.details
        )  # fmt: skip
    except _Displaced:
        raise
    except Exception as error:  # the thread's last boundary: a run must not stay "running"
        _LOGGER.exception("A run failed unexpectedly")
        sentence = (
            f"Something unexpected happened ({type(error).__name__}): the server's log has the "
            "details. Retry it, or report it."
        )
        return Ending(RunState.FAILED, "", sentence, "Unexpected", context.details)
    return Ending(RunState.SUCCEEDED, result, details=context.details)
