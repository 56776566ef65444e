"""The ledger on BigQuery: what Bronze has of each object, written after the rows.

Whoever finds rows in Bronze writes the note that a killed process may owe, so several may be at it.
A name has one row all the same:

    INSERT   the first load of a name by a job of its own. The note's id is the entry's with its
             generation, so whoever writes it, it comes once. It reads nothing and runs beside any
             number of others.
    MERGE    everything else. BigQuery runs them one after the other, and a row that is there stays.

No INSERT comes behind a MERGE: before a note is merged, the ids of the notes of the log's older
entries are taken. Earlier releases noted under the entry's id alone, which another entry has
when its job has expired: such a note counts for the generation that it wrote.
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
# Partitions from a day on, so that rows that came a second time later are seen.
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
    """That an entry of a log loaded an object.

    Attributes:
        before: What is known of older generations.
        new: Whether the entry was written just now, so that it cannot be noted yet.
    """

    load: Load
    entry: LoadEntry
    before: tuple[LoadEntry, ...]
    new: bool = False

    @property
    def first(self) -> bool:
        """Whether nobody else can have a row of that name to write, but for this very note."""
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

    def remembered(self, names: Sequence[str]) -> dict[str, LoadEntry]:
        """What the ledger has of some names, as entries without a place in a log."""
        found = self._rows(_REMEMBERED, {"names": names}) if names else []
        return {
            row["object_name"]: LoadEntry("", row["generation"], row["loaded_at"]) for row in found
        }

    def files(self, first: str, stop: str) -> list[BronzeFile]:
        """What Bronze has of the sales objects whose names are from `first` on and before `stop`.

        Rows are counted in the partitions from the earliest day on at which one of them can have
        been ingested. Earlier ones cost nothing, and are not looked at for copies of an id. Where
        the ledger has no Parquet object of the range, no row is looked at to find one.
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
        if not note.new and (self.is_noted(note.entry) or self._noted_formerly(note)):
            return
        row = ledger_row(self._bucket, note.load, note.entry.at)
        if note.first:
            values = ", ".join(f"@{name}" for name in row)
            sql = self._filled(_INSERT, list(row), values=values)
        else:
            self._fence([note])
            rows = "SELECT " + ", ".join(f"@{name} AS {name}" for name in row)
            sql = self._filled(_MERGE, list(row), rows=rows)
        self._jobs.run_once(_own(note.entry), self._jobs.query(sql, row))

    def is_noted(self, entry: LoadEntry) -> bool:
        """Whether an entry's load is in the ledger for certain, by looks at jobs.

        What was noted together with others after their process died is not found.
        """
        if entry.batch and any(map(_is_whole, self._jobs.done_under(_id(entry.batch)))):
            return True
        found = map(self._jobs.done_by, (_own(entry), _id(entry.id)))
        return any(job and _wrote(job) == entry.generation for job in found)

    def _noted_formerly(self, note: Note) -> bool:
        """Whether an earlier release noted the first load of a name, or something newer of it."""
        return note.first and self._jobs.done_by(_id(note.entry.id)) is not None

    def note_batch(self, batch: str, notes: Sequence[Note], *, whole: bool) -> None:
        """Note objects that one job of many loaded.

        A removal may have fenced the batch's notes meanwhile: what is left is noted behind it.

        Args:
            batch: The id of that job.
            whole: Whether these are all objects that it loaded.
        """
        self._fence(notes)
        number = 0
        while notes:
            turn = self._merge(batch, notes, LABELS if whole else _PART, number)
            if turn.mine or _is_whole(turn.job):
                return
            number = turn.number + 1
            notes = self._left(notes)

    def _merge(
        self, batch: str, notes: Sequence[Note], labels: Mapping[str, str], number: int
    ) -> Turn:
        rows = [ledger_row(self._bucket, note.load, note.entry.at) for note in notes]
        columns = self._bigquery.columns(LEDGER)
        staged = stage(self._jobs, LEDGER, ledger_csv(columns, rows))
        rows_staged = _STAGED.format(staged=self._bigquery.table(staged))
        sql = self._filled(_MERGE, columns, rows=rows_staged)
        turn = self._jobs.run_once(_id(batch), self._jobs.query(sql), labels, number)
        self._bigquery.drop_table(staged)
        return turn

    def _left(self, notes: Sequence[Note]) -> list[Note]:
        """The notes that are neither written nor fenced."""
        noted = self.remembered([note.load.name for note in notes])
        left = [
            note for note in notes
            if note.load.name not in noted
            or noted[note.load.name].generation < note.entry.generation
        ]  # fmt: skip
        with ThreadPoolExecutor(THREADS, thread_name_prefix="ledger") as threads:
            fenced = threads.map(self._is_fenced, [note.entry for note in left])
            return [note for note, is_fenced in zip(left, fenced, strict=True) if not is_fenced]

    def _is_fenced(self, entry: LoadEntry) -> bool:
        job = self._jobs.done_by(_own(entry))
        return job is not None and _wrote(job) is None

    def close(self, entries: Sequence[LoadEntry]) -> None:
        """Let no note of these entries be written from now on; those begun end.

        Each entry is fenced before its batch: whoever finds the fence of a batch finds those of
        its entries.
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
        """Let no note of these entries be written by itself from now on; those begun end."""
        ids = [_own(entry) for entry in entries if entry.id]

        def fence(id_: str) -> None:
            self._jobs.run_once(id_, self._jobs.marker_job())

        if ids:
            with ThreadPoolExecutor(THREADS, thread_name_prefix="ledger") as threads:
                list(threads.map(fence, ids))

    def _fence(self, notes: Sequence[Note]) -> None:
        """Let no INSERT come behind the MERGE of these notes."""
        older = chain.from_iterable(note.before for note in notes)
        self.fence(entry for entry in older if not entry.batch)

    def _filled(self, sql: str, columns: Sequence[str], **rest: str) -> str:
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
    """Whether a batch has no note to come behind this job of its own."""
    return not _PART.items() <= job.labels.items()


def _wrote(job: Job) -> object:
    """The generation that a job noted by itself; None of one that only took an id."""
    found = {each.name: each.value for each in job.query_parameters}
    return found.get("generation")


def _own(entry: LoadEntry) -> str:
    """The id of the job that notes what one entry loaded."""
    return _id(f"{entry.id}_{entry.generation}")


def _id(what: str) -> str:
    """The id of a job that writes to the ledger, by that of a job of many."""
    return f"{what}_ledger"


def business_day(first: str) -> list[date]:
    """The day before the business date that a name begins with; its rows are not older."""
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
