"""The ledger on BigQuery: one row per object, written after the object's rows.

A loading process may die before it writes the note, so a process that finds rows in Bronze without
a note writes it. Several may write the same note; a name has one row all the same:

    INSERT   the first load of a name by a single job. The note's id is the entry's id with its
             generation, so it is written once. It reads nothing and runs in parallel with others.
    MERGE    everything else. BigQuery runs them one after the other; an existing row stays unless
             its generation is older.

No INSERT follows a MERGE: before a note is merged, the ids of the notes of the log's older entries
are taken. The objects of one batch are noted together, under numbered ids: each is a note of all
its objects, which is the last one, a note of some, or a removal's fence, after which no note
contains the removed objects. Earlier releases used the entry's id alone as the note's id, which
another entry has once the job has expired: such a note counts for the generation that it wrote.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

from core.gcp.clients import THREADS
from core.storage.object_names import PARQUET_PREFIX, SALES_PREFIX
from core.warehouse.base import LEDGER, BronzeFile, Load
from core.warehouse.below import names_below
from core.warehouse.bigquery.client import LABELS
from core.warehouse.bigquery.encoding import SOURCED, ledger_csv, ledger_row
from core.warehouse.bigquery.jobs import Job, Jobs, Turn, stage
from core.warehouse.bigquery.loaded.load_log import LoadEntry

_GENERATIONS = """
SELECT object_name, MAX(generation) AS generation FROM `{ledger}`
WHERE bucket = @bucket AND {below} GROUP BY object_name
"""
_REMEMBERED = """
SELECT object_name, generation, _ingest_timestamp AS loaded_at FROM `{ledger}`
WHERE bucket = @bucket AND object_name IN UNNEST(@names)
ORDER BY generation
"""
_BETWEEN = """
SELECT * FROM `{ledger}`
WHERE bucket = @bucket AND object_name >= @first AND object_name < @stop
ORDER BY generation
"""
# Partitions from a day on, so that rows that were loaded again later are counted, too.
_COUNTS = """
SELECT name, COUNT(*) AS row_count, COUNTIF(copies > 1) AS duplicates
FROM (
  SELECT _source_file AS name, COUNT(*) OVER (PARTITION BY id_pedido) AS copies
  FROM `{orders}` WHERE _ingest_date >= @since
  UNION ALL
  SELECT _source_file, COUNT(*) OVER (PARTITION BY id_item_pedido)
  FROM `{items}` WHERE _ingest_date >= @since
)
WHERE name >= @first AND name < @stop
GROUP BY name
"""
_INSERT = "INSERT INTO `{ledger}` ({columns}) VALUES ({values})"
_STAGED = "SELECT * FROM `{staged}`"
_MERGE = """
MERGE `{ledger}` AS old USING ({rows}) AS fresh
ON old.bucket = fresh.bucket AND old.object_name = fresh.object_name
WHEN MATCHED AND old.generation < fresh.generation THEN UPDATE SET {assignments}
WHEN NOT MATCHED THEN INSERT ({columns}) VALUES ({values})
"""

_PART = {**LABELS, "part": "yes"}  # of a job that notes some of a batch, or fences it


class Note(NamedTuple):
    """The note that an entry loaded an object; `before` has the known entries of older generations.

    `new` says that this call just wrote the entry, so that no note of it exists yet.
    """

    load: Load
    entry: LoadEntry
    before: tuple[LoadEntry, ...]
    new: bool = False

    @property
    def first(self) -> bool:
        """Whether only this note can write the first row of that name."""
        alone = not self.before and not self.entry.batch
        return alone and self.load.rows.kind in SOURCED


class Ledger:
    """The ledger's rows of one bucket."""

    def __init__(self, jobs: Jobs, bucket: str) -> None:
        self._jobs = jobs
        self._bigquery = jobs.bigquery
        self._bucket = bucket

    # --- reading ---

    def generations(self, *prefixes: str) -> dict[str, int]:
        """The newest generation of each object below prefixes, by its name; all without any."""
        below, parameters = names_below("object_name", prefixes, "@")
        found = self._rows(_GENERATIONS, parameters, below=below)
        return {row["object_name"]: row["generation"] for row in found}

    def find_entries(self, names: Sequence[str]) -> dict[str, LoadEntry]:
        """The ledger's rows of some names, as entries without a place in a log."""
        found = self._rows(_REMEMBERED, {"names": names}) if names else []
        return {
            row["object_name"]: LoadEntry("", row["generation"], row["loaded_at"]) for row in found
        }

    def files(self, first: str, stop: str) -> list[BronzeFile]:
        """What Bronze has of the sales objects whose names are from `first` on and before `stop`.

        It counts rows, and copies of an id, only in partitions from the earliest day on which one
        of them can have been ingested, and reads no rows of Parquet objects unless the ledger has
        one in the range.
        """
        span = {"first": first, "stop": stop}
        noted = {row["object_name"]: row for row in self._rows(_BETWEEN, span)}
        if not noted and first.startswith(PARQUET_PREFIX):
            return []
        days = [*business_day(first), *(row["_ingest_timestamp"].date() for row in noted.values())]
        since = min(days, default=date.min)
        counted = {
            row["name"]: row
            for row in self._bigquery.rows(
                _COUNTS.format(
                    orders=self._bigquery.table("bronze.orders"),
                    items=self._bigquery.table("bronze.order_items"),
                ),
                {**span, "since": since},
            )
        }
        return [_file(name, noted.get(name), counted.get(name)) for name in {**noted, **counted}]

    # --- writing ---

    def note(self, note: Note) -> None:
        """Note one object."""
        if not note.new and (self.is_noted(note.entry) or self._has_note_of_earlier_release(note)):
            return
        row = ledger_row(self._bucket, note.load, note.entry.at)
        if note.first:
            values = ", ".join(f"@{name}" for name in row)
            sql = self._fill(_INSERT, list(row), values=values)
        else:
            self._fence([note])
            rows = "SELECT " + ", ".join(f"@{name} AS {name}" for name in row)
            sql = self._fill(_MERGE, list(row), rows=rows)
        self._jobs.run_once(_own(note.entry), self._jobs.query(sql, row))

    def is_noted(self, entry: LoadEntry) -> bool:
        """Whether jobs prove that an entry's load is in the ledger.

        It does not find notes of some objects of a batch, written after the batch's process died.
        """
        if entry.batch and any(map(_is_whole, self._jobs.iter_done(_id(entry.batch)))):
            return True
        found = map(self._jobs.find_done, (_own(entry), _id(entry.id)))
        return any(job and _noted_generation(job) == entry.generation for job in found)

    def _has_note_of_earlier_release(self, note: Note) -> bool:
        """Whether an earlier release noted the first load of a name, or a newer generation."""
        return note.first and self._jobs.find_done(_id(note.entry.id)) is not None

    def note_batch(self, batch: str, notes: Sequence[Note], *, whole: bool) -> None:
        """Note objects that the job `batch` loaded; `whole` if these are all objects of the job.

        If a removal fenced the batch meanwhile, the remaining objects are noted after the fence.
        If other processes noted all of them in parts, a marker job says that the batch is noted.
        """
        self._fence(notes)
        number = 0
        while notes or whole:
            turn = self._merge(batch, notes, LABELS if whole else _PART, number)
            if turn.mine or _is_whole(turn.job):
                return
            number = turn.number + 1
            notes = self._left(notes)

    def _merge(
        self, batch: str, notes: Sequence[Note], labels: Mapping[str, str], number: int
    ) -> Turn:
        if not notes:
            return self._jobs.run_once(_id(batch), self._jobs.marker_job(), labels, number)
        rows = [ledger_row(self._bucket, note.load, note.entry.at) for note in notes]
        columns = self._bigquery.columns(LEDGER)
        staged = stage(self._jobs, LEDGER, ledger_csv(columns, rows))
        rows_staged = _STAGED.format(staged=self._bigquery.table(staged))
        sql = self._fill(_MERGE, columns, rows=rows_staged)
        turn = self._jobs.run_once(_id(batch), self._jobs.query(sql), labels, number)
        self._bigquery.drop_table(staged)
        return turn

    def _left(self, notes: Sequence[Note]) -> list[Note]:
        """The notes that are neither written, nor fenced, nor removed after they were written."""
        noted = self.find_entries([note.load.name for note in notes])
        left = [
            note for note in notes
            if note.load.name not in noted
            or noted[note.load.name].generation < note.entry.generation
        ]  # fmt: skip
        with ThreadPoolExecutor(THREADS, thread_name_prefix="ledger") as threads:
            closed = list(threads.map(self._is_closed, [note.entry for note in left]))
        return [note for note, is_closed in zip(left, closed, strict=True) if not is_closed]

    def _is_closed(self, entry: LoadEntry) -> bool:
        """Whether a removal fenced the single note of an entry, or deleted the line it wrote."""
        return self._jobs.find_done(_own(entry)) is not None

    def close(self, entries: Sequence[LoadEntry]) -> None:
        """Prevent further notes of these entries, and wait for those under way.

        Entries are fenced before their batch: a process that finds the batch's fence finds theirs.
        """
        self.fence(entries)
        for batch in sorted({entry.batch for entry in entries if entry.batch}):
            number = 0
            while True:
                turn = self._jobs.run_once(_id(batch), self._jobs.marker_job(), _PART, number)
                if turn.mine or _is_whole(turn.job):
                    break
                number = turn.number + 1

    def fence(self, entries: Iterable[LoadEntry]) -> None:
        """Prevent single notes of these entries, and wait for those under way."""
        ids = [_own(entry) for entry in entries if entry.id]

        def fence(id_: str) -> None:
            self._jobs.run_once(id_, self._jobs.marker_job())

        if ids:
            with ThreadPoolExecutor(THREADS, thread_name_prefix="ledger") as threads:
                list(threads.map(fence, ids))

    def _fence(self, notes: Sequence[Note]) -> None:
        """Prevent an INSERT after the MERGE of these notes."""
        older = chain.from_iterable(note.before for note in notes)
        self.fence(entry for entry in older if not entry.batch)

    def _fill(self, sql: str, columns: Sequence[str], **rest: str) -> str:
        names: dict[str, str] = {
            "ledger": self._bigquery.table(LEDGER),
            "columns": ", ".join(columns),
            "values": ", ".join(f"fresh.{name}" for name in columns),
            "assignments": ", ".join(f"{name} = fresh.{name}" for name in columns),
        }
        return sql.format(**{**names, **rest})

    def _rows(self, sql: str, parameters: Mapping[str, Any], **rest: str) -> list[dict[str, Any]]:
        filled = sql.format(ledger=self._bigquery.table(LEDGER), **rest)
        return self._bigquery.rows(filled, {"bucket": self._bucket, **parameters})


