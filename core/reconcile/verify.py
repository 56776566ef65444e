"""Verify published data: generate every cell of a manifest again, and compare.

A manifest's seeds and ranges are enough to generate its files again. The comparison with the
manifest and with the objects' bytes reveals a changed object, a changed manifest, or a generator
whose output changed. Nothing is written. Shares are counted in CSV files only.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from core.bronze.validation.csv_file import count_rows
from core.errors import InputError
from core.generation import windows
from core.generation.catalog import MAX_UNIT, Catalog
from core.generation.cells import EPOCH, Cells
from core.generation.csv_files import CellFiles, cell_files
from core.generation.draws import Words
from core.progress import Progress, silent
from core.reconcile.distributions import CellChances, Share, Tally, cell_chances, start_hour
from core.reconcile.file_facts import (
    FileFacts,
    can_generate,
    describe_difference,
    describe_spoiled,
    describe_unknown_window,
    describe_value,
    facts_of,
)
from core.reconcile.verify_parquet import compare_day
from core.storage.day_manifest import read_day_manifest
from core.storage.manifest import CellEntry, FileEntry, Manifest, read_manifest
from core.storage.object_names import (
    MANIFEST_PREFIX,
    PARQUET_PREFIX,
    PARQUET_TAG,
    SALES_PREFIX,
    day_prefix,
    end_of,
    is_parquet_file,
    is_sales_file,
    manifest_tag,
    parquet_prefix,
    parse_sales_name,
)
from core.storage.object_store import ObjectInfo, ObjectStore, look

_MANY_DAYS = 366  # from this many days on, one listing of all sales costs less than one per day


@dataclass(frozen=True, slots=True)
class Difference:
    """An object or manifest that differs, and how, in words."""

    name: str
    detail: str


@dataclass(frozen=True)
class Verification:
    """What was compared (`size` in bytes), what differs, and the observed shares."""

    manifests: int
    cells: int
    objects: int
    size: int
    differences: tuple[Difference, ...]
    shares: tuple[Share, ...]


def verify(
    store: ObjectStore,
    catalog: Catalog,
    dates: tuple[date, date] = (windows.FIRST_DATE, windows.LAST_DATE),
    progress: Progress = silent,
) -> Verification:
    """Generate again what the manifests of a range of dates, both included, name, and compare.

    Sales objects that no manifest names are differences too, so that a lost manifest is noticed. If
    nothing was published, nothing is compared and no error is raised.

    Raises:
        InputError: The range is not valid.
        StoreError: The store refused.
    """
    days = windows.dates_between(*dates)
    names = _manifest_names(store, dates)
    work = _Work(store, catalog, _sales_objects(store, days))
    for done, name in enumerate(names):
        progress(done, len(names), name.removeprefix(MANIFEST_PREFIX))
        work.manifest(name)
    progress(len(names), len(names), "verified")
    work.unclaimed()
    return Verification(
        len(names), work.cells, work.objects, work.size, tuple(work.differences),
        work.tally.shares(),
    )  # fmt: skip


def _manifest_names(store: ObjectStore, dates: tuple[date, date]) -> list[str]:
    start, last = (f"{MANIFEST_PREFIX}{day:%Y/%m/%d}/" for day in dates)
    return [
        found.name
        for found in store.list(MANIFEST_PREFIX)
        if start <= found.name < end_of(last) and found.name.endswith(".json")
    ]


def _sales_objects(store: ObjectStore, days: Sequence[date]) -> dict[str, ObjectInfo]:
    """The sales objects of a range of dates, by name; one listing if the range is long."""
    start, stop = day_prefix(days[0]), end_of(day_prefix(days[-1]))
    first, last = parquet_prefix(days[0]), end_of(parquet_prefix(days[-1]))
    in_parquet = (i for i in store.list(PARQUET_PREFIX) if first <= i.name < last)
    prefixes = [day_prefix(day) for day in days] if len(days) < _MANY_DAYS else [SALES_PREFIX]
    return {
        found.name: found
        for prefix in prefixes
        for found in store.list(prefix)
        if start <= found.name < stop and is_sales_file(found.name)
    } | {found.name: found for found in in_parquet if is_parquet_file(found.name)}


@dataclass
class _Work:
    """A comparison in progress."""

    store: ObjectStore
    catalog: Catalog
    listed: dict[str, ObjectInfo]
    cells: int = 0
    objects: int = 0
    size: int = 0
    differences: list[Difference] = field(default_factory=list)
    claimed: set[str] = field(default_factory=set)
    tally: Tally = field(init=False)

    def __post_init__(self) -> None:
        self.tally = Tally(self.catalog)

    def manifest(self, name: str) -> None:
        """Compare all that a manifest names."""
        data = self.store.read(name).data
        try:
            if manifest_tag(name) == PARQUET_TAG:
                self._day(name, data)
                return
            manifest = read_manifest(name, data)
        except InputError as error:
            self._differs(name, error.sentence)
            return
        entries = manifest.cells.values()
        self.claimed |= {f.name for entry in entries for f in (entry.orders, entry.order_items)}
        if unknown := describe_unknown_window(manifest.window_tag, self.catalog):
            self._differs(name, unknown)
            return
        for entry in entries:
            if not _possible(entry):
                self._differs(name, f"Its entry of unit {entry.unit_id} cannot be generated.")
        possible = [entry for entry in entries if _possible(entry)]
        for cell, chances, made in _generate(manifest, possible, self.catalog):
            self._cell(cell, chances, made)

    def unclaimed(self) -> None:
        """Find sales objects that no manifest names."""
        for name in self.listed:
            if name not in self.claimed:
                self._differs(name, "No manifest names it.")

    def _day(self, name: str, data: bytes) -> None:
        """Compare a day in Parquet; raise `InputError` if the bytes are not its manifest."""
        manifest = read_day_manifest(name, data)
        self.claimed |= {file.name for file in manifest.files.values()}
        found = compare_day(manifest, name, self.catalog, self._bytes)
        self.cells += found.cells
        self.objects += found.objects
        self.size += found.size
        for differs in found.differences:
            self._differs(*differs)

    def _bytes(self, name: str) -> bytes | None:
        stored = look(self.store, name)
        return stored.data if stored else None

    def _cell(self, cell: CellEntry, chances: CellChances, made: CellFiles) -> None:
        self.cells += 1
        if cell.scenario:
            self._spoiled(cell, made)
            return
        self._differs(cell.orders.name, describe_value(cell.value_cents, made.value_cents))
        orders = self._file(cell.orders, made.orders, made.orders_csv)
        items = self._file(cell.order_items, made.items, made.items_csv)
        name = parse_sales_name(cell.orders.name)
        if name and orders is not None and items is not None:
            limits = (cell.orders_min, cell.orders_max)
            self.tally.add(name, limits, chances, (orders, items))

    def _spoiled(self, cell: CellEntry, made: CellFiles) -> None:
        """Say which objects a scenario changed or holds; its faults are in the scenario's key."""
        pairs = [(cell.orders, made.orders, made.orders_csv),
                 (cell.order_items, made.items, made.items_csv)]  # fmt: skip
        for listed, rows, clean in pairs:
            data = self._data(listed.name, facts_of(rows, clean), clean)
            if data != clean:
                self._differs(listed.name, describe_spoiled(cell.scenario, data))
            self.objects += data is not None
            self.size += len(data or b"")

    def _file(self, listed: FileEntry, rows: int, made: bytes) -> bytes | None:
        """Compare one object; its bytes, or None when it is not there."""
        expected = facts_of(rows, made)
        data = self._data(listed.name, expected, made)
        found: FileFacts | None = expected
        if data != made:
            found = facts_of(count_rows(data), data) if data is not None else None
        detail = describe_difference(expected, listed, found, is_same=data == made)
        self._differs(listed.name, detail)
        self.objects += data is not None
        self.size += len(data or b"")
        return data

    def _data(self, name: str, expected: FileFacts, made: bytes) -> bytes | None:
        """An object's bytes; not read if the listing has the checksum of the generated file."""
        info = self.listed.get(name)
        if info and (info.size, info.crc32c) == (expected.size, expected.crc32c):
            return made
        return self._bytes(name)

    def _differs(self, name: str, detail: str) -> None:
        if detail:
            self.differences.append(Difference(name, detail))


