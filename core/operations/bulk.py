"""Large requests on one machine: several processes write shards, and one loads them into Bronze.

Memory holds a block of a shard's files for each process, and a batch of objects for Bronze. Each
group of dates is in Bronze before the next one begins. The same call continues one that was cut
off: it recognises complete shards, and the ledger names the objects that are in Bronze.
"""

import functools
import itertools
import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.bronze import ingest
from core.bronze.reference_data import publish_reference
from core.errors import ConflictError
from core.generation.catalog import load_catalog
from core.messages import Message, join_sentences, message
from core.operations.workers import Workers
from core.pipeline import Uploaded
from core.platform import Platform
from core.progress import Progress, silent
from core.settings import Settings
from core.storage.object_names import REFERENCE_PREFIX, day_prefix, parquet_prefix, parse_sales_name
from core.storage.object_store import ObjectInfo, ObjectStore, Unreadable
from core.storage.object_store.local import output_store
from core.storage.publish import Published
from core.storage.shards import (
    Format,
    Shard,
    ShardedRequest,
    State,
    announce,
    check,
    states,
    write_shard,
)
from core.sums import add_fields
from core.warehouse import Load

# Requests of as many cells are worth the start of processes.
POOL_CELLS = 10_000
# About how many cells the bucket gets before Bronze does: CSV files of a date, or Parquet files of
# a week, of 5,000 units.
_GROUP_CELLS = {Format.CSV: 30_000, Format.PARQUET: 200_000}
_ORDER_BYTES = 600  # of an order with its items in CSV: the most that a file has on average
_NAMED = 5  # shards that an error names, at most
_JUDGED_BYTES = 4 * 2**20  # of objects whose rows wait in memory for Bronze, for each process


@dataclass(frozen=True, slots=True)
class Place:
    """Where objects go: the bucket of the settings, or an output folder."""

    settings: Settings
    folder: str = ""

    def store(self) -> ObjectStore:
        """The place, opened once a process."""
        return _open_store(self)


def is_large(plan: ShardedRequest) -> bool:
    """Whether several processes are faster than one."""
    request = plan.request
    cells = len(request.slices) * len(request.units)
    return plan.format is Format.PARQUET or cells >= POOL_CELLS


def survey(
    place: Place,
    plan: ShardedRequest,
    shards: Sequence[Shard],
    workers: Workers,
    progress: Progress = silent,
) -> dict[Shard, State]:
    """What exists of shards; it writes nothing, and compares incomplete ones byte by byte.

    Raises:
        ConflictError: Other data exists there, which may be neither replaced nor mixed with.
    """
    found: dict[Shard, State] = {}
    dates = [of_day for _, of_day in _group_by_date(shards)]
    for outcome in workers.map(functools.partial(_states, place, plan), dates):
        found.update(outcome.value())
        progress(len(found), len(shards), message("step.looking"))
    partial = [shard for shard, state in found.items() if state is State.OPEN]
    for done, checked in enumerate(workers.map(functools.partial(_check, place, plan), partial)):
        checked.value()
        progress(done + 1, len(partial), message("step.comparing_there"))
    return found


def publish_all(
    place: Place,
    plan: ShardedRequest,
    workers: Workers,
    progress: Progress = silent,
    shards: Sequence[Shard] | None = None,
) -> Published:
    """Write all shards of a plan, after comparing them with what exists.

    Args:
        shards: These alone, in the order of their dates.

    Raises:
        ConflictError: Other data exists there; nothing was written, or the error says what was.
        StoreError: The store refused.
        TransientError: A process was killed; the same call continues.
    """
    shards = plan.shards if shards is None else shards
    total = Published()
    with announce(place.store(), plan, shards):
        found = survey(place, plan, shards, workers, progress)
        steps = _publish_shards(place, plan, found, workers, [])
        for done, (shard, published) in enumerate(steps):
            total = add_fields(total, published)
            progress(done + 1, len(shards), str(shard))
    return total


