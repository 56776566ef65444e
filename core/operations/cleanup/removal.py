"""Removing what a request made: its objects, its rows in Bronze, its entries in manifests.

Only objects with exactly the request's bytes are deleted, in the generation that was compared, so
the same request can make them again. Items without their orders stop Silver: where one of the two
files of a unit and window has other content both stay, with their rows. A day in Parquet goes or
stays whole. The next removal completes one that was cut off: objects go first, then all their rows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from core.errors import InputError
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
from core.storage.object_store import NewObject, ObjectStore, StoredObject
from core.storage.object_store.checksums import crc32c
from core.storage.object_store.update import look
from core.storage.publish import Request, check
from core.storage.publish_parquet import is_complete
from core.sums import add_fields

if TYPE_CHECKING:
    from core.platform import Platform


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal did.

    Attributes:
        objects: How many were there and are gone.
        kept: How many stay, because they or others of the same cell have other content.
        broken: Manifests that cannot be read and stay, because their windows have other objects.
    """

    objects: int = 0
    kept: int = 0
    broken: tuple[str, ...] = ()


def remove_request(platform: "Platform", request: Request, progress: Progress = silent) -> Removed:
    """Remove what a request made from bucket and Bronze; Silver and Gold keep it until a rebuild.

    Raises:
        TransientError: It cannot be done now; the same call continues where this one stopped.
        StoreError: The bucket or the warehouse refuse.
    """
    parts = [replace(request, dates=(at.day,), windows=at.windows) for at in request.slices]
    total = _remove_parts(platform, parts, progress)
    for day in _find_parquet_dates(platform, request):
        total = add_fields(total, _remove_day(platform, request.on(day)))
    return total


def remove_cells(
    platform: "Platform",
    request: Request,
    cells: Mapping[str, Sequence[int]],
    progress: Progress = silent,
) -> Removed:
    """As `remove_request`, but only `cells`, units by window tag, and nothing in Parquet."""
    parts = [
        replace(request, dates=(day,), windows=(window,), units=tuple(cells[window.tag]))
        for day, window in request.slices
        if window and cells.get(window.tag)
    ]
    return _remove_parts(platform, parts, progress)


def _remove_parts(platform: "Platform", parts: Sequence[Request], progress: Progress) -> Removed:
    total = Removed()
    for done, part in enumerate(parts):
        (at,) = part.slices
        progress(done, len(parts), message("step.window", day=at.day, hours=at.hours))
        total = add_fields(total, _remove_part(platform, part))
    progress(len(parts), len(parts), message("step.removed"))
    return total


def _remove_part(platform: "Platform", part: Request) -> Removed:
    """Remove the cells of a date and window of which no file has other content."""
    store, (at,) = platform.store, part.slices
    found = check(store, part, platform.catalog, overwrite=True, force=True)
    folders = [cell_prefix(at.day, unit, at.tag) for unit in part.units]
    cells = [tuple(folder + SALES_FILES[kind] for kind in KINDS) for folder in folders]
    cells = [cell for cell in cells if found.different.isdisjoint(cell)]
    # The manifest first: nothing may take a window for complete that is not whole any more.
    broken = _forget(
        store, manifest_name(at.day, at.tag), {name for cell in cells for name in cell}
    )
    gone = _delete_cells(store, cells, found.generations)
    deleted = {name: found.generations[name] for name in gone if name in found.generations}
    platform.warehouse.remove(store.bucket, gone, deleted)
    if broken and not _has_objects(store, at.day, at.tag):
        store.delete_generation(broken.name, broken.generation)
        broken = None
    kept = len(found.generations) - len(deleted)
    return Removed(len(deleted), kept, (broken.name,) if broken else ())


def _delete_cells(
    store: ObjectStore, cells: Sequence[tuple[str, ...]], generations: Mapping[str, int]
) -> list[str]:
    """Delete the compared items of each cell, then its orders; the names without an object.

    Where the items were written again since, the orders stay with them.
    """
    gone = list[str]()
    for of_kind in range(len(KINDS)):
        names = [cell[of_kind] for cell in cells]
        there = {name: generations[name] for name in names if name in generations}
        stay = store.delete_generations(there)
        cells = [cell for cell in cells if stay.isdisjoint(cell)]
        gone += [cell[of_kind] for cell in cells]
    return gone


def _has_objects(store: ObjectStore, day: date, tag: str | None) -> bool:
    """Whether the bucket has sales of a window, without which its manifest says nothing."""
    parsed = (parse_sales_name(info.name) for info in store.list(day_prefix(day)))
    return any(one is not None and one.window_tag == tag for one in parsed)


def _find_parquet_dates(platform: "Platform", request: Request) -> list[date]:
    """Dates of which the bucket or Bronze has something in Parquet."""
    store = platform.store
    prefixes = map(parquet_prefix, request.dates)
    known = platform.warehouse.generations(store.bucket, *prefixes)
    return [
        day
        for day in request.dates
        if store.list(parquet_prefix(day)) or any(parquet_name(k, day) in known for k in KINDS)
    ]


def _remove_day(platform: "Platform", request: Request) -> Removed:
    """Remove a day in Parquet if the request makes exactly its bytes."""
    store, (day,) = platform.store, request.dates
    names = [parquet_name(kind, day) for kind in KINDS]
    manifest = store.find(parquet_manifest_name(day))
    there = {info.name: info.generation for info in map(store.find, names) if info}
    if there and not is_complete(store, request):
        made = day_files(request.cells(), request.seed, platform.catalog)
        checksums = {parquet_name(kind, day): crc32c(made.data(kind)) for kind in KINDS}
        if any(store.checksum(name) != checksums[name] for name in there):
            return Removed(0, len(there))
    if manifest:
        store.delete_generation(manifest.name, manifest.generation)
    stay = store.delete_generations(there)
    deleted = {name: there[name] for name in there if name not in stay}
    gone = [name for name in names if name not in stay]
    platform.warehouse.remove(store.bucket, gone, deleted)
    return Removed(len(deleted), len(stay))


def _forget(store: ObjectStore, name: str, gone: Collection[str]) -> StoredObject | None:
    """Remove cells from a manifest, and it with the last one; the manifest if it cannot be read."""
    stored = look(store, name)
    if stored is None:
        return None
    try:
        manifest = read_manifest(name, stored.data)
    except InputError:
        return stored
    cells = {
        unit: cell
        for unit, cell in manifest.cells.items()
        if {cell.orders.name, cell.order_items.name}.isdisjoint(gone)
    }
    if not cells:
        store.delete_generation(name, stored.generation)
    elif len(cells) < len(manifest.cells):
        less = Manifest(manifest.day, manifest.window_tag, cells).to_bytes()
        store.replace(NewObject(name, less), if_generation=stored.generation)
    return None
