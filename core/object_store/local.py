"""A folder as a bucket: each object is a file under its own name.

Objects are written beside the bucket's names, in `.staging`, and moved into place, so that neither
a kill nor a full disk leaves half an object, and nothing else ever ends in `.csv` below a prefix
that consumers watch. A folder of objects that is new appears whole, by one rename.
"""

import contextlib
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from core.checksums import crc32c
from core.errors import ConflictError, InputError, MissingObjectError, StoreError
from core.object_store.base import NewObject, ObjectInfo, StoredObject

_STAGING = ".staging"
_STAGING_TRIES = 1000  # it takes another writer that ends at the same instant, each time
_NO_NAMES = frozenset(("", ".", ".."))  # parts of a name that would lead elsewhere
_EXISTS = (errno.EEXIST, errno.ENOTEMPTY, errno.EACCES if sys.platform == "win32" else -1)


class LocalStore:
    """A bucket in a folder.

    Args:
        root: The folder; made when first written to.
        bucket: Name in the ledger of what was ingested.
        hidden: Leading part of every object's name that has no folder of its own; an output
            folder shows `csv_sales/...` where a bucket has `raw/csv_sales/...`.
    """

    def __init__(self, root: Path, bucket: str = "local", hidden: str = "") -> None:
        self.root = root.absolute()
        self.bucket = bucket
        self._hidden = hidden

    def list(self, prefix: str) -> list[ObjectInfo]:
        """Objects whose names begin with a prefix that ends in a slash, by name."""
        folder = self.path(prefix.rstrip("/")) if prefix else self.root
        with _as_store_error(f"Cannot list {folder}"):
            found = list(_walk(str(folder), prefix)) if folder.is_dir() else []
        return sorted(found)

    def find(self, name: str) -> ObjectInfo | None:
        """The object of that name; None when there is none."""
        path = self.path(name)
        with _as_store_error(f"Cannot look at {path}"):
            try:
                state = path.stat()
            except (FileNotFoundError, NotADirectoryError):
                return None
        return ObjectInfo(name, state.st_mtime_ns, state.st_size)

    def read(self, name: str) -> StoredObject:
        """An object's bytes, and the generation that they are of.

        Raises:
            MissingObjectError: There is no object of that name.
        """
        path = self.path(name)
        with _as_store_error(f"Cannot read {path}"):
            try:
                with path.open("rb", buffering=0) as file:  # its state is that of the bytes read
                    return StoredObject(name, os.fstat(file.fileno()).st_mtime_ns, file.readall())
            except FileNotFoundError:
                raise MissingObjectError(f"{name} is not in {self.root}.") from None

    def checksum(self, name: str) -> str:
        """CRC32C of an object, in base64."""
        return crc32c(self.read(name).data)

    def create(self, groups: Iterable[Sequence[NewObject]]) -> int:
        """Write groups of objects: all of them are staged first, then each group appears."""
        with _as_store_error(f"Cannot write to {self.root}"), self._staging() as staging:
            staged = [(self._stage(staging, i, group), group) for i, group in enumerate(groups)]
            return sum(self._appear(folder, group) for folder, group in staged)

    def replace(self, new: NewObject) -> None:
        """Write an object whether or not it exists; it has a new generation afterwards."""
        path = self.path(new.name)
        with _as_store_error(f"Cannot write {path}"), self._staging() as staging:
            staged = Path(self._stage(staging, 0, [new])) / path.name
            path.parent.mkdir(parents=True, exist_ok=True)
            before = self.find(new.name)
            if before and staged.stat().st_mtime_ns <= before.generation:
                # A file system's clock ticks in milliseconds; generations go up all the same.
                os.utime(staged, ns=(before.generation + 1, before.generation + 1))
            staged.replace(path)

    def delete(self, name: str) -> None:
        """Remove an object; nothing happens when there is none."""
        with _as_store_error(f"Cannot delete {self.path(name)}"):
            self.path(name).unlink(missing_ok=True)

    def path(self, name: str) -> Path:
        """The file of an object.

        Raises:
            InputError: The name is not one that a folder can hold.
        """
        self._check_name(name)
        return self.root / name.removeprefix(self._hidden)

    def _check_name(self, name: str) -> None:
        if "\0" in name or name.startswith(_STAGING) or not _NO_NAMES.isdisjoint(name.split("/")):
            raise InputError(f"{name!r} is not the name of an object in {self.root}.")

    @contextlib.contextmanager
    def _staging(self) -> Iterator[str]:
        folder = self.root / _STAGING
        own = _own_folder(folder)
        try:
            yield own
        finally:
            shutil.rmtree(own, ignore_errors=True)
            with contextlib.suppress(OSError):  # another process stages there, or it is gone
                folder.rmdir()

    def _stage(self, staging: str, number: int, group: Sequence[NewObject]) -> str:
        folder = f"{staging}/{number}"
        os.mkdir(folder)  # noqa: PTH102 - plain strings: paths cost a third of the time here
        for new in group:
            self._check_name(new.name)
            with open(f"{folder}/{new.name.rpartition('/')[2]}", "xb", buffering=0) as file:  # noqa: PTH123
                rest = memoryview(new.data)
                while rest:  # a disk that is nearly full takes a part, and refuses the next
                    rest = rest[file.write(rest) :]
        return folder

    def _appear(self, staged: str, group: Sequence[NewObject]) -> int:
        folder = self.path(group[0].name.rpartition("/")[0])
        try:
            _rename(staged, str(folder))
        except OSError as error:
            if error.errno not in _EXISTS:
                raise
            return sum(self._appear_alone(staged, new) for new in group)
        return len(group)

    def _appear_alone(self, staged: str, new: NewObject) -> bool:
        path = self.path(new.name)
        try:
            _move_if_absent(Path(staged) / path.name, path)
        except FileExistsError:
            if path.read_bytes() != new.data:
                raise ConflictError(f"{new.name} exists with other content.") from None
            return False
        return True


