"""The interface of an object store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol


class NewObject(NamedTuple):
    """An object to write; if `batched`, its publisher also loads it, in a batch.

    The object keeps this mark where the store can, so that the object's event does not load it.
    """

    name: str
    data: bytes
    batched: bool = False


class ObjectInfo(NamedTuple):
    """An object that exists.

    Attributes:
        generation: Changes with every write; `ObjectStore.supersedes` says whether to load again.
        size: Number of stored bytes.
        crc32c: In base64 if the store knows it without reading the bytes, else empty.
        encoded: Whether they are compressed (`Content-Encoding`); `read` decompresses them.
    """

    name: str
    generation: int
    size: int
    crc32c: str = ""
    encoded: bool = False


class Unreadable(NamedTuple):
    """An entry that is no readable object, and why; a folder's printable name ends in a slash."""

    name: str
    reason: str

    def hides(self, name: str) -> bool:
        """Whether an object of that name may exist behind this entry."""
        return name == self.name or (self.name[-1:] == "/" and name.startswith(self.name))


class Listing(NamedTuple):
    """The objects and unreadable entries below a prefix, each sorted by name."""

    objects: list[ObjectInfo]
    unreadable: list[Unreadable]


class StoredObject(NamedTuple):
    """The bytes of one generation of an object."""

    name: str
    generation: int
    data: bytes


class ObjectStore(Protocol):
    """A bucket: names to bytes, written whole or not at all.

    Methods raise `StoreError` for a lasting refusal, `TransientError` for one that may pass.
    """

    bucket: str

    def list(self, prefix: str) -> list[ObjectInfo]:
        """Objects whose names begin with a prefix that ends in a slash, by name."""

    def listing(self, prefix: str) -> Listing:
        """As `list`, with the unreadable entries, for the cost of one `list`."""

    def supersedes(self, generation: int, known: int | None) -> bool:
        """Whether an object's generation has to be loaded, given the one that the ledger knows."""

    def find(self, name: str) -> ObjectInfo | None:
        """The object of that name; None when there is none."""

    def read(self, name: str, if_generation: int | None = None) -> StoredObject:
        """An object's bytes and their generation.

        Raises:
            MissingObjectError: There is no object of that name.
            ChangedError: It is in another generation than `if_generation`.
        """

    def read_all(self, names: Sequence[str]) -> Iterator[StoredObject | Unreadable | None]:
        """The bytes of many objects, in the order of `names`; None for a missing one.

        It holds few of them at a time. Only a folder has an `Unreadable`; Google Cloud raises.
        """

    def checksum(self, name: str) -> str:
        """CRC32C of an object, in base64 as Google Cloud Storage reports it."""

    def session(self) -> AbstractContextManager[None]:
        """A block of many writes, which begins by checking that the store is writable."""

    def create(self, groups: Iterable[Sequence[NewObject]]) -> int:
        """Write objects that do not exist yet; return how many were new.

        A group is in one folder, and appears at once if the store can do it, else in its order.

        Raises:
            ConflictError: An object exists with other bytes, and stays unchanged.
        """

    def replace(self, new: NewObject, if_generation: int | None = None) -> None:
        """Write an object whether or not it exists; it gets a new generation.

        Raises:
            ChangedError: It is no longer in `if_generation`, or gone; nothing was written.
        """

    def delete(self, *names: str) -> None:
        """Delete objects; missing ones are ignored."""

    def delete_generation(self, name: str, generation: int) -> None:
        """Delete an object in one generation; a missing object is ignored.

        Raises:
            ChangedError: It is in another generation, and stays.
        """

    def delete_generations(self, generations: Mapping[str, int]) -> set[str]:
        """Delete many objects, each in one generation; return the names in another, which stay."""
