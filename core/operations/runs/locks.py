"""A lock a run: held by the process that works on it, so that its end is known without a clock.

The lock is that of a small file beside the history, which is removed when the run ends. A lock ends
with its process, however that ends, and in whichever container it runs. The length of the file says
whether the run is to stop, which its worker can see before each step at no cost.
"""

import contextlib
import os
from pathlib import Path

from core.locks import take_lock

_HELD: dict[tuple[str, int], int] = {}  # open files of this process, by history and run
_AFTER_THE_LOCK = 1  # Windows locks the first byte against writers, too


class RunLocks:
    """The locks of a history's runs.

    Args:
        history: The history's file.
    """

    def __init__(self, history: Path) -> None:
        self._history = history

    def hold(self, run_id: int) -> None:
        """Hold a new run's lock until `let_go`, or the end of this process.

        Where the file system has no locks there is none: `is_held` says so.
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
        """Let go of a run's lock, where this process holds it; its file stays and says so."""
        file = _HELD.pop((str(self._history), run_id), None)
        if file is not None:
            os.close(file)

    def remove(self, run_id: int) -> None:
        """Remove the lock of a run that has ended."""
        self.let_go(run_id)
        with contextlib.suppress(OSError):
            self._path(run_id).unlink()

    def is_held(self, run_id: int) -> bool | None:
        """Whether the process that works on a run lives; None where the run has no lock."""
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
        """Have a run's worker stop before its next step."""
        with contextlib.suppress(FileNotFoundError):  # it has no lock, and looks at its state
            file = os.open(self._path(run_id), os.O_WRONLY)
            try:
                os.lseek(file, _AFTER_THE_LOCK, os.SEEK_SET)
                os.write(file, b"stop")
            finally:
                os.close(file)

    def is_to_stop(self, run_id: int) -> bool:
        """Whether a run of this process was asked to stop."""
        file = _HELD.get((str(self._history), run_id))
        return file is not None and os.fstat(file).st_size > 0

    def _path(self, run_id: int) -> Path:
        return self._history.with_name(f"{self._history.stem}-{run_id}.lock")
