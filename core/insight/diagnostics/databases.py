"""Check whether an SQLite file of the home is whole."""

import contextlib
import sqlite3
from pathlib import Path

from core.errors import StoreError, TransientError
from core.messages import message

_MOST = 3  # faults that a finding names


def faults(file: Path, what: str) -> list[str]:
    """The faults that SQLite finds in a file (an absolute path); errors call the file `what`.

    Raises:
        TransientError: Another process locked it for too long.
        StoreError: It cannot be opened.
    """
    try:
        uri = f"{file.as_uri()}?mode=rw"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as connection:
            rows = connection.execute(f"PRAGMA quick_check({_MOST})").fetchall()
    except sqlite3.OperationalError as error:
        kind = TransientError if "locked" in str(error) else StoreError
        raise kind(message("files.unusable", what=what, file=file, error=error)) from error
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [text for (text,) in rows if text != "ok"]
