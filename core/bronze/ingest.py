"""Load objects into Bronze: each generation of each object once, every row accounted for.

    object -> read -> validate -> good rows + bad rows -> quarantine -> Bronze and ledger

The warehouse loads an object whole or not at all, even if a process is killed. Before that, bad
rows go to quarantine under names derived from the object's name, so that a second try changes
nothing. Rows in = rows loaded + rows rejected, always. A transient fault raises and is never taken
for bad data. A Parquet object with one bad row goes to quarantine whole.

Events come in any order, so each row is judged by its object alone. Silver's checks and the
reconciliation find what only two objects together show, such as an item without its order.
"""

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from core.bronze import quarantine
from core.bronze.validation.bounds import PARQUET_BYTES, bounds, size_fault
from core.bronze.validation.codes import Code
from core.bronze.validation.csv_file import Expected, refuse_file, validate_csv, validate_parquet
from core.errors import ChangedError, DeletedError, EntryError, StoreError
from core.generation.catalog import Catalog
from core.generation.windows import FIRST_DATE, LAST_DATE
from core.messages import message
from core.progress import Progress, silent
from core.showable import showable
from core.storage.object_names import (
    PARQUET_PREFIX,
    REFERENCE_PREFIX,
    SALES_PREFIX,
    is_parquet_file,
    is_sales_file,
    parse_parquet_name,
    parse_sales_name,
    reference_kind,
)
from core.storage.object_store import Listing, ObjectInfo, ObjectStore, StoredObject, Unreadable
from core.storage.object_store.checksums import crc32c
from core.warehouse import Load, Warehouse, deny
from core.warehouse.validated import Reason, Validated

