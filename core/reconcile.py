"""Expected against actual: for each window, unit and table, what should be there and what is.

Expected rows come from the manifest, and where there is none they are computed, since data is a
pure function of its coordinates. They are compared with the objects in the bucket and with the rows
in Bronze. The verdict names the first thing that is wrong, and the detail says it in words.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.catalog import Catalog, Window
from core.generate import DEFAULT_SEED, expected_rows, window_cells
from core.manifest import FileEntry, Manifest, read_manifest
from core.names import (
    MANIFEST_PREFIX,
    SalesName,
    day_prefix,
    parse_sales_name,
    sales_name,
)
from core.object_store import ObjectInfo, ObjectStore
from core.warehouse import BronzeFile, DuckDBWarehouse
from core.windows import dates_between, window_start

TABLES = ("orders", "order_items")


class Verdict(StrEnum):
    """What became of a cell's object, from fine to worst."""

    IN_BRONZE = "in Bronze"
    NOT_DUE = "not due"
    UPLOADED = "uploaded"
    GENERATED = "generated"
    MISSING = "missing"
    QUARANTINED = "quarantined"
    MISMATCH = "mismatch"
    DUPLICATED = "duplicated"
    MIXED = "mixed bulk and incremental"


SEVERITY: Mapping[Verdict, int] = {verdict: place for place, verdict in enumerate(Verdict)}
FAULTS = frozenset({Verdict.QUARANTINED, Verdict.MISMATCH, Verdict.DUPLICATED, Verdict.MIXED})


