"""Publish a day in Parquet: all units' orders in one file and their items in another.

It is for volumes at which two small CSV files per unit and window are inefficient
(docs/parquet.md). The rules are those of `core.storage.publish`: items appear before orders, and
the manifest comes last. Manifest and checksums alone decide whether a day is complete.
"""

from collections.abc import Sequence
from datetime import date

from core.errors import ConflictError, InputError
from core.generation.catalog import Catalog
from core.generation.parquet_files import KINDS, DayFiles, day_files
from core.messages import Message, message
from core.storage.announcement import announced
from core.storage.day_manifest import DayManifest, Slice, read_day_manifest
from core.storage.kind_conflicts import refuse_csv
from core.storage.manifest import file_entry, read_existing
from core.storage.object_names import parquet_manifest_name, parquet_name
from core.storage.object_store import NewObject, ObjectStore, look, update
from core.storage.object_store.checksums import crc32c
from core.storage.publish import Published, Request


def publish_day(
    store: ObjectStore,
    request: Request,
    catalog: Catalog,
    *,
    overwrite: bool = False,
    force: bool = False,
) -> Published:
    """Write the two objects of a request's one date, and their manifest; a complete day stays.

    They have the same rows as the CSV files of the request. `overwrite` replaces objects with other
    bytes; `force` writes although units have CSV files of that date.

    Raises:
        InputError: The request is for more than one date.
        ConflictError: Other data exists; nothing was written.
        StoreError: The store refused.
    """
    with announced(store, request, parquet=True, force=force):
        return write_day(store, request, catalog, overwrite=overwrite, force=force)


def write_day(
    store: ObjectStore, request: Request, catalog: Catalog, *, overwrite: bool, force: bool
) -> Published:
    """What `publish_day` does, within a block of `announced`."""
    day = _the_date(request)
    manifest = _manifest(store, day, overwrite=overwrite)
    if manifest and _covers(manifest, request) and _has_objects_of(store, manifest):
        return _published(manifest, same=len(KINDS))
    if not force:
        refuse_csv(store, day, request.units)
    files = day_files(request.cells(), request.seed, catalog)
    return _write(store, request, files, overwrite=overwrite)


def check_day(
    store: ObjectStore, request: Request, catalog: Catalog, *, overwrite: bool, force: bool
) -> None:
    """Compare a request's one date with what exists, and write nothing.

    It generates files only when objects exist and are not the complete day.

    Raises:
        ConflictError: Other data exists and may neither be replaced nor mixed with.
    """
    day = _the_date(request)
    if _manifest(store, day, overwrite=overwrite) and is_complete(store, request):
        return
    if not force:
        refuse_csv(store, day, request.units)
    if overwrite or not any(store.find(parquet_name(kind, day)) for kind in KINDS):
        return
    _existing(store, _objects(day, day_files(request.cells(), request.seed, catalog)))


def is_complete(store: ObjectStore, request: Request) -> bool:
    """Whether the manifest of a request's one date covers the request, and both objects match it.

    Raises:
        InputError: The request is for more than one date.
    """
    day = _the_date(request)
    try:
        manifest = _manifest(store, day, overwrite=False)
    except ConflictError:
        return False
    return manifest is not None and _covers(manifest, request) and _has_objects_of(store, manifest)


def request_slices(request: Request) -> tuple[Slice, ...]:
    """A request's windows with their ranges of orders; without windows, the whole day."""
    if not request.windows:
        return (Slice(None, *request.day_orders),)
    return tuple(Slice(one.tag, one.min_orders, one.max_orders) for one in request.windows)


def _the_date(request: Request) -> date:
    if len(request.dates) != 1:
        raise InputError(message("request.parquet_dates", count=len(request.dates)))
    return request.dates[0]


def _covers(manifest: DayManifest, request: Request) -> bool:
    return manifest.made_from == (request.seed, request_slices(request), request.units)


def _has_objects_of(store: ObjectStore, manifest: DayManifest) -> bool:
    """Whether both objects have the manifest's sizes and checksums."""
    for file in manifest.files.values():
        found = store.find(file.name)
        if found is None or not file.may_be(found):
            return False
        if not found.crc32c and store.checksum(file.name) != file.crc32c:
            return False
    return True


def _manifest(store: ObjectStore, day: date, *, overwrite: bool) -> DayManifest | None:
    name = parquet_manifest_name(day)
    stored = look(store, name)
    data = stored.data if stored else None
    return read_existing(read_day_manifest, name, data, overwrite=overwrite)


def _write(store: ObjectStore, request: Request, files: DayFiles, *, overwrite: bool) -> Published:
    (day,) = request.dates
    objects = _objects(day, files)
    existing, changed = _existing(store, objects, overwrite=overwrite)
    with store.session():
        for new in changed:
            store.replace(new)
        missing = [new for new in objects if new not in existing]
        created = store.create([missing]) if missing else 0
        manifest = _new_manifest(request, files, objects)
        update(store, parquet_manifest_name(day), lambda _: manifest.to_bytes())
    same = len(objects) - created - len(changed)
    return _published(manifest, created=created, same=same, replaced=len(changed))


def _objects(day: date, files: DayFiles) -> list[NewObject]:
    return [NewObject(parquet_name(kind, day), files.data(kind), batched=True) for kind in KINDS]


def _existing(
    store: ObjectStore, objects: Sequence[NewObject], *, overwrite: bool = False
) -> tuple[list[NewObject], list[NewObject]]:
    """The objects that exist, and those with other bytes: a conflict without `overwrite`."""
    existing = [new for new in objects if store.find(new.name)]
    changed = [new for new in existing if store.checksum(new.name) != crc32c(new.data)]
    if changed and not overwrite:
        raise ConflictError(_conflict(store, changed[0].name))
    return existing, changed


def _new_manifest(request: Request, files: DayFiles, objects: list[NewObject]) -> DayManifest:
    items, orders = objects
    return DayManifest(
        request.dates[0], request.seed, request_slices(request), tuple(request.units),
        files.value_cents, file_entry(orders, files.orders), file_entry(items, files.items),
    )  # fmt: skip


def _published(
    manifest: DayManifest, created: int = 0, same: int = 0, replaced: int = 0
) -> Published:
    return Published(
        created, same, replaced, manifest.orders.rows, manifest.order_items.rows,
        manifest.value_cents, manifest.orders.size + manifest.order_items.size,
    )  # fmt: skip


def _conflict(store: ObjectStore, name: str) -> Message:
    return message("bucket.conflict_parquet", name=name, bucket=store.bucket)
