"""The comparison of one business date."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.catalog import Catalog, Window
from core.day_manifest import DayManifest, read_day_manifest
from core.errors import InputError
from core.generate import DEFAULT_SEED, expected_rows, window_cells
from core.manifest import FileEntry, Manifest, read_manifest
from core.names import (
    MANIFEST_PREFIX,
    PARQUET_TAG,
    SalesName,
    day_prefix,
    is_parquet_file,
    is_sales_file,
    manifest_tag,
    parquet_manifest_name,
    parquet_name,
    parquet_prefix,
    parse_parquet_name,
    parse_sales_name,
    sales_name,
)
from core.object_store import ObjectInfo, ObjectStore
from core.reconcile.lines import ALL_UNITS, TABLES, Line, Stranger, Verdict
from core.warehouse import BronzeFile, Warehouse
from core.windows import window_start


@dataclass(frozen=True)
class Places:
    """What is compared: a bucket with Bronze, by the catalog.

    Attributes:
        output: A local output folder, to tell what was generated but not uploaded.
    """

    store: ObjectStore
    warehouse: Warehouse
    catalog: Catalog
    output: ObjectStore | None = None


class Day:
    """All that is known of one business date, gathered once and then asked line by line.

    Args:
        parquet: The date's objects in Parquet, where they are listed already.
    """

    def __init__(
        self,
        places: Places,
        day: date,
        units: int,
        now: datetime,
        bronze: Mapping[str, BronzeFile],
        parquet: Sequence[ObjectInfo] | None = None,
    ) -> None:
        catalog, store, output = places.catalog, places.store, places.output
        self.day = day
        self.store = store
        self.now = now
        self.bronze = bronze
        self.units = range(1, units + 1)
        self.windows: dict[str | None, Window | None] = {w.tag: w for w in catalog.windows}
        self.windows[None] = None
        self.catalog = catalog
        prefixes = (day_prefix(day), parquet_prefix(day))
        in_parquet = store.list(prefixes[1]) if parquet is None else parquet
        listed = itertools.chain(store.list(prefixes[0]), in_parquet)
        self.objects = {info.name: info for info in listed}
        written = [output.list(prefix) for prefix in prefixes] if output else []
        self.generated = {info.name for infos in written for info in infos}
        self.broken: dict[str | None, str] = {}
        self.parquet: DayManifest | None = None
        self.manifests = dict(self._manifests())
        present = {*self.objects, *bronze, *self.generated}
        parsed = [name for name in map(parse_sales_name, present) if name]
        self.cells = {(name.window_tag, name.unit_id) for name in parsed}
        self.bulk_units = {unit for tag, unit in self.cells if tag is None}
        self.window_units = {unit for tag, unit in self.cells if tag is not None}
        self.has_parquet = self._has_parquet(present)
        self.parquet_units = self._parquet_units()

    def lines(self) -> Iterator[Line]:
        """Each object of each cell, by window, unit and table."""
        for tag in self.windows:
            units = sorted(self._units_of(tag))
            expected = self._expected(tag, units)
            for unit, table in itertools.product(units, TABLES):
                yield self._line(tag, unit, table, expected.get((unit, table)))
        for table in TABLES if self.has_parquet else ():
            file = self.parquet.files[table] if self.parquet else None
            yield self._line(PARQUET_TAG, ALL_UNITS, table, file)

    def strangers(self) -> Iterator[Stranger]:
        """Sales objects, in the bucket or in the ledger, that belong to no cell."""
        for name in sorted(filter(is_sales_file, {*self.objects, *self.bronze})):
            parsed = parse_sales_name(name)
            if parsed is None or parsed.window_tag not in self.windows:
                known = self.bronze.get(name, BronzeFile.absent(name))
                yield Stranger(name, known.reason or "not ingested yet")
        for name in sorted(filter(is_parquet_file, {*self.objects, *self.bronze})):
            if parse_parquet_name(name) is None:
                known = self.bronze.get(name, BronzeFile.absent(name))
                yield Stranger(name, known.reason or "not ingested yet")

    def _manifests(self) -> Iterator[tuple[str | None, Manifest]]:
        for info in self.store.list(f"{MANIFEST_PREFIX}{self.day:%Y/%m/%d}/"):
            try:
                data = self.store.read(info.name).data
                if info.name == parquet_manifest_name(self.day):
                    self.parquet = read_day_manifest(info.name, data)
                    continue
                manifest = read_manifest(info.name, data)
            except InputError as error:
                self.broken[manifest_tag(info.name)] = str(error)
            else:
                yield manifest.window_tag, manifest

    def _has_parquet(self, present: set[str]) -> bool:
        """Whether anything says that the date is, or was to be, in Parquet."""
        names = {parquet_name(table, self.day) for table in TABLES}
        return self.parquet is not None or PARQUET_TAG in self.broken or bool(names & present)

    def _parquet_units(self) -> set[int]:
        """Units of the day in Parquet; where its manifest cannot tell, all that have no CSV."""
        if self.parquet:
            return set(self.parquet.units)
        return set(self.units) - self.bulk_units - self.window_units if self.has_parquet else set()

    def _units_of(self, tag: str | None) -> set[int]:
        """Units that have, or should have, data in a window (or in bulk)."""
        seen = {unit for seen_tag, unit in self.cells if seen_tag == tag}
        if tag in self.manifests:
            return seen | set(self.manifests[tag].cells)
        if tag is None:
            return seen
        return seen | (set(self.units) - self.bulk_units - self.parquet_units)

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
        parquet = tag == PARQUET_TAG
        name = (
            parquet_name(table, self.day)
            if parquet
            else sales_name(SalesName(table, self.day, unit, tag))
        )
        bronze = self.bronze.get(name, BronzeFile.absent(name))
        verdict, detail = self._verdict(tag, unit, name, expected, bronze)
        return Line(
            self.day, tag, unit, table, expected.rows if expected else None,
            bronze.rows, bronze.rejected, verdict, detail,
        )  # fmt: skip

    def _verdict(
        self, tag: str | None, unit: int, name: str, expected: FileEntry | None, bronze: BronzeFile
    ) -> tuple[Verdict, str]:
        mixed = self._mixed(unit)
        if mixed:
            return Verdict.MIXED, mixed
        if tag in self.broken:
            return Verdict.MISMATCH, self.broken[tag]
        info = self.objects.get(name)
        if info is None:
            return self._absent(tag, name, expected, bronze)
        if bronze.generation is None or bronze.generation < info.generation:
            return self._not_ingested(info, expected, bronze)
        if self._changed(info, bronze):
            return Verdict.MISMATCH, "the object is not the one that was ingested"
        return _ingested(expected, bronze)

    def _mixed(self, unit: int) -> str:
        """Which data of two kinds a unit, or any of a day in Parquet, has; empty for none."""
        if unit in self.bulk_units and unit in self.window_units:
            return "bulk and incremental data of the same unit and date"
        both = self.parquet_units & (self.bulk_units | self.window_units)
        if both and unit in both | {ALL_UNITS}:
            return f"CSV files and Parquet data of unit {unit or min(both)} of the same date"
        return ""

    def _absent(
        self, tag: str | None, name: str, expected: FileEntry | None, bronze: BronzeFile
    ) -> tuple[Verdict, str]:
        if bronze.rows:
            return Verdict.MISSING, f"no object, yet {bronze.rows} rows of it are in Bronze"
        if expected and expected.name:
            return Verdict.MISSING, "the manifest names it, the bucket does not have it"
        if name in self.generated:
            return Verdict.GENERATED, "in the output folder, not uploaded"
        window = self.windows.get(tag or "")
        if window and window_start(self.day, window) > self.now:
            return Verdict.NOT_DUE, ""
        return Verdict.MISSING, "never generated"

    def _not_ingested(
        self, info: ObjectInfo, expected: FileEntry | None, bronze: BronzeFile
    ) -> tuple[Verdict, str]:
        known = expected.crc32c if expected else ""
        if known and self._checksum(info) != known:
            return Verdict.MISMATCH, "the object is not the one that the manifest names"
        if bronze.generation is not None:
            return Verdict.UPLOADED, "written anew since it was ingested"
        return Verdict.UPLOADED, "not ingested yet"

    def _changed(self, info: ObjectInfo, bronze: BronzeFile) -> bool:
        """Whether an object has other bytes than were ingested, though no newer generation."""
        if info.size != bronze.size:
            return True
        same = info.generation == bronze.generation  # then nobody reads the bytes again
        return not same and self._checksum(info) != bronze.crc32c

    def _checksum(self, info: ObjectInfo) -> str:
        return info.crc32c or self.store.checksum(info.name)


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