def upload_all(
    platform: Platform,
    plan: ShardedRequest,
    workers: Workers,
    now: datetime,
    progress: Progress = silent,
    shards: Sequence[Shard] | None = None,
) -> Uploaded:
    """Write all shards of a plan to the bucket, and load their objects into Bronze.

    Args:
        now: The aware moment of ingestion.
        progress: Gets two steps for each shard: one to write it, one to load it.
        shards: These alone, in the order of their dates.

    Raises:
        ConflictError: Other data exists there; nothing was written, or the error says what was.
        StoreError: The bucket refused.
        TransientError: The same call continues where this one stopped.
    """
    shards = plan.shards if shards is None else shards
    with announce(platform.store, plan, shards):
        return _upload(platform, plan, workers, now, progress, shards)


def _upload(
    platform: Platform,
    plan: ShardedRequest,
    workers: Workers,
    now: datetime,
    progress: Progress,
    shards: Sequence[Shard],
) -> Uploaded:
    place, written = Place(platform.settings), list[Shard]()
    found = survey(place, plan, shards, workers, progress)
    publish_reference(platform.store, platform.catalog, max(plan.request.units))
    ingested = load_pending(platform, [REFERENCE_PREFIX], workers, now)
    published, done = Published(), 0
    for group in _group_shards(plan, shards):
        wanted = {one: found[one] for one in group}
        for shard, more in _publish_shards(place, plan, wanted, workers, written):
            published = add_fields(published, more)
            done += 1
            progress(done, 2 * len(shards), str(shard))
        prefixes = [prefix_of(plan, day) for day, _ in _group_by_date(group)]
        ingested = add_fields(
            ingested, load_pending(platform, prefixes, workers, now, _is_object_of(group))
        )
        done += len(group)
        progress(done, 2 * len(shards), message("step.to_bronze", day=group[-1].day))
    return Uploaded(published, ingested)


def count_load_jobs(plan: ShardedRequest) -> int:
    """About how many load jobs each table of BigQuery takes, however the shards are shared out."""
    if plan.format is Format.PARQUET:
        return len(plan.shards)
    request = plan.request
    windows = request.windows
    orders = sum(one.max_orders for one in windows) if windows else request.day_orders[1]
    size = len(request.units) * orders * _ORDER_BYTES / max(len(windows), 1)
    objects = math.ceil(2 * len(request.units) / ingest.BATCH_OBJECTS)
    return len(plan.shards) * max(objects, math.ceil(size / ingest.BATCH_BYTES))


def prefix_of(plan: ShardedRequest, day: date) -> str:
    """Where a plan's objects of a date are."""
    return parquet_prefix(day) if plan.format is Format.PARQUET else day_prefix(day)


def load_pending(
    platform: Platform,
    prefixes: Iterable[str],
    workers: Workers,
    now: datetime,
    wanted: Callable[[str], bool] = bool,
) -> ingest.Ingested:
    """Load pending objects with `wanted` names: the workers validate, this process alone writes.

    Raises:
        TransientError: The warehouse or store cannot be reached now.
    """
    total, entries = ingest.Ingested(), list[Unreadable]()
    batches = _pending(platform, prefixes, workers, wanted, entries)
    place = Place(platform.settings)
    for outcome in workers.map(functools.partial(_judge, place), batches):
        judged, left = outcome.value()
        loads = [ingest.with_check(platform.store, one) for one in judged]
        new = platform.warehouse.load(platform.store.bucket, loads, now)
        total = ingest.add_loads(total, [load.rows for load in loads if load.name in new], left)
    return ingest.add_loads(total, (), entries)


