"""Publish a request: write its objects once, with their manifests.

A publication compares what exists before it writes: equal objects are success, different ones are
a conflict that writes nothing, unless the caller overwrites. It refuses data of another kind of the
same unit and date, unless forced. The manifest comes last; the next publication completes an
interrupted one.
"""

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from core.errors import ConflictError, InputError
from core.generation.catalog import Catalog
from core.generation.csv_files import CellFiles, cell_files
from core.generation.windows import WindowOfDay
from core.messages import Message, message
from core.progress import Progress, silent
from core.storage.announcement import announced
from core.storage.delivery import (
    ExistingObjects,
    Published,
    Spoiler,
    compare_delivery,
    compare_object,
    deliveries,
    finder,
    write_deliveries,
)
from core.storage.kind_conflicts import refuse_other_csv, refuse_parquet
from core.storage.manifest import CellEntry, Manifest, file_entry, read_existing, read_manifest
from core.storage.object_names import (
    HELD_PREFIX,
    SALES_FILES,
    cell_prefix,
    day_prefix,
    manifest_name,
)
from core.storage.object_store import NewObject, ObjectInfo, ObjectStore, look_at_all, update_from
from core.storage.request import DAY_ORDERS, EVENT_CELLS, Request
from core.sums import add_fields

__all__ = [
    "DAY_ORDERS",
    "EVENT_CELLS",
    "ExistingObjects",
    "Published",
    "Request",
    "check",
    "publish",
    "write",
]

# Cells of a window in memory at a time: some 30 MB of a whole day's orders.
_HELD_CELLS = 2_000
_Block: TypeAlias = list[tuple[int, CellFiles]]  # units of a window with their files


def publish(
    store: ObjectStore,
    request: Request,
    catalog: Catalog,
    *,
    overwrite: bool = False,
    force: bool = False,
    progress: Progress = silent,
    spoiler: Spoiler | None = None,
) -> Published:
    """Write the request's objects and manifests, each window whole before the next.

    `overwrite` replaces objects with other bytes; `force` ignores data of another kind; `spoiler`
    makes faults, of windows only.

    Raises:
        ConflictError: Other data exists; nothing was written.
        InputError: Whole days under a spoiler.
        StoreError: The store refused.
    """
    with announced(store, request, force=force):
        plan = check(
            store, request, catalog, overwrite=overwrite, force=force, spoiler=spoiler
        )  # fmt: skip
        return write(store, request, catalog, plan, progress, spoiler)


def write(
    store: ObjectStore,
    request: Request,
    catalog: Catalog,
    plan: ExistingObjects,
    progress: Progress = silent,
    spoiler: Spoiler | None = None,
) -> Published:
    """Write what `check` found missing or different, within a block of `announced`.

    Raises:
        ConflictError: Other data was written since the check.
        StoreError: The store refused.
    """
    total = Published()
    slices = request.slices
    with store.session():
        for done, (at, blocks) in enumerate(_sliced(request, catalog)):
            progress(done, len(slices), message("step.window", day=at.day, hours=at.hours))
            total = add_fields(total, _publish_slice(store, request, at, blocks, plan, spoiler))
    progress(len(slices), len(slices), message("step.published"))
    return total


def check(
    store: ObjectStore,
    request: Request,
    catalog: Catalog,
    *,
    overwrite: bool,
    force: bool,
    spoiler: Spoiler | None = None,
) -> ExistingObjects:
    """Compare a request with what exists, and write nothing.

    One read per manifest and per object of unknown checksum; one lookup and one listing per date.

    Raises:
        ConflictError: Other data, or an unreadable manifest, exists and may neither be replaced
            nor mixed with.
        InputError: Whole days under a spoiler.
    """
    if spoiler and not request.windows:
        raise InputError(message("bucket.scenario_windows", scenario=spoiler.name))
    held = {found.name: found for found in store.list(HELD_PREFIX)} if spoiler else {}
    plan = ExistingObjects(overwrite)
    _read_manifests(store, request, plan)
    for day in request.dates:
        if not force:
            refuse_parquet(store, day, request.units)
        existing = {found.name: found for found in store.list(day_prefix(day))}
        if existing and not force:
            refuse_other_csv(existing, day, request.units, windows=bool(request.windows))
        if existing or spoiler:
            _compare_day(store, request.on(day), catalog, existing | held, plan, spoiler)
    if (plan.different or plan.unwanted) and not overwrite:
        raise ConflictError(_conflict(store, plan, spoiler))
    return plan


def _read_manifests(store: ObjectStore, request: Request, plan: ExistingObjects) -> None:
    names = [manifest_name(at.day, at.tag) for at in request.slices]
    for name, stored in zip(names, look_at_all(store, names), strict=True):
        plan.stored[name] = stored
        data = stored.data if stored else None
        found = read_existing(read_manifest, name, data, overwrite=plan.overwrite)
        if found:
            plan.manifests[name] = found


