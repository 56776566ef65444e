"""The comparison of one business date."""

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

from core.errors import EntryError, InputError
from core.generation.orders import DEFAULT_SEED, expected_rows, window_cells
from core.generation.windows import window_start
from core.messages import message
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
from core.storage.manifest import FileEntry, Manifest, read_manifest
from core.storage.object_names import (
    MANIFEST_PREFIX,
    PARQUET_PREFIX,
    PARQUET_TAG,
    SALES_PREFIX,
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
from core.storage.object_store import ObjectInfo
from core.warehouse import BronzeFile
from core.warehouse.base import SALES_TABLES

if TYPE_CHECKING:
    from core.generation.catalog import Window

_NEVER_GENERATED = message("line.never")
_SKIPPED = message("line.skipped", sales=SALES_PREFIX, parquet=PARQUET_PREFIX)
_NOT_IN_BUCKET = message("line.not_in_bucket")
_NOT_UPLOADED = message("line.not_uploaded")
_NOT_INGESTED = message("line.not_ingested")
_OTHER_BYTES = message("line.not_of_manifest")

_ABSENT = (Verdict.MISSING, Verdict.NOT_DUE)  # of which nothing is anywhere

_Cell: TypeAlias = tuple[str | None, int]  # window, None for bulk, and unit

# What may be an object written, or a manifest, while the date was read.
_DOUBTFUL = frozenset({
    Verdict.UPLOADED, Verdict.MISSING, Verdict.MISMATCH, Verdict.MIXED,
})  # fmt: skip


class Day:
    """All that is known of one business date, gathered once and then asked line by line.

    Args:
        units: Units expected in windows without a manifest.
        listing: Of the date, from before `bronze` was read.
        bronze: What Bronze has of the date's objects, by name.
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
        self.units = frozenset(units.of_date(self._published()))
        self.placed = _cells({*self.objects, *self.unreadable, *bronze})
        self.has_parquet = self._has_parquet()
        self.parquet_units = self._parquet_units()
        self.cells = self.placed | self._to_upload()
        self.bulk_units = _units(self.cells, bulk=True)

    @functools.cached_property
    def lines(self) -> Sequence[ObjectVerdict]:
        """Each object of each cell, by window, unit and table."""
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
        """Whether a line may be wrong because somebody wrote to the bucket while it was read."""
        return any(
            line.verdict in _DOUBTFUL and line.detail != _NEVER_GENERATED for line in self.lines
        )

    def strangers(self) -> Iterator[UnknownObject]:
        """Objects, in the bucket or in the ledger, that belong to no cell.

        Entries that cannot be read are among them, unless their name is that of a cell's object.
        """
        for name in sorted({*self.objects, *self.unreadable, *self.bronze}):
            if self._is_strange(name):
                yield self._stranger(name)
        for name in sorted(filter(is_skipped_file, self.objects)):
            yield UnknownObject(name, _SKIPPED)

    def _stranger(self, name: str) -> UnknownObject:
        if name in self.unreadable:
            return UnreadableEntry(name, self.unreadable[name])
        known = self.bronze.get(name, BronzeFile.absent(name))
        return UnknownObject(name, known.reason or _NOT_INGESTED)

    def _is_strange(self, name: str) -> bool:
        if is_parquet_file(name):
            return parse_parquet_name(name) is None
        if not is_sales_file(name):
            return name[-1:] == "/"  # a folder that cannot be read
        parsed = parse_sales_name(name)
        return parsed is None or parsed.window_tag not in self.windows

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

    def _published(self) -> set[int]:
        """Units that a manifest of the date names, those of all windows together."""
        named = set(self.parquet.units if self.parquet else ())
        return named.union(*(manifest.cells for manifest in self.manifests.values()))

    def _to_upload(self) -> set[_Cell]:
        """Cells of the output folder alone; those of a kind that their unit may not have are out.

        What is in the bucket or in Bronze decides whether a unit's day is bulk, incremental or in
        Parquet.
        """
        generated = _cells(self.listing.generated)
        bulk, windows = self._kinds
        return {
            (tag, unit)
            for tag, unit in generated
            if unit not in (bulk if tag else windows) and unit not in self.parquet_units
        }

    def _has_parquet(self) -> bool:
        """Whether anything says that the date is, or was to be, in Parquet."""
        if self.parquet is not None or PARQUET_TAG in self.broken:
            return True
        present = self.objects.keys() | self.bronze.keys()
        if not self.placed:
            present |= self.listing.generated
        return any(parquet_name(table, self.day) in present for table in SALES_TABLES)

    def _parquet_units(self) -> set[int]:
        """Units of the day in Parquet; where its manifest cannot tell, all that have no CSV."""
        if self.parquet:
            return set(self.parquet.units)
        csv = {unit for _, unit in self.placed}
        return set(self.units) - csv if self.has_parquet else set()

    def _units_of(self, tag: str | None) -> set[int]:
        """Units that have, or should have, data in a window (or in bulk)."""
        seen = {unit for seen_tag, unit in self.cells if seen_tag == tag}
        if tag in self.manifests:
            return seen | set(self.manifests[tag].cells)
        if tag is None:
            return seen
        return seen | (self.units - self.bulk_units - self.parquet_units)

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
            for table, counts in zip(SALES_TABLES, rows, strict=True):
                for unit, count in zip(rest, counts.tolist(), strict=True):
                    entries[unit, table] = FileEntry("", count, -1, "")
        return entries

    def _line(
        self, tag: str | None, unit: int, table: str, expected: FileEntry | None
    ) -> ObjectVerdict:
        parquet = tag == PARQUET_TAG
        name = (
            parquet_name(table, self.day)
            if parquet
            else sales_name(SalesName(table, self.day, unit, tag))
        )
        bronze = self.bronze.get(name, BronzeFile.absent(name))
        verdict, detail = self._verdict(tag, unit, name, expected, bronze)
        return ObjectVerdict(
            self.day, tag, unit, table, expected.rows if expected else None,
            bronze.rows, bronze.rejected, verdict, detail, self._is_requested(tag, unit),
        )  # fmt: skip

    def _is_requested(self, tag: str | None, unit: int) -> bool:
        if unit == ALL_UNITS or unit in self.units:
            return True
        manifest = self.manifests.get(tag)
        return manifest is not None and unit in manifest.cells

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
        if info is None:
            return self._absent(tag, name, expected, bronze)
        if self._is_pending(info, bronze):
            return self._not_ingested(info, expected, bronze)
        if self._changed(info, bronze):
            return Verdict.MISMATCH, message("line.not_ingested_one")
        return _ingested(expected, bronze)

    @functools.cached_property
    def _kinds(self) -> tuple[set[int], set[int]]:
        """Units with bulk data, and those with incremental data, in the bucket or in Bronze."""
        return _units(self.placed, bulk=True), _units(self.placed, bulk=False)

    def _mixed(self, unit: int) -> str:
        """Which data of two kinds a unit, or any of a day in Parquet, has; empty for none."""
        bulk, windows = self._kinds
        if unit in bulk and unit in windows:
            return message("line.bulk_and_incremental")
        both = self.parquet_units & (bulk | windows)
        if both and unit in both | {ALL_UNITS}:
            return message("line.csv_and_parquet", unit=unit or min(both))
        return ""

    def _absent(
        self, tag: str | None, name: str, expected: FileEntry | None, bronze: BronzeFile
    ) -> tuple[Verdict, str]:
        if bronze.rows:
            return Verdict.MISSING, message("line.rows_without_object", count=bronze.rows)
        if expected and expected.name:
            return Verdict.MISSING, _NOT_IN_BUCKET
        if name in self.listing.generated:
            return Verdict.GENERATED, _NOT_UPLOADED
        window = self.windows.get(tag or "")
        if window and window_start(self.day, window) > self.now:
            return Verdict.NOT_DUE, ""
        return Verdict.MISSING, _NEVER_GENERATED

    def _not_ingested(
        self, info: ObjectInfo, expected: FileEntry | None, bronze: BronzeFile
    ) -> tuple[Verdict, str]:
        known = expected.crc32c if expected else ""
        if known and self._checksum(info) != known:
            return Verdict.MISMATCH, _OTHER_BYTES
        if bronze.generation is not None:
            return Verdict.UPLOADED, message("line.written_again")
        return Verdict.UPLOADED, _NOT_INGESTED

    def _is_pending(self, info: ObjectInfo, bronze: BronzeFile) -> bool:
        """Whether an object is yet to be loaded; its bytes tell where its generation does not."""
        if self.store.supersedes(info.generation, bronze.generation):
            return True
        return bronze.uncertain and self._checksum(info) != bronze.crc32c

    def _changed(self, info: ObjectInfo, bronze: BronzeFile) -> bool:
        """Whether an object has other bytes than were ingested, though it is not to be loaded."""
        if not info.encoded and info.size != bronze.size:
            return True
        same = info.generation == bronze.generation  # then nobody reads the bytes again
        return not same and self._checksum(info) != bronze.crc32c

    def _checksum(self, info: ObjectInfo) -> str:
        return info.crc32c or self.store.checksum(info.name)


def _cells(names: Iterable[str]) -> set[_Cell]:
    """The cells that some names are of."""
    parsed = filter(None, map(parse_sales_name, names))
    return {(name.window_tag, name.unit_id) for name in parsed}


def _units(cells: Iterable[_Cell], *, bulk: bool) -> set[int]:
    """The units of the cells that are bulk data, or of those that are not."""
    return {unit for tag, unit in cells if (tag is None) == bulk}


def _ingested(expected: FileEntry | None, bronze: BronzeFile) -> tuple[Verdict, str]:
    """The verdict on an object whose present generation the ledger has."""
    if bronze.duplicates:
        return Verdict.DUPLICATED, message("line.duplicates", count=bronze.duplicates)
    if bronze.reason:
        return Verdict.QUARANTINED, bronze.reason
    if bronze.rejected:
        return Verdict.QUARANTINED, message("line.rejected", count=bronze.rejected)
    fault = _difference(expected, bronze)
    return (Verdict.MISMATCH, fault) if fault else (Verdict.IN_BRONZE, "")


def _difference(expected: FileEntry | None, bronze: BronzeFile) -> str:
    """How an object's rows or bytes differ from what was expected; empty when they do not."""
    if bronze.rows != bronze.loaded:
        return message("line.loaded_and_had", loaded=bronze.loaded, rows=bronze.rows)
    if expected and expected.rows != bronze.rows:
        return message("line.expected_and_had", expected=expected.rows, rows=bronze.rows)
    if expected and expected.crc32c and expected.crc32c != bronze.crc32c:
        return _OTHER_BYTES
    return ""
