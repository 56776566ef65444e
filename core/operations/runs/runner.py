"""Does the work of a run: in the background, one thread per run, or in the caller's thread.

A worker writes its progress, log and end to the history. While it works, a second thread records
heartbeats. A cancelled run stops before its next step, and only then releases its claims.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeAlias

from core.errors import PlatformError, TransientError
from core.messages import message
from core.operations.runs import (
    Ending,
    LogLine,
    NewRun,
    Run,
    RunHistory,
    RunState,
    cancelled_ending,
)
from core.progress import Progress, silent

HEARTBEAT_S = 2.0
_PAUSE_S = 0.2  # shortest time between two steps, or two batches of log lines, that are stored

_LOGGER = logging.getLogger(__name__)
_THREADS: dict[tuple[str, int], threading.Thread] = {}  # of this process, by history and run


class _RunEnded(Exception):  # noqa: N818 - ends the work, never leaves this module
    """The run was cancelled."""


class Context:
    """Where a piece of work reports its progress (which `also` gets, too), log and details.

    The block of `run_here` sets `result`, one sentence on what was done.
    """

    def __init__(self, history: RunHistory, run_id: int) -> None:
        self.details: dict[str, Any] = {}
        self.result = ""
        self.also: Progress = silent
        self._history = history
        self._run_id = run_id
        self._stored_at = self._logged_at = float("-inf")
        self._ended = threading.Event()
        self._lines: list[LogLine] = []
        self._writing = threading.Lock()

    def now(self) -> datetime:
        """The present, by the history's clock."""
        return self._history.now()

    def progress(self, done: int, total: int, doing: str) -> None:
        """Report how far the work is; a step right after another may be left out.

        A cancelled run stops here.
        """
        moment = time.monotonic()
        self.check()
        self.also(done, total, doing)
        if moment - self._stored_at < _PAUSE_S and done < total:
            return
        self._stored_at = moment
        if not self._history.record_progress(self._run_id, done, total, doing):
            raise _RunEnded

    def step(self, done: int, total: int, doing: str) -> None:
        """Report that a step begins; it is never left out."""
        self._stored_at = float("-inf")
        self.progress(done, total, doing)

    def log(self, text: str) -> None:
        """Add a line to the log; lines in quick succession are stored together."""
        with self._writing:
            self._lines.append(LogLine(self.now(), text))
        if time.monotonic() - self._logged_at >= _PAUSE_S:
            self.write_log()

    def write_log(self) -> None:
        """Store the lines that are not stored yet."""
        with self._writing:
            lines, self._lines = self._lines, []
            self._logged_at = time.monotonic()
            if lines:
                self._history.add_log_lines(self._run_id, lines)

    def check(self) -> None:
        """Stop here if the run was cancelled; the check is cheap."""
        if self._ended.is_set() or self._history.is_to_stop(self._run_id):
            raise _RunEnded

    def pause(self, seconds: float) -> None:
        """Wait; stop as soon as the run is cancelled."""
        if self._ended.wait(seconds):
            raise _RunEnded

    def beat(self, until: threading.Event) -> None:
        """Record heartbeats until the event."""
        while not until.wait(HEARTBEAT_S):
            try:
                if not self._history.record_heartbeat(self._run_id):
                    self._ended.set()
                self.write_log()
            except PlatformError as error:
                _LOGGER.warning("Run %d cannot tell that it is alive: %s", self._run_id, error)


Work: TypeAlias = Callable[[Context], str]  # returns what it did, in one sentence


def run_in_background(history: RunHistory, new: NewRun, work: Work) -> Run:
    """Do work in the background.

    Raises:
        AlreadyRunningError: An active run works on the same.
    """
    run = history.enqueue(new)
    thread = threading.Thread(
        target=_do, args=(history, run.id, work), name=f"run-{run.id}", daemon=True
    )
    _THREADS[str(history.path), run.id] = thread
    thread.start()
    return run


@contextlib.contextmanager
def run_here(history: RunHistory, new: NewRun) -> Iterator[Context]:
    """Enter a run whose work is the `with` block; the caller gets an error that ends it.

    Raises:
        AlreadyRunningError: An active run works on the same.
        TransientError: The run was cancelled, and the block stopped before its next step.
    """
    run = history.enqueue(new)
    with _beating(history, run.id) as context:
        try:
            history.mark_running(run.id)
            yield context
        except _RunEnded:
            _finish(history, run.id, context, cancelled_ending(context.details))
            raise TransientError(_cancelled_sentence(history, run.id)) from None
        except BaseException as error:  # Ctrl-C, too: a run must not stay "running"
            _finish(history, run.id, context, _failed(error, context))
            raise
        else:
            context.write_log()
            history.finish(run.id, _succeeded(context))
        finally:
            history.let_go(run.id)


def wait(history: RunHistory, run_id: int, timeout_s: float) -> bool:
    """Wait for a run of this process; False when it is not done after `timeout_s` seconds."""
    thread = _THREADS.get((str(history.path), run_id))
    if thread is None:
        return True
    thread.join(timeout_s)
    return not thread.is_alive()


def _do(history: RunHistory, run_id: int, work: Work) -> None:
    try:
        with _beating(history, run_id) as context:
            begun = history.mark_running(run_id)
            ending = _ending(context, work) if begun else cancelled_ending({})
            _finish(history, run_id, context, ending)
    except PlatformError as error:
        _LOGGER.warning("Run %d cannot be written down: %s", run_id, error)
    finally:
        history.let_go(run_id)
        _THREADS.pop((str(history.path), run_id), None)


def _finish(history: RunHistory, run_id: int, context: Context, ending: Ending) -> None:
    try:
        context.write_log()
        history.finish(run_id, ending)
    except PlatformError as error:
        _LOGGER.warning("The end of run %d cannot be written down: %s", run_id, error)


@contextlib.contextmanager
def _beating(history: RunHistory, run_id: int) -> Iterator[Context]:
    """The context of a run, with heartbeats until the block ends."""
    context, done = Context(history, run_id), threading.Event()
    beat = threading.Thread(target=context.beat, args=(done,), name=f"beat-{run_id}", daemon=True)
    beat.start()
    try:
        yield context
    finally:
        done.set()
        beat.join()


def _ending(context: Context, work: Work) -> Ending:
    """Do the work; how it ended, whatever happens."""
    try:
        context.result = work(context)
    except _RunEnded:
        return cancelled_ending(context.details)
    except Exception as error:  # the thread's last boundary: a run must not stay "running"
        if not isinstance(error, PlatformError):
            _LOGGER.exception("A run failed unexpectedly")
        return _failed(error, context)
    return _succeeded(context)


def _succeeded(context: Context) -> Ending:
    return Ending(RunState.SUCCEEDED, context.result, details=context.details)


def _failed(error: BaseException, context: Context) -> Ending:
    """A failure, with the sentence of the error or, for an unexpected one, of its type."""
    if isinstance(error, KeyboardInterrupt):
        return Ending(
            RunState.INTERRUPTED, "", message("end.stopped"), "Interrupted", context.details
        )
    if isinstance(error, PlatformError):
        return Ending(RunState.FAILED, "", error.sentence, type(error).__name__, context.details)
    sentence = message("end.unexpected", kind=type(error).__name__)
    return Ending(RunState.FAILED, "", sentence, "Unexpected", context.details)


def _cancelled_sentence(history: RunHistory, run_id: int) -> str:
    found = history.find(run_id)
    state = found.state if found else "forgotten"
    return message("end.displaced", run=run_id, state=message(f"state.{state}"))
