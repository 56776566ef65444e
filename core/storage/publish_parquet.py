"""A day in Parquet: all units' orders in one file and their items in another, written once.

It is for volumes at which two small CSV files a unit and window help nobody (docs/parquet.md). The
rules are those of `core.storage.publish`: what exists is compared before anything is written,
equal is
success, other content is a conflict that writes nothing, items appear before orders, and the
manifest comes last. Whether a day is complete is asked of manifest and checksums alone.
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
from core.storage.manifest import file_entry
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
    """Write the two objects of a request's one date, and their manifest.

    With windows they hold these windows' orders of all units, without windows whole days, row by
    row what the CSV files of the same request hold. A day that is complete is not made again.

    Args:
        overwrite: Replace objects that exist with other bytes.
        force: Write although units have CSV files of that date.

    Raises:
        InputError: The request is for more than one date.
        ConflictError: Other data stands there; nothing was written.
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
    if manifest and _covers(manifest, request) and _stands(store, manifest):
        return _published(manifest, same=len(KINDS))
    if not force:
        refuse_csv(store, day, request.units)
    files = day_files(request.cells(), request.seed, catalog)
    return _write(store, request, files, overwrite=overwrite)


def check_day(
    store: ObjectStore, request: Request, catalog: Catalog, *, overwrite: bool, force: bool
) -> None:
    """Compare a request's one date with what exists, and write nothing.

    Files are made to be compared only where objects stand there that are not the whole day.

    Raises:
        ConflictError: Other data stands there, and may neither be replaced nor mixed with.
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
    """Whether publishing a request's one date would find everything done; nothing is generated.

    The manifest must be made from the same seed, windows and units, and both objects stand there
    in the manifest's size and checksum.

    Raises:
        InputError: The request is for more than one date.
    """
    day = _the_date(request)
    try:
        manifest = _manifest(store, day, overwrite=False)
    except ConflictError:
        return False
    return manifest is not None and _covers(manifest, request) and _stands(store, manifest)


def request_slices(request: Request) -> tuple[Slice, ...]:
    """The windows of a request with their ranges of orders; without windows, the whole day."""
    if not request.windows:
        return (Slice(None, *request.day_orders),)
    return tuple(Slice(one.tag, one.min_orders, one.max_orders) for one in request.windows)


def _the_date(request: Request) -> date:
    if len(request.dates) != 1:
        raise InputError(message("request.parquet_dates", count=len(request.dates)))
    return request.dates[0]


def _covers(manifest: DayManifest, request: Request) -> bool:
    return manifest.made_from == (request.seed, request_slices(request), request.units)


def _stands(store: ObjectStore, manifest: DayManifest) -> bool:
    """Whether both objects are as the manifest says."""
    for file in manifest.files.values():
        found = store.find(file.name)
        if found is None or (found.size != file.size and not found.encoded):
            return False
        if (found.crc32c or store.checksum(file.name)) != file.crc32c:
            return False
    return True


def _manifest(store: ObjectStore, day: date, *, overwrite: bool) -> DayManifest | None:
    name = parquet_manifest_name(day)
    stored = look(store, name)
    try:
        return read_day_manifest(name, stored.data) if stored else None
    except InputError as error:
        if overwrite:
            return None
        raise ConflictError(message("bucket.nothing_written", error=error)) from error


def _write(store: ObjectStore, request: Request, files: DayFiles, *, overwrite: bool) -> Published:
    (day,) = request.dates
    objects = _objects(day, files)
    existing, changed = _existing(store, objects, overwrite=overwrite)
    with store.session():
        for new in changed:
            store.replace(new)
        missing = [new for new in objects if new not in existing]
        created = store.create([missing]) if missing else 0
        manifest = _made(request, files, objects)
        update(store, parquet_manifest_name(day), lambda _: manifest.to_bytes())
    same = len(objects) - created - len(changed)
    return _published(manifest, created=created, same=same, replaced=len(changed))


def _objects(day: date, files: DayFiles) -> list[NewObject]:
    return [NewObject(parquet_name(kind, day), files.data(kind), batched=True) for kind in KINDS]


def _existing(
    store: ObjectStore, objects: Sequence[NewObject], *, overwrite: bool = False
) -> tuple[list[NewObject], list[NewObject]]:
    """Which objects exist, and which of those with other bytes.

    Raises:
        ConflictError: One has other bytes, and may not be overwritten.
    """
    existing = [new for new in objects if store.find(new.name)]
    changed = [new for new in existing if store.checksum(new.name) != crc32c(new.data)]
    if changed and not overwrite:
        raise ConflictError(_conflict(store, changed[0].name))
    return existing, changed


def _made(request: Request, files: DayFiles, objects: list[NewObject]) -> DayManifest:
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
