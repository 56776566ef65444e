"""One process at a time makes the calls of an embedded schedule.

It holds an exclusive SQLite transaction open. SQLite uses the locks of Linux, macOS and Windows,
which end with the process, however it ends: no lock is stale, no process number is trusted.
"""

import contextlib
import os
import sqlite3
from pathlib import Path

from core.errors import StoreError
from core.messages import message

_LOOKERS_S = 2.0  # how long a process that only checks the lock may block it


class ProcessLock:
    """A lock that one process at a time can hold."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._file: os.stat_result | None = None

    def take(self) -> bool:
        """Take the lock; False when another process, or part of this one, holds it.

        Raises:
            StoreError: The file cannot be used.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Taken in one thread and let go of in another.
            connection = sqlite3.connect(
                self.path, timeout=_LOOKERS_S, isolation_level=None, check_same_thread=False
            )
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                message("files.schedule_lock", path=self.path, reason=error)
            ) from error
        if _is_busy(connection, "BEGIN EXCLUSIVE", self.path):
            connection.close()
            return False
        self._connection, self._file = connection, self.path.stat()
        return True

    def holds(self) -> bool:
        """Whether it still holds the lock; not when the folder was deleted meanwhile."""
        if self._file is None:
            return False
        try:
            return os.path.samestat(self._file, self.path.stat())
        except OSError:
            return False

    def release(self) -> None:
        """Let go of the lock."""
        if self._connection:
            self._connection.close()
        self._connection = self._file = None


def is_taken(path: Path) -> bool:
    """Whether a process holds the lock now; those that check never block each other.

    Raises:
        StoreError: The file cannot be used.
    """
    if not path.exists():
        return False
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=0, uri=True)
    except sqlite3.Error as error:
        raise StoreError(message("files.schedule_lock", path=path, reason=error)) from error
    with contextlib.closing(connection):
        return _is_busy(connection, "SELECT COUNT(*) FROM sqlite_master", path)


def _is_busy(connection: sqlite3.Connection, statement: str, path: Path) -> bool:
    try:
        connection.execute(statement)
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return True
        connection.close()
        raise StoreError(message("files.schedule_lock", path=path, reason=error)) from error
    return False