def output_store(folder: str) -> LocalStore:
    """The local output folder of the command lines: a bucket's tree, without its `raw/`."""
    return LocalStore(Path(folder).expanduser(), bucket="output", hidden="raw/")


def _rename(source: str, target: str) -> None:
    """Move a folder to a name that does not exist or is empty, making its parents."""
    try:
        os.rename(source, target)  # noqa: PTH104
    except FileNotFoundError:
        os.makedirs(target.rpartition(os.sep)[0], exist_ok=True)  # noqa: PTH103
        os.rename(source, target)  # noqa: PTH104


def _move_if_absent(source: Path, target: Path) -> None:
    if sys.platform == "win32":  # its rename never replaces
        source.rename(target)
    else:
        os.link(source, target)


def _walk(folder: str, prefix: str) -> Iterator[ObjectInfo]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != _STAGING:
                    yield from _walk(entry.path, f"{prefix}{entry.name}/")
            else:
                state = entry.stat()
                yield ObjectInfo(prefix + entry.name, state.st_mtime_ns, state.st_size)


def _own_folder(staging: Path) -> str:
    """Make a folder for this call alone; other processes may remove `staging` between two steps."""
    for _ in range(_STAGING_TRIES):
        with contextlib.suppress(FileNotFoundError):
            staging.mkdir(parents=True, exist_ok=True)
            _remove_abandoned(staging)
            return tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=staging)
    raise StoreError(f"Cannot stage objects in {staging}: it vanishes whenever it is made.")


def _remove_abandoned(staging: Path) -> None:
    """Remove what processes left behind that were killed while they staged."""
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


@contextlib.contextmanager
def _as_store_error(doing: str) -> Iterator[None]:
    """Turn the operating system's refusals into a sentence."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{doing}: {error.strerror or error}.") from error
