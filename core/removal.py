"""Taking away what a request made: its objects, its rows of Bronze, its entries of manifests.

Only what has the very bytes that the request makes goes, so nothing is lost that the same request
does not make again; objects of other content stay, with their rows. A removal that was cut off is
completed by the next one: objects go first, and Bronze is asked about every name. A day in Parquet
goes whole or stays whole.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.catalog import Window
from core.checksums import crc32c
from core.columnar import KINDS, day_files
from core.manifest import Manifest, read_manifest
from core.names import (
    SALES_FILES,
    cell_prefix,
    manifest_name,
    parquet_manifest_name,
    parquet_name,
    parquet_prefix,
)
from core.object_store import NewObject, ObjectStore
from core.object_store.update import look
from core.parquet import is_complete
from core.progress import Progress, silent
from core.publish import Request, check

if TYPE_CHECKING:
    from core.pipeline import Platform


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal did.

    Attributes:
        objects: Objects that were there and are gone.
        kept: Objects of the request's names that have other content, and stay.
    """

    objects: int
    kept: int


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
    for done, (day, window) in enumerate(slices):
        progress(done, len(slices), f"{day} {window.hours if window else 'whole day'}")
        names = [name for name in _names(request, day, window) if name not in plan.different]
        # The manifest first: what is not whole any more must not be taken for complete.
        _forget(store, manifest_name(day, window.tag if window else None), names)
        store.delete(*(name for name in names if name in plan.same))
        platform.warehouse.remove(store.bucket, names)
    days = [_remove_day(platform, request.on(day)) for day in _in_parquet(platform, request)]
    progress(len(slices), len(slices), "removed")
    return Removed(
        len(plan.same) + sum(day.objects for day in days),
        len(plan.different) + sum(day.kept for day in days),
    )


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
    there = [name for name in names if store.find(name)]
    if there and not is_complete(store, request):
        made = day_files(request.cells(), request.seed, platform.catalog)
        checksums = {parquet_name(kind, day): crc32c(made.data(kind)) for kind in KINDS}
        if any(store.checksum(name) != checksums[name] for name in there):
            return Removed(0, len(there))
    store.delete(parquet_manifest_name(day))
    store.delete(*there)
    platform.warehouse.remove(store.bucket, names)
    return Removed(len(there), 0)


def _names(request: Request, day: date, window: Window | None) -> list[str]:
    tag = window.tag if window else None
    folders = [cell_prefix(day, unit, tag) for unit in request.units]
    return [folder + file for folder in folders for file in SALES_FILES.values()]


def _forget(store: ObjectStore, name: str, gone: Collection[str]) -> None:
    """Take cells out of a manifest, and the manifest away when none is left."""
    stored = look(store, name)
    if stored is None:
        return
    manifest = read_manifest(name, stored.data)
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
