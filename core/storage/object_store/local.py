"""A folder as a bucket: each object is a file under its name.

Objects are written in `.staging` and moved into place, so that neither a kill nor a full disk
leaves half an object, and nothing else ever ends in `.csv` below a prefix that consumers watch. A
new folder of objects appears whole, by one rename.
"""

import contextlib
import errno
import io
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from core.errors import (
    ChangedError,
    ConflictError,
    EntryError,
    InputError,
    MissingObjectError,
    StoreError,
)
from core.messages import message
from core.settings import folder_path
from core.showable import showable
from core.storage.object_store.base import Listing, NewObject, ObjectInfo, StoredObject, Unreadable
from core.storage.object_store.checksums import crc32c_of
from core.storage.object_store.placing import place_new
from core.storage.object_store.staging import STAGING, Staging
from core.storage.object_store.times import generation_of, make_newer
from core.storage.object_store.walk import walk, why_not

# These calls take half the time of `open`, which matters for 21,000 files.
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_PIECE_BYTES = 2**20  # read at a time for a checksum
# O_NONBLOCK: opening a named pipe would wait for its writer.
_READ = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NO_NAMES = frozenset(("", ".", ".."))  # parts that would lead out of the folder
_EXISTS = (errno.EEXIST, errno.ENOTEMPTY, errno.EACCES if sys.platform == "win32" else -1)
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ESTALE)
_OF_THE_MACHINE = (  # they concern all objects
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM,
)  # fmt: skip


class LocalStore:
    """A bucket in a folder, which the first write creates; `bucket` is its name in the ledger.

    `hidden` is the beginning of every object's name that has no folder: an output folder has
    `csv_sales/...` where a bucket has `raw/csv_sales/...`.
    """

    def __init__(self, root: Path, bucket: str = "local", hidden: str = "") -> None:
        self.root = root.absolute()
        self.bucket = bucket
        self._hidden = hidden
        self._staging = Staging(self.root)

    def list(self, prefix: str) -> list[ObjectInfo]:
        """Objects whose names begin with a prefix that ends in a slash, by name."""
        return self.listing(prefix).objects

    def listing(self, prefix: str) -> Listing:
        """As `list`, with the unreadable entries."""
        if prefix:
            self._check_name(prefix.rstrip("/"))
        with _as_store_error("list", self.root):
            found = walk(str(self.root), prefix, self._hidden)
        return Listing(sorted(found.objects), sorted(found.unreadable))

    def supersedes(self, generation: int, known: int | None) -> bool:
        """Whether the ledger has another generation, or none: a file's time may go back."""
        return generation != known

    def find(self, name: str) -> ObjectInfo | None:
        """The object of that name; None when there is none."""
        path = self.path(name)
        with _as_store_error("look_at", path):
            try:
                state = path.stat()
            except OSError as error:
                if error.errno in _NOT_THERE:
                    return None
                raise
        if not stat.S_ISREG(state.st_mode):
            return None
        return ObjectInfo(name, generation_of(state), state.st_size)

    def read(self, name: str, if_generation: int | None = None) -> StoredObject:
        """An object's bytes and their generation.

        Raises:
            MissingObjectError: There is no object of that name.
            EntryError: The entry of that name cannot be read.
            ChangedError: It is in another generation.
        """
        with self._opened(name) as (file, generation):
            if if_generation not in (None, generation):
                raise ChangedError(
                    message(
                        "bucket.other_generation",
                        name=name,
                        generation=generation,
                        wanted=if_generation,
                    )
                )
            return StoredObject(name, generation, file.readall())

    @contextlib.contextmanager
    def _opened(self, name: str) -> Iterator[tuple[io.FileIO, int]]:
        """An object's open file, and the generation of its bytes."""
        path = self.path(name)
        with _as_store_error("read", path):
            try:
                number = os.open(path, _READ)  # its state is that of the bytes read
            except OSError as error:
                if error.errno in _NOT_THERE:
                    raise MissingObjectError(
                        message("bucket.not_in_root", name=name, root=self.root)
                    ) from None
                raise
            with io.FileIO(number) as file:
                state = os.fstat(number)
                reason = why_not(state)
                if reason:
                    raise EntryError(message("bucket.cannot_read", path=path, reason=reason))
                yield file, generation_of(state)

    def read_all(self, names: Sequence[str]) -> Iterator[StoredObject | Unreadable | None]:
        """The bytes of many objects, in the order of `names`; None for a missing one."""
        for name in names:
            try:
                yield self.read(name)
            except MissingObjectError:
                yield None
            except EntryError as error:
                yield Unreadable(showable(name), error.sentence)

    def checksum(self, name: str) -> str:
        """CRC32C of an object, in base64."""
        with self._opened(name) as (file, _):
            return crc32c_of(iter(lambda: file.read(_PIECE_BYTES), b""))

    @contextlib.contextmanager
    def session(self) -> Iterator[None]:
        """A block of many writes, which share one staging folder.

        Raises:
            StoreError: The folder cannot be written to.
        """
        with _as_store_error("write_to", self.root), self._staging.held():
            yield

    def create(self, groups: Iterable[Sequence[NewObject]]) -> int:
        """Stage all objects, then let each group appear."""
        with self.session():
            staged = [(self._stage(group), group) for group in groups]
            return sum(self._appear(path, group) for path, group in staged)

    def replace(self, new: NewObject, if_generation: int | None = None) -> None:
        """Write an object whether or not it exists; it gets a new generation.

        Raises:
            ChangedError: It is in another generation; nothing was written.
        """
        path = self.path(new.name)
        with _as_store_error("write", path), self.session():
            staged = Path(self._stage([new]))
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._staging.locked():
                found = self.find(new.name)
                before = found.generation if found else None
                if if_generation not in (None, before):
                    raise ChangedError(message("bucket.changed", name=new.name))
                if before is not None and not make_newer(str(staged), before):
                    raise StoreError(message("bucket.keeps_time", path=path))
                staged.replace(path)

    def delete(self, *names: str) -> None:
        """Delete objects; missing ones are ignored."""
        for name in names:
            with _as_store_error("delete", self.path(name)):
                self.path(name).unlink(missing_ok=True)

    def delete_generation(self, name: str, generation: int) -> None:
        """Delete an object in one generation; a missing object is ignored.

        Raises:
            ChangedError: It is in another generation, and stays.
        """
        if self.delete_generations({name: generation}):
            raise ChangedError(
                message("bucket.not_in_generation", name=name, generation=generation)
            )

    def delete_generations(self, generations: Mapping[str, int]) -> set[str]:
        """Delete many objects, each in one generation; return the names in another, which stay."""
        changed = set()
        for name, generation in generations.items():
            doing = _as_store_error("delete", self.path(name))
            with doing, self.session(), self._staging.locked():
                found = self.find(name)
                if found and found.generation != generation:
                    changed.add(name)
                else:
                    self.delete(name)
        return changed

    def path(self, name: str) -> Path:
        """The file of an object.

        Raises:
            InputError: A folder cannot hold the name.
        """
        self._check_name(name)
        return self.root / name.removeprefix(self._hidden)

    def _check_name(self, name: str) -> None:
        if "\0" in name or name.startswith(STAGING) or not _NO_NAMES.isdisjoint(name.split("/")):
            raise InputError(message("bucket.no_name_in", name=name, root=self.root))

    def _stage(self, group: Sequence[NewObject]) -> str:
        """Write a group's objects into a staged folder, a single object into a staged file."""
        path = self._staging.new_path()
        if len(group) == 1:
            self._check_name(group[0].name)
            _write(path, group[0].data)
            return path
        self._check_name(group[0].name)  # the others contribute only their last part
        os.mkdir(path)  # noqa: PTH102 - `Path` would take a third of the time here
        for new in group:
            _write(f"{path}/{new.name.rpartition('/')[2]}", new.data)
        return path

    def _appear(self, staged: str, group: Sequence[NewObject]) -> int:
        if len(group) == 1:
            new = self._appear_alone(staged, group[0])
            Path(staged).unlink(missing_ok=True)
            return new
        name = group[0].name.removeprefix(self._hidden).rpartition("/")[0]  # checked when staged
        try:
            _with_parents(os.rename, staged, f"{self.root}/{name}")
        except OSError as error:
            if error.errno not in _EXISTS:
                raise
            return sum(
                self._appear_alone(f"{staged}/{new.name.rpartition('/')[2]}", new) for new in group
            )
        return len(group)

    def _appear_alone(self, staged: str, new: NewObject) -> bool:
        path = self.path(new.name)
        while True:
            try:
                _with_parents(self._place, staged, str(path))
            except FileExistsError:
                there = self._bytes_at(new.name)
                if there is None:
                    continue
                if there != new.data:
                    raise ConflictError(message("bucket.other_content", name=new.name)) from None
                return False
            return True

    def _place(self, staged: str, target: str) -> None:
        place_new(staged, target, self._staging.locked)

    def _bytes_at(self, name: str) -> bytes | None:
        """What a name that was taken holds; None where it has been deleted since."""
        try:
            return self.read(name).data
        except MissingObjectError:
            if self.path(name).is_symlink():
                raise EntryError(message("bucket.broken_link", path=self.path(name))) from None
            return None


