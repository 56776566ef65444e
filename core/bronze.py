"""From object to Bronze: each generation of each object once, every row accounted for.

    object -> read -> validate -> good rows + bad rows -> quarantine -> Bronze and ledger

An object is in Bronze whole or not at all, wherever a process is killed; how that is done is the
warehouse's business. Bad rows go to quarantine (`core.quarantine`) before that, under
names that follow from the object's own, so that doing it again changes nothing. Rows in = rows
loaded + rows rejected, always. A transient fault is raised, never taken for bad data. A Parquet
object with a bad row goes to quarantine whole.

Events may come in any order, so a row is judged by its own object alone. What takes two objects to
see (an item without its order, an identifier in two files, a total that is not the sum of its
items) is found by Silver's checks and by the reconciliation.
"""

import contextlib
import functools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core import quarantine
from core.catalog import Catalog
from core.checksums import crc32c
from core.errors import ChangedError
from core.names import (
    PARQUET_PREFIX,
    REFERENCE_PREFIX,
    SALES_PREFIX,
    is_parquet_file,
    is_sales_file,
    parse_parquet_name,
    parse_sales_name,
    reference_kind,
)
from core.object_store import ObjectInfo, ObjectStore, StoredObject
from core.progress import Progress, silent
from core.validate import Expected, Validated, unreadable, validate, validate_parquet
from core.warehouse import Load, Warehouse, WholeFile
from core.windows import FIRST_DATE, LAST_DATE

