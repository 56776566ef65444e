"""Work on several cores: a function and its arguments, spread over processes.

Processes are spawned, with nothing but their arguments. None outlives its parent: each listens to
a pipe that only the parent holds open, and ends when it closes, after an error, Ctrl-C or a kill.
What a process was writing then is absent, or counts and the next call continues from it.
"""

import contextlib
import itertools
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Generic, NamedTuple, Self, TypeVar

from core.errors import InputError, PlatformError, TransientError
from core.messages import message

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.connection import Connection

MOST_WORKERS = 256
_AHEAD = 2  # tasks for each process that are begun or done before the caller takes them
_LOOK_S = 0.5  # between two calls of `look`

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


class Outcome(NamedTuple, Generic[_Task, _Result]):
    """What became of a task: a result, or an error with a sentence."""

    task: _Task
    result: _Result | None
    error: PlatformError | None

    def value(self) -> _Result:
        """The result; raises the `PlatformError` of a task that failed."""
        if self.error:
            raise self.error
        return self.result  # type: ignore[return-value]  # None only where the work gives None


def check_workers(count: int) -> int:
    """The number of processes; raises `InputError` outside 1 to `MOST_WORKERS`."""
    if not 1 <= count <= MOST_WORKERS:
        raise InputError(message("settings.workers", count=count, most=MOST_WORKERS))
    return count


def _check_directory() -> None:
    try:
        Path.cwd()
    except FileNotFoundError:
        raise InputError(message("settings.workers_folder_gone")) from None


class Workers:
    """Processes that work until the block ends; with a count of 1 this process does the work.

    `look` is called before each task of this process, and about twice a second while others work;
    what it raises ends the work.
    """

    def __init__(self, count: int, look: Callable[[], None] = lambda: None) -> None:
        self.count = check_workers(count)
        self._look = look
        self._pool: ProcessPoolExecutor | None = None
        self._heard: Connection | None = None
        self._held: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes when they are done, or immediately after an error in the block."""
        if self._pool is None or self._held is None or self._heard is None:
            return
        if error is not None:
            self._held.close()
        self._pool.shutdown(cancel_futures=True)
        self._held.close()
        self._heard.close()

    def map(
        self, work: Callable[[_Task], _Result], tasks: Iterable[_Task]
    ) -> Iterator[Outcome[_Task, _Result]]:
        """Do the work for each task, read as needed, and give outcomes as they are ready.

        The work is a function of a module, or a `functools.partial` of one. Its `PlatformError`s
        come as outcomes, others are raised.

        Raises:
            TransientError: A process was killed.
            InputError: The working directory was deleted, where no process can begin.
        """
        if self.count == 1:
            return (self._do_here(work, task) for task in tasks)
        return self._spread(work, iter(tasks))

    def _do_here(self, work: Callable[[_Task], _Result], task: _Task) -> Outcome[_Task, _Result]:
        self._look()
        return _do_task(work, task)

    def _spread(
        self, work: Callable[[_Task], _Result], tasks: Iterator[_Task]
    ) -> Generator[Outcome[_Task, _Result], None, None]:
        from concurrent.futures import FIRST_COMPLETED, wait
        from concurrent.futures.process import BrokenProcessPool

        pool = self._start_pool()
        under_way: set[Future[Outcome[_Task, _Result]]] = set()
        try:
            while True:
                for task in itertools.islice(tasks, _AHEAD * self.count - len(under_way)):
                    with _hold_back_interrupts():
                        under_way.add(pool.submit(_do_task, work, task))
                if not under_way:
                    return
                done, _ = wait(under_way, _LOOK_S, FIRST_COMPLETED)
                self._look()
                for future in done:
                    under_way.remove(future)
                    yield future.result()
        except BrokenProcessPool as error:
            raise TransientError(message("settings.worker_killed", count=self.count)) from error

    def _start_pool(self) -> "ProcessPoolExecutor":
        """The pool, which starts a process when there is work for it."""
        _check_directory()
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        if self._pool is None:
            context = get_context("spawn")
            self._heard, self._held = context.Pipe(duplex=False)
            self._pool = ProcessPoolExecutor(
                self.count, mp_context=context, initializer=_begin_process, initargs=(self._heard,)
            )
        return self._pool


def _do_task(work: Callable[[_Task], _Result], task: _Task) -> Outcome[_Task, _Result]:
    try:
        return Outcome(task, work(task), None)
    except PlatformError as error:
        return Outcome(task, None, error)


def _begin_process(listening: "Connection") -> None:
    """Let a new process ignore SIGINT, and end with the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(listening,), daemon=True).start()


def _end_with_parent(listening: "Connection") -> None:
    with contextlib.suppress(EOFError, OSError):
        listening.recv_bytes()  # nothing is ever sent
    os._exit(1)


@contextlib.contextmanager
def _hold_back_interrupts() -> Iterator[None]:
    """A block whose child processes ignore SIGINT; this thread gets it when the block ends."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