@dataclass(frozen=True, slots=True)
class Line:
    """One object of a cell: what was expected, what is there, and the verdict.

    Attributes:
        window_tag: None for bulk data.
        table: `orders` or `order_items`.
        expected: Rows by the manifest or by computation; None where neither can tell (bulk data
            without a manifest).
        bronze: Rows in Bronze that came from this object.
        rejected: Rows in quarantine.
        detail: What is wrong, in words; empty when nothing is.
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

    @property
    def name(self) -> str:
        """Name of the object."""
        return sales_name(SalesName(self.table, self.day, self.unit_id, self.window_tag))


@dataclass(frozen=True, slots=True)
class WindowSummary:
    """The lines of a window of a date together; the verdict is the worst of them.

    Attributes:
        window_tag: None for bulk data.
        verdicts: How many lines have each verdict.
    """

    day: date
    window_tag: str | None
    verdict: Verdict
    verdicts: Mapping[Verdict, int]
    expected_orders: int
    bronze_orders: int
    expected_items: int
    bronze_items: int


def reconcile(
    store: ObjectStore,
    warehouse: DuckDBWarehouse,
    catalog: Catalog,
    dates: tuple[date, date],
    units: int,
    now: datetime,
    output: ObjectStore | None = None,
) -> list[Line]:
    """Compare a range of dates, by date, window, unit and table.

    Args:
        dates: First and last business date, both included.
        units: Units expected where no manifest says otherwise.
        now: The aware present: windows that begin later are not due yet.
        output: A local output folder, to tell what was generated but not uploaded.

    Raises:
        InputError: The range runs backwards or is out of bounds.
        WarehouseBusyError: Another process holds the warehouse.
    """
    days = dates_between(*dates)
    bronze = warehouse.bronze_files(store.bucket, day_prefix(days[0]), day_prefix(days[-1]) + "~")
    by_day = _by_day(bronze)
    return [
        line
        for day in days
        for line in _Day(store, output, catalog, day, units, now, by_day.get(day, {})).lines()
    ]


def summarise(lines: Iterable[Line]) -> list[WindowSummary]:
    """One summary for each date and window among lines that are sorted by them."""
    groups = itertools.groupby(lines, key=lambda line: (line.day, line.window_tag))
    return [_summary(day, tag, list(group)) for (day, tag), group in groups]


def _summary(day: date, tag: str | None, lines: Sequence[Line]) -> WindowSummary:
    verdicts = [line.verdict for line in lines]

    def rows(table: str) -> tuple[int, int]:
        of_table = [line for line in lines if line.table == table]
        return sum(line.expected or 0 for line in of_table), sum(line.bronze for line in of_table)

    return WindowSummary(
        day, tag, max(verdicts, key=SEVERITY.__getitem__),
        {verdict: verdicts.count(verdict) for verdict in Verdict if verdict in verdicts},
        *rows("orders"), *rows("order_items"),
    )  # fmt: skip


def _by_day(files: Iterable[BronzeFile]) -> dict[date, dict[str, BronzeFile]]:
    by_day: dict[date, dict[str, BronzeFile]] = {}
    for file in files:
        parsed = parse_sales_name(file.name)
        if parsed:
            by_day.setdefault(parsed.day, {})[file.name] = file
    return by_day


class _Day:
    """All that is known of one business date, gathered once and then asked line by line."""

    def __init__(
        self,
        store: ObjectStore,
        output: ObjectStore | None,
        catalog: Catalog,
        day: date,
        units: int,
        now: datetime,
        bronze: Mapping[str, BronzeFile],
    ) -> None:
        self.day = day
        self.store = store
        self.now = now
        self.bronze = bronze
        self.units = range(1, units + 1)
        self.windows: dict[str | None, Window | None] = {w.tag: w for w in catalog.windows}
        self.windows[None] = None
        self.catalog = catalog
        self.objects = {info.name: info for info in store.list(day_prefix(day))}
        self.generated = {i.name for i in output.list(day_prefix(day))} if output else set()
        self.manifests = dict(self._manifests())
        present = {*self.objects, *bronze, *self.generated}
        parsed = [name for name in map(parse_sales_name, present) if name]
        self.cells = {(name.window_tag, name.unit_id) for name in parsed}
        self.bulk_units = {unit for tag, unit in self.cells if tag is None}
        self.window_units = {unit for tag, unit in self.cells if tag is not None}

    def lines(self) -> Iterator[Line]:
        for tag in self.windows:
            units = sorted(self._units_of(tag))
            expected = self._expected(tag, units)
            for unit, table in itertools.product(units, TABLES):
                yield self._line(tag, unit, table, expected.get((unit, table)))

    def _manifests(self) -> Iterator[tuple[str | None, Manifest]]:
        for info in self.store.list(f"{MANIFEST_PREFIX}{self.day:%Y/%m/%d}/"):
            manifest = read_manifest(info.name, self.store.read(info.name).data)
            yield manifest.window_tag, manifest

    def _units_of(self, tag: str | None) -> set[int]:
        """Units that have, or should have, data in a window (or in bulk)."""
        seen = {unit for seen_tag, unit in self.cells if seen_tag == tag}
        if tag in self.manifests:
            return seen | set(self.manifests[tag].cells)
        if tag is None:
            return seen
        return seen | (set(self.units) - self.bulk_units)

    def _expected(self, tag: str | None, units: Sequence[int]) -> dict[tuple[int, str], FileEntry]:
        """What each unit's objects should hold; without a size or checksum where computed."""
        manifest = self.manifests.get(tag)
        entries: dict[tuple[int, str], FileEntry] = {}
        for unit, cell in manifest.cells.items() if manifest else ():
            entries[unit, "orders"] = cell.orders
            entries[unit, "order_items"] = cell.order_items
        window = self.windows[tag]
        rest = [unit for unit in units if (unit, "orders") not in entries]
        if window and rest:
            rows = expected_rows(
                window_cells([self.day], [window], rest), DEFAULT_SEED, self.catalog
            )
            for table, counts in zip(TABLES, rows, strict=True):
                for unit, count in zip(rest, counts.tolist(), strict=True):
                    entries[unit, table] = FileEntry("", count, -1, "")
        return entries

    def _line(self, tag: str | None, unit: int, table: str, expected: FileEntry | None) -> Line:
        name = sales_name(SalesName(table, self.day, unit, tag))
        bronze = self.bronze.get(name, BronzeFile.absent(name))
        verdict, detail = self._verdict(tag, unit, name, expected, bronze)
        return Line(
            self.day, tag, unit, table, expected.rows if expected else None,
            bronze.rows, bronze.rejected, verdict, detail,
        )  # fmt: skip

    def _verdict(
        self, tag: str | None, unit: int, name: str, expected: FileEntry | None, bronze: BronzeFile
    ) -> tuple[Verdict, str]:
        if unit in self.bulk_units and unit in self.window_units:
            return Verdict.MIXED, "bulk and incremental data of the same unit and date"
        info = self.objects.get(name)
        if info is None:
            return self._absent(tag, name, expected, bronze)
        if bronze.generation is None or bronze.generation < info.generation:
            return self._not_ingested(info, expected, bronze)
        if self._changed(info, bronze):
            return Verdict.MISMATCH, "the object is not the one that was ingested"
        return _ingested(expected, bronze)

    def _absent(
        self, tag: str | None, name: str, expected: FileEntry | None, bronze: BronzeFile
    ) -> tuple[Verdict, str]:
        if bronze.rows:
            return Verdict.MISSING, f"no object, yet {bronze.rows} rows of it are in Bronze"
        if expected and expected.name:
            return Verdict.MISSING, "the manifest names it, the bucket does not have it"
        if name in self.generated:
            return Verdict.GENERATED, "in the output folder, not uploaded"
        window = self.windows[tag]
        if window and window_start(self.day, window) > self.now:
            return Verdict.NOT_DUE, ""
        return Verdict.MISSING, "never generated"

    def _not_ingested(
        self, info: ObjectInfo, expected: FileEntry | None, bronze: BronzeFile
    ) -> tuple[Verdict, str]:
        known = expected.crc32c if expected else ""
        if known and self.store.checksum(info.name) != known:
            return Verdict.MISMATCH, "the object is not the one that the manifest names"
        if bronze.generation is not None:
            return Verdict.UPLOADED, "written anew since it was ingested"
        return Verdict.UPLOADED, "not ingested yet"

    def _changed(self, info: ObjectInfo, bronze: BronzeFile) -> bool:
        """Whether an object has other bytes than were ingested, though no newer generation."""
        if info.size != bronze.size:
            return True
        same = info.generation == bronze.generation  # then nobody reads the bytes again
        return not same and self.store.checksum(info.name) != bronze.crc32c


def _ingested(expected: FileEntry | None, bronze: BronzeFile) -> tuple[Verdict, str]:
    """The verdict on an object whose present generation the ledger has."""
    if bronze.duplicates:
        return Verdict.DUPLICATED, f"{bronze.duplicates} rows whose id stands elsewhere too"
    if bronze.reason:
        return Verdict.QUARANTINED, bronze.reason
    if bronze.rejected:
        return Verdict.QUARANTINED, f"{bronze.rejected} rows in quarantine"
    fault = _difference(expected, bronze)
    return (Verdict.MISMATCH, fault) if fault else (Verdict.IN_BRONZE, "")


def _difference(expected: FileEntry | None, bronze: BronzeFile) -> str:
    """How an object's rows or bytes differ from what was expected; empty when they do not."""
    if bronze.rows != bronze.loaded:
        return f"{bronze.loaded} rows were loaded, Bronze has {bronze.rows}"
    if expected and expected.rows != bronze.rows:
        return f"expected {expected.rows} rows, Bronze has {bronze.rows}"
    if expected and expected.crc32c and expected.crc32c != bronze.crc32c:
        return "the object is not the one that the manifest names"
    return ""
