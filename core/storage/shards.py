"""Split a large request into shards, for several cores, a Cloud Run Job or Beam.

A shard is one window of one date, or one whole date as in Parquet: no other shard writes its
manifest. Cells are pure functions of their coordinates, so every process generates the same bytes
for a shard. A shard that is complete by its manifest and a listing is not generated again.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from core.errors import InputError
from core.generation.catalog import Catalog
from core.generation.windows import WHOLE_DAY
from core.messages import message
from core.storage.announcement import announced
from core.storage.kind_conflicts import refuse_csv, refuse_other_csv, refuse_parquet
from core.storage.manifest import Manifest, read_manifest
from core.storage.object_names import (
    PARQUET_FILES,
    SALES_FILES,
    cell_prefix,
    day_prefix,
    manifest_name,
    parquet_manifest_name,
    parquet_name,
)
from core.storage.object_store import ObjectInfo, ObjectStore, look
from core.storage.publish import ExistingObjects as Found
from core.storage.publish import Published, Request, write
from core.storage.publish import check as check_request
from core.storage.publish_parquet import check_day, is_complete, write_day


class Format(StrEnum):
    """The file format of sales."""

    CSV = "csv"
    PARQUET = "parquet"


class Shard(NamedTuple):
    """A part of a request; without a window it is all that the request has of the date."""

    day: date
    window_tag: str | None = None

    def __str__(self) -> str:
        return f"{self.day} {self.window_tag or WHOLE_DAY}"


class State(StrEnum):
    """How much of a shard exists."""

    FRESH = "fresh"  # nothing
    OPEN = "open"  # something, or something else: it is compared byte by byte
    COMPLETE = "complete"  # all of it


@dataclass(frozen=True, slots=True)
class ShardedRequest:
    """A request, its format, and what it may replace."""

    request: Request
    format: Format = Format.CSV
    overwrite: bool = False
    force: bool = False

    @property
    def shards(self) -> list[Shard]:
        """All shards, by date, then window: the same list in every process."""
        if self.format is Format.PARQUET:
            return [Shard(day) for day in self.request.dates]
        return [Shard(at.day, at.tag) for at in self.request.slices]

    def part(self, shard: Shard) -> Request:
        """The request of a shard."""
        request = self.request
        windows = tuple(
            window for window in request.windows if shard.window_tag in (None, window.tag)
        )
        return replace(request, dates=(shard.day,), windows=windows, part=request.batched)


def share(shards: Sequence[Shard], index: int, count: int) -> Sequence[Shard]:
    """The shards of one of `count` tasks; together the tasks have each shard once.

    Raises:
        InputError: There is no task of that index.
    """
    if count < 1:
        raise InputError(message("request.tasks", count=count))
    if not 0 <= index < count:
        raise InputError(message("request.task", index=index, count=count, last=count - 1))
    return shards[index::count]


def states(store: ObjectStore, plan: ShardedRequest, shards: Sequence[Shard]) -> dict[Shard, State]:
    """How much exists of the shards of one date. One listing, and one read per manifest.

    A CSV object is compared by its size, and by its checksum if the store knows it without reading
    the bytes; if it may be overwritten, the shard stays open until its bytes are compared.

    Raises:
        MixError: Data of another kind exists, and no mix is forced.
    """
    (day,) = {shard.day for shard in shards}
    if plan.format is Format.PARQUET:
        return {shard: _state_of_day(store, plan, shard) for shard in shards}
    existing = {found.name: found for found in store.list(day_prefix(day))}
    if not plan.force:
        units = plan.request.units
        refuse_other_csv(existing, day, units, windows=bool(plan.request.windows))
        refuse_parquet(store, day, units)
    return {shard: _state(store, plan, shard, existing) for shard in shards}


def check(store: ObjectStore, plan: ShardedRequest, shard: Shard, catalog: Catalog) -> None:
    """Compare a shard with what exists, and write nothing.

    Raises:
        ConflictError: Other data exists and may neither be replaced nor mixed with.
    """
    look = check_day if plan.format is Format.PARQUET else check_request
    look(store, plan.part(shard), catalog, overwrite=plan.overwrite, force=plan.force)


def announce(
    store: ObjectStore, plan: ShardedRequest, shards: Sequence[Shard]
) -> contextlib.AbstractContextManager[None]:
    """A block that checks and writes shards, while no other publisher can begin another kind.

    Raises:
        MixError: Another publisher has begun.
    """
    tags = {shard.window_tag for shard in shards}
    request = replace(
        plan.request,
        dates=tuple(dict.fromkeys(shard.day for shard in shards)),
        windows=tuple(each for each in plan.request.windows if {None, each.tag} & tags),
    )
    return announced(store, request, parquet=plan.format is Format.PARQUET, force=plan.force)


def publish_shard(
    store: ObjectStore, plan: ShardedRequest, shard: Shard, catalog: Catalog
) -> Published:
    """Write the objects of a shard and its manifest; a complete shard is left unchanged.

    Raises:
        ConflictError: Other data exists; nothing was written.
        StoreError: The store refused.
    """
    with announce(store, plan, [shard]):
        return write_shard(store, plan, shard, catalog, states(store, plan, [shard])[shard])


def write_shard(
    store: ObjectStore, plan: ShardedRequest, shard: Shard, catalog: Catalog, state: State
) -> Published:
    """What `publish_shard` does, within a block of `announce`, for a shard in that state."""
    overwrite, force = plan.overwrite, plan.force
    request = plan.part(shard)
    if plan.format is Format.PARQUET:
        return write_day(store, request, catalog, overwrite=overwrite, force=force)
    if state is State.COMPLETE:
        return _covered(store, plan, shard)
    name = manifest_name(shard.day, shard.window_tag)
    found = Found(plan.overwrite, {name: None})
    if state is State.OPEN:
        found = check_request(store, request, catalog, overwrite=overwrite, force=force)
    return write(store, request, catalog, found)


def _state_of_day(store: ObjectStore, plan: ShardedRequest, shard: Shard) -> State:
    request = plan.part(shard)
    if is_complete(store, request):
        return State.COMPLETE
    if not plan.force:
        refuse_csv(store, shard.day, request.units)
    names = [parquet_name(kind, shard.day) for kind in PARQUET_FILES]
    there = [*map(store.find, names), store.find(parquet_manifest_name(shard.day))]
    return State.OPEN if any(there) else State.FRESH


def _state(
    store: ObjectStore, plan: ShardedRequest, shard: Shard, existing: Mapping[str, ObjectInfo]
) -> State:
    manifest = look(store, manifest_name(shard.day, shard.window_tag))
    folders = (cell_prefix(shard.day, unit, shard.window_tag) for unit in plan.request.units)
    files = SALES_FILES.values()
    if manifest is None and not (
        existing and any(folder + file in existing for folder in folders for file in files)
    ):
        return State.FRESH
    if manifest is None or plan.overwrite:
        return State.OPEN
    try:
        whole = _is_complete(
            read_manifest(manifest.name, manifest.data), plan.part(shard), existing
        )
    except InputError:
        return State.OPEN  # `publish` says what is wrong with it
    return State.COMPLETE if whole else State.OPEN


def _is_complete(manifest: Manifest, request: Request, existing: Mapping[str, ObjectInfo]) -> bool:
    """Whether the manifest covers the request, and the objects match it."""
    window = request.windows[0] if request.windows else None
    orders = (window.min_orders, window.max_orders) if window else request.day_orders
    for unit in request.units:
        cell = manifest.cells.get(unit)
        if cell is None or (cell.seed, cell.orders_min, cell.orders_max) != (request.seed, *orders):
            return False
        if not all(
            file.may_be(existing.get(file.name)) for file in (cell.orders, cell.order_items)
        ):
            return False
    return True


def _covered(store: ObjectStore, plan: ShardedRequest, shard: Shard) -> Published:
    """The result for a complete shard, by its manifest."""
    name = manifest_name(shard.day, shard.window_tag)
    manifest = read_manifest(name, store.read(name).data)
    cells = [manifest.cells[unit] for unit in plan.request.units]
    return Published(
        same=2 * len(cells),
        orders=sum(cell.orders.rows for cell in cells),
        items=sum(cell.order_items.rows for cell in cells),
        value_cents=sum(cell.value_cents for cell in cells),
        size=sum(cell.orders.size + cell.order_items.size for cell in cells),
    )
