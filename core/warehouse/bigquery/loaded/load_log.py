"""Load each generation exactly once, by the ids of jobs.

BigQuery takes a job id once and answers 409 to a second use. Inserting a job is therefore a
compare-and-set, and each object name can have a log whose places are job ids:

    mrh_{hash of Bronze, bucket and name}_0    the first load of that name
    mrh_{hash of Bronze, bucket and name}_1    the next one, and so on

An entry's labels name the generation that it loads and the moment of ingestion, which determines
the partition of its rows; a claim for a batch names the batch's job, whose moment counts. A place
is written once, and the result of an entry never changes: it succeeded, or it failed and the next
place counts. So every reader of a log comes to the same answer, without a query and without knowing
which other processes are at work.

The ids depend on Bronze's project, its prefix and a row of Bronze (`origin`): datasets that were
dropped and created again begin with empty logs.

BigQuery keeps jobs for 180 days (cloud.google.com/bigquery/docs/managing-jobs), and drops them one
by one: a log loses its first places while later ones remain, and the next entry takes a place
before them. So the generation, not the place, says how old an entry is; ledger and rows remember
what a log has lost (`past`).
"""

import functools
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from core.errors import TransientError
from core.messages import message
from core.warehouse.bigquery.client import LABELS
from core.warehouse.bigquery.jobs import Begin, Job, Jobs, has_succeeded

# A batch's job that has not begun after so long never will: its process died. If it is only slow,
# that process tries again, and no row is lost or doubled.
ABANDONED_AFTER: Final = timedelta(minutes=5)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class LoadEntry:
    """A load of a generation that succeeded.

    Attributes:
        id: The place in the log; empty if only ledger or rows remember it.
        generation: -1 if only rows remember it: an unknown older one.
        at: The moment of ingestion, in UTC.
        batch: The job of the batch that loaded it; empty if the entry itself is the job.
        removed: Whether it loaded nothing, because a removal closed the generation.
    """

    id: str
    generation: int
    at: datetime
    batch: str = ""
    removed: bool = False

    @property
    def day(self) -> date:
        """The partition of its rows."""
        return self.at.date()


@dataclass(frozen=True, slots=True)
class LogPosition:
    """The state of a name in its log.

    Attributes:
        loaded: The entry of the wanted or a newer generation; None when there is none.
        place: The first free place, if `loaded` is None.
        before: The entries of older generations, in no order.
    """

    loaded: LoadEntry | None
    place: int
    before: tuple[LoadEntry, ...]


class Written(NamedTuple):
    """The entry that loaded a generation or a newer one, and whether this call wrote it (`new`).

    `before` has the entries of older generations, in no order.
    """

    entry: LoadEntry
    before: tuple[LoadEntry, ...]
    new: bool


def _and(before: tuple[LoadEntry, ...], found: LoadEntry | None) -> tuple[LoadEntry, ...]:
    return (*before, found) if found else before


def _entry(job: Job, work: Job) -> LoadEntry:
    """The entry of a job, whose work another job, or itself, did."""
    labels = job.labels
    return LoadEntry(
        job.job_id, int(labels["generation"]), ingested_at(work), labels.get("batch", ""),
        removed="removed" in labels,
    )  # fmt: skip


def newest(entries: Iterable[LoadEntry]) -> int:
    """The greatest generation of some entries; -1 of none."""
    return max((entry.generation for entry in entries), default=-1)


def digest(*parts: str) -> str:
    """A hash of texts, in 40 hexadecimal digits."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]


def stamps(now: datetime) -> dict[str, str]:
    """Labels with the moment of ingestion."""
    return {**LABELS, "at": str((now - _EPOCH) // _MICROSECOND)}


def ingested_at(job: Job) -> datetime:
    """The moment of ingestion in a job's labels."""
    return _EPOCH + int(job.labels["at"]) * _MICROSECOND


