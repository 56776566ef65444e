"""Exactly once, by the ids of jobs.

BigQuery takes a job id once and answers 409 to whoever uses it again. So to insert a job is to
compare and set, and a name of an object can have a log whose places are job ids:

    mrh_{hash of Bronze, bucket and name}_0    the first load of that name
    mrh_{hash of Bronze, bucket and name}_1    the next one, and so on

An entry's labels say which generation it loads and at which moment of ingestion, which tells its
rows' partition. Where it only claims the object for a load of many, they name that job. A place is
written once, and what became of an entry never changes: it did its work, or it failed and the next
place counts. So everybody who reads a log comes to the same answer, without a query, and without
asking who else is at work.

Bronze is told apart by its project, prefix and a row of its own (`origin`): datasets that
were dropped and made again begin with empty logs.

BigQuery keeps jobs for 180 days (cloud.google.com/bigquery/docs/managing-jobs), and drops them one
by one: a log loses its first places while later ones are there, and the next entry takes a place
before them. So an entry's place does not say how old it is, its generation does; and of what a log
has lost, ledger and rows know (`past`).
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
from core.warehouse.bigquery.jobs import Begin, Job, Jobs, succeeded

# A job that was claimed for and is not there after so long will not come: its process died. To be
# wrong costs that process a second try, never a row.
ABANDONED_AFTER: Final = timedelta(minutes=5)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class LoadEntry:
    """A load of a generation that did its work, or one that is yet to be written.

    Attributes:
        id: The place in the log; empty for one that only ledger or rows remember.
        generation: -1 where rows alone remember it: some older one.
        at: The moment of ingestion, in UTC.
        batch: The job of many that loaded it; empty when the entry is that job itself.
        removed: Whether it loaded nothing, for the object was deleted and is not to be loaded.
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
    """How a name stands in its log: loaded, or with a free place.

    Attributes:
        loaded: The entry that makes a load needless; None when there is none.
        place: The first free place otherwise.
        before: The entries of older generations, in no order.
    """

    loaded: LoadEntry | None
    place: int
    before: tuple[LoadEntry, ...]


class Written(NamedTuple):
    """What became of a generation: the entry that loaded it, or made it needless.

    Attributes:
        before: The entries of older generations, in no order.
        new: Whether the entry was written by this call.
    """

    entry: LoadEntry
    before: tuple[LoadEntry, ...]
    new: bool


def _and(before: tuple[LoadEntry, ...], found: LoadEntry | None) -> tuple[LoadEntry, ...]:
    return (*before, found) if found else before


def _entry(job: Job, work: Job) -> LoadEntry:
    """The entry of a job that another job, or itself, did the work of."""
    labels = job.labels
    return LoadEntry(
        job.job_id, int(labels["generation"]), ingested_at(work), labels.get("batch", ""),
        removed="removed" in labels,
    )  # fmt: skip


def newest(entries: Iterable[LoadEntry]) -> int:
    """The greatest generation of some entries; -1 of none."""
    return max((entry.generation for entry in entries), default=-1)


def digest(*parts: str) -> str:
    """40 hexadecimal digits that stand for texts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]


def stamps(now: datetime) -> dict[str, str]:
    """Labels that say when rows were ingested."""
    return {**LABELS, "at": str((now - _EPOCH) // _MICROSECOND)}


def ingested_at(job: Job) -> datetime:
    """The moment that a job's labels say."""
    return _EPOCH + int(job.labels["at"]) * _MICROSECOND


