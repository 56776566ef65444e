"""A place beside the bucket's names where objects are written before they are moved into place."""

import contextlib
import errno
import itertools
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from core.errors import TransientError

STAGING = ".staging"
_LOCK_WAIT_S, _LOCK_POLL_S = 30.0, 0.002
_TRIES = 1000  # it takes another writer that ends at the same instant, each time


class Staging:
    """The staging folder of a bucket; made when it is needed, gone when nobody needs it.

    Every process has a folder of its own in it, named after the process, so that what a killed one
    left behind is known and removed by the next that comes.

    Args:
        root: The bucket's folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / STAGING
        self._guard = threading.Lock()
        self._holders = 0
        self._own = ""
        self._made: list[Path] = []  # folders that were not there before, the deepest first
        self._numbers = itertools.count()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep the folder for the length of a block; blocks may stand in blocks and in threads."""
        with self._guard:
            if self._holders == 0:
                self._made = [path for path in self._folder.parents if not path.exists()]
                self._own = _own_folder(self._folder)
            self._holders += 1
        try:
            yield
        finally:
            with self._guard:
                self._holders -= 1
                if self._holders == 0:
                    shutil.rmtree(self._own, ignore_errors=True)
                    with contextlib.suppress(OSError):  # others stage there, or there are objects
                        for empty in (self._folder, *self._made):
                            empty.rmdir()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only one, among all processes and threads, in such a block of this bucket.

        Raises:
            TransientError: Others are in theirs for longer than `_LOCK_WAIT_S`.
        """
        deadline = time.monotonic() + _LOCK_WAIT_S
        file = os.open(self._lock_target(), os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
        try:
            while not _lock(file):
                if time.monotonic() > deadline:
                    raise TransientError(f"{self._root} is locked by another process: try again.")
                time.sleep(_LOCK_POLL_S)
            yield
        finally:
            os.close(file)  # lets go of the lock

    def _lock_target(self) -> Path:
        if sys.platform == "win32":
            target = self._folder / "lock"
            target.touch()
            return target
        return self._root  # a folder can be locked: no file is left behind

    def new_path(self) -> str:
        """A path in the held folder that nothing stands at; text, for paths cost time in bulk."""
        return f"{self._own}/{next(self._numbers)}"


def _lock(file: int) -> bool:
    """Take the lock on an open file, unless somebody has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True


def _own_folder(staging: Path) -> str:
    """Make a folder for this process; others may remove `staging` between two steps."""
    tries_left = _TRIES
    while True:
        try:
            staging.mkdir(parents=True, exist_ok=True)
            _remove_abandoned(staging)
            return tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=staging)
        except (FileNotFoundError, FileExistsError):
            tries_left -= 1
            if not tries_left:
                raise


def _remove_abandoned(staging: Path) -> None:
    for entry in list(staging.iterdir()):
        process = entry.name.partition("-")[0]
        if process.isdigit() and not _alive(int(process)):
            shutil.rmtree(entry, ignore_errors=True)


def _alive(process: int) -> bool:
    if sys.platform == "win32":
        return True  # there is no way to ask that is free of side effects
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