BATCH_OBJECTS = 3_000
BATCH_BYTES = 32 * 2**20


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingestion did.

    Attributes:
        objects: Objects that are in Bronze now and were not before, in this generation.
        unreadable: How many of them went to quarantine whole.
        rows_in, rows_loaded, rows_rejected: Rows of these objects; the first is the sum of the
            others.
    """

    objects: int = 0
    unreadable: int = 0
    rows_in: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0


def pending(
    store: ObjectStore, ledger: Mapping[str, int], prefixes: Iterable[str] | None = None
) -> list[ObjectInfo]:
    """Objects whose present generation is not in Bronze, items before orders of the same folder.

    Args:
        ledger: The generation of each object that is in Bronze, from the warehouse.
        prefixes: Where to look, each ending in a slash; everywhere by default.
    """
    found = [
        info
        for prefix in (prefixes or (REFERENCE_PREFIX, SALES_PREFIX, PARQUET_PREFIX))
        for info in store.list(prefix)
        if is_sales_file(info.name) or is_parquet_file(info.name) or reference_kind(info.name)
    ]
    return [info for info in found if ledger.get(info.name, -1) < info.generation]


def ingest(
    store: ObjectStore,
    warehouse: Warehouse,
    catalog: Catalog,
    objects: Sequence[ObjectInfo],
    now: datetime,
    *,
    again: Collection[str] | None = None,
    progress: Progress = silent,
) -> Ingested:
    """Take objects to Bronze, many at a time; those that are there already add nothing.

    Args:
        objects: From `pending`.
        now: The aware moment of ingestion, written to every row.
        again: Names among them of which an older generation may have left something in
            quarantine; without it each of them is looked for there.

    Raises:
        TransientError: The warehouse or store cannot be reached now; the same call may be made
            again, and goes on where this one stopped.
        StoreError: The store refuses to be read or written.
    """
    total, done = Ingested(), 0
    for batch in batches(objects):
        progress(done, len(objects), "objects to Bronze")
        names = [info.name for info in batch]
        loads = judged_all(store, catalog, {n: again is None or n in again for n in names})
        new = warehouse.load(store.bucket, loads, now)
        total = add(total, [load.rows for load in loads if load.name in new])
        done += len(batch)
    progress(done, len(objects), "objects to Bronze")
    return total


def judged_all(store: ObjectStore, catalog: Catalog, again: Mapping[str, bool]) -> list[Load]:
    """Objects that are there, each as `judged`; those that were written again meanwhile wait.

    Args:
        again: By name, whether to look in quarantine.
    """
    loads = []
    for stored in store.read_all(list(again)):
        if stored is not None:
            with contextlib.suppress(ChangedError):
                loads.append(judged(store, stored, catalog, again=again[stored.name]))
    return loads


def judged(store: ObjectStore, stored: StoredObject, catalog: Catalog, *, again: bool) -> Load:
    """One object validated, with its bad rows in quarantine.

    Args:
        again: Whether to look in quarantine for what an older generation may have left there.

    Raises:
        ChangedError: It has bad rows, and was written again meanwhile: its newer generation is
            judged by itself.
    """
    rows = judge(stored.name, stored.data, catalog)
    if rows.rows_rejected or rows.unreadable:
        quarantine.write(store, stored, rows)
    elif again:
        quarantine.clear(store, stored.name, stored.generation)
    file = WholeFile(stored.data, _nobody) if rows.whole else None
    load = Load(stored.name, stored.generation, rows, len(stored.data), crc32c(stored.data), file)
    return confirmed(store, load)


def confirmed(store: ObjectStore, load: Load) -> Load:
    """A load whose file is looked at in this store before it counts."""
    confirm = functools.partial(_confirm, store, load.name, load.generation)
    return load._replace(file=load.file._replace(confirm=confirm)) if load.file else load


def unconfirmed(load: Load) -> Load:
    """A load without the store, which is to be `confirmed` in the process that it is sent to."""
    return load._replace(file=load.file._replace(confirm=_nobody)) if load.file else load


def _confirm(store: ObjectStore, name: str, generation: int) -> None:
    """See that an object is still the one that was judged.

    Raises:
        ChangedError: It is not.
    """
    found = store.find(name)
    if found is None or found.generation != generation:
        raise ChangedError(f"{name} was changed by somebody else while it was loaded.")


def _nobody() -> None:
    """Stands where nobody confirms yet.

    Raises:
        ChangedError: Always.
    """
    raise ChangedError("A file that was judged elsewhere was not confirmed here: load it again.")


def judge(name: str, data: bytes, catalog: Catalog) -> Validated:
    """The rows of an object, accepted or rejected, by its name and bytes alone."""
    kind = reference_kind(name)
    if kind:
        return validate(Expected(kind, None, None), data)
    if is_parquet_file(name):
        return _judge_parquet(name, data)
    parsed = parse_sales_name(name)
    if parsed is None:
        return unreadable("unknown", data, f"{name} is not the name of a sales object.")
    tags = [window.tag for window in catalog.windows]
    if parsed.window_tag and parsed.window_tag not in tags:
        reason = f"{parsed.window_tag} is not a business window: use {', '.join(tags)}."
        return unreadable(parsed.kind, data, reason)
    if not FIRST_DATE <= parsed.day <= LAST_DATE:
        reason = f"{parsed.day} is out of range: dates run from {FIRST_DATE} to {LAST_DATE}."
        return unreadable(parsed.kind, data, reason)
    return validate(Expected(parsed.kind, parsed.unit_id, parsed.day), data)


def _judge_parquet(name: str, data: bytes) -> Validated:
    parsed = parse_parquet_name(name)
    if parsed is None:
        reason = f"{name} is not the name of a day's sales in Parquet."
        return Validated("unknown", 0, {}, (), reason)
    if not FIRST_DATE <= parsed.day <= LAST_DATE:
        reason = f"{parsed.day} is out of range: dates run from {FIRST_DATE} to {LAST_DATE}."
        return Validated(parsed.kind, 0, {}, (), reason)
    return validate_parquet(Expected(parsed.kind, None, parsed.day), data)


def batches(
    objects: Sequence[ObjectInfo], most_bytes: int = BATCH_BYTES
) -> Iterator[list[ObjectInfo]]:
    """Runs of objects, bounded in number and in bytes; a large object stands alone."""
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


def add(total: Ingested, loaded: Iterable[Validated]) -> Ingested:
    """What was ingested, with some more objects."""
    files = list(loaded)
    return Ingested(
        objects=total.objects + len(files),
        unreadable=total.unreadable + sum(file.unreadable is not None for file in files),
        rows_in=total.rows_in + sum(file.rows_in for file in files),
        rows_loaded=total.rows_loaded + sum(file.rows_loaded for file in files),
        rows_rejected=total.rows_rejected + sum(file.rows_rejected for file in files),
    )
