"""Withdraw a scenario: its request is published clean, and everything else of it goes.

Afterwards bucket and Bronze are as a clean publication leaves them. The record goes last, so that a
call that was cut off is repeated.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from core.bronze.ingest import Ingested
from core.errors import ChangedError
from core.operations.cleanup.absent import settle_absent
from core.operations.cleanup.leftovers import Settled
from core.operations.scenarios.record import Record
from core.pipeline import ingest_pending
from core.platform import Platform
from core.progress import Progress, silent
from core.storage.announcement import announced
from core.storage.delivery import Published, list_held
from core.storage.manifest import read_manifest
from core.storage.object_names import day_prefix, manifest_name, parse_sales_name
from core.storage.object_store import NewObject, ObjectStore, look
from core.storage.object_store.checksums import crc32c
from core.storage.publish import check, write
from core.storage.request import Request
from core.sums import add_fields


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a withdrawal did; `deleted` counts objects that a clean publication does not have."""

    published: Published
    ingested: Ingested
    settled: Settled
    deleted: int


def withdraw(
    platform: Platform, record: Record, now: datetime, progress: Progress = silent
) -> Withdrawn:
    """Publish the request of a record clean, and take everything of its scenario away.

    Cells that were published without the scenario since stay as they are.

    Raises:
        MixError: The date and a unit have data of another kind by now; nothing of it was written.
        TransientError: It cannot be done now; the same call continues where this one stopped.
        StoreError: The bucket or the warehouse refuse.
    """
    store, catalog, published = platform.store, platform.catalog, Published()
    with announced(store, record.request):
        for part in _spoiled_parts(store, record):
            plan = check(store, part, catalog, overwrite=True, force=False)
            published = add_fields(published, write(store, part, catalog, plan, progress))
    copies, extra = _leavings(platform, record)
    store.delete(*(name for name in list_held(store) if name in copies))
    deleted = dict(_delete(store, extra))
    prefixes = [*map(day_prefix, record.request.dates)]
    ingested = ingest_pending(platform, now, prefixes, progress)
    settled = settle_absent(platform, {new.name for new in extra}, deleted)
    store.delete(record.name)
    return Withdrawn(published, ingested, settled, len(deleted))


def _leavings(platform: Platform, record: Record) -> tuple[set[str], list[NewObject]]:
    """Names of held copies, and the objects that a clean publication does not have."""
    copies, extra, cells = set[str](), list[NewObject](), record.cells()
    for _, delivery in record.deliveries(platform.catalog):
        copies |= {held.copy.name for held in delivery.held}
        for new in delivery.finals:
            parsed = parse_sales_name(new.name)
            if parsed is None or (parsed.day, parsed.window_tag, parsed.unit_id) not in cells:
                extra.append(new)
    return copies, extra


def _spoiled_parts(store: ObjectStore, record: Record) -> Iterator[Request]:
    """The windows of the request, with the units that no other publication has replaced."""
    for at in record.request.slices:
        stored = look(store, manifest_name(at.day, at.tag))
        cells = read_manifest(stored.name, stored.data).cells if stored else {}
        units = tuple(
            unit
            for unit in record.request.units
            if unit not in cells or cells[unit].scenario == record.scenario.name
        )
        if units:
            part = replace(record.request, dates=(at.day,), windows=at.windows, units=units)
            yield replace(part, part=record.request.batched)


def _delete(store: ObjectStore, objects: Iterable[NewObject]) -> Iterator[tuple[str, int]]:
    """Delete objects that have these bytes; names and generations of the deleted ones."""
    for new in objects:
        found = store.find(new.name)
        if found and (found.crc32c or store.checksum(new.name)) == crc32c(new.data):
            try:
                store.delete_generation(found.name, found.generation)
            except ChangedError:
                continue
            yield found.name, found.generation
