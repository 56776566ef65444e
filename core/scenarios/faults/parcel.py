"""A file on its way from the restaurant to the bucket, and what can happen to it there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.scenarios.faults.draft import Row
from core.storage.object_store import NewObject


@dataclass(eq=False)
class Parcel:
    """An object that is to be written.

    Attributes:
        file: Whether it has the orders or the items.
        data: The bytes that arrive.
        rows: The rows in it, for their lines; rows that are cut off included.
        held: Whether it does not come with its window but later; `due`: when, None: never.
        damaged: Whether `data` are no longer all that was sent.
        again: Whether it is delivered twice.
        copies: What is delivered of it under other names.
    """

    file: str
    name: str
    data: bytes
    rows: list[Row]
    held: bool = False
    due: datetime | None = None
    damaged: bool = False
    again: bool = False
    copies: list[NewObject] = field(default_factory=list)

    @property
    def lost(self) -> bool:
        """Whether it never comes by itself."""
        return self.held and self.due is None

    @property
    def whole_lines(self) -> int:
        """How many lines have arrived with their ends."""
        return self.data.count(b"\n")

    def line_of(self, row: Row) -> int | None:
        """The number of a row's line, the header's is 1; None if it has not arrived."""
        place = next((at for at, one in enumerate(self.rows) if one is row), None)
        return place + 2 if place is not None and place + 2 <= self.whole_lines else None

    def append(self, rows: Sequence[Row], lines: bytes) -> None:
        """Add rows and their lines at the end."""
        self.rows = [*self.rows, *rows]
        self.data += lines
