"""Verify a day in Parquet: generate both of its files again, and compare.

Another release of pyarrow may write other bytes for the same rows. If the object is the one that
the manifest names and has the same rows, that is no difference.
"""

import re
from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

import numpy as np

from core.generation import windows
from core.generation.catalog import MAX_UNIT, Catalog
from core.generation.draws import Words
from core.generation.orders import EPOCH, MAX_ORDERS, Cells
from core.generation.parquet_files import DayFiles, day_files, row_count, same_rows
from core.reconcile.distributions import start_hour
from core.storage.day_manifest import DayManifest, Slice
from core.storage.object_store.checksums import crc32c

_TAG = re.compile(r"window_([01]\d|2[0-3])\d\d")


class DayComparison(NamedTuple):
    """What was compared of a day, and the names of objects that differ, with the reasons."""

    cells: int
    objects: int
    size: int
    differences: list[tuple[str, str]]


class _Facts(NamedTuple):
    rows: int
    size: int
    crc32c: str

    def __str__(self) -> str:
        return f"{self.rows} rows in {self.size} bytes with CRC32C {self.crc32c}"


def compare_day(
    manifest: DayManifest, name: str, catalog: Catalog, read: Callable[[str], bytes | None]
) -> DayComparison:
    """Generate a day again and compare it with its manifest and its objects.

    Args:
        name: The manifest's name.
        read: Returns the bytes of an object; None if it does not exist.
    """
    if not _possible(manifest):
        return DayComparison(0, 0, 0, [(name, "What it was made from cannot be generated.")])
    cells = _cells(manifest)
    made = day_files(cells, manifest.seed, catalog)
    found = {kind: read(file.name) for kind, file in manifest.files.items()}
    differences = [
        (manifest.files[kind].name, detail)
        for kind, data in found.items()
        if (detail := _difference(manifest, kind, made, data))
    ]
    if made.value_cents != manifest.value_cents:
        said = f"The manifest says {manifest.value_cents} cents"
        worth = f"{said}, the orders are worth {made.value_cents}."
        differences.append((manifest.orders.name, worth))
    there = [data for data in found.values() if data is not None]
    return DayComparison(len(cells), len(there), sum(map(len, there)), differences)


def _difference(manifest: DayManifest, kind: str, made: DayFiles, data: bytes | None) -> str:
    """How an object or its entry in the manifest differs; empty if neither does."""
    new, listed = made.data(kind), manifest.files[kind]
    rows = made.orders if kind == "orders" else made.items
    expected = _Facts(rows, len(new), crc32c(new))
    said = _Facts(listed.rows, listed.size, listed.crc32c)
    found = _Facts(row_count(data), len(data), crc32c(data)) if data is not None else None
    if data is not None and found == said and (data == new or same_rows(data, new)):
        return ""
    details = [f"the manifest says {said}"] if said != expected else []
    if found is None:
        details.append("the object is missing")
    elif found != expected:
        details.append(f"the object has {found}")
    return f"Generated anew it has {expected}; {', '.join(details)}."


def _possible(manifest: DayManifest) -> bool:
    """Whether the generator accepts what the manifest was made from."""
    numbers = chain((manifest.seed,), manifest.units, *(part[1:] for part in manifest.slices))
    return (
        all(type(number) is int for number in numbers)
        and bool(manifest.units and manifest.slices)
        and 0 <= manifest.seed <= windows.MAX_SEED
        and 1 <= min(manifest.units) <= max(manifest.units) <= MAX_UNIT
        and all(map(_possible_slice, manifest.slices))
    )


def _possible_slice(part: Slice) -> bool:
    return (part.window_tag is None or _TAG.fullmatch(part.window_tag) is not None) and (
        0 <= part.orders_min <= part.orders_max <= MAX_ORDERS
    )


def _cells(manifest: DayManifest) -> Cells:
    """The cells in row order: by slice, then by unit."""
    count = len(manifest.slices) * len(manifest.units)
    units = np.tile(np.array(manifest.units, np.uint64), len(manifest.slices))

    def of_slices(values: list[int]) -> Words:
        return np.repeat(np.array(values, np.uint64), len(manifest.units))

    return Cells(
        day=np.full(count, (manifest.day - EPOCH).days, np.uint64),
        hour=of_slices([start_hour(part.window_tag) for part in manifest.slices]),
        unit=units,
        orders_min=of_slices([part.orders_min for part in manifest.slices]),
        orders_max=of_slices([part.orders_max for part in manifest.slices]),
    )
