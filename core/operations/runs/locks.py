"""One lock per run: its process holds it, so that the end of the process shows without a clock.

Each lock is on a small file next to the history, removed when the run ends. The system releases it
when the process ends, however that happens and in whichever container. A file that is not empty
asks the run's worker to stop, which the worker checks before each step.
"""

import contextlib
import os
from pathlib import Path

from core.locks import take_lock

_HELD: dict[tuple[str, int], int] = {}  # open files of this process, by history and run
_AFTER_THE_LOCK = 1  # Windows locks the first byte against writers, too


class RunLocks:
    """The locks of the runs in a history's file."""

    def __init__(self, history: Path) -> None:
        self._history = history

    def hold(self, run_id: int) -> None:
        """Hold a new run's lock until `let_go`, or the end of this process.

        A file system without locks has none, for which `is_held` returns None.
        """
        path = self._path(run_id)
        path.unlink(missing_ok=True)  # of a history that was deleted
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        try:
            take_lock(file)
        except OSError:
            os.close(file)
            path.unlink()
        else:
            _HELD[str(self._history), run_id] = file

    def let_go(self, run_id: int) -> None:
        """Release a run's lock, if this process holds it; the file stays, without a lock."""
        file = _HELD.pop((str(self._history), run_id), None)
        if file is not None:
            os.close(file)

    def remove(self, run_id: int) -> None:
        """Remove the lock of a run that has ended."""
        self.let_go(run_id)
        with contextlib.suppress(OSError):
            self._path(run_id).unlink()

    def is_held(self, run_id: int) -> bool | None:
        """Whether the process that works on a run is alive; None where the run has no lock."""
        try:
            file = os.open(self._path(run_id), os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            taken = take_lock(file)
        except OSError:
            return None
        finally:
            os.close(file)
        if taken:
            with contextlib.suppress(OSError):
                self._path(run_id).unlink()
        return not taken

    def ask_to_stop(self, run_id: int) -> None:
        """Ask a run's worker to stop before its next step."""
        with contextlib.suppress(FileNotFoundError):  # without a lock, the worker reads its state
            file = os.open(self._path(run_id), os.O_WRONLY)
            try:
                os.lseek(file, _AFTER_THE_LOCK, os.SEEK_SET)
                os.write(file, b"stop")
            finally:
                os.close(file)

    def is_to_stop(self, run_id: int) -> bool:
        """Whether a run of this process is to stop."""
        file = _HELD.get((str(self._history), run_id))
        return file is not None and os.fstat(file).st_size > 0

    def _path(self, run_id: int) -> Path:
        return self._history.with_name(f"{self._history.stem}-{run_id}.lock")
