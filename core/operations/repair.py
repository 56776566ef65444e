"""Repairing a window: write objects that are missing or changed, load objects once more.

Missing and changed objects are generated again from the manifest's seed, unit by unit; a unit that
no manifest names gets the default seed. A generation goes to Bronze once: to load an object once
more its bytes are written again, as another generation, whose rows replace those in Bronze.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.bronze import ingest
from core.errors import InputError
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import WindowOfDay
from core.messages import message
from core.pipeline import Uploaded, upload
from core.platform import Platform
from core.progress import Progress, silent
from core.reconcile.compare import ObjectVerdict, Verdict
from core.storage.manifest import Manifest, read_manifest
from core.storage.object_names import (
    PARQUET_TAG,
    SalesName,
    manifest_name,
    parse_parquet_name,
    parse_sales_name,
    sales_name,
)
from core.storage.object_store import NewObject, ObjectInfo, look
from core.storage.publish import DAY_ORDERS, Published, Request
from core.sums import add_fields
from core.warehouse.base import SALES_TABLES

_MISSING = frozenset({Verdict.MISSING, Verdict.GENERATED})
_CHANGED = frozenset({Verdict.MISMATCH, Verdict.QUARANTINED})
_THERE = frozenset({
    Verdict.IN_BRONZE, Verdict.UPLOADED, Verdict.QUARANTINED, Verdict.MISMATCH, Verdict.DUPLICATED,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remedies:
    """What can be done about some lines of a window.

    Attributes:
        fill: Units of which an object that is due is missing.
        rewrite: Units of which an object, or its rows, is not as the manifest says.
        reload: Names of objects that can be loaded once more.
        mixed: Units with bulk and incremental data, which only a person can put right.
        delete: Names of existing objects of units that nothing requested.
    """

    fill: tuple[int, ...]
    rewrite: tuple[int, ...]
    reload: tuple[str, ...]
    mixed: tuple[int, ...]
    delete: tuple[str, ...] = ()


def find_remedies(lines: Sequence[ObjectVerdict]) -> Remedies:
    """What can be done about one window's lines; a day in Parquet is only made again as a whole."""
    lines = [line for line in lines if line.window_tag != PARQUET_TAG]
    requested = [line for line in lines if line.requested]
    # Bulk data that no manifest names cannot be made again: its range of orders is unknown.
    known = [line for line in requested if line.expected is not None]
    return Remedies(
        _select_units(known, _MISSING),
        _select_units(requested, _CHANGED),
        tuple(line.name for line in lines if line.verdict in _THERE),
        _select_units(lines, frozenset({Verdict.MIXED})),
        tuple(line.name for line in lines if line.verdict in _THERE and not line.requested),
    )


def _select_units(lines: Sequence[ObjectVerdict], verdicts: frozenset[Verdict]) -> tuple[int, ...]:
    return tuple(sorted({line.unit_id for line in lines if line.verdict in verdicts}))


def plan_requests(platform: Platform, at: WindowOfDay, units: Sequence[int]) -> list[Request]:
    """The requests that make the units' objects as the manifest has them, one for each seed.

    Raises:
        InputError: No unit is named.
    """
    if not units:
        raise InputError(message("request.nothing_to_write"))
    manifest = _find_manifest(platform, at)
    by_origin: dict[tuple[int, tuple[int, int]], list[int]] = {}
    for unit in sorted(set(units)):
        cell = manifest.cells.get(unit) if manifest else None
        origin = (DEFAULT_SEED, DAY_ORDERS)
        if cell:
            origin = (cell.seed, DAY_ORDERS if at.window else (cell.orders_min, cell.orders_max))
        by_origin.setdefault(origin, []).append(unit)
    return [
        Request((at.day,), at.windows, tuple(found), seed, day_orders)
        for (seed, day_orders), found in by_origin.items()
    ]


def write_units(
    platform: Platform,
    at: WindowOfDay,
    units: Sequence[int],
    now: datetime,
    *,
    overwrite: bool = False,
    progress: Progress = silent,
) -> Uploaded:
    """Write the units' objects as the manifest has them, and load them into Bronze.

    Objects with the same bytes stay. `overwrite` replaces the others, and loads the same ones once
    more, so that Bronze has their rows whatever it had before.

    Raises:
        ConflictError: Other data exists there; nothing of that seed was written.
    """
    published, ingested = Published(), ingest.Ingested()
    before = _find_present(platform, at, units) if overwrite else {}
    for request in plan_requests(platform, at, units):
        done = upload(
            platform, request, now, overwrite=overwrite, wait_for_events=False, progress=progress
        )
        published = add_fields(published, done.published)
        ingested = add_fields(ingested, done.ingested)
    after = _find_present(platform, at, units) if before else {}
    same = [name for name, info in after.items() if before.get(name) == info]
    if same:
        again = load_again(platform, same, now, progress)
        ingested = add_fields(ingested, again)
    return Uploaded(published, ingested)


def load_again(
    platform: Platform, names: Sequence[str], now: datetime, progress: Progress = silent
) -> ingest.Ingested:
    """Load objects once more; their rows replace those that Bronze has of them.

    An object whose generation is not in Bronze yet is loaded without being written again; a name
    without an object is left out.

    Raises:
        InputError: A name is not that of a sales object, or the object is too large.
        ChangedError: Another writer changed an object meanwhile; the same call may be made again.
    """
    for name in names:
        if parse_sales_name(name) is None and parse_parquet_name(name) is None:
            raise InputError(message("request.no_sales_object", name=name))
    ledger = platform.warehouse.generations(platform.store.bucket, *names)
    for done, name in enumerate(names):
        progress(done, len(names), message("step.written_again"))
        info = platform.store.find(name)
        if info and ingest.size_reason(info):
            raise InputError(
                message("request.not_loaded_again", name=name, reason=ingest.size_reason(info))
            )
        stored = look(platform.store, name)
        if stored and not platform.store.supersedes(stored.generation, ledger.get(name)):
            # Marked as batched: this call loads it, not the function that gets the event.
            new = NewObject(name, stored.data, batched=True)
            platform.store.replace(new, if_generation=stored.generation)
    found = [info for info in map(platform.store.find, names) if info]
    return ingest.ingest_objects(
        platform.store, platform.warehouse, platform.catalog, found, now, again=ledger,
        progress=progress,
    )  # fmt: skip


def _find_present(
    platform: Platform, at: WindowOfDay, units: Sequence[int]
) -> dict[str, ObjectInfo]:
    """The units' objects that exist, items first, by name."""
    names = [
        sales_name(SalesName(kind, at.day, unit, at.tag))
        for unit in units
        for kind in reversed(SALES_TABLES)
    ]
    return {info.name: info for info in map(platform.store.find, names) if info}


def _find_manifest(platform: Platform, at: WindowOfDay) -> Manifest | None:
    """The window's manifest; None without one, or where it cannot be read."""
    name = manifest_name(at.day, at.tag)
    stored = look(platform.store, name)
    if stored is None:
        return None
    try:
        return read_manifest(name, stored.data)
    except InputError:
        return None  # a broken one says nothing of seeds; overwriting replaces it
