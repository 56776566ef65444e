"""Many objects of one kind into Bronze by one job, and each of them once.

    claim   each object's place in its log is written, with the name of the job to come
    job     one load job, or one MERGE where older generations have to go
    note    one MERGE into the ledger

The job's id is a hash of the objects, their generations and the places that they claim. Two
processes that come to the same id therefore try the same places, and a place, once written, says
for ever whose it is: so both see the same objects as claimed, and whichever of them begins the job
loads the same rows. A process that dies on the way leaves claims for a job that does not come.
Whoever meets them waits a while, then takes the job's id himself (`LoadLog.outcome`), and the next
places count.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import NamedTuple, TypeVar

from core.errors import TransientError
from core.gcp.clients import THREADS
from core.messages import message
from core.warehouse.base import Load
from core.warehouse.bigquery.jobs import MOST_FAILURES, Jobs, succeeded
from core.warehouse.bigquery.loaded.ledger import Ledger, Note
from core.warehouse.bigquery.loaded.load_log import (
    LoadEntry,
    LoadLog,
    LogPosition,
    ingested_at,
    newest,
    stamps,
)
from core.warehouse.bigquery.row_writer import RowWriter

_T = TypeVar("_T")


class _Candidate(NamedTuple):
    load: Load
    place: int
    before: tuple[LoadEntry, ...]


class Batches:
    """Batches of one kind of sales objects.

    Args:
        now: The aware moment of ingestion.
    """

    def __init__(self, jobs: Jobs, logs: LoadLog, ledger: Ledger, now: datetime) -> None:
        self._jobs = jobs
        self._logs = logs
        self._ledger = ledger
        self._now = now
        self._doubts: list[TransientError] = []
        self._unnoted: list[Note] = []

    def load(
        self, loads: Sequence[Load], known: Mapping[str, tuple[LoadEntry, ...]]
    ) -> dict[str, bool]:
        """Put objects into Bronze.

        Args:
            known: What ledger and rows have of them.

        Returns:
            Names of those that were new, and whether they took an older generation's place.

        Raises:
            TransientError: Some are being loaded by somebody else; the others are done.
            StoreError: BigQuery refuses the rows.
        """
        wanted = [load for load in loads if newest(known.get(load.name, ())) < load.generation]
        # What the ledger has not is taken for new without a look: its first place is free.
        todo = [_Candidate(load, 0, ()) for load in wanted if load.name not in known]
        todo += self._looked_up([load for load in wanted if load.name in known], known)
        new: dict[str, bool] = {}
        for _ in range(MOST_FAILURES):
            if not todo:
                break
            left = self._round(todo, new)
            todo = self._looked_up(left, known)
        self._note_found()
        if todo or self._doubts:
            words = str(self._doubts[0]) if self._doubts else "BigQuery goes on failing."
            count = len(todo) + len(self._doubts)
            raise TransientError(message("warehouse.not_loaded", count=count, words=words))
        return new

    def _round(self, todo: Sequence[_Candidate], new: dict[str, bool]) -> list[Load]:
        """Load what can be claimed; what is left was claimed by others, or failed."""
        left: list[Load] = []
        for older in (False, True):
            batch = [candidate for candidate in todo if bool(candidate.before) == older]
            if batch:
                left += self._batch(batch, new)
        return left

    def _batch(self, candidates: Sequence[_Candidate], new: dict[str, bool]) -> list[Load]:
        kind = candidates[0].load.rows.kind
        told = sorted(
            f"{each.load.name}#{each.load.generation}#{each.place}#{each.before}"
            for each in candidates
        )
        id_ = f"mrh_batch_{self._logs.digest(kind, *told)}"

        def claim(each: _Candidate) -> bool:
            return self._logs.claim(each.load.name, each.place, each.load.generation, id_)

        owned = self._each(claim, candidates)
        mine = [each for each, own in zip(candidates, owned, strict=True) if own]
        left = [each.load for each, own in zip(candidates, owned, strict=True) if not own]
        if not mine:
            return left
        began = self._job(id_, mine)
        if began is None:
            return [*left, *(each.load for each in mine)]
        if began:
            new.update({each.load.name: bool(each.before) for each in mine})
        return left

    def _job(self, id_: str, mine: Sequence[_Candidate]) -> bool | None:
        """Load claimed objects by the job of an id.

        Returns:
            Whether this call began it; None when it failed in passing, or somebody fenced it.
        """
        loads = [each.load for each in mine]
        coming = RowWriter(self._jobs, loads, self._now)
        before = [entry for each in mine for entry in each.before]
        begun = self._jobs.insert(id_, coming.begin(before), stamps(self._now))
        job = self._jobs.wait_until_done(
            begun or self._jobs.existing(id_), patient=begun is not None
        )
        if not succeeded(job):
            if begun:
                self._jobs.fail(job, failures=1)
            return None
        if "at" not in job.labels:
            return None
        if begun:
            coming.clear()
        at = ingested_at(job)
        self._ledger.note_batch(id_, [self._note(each, id_, at) for each in mine], whole=True)
        return begun is not None

    def _note(self, claimed: _Candidate, batch: str, at: datetime) -> Note:
        load = claimed.load
        place = self._logs.id(load.name, claimed.place)
        return Note(load, LoadEntry(place, load.generation, at, batch), claimed.before)

    def _looked_up(
        self, loads: Sequence[Load], known: Mapping[str, tuple[LoadEntry, ...]]
    ) -> list[_Candidate]:
        """Those that are not loaded, with their free places; what is in doubt is left out."""

        def look(load: Load) -> LogPosition | TransientError:
            try:
                before = known.get(load.name, ())
                return self._logs.standing(load.name, load.generation, before)
            except TransientError as error:
                return error

        found: list[_Candidate] = []
        for load, standing in zip(loads, self._each(look, loads), strict=True):
            if isinstance(standing, TransientError):
                self._doubts.append(standing)
            elif standing.loaded is None:
                found.append(_Candidate(load, standing.place, standing.before))
            elif standing.loaded.generation == load.generation and not standing.loaded.removed:
                self._unnoted.append(Note(load, standing.loaded, standing.before))
        return found

    def _note_found(self) -> None:
        """Note what Bronze has and the ledger has not: the process that loaded it may have died."""
        self._each(self._ledger.note, [note for note in self._unnoted if not note.entry.batch])
        batches: defaultdict[str, list[Note]] = defaultdict(list)
        for note in self._unnoted:
            if note.entry.batch:
                batches[note.entry.batch].append(note)
        for batch, notes in sorted(batches.items()):
            self._ledger.note_batch(batch, notes, whole=False)

    def _each(self, do: Callable[..., _T], what: Iterable[object]) -> list[_T]:
        with ThreadPoolExecutor(THREADS, thread_name_prefix="batch") as threads:
            return list(threads.map(do, what))
