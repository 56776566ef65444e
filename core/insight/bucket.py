"""Browse the bucket: its kinds of objects, counted by date, window and unit.

A name from a person or a URL reaches a store only if it stays under a prefix of the layout.
"""

import contextlib
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from core.bronze.quarantine import is_report, read_report
from core.errors import InputError, MissingObjectError
from core.generation.catalog import Catalog
from core.messages import message
from core.reconcile.compare import ALL_UNITS
from core.storage import zip_archive
from core.storage.manifest import CellEntry, FileEntry, Manifest
from core.storage.object_names import (
    MANIFEST_PREFIX,
    OBJECT_KINDS,
    OTHER_PREFIX,
    PARQUET_PREFIX,
    PARQUET_TAG,
    QUARANTINE_PREFIX,
    SALES_PREFIX,
    SalesName,
    date_of_folders,
    day_of,
    day_prefix,
    kind_of,
    parquet_prefix,
    parse_parquet_name,
    parse_sales_name,
)
from core.storage.object_store import ObjectInfo, ObjectStore, StoredObject, look_at_all

OTHER = "other"  # objects under none of these prefixes
MOST_BYTES = 32 * 2**20  # of an object that a page shows
MOST_ZIPPED_BYTES = 128 * 2**20

_NO_PARTS = frozenset(("", ".", ".."))
_LONGEST_NAME = 1_024  # cloud.google.com/storage/docs/objects#naming, bytes of UTF-8
_Key = TypeVar("_Key", bound=Hashable)


class Tally(NamedTuple):
    """A group of objects: their number and bytes, and how many units and windows they cover.

    A day in Parquet has no unit, because its two objects hold all units; it counts as a window.
    """

    objects: int = 0
    size: int = 0
    units: int = 0
    windows: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A manifest's file compared with its object; `fault` is empty if they are equal.

    `crc32c` is the object's checksum; it is empty if there is no object.
    """

    unit_id: int
    file: FileEntry
    crc32c: str
    fault: str


def check_name(name: str) -> str:
    """Return the name; raise `InputError` unless it stays under a known prefix of the bucket."""
    parts = name.split("/")
    sane = name.isprintable() and "\\" not in name and _NO_PARTS.isdisjoint(parts)
    if not sane or kind_of(name) is None or not 0 < _bytes(name) <= _LONGEST_NAME:
        raise InputError(message("bucket.no_name", name=name, known=OBJECT_KINDS.values()))
    return name


def read_object(store: ObjectStore, name: str) -> tuple[ObjectInfo, StoredObject]:
    """Read an object of at most `MOST_BYTES`.

    Raises:
        InputError: The name is not one of the bucket's, or the object is too large.
        MissingObjectError: There is no such object.
    """
    info = store.find(check_name(name))
    if info is None:
        raise MissingObjectError(message("bucket.not_there", name=name, bucket=store.bucket))
    if info.size > MOST_BYTES:
        raise InputError(message("bucket.too_large", name=name, size=info.size, most=MOST_BYTES))
    return info, store.read(name)


def month_prefixes(day: date) -> tuple[str, ...]:
    """Prefixes of all sales objects in the month of a date, CSV and Parquet."""
    return tuple(f"{prefix}{day:%Y/%m}/" for prefix in (SALES_PREFIX, PARQUET_PREFIX))


def day_prefixes(day: date) -> tuple[str, ...]:
    """Prefixes of all sales objects of a business date, CSV and Parquet."""
    return day_prefix(day), parquet_prefix(day)


def place_of(name: str) -> SalesName | None:
    """The date, window and unit of a sales object; None if its name is not of the layout.

    A day in Parquet has `PARQUET_TAG` and `ALL_UNITS`.
    """
    parquet = parse_parquet_name(name)
    if parquet:
        return SalesName(parquet.kind, parquet.day, ALL_UNITS, PARQUET_TAG)
    return parse_sales_name(name)


def manifest_prefix(day: date) -> str:
    """The prefix of the manifests of a business date."""
    return f"{MANIFEST_PREFIX}{day:%Y/%m/%d}/"


def manifest_days(names: Iterable[str]) -> dict[date, int]:
    """Dates with manifests, the newest first, and the number of manifests of each."""
    found: dict[date, int] = {}
    for name in names:
        parsed = date_of_folders(name.removeprefix(MANIFEST_PREFIX))
        if parsed:
            found[parsed] = found.get(parsed, 0) + 1
    return dict(sorted(found.items(), reverse=True))


def tally_by_day(objects: Iterable[ObjectInfo]) -> dict[date | None, Tally]:
    """Count sales objects by business date; None for names that are not of the layout."""
    return _tally_by(objects, lambda name: name.day)


def tally_by_window(objects: Iterable[ObjectInfo]) -> dict[str, Tally]:
    """Count a day's sales objects of the layout by window tag; bulk data has the empty tag."""
    found = _tally_by(objects, lambda name: name.window_tag or "")
    return {tag: tally for tag, tally in found.items() if tag is not None}


