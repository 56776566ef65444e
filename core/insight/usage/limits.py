"""How much of Google's limits a publication and its loading use, computed before they start.

Tests compare the figures with real runs. Each limit names its source, read in November 2026.
"""

import math
from dataclasses import dataclass

from core.bronze.ingest import BATCH_OBJECTS
from core.errors import InputError
from core.messages import message
from core.operations.bulk import count_load_jobs
from core.storage.object_names import REFERENCE_FILES
from core.storage.publish import Request
from core.storage.shards import ShardedRequest

LIST_PAGE = 1_000  # objects per list call: cloud.google.com/storage/docs/json_api/v1/objects/list
# cloud.google.com/bigquery/quotas#load_jobs
URIS_A_LOAD_JOB = 10_000
# Bronze's sales tables are partitioned by a column: their limit is that of partition
# modifications (cloud.google.com/bigquery/quotas#partitioned_tables), instead of the 1,500 a day
# of other tables (cloud.google.com/bigquery/docs/optimize-load-jobs). The rows of a load job have
# one date of ingestion, so it is one modification.
LOAD_JOBS_A_TABLE_AND_DAY = 30_000
# cloud.google.com/bigquery/quotas#partitioned_tables; a load job is one, a DML statement is none.
METADATA_UPDATES_A_TABLE_IN_10_S = 50
# cloud.google.com/bigquery/quotas#api_request_quotas, a user and method
API_REQUESTS_A_SECOND = 100


@dataclass(frozen=True, slots=True)
class Demands:
    """What a request uses, when nothing of it exists yet.

    Attributes:
        batched: Whether objects are loaded in batches, not by one event each.
        class_a, class_b: Operations on Cloud Storage: lists and uploads, and reads.
        calls: Calls of csv-processor, one for each written object.
        load_jobs: Load jobs into each of Bronze's two sales tables.
        noted: Statements that write the ledger, one for each object or batch.
        claims: Jobs that claim an object for a batch; they read nothing and cost nothing.
    """

    objects: int
    batched: bool
    class_a: int
    class_b: int
    calls: int
    load_jobs: int
    noted: int
    claims: int


def estimate_demands(request: Request) -> Demands:
    """Estimate a request in a bucket that has only its reference data."""
    slices, dates = len(request.slices), len(request.dates)
    objects = 2 * slices * len(request.units)
    # An announcement and a list of others, a list per date, the objects, the manifests.
    published_a = 2 + dates + objects + slices
    # Reads of manifests and reference data, and per date a look for Parquet.
    published_b = slices + dates + len(REFERENCE_FILES)
    batches = math.ceil(objects / BATCH_OBJECTS)
    lists = 1 + dates * math.ceil(objects / dates / LIST_PAGE)  # reference data, then each date
    return Demands(
        objects=objects,
        batched=request.batched,
        class_a=published_a + (lists if request.batched else 0),
        class_b=published_b + objects,
        calls=1 + objects + slices,  # the announcement and the manifests, too
        load_jobs=batches if request.batched else objects // 2,
        noted=2 * batches if request.batched else objects,
        claims=objects if request.batched else 0,
    )


def most_updates_in_10_s(at_once: int, seconds_a_job: float) -> int:
    """The most load jobs that end in one table within 10 s.

    `at_once` calls of csv-processor run at the same time; each takes `seconds_a_job` or longer.
    """
    return at_once * math.ceil(10 / seconds_a_job)


def check_load_jobs(plan: ShardedRequest) -> None:
    """Raise `InputError` if a large request has more load jobs than a table takes a day."""
    wanted = count_load_jobs(plan)
    if wanted > LOAD_JOBS_A_TABLE_AND_DAY:
        raise InputError(
            message("request.load_jobs", wanted=wanted, most=LOAD_JOBS_A_TABLE_AND_DAY)
        )
