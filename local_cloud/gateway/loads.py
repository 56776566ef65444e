"""Load jobs: the rows of a CSV, and the limits of a table, both held to BigQuery's rules.

Limits: cloud.google.com/bigquery/quotas#load_jobs and #partitioned_tables, read in November 2026.
"""

import asyncio
import csv
import io
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from local_cloud.gateway.exchange import Answer, Backend, error
from local_cloud.gateway.jobs import Job
from local_cloud.gateway.schemas import Schemas, Table

_DAY_S: Final = 24 * 3600.0
# How many characters of a date or timestamp name its partition.
_WIDTHS: Final = {"YEAR": 4, "MONTH": 7, "DAY": 10, "HOUR": 13}


class Loaded(NamedTuple):
    """What a load job brings, and where to.

    Attributes:
        name: The table's, with project and dataset.
        rows: None where the job does not bring its rows with it.
        partitions: How many they go to.
        fault: Why BigQuery refuses a row; empty where it refuses none.
    """

    name: str
    table: Table
    rows: int | None = None
    partitions: int = 1
    fault: str = ""


class Loads:
    """Load jobs, before the emulator runs them.

    Args:
        schemas: The tables that exist.
        storage: Where the objects are that jobs load.

    Attributes:
        limits: What each table takes.
    """

    def __init__(self, schemas: Schemas, storage: Backend) -> None:
        self._schemas = schemas
        self._storage = storage
        self.limits = LoadLimits()

    async def brought(self, job: Job, data: bytes) -> Loaded | None:
        """What a job brings with it; None for a job that loads nothing."""
        if job.kind != "load":
            return None
        load = job.configuration["load"]
        target = load.get("destinationTable", {})
        parts = [str(target.get(key, "")) for key in ("projectId", "datasetId", "tableId")]
        there = await self._schemas.table(*parts)
        table = there or Table(load.get("schema", {}).get("fields", ()))
        loaded = Loaded(".".join(parts), table)
        if load.get("sourceFormat") == "PARQUET" and table.fields:
            return loaded._replace(fault=await self._parquet_fault(load, table))
        if load.get("sourceFormat", "CSV") != "CSV" or not data:
            return loaded
        return await asyncio.to_thread(_read_csv, loaded, load, data)

    async def _parquet_fault(self, load: Mapping[str, Any], table: Table) -> str:
        """Why the columns of Parquet objects are not those of their table."""
        for uri in load.get("sourceUris", ()):
            bucket, _, name = uri.removeprefix("gs://").partition("/")
            target = f"/storage/v1/b/{quote(bucket)}/o/{quote(name, safe='')}?alt=media"
            found = await self._storage.send("GET", target)
            if found.ok:
                columns = await asyncio.to_thread(_parquet_columns, found.body)
                if fault := _other_columns(columns, [str(each["name"]) for each in table.fields]):
                    return f"{fault} File: {uri}"
        return ""

    def refusal(self, loaded: Loaded | None) -> Answer | None:
        """The error of a job of bad rows, or of a table that takes no more; counts each job."""
        if loaded is None:
            return None
        refused = self.limits.refusal(loaded, time.monotonic())
        return refused or (error(400, "invalid", loaded.fault) if loaded.fault else None)


def _parquet_columns(data: bytes) -> list[str]:
    """Names of a Parquet object's columns; none where it is no Parquet."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        return list(parquet.read_schema(pa.BufferReader(data)).names)
    except pa.ArrowInvalid:
        return []


def _other_columns(columns: Sequence[str], names: Sequence[str]) -> str:
    """Why BigQuery, which goes by names, does not take columns; and the emulator, by places."""
    own, wanted = ([name.lower() for name in each] for each in (columns, names))
    unknown = sorted(set(own) - set(wanted))
    if unknown:
        return f"Provided schema does not match: cannot add fields (field: {unknown[0]})."
    if own and own != wanted:
        return f"The emulator takes columns by their place, so here they have to be {wanted}."
    return ""


def _read_csv(loaded: Loaded, load: Mapping[str, Any], data: bytes) -> Loaded:
    table = loaded.table
    names = [str(column["name"]) for column in table.fields]
    no_nulls = _required(load, table)
    required = [place for place, name in enumerate(names) if name in no_nulls]
    partition = _partition_of(names, table)
    rows, fault, partitions = 0, "", set()
    for row in _rows(load, data):
        rows += 1
        missing = next((p for p in required if p >= len(row) or not row[p]), None)
        if missing is not None and not fault:
            fault = (
                "Error while reading data, error message: Required column value for column index: "
                f"{missing} is missing in row {rows}, column {names[missing]}."
            )
        partitions.add(partition(row))
    return loaded._replace(rows=rows, partitions=len(partitions), fault=fault)


def _rows(load: Mapping[str, Any], data: bytes) -> Iterator[list[str]]:
    text = io.StringIO(data.decode("utf-8", errors="replace"), newline="")
    reader = csv.reader(text, delimiter=load.get("fieldDelimiter", ","))
    kept = (row for row in reader if row)
    for number, row in enumerate(kept):
        if number >= int(load.get("skipLeadingRows") or 0):
            yield row


def _required(load: Mapping[str, Any], table: Table) -> set[str]:
    """Columns that take no NULL: those of the table, and those that the job declares."""
    declared = load.get("schema", {}).get("fields", ())
    return {str(c["name"]) for c in (*table.fields, *declared) if c.get("mode") == "REQUIRED"}


def _partition_of(names: Sequence[str], table: Table) -> Callable[[Sequence[str]], str]:
    """What names the partition of a row; the same for all rows of a table without partitions."""
    if table.partitioned_by not in names:
        return lambda _: ""
    place, width = names.index(table.partitioned_by), _WIDTHS[table.partitioned_each]
    return lambda row: row[place][:width] if place < len(row) else ""


@dataclass
class LoadLimits:
    """How much may be loaded into a table.

    Attributes:
        jobs_a_day: Load jobs into a table that has no partitions; those that fail count.
        partitions_a_day: Partitions that load jobs change, of a table that is partitioned by a
            column; they take the place of `jobs_a_day`.
        partitions_a_job: Partitions that one job changes.
    """

    jobs_a_day: int = 1_500
    partitions_a_day: int = 30_000
    partitions_a_job: int = 4_000
    _taken: dict[str, deque[tuple[float, int]]] = field(default_factory=lambda: defaultdict(deque))

    def refusal(self, loaded: Loaded, now_s: float) -> Answer | None:
        """The error of a load job that is one too many; None, and it is counted, where it is not.

        Args:
            now_s: A clock's reading, in seconds.
        """
        by_column = bool(loaded.table.partitioned_by)
        if loaded.partitions > self.partitions_a_job:
            return error(
                400, "invalid",
                f"Too many partitions produced by load, allowed {self.partitions_a_job}, "
                f"load produces at least {loaded.partitions} partitions",
            )  # fmt: skip
        taken = self._taken[loaded.name]
        while taken and taken[0][0] <= now_s - _DAY_S:
            taken.popleft()
        most = self.partitions_a_day if by_column else self.jobs_a_day
        if sum(count for _, count in taken) + loaded.partitions > most:
            what = (
                "Number of partition modifications to a column partitioned table"
                if by_column
                else "imports or query appends per table"
            )
            message = f"Quota exceeded: Your table exceeded quota for {what}."
            return error(403, "quotaExceeded", message)
        taken.append((now_s, loaded.partitions))
        return None