def _possible(cell: CellEntry) -> bool:
    """Whether the generator accepts an entry's unit, seed and range."""
    numbers = (cell.unit_id, cell.seed, cell.orders_min, cell.orders_max)
    return (
        all(type(number) is int for number in numbers)
        and 1 <= cell.unit_id <= MAX_UNIT
        and can_generate(*numbers[1:])
    )


def _generate(
    manifest: Manifest, entries: Sequence[CellEntry], catalog: Catalog
) -> Iterator[tuple[CellEntry, CellChances, CellFiles]]:
    """Each entry with its chances and files, generated with the entry's seed and range."""
    for seed in sorted({entry.seed for entry in entries}):
        alike = [entry for entry in entries if entry.seed == seed]
        cells = Cells(
            day=_words((manifest.day - EPOCH).days for _ in alike),
            hour=_words(start_hour(manifest.window_tag) for _ in alike),
            unit=_words(entry.unit_id for entry in alike),
            orders_min=_words(entry.orders_min for entry in alike),
            orders_max=_words(entry.orders_max for entry in alike),
        )
        chances = cell_chances(cells, seed, catalog)
        yield from zip(alike, chances, cell_files(cells, seed, catalog), strict=True)


def _words(numbers: Iterable[int]) -> Words:
    return np.fromiter(numbers, np.uint64)
