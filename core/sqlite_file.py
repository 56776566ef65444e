"""One transaction at a time in an SQLite file that several processes share."""

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from core.errors import StoreError, TransientError
from core.messages import Message

_WAIT_S = 10.0  # longest wait for another process that writes to the file
_NO_ROOM_BYTES = 2**20  # less than this is left where SQLite cannot write


@contextlib.contextmanager
def open_transaction(
    path: Path,
    prepare: Callable[[sqlite3.Connection], object],
    refusal: Callable[[object], Message],
) -> Iterator[sqlite3.Connection]:
    """A connection in a transaction that already has the write lock; makes the file and its folder.

    `prepare` brings the tables up to date before the transaction begins; `refusal` makes the
    sentence that the file cannot be used, for a reason.

    Raises:
        TransientError: Another process kept the file for too long.
        StoreError: The file cannot be used.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        opened = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
        with contextlib.closing(opened) as connection, connection:
            prepare(connection)
            connection.execute("BEGIN IMMEDIATE")
            yield connection
    except sqlite3.OperationalError as error:
        kind = TransientError if "locked" in str(error) else StoreError
        raise kind(refusal(_reason(path, error))) from error
    except (sqlite3.DatabaseError, OSError) as error:
        raise StoreError(refusal(error)) from error


def _reason(path: Path, error: sqlite3.OperationalError) -> str:
    """What SQLite says; of a full disk it may say only that something failed."""
    failed = str(error.sqlite_errorname).startswith(("SQLITE_IOERR", "SQLITE_FULL"))
    full = failed and shutil.disk_usage(path.parent).free < _NO_ROOM_BYTES
    return os.strerror(errno.ENOSPC) if full else str(error)
