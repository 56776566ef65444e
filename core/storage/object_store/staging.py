"""The hidden folder in which objects are written before they are moved into place."""

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
_TRIES = 1000  # each failure takes another writer that ends at the same instant


class Staging:
    """The staging folder of a bucket, which exists only while a writer uses it.

    Every writer has a subfolder with a file whose lock it holds. A lock ends with its process, also
    in another container, so the next writer recognises and removes what a killed one left behind.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / STAGING
        self._guard = threading.Lock()
        self._holders = 0
        self._own = ""
        self._lock = -1  # the open lock file, which shows that this writer is alive
        self._made: list[Path] = []  # folders that this writer created, the deepest first
        self._numbers = itertools.count()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep the folder for the length of a block; blocks may be nested and in threads."""
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
                    with contextlib.suppress(OSError):  # other writers use it, or it has objects
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
        """Exclude all other processes and threads from such a block of this bucket.

        Raises:
            TransientError: Others hold the lock for longer than `_LOCK_WAIT_S`.
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
            os.close(file)  # releases the lock

    def _lock_target(self) -> Path:
        if sys.platform == "win32":
            target = self._folder / "lock"
            target.touch()
            return target
        return self._root  # the folder itself is locked: no file is left behind

    def new_path(self) -> str:
        """An unused path in the held folder; text, because `Path` is slow in bulk."""
        return f"{self._own}/{next(self._numbers)}"


def _own_folder(staging: Path) -> tuple[str, int]:
    """Create this writer's folder and lock it, although others may remove `staging` meanwhile."""
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
        with contextlib.suppress(OSError):  # no locks here: only this writer removes it
            if not take_lock(file) or not is_at(file, lock):
                os.close(file)  # another writer removed it before it was locked
                continue
        return folder, file


def _remove_abandoned(staging: Path) -> None:
    """Remove the folders whose lock is free: their writers have ended."""
    for entry in list(staging.iterdir()):
        try:
            file = os.open(entry / _LOCK, os.O_RDWR)
        except OSError:  # without a lock only an empty folder is surely unused
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
