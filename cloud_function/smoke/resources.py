"""The run's datasets and bucket: how they are made, found again, and removed."""

import contextlib
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from cloud_function.smoke.run import LABEL, Run, read_run
from core.errors import MissingObjectError, StoreError
from core.gcp.clients import bigquery_client, storage_client
from core.gcp.errors import google_errors
from core.settings import Cloud
from core.storage.object_store.gcs import GcsStore

if TYPE_CHECKING:
    from google.cloud.bigquery import Client

LAYERS = ("bronze", "silver", "gold")
JOB, SERVICE = "job", "service"  # labels of the record: what else the run made
_A_DAY_MS = 24 * 3600 * 1000
_TIMEOUT_S = 60.0
_OWN_BUCKET = re.compile(rf"{LABEL}-[0-9a-f]{{12}}")
YOUNG = timedelta(minutes=30)  # a run of that age may still be at work


def make_own(cloud: Cloud, run: Run) -> None:
    """Make the record, then the other datasets and the bucket.

    Their contents expire after a day, in case no cleanup follows.

    Raises:
        StoreError: Google refuses.
        TransientError: The same call may succeed later.
    """
    from google.cloud.bigquery import Dataset

    client = bigquery_client(cloud)
    for layer in LAYERS:
        wanted = Dataset(f"{cloud.project}.{run.own_prefix}_{layer}")
        wanted.location = cloud.region
        wanted.labels = {LABEL: run.token}
        wanted.description = run.to_text() if layer == "bronze" else None
        wanted.default_table_expiration_ms = _A_DAY_MS
        with google_errors(f"Cannot make the dataset {wanted.dataset_id}"):
            client.create_dataset(wanted, timeout=_TIMEOUT_S)
    _make_bucket(cloud, run)


def _make_bucket(cloud: Cloud, run: Run) -> None:
    with google_errors(f"Cannot make the bucket {run.own_name}"):
        client = storage_client(cloud)
        wanted = client.bucket(run.own_name)
        wanted.labels = {LABEL: run.token}
        wanted.iam_configuration.uniform_bucket_level_access_enabled = True
        wanted.iam_configuration.public_access_prevention = "enforced"
        wanted.soft_delete_policy.retention_duration_seconds = 0
        wanted.add_lifecycle_delete_rule(age=1)
        client.create_bucket(wanted, location=cloud.region, timeout=_TIMEOUT_S)


def note_resource(cloud: Cloud, run: Run, what: str) -> None:
    """Note in the record that the run is about to make something else: `JOB` or `SERVICE`."""
    client = bigquery_client(cloud)
    with google_errors(f"Cannot note {what} in {run.own_prefix}_bronze"):
        record = client.get_dataset(f"{cloud.project}.{run.own_prefix}_bronze", timeout=_TIMEOUT_S)
        record.labels = {**record.labels, what: "made"}
        client.update_dataset(record, ["labels"], timeout=_TIMEOUT_S)


def read_notes(cloud: Cloud, run: Run) -> set[str]:
    """What the record says that the run made or was about to make; nothing without a record."""
    client = bigquery_client(cloud)
    try:
        with google_errors(f"Cannot look at {run.own_prefix}_bronze"):
            name = f"{cloud.project}.{run.own_prefix}_bronze"
            record = client.get_dataset(name, timeout=_TIMEOUT_S)
    except MissingObjectError:
        return set()
    return {what for what in (JOB, SERVICE) if what in record.labels}


def find_runs(cloud: Cloud) -> list[Run]:
    """The runs whose record is in the project, the oldest first."""
    client = bigquery_client(cloud)
    with google_errors("Cannot list the datasets"):
        found = [_read_record(client, item.reference) for item in client.list_datasets()
                 if LABEL in item.labels and item.dataset_id.endswith("_bronze")]  # fmt: skip
    return sorted((run for run in found if run), key=lambda run: run.begun)


def _read_record(client: "Client", reference: object) -> Run | None:
    from google.cloud.bigquery import DatasetReference

    if not isinstance(reference, DatasetReference):
        raise TypeError(reference)
    record = client.get_dataset(reference, timeout=_TIMEOUT_S)
    return read_run(record.dataset_id, record.description)


def remove_bucket(cloud: Cloud, run: Run) -> None:
    """Empty and delete the run's own bucket; fine when it is not there.

    Raises:
        StoreError: Google refuses, or the bucket is not one of a run.
    """
    if not _OWN_BUCKET.fullmatch(run.own_name) or run.own_name == run.bucket:
        raise StoreError(f"{run.own_name} is not a bucket of a smoke test: it stays.")
    with google_errors(f"Cannot delete the bucket {run.own_name}"):
        client = storage_client(cloud)
        found = client.lookup_bucket(run.own_name, timeout=_TIMEOUT_S)
        if found is None:
            return
        store = GcsStore(cloud)
        store.delete(*(info.name for info in store.list("")))
        with _ignore_missing():
            found.delete(timeout=_TIMEOUT_S)


def remove_datasets(cloud: Cloud, run: Run) -> None:
    """Delete the run's own datasets, the one with the record last; fine when they are not there."""
    client = bigquery_client(cloud)
    for layer in reversed(LAYERS):
        name = f"{cloud.project}.{run.own_prefix}_{layer}"
        with google_errors(f"Cannot delete the dataset {name}"):
            client.delete_dataset(name, delete_contents=True, not_found_ok=True, timeout=_TIMEOUT_S)


@contextlib.contextmanager
def _ignore_missing() -> Iterator[None]:
    from google.api_core.exceptions import NotFound

    with contextlib.suppress(NotFound):
        yield
