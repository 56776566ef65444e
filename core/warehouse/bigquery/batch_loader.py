"""Load many objects of one kind into Bronze by one job, each object once.

    claim   write to each object's place in its log, naming the job that will load it
    job     one load job, or one MERGE where older generations are replaced
    note    one MERGE into the ledger

The job's id is a hash of the objects, their generations and the places that they claim. So two
processes with the same id try the same places, and a written place names its owner for ever: both
see the same objects as claimed, and whichever begins the job loads the same rows. A process that
dies on the way leaves claims for a job that never begins. A process that meets them when they are
`ABANDONED_AFTER` old takes the job's id itself (`LoadLog.entry_of`), and the next places count.
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
from core.warehouse.bigquery.jobs import MOST_FAILURES, Jobs, has_succeeded
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
    """Loads batches of one kind of sales objects; `now` is the aware moment of ingestion."""

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
        """Put objects into Bronze; names of those that were new, and whether they replaced rows.

        Args:
            known: Their entries by ledger and rows.

        Raises:
            TransientError: Other processes are loading some; the others are loaded.
            StoreError: BigQuery refuses the rows.
        """
        wanted = [load for load in loads if newest(known.get(load.name, ())) < load.generation]
        # An object without entries is assumed to be new: its first place is tried at once.
        todo = [_Candidate(load, 0, ()) for load in wanted if load.name not in known]
        todo += self._find_candidates([load for load in wanted if load.name in known], known)
        new: dict[str, bool] = {}
        for _ in range(MOST_FAILURES):
            if not todo:
                break
            left = self._load_round(todo, new)
            todo = self._find_candidates(left, known)
        self._note_found()
        if todo or self._doubts:
            words = str(self._doubts[0]) if self._doubts else "BigQuery goes on failing."
            count = len(todo) + len(self._doubts)
            raise TransientError(message("warehouse.not_loaded", count=count, words=words))
        return new

    def _load_round(self, todo: Sequence[_Candidate], new: dict[str, bool]) -> list[Load]:
        """Load what can be claimed; return what others claimed, and what failed."""
        left: list[Load] = []
        for older in (False, True):
            batch = [candidate for candidate in todo if bool(candidate.before) == older]
            if batch:
                left += self._load_batch(batch, new)
        return left

    def _load_batch(self, candidates: Sequence[_Candidate], new: dict[str, bool]) -> list[Load]:
        kind = candidates[0].load.rows.kind
        parts = sorted(
            f"{each.load.name}#{each.load.generation}#{each.place}#{each.before}"
            for each in candidates
        )
        id_ = f"mrh_batch_{self._logs.digest(kind, *parts)}"

        def claim(each: _Candidate) -> bool:
            return self._logs.claim(each.load.name, each.place, each.load.generation, id_)

        owned = self._map(claim, candidates)
        mine = [each for each, own in zip(candidates, owned, strict=True) if own]
        left = [each.load for each, own in zip(candidates, owned, strict=True) if not own]
        if not mine:
            return left
        began = self._run_job(id_, mine)
        if began is None:
            return [*left, *(each.load for each in mine)]
        if began:
            new.update({each.load.name: bool(each.before) for each in mine})
        return left

    def _run_job(self, id_: str, mine: Sequence[_Candidate]) -> bool | None:
        """Load claimed objects by the job of an id; whether this call began it.

        None after a passing fault, or when another process fenced the job.
        """
        loads = [each.load for each in mine]
        coming = RowWriter(self._jobs, loads, self._now)
        before = [entry for each in mine for entry in each.before]
        begun = self._jobs.insert(id_, coming.begin(before), stamps(self._now))
        job = self._jobs.wait_until_done(
            begun or self._jobs.existing(id_), patient=begun is not None
        )
        if not has_succeeded(job):
            if begun:
                self._jobs.pause_or_raise(job, failures=1)
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

    def _find_candidates(
        self, loads: Sequence[Load], known: Mapping[str, tuple[LoadEntry, ...]]
    ) -> list[_Candidate]:
        """Those that are not loaded, with their free places; undecided ones are left out."""

        def look(load: Load) -> LogPosition | TransientError:
            try:
                before = known.get(load.name, ())
                return self._logs.find_position(load.name, load.generation, before)
            except TransientError as error:
                return error

        found: list[_Candidate] = []
        for load, position in zip(loads, self._map(look, loads), strict=True):
            if isinstance(position, TransientError):
                self._doubts.append(position)
            elif position.loaded is None:
                found.append(_Candidate(load, position.place, position.before))
            elif position.loaded.generation == load.generation and not position.loaded.removed:
                self._unnoted.append(Note(load, position.loaded, position.before))
        return found

    def _note_found(self) -> None:
        """Note what Bronze has and the ledger lacks: the process that loaded it may have died."""
        self._map(self._ledger.note, [note for note in self._unnoted if not note.entry.batch])
        batches: defaultdict[str, list[Note]] = defaultdict(list)
        for note in self._unnoted:
            if note.entry.batch:
                batches[note.entry.batch].append(note)
        for batch, notes in sorted(batches.items()):
            self._ledger.note_batch(batch, notes, whole=False)

    def _map(self, do: Callable[..., _T], what: Iterable[object]) -> list[_T]:
        with ThreadPoolExecutor(THREADS, thread_name_prefix="batch") as threads:
            return list(threads.map(do, what))