class LoadLog:
    """The logs of a bucket's names at one moment.

    `now`, the aware moment of ingestion, also decides whether a claim is abandoned. Without it
    nothing is loaded, and every claim whose job has not begun is fenced. Methods that need the
    result of a load raise TransientError while another process is at it: repeat the call.
    """

    def __init__(self, jobs: Jobs, bucket: str, now: datetime | None = None) -> None:
        self._jobs = jobs
        self._bucket = bucket
        self._now = now
        self._batches: dict[str, Job] = {}  # that have ended
        self._doubtful: dict[str, TransientError] = {}

    def id(self, name: str, place: int) -> str:
        """The job id of a place, in `[A-Za-z0-9_-]` as BigQuery requires."""
        return f"mrh_{self.digest(name)}_{place}"

    def digest(self, *parts: str) -> str:
        """A hash of texts in this Bronze and bucket, in 40 hexadecimal digits."""
        return digest(self._jobs.bigquery.dataset("bronze"), self._log, self._bucket, *parts)

    @functools.cached_property
    def _log(self) -> str:
        return self._jobs.origins.look(self._bucket).log

    def labels(self, generation: int, batch: str = "") -> dict[str, str]:
        """The labels of an entry; values have at most 63 characters of `[a-z0-9_-]`."""
        mine = {**stamps(self._now or _EPOCH), "generation": str(generation)}
        return {**mine, "batch": batch} if batch else mine

    def find_position(
        self, name: str, generation: int, before: tuple[LoadEntry, ...] = ()
    ) -> LogPosition:
        """The state of a name's log for a generation; `before` has what ledger and rows have."""
        for place in itertools.count():
            job = self._jobs.find(self.id(name, place))
            if job is None:
                break
            found = self.entry_of(job)
            if found and found.generation >= generation:
                return LogPosition(found, place, before)
            before = _and(before, found)
        return LogPosition(None, place, before)

    def write(
        self,
        name: str,
        generation: int,
        begin: Callable[[Sequence[LoadEntry]], Begin],
        before: tuple[LoadEntry, ...] = (),
        marked: Mapping[str, str] = MappingProxyType({}),
    ) -> Written:
        """Load a generation by an entry of the log, unless it or a newer one is loaded.

        Args:
            begin: Makes the load's job, from the entries of older generations.
            before: Entries of the name by ledger and rows.
            marked: Additional labels of the entry.

        Raises:
            TransientError: It cannot be loaded or decided now; the same call goes on later.
            StoreError: BigQuery refuses the rows.
        """
        failures = 0
        for place in itertools.count():
            id_ = self.id(name, place)
            job = self._jobs.insert(id_, begin(before), {**self.labels(generation), **marked})
            if job is None:
                found = self.entry_of(self._jobs.existing(id_))
                if found and found.generation >= generation:
                    return Written(found, before, new=False)
                before = _and(before, found)
                continue
            job = self._jobs.wait_until_done(job)
            if has_succeeded(job):
                return Written(_entry(job, job), before, new=True)
            failures += 1
            self._jobs.pause_or_raise(job, failures)
        raise AssertionError(name)  # places never end

    def claim(self, name: str, place: int, generation: int, batch: str) -> bool:
        """Claim a place for a batch; whether the place belongs to the batch.

        Every process gets the same answer at every time, whichever process wrote the place.
        """
        id_ = self.id(name, place)
        if self._jobs.insert(id_, self._jobs.marker_job(), self.labels(generation, batch)):
            return True
        return self._jobs.existing(id_).labels.get("batch") == batch

    def find_loaded(self, name: str, generation: int) -> LoadEntry | None:
        """The entry that loaded a generation or a newer one; None also while that is undecided.

        It writes nothing and does not wait.
        """
        for job in self._entries(name):
            batch = job.labels.get("batch")
            work = self._jobs.find(batch) if batch else job
            if work is None or work.state != "DONE":
                return None
            newer = int(job.labels["generation"]) >= generation
            if newer and has_succeeded(work) and "at" in work.labels:
                return _entry(job, work)
        return None

    def entry_of(self, job: Job) -> LoadEntry | None:
        """The entry of a job in the log, if the load succeeded; None when it failed."""
        batch = job.labels.get("batch", "")
        work = self._wait_for_batch(batch, job) if batch else self._jobs.wait_until_done(job)
        if not has_succeeded(work) or "at" not in work.labels:
            return None
        return _entry(job, work)

    def close(self, name: str, generation: int) -> list[LoadEntry]:
        """Prevent that a generation is loaded from now on; return all entries of its log."""
        position = self.find_position(name, generation)
        if position.loaded:
            return [*position.before, position.loaded]
        mark = {"removed": "yes"}
        done = self.write(name, generation, lambda _: self._jobs.marker_job(), marked=mark)
        return [*done.before, done.entry]

    def entries(self, name: str) -> list[LoadEntry]:
        """All entries of a name's log."""
        return [entry for entry in map(self.entry_of, self._entries(name)) if entry]

    def _entries(self, name: str) -> Iterator[Job]:
        for place in itertools.count():
            job = self._jobs.find(self.id(name, place))
            if job is None:
                return
            yield job

    def _wait_for_batch(self, batch: str, claim: Job) -> Job:
        """The batch's job of a claim, once it has ended."""
        if batch in self._doubtful:
            raise self._doubtful[batch]
        if batch not in self._batches:
            try:
                self._batches[batch] = self._jobs.wait_until_done(self._find_or_fence(batch, claim))
            except TransientError as error:
                self._doubtful[batch] = error
                raise
        return self._batches[batch]

    def _find_or_fence(self, batch: str, claim: Job) -> Job:
        """The batch's job; if it never begins, a marker job takes its id."""
        abandoned = self._now is None or (
            claim.created is not None and self._now - claim.created >= ABANDONED_AFTER
        )
        job = self._jobs.find(batch) if abandoned else self._jobs.wait_for(batch)
        if job is not None:
            return job
        if not abandoned:
            raise TransientError(message("warehouse.load_not_begun", batch=batch))
        self._jobs.insert(batch, self._jobs.marker_job())  # a fence has no moment of ingestion
        return self._jobs.existing(batch)
