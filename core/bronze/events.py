"""Handle one event of the bucket: load the object that was written before answering.

Events come more than once, at the same time, in any order and late. `deliver` returns when nothing
is left to do for the object. Otherwise it raises, and the event comes again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from core.bronze import quarantine
from core.bronze.ingest import judge_object, refuse_object, size_reason
from core.bronze.validation.bounds import bounds
from core.errors import ChangedError, MissingObjectError, TransientError
from core.messages import message
from core.storage.object_names import is_parquet_file, is_sales_file, reference_kind
from core.storage.object_store import ObjectInfo, StoredObject
from core.warehouse import Load

if TYPE_CHECKING:
    from core.platform import Platform

# `csv-processor` has no memory for more; sales of that size go to quarantine in any case.
MOST_BYTES = bounds("orders").size
# An object missing so soon after its event may not be visible yet.
VISIBLE_AFTER = timedelta(minutes=1)
# A publisher loads its batch right after writing it; if it has not by then, it has died.
BATCH_AFTER = timedelta(minutes=10)


class Outcome(StrEnum):
    """What became of an event."""

    LOADED = "loaded"
    QUARANTINED = "quarantined"
    ALREADY = "already in Bronze"
    SUPERSEDED = "superseded"
    GONE = "gone"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class ObjectEvent:
    """An object was written, at the aware moment `time`.

    A publisher loads its `batched` objects itself. `size` is in bytes; None if the event has none.
    """

    bucket: str
    name: str
    generation: int
    time: datetime
    batched: bool = False
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a delivery did; rows in = rows loaded + rows rejected.

    `detail` is the reason in a sentence, if the outcome does not give it.
    """

    outcome: Outcome
    detail: str = ""
    rows_in: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0


_SUPERSEDED = Delivered(Outcome.SUPERSEDED, "A newer generation has an event of its own.")


def deliver(platform: "Platform", event: ObjectEvent, now: datetime) -> Delivered:
    """Load an event's object into Bronze at the aware moment `now`; on return the event is settled.

    Raises:
        TransientError: The event has to come again.
        StoreError: Storage or warehouse refuse; the event has to come again once that is fixed.
    """
    reason = _why_ignored(platform, event)
    if reason:
        return Delivered(Outcome.IGNORED, reason)
    if event.batched and now - event.time < BATCH_AFTER:
        return _leave_to_batch(platform, event)
    stored = _large(platform, event) or _read(platform, event, now)
    if isinstance(stored, Delivered):
        return stored
    return _take(platform, event, stored, now)


def _why_ignored(platform: "Platform", event: ObjectEvent) -> str:
    """Why there is nothing to load, in a sentence; empty when there is."""
    if event.bucket != platform.store.bucket:
        return f"The bucket is not {platform.store.bucket}."
    if is_parquet_file(event.name):
        return "A day in Parquet is loaded by whoever publishes it."
    if not is_sales_file(event.name) and not reference_kind(event.name):
        return "This is neither sales nor reference data."
    return ""


def _large(platform: "Platform", event: ObjectEvent) -> ObjectInfo | None:
    """The object of the event if it is too large to be read here."""
    if event.size is not None and event.size <= MOST_BYTES:
        return None
    found = platform.store.find(event.name)
    same = found is not None and found.generation == event.generation
    return found if found and same and found.size > MOST_BYTES else None


def _take(
    platform: "Platform", event: ObjectEvent, stored: StoredObject | ObjectInfo, now: datetime
) -> Delivered:
    """Validate the bytes of an event, or refuse an object for its size; load the good rows."""
    if isinstance(stored, ObjectInfo) and not size_reason(stored):
        detail = f"{event.name} has {stored.size:,} bytes: load it with scripts/ingest_pending.py."
        return Delivered(Outcome.IGNORED, detail)
    try:
        if isinstance(stored, ObjectInfo):
            load = refuse_object(platform.store, stored)
        else:
            load = judge_object(platform.store, stored, platform.catalog, again=False)
    except ChangedError:
        return _SUPERSEDED
    new = platform.warehouse.load(event.bucket, [load], now)
    if not (load.rows.rows_rejected or load.rows.unreadable) and new.get(load.name, True):
        quarantine.clear(platform.store, load.name, load.generation)
    return _describe_delivery(load, new=load.name in new)


def _leave_to_batch(platform: "Platform", event: ObjectEvent) -> Delivered:
    if platform.warehouse.holds(event.bucket, event.name, event.generation):
        return Delivered(Outcome.ALREADY, "It was loaded together with others.")
    raise TransientError(message("bucket.loaded_by_writer", name=event.name))


def _read(platform: "Platform", event: ObjectEvent, now: datetime) -> StoredObject | Delivered:
    """The bytes that the event is about, or why there is nothing to do."""
    try:
        return platform.store.read(event.name, if_generation=event.generation)
    except MissingObjectError:
        if now - event.time < VISIBLE_AFTER:
            raise TransientError(message("bucket.not_seen", name=event.name)) from None
        return Delivered(Outcome.GONE, "The object was deleted.")
    except ChangedError:
        found = platform.store.find(event.name)
        if found and found.generation < event.generation:
            raise TransientError(
                message("bucket.generation_not_seen", name=event.name, generation=event.generation)
            ) from None
        if found:
            _withdraw(platform, event, found.generation)
        return _SUPERSEDED


def _withdraw(platform: "Platform", event: ObjectEvent, newer: int) -> None:
    """Clear what a killed process left in quarantine of a generation that was replaced.

    A generation that is in Bronze keeps its report until the newer one takes its place.
    """
    bucket, name, warehouse = event.bucket, event.name, platform.warehouse
    if not warehouse.holds(bucket, name, event.generation) or warehouse.holds(bucket, name, newer):
        quarantine.withdraw(platform.store, name, event.generation)


def _describe_delivery(load: Load, *, new: bool) -> Delivered:
    rows = load.rows
    if not new:
        return Delivered(Outcome.ALREADY)
    outcome = Outcome.QUARANTINED if rows.unreadable else Outcome.LOADED
    detail = rows.unreadable or ""
    return Delivered(outcome, detail, rows.rows_in, rows.rows_loaded, rows.rows_rejected)