class LoadLog:
    """The logs of a bucket's names, at one moment.

    Args:
        now: The aware moment of ingestion, by which claims are taken for abandoned too. Without
            it nothing is loaded, and every claim whose job has not begun is fenced.
    """

    def __init__(self, jobs: Jobs, bucket: str, now: datetime | None = None) -> None:
        self._jobs = jobs
        self._bucket = bucket
        self._now = now
        self._batches: dict[str, Job] = {}  # that have ended
        self._doubtful: dict[str, TransientError] = {}

    def id(self, name: str, place: int) -> str:
        """The job id of a place; of `[A-Za-z0-9_-]`, as BigQuery wants them."""
        return f"mrh_{self.digest(name)}_{place}"

    def digest(self, *parts: str) -> str:
        """40 hexadecimal digits that stand for texts, in this Bronze and bucket."""
        return digest(self._jobs.bigquery.dataset("bronze"), self._log, self._bucket, *parts)

    @functools.cached_property
    def _log(self) -> str:
        return self._jobs.origins.look(self._bucket).log

    def labels(self, generation: int, batch: str = "") -> dict[str, str]:
        """What an entry says of itself; values have at most 63 of `[a-z0-9_-]`."""
        mine = {**stamps(self._now or _EPOCH), "generation": str(generation)}
        return {**mine, "batch": batch} if batch else mine

    def standing(
        self, name: str, generation: int, before: tuple[LoadEntry, ...] = ()
    ) -> LogPosition:
        """How a name stands for a generation.

        Args:
            before: What ledger and rows remember of it.

        Raises:
            TransientError: What another one does about the name is not decided yet.
        """
        for place in itertools.count():
            job = self._jobs.find(self.id(name, place))
            if job is None:
                break
            found = self.outcome(job)
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
        """Have a generation loaded by an entry of the log, unless it or a newer one is.

        Args:
            begin: Given the entries of older generations, how the load begins.
            before: What ledger and rows remember of it.
            marked: Labels that the entry has besides its own.

        Raises:
            TransientError: It cannot be done or decided now; nothing is lost, call again.
            StoreError: BigQuery refuses the rows.
        """
        failures = 0
        for place in itertools.count():
            id_ = self.id(name, place)
            job = self._jobs.insert(id_, begin(before), {**self.labels(generation), **marked})
            if job is None:
                found = self.outcome(self._jobs.existing(id_))
                if found and found.generation >= generation:
                    return Written(found, before, new=False)
                before = _and(before, found)
                continue
            job = self._jobs.wait_until_done(job)
            if succeeded(job):
                return Written(_entry(job, job), before, new=True)
            failures += 1
            self._jobs.fail(job, failures)
        raise AssertionError(name)  # places never end

    def claim(self, name: str, place: int, generation: int, batch: str) -> bool:
        """Write to a place that a job of many loads the generation.

        The answer is whether the place belongs to that job, by whomever it was written, so it is
        the same for everybody and at every time.
        """
        id_ = self.id(name, place)
        if self._jobs.insert(id_, self._jobs.marker_job(), self.labels(generation, batch)):
            return True
        return self._jobs.existing(id_).labels.get("batch") == batch

    def held(self, name: str, generation: int) -> LoadEntry | None:
        """What loaded a generation or a newer one; None as well while that is open.

        Nothing is written and nobody is waited for.
        """
        for job in self._entries(name):
            batch = job.labels.get("batch")
            work = self._jobs.find(batch) if batch else job
            if work is None or work.state != "DONE":
                return None
            newer = int(job.labels["generation"]) >= generation
            if newer and succeeded(work) and "at" in work.labels:
                return _entry(job, work)
        return None

    def outcome(self, job: Job) -> LoadEntry | None:
        """The entry, once it is known that it did its work; None when it failed.

        Raises:
            TransientError: It is not known yet.
        """
        batch = job.labels.get("batch", "")
        work = self._batch(batch, job) if batch else self._jobs.wait_until_done(job)
        if not succeeded(work) or "at" not in work.labels:
            return None
        return _entry(job, work)

    def close(self, name: str, generation: int) -> list[LoadEntry]:
        """See that a generation is never loaded from now on; all that its log has until then.

        Raises:
            TransientError: It is being loaded; nothing is lost, call again.
        """
        standing = self.standing(name, generation)
        if standing.loaded:
            return [*standing.before, standing.loaded]
        mark = {"removed": "yes"}
        done = self.write(name, generation, lambda _: self._jobs.marker_job(), marked=mark)
        return [*done.before, done.entry]

    def entries(self, name: str) -> list[LoadEntry]:
        """All that a name's log has.

        Raises:
            TransientError: It is being loaded; nothing is lost, call again.
        """
        return [entry for entry in map(self.outcome, self._entries(name)) if entry]

    def _entries(self, name: str) -> Iterator[Job]:
        for place in itertools.count():
            job = self._jobs.find(self.id(name, place))
            if job is None:
                return
            yield job

    def _batch(self, batch: str, claim: Job) -> Job:
        """The job that an object was claimed for, once it has ended."""
        if batch in self._doubtful:
            raise self._doubtful[batch]
        if batch not in self._batches:
            try:
                self._batches[batch] = self._jobs.wait_until_done(
                    self._found_or_fenced(batch, claim)
                )
            except TransientError as error:
                self._doubtful[batch] = error
                raise
        return self._batches[batch]

    def _found_or_fenced(self, batch: str, claim: Job) -> Job:
        """The job of an id; one that does not come is fenced: its id is taken by another job."""
        abandoned = self._now is None or (
            claim.created is not None and self._now - claim.created >= ABANDONED_AFTER
        )
        job = self._jobs.find(batch) if abandoned else self._jobs.wait_for(batch)
        if job is not None:
            return job
        if not abandoned:
            raise TransientError(message("warehouse.load_not_begun", batch=batch))
        self._jobs.insert(batch, self._jobs.marker_job())  # a fence bears no moment of ingestion
        return self._jobs.existing(batch)