def _pending(
    platform: Platform,
    prefixes: Iterable[str],
    workers: Workers,
    wanted: Callable[[str], bool],
    entries: list[Unreadable],
) -> Iterator[list[tuple[ObjectInfo, bool]]]:
    """Batches of objects that are not in Bronze, each with whether quarantine may have it.

    On Google Cloud a batch is a load job, and a table takes 30,000 a day, so batches are large.
    `entries` gets what cannot be read.
    """
    alone = bool(platform.settings.cloud) or workers.count == 1
    for prefix in prefixes:
        ledger = platform.warehouse.generations(platform.store.bucket, prefix)
        uncertain = platform.warehouse.uncertain(platform.store.bucket, prefix)
        below = ingest.find_pending(platform.store, ledger, [prefix], uncertain)
        entries += below.unreadable
        found = [info for info in below.objects if wanted(info.name)]
        for batch in ingest.batches(found, *(() if alone else (_JUDGED_BYTES,))):
            yield [(one, not platform.has_events or one.name in ledger) for one in batch]


def _is_object_of(shards: Sequence[Shard]) -> Callable[[str], bool]:
    asked = set(shards)

    def wanted(name: str) -> bool:
        parsed = parse_sales_name(name)
        return parsed is None or Shard(parsed.day, parsed.window_tag) in asked

    return wanted


def _publish_shards(
    place: Place,
    plan: ShardedRequest,
    found: Mapping[Shard, State],
    workers: Workers,
    written: list[Shard],
) -> Iterator[tuple[Shard, Published]]:
    """Write shards, and give what each holds at once; `written` gets those that changed.

    A conflict with data that came since the comparison also says what was written.
    """
    work = functools.partial(_publish, place, plan)
    for outcome in workers.map(work, found.items()):
        if isinstance(outcome.error, ConflictError) and written:
            sentence = join_sentences(outcome.error.sentence, _name_written(written))
            raise type(outcome.error)(sentence) from outcome.error
        (shard, _), done = outcome.task, outcome.value()
        if done.created or done.replaced:
            written.append(shard)
        yield shard, done


def _name_written(written: Sequence[Shard]) -> Message:
    names = [str(shard) for shard in sorted(written)[:_NAMED]]
    if len(written) > _NAMED:
        return message("bucket.written_and_more", names=names, count=len(written) - _NAMED)
    return message("bucket.written", names=names)


def _group_shards(plan: ShardedRequest, shards: Sequence[Shard]) -> Iterator[list[Shard]]:
    """Shards of whole dates, as many as go to the bucket before Bronze gets them."""
    group: list[Shard] = []
    cells, a_shard = 0, len(plan.request.slices) // len(plan.request.dates)
    a_shard = a_shard if plan.format is Format.PARQUET else 1
    for _, of_day in _group_by_date(shards):
        group += of_day
        cells += len(of_day) * len(plan.request.units) * a_shard
        if cells >= _GROUP_CELLS[plan.format]:
            yield group
            group, cells = [], 0
    if group:
        yield group


def _group_by_date(shards: Sequence[Shard]) -> Iterator[tuple[date, list[Shard]]]:
    for day, of_day in itertools.groupby(shards, key=operator.attrgetter("day")):
        yield day, list(of_day)


# What the processes do. They get names and plans, and open the store themselves.


@functools.lru_cache(maxsize=1)
def _open_store(place: Place) -> ObjectStore:
    return output_store(place.folder) if place.folder else Platform.of(place.settings).store


def _states(place: Place, plan: ShardedRequest, shards: Sequence[Shard]) -> dict[Shard, State]:
    return states(place.store(), plan, shards)


def _check(place: Place, plan: ShardedRequest, shard: Shard) -> None:
    check(place.store(), plan, shard, load_catalog())


def _publish(place: Place, plan: ShardedRequest, found: tuple[Shard, State]) -> Published:
    shard, state = found
    return write_shard(place.store(), plan, shard, load_catalog(), state)


def _judge(
    place: Place, batch: Sequence[tuple[ObjectInfo, bool]]
) -> tuple[list[Load], list[Unreadable]]:
    loads, left = ingest.judge_all(place.store(), load_catalog(), dict(batch))
    return [ingest.without_check(load) for load in loads], left