def _is_whole(job: Job) -> bool:
    """Whether a job noted all objects of a batch, so that no other note follows."""
    return not _PART.items() <= job.labels.items()


def _noted_generation(job: Job) -> object:
    """The generation that a single note wrote; None for a fence."""
    found = {each.name: each.value for each in job.query_parameters}
    return found.get("generation")


def _own(entry: LoadEntry) -> str:
    """The id of the single note of an entry."""
    return _id(f"{entry.id}_{entry.generation}")


def _id(what: str) -> str:
    """The id of the note of a batch."""
    return f"{what}_ledger"


def business_day(first: str) -> list[date]:
    """The day before the business date in a name, as a list; its rows are not older."""
    try:
        rest = first.removeprefix(SALES_PREFIX).removeprefix(PARQUET_PREFIX)
        day = datetime.strptime(rest[:10], "%Y/%m/%d").replace(tzinfo=UTC)
        return [day.date() - timedelta(days=1)]
    except (ValueError, OverflowError):  # no date, or the first one that there is
        return []


def _file(
    name: str, noted: Mapping[str, Any] | None, counted: Mapping[str, Any] | None
) -> BronzeFile:
    absent = BronzeFile.absent(name)
    if counted:
        absent = absent._replace(rows=counted["row_count"], duplicates=counted["duplicates"])
    if noted is None:
        return absent
    return absent._replace(
        generation=noted["generation"], loaded=noted["rows_loaded"],
        rejected=noted["rows_rejected"], reason=noted["reason"], size=noted["size_bytes"],
        crc32c=noted["crc32c"],
    )  # fmt: skip