def tally_by_unit(objects: Iterable[ObjectInfo]) -> dict[int, Tally]:
    """Count a day's CSV files by unit, without names that are not of the layout."""
    found = _tally_by(objects, lambda name: name.unit_id)
    return {unit: tally for unit, tally in found.items() if unit}


def select_objects(
    objects: Iterable[ObjectInfo], tag: str | None, unit_id: int | None
) -> list[ObjectInfo]:
    """Select sales objects by window tag (empty for bulk data) and by unit; None selects any.

    Only without both does the result include names that are not of the layout.
    """
    if tag is None and unit_id is None:
        return list(objects)
    parsed = ((info, place_of(info.name)) for info in objects)
    return [
        info
        for info, name in parsed
        if name and tag in (None, name.window_tag or "") and unit_id in (None, name.unit_id)
    ]


def find_units(units: Iterable[int], text: str, catalog: Catalog) -> list[int]:
    """Find units whose number or name contains a text."""
    wanted = text.strip().casefold()
    return [
        unit
        for unit in units
        if wanted in f"unit_{unit:03d}" or wanted in catalog.unit(unit).name.casefold()
    ]


def tally_bucket(store: ObjectStore) -> dict[str, Tally]:
    """Count objects and bytes by kind, with one listing of the whole bucket."""
    sums = {kind: [0, 0] for kind in (*OBJECT_KINDS, OTHER)}
    for info in store.list(""):
        of_kind = sums[kind_of(info.name) or OTHER]
        of_kind[0] += 1
        of_kind[1] += info.size
    return {kind: Tally(count, size) for kind, (count, size) in sums.items()}


def compare_manifest(
    store: ObjectStore, manifest: Manifest, objects: Sequence[ObjectInfo]
) -> list[Comparison]:
    """Compare a manifest's files, by size and CRC32C, with the sales objects of its date."""
    present = {info.name: info for info in objects}
    return [
        _comparison(store, cell, file, present.get(file.name))
        for cell in manifest.cells.values()
        for file in (cell.orders, cell.order_items)
    ]


def find_unnamed(manifest: Manifest, objects: Iterable[ObjectInfo]) -> list[ObjectInfo]:
    """Find sales objects of a manifest's window that it does not name."""
    named = {name for cell in manifest.cells.values() for name in (cell.orders.name,
             cell.order_items.name)}  # fmt: skip
    of_window = select_objects(objects, manifest.window_tag or "", None)
    return [info for info in of_window if info.name not in named]


def zip_objects(store: ObjectStore, objects: Sequence[ObjectInfo]) -> bytes:
    """Pack objects into a ZIP archive, each under its name.

    Raises:
        InputError: The objects have more than `MOST_ZIPPED_BYTES`.
    """
    size = sum(info.size for info in objects)
    if size > MOST_ZIPPED_BYTES:
        raise InputError(message("bucket.archive", size=size, most=MOST_ZIPPED_BYTES))
    found = look_at_all(store, [info.name for info in objects])
    return zip_archive.zipped((stored.name, stored.data) for stored in found if stored)


def list_reports(store: ObjectStore, day: date | None) -> list[ObjectInfo]:
    """List error reports in quarantine, of one business date or all, the newest dates first.

    If an object's name is not of the layout, its report holds the date.
    """
    if day is None:
        found = store.list(QUARANTINE_PREFIX)
    else:
        found = store.list(QUARANTINE_PREFIX + day_prefix(day).removeprefix(SALES_PREFIX))
        others = [info for info in store.list(OTHER_PREFIX) if is_report(info.name)]
        read = store.read_all([info.name for info in others])
        found += [
            info
            for info, stored in zip(others, read, strict=True)
            if isinstance(stored, StoredObject) and _is_about(stored, day)
        ]
    return [info for info in reversed(found) if is_report(info.name)]


def _is_about(report: StoredObject, day: date) -> bool:
    with contextlib.suppress(InputError):
        return day_of(read_report(report.name, report.data).name) == day
    return False


def _comparison(
    store: ObjectStore, cell: CellEntry, file: FileEntry, info: ObjectInfo | None
) -> Comparison:
    if info is None:
        return Comparison(cell.unit_id, file, "", message("line.not_there"))
    found = info.crc32c or store.checksum(info.name)
    fault = ""
    if info.size != file.size and not info.encoded:
        fault = message("line.size", size=info.size, listed=file.size)
    elif found != file.crc32c:
        fault = message("line.checksum")
    return Comparison(cell.unit_id, file, found, fault)


def _tally_by(
    objects: Iterable[ObjectInfo], key: Callable[[SalesName], _Key]
) -> dict[_Key | None, Tally]:
    groups: dict[_Key | None, list[tuple[SalesName | None, int]]] = {}
    for info in objects:
        name = place_of(info.name)
        groups.setdefault(key(name) if name else None, []).append((name, info.size))
    return {
        group: Tally(
            len(found),
            sum(size for _, size in found),
            len({name.unit_id for name, _ in found if name} - {ALL_UNITS}),
            len({name.window_tag for name, _ in found if name}),
        )
        for group, found in groups.items()
    }


def _bytes(name: str) -> int:
    return len(name.encode("utf-8", "surrogatepass"))
