"""Exactly once, by the ids of jobs.

BigQuery takes a job id once and answers 409 to whoever uses it again. So to insert a job is to
compare and set, and a name of an object can have a log whose positions are job ids:

    mrh_{hash of bucket and name}_0    the first load of that name
    mrh_{hash of bucket and name}_1    the next one, and so on

An entry's labels say which generation it loads, into which day's partition, and, where it only
claims the object for a load job of many, that job's id. A position is written once, and what became
of an entry never changes: it did its work, or it failed and the next position counts. Everybody who
reads a log comes to the same answer, without a query, and without asking who else is at work.

The ledger is written after the rows, under an id that follows from the entry's: whoever finds the
rows there and the ledger not, after a crash, writes it.

BigQuery keeps jobs for 180 days (cloud.google.com/bigquery/docs/managing-jobs). After that a name's
log begins anew; by then the ledger keeps everything that is asked in batches from coming again.
"""

import hashlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core.errors import TransientError
from core.warehouse.bigquery_client import LABELS, BigQuery, Job, failure, succeeded

# A job that was claimed for and is not there after so long will not come: its process died.
ABANDONED_AFTER = timedelta(minutes=3)
LONG_AGO = datetime.min.replace(tzinfo=UTC)  # a present in which no claim is abandoned
# Failed entries that one call adds to a log before it leaves the rest to the next call.
MOST_FAILURES = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a log that did its work, or one that is yet to be written.

    Attributes:
        day: The UTC date of ingestion, which is the partition of its rows.
    """

    id: str
    generation: int
    day: date


def stem(bucket: str, name: str) -> str:
    """What the ids of a name's log begin with; at most 1,024 of `[A-Za-z0-9_-]` are allowed."""
    return f"mrh_{digest(bucket, name)}"


def digest(*parts: str) -> str:
    """40 hexadecimal digits that stand for texts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]


def labels(generation: int, now: datetime, batch: str = "") -> dict[str, str]:
    """What an entry says of itself; values have at most 63 characters of `[a-z0-9_-]`."""
    marks = {"generation": str(generation), "day": f"{now.astimezone(UTC):%Y%m%d}"}
    return {**LABELS, **marks, **({"batch": batch} if batch else {})}


class Log:
    """The log of one object's name.

    Args:
        now: The aware present, for new entries and to tell claims that nobody kept.
    """

    def __init__(self, bigquery: BigQuery, bucket: str, name: str, now: datetime) -> None:
        self._bigquery = bigquery
        self._stem = stem(bucket, name)
        self._now = now

    def write(
        self, generation: int, begin: Callable[[Entry, Entry | None], Callable[[str], Job]]
    ) -> tuple[Entry | None, Entry | None]:
        """Have a generation loaded by an entry of the log, unless it or a newer one is.

        Args:
            begin: Given the entry to write, and the newest one before it that did its work, how
                its job begins.

        Returns:
            The entry that did it now, None when there was nothing to do; and the entry that loaded
            the name before: an older generation, or the one that made it needless.

        Raises:
            TransientError: It cannot be done or decided now; nothing is lost, call again.
            StoreError: BigQuery refuses the rows.
        """
        older: Entry | None = None
        failures = 0
        for place in self._places():
            entry = Entry(place, generation, self._now.astimezone(UTC).date())
            job = self._bigquery.insert(place, begin(entry, older))
            if job is None:
                found = self._outcome(self._bigquery.taken(place))
                if found and found.generation >= generation:
                    return None, found
                older = found or older
                continue
            job = self._bigquery.ended(job)
            if succeeded(job):
                return entry, older
            failures += 1
            fault = failure(job)
            if not isinstance(fault, TransientError) or failures == MOST_FAILURES:
                raise fault
        raise AssertionError(self._stem)  # places never end

    def claim(self, generation: int, batch: str) -> Entry | None:
        """Claim a generation for a load job of many.

        Positions are written once and outcomes never change, so every process that claims the same
        objects for the same batch comes to the same answers.

        Returns:
            None when the claim stands, or stood already; otherwise the entry that has the name.

        Raises:
            TransientError: What another one does about the name is not decided yet.
        """
        for place in self._places():
            taken = self._bigquery.insert(place, self._beginner(generation, batch))
            if taken is not None:
                return None
            there = self._bigquery.taken(place)
            if there.labels.get("batch") == batch:
                return None
            found = self._outcome(there)
            if found:
                return found
        raise AssertionError(self._stem)

    def holds(self, generation: int) -> bool:
        """Whether the generation or a newer one is loaded; False as well while that is open."""
        for place in self._places():
            there = self._bigquery.find(place)
            if there is None or there.state != "DONE":
                return False
            try:
                found = self._outcome(there)
            except TransientError:
                return False
            if found and found.generation >= generation:
                return True
        raise AssertionError(self._stem)

    def _places(self) -> Iterator[str]:
        return (f"{self._stem}_{number}" for number in itertools.count())

    def _beginner(self, generation: int, batch: str) -> Callable[[str], Job]:
        return noting(self._bigquery, labels(generation, self._now, batch))

    def _outcome(self, job: Job) -> Entry | None:
        """The entry, once it is known that it did its work; None when it failed."""
        ended = self._bigquery.ended(job)
        generation, day = int(ended.labels["generation"]), ended.labels["day"]
        entry = Entry(ended.job_id, generation, datetime.strptime(day, "%Y%m%d").date())  # noqa: DTZ007 - a date
        batch = ended.labels.get("batch")
        did = self._batch_did(batch, ended) if batch else succeeded(ended)
        return entry if did else None

    def _batch_did(self, batch: str, claim: Job) -> bool:
        """Whether the load job that an object was claimed for loaded it.

        A job that does not come is fenced: its id is taken, so that it cannot come any more.
        """
        job = self._bigquery.find(batch)
        if job is None:
            if claim.created and self._now - claim.created < ABANDONED_AFTER:
                raise TransientError(f"The load job {batch} that claimed the object is not there.")
            self._bigquery.insert(batch, noting(self._bigquery, dict(LABELS)))
            job = self._bigquery.taken(batch)
        job = self._bigquery.ended(job)
        return job.job_type == "load" and succeeded(job)


def noting(bigquery: BigQuery, marks: dict[str, str]) -> Callable[[str], Job]:
    """A job that does nothing but be there, with its labels: it reads no table, it is free."""
    return lambda job_id: bigquery.begin_query(job_id, "SELECT 1", labels=marks)
