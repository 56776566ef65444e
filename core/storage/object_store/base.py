"""What the platform asks of an object store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol


class NewObject(NamedTuple):
    """An object to write: its name and its bytes.

    Attributes:
        batched: Whether whoever writes it takes it to Bronze, too, together with many others. The
            mark stays with the object where a store can keep one, and tells whoever is called for
            the single object not to.
    """

    name: str
    data: bytes
    batched: bool = False


class ObjectInfo(NamedTuple):
    """An object that exists.

    Attributes:
        generation: A number that changes whenever the object is written; whether it has to be
            loaded again is answered by the store's `supersedes`.
        size: Bytes as they are stored.
        crc32c: CRC32C in base64 where the store knows it without reading the bytes, else empty.
        encoded: Whether the stored bytes are compressed ones (`Content-Encoding`), so that `size`
            is not that of what `read` gives.
    """

    name: str
    generation: int
    size: int
    crc32c: str = ""
    encoded: bool = False


class Unreadable(NamedTuple):
    """An entry of the bucket that cannot be offered as an object: its name, made showable, and why.

    The name of a folder that cannot be read ends in a slash.
    """

    name: str
    reason: str

    def hides(self, name: str) -> bool:
        """Whether an object of that name may be there all the same."""
        return name == self.name or (self.name[-1:] == "/" and name.startswith(self.name))


class Listing(NamedTuple):
    """What is below a prefix: objects and unreadable entries, each by name."""

    objects: list[ObjectInfo]
    unreadable: list[Unreadable]


class StoredObject(NamedTuple):
    """The bytes of one generation of an object."""

    name: str
    generation: int
    data: bytes


class ObjectStore(Protocol):
    """A bucket: names to bytes, written whole or not at all.

    Every method raises `StoreError` when the store refuses for good, `TransientError` when the
    same call may succeed later.
    """

    bucket: str

    def list(self, prefix: str) -> list[ObjectInfo]:
        """Objects whose names begin with a prefix that ends in a slash, by name."""
        ...

    def listing(self, prefix: str) -> Listing:
        """The same, with the entries there that cannot be read; for the cost of one `list`."""
        ...

    def supersedes(self, generation: int, known: int | None) -> bool:
        """Whether an object in a generation has to be loaded where the ledger has another one.

        Args:
            known: The ledger's; None where it has none.
        """
        ...

    def find(self, name: str) -> ObjectInfo | None:
        """The object of that name; None when there is none."""
        ...

    def read(self, name: str, if_generation: int | None = None) -> StoredObject:
        """An object's bytes, and the generation that they are of.

        Args:
            if_generation: Read only this generation.

        Raises:
            MissingObjectError: There is no object of that name.
            ChangedError: It is in another generation.
        """
        ...

    def read_all(self, names: Sequence[str]) -> Iterator[StoredObject | Unreadable | None]:
        """The bytes of many objects, in the order of their names; None for one that is not there.

        At most a few of them are held at a time. An object of a folder that cannot be read is an
        `Unreadable`; Google Cloud has none, and raises.
        """
        ...

    def checksum(self, name: str) -> str:
        """CRC32C of an object, in base64 as Google Cloud Storage gives it."""
        ...

    def session(self) -> AbstractContextManager[None]:
        """A block of many writes, to begin with a look at whether the store can be written to."""
        ...

    def create(self, groups: Iterable[Sequence[NewObject]]) -> int:
        """Write objects that do not exist yet, and say how many were new.

        The objects of a group stand in one folder and appear together where the store can do it,
        else in their order. An object that exists with the same bytes is left and not counted.

        Raises:
            ConflictError: An object exists with other bytes; it is left as it is.
        """
        ...

    def replace(self, new: NewObject, if_generation: int | None = None) -> None:
        """Write an object whether or not it exists; it has a new generation afterwards.

        Args:
            if_generation: Write only while the object is in this generation.

        Raises:
            ChangedError: It is in another generation, or gone; nothing was written.
        """
        ...

    def delete(self, *names: str) -> None:
        """Remove objects; nothing happens for those that are not there."""
        ...

    def delete_generation(self, name: str, generation: int) -> None:
        """Remove an object in one generation; nothing happens when there is no object.

        Raises:
            ChangedError: It is in another generation, and stays.
        """
        ...

    def delete_generations(self, generations: Mapping[str, int]) -> set[str]:
        """The same for many objects; the names of those in another generation, which stay."""
        ...
