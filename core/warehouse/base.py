"""What the platform gives to a warehouse."""

from typing import NamedTuple

from core.validate import Validated


class Load(NamedTuple):
    """An object to put into Bronze: its validated rows, its bytes' number and CRC32C."""

    name: str
    generation: int
    rows: Validated
    size: int
    crc32c: str


class BronzeFile(NamedTuple):
    """What Bronze has of one object.

    Attributes:
        generation: The one that the ledger has; None when it has none.
        rows: Rows that stand in the table.
        duplicates: Those among them whose id stands in more than one row of the table.
        loaded, rejected: Rows by the ledger.
        reason: Why the whole file went to quarantine.
        size, crc32c: Number and checksum of the bytes that were ingested; -1 and empty for none.
    """

    name: str
    generation: int | None
    rows: int
    duplicates: int
    loaded: int
    rejected: int
    reason: str | None
    size: int
    crc32c: str

    @classmethod
    def absent(cls, name: str) -> "BronzeFile":
        """An object of which Bronze has nothing."""
        return cls(name, None, 0, 0, 0, 0, None, -1, "")
