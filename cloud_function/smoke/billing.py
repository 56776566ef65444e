"""What only Google's own statistics of jobs can say, and whether a job's id is taken once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cloud_function.smoke.check import Check
from cloud_function.smoke.errors import NotCheckedError, NotHeldError, require
from cloud_function.smoke.scene import Scene
from core.gcp.errors import google_errors

if TYPE_CHECKING:
    from google.cloud.bigquery import Client

_NOTHING = "SELECT 1"
_PARTITION = "SELECT * FROM bronze.orders WHERE _ingest_date >= DATE '{day}'"
_ALL = "SELECT * FROM bronze.orders"


@dataclass(frozen=True, slots=True)
class SeenJob:
    """A job of this run; bytes are None where the statistics do not name them."""

    id: str
    kind: str
    sql: str
    billed: int | None
    processed: int | None


def find_jobs(scene: Scene) -> list[SeenJob]:
    """The jobs that this account began since the run did, with the project's label."""
    client: Client = scene.own_jobs.bigquery.client
    with google_errors("Cannot list BigQuery's jobs"):
        listed = client.list_jobs(min_creation_time=scene.run.begun, timeout=60.0)
        return [_read_job(job) for job in listed if (job.labels or {}).get("app") == "mrhealth"]


def _read_job(job: Any) -> SeenJob:  # noqa: ANN401 - of any kind
    return SeenJob(
        id=str(job.job_id),
        kind=str(getattr(job, "statement_type", None) or job.job_type).upper(),
        sql=str(getattr(job, "query", "") or "").strip(),
        billed=getattr(job, "total_bytes_billed", None),
        processed=getattr(job, "total_bytes_processed", None),
    )


def claim_bills_nothing(scene: Scene) -> str:
    """Look at the jobs that claim an object for a batch."""
    return _bill_nothing(scene, "claims", lambda job: job.sql == _NOTHING)


def ledger_bills_nothing(scene: Scene) -> str:
    """Look at the statements that note an object in the ledger."""
    return _bill_nothing(
        scene, "lines of the ledger",
        lambda job: job.kind == "INSERT" and "_ingested_objects" in job.sql,
    )  # fmt: skip


def merge_reads_one_day(scene: Scene) -> str:
    """Hold the bytes of an overwrite against those of one day and of the whole table."""
    table = f"`{scene.own_jobs.bigquery.table('bronze.orders')}`"
    merges = [job for job in find_jobs(scene) if job.kind == "MERGE" and table in job.sql]
    if not merges:
        raise NotCheckedError("BigQuery lists no MERGE of this run.")
    day = _estimate_bytes(scene, _PARTITION.format(day=scene.run.begun.date()))
    whole = _estimate_bytes(scene, _ALL)
    most = max(job.processed or 0 for job in merges)
    if not day or whole < 2 * day:
        raise NotCheckedError(f"A day is {day:,} bytes of the table's {whole:,}: too much alike.")
    # One day, and the new rows from their temporary table, which are fewer.
    require(most < whole and most <= 2 * day, (
        f"An overwrite read {most:,} bytes; a day of the table has {day:,}, all of it {whole:,}."
    ))  # fmt: skip
    return f"An overwrite read {most:,} bytes of the table's {whole:,}; a day has {day:,}."


def take_id_once(scene: Scene) -> str:
    """Begin two jobs under one id."""
    jobs, id_ = scene.own_jobs, f"{scene.run.own_prefix}_{scene.now():%H%M%S%f}"
    first, second = jobs.insert(id_, jobs.marker_job()), jobs.insert(id_, jobs.marker_job())
    require(first is not None, f"BigQuery says that the new id {id_} is taken.")
    require(second is None, f"BigQuery took the id {id_} twice.")
    return "BigQuery answers 409 to a second job of the same id."


def sum_bytes_billed(jobs: Iterable[SeenJob]) -> int | None:
    """What jobs billed together; None where their statistics do not say."""
    known = [job.billed for job in jobs if job.billed is not None]
    return sum(known) if known else None


def _bill_nothing(scene: Scene, what: str, is_one: Callable[[SeenJob], bool]) -> str:
    found = [job for job in find_jobs(scene) if is_one(job)]
    if not found:
        raise NotCheckedError(f"BigQuery lists no {what} of this run.")
    known = [job for job in found if job.billed is not None]
    if not known:
        raise NotCheckedError("The statistics of the jobs name no bytes billed.")
    dear = [job for job in known if job.billed]
    if dear:
        raise NotHeldError(
            f"{len(dear)} of {len(known)} {what} billed {sum_bytes_billed(dear):,} bytes, "
            f"{dear[0].id} among them."
        )
    return f"{len(known)} {what} billed 0 bytes."


def _estimate_bytes(scene: Scene, sql: str) -> int:
    return scene.own.warehouse.bytes_read(sql) or 0


_BY_JOB = "bq show -j --format=prettyjson JOB_ID: statistics.query.totalBytesBilled."

CHECKS = (
    Check(
        "bigquery.job id", "BigQuery takes a job's id once.",
        "Stop the functions: exactly once rests on this. Send this report.",
        "bq query --use_legacy_sql=false --job_id=one_id 'SELECT 1', twice.", take_id_once,
    ),
    Check(
        "bigquery.claim", "A claim (SELECT 1) bills nothing.",
        "Count 10 MiB for each object of a batch in docs/usage.md, and send this report.",
        _BY_JOB, claim_bills_nothing, ("walk.batch",),
    ),
    Check(
        "bigquery.ledger", "A line of the ledger bills nothing.",
        "Count 10 MiB for each object in docs/usage.md, and send this report.",
        _BY_JOB, ledger_bills_nothing, ("walk.singles",),
    ),
    Check(
        "bigquery.overwrite", "An overwrite reads the partitions of its own rows alone.",
        "Overwrite seldom while this is so: each reads all of Bronze. Send this report.",
        _BY_JOB, merge_reads_one_day, ("walk.overwrite", "walk.batch"),
    ),
)  # fmt: skip