def _compare_day(
    store: ObjectStore,
    request: Request,
    catalog: Catalog,
    existing: Mapping[str, ObjectInfo],
    plan: ExistingObjects,
    spoiler: Spoiler | None,
) -> None:
    find = finder(store, request.dates[0], existing)
    for at, blocks in _sliced(request, catalog):
        for block in blocks:
            if spoiler:
                for cell, delivery in deliveries(spoiler, at, block, batched=request.batched):
                    compare_delivery(store, cell, delivery, find, plan)
            else:
                _compare(store, _objects(request, at, block), existing, plan)


def _compare(
    store: ObjectStore,
    pairs: Iterable[tuple[NewObject, NewObject]],
    existing: Mapping[str, ObjectInfo],
    plan: ExistingObjects,
) -> None:
    """Add the objects that exist to `plan`, with equal or with other bytes."""
    for new in itertools.chain(*pairs):
        if new.name in existing:
            compare_object(store, new, existing[new.name], plan)


def _publish_slice(
    store: ObjectStore,
    request: Request,
    at: WindowOfDay,
    blocks: Iterable[_Block],
    plan: ExistingObjects,
    spoiler: Spoiler | None,
) -> Published:
    total, entries, unnamed = Published(), list[CellEntry](), set[int]()
    for block in blocks:
        if spoiler:
            made = [*deliveries(spoiler, at, block, batched=request.batched)]
            total = add_fields(total, write_deliveries(store, made, plan))
            entries += [delivery.entry for _, delivery in made if delivery.entry]
            unnamed |= {cell.unit for cell, delivery in made if delivery.entry is None}
        else:
            pairs = _objects(request, at, block)
            total = add_fields(total, _write_block(store, pairs, block, plan))
            entries += _entries(request, at, block, pairs)
    _write_manifest(store, at, entries, plan, unnamed)
    return total


def _write_block(
    store: ObjectStore,
    pairs: Sequence[tuple[NewObject, NewObject]],
    block: _Block,
    plan: ExistingObjects,
) -> Published:
    changed = [new for pair in pairs for new in pair if new.name in plan.different]
    for new in changed:
        store.replace(new)
    known = plan.same | plan.different
    groups = [[new for new in pair if new.name not in known] for pair in pairs]
    created = store.create([group for group in groups if group])
    return Published(
        created=created,
        same=2 * len(pairs) - created - len(changed),
        replaced=len(changed),
        orders=sum(file.orders for _, file in block),
        items=sum(file.items for _, file in block),
        value_cents=sum(file.value_cents for _, file in block),
        size=sum(len(new.data) for pair in pairs for new in pair),
    )


def _write_manifest(
    store: ObjectStore,
    at: WindowOfDay,
    entries: Sequence[CellEntry],
    plan: ExistingObjects,
    unnamed: Collection[int] = (),
) -> None:
    name = manifest_name(at.day, at.tag)

    def add(before: bytes | None) -> bytes:
        found = read_existing(read_manifest, name, before, overwrite=plan.overwrite)
        manifest = found or Manifest(at.day, at.tag, {})
        return manifest.merged(entries).without(unnamed).to_bytes()

    update_from(store, name, plan.stored[name], add)


def _sliced(request: Request, catalog: Catalog) -> Iterator[tuple[WindowOfDay, Iterator[_Block]]]:
    """The files of each slice in blocks; take all blocks before the next slice."""
    files = cell_files(request.cells(), request.seed, catalog)
    for at in request.slices:
        yield at, _blocks(request.units, files)


def _blocks(units: Sequence[int], files: Iterator[CellFiles]) -> Iterator[_Block]:
    for start in range(0, len(units), _HELD_CELLS):
        yield list(zip(units[start : start + _HELD_CELLS], files, strict=False))


def _objects(request: Request, at: WindowOfDay, block: _Block) -> list[tuple[NewObject, NewObject]]:
    """Items, then orders, of each unit, so that items exist before their orders."""
    folders = [cell_prefix(at.day, unit, at.tag) for unit, _ in block]
    return [
        (
            NewObject(folder + SALES_FILES["order_items"], file.items_csv, request.batched),
            NewObject(folder + SALES_FILES["orders"], file.orders_csv, request.batched),
        )
        for folder, (_, file) in zip(folders, block, strict=True)
    ]


def _entries(
    request: Request, at: WindowOfDay, block: _Block, pairs: Sequence[tuple[NewObject, NewObject]]
) -> list[CellEntry]:
    window = at.window
    limits = (window.min_orders, window.max_orders) if window else request.day_orders
    return [
        CellEntry(
            unit, request.seed, *limits, file.value_cents,
            file_entry(orders, file.orders), file_entry(items, file.items),
        )
        for (unit, file), (items, orders) in zip(block, pairs, strict=True)
    ]  # fmt: skip


def _conflict(store: ObjectStore, plan: ExistingObjects, spoiler: Spoiler | None) -> Message:
    names = plan.different | plan.unwanted
    scenarios = {name: plan.scenario_of(name) for name in sorted(names)}
    name = next((name for name, scenario in scenarios.items() if scenario), min(names))
    code, known = "bucket.conflict", {}
    if scenarios[name]:
        code, known = "bucket.conflict_scenario", {"scenario": scenarios[name]}
    elif spoiler:
        code, known = "bucket.conflict_spoiling", {"scenario": spoiler.name}
    return message(code, count=len(names), bucket=store.bucket, name=name, **known)
