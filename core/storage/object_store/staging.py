"""A place beside the bucket's names where objects are written before they are moved into place."""

import contextlib
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
from core.locks import is_at, take_lock
from core.messages import message

STAGING = ".staging"
_LOCK = "lock"
_LOCK_WAIT_S, _LOCK_POLL_S = 30.0, 0.002
_TRIES = 1000  # it takes another writer that ends at the same instant, each time


class Staging:
    """The staging folder of a bucket; made when it is needed, gone when nobody needs it.

    Every writer has a folder of its own in it, with a file whose lock it holds. A lock ends with
    its process, wherever that runs, so the next writer knows what a killed one left behind, and
    removes it.

    Args:
        root: The bucket's folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / STAGING
        self._guard = threading.Lock()
        self._holders = 0
        self._own = ""
        self._lock = -1  # the open file whose lock says that this writer lives
        self._made: list[Path] = []  # folders that were not there before, the deepest first
        self._numbers = itertools.count()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep the folder for the length of a block; blocks may stand in blocks and in threads."""
        with self._guard:
            if self._holders == 0:
                self._made = [path for path in self._folder.parents if not path.exists()]
                self._own, self._lock = _own_folder(self._folder)
            self._holders += 1
        try:
            yield
        finally:
            with self._guard:
                self._holders -= 1
                if self._holders == 0:
                    self._let_go()
                    with contextlib.suppress(OSError):  # others stage there, or there are objects
                        for empty in (self._folder, *self._made):
                            empty.rmdir()

    def _let_go(self) -> None:
        if sys.platform == "win32":  # which does not remove a file that is open
            os.close(self._lock)
        shutil.rmtree(self._own, ignore_errors=True)
        if sys.platform != "win32":
            os.close(self._lock)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only one, among all processes and threads, in such a block of this bucket.

        Raises:
            TransientError: Others are in theirs for longer than `_LOCK_WAIT_S`.
        """
        deadline = time.monotonic() + _LOCK_WAIT_S
        file = os.open(self._lock_target(), os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
        try:
            while not take_lock(file):
                if time.monotonic() > deadline:
                    raise TransientError(message("bucket.locked", root=self._root))
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


def _own_folder(staging: Path) -> tuple[str, int]:
    """Make a folder of this writer, and hold its lock; others may remove `staging` meanwhile.

    Where the file system has no locks the folder is without one, and is removed by its writer
    alone.
    """
    tries_left = _TRIES
    while True:
        try:
            staging.mkdir(parents=True, exist_ok=True)
            _remove_abandoned(staging)
            folder = tempfile.mkdtemp(prefix="writer-", dir=staging)
            lock = f"{folder}/{_LOCK}"
            file = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        except (FileNotFoundError, FileExistsError):
            tries_left -= 1
            if not tries_left:
                raise
            continue
        with contextlib.suppress(OSError):  # no locks here: others cannot take it either
            if not take_lock(file) or not is_at(file, lock):
                os.close(file)  # taken for abandoned before it was locked
                continue
        return folder, file


def _remove_abandoned(staging: Path) -> None:
    """Remove the folders whose lock can be taken: their writers have ended."""
    for entry in list(staging.iterdir()):
        try:
            file = os.open(entry / _LOCK, os.O_RDWR)
        except OSError:  # without a lock nobody knows whose it is, unless there is nothing in it
            with contextlib.suppress(OSError):
                entry.rmdir()
            continue
        try:
            abandoned = take_lock(file)
            if abandoned:
                shutil.rmtree(entry, ignore_errors=True)
        except OSError:
            abandoned = False
        finally:
            os.close(file)
        if abandoned and sys.platform == "win32":  # which does not remove a file that is open
            shutil.rmtree(entry, ignore_errors=True)
