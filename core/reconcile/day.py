"""The comparison of one business date."""

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

from core.errors import EntryError, InputError
from core.generation.cells import window_cells
from core.generation.orders import DEFAULT_SEED, expected_rows
from core.generation.windows import window_start
from core.messages import message
from core.reconcile.judge import NEVER_GENERATED, NOT_INGESTED, judge_absent, judge_present
from core.reconcile.listing import Listing, Places
from core.reconcile.units import ExpectedUnits
from core.reconcile.verdicts import (
    ALL_UNITS,
    ObjectVerdict,
    UnknownObject,
    UnreadableEntry,
    Verdict,
)
from core.storage.day_manifest import DayManifest, read_day_manifest
from core.storage.delivery import list_held
from core.storage.manifest import FileEntry, Manifest, read_manifest
from core.storage.object_names import (
    MANIFEST_PREFIX,
    PARQUET_PREFIX,
    PARQUET_TAG,
    SALES_PREFIX,
    HeldName,
    SalesName,
    is_parquet_file,
    is_sales_file,
    is_skipped_file,
    manifest_tag,
    parquet_manifest_name,
    parquet_name,
    parse_parquet_name,
    parse_sales_name,
    sales_name,
)
from core.warehouse import BronzeFile
from core.warehouse.base import SALES_TABLES

if TYPE_CHECKING:
    from core.generation.catalog import Window

_SKIPPED = message("line.skipped", sales=SALES_PREFIX, parquet=PARQUET_PREFIX)

_ABSENT = (Verdict.MISSING, Verdict.NOT_DUE)  # nothing of the object exists anywhere

_Cell: TypeAlias = tuple[str | None, int]  # window, None for bulk, and unit

# Verdicts that may come from an object or manifest written while the date was read.
_DOUBTFUL = frozenset({
    Verdict.UPLOADED, Verdict.MISSING, Verdict.MISMATCH, Verdict.MIXED,
})  # fmt: skip


