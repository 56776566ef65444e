"""Put database files aside: move them with their companions, and never over another copy.

A database keeps its newest rows in files next to its main file. Without them the rows are lost, and
they make a new database of the same name unreadable. So all of them move into a new folder, where
the database can still be opened.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from core.errors import InputError, StoreError, TransientError
from core.messages import message

_MOST = 10_000
# What DuckDB (`.`) and SQLite (`-`) keep next to a file.
_COMPANIONS = (".wal", ".tmp", "-wal", "-shm", "-journal")


def companions(file: Path) -> list[Path]:
    """The companion files of a database that exist."""
    found = [
        path
        for ending in _COMPANIONS
        for path in file.parent.glob(f"{_literal(file.name)}{ending}*")
    ]
    return sorted(set(found))


def put_aside(file: Path) -> Path:
    """Move a database file and its companions, as far as they exist; return their new folder.

    It is next to the file: the file's name with `.aside-1`, or the next free number.

    Raises:
        InputError: There is no such file and no companion of it.
        TransientError: Another process uses the file.
        StoreError: It cannot be moved.
    """
    # The database first: if the process stops after it, the rest is still recognisable.
    return _move(file, [*([file] if file.exists() else []), *companions(file)])


def put_log_aside(file: Path) -> Path:
    """Move the companions of a database file, and not the file, as `put_aside` does."""
    return _move(file, companions(file))


def free_name(path: Path) -> Path:
    """The first free name made from a path and a number."""
    numbered = (path.with_name(f"{path.name}.aside-{number}") for number in range(1, _MOST))
    return next(name for name in numbered if not name.exists())


def _move(file: Path, found: list[Path]) -> Path:
    if not found:
        raise InputError(message("files.nothing_aside", file=file))
    try:
        with _hold_lock(file):
            folder = _new_folder(file)
            for path in found:
                path.rename(folder / path.name)
    except OSError as error:
        raise StoreError(
            message("files.cannot_aside", file=file, reason=error.strerror or error)
        ) from error
    return folder


def _new_folder(file: Path) -> Path:
    while True:
        folder = free_name(file)
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            return folder


@contextlib.contextmanager
def _hold_lock(file: Path) -> Iterator[None]:
    """Hold the lock that a process using the file would hold; on Windows open files cannot move."""
    if os.name == "nt" or not file.is_file():
        yield
        return
    import fcntl

    descriptor = os.open(file, os.O_RDWR)
    try:
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TransientError(message("files.in_use", file=file)) from error
        yield
    finally:
        os.close(descriptor)


def _literal(name: str) -> str:
    """A pattern that matches exactly this name."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)
