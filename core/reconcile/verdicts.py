"""The results of a comparison: a line per object, a summary per window, and the verdicts."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from core.messages import Message, message
from core.storage.object_names import PARQUET_TAG, SalesName, parquet_name, sales_name

ALL_UNITS = 0  # the unit of a line about a day in Parquet, whose object has all units


class Verdict(StrEnum):
    """The state of a cell's object, from fine to worst."""

    IN_BRONZE = "in Bronze"
    NOT_DUE = "not due"
    UPLOADED = "uploaded"
    GENERATED = "generated"
    MISSING = "missing"
    QUARANTINED = "quarantined"
    MISMATCH = "mismatch"
    DUPLICATED = "duplicated"
    MIXED = "mixed bulk and incremental"  # or one of them and Parquet


def verdict_text(verdict: Verdict) -> Message:
    """A verdict in a sentence."""
    return message(f"verdict.{verdict.name.lower()}")


SEVERITY: Mapping[Verdict, int] = {verdict: place for place, verdict in enumerate(Verdict)}
FAULTS = frozenset({Verdict.QUARANTINED, Verdict.MISMATCH, Verdict.DUPLICATED, Verdict.MIXED})


@dataclass(frozen=True, slots=True)
class ObjectVerdict:
    """One object of a cell: what was expected, what exists, and the verdict.

    A day in Parquet has one line per table, under `PARQUET_TAG` and `ALL_UNITS`.

    Attributes:
        window_tag: None for bulk data.
        table: `orders` or `order_items`.
        expected: Rows by the manifest or by computation; None for bulk data without a manifest.
        bronze, rejected: Rows of this object in Bronze, and in quarantine.
        detail: What is wrong, in words; empty if nothing is.
        requested: Whether a manifest or the comparison names the unit. Of any other unit, something
            exists that no publication wrote: it gets a verdict, and nothing is expected or
            generated for it.
    """

    day: date
    window_tag: str | None
    unit_id: int
    table: str
    expected: int | None
    bronze: int
    rejected: int
    verdict: Verdict
    detail: str
    requested: bool = True

    @property
    def due(self) -> int:
        """Rows that should be in Bronze; 0 for a unit that nothing requested."""
        return (self.expected or 0) if self.requested else 0

    @property
    def name(self) -> str:
        """Name of the object."""
        if self.window_tag == PARQUET_TAG:
            return parquet_name(self.table, self.day)
        return sales_name(SalesName(self.table, self.day, self.unit_id, self.window_tag))


@dataclass(frozen=True, slots=True)
class WindowSummary:
    """The lines of one window of a date: how many have each verdict, and the worst of these.

    `window_tag` is as in `ObjectVerdict`.
    """

    day: date
    window_tag: str | None
    verdict: Verdict
    verdicts: Mapping[Verdict, int]
    expected_orders: int
    bronze_orders: int
    expected_items: int
    bronze_items: int

    @property
    def never_generated(self) -> bool:
        """Whether the window is due and nothing of it exists anywhere, for any unit."""
        there = {verdict for verdict, count in self.verdicts.items() if count}
        return there == {Verdict.MISSING} and not (self.bronze_orders or self.bronze_items)


class UnknownObject(NamedTuple):
    """The name of a sales object that belongs to no cell, and what is known about it."""

    name: str
    detail: str


class UnreadableEntry(UnknownObject):
    """An entry that cannot be read and so is not loaded; the detail gives the reason."""

    __slots__ = ()


def summarise(lines: Iterable[ObjectVerdict]) -> list[WindowSummary]:
    """One summary per date and window; the lines must be sorted by them."""
    groups = itertools.groupby(lines, key=lambda line: (line.day, line.window_tag))
    return [_summary(day, tag, list(group)) for (day, tag), group in groups]


def _summary(day: date, tag: str | None, lines: Sequence[ObjectVerdict]) -> WindowSummary:
    verdicts = [line.verdict for line in lines]

    def rows(table: str) -> tuple[int, int]:
        of_table = [line for line in lines if line.table == table]
        return sum(line.due for line in of_table), sum(line.bronze for line in of_table)

    return WindowSummary(
        day, tag, max(verdicts, key=SEVERITY.__getitem__),
        {verdict: verdicts.count(verdict) for verdict in Verdict if verdict in verdicts},
        *rows("orders"), *rows("order_items"),
    )  # fmt: skip
