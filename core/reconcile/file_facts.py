"""What verification compares of a file: rows, size and checksum."""

from typing import NamedTuple

from core.generation.catalog import Catalog
from core.generation.cells import MAX_ORDERS
from core.generation.windows import MAX_SEED
from core.storage.manifest import FileEntry
from core.storage.object_store.checksums import crc32c


class FileFacts(NamedTuple):
    """Rows, bytes and CRC32C of a file."""

    rows: int
    size: int
    crc32c: str

    def __str__(self) -> str:
        return f"{self.rows} rows in {self.size} bytes with CRC32C {self.crc32c}"


def facts_of(rows: int, data: bytes) -> FileFacts:
    """The facts of some bytes."""
    return FileFacts(rows, len(data), crc32c(data))


def facts_of_entry(entry: FileEntry) -> FileFacts:
    """The facts in a manifest's entry."""
    return FileFacts(entry.rows, entry.size, entry.crc32c)


def describe_difference(
    expected: FileFacts, entry: FileEntry, found: FileFacts | None, *, is_same: bool
) -> str:
    """How an object or its entry in a manifest differs from the expected file; empty if equal.

    `is_same` says that the object has the expected bytes.
    """
    said = facts_of_entry(entry)
    details = [f"the manifest says {said}"] if said != expected else []
    if found is None:
        details.append("the object is missing")
    elif found != expected:
        details.append(f"the object has {found}")
    elif not is_same:
        details.append("the object has other bytes of the same rows, size and CRC32C")
    return f"Generated anew it has {expected}; {', '.join(details)}." if details else ""


def describe_value(listed_cents: int, cents: int) -> str:
    """How the value in a manifest differs from that of the orders; empty if it does not."""
    if listed_cents == cents:
        return ""
    return f"The manifest says {listed_cents} cents, the orders are worth {cents}."


def describe_spoiled(scenario: str, data: bytes | None) -> str:
    """How an object that was published under a scenario differs from clean data."""
    how = "it is missing" if data is None else "it is not clean"
    return f"Published under the scenario {scenario}, and {how}."


def describe_unknown_window(window_tag: str | None, catalog: Catalog) -> str:
    """Why a window cannot be generated; empty for a window of the catalog and for a whole day."""
    known = [window.tag for window in catalog.windows]
    if window_tag is None or window_tag in known:
        return ""
    return f"It names {window_tag}, but the windows are {', '.join(known)}."


def can_generate(seed: int, orders_min: int, orders_max: int) -> bool:
    """Whether the generator accepts a seed and a range of orders."""
    return 0 <= seed <= MAX_SEED and 0 <= orders_min <= orders_max <= MAX_ORDERS
