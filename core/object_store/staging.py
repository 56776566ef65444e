"""A place beside the bucket's names where objects are written before they are moved into place."""

import contextlib
import itertools
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from core.errors import StoreError

STAGING = ".staging"
_TRIES = 1000  # it takes another writer that ends at the same instant, each time


class Staging:
    """The staging folder of a bucket; made when it is needed, gone when nobody needs it.

    Every process has a folder of its own in it, named after the process, so that what a killed one
    left behind is known and removed by the next that comes.

    Args:
        root: The bucket's folder.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / STAGING
        self._guard = threading.Lock()
        self._holders = 0
        self._own = ""
        self._numbers = itertools.count()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep the folder for the length of a block; blocks may stand in blocks and in threads."""
        with self._guard:
            if self._holders == 0:
                self._own = _own_folder(self._folder)
            self._holders += 1
        try:
            yield
        finally:
            with self._guard:
                self._holders -= 1
                if self._holders == 0:
                    shutil.rmtree(self._own, ignore_errors=True)
                    with contextlib.suppress(OSError):  # another process stages there too
                        self._folder.rmdir()

    def new_path(self) -> str:
        """A path in the held folder that nothing stands at; text, for paths cost time in bulk."""
        return f"{self._own}/{next(self._numbers)}"


def _own_folder(staging: Path) -> str:
    """Make a folder for this process; others may remove `staging` between two steps."""
    for _ in range(_TRIES):
        with contextlib.suppress(FileNotFoundError, FileExistsError):
            staging.mkdir(parents=True, exist_ok=True)
            _remove_abandoned(staging)
            return tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=staging)
    raise StoreError(f"Cannot stage objects in {staging}: it vanishes whenever it is made.")


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
