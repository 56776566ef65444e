"""Load objects into Bronze on BigQuery: a few by one job each, many in batches.

A single object usually costs one load job and one INSERT into the ledger. BigQuery allows 30,000
load jobs per table and day, and 50 in 10 s (`core.insight.usage.limits`), so many objects share a
job (`batch_loader`). Both ways agree through the logs (`load_log`).

Rows that replace an older generation are staged; one MERGE deletes the old ones and inserts them,
because BigQuery queues concurrent statements on a table, but cancels concurrent transactions.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Final

from core.gcp.clients import THREADS
from core.warehouse.base import Load
from core.warehouse.bigquery.batch_loader import Batches
from core.warehouse.bigquery.encoding import SOURCED
from core.warehouse.bigquery.jobs import Jobs
from core.warehouse.bigquery.loaded.ledger import Ledger, Note
from core.warehouse.bigquery.loaded.load_log import LoadEntry, LoadLog, newest
from core.warehouse.bigquery.loaded.past import Past
from core.warehouse.bigquery.row_writer import RowWriter

# Up to this many objects are loaded by one job each.
MOST_SINGLES: Final = 20
_MOST_OBJECTS, _MOST_BYTES = 5_000, 40 * 2**20  # of one batch; its CSV is about twice as long


class Loader:
    """Loads objects of one bucket; `now` is the aware moment of ingestion."""

    def __init__(self, jobs: Jobs, bucket: str, now: datetime) -> None:
        self._jobs = jobs
        self._bucket = bucket
        self._now = now
        self._logs = LoadLog(jobs, bucket, now)
        self._ledger = Ledger(jobs, bucket)
        origin = jobs.origins.bind(bucket, now.astimezone(UTC).date())
        self._past = Past(jobs, self._ledger, origin, now)

    def load(self, loads: Sequence[Load]) -> dict[str, bool]:
        """Put objects into Bronze; names of those that were new, and whether they replaced rows."""
        newest = {load.name: load for load in sorted(loads, key=lambda load: load.generation)}
        if len(newest) <= MOST_SINGLES:
            return self._singly([*newest.values()])
        new: dict[str, bool] = {}
        for kind in sorted(SOURCED):
            of_kind = [x for x in newest.values() if x.rows.kind == kind and not x.file]
            for chunk in _chunks(of_kind):
                batches = Batches(self._jobs, self._logs, self._ledger, self._now)
                new |= batches.load(chunk, self._past.find_entries(chunk))
        alone = [x for x in newest.values() if x.file or x.rows.kind not in SOURCED]
        return new | self._singly(alone)

    def _singly(self, loads: Sequence[Load]) -> dict[str, bool]:
        known = self._past.find_entries([load for load in loads if self._past.is_aged(load)])

        def single(load: Load) -> bool | None:
            return self._single(load, known.get(load.name, ()))

        if len(loads) == 1:
            answers = [single(loads[0])]
        else:
            with ThreadPoolExecutor(THREADS // 2, thread_name_prefix="bronze") as threads:
                answers = list(threads.map(single, loads))
        return {
            load.name: replaced
            for load, replaced in zip(loads, answers, strict=True)
            if replaced is not None
        }

    def _single(self, load: Load, known: tuple[LoadEntry, ...]) -> bool | None:
        """Load one object; whether it replaced an older generation, None when it was not new."""
        if newest(known) >= load.generation:
            return None
        coming = RowWriter(self._jobs, [load], self._now, self._bucket)
        entry, before, new = self._logs.write(load.name, load.generation, coming.begin, known)
        if new or load.file:  # no other process uses its temporary table
            coming.clear()
        # Also when another process wrote the entry: it may have died before it wrote the ledger.
        if entry.generation == load.generation and not entry.removed:
            self._ledger.note(Note(load, entry, before, new))
        return bool(before) if new else None


def _chunks(loads: Sequence[Load]) -> Iterator[list[Load]]:
    """Runs of objects, bounded in number and in bytes; a larger object is a run by itself."""
    chunk: list[Load] = []
    size = 0
    for load in sorted(loads, key=lambda load: load.name):
        if chunk and (len(chunk) == _MOST_OBJECTS or size + load.size > _MOST_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(load)
        size += load.size
    if chunk:
        yield chunk