class Day:
    """All that is known of one business date, gathered once, and a verdict per object.

    `units` are those expected in windows without a manifest. The listing was made before `bronze`,
    what Bronze has of the date's objects by name, was read.
    """

    def __init__(
        self,
        places: Places,
        day: date,
        units: ExpectedUnits,
        now: datetime,
        listing: Listing,
        bronze: Mapping[str, BronzeFile],
    ) -> None:
        catalog = places.catalog
        self.day = day
        self.store = places.store
        self.now = now
        self.bronze = bronze
        self.windows: dict[str | None, Window | None] = {w.tag: w for w in catalog.windows}
        self.windows[None] = None
        self.catalog = catalog
        self.listing = listing
        self.objects = listing.objects
        self.unreadable = listing.unreadable
        self.broken: dict[str | None, str] = {}
        self.parquet: DayManifest | None = None
        self.manifests = dict(self._manifests())
        self.units = frozenset(units.of_date(self._published_units()))
        names = {*self.objects, *self.unreadable, *bronze}
        self.parsed = {name: parse_sales_name(name) for name in names}
        self.placed = _cells(self.parsed.values())
        self.has_parquet = self._has_parquet()
        self.parquet_units = self._parquet_units()
        self.cells = self.placed | self._to_upload()
        self.bulk_units = _units(self.cells, bulk=True)

    @functools.cached_property
    def lines(self) -> Sequence[ObjectVerdict]:
        """One line per object of each cell, by window, unit and table."""
        return [*self._lines()]

    def _lines(self) -> Iterator[ObjectVerdict]:
        for tag in self.windows:
            units = sorted(self._units_of(tag))
            expected = self._expected(tag, units)
            for unit, table in itertools.product(units, SALES_TABLES):
                line = self._line(tag, unit, table, expected.get((unit, table)))
                if line.requested or line.verdict not in _ABSENT or line.bronze:
                    yield line
        for table in SALES_TABLES if self.has_parquet else ():
            file = self.parquet.files[table] if self.parquet else None
            yield self._line(PARQUET_TAG, ALL_UNITS, table, file)

    def in_doubt(self) -> bool:
        """Whether a line may be wrong because the bucket changed while it was read."""
        return any(
            line.verdict in _DOUBTFUL and line.detail != NEVER_GENERATED for line in self.lines
        )

    def unknown_objects(self) -> list[UnknownObject]:
        """Objects, in the bucket or in the ledger, that belong to no cell, by name.

        Unreadable entries are among them, unless their name is that of a cell's object. So are
        objects that look like sales and that no consumer takes, since the ending is in capitals.
        """
        unknown = filter(self._is_unknown, self.parsed)
        skipped = filter(is_skipped_file, self.objects)
        return [
            *map(self._describe_unknown, sorted(unknown)),
            *(UnknownObject(name, _SKIPPED) for name in sorted(skipped)),
        ]

    def _describe_unknown(self, name: str) -> UnknownObject:
        if name in self.unreadable:
            return UnreadableEntry(name, self.unreadable[name])
        known = self.bronze.get(name, BronzeFile.absent(name))
        return UnknownObject(name, known.reason or NOT_INGESTED)

    def _is_unknown(self, name: str) -> bool:
        parsed = self.parsed[name]
        if parsed:
            return parsed.window_tag not in self.windows
        if is_parquet_file(name):
            return parse_parquet_name(name) is None
        return is_sales_file(name) or name[-1:] == "/"  # a folder that cannot be read

    def _manifests(self) -> Iterator[tuple[str | None, Manifest]]:
        for info in self.store.list(f"{MANIFEST_PREFIX}{self.day:%Y/%m/%d}/"):
            try:
                data = self.store.read(info.name).data
                if info.name == parquet_manifest_name(self.day):
                    self.parquet = read_day_manifest(info.name, data)
                    continue
                manifest = read_manifest(info.name, data)
            except (InputError, EntryError) as error:
                self.broken[manifest_tag(info.name)] = error.sentence
            else:
                yield manifest.window_tag, manifest

    def _published_units(self) -> set[int]:
        """Units that any manifest of the date names."""
        named = set(self.parquet.units if self.parquet else ())
        return named.union(*(manifest.cells for manifest in self.manifests.values()))

    def _to_upload(self) -> set[_Cell]:
        """Generated cells, unless bucket or Bronze has another kind of data of the unit's day."""
        generated = _cells(map(parse_sales_name, self.listing.generated))
        bulk, windows = self._kinds
        return {
            (tag, unit)
            for tag, unit in generated
            if unit not in (bulk if tag else windows) and unit not in self.parquet_units
        }

    def _has_parquet(self) -> bool:
        """Whether anything shows that the date is, or should be, in Parquet."""
        if self.parquet is not None or PARQUET_TAG in self.broken:
            return True
        present = self.objects.keys() | self.bronze.keys()
        if not self.placed:
            present |= self.listing.generated
        return any(parquet_name(table, self.day) in present for table in SALES_TABLES)

    def _parquet_units(self) -> set[int]:
        """Units of the day in Parquet; without a readable manifest, all that have no CSV."""
        if self.parquet:
            return set(self.parquet.units)
        csv = {unit for _, unit in self.placed}
        return set(self.units) - csv if self.has_parquet else set()

    def _units_of(self, tag: str | None) -> set[int]:
        """Units that have, or should have, data in a window, or bulk data."""
        seen = {unit for seen_tag, unit in self.cells if seen_tag == tag}
        if tag in self.manifests:
            return seen | set(self.manifests[tag].cells)
        if tag is None:
            return seen
        return seen | (self.units - self.bulk_units - self.parquet_units)

    def _expected(self, tag: str | None, units: Sequence[int]) -> dict[tuple[int, str], FileEntry]:
        """What each unit's objects should hold; computed entries have no size or checksum."""
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
            for table, counts in zip(SALES_TABLES, rows, strict=True):
                for unit, count in zip(rest, counts.tolist(), strict=True):
                    entries[unit, table] = FileEntry("", count, -1, "")
        return entries

    def _line(
        self, tag: str | None, unit: int, table: str, expected: FileEntry | None
    ) -> ObjectVerdict:
        name = (
            parquet_name(table, self.day)
            if tag == PARQUET_TAG
            else sales_name(SalesName(table, self.day, unit, tag))
        )
        bronze = self.bronze.get(name, BronzeFile.absent(name))
        verdict, detail = self._verdict(tag, unit, name, expected, bronze)
        return ObjectVerdict(
            self.day, tag, unit, table, expected.rows if expected else None,
            bronze.rows, bronze.rejected, verdict, detail, self._is_requested(tag, unit),
        )  # fmt: skip

    def _verdict(
        self, tag: str | None, unit: int, name: str, expected: FileEntry | None, bronze: BronzeFile
    ) -> tuple[Verdict, str]:
        mixed = self._mixed(unit)
        if mixed:
            return Verdict.MIXED, mixed
        fault = self.broken.get(tag) or self.unreadable.get(name)
        if fault:
            return Verdict.MISMATCH, fault
        info = self.objects.get(name)
        if info:
            return judge_present(self.store, info, expected, bronze)
        return judge_absent(
            expected, bronze, generated=name in self.listing.generated,
            due=self._is_due(tag), held=self._held.get(name),
        )  # fmt: skip

    @functools.cached_property
    def _held(self) -> Mapping[str, HeldName]:
        """What scenarios hold back, by name; listed if a manifest of the date names a scenario."""
        cells = (cell for one in self.manifests.values() for cell in one.cells.values())
        if not any(cell.scenario for cell in cells):
            return {}
        return {held.name: held for held in list_held(self.store).values()}

    def _is_due(self, tag: str | None) -> bool:
        window = self.windows.get(tag)
        return window is None or window_start(self.day, window) <= self.now

    def _is_requested(self, tag: str | None, unit: int) -> bool:
        if unit == ALL_UNITS or unit in self.units:
            return True
        manifest = self.manifests.get(tag)
        return manifest is not None and unit in manifest.cells

    @functools.cached_property
    def _kinds(self) -> tuple[set[int], set[int]]:
        """Units with bulk data, and units with incremental data, in the bucket or in Bronze."""
        return _units(self.placed, bulk=True), _units(self.placed, bulk=False)

    def _mixed(self, unit: int) -> str:
        """Which two kinds of data a unit, or a day in Parquet, has; empty if only one."""
        bulk, windows = self._kinds
        if unit in bulk and unit in windows:
            return message("line.bulk_and_incremental")
        both = self.parquet_units & (bulk | windows)
        if both and unit in both | {ALL_UNITS}:
            return message("line.csv_and_parquet", unit=unit or min(both))
        return ""


def _cells(names: Iterable[SalesName | None]) -> set[_Cell]:
    return {(name.window_tag, name.unit_id) for name in names if name}


def _units(cells: Iterable[_Cell], *, bulk: bool) -> set[int]:
    """The units of the cells that are bulk data, or of those that are not."""
    return {unit for tag, unit in cells if (tag is None) == bulk}
