"""Verify a day in Parquet: generate both of its files again, and compare.

Another release of pyarrow may write other bytes for the same rows. If the object is the one that
the manifest names and has the same rows, that is no difference.
"""

from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

import numpy as np

from core.generation.catalog import MAX_UNIT, Catalog
from core.generation.cells import EPOCH, Cells
from core.generation.draws import Words
from core.generation.parquet_files import DayFiles, day_files, row_count, same_rows
from core.reconcile.distributions import start_hour
from core.reconcile.file_facts import (
    can_generate,
    describe_difference,
    describe_unknown_window,
    describe_value,
    facts_of,
    facts_of_entry,
)
from core.storage.day_manifest import DayManifest


class DayComparison(NamedTuple):
    """What was compared of a day, and the names of objects that differ, with the reasons."""

    cells: int
    objects: int
    size: int
    differences: list[tuple[str, str]]


def compare_day(
    manifest: DayManifest, name: str, catalog: Catalog, read: Callable[[str], bytes | None]
) -> DayComparison:
    """Generate a day again; compare it with its manifest (of that name) and with its objects.

    `read` returns the bytes of an object; None if it does not exist.
    """
    for part in manifest.slices:
        if unknown := describe_unknown_window(part.window_tag, catalog):
            return DayComparison(0, 0, 0, [(name, unknown)])
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
    worth = describe_value(manifest.value_cents, made.value_cents)
    if worth:
        differences.append((manifest.orders.name, worth))
    there = [data for data in found.values() if data is not None]
    return DayComparison(len(cells), len(there), sum(map(len, there)), differences)


def _difference(manifest: DayManifest, kind: str, made: DayFiles, data: bytes | None) -> str:
    """How an object or its entry in the manifest differs; empty if neither does."""
    new, listed = made.data(kind), manifest.files[kind]
    rows = made.orders if kind == "orders" else made.items
    found = facts_of(row_count(data), data) if data is not None else None
    if (
        data is not None
        and found == facts_of_entry(listed)
        and (data == new or same_rows(data, new))
    ):
        return ""
    return describe_difference(facts_of(rows, new), listed, found, is_same=data == new)


def _possible(manifest: DayManifest) -> bool:
    """Whether the generator accepts what the manifest was made from."""
    numbers = chain((manifest.seed,), manifest.units, *(part[1:] for part in manifest.slices))
    return (
        all(type(number) is int for number in numbers)
        and bool(manifest.units and manifest.slices)
        and 1 <= min(manifest.units) <= max(manifest.units) <= MAX_UNIT
        and all(
            can_generate(manifest.seed, part.orders_min, part.orders_max)
            for part in manifest.slices
        )
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