BATCH_OBJECTS = 3_000
BATCH_BYTES = 32 * 2**20
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingestion did; rows in = rows loaded + rows rejected.

    Attributes:
        objects: Generations of objects that are new in Bronze.
        unreadable: How many of them went to quarantine whole.
        left: Entries that could not be read, or whose bad rows could not be written to quarantine;
            nothing of them is in Bronze.
    """

    objects: int = 0
    unreadable: int = 0
    rows_in: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    left: tuple[Unreadable, ...] = ()


def list_pending(
    store: ObjectStore,
    ledger: Mapping[str, int],
    prefixes: Iterable[str] | None = None,
    uncertain: Mapping[str, str] = NOTHING,
) -> list[ObjectInfo]:
    """Objects whose present generation is not in Bronze, items before orders of the same folder.

    `ledger` has the generation of each object in Bronze, and `uncertain` the CRC32C of those whose
    generation alone does not decide. Each of `prefixes` ends in a slash; by default all are listed.
    """
    return find_pending(store, ledger, prefixes, uncertain).objects


def find_pending(
    store: ObjectStore,
    ledger: Mapping[str, int],
    prefixes: Iterable[str] | None = None,
    uncertain: Mapping[str, str] = NOTHING,
) -> Listing:
    """The objects of `list_pending`, and the unreadable entries, with folders, for Bronze."""
    found = Listing([], [])
    for prefix in prefixes or (REFERENCE_PREFIX, SALES_PREFIX, PARQUET_PREFIX):
        below = store.listing(prefix)
        found.objects.extend(
            info
            for info in below.objects
            if is_for_bronze(info.name) and _is_pending(store, info, ledger, uncertain)
        )
        found.unreadable.extend(
            entry
            for entry in below.unreadable
            if entry.name[-1:] == "/" or is_for_bronze(entry.name)
        )
    return found


def is_for_bronze(name: str) -> bool:
    """Whether an object of that name is one that Bronze takes."""
    return is_sales_file(name) or is_parquet_file(name) or reference_kind(name) is not None


def _is_pending(
    store: ObjectStore, info: ObjectInfo, ledger: Mapping[str, int], uncertain: Mapping[str, str]
) -> bool:
    if store.supersedes(info.generation, ledger.get(info.name)):
        return True
    if info.name not in uncertain:
        return False
    try:
        return store.checksum(info.name) != uncertain[info.name]
    except StoreError:
        return True  # the reader reports why it cannot be read


def ingest_objects(
    store: ObjectStore,
    warehouse: Warehouse,
    catalog: Catalog,
    objects: Sequence[ObjectInfo],
    now: datetime,
    *,
    again: Collection[str] | None = None,
    progress: Progress = silent,
) -> Ingested:
    """Load objects of `list_pending` into Bronze, in batches; those in Bronze already add nothing.

    Args:
        now: The aware moment of ingestion, written to every row.
        again: Names of objects whose older generation may have left something in quarantine; by
            default all of them.

    Raises:
        TransientError: The warehouse or store cannot be reached now; the same call goes on where
            this one stopped.
        StoreError: The store refuses to be read or written.
    """
    total, done = Ingested(), 0
    for batch in batches(objects):
        progress(done, len(objects), message("step.objects_to_bronze"))
        wanted = {info: again is None or info.name in again for info in batch}
        loads, left = judge_all(store, catalog, wanted)
        new = warehouse.load(store.bucket, loads, now)
        total = add_loads(total, [load.rows for load in loads if load.name in new], left)
        done += len(batch)
    progress(done, len(objects), message("step.objects_to_bronze"))
    return total


def judge_all(
    store: ObjectStore, catalog: Catalog, again: Mapping[ObjectInfo, bool]
) -> tuple[list[Load], list[Unreadable]]:
    """Judge each object that exists; skip those that were written again meanwhile.

    `again` is whether to clear an object's quarantine. Returns the loads, and the entries that
    could not be read or quarantined.
    """
    loads, left = list[Load](), list[Unreadable]()
    for info, stored in _read(store, again):
        if isinstance(stored, Unreadable):
            left.append(stored)
            continue
        try:
            if stored:
                loads.append(judge_object(store, stored, catalog, again=again[info]))
            else:
                loads.append(refuse_object(store, info))
        except EntryError as error:
            left.append(Unreadable(showable(info.name), error.sentence))
        except ChangedError:
            continue
    return loads, left


def _read(
    store: ObjectStore, objects: Iterable[ObjectInfo]
) -> Iterator[tuple[ObjectInfo, StoredObject | Unreadable | None]]:
    """Each object that exists, with its bytes; None in their place for one that is too large."""
    large = [info for info in objects if size_reason(info)]
    small = [info for info in objects if info not in large] if large else [*objects]
    for info, stored in zip(small, store.read_all([info.name for info in small]), strict=True):
        if stored is not None:
            yield info, stored
    yield from ((info, None) for info in large)


def size_reason(info: ObjectInfo) -> Reason:
    """Why an object is too large to be read, in a sentence; empty when it is not."""
    if is_parquet_file(info.name):
        return size_fault(info.size, PARQUET_BYTES)
    return size_fault(info.size, bounds(reference_kind(info.name) or "orders").size)


def refuse_object(store: ObjectStore, info: ObjectInfo) -> Load:
    """Report an object that is too large in quarantine, without its bytes.

    Raises:
        ChangedError: The object was written again meanwhile.
    """
    parsed = parse_sales_name(info.name) or parse_parquet_name(info.name)
    kind = reference_kind(info.name) or (parsed.kind if parsed else "unknown")
    rows = refuse_file(kind, b"", size_reason(info))
    quarantine.write(store, StoredObject(info.name, info.generation, b""), rows)
    checksum = info.crc32c if info.crc32c or info.encoded else store.checksum(info.name)
    return with_check(store, Load(info.name, info.generation, rows, info.size, checksum))


def judge_object(
    store: ObjectStore, stored: StoredObject, catalog: Catalog, *, again: bool
) -> Load:
    """Validate an object, and write its bad rows to quarantine; `again` clears older ones there.

    Raises:
        ChangedError: The object has bad rows and was written again meanwhile; its newer
            generation is judged separately.
    """
    rows = judge_rows(stored.name, stored.data, catalog)
    if rows.rows_rejected or rows.unreadable:
        quarantine.write(store, stored, rows)
    elif again:
        quarantine.clear(store, stored.name, stored.generation)
    file = stored.data if rows.whole else None
    load = Load(stored.name, stored.generation, rows, len(stored.data), crc32c(stored.data), file)
    return with_check(store, load)


def with_check(store: ObjectStore, load: Load) -> Load:
    """A load that checks, before it counts, that the store still has this generation."""
    return load._replace(confirm=functools.partial(_confirm, store, load.name, load.generation))


def without_check(load: Load) -> Load:
    """A load without its check, to be sent to another process; that one calls `with_check`."""
    return load._replace(confirm=deny)


def _confirm(store: ObjectStore, name: str, generation: int) -> None:
    """Raise `DeletedError` or `ChangedError` unless an object still has the judged generation."""
    found = store.find(name)
    if found is None:
        raise DeletedError(message("bucket.deleted_loading", name=name))
    if found.generation != generation:
        raise ChangedError(message("bucket.changed_loading", name=name))


def judge_rows(name: str, data: bytes, catalog: Catalog) -> Validated:
    """Accept or reject the rows of an object, by its name and bytes alone."""
    kind = reference_kind(name)
    if kind:
        return validate_csv(Expected(kind, None, None), data)
    if is_parquet_file(name):
        return _judge_parquet(name, data)
    parsed = parse_sales_name(name)
    if parsed is None:
        reason = Reason(f"{name} is not the name of a sales object.", Code.NAME)
        return refuse_file("unknown", data, reason)
    tags = [window.tag for window in catalog.windows]
    if parsed.window_tag and parsed.window_tag not in tags:
        sentence = f"{parsed.window_tag} is not a business window: use {', '.join(tags)}."
        return refuse_file(parsed.kind, data, Reason(sentence, Code.WINDOW))
    if not FIRST_DATE <= parsed.day <= LAST_DATE:
        return refuse_file(parsed.kind, data, _no_date(parsed.day))
    return validate_csv(Expected(parsed.kind, parsed.unit_id, parsed.day), data)


def _judge_parquet(name: str, data: bytes) -> Validated:
    parsed = parse_parquet_name(name)
    if parsed is None:
        reason = Reason(f"{name} is not the name of a day's sales in Parquet.", Code.NAME)
        return Validated("unknown", 0, {}, (), reason)
    if not FIRST_DATE <= parsed.day <= LAST_DATE:
        return Validated(parsed.kind, 0, {}, (), _no_date(parsed.day))
    return validate_parquet(Expected(parsed.kind, None, parsed.day), data)


def _no_date(day: date) -> Reason:
    sentence = f"{day} is out of range: dates run from {FIRST_DATE} to {LAST_DATE}."
    return Reason(sentence, Code.DATE_RANGE)


def batches(
    objects: Sequence[ObjectInfo], most_bytes: int = BATCH_BYTES
) -> Iterator[list[ObjectInfo]]:
    """Split objects into batches bounded in number and bytes; a large object is a batch alone."""
    batch: list[ObjectInfo] = []
    size = 0
    for info in objects:
        if batch and (len(batch) == BATCH_OBJECTS or size + info.size > most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(info)
        size += info.size
    if batch:
        yield batch


def add_loads(
    total: Ingested, loaded: Iterable[Validated], left: Iterable[Unreadable] = ()
) -> Ingested:
    """Add loaded objects, and entries that were left, to a total."""
    files = list(loaded)
    return Ingested(
        objects=total.objects + len(files),
        unreadable=total.unreadable + sum(file.unreadable is not None for file in files),
        rows_in=total.rows_in + sum(file.rows_in for file in files),
        rows_loaded=total.rows_loaded + sum(file.rows_loaded for file in files),
        rows_rejected=total.rows_rejected + sum(file.rows_rejected for file in files),
        left=(*total.left, *left),
    )