def output_store(folder: str) -> LocalStore:
    """The output folder of the command lines: a bucket's tree, without its `raw/`.

    Raises:
        InputError: It is not the path of a folder.
    """
    return LocalStore(folder_path(folder), bucket="output", hidden="raw/")


def _write(path: str, data: bytes) -> None:
    file = os.open(path, _NEW_FILE, 0o666)
    try:
        written = os.write(file, data)
        while written < len(data):  # a nearly full disk writes a part, and refuses the next
            written += os.write(file, memoryview(data)[written:])
    finally:
        os.close(file)


def _make_folder(path: str) -> None:
    """Create a folder, and its parents if need be; in most cases they exist."""
    try:
        os.mkdir(path)  # noqa: PTH102 - see `_stage`
    except FileNotFoundError:
        os.makedirs(path, exist_ok=True)  # noqa: PTH103
    except FileExistsError:
        return  # it exists, or another writer was faster


def _with_parents(move: Callable[[str, str], None], source: str, target: str) -> None:
    """Move to a new name (for a folder: or an empty one), creating its parents if need be."""
    try:
        move(source, target)
    except FileNotFoundError:
        _make_folder(os.path.dirname(target))  # noqa: PTH120
        move(source, target)


@contextlib.contextmanager
def _as_store_error(doing: str, path: str | Path) -> Iterator[None]:
    """Turn the operating system's refusals of `doing` something to a path into a sentence."""
    try:
        yield
    except OSError as error:
        kind = StoreError if error.errno in _OF_THE_MACHINE else EntryError
        what = message(f"doing.{doing}", name=showable(str(path)))
        raise kind(message("bucket.refused", doing=what, reason=error.strerror or error)) from error
