"""Taking away what a request made: its objects, its rows of Bronze, its entries of manifests.

Only what has the very bytes that the request makes goes, so nothing is lost that the same request
does not make again. The two files of a unit and window go together or stay together: where one has
other content both stay, with their rows, for items without their orders stop Silver. A removal that
was cut off is completed by the next one: objects go first, and Bronze is asked about every name. A
day in Parquet goes whole or stays whole.
"""

import operator
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from core.errors import InputError
from core.generation.catalog import Window
from core.generation.parquet_files import KINDS, day_files
from core.messages import message
from core.progress import Progress, silent
from core.storage.manifest import Manifest, read_manifest
from core.storage.object_names import (
    SALES_FILES,
    cell_prefix,
    day_prefix,
    manifest_name,
    parquet_manifest_name,
    parquet_name,
    parquet_prefix,
    parse_sales_name,
)
from core.storage.object_store import NewObject, ObjectStore
from core.storage.object_store.checksums import crc32c
from core.storage.object_store.update import look
from core.storage.publish import ExistingObjects, Request, check
from core.storage.publish_parquet import is_complete

if TYPE_CHECKING:
    from core.platform import Platform


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal did.

    Attributes:
        objects: Objects that were there and are gone.
        kept: Objects of the request's names that stay, since they or those of the same cell have
            other content.
        broken: Manifests that cannot be read and stay, since their windows have other objects.
    """

    objects: int = 0
    kept: int = 0
    broken: tuple[str, ...] = ()


def remove(platform: "Platform", request: Request, progress: Progress = silent) -> Removed:
    """Take away what a request made, in the bucket and in Bronze.

    Silver and Gold show it until they are rebuilt.

    Args:
        progress: Told the slices done, their number and the current one.

    Raises:
        TransientError: It cannot be done now; the same call goes on where this one stopped.
        StoreError: The bucket or the warehouse refuse.
    """
    store, slices = platform.store, request.slices
    plan = check(store, request, platform.catalog, overwrite=True, force=True)
    total = Removed()
    for done, (day, window) in enumerate(slices):
        hours = window.hours if window else message("words.whole_day")
        progress(done, len(slices), message("step.window", day=day, hours=hours))
        total = _add(total, _remove_slice(platform, request, (day, window), plan))
    for day in _in_parquet(platform, request):
        total = _add(total, _remove_day(platform, request.on(day)))
    progress(len(slices), len(slices), message("step.removed"))
    return total


def remove_cells(
    platform: "Platform",
    request: Request,
    cells: Mapping[str, Sequence[int]],
    progress: Progress = silent,
) -> Removed:
    """As `remove`, for some units of each window of a request, and nothing in Parquet.

    Args:
        cells: The units by the window's tag.
    """
    parts = [
        replace(request, windows=(window,), units=tuple(cells[window.tag]))
        for window in request.windows
        if cells.get(window.tag)
    ]
    total = Removed()
    for done, part in enumerate(parts):
        progress(done, len(parts), part.windows[0].hours)
        plan = check(platform.store, part, platform.catalog, overwrite=True, force=True)
        for at in part.slices:
            total = _add(total, _remove_slice(platform, part, at, plan))
    progress(len(parts), len(parts), message("step.removed"))
    return total


def _remove_slice(
    platform: "Platform", request: Request, at: tuple[date, Window | None], plan: ExistingObjects
) -> Removed:
    """Take away the cells of a date and window of which no file has other content."""
    store, (day, window) = platform.store, at
    tag = window.tag if window else None
    folders = [cell_prefix(day, unit, tag) for unit in request.units]
    cells = [[folder + file for file in SALES_FILES.values()] for folder in folders]
    gone = [name for cell in cells if plan.different.isdisjoint(cell) for name in cell]
    stay = [name for cell in cells if not plan.different.isdisjoint(cell) for name in cell]
    # The manifest first: what is not whole any more must not be taken for complete.
    readable = _forget(store, manifest_name(day, tag), gone)
    there = [name for name in gone if name in plan.same]
    store.delete(*there)
    deleted = {name: plan.generations[name] for name in there}
    platform.warehouse.remove(store.bucket, gone, deleted)
    broken = () if readable else _left_broken(store, day, tag)
    return Removed(len(there), sum(name in plan.same | plan.different for name in stay), broken)


def _left_broken(store: ObjectStore, day: date, tag: str | None) -> tuple[str, ...]:
    """A manifest that cannot be read, where it stays; without objects it says nothing, and goes."""
    name = manifest_name(day, tag)
    parsed = (parse_sales_name(info.name) for info in store.list(day_prefix(day)))
    if any(one is not None and one.window_tag == tag for one in parsed):
        return (name,)
    store.delete(name)
    return ()


def _add(one: Removed, other: Removed) -> Removed:
    return Removed(*map(operator.add, astuple(one), astuple(other)))


def _in_parquet(platform: "Platform", request: Request) -> list[date]:
    """Dates of which there is something in Parquet, in the bucket or in Bronze."""
    store = platform.store
    prefixes = map(parquet_prefix, request.dates)
    known = platform.warehouse.generations(store.bucket, *prefixes)
    return [
        day
        for day in request.dates
        if store.list(parquet_prefix(day)) or any(parquet_name(k, day) in known for k in KINDS)
    ]


def _remove_day(platform: "Platform", request: Request) -> Removed:
    """Take away a day in Parquet, if the request makes its very bytes."""
    store, (day,) = platform.store, request.dates
    names = [parquet_name(kind, day) for kind in KINDS]
    there = {info.name: info.generation for info in map(store.find, names) if info}
    if there and not is_complete(store, request):
        made = day_files(request.cells(), request.seed, platform.catalog)
        checksums = {parquet_name(kind, day): crc32c(made.data(kind)) for kind in KINDS}
        if any(store.checksum(name) != checksums[name] for name in there):
            return Removed(0, len(there))
    store.delete(parquet_manifest_name(day))
    store.delete(*there)
    platform.warehouse.remove(store.bucket, names, there)
    return Removed(len(there), 0)


def _forget(store: ObjectStore, name: str, gone: Collection[str]) -> bool:
    """Take cells out of a manifest, and the manifest away when none is left.

    Returns:
        Whether it could be read, or is not there.
    """
    stored = look(store, name)
    if stored is None:
        return True
    try:
        manifest = read_manifest(name, stored.data)
    except InputError:
        return False
    cells = {
        unit: cell
        for unit, cell in manifest.cells.items()
        if {cell.orders.name, cell.order_items.name}.isdisjoint(gone)
    }
    if not cells:
        store.delete(name)
    elif len(cells) < len(manifest.cells):
        less = Manifest(manifest.day, manifest.window_tag, cells).to_bytes()
        store.replace(NewObject(name, less), if_generation=stored.generation)
    return True
