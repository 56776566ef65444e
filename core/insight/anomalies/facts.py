"""What the checks read once and share: the objects in the ledger, and the manifests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from core.bronze.quarantine import Refused, find_report
from core.errors import InputError
from core.generation.windows import dates_between
from core.platform import Platform
from core.storage.manifest import CellEntry, FileEntry, Manifest, read_manifest
from core.storage.object_names import (
    SalesName,
    day_prefix,
    end_of,
    manifest_name,
    parquet_prefix,
    parse_parquet_name,
    parse_sales_name,
)
from core.storage.object_store import StoredObject
from core.warehouse.base import LEDGER, SALES_TABLES, Value

MOST_ROWS = 10_000  # that one question returns

_ARRIVED = """
SELECT object_name, rows_in, rows_loaded, reason, crc32c, _ingest_timestamp AS ingested_at
FROM bronze._ingested_objects
WHERE bucket = @bucket AND kind IN ('orders', 'order_items') AND (
  (object_name >= @csv_first AND object_name < @csv_stop)
  OR (object_name >= @parquet_first AND object_name < @parquet_stop)
)
ORDER BY object_name, generation
"""
# Rows of the objects of some dates; partitions in which none of them can be are not read.
OF_DATES = """_ingest_date >= @since AND (
    (_source_file >= @csv_first AND _source_file < @csv_stop)
    OR (_source_file >= @parquet_first AND _source_file < @parquet_stop)
  )"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An object in Bronze, by its line in the ledger; `place` is None for a day in Parquet."""

    name: str
    kind: str
    day: date
    place: SalesName | None
    rows_in: int
    rows_loaded: int
    refused: bool
    crc32c: str

    @property
    def unit_id(self) -> int:
        """The unit; 0 for a day in Parquet."""
        return self.place.unit_id if self.place else 0

    @property
    def is_window(self) -> bool:
        """Whether it has the sales of one window."""
        return self.place is not None and self.place.window_tag is not None


@dataclass(frozen=True)
class Facts:
    """What is known of the sales from `first` to `last`, both included.

    Attributes:
        now: The aware present.
        arrivals: By name, the objects of these dates and of the date before.
        since: No row of theirs has an earlier `_ingest_date`.
        cut: The questions of which only the first `MOST_ROWS` rows are known.
    """

    platform: Platform
    first: date
    last: date
    now: datetime
    arrivals: Mapping[str, Arrival]
    since: date
    cut: set[str] = field(default_factory=set)
    _manifests: dict[str, Manifest | None] = field(default_factory=dict, repr=False)

    @property
    def requested(self) -> list[Arrival]:
        """The objects of these dates alone."""
        return [one for one in self.arrivals.values() if self.first <= one.day <= self.last]

    def ask(self, sql: str, *, day_before: bool = False, **values: Value) -> list[dict[str, Any]]:
        """Rows of a question with `OF_DATES`, of these dates or also of the one before."""
        first = self.first - timedelta(days=1) if day_before else self.first
        span = _names_between(first, self.last)
        return self.platform.warehouse.ask(sql, {**span, "since": self.since, **values})

    def ask_rows(self, sql: str, *, day_before: bool = False) -> list[dict[str, Any]]:
        """As `ask`, at most `MOST_ROWS` rows, which the question limits to `@most`."""
        rows = self.ask(sql, day_before=day_before, most=MOST_ROWS)
        if len(rows) == MOST_ROWS:
            self.cut.add(sql)
        return rows

    def manifest(self, day: date, window_tag: str | None) -> Manifest | None:
        """The manifest of a window, None for a whole day; None without a readable one."""
        if not self._manifests:
            self._read_manifests()
        return self._manifests.get(manifest_name(day, window_tag))

    def cell(self, one: Arrival) -> CellEntry | None:
        """What the manifest says of an object's cell; None if it says nothing."""
        manifest = self.manifest(one.day, one.place.window_tag) if one.place else None
        return manifest.cells.get(one.unit_id) if manifest else None

    def published(self, one: Arrival) -> FileEntry | None:
        """What the manifest says of an object; None if it says nothing."""
        cell = self.cell(one)
        if cell is None:
            return None
        return cell.orders if one.kind == "orders" else cell.order_items

    def has_no_rows(self, name: str) -> bool:
        """Whether an object came, and Bronze rejected all of its rows."""
        one = self.arrivals.get(name)
        return one is not None and not one.rows_loaded

    def rejected(self, one: Arrival) -> tuple[Refused, ...]:
        """The rejected rows of an object."""
        report = find_report(self.platform.store, one.name)
        return report.rows if report else ()

    def _read_manifests(self) -> None:
        """Read the manifests of all windows that came, several at a time."""
        places = {(one.day, one.place.window_tag) for one in self.arrivals.values() if one.place}
        names = sorted(manifest_name(*place) for place in places)
        store = self.platform.store
        for name, stored in zip(names, store.read_all(names), strict=True):
            found = stored if isinstance(stored, StoredObject) else None
            self._manifests[name] = _parse_manifest(name, found)


def read_facts(platform: Platform, dates: tuple[date, date], now: datetime) -> Facts | None:
    """Read the facts of some dates, both ends included; None if Bronze has no tables yet.

    Raises:
        InputError: The dates run backwards or are out of bounds.
        TransientError: The warehouse cannot be reached now.
    """
    first, last = dates
    dates_between(first, last)
    if not {LEDGER, *(f"bronze.{table}" for table in SALES_TABLES)} <= platform.warehouse.tables():
        return None
    span = _names_between(first - timedelta(days=1), last)
    rows = platform.warehouse.ask(_ARRIVED, {"bucket": platform.store.bucket, **span})
    arrivals: dict[str, Arrival] = {}
    for row in rows:
        name, place = row["object_name"], parse_sales_name(row["object_name"])
        parsed = place or parse_parquet_name(name)
        if parsed:
            arrivals[name] = Arrival(
                name, parsed.kind, parsed.day, place, row["rows_in"], row["rows_loaded"],
                bool(row["reason"]), row["crc32c"],
            )  # fmt: skip
    since = min((row["ingested_at"].date() for row in rows), default=first)
    return Facts(platform, first, last, now, arrivals, since)


def _names_between(first: date, last: date) -> dict[str, str]:
    return {
        "csv_first": day_prefix(first), "csv_stop": end_of(day_prefix(last)),
        "parquet_first": parquet_prefix(first), "parquet_stop": end_of(parquet_prefix(last)),
    }  # fmt: skip


def _parse_manifest(name: str, stored: StoredObject | None) -> Manifest | None:
    try:
        return read_manifest(name, stored.data) if stored else None
    except InputError:  # the reconciliation reports it
        return None
