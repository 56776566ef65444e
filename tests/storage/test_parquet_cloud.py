"""Parquet objects into BigQuery: one load job a table, and once, wherever the loader stops."""

import dataclasses
from datetime import timedelta

import pytest

from core.errors import ChangedError, PlatformError
from core.gcp.clients import bigquery_client
from core.pipeline import ingest_pending
from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import parquet_name
from core.storage.object_store import NewObject
from core.storage.publish import Published
from core.storage.publish_parquet import publish_day
from local_cloud.gateway import Fault, Gateway
from tests.support.scenes import DAY, NOW, count, request

ORDERS = parquet_name("orders", DAY)
LATER = NOW + timedelta(hours=1)
ENTRY = r"^mrh_[0-9a-f]{40}_0$"  # the job that is a log's entry


@pytest.fixture
def cloud(cloud_settings: Settings) -> Platform:
    return dataclasses.replace(Platform.of(cloud_settings), has_events=False)


def _published(platform: Platform) -> Published:
    return publish_day(platform.store, request("window_1214"), platform.catalog)


def _has(platform: Platform, published: Published) -> None:
    """The rows are in Bronze once, and so are the ledger's."""
    found = [count(platform, f"bronze.{name}") for name in ("orders", "order_items")]
    assert found == [published.orders, published.items]
    assert count(platform, "bronze._ingested_objects") == 2


def _passing(settings: Settings) -> list[str]:
    assert settings.cloud
    tables = bigquery_client(settings.cloud).list_tables(f"{settings.dataset_prefix}_bronze")
    return [table.table_id for table in tables if table.table_id.startswith("_load_")]


def test_a_day_is_one_load_job_a_table_and_leaves_nothing_behind(
    cloud: Platform, gateway: Gateway
) -> None:
    published = _published(cloud)
    gateway.journal.clear()
    assert ingest_pending(cloud, NOW).objects == 2
    assert gateway.counts().operations["bigquery:job.insert.load"] == 2
    _has(cloud, published)
    assert _passing(cloud.settings) == []


@pytest.mark.parametrize(
    ("operation", "job", "done"),
    [
        ("job.insert.load", "", False),
        ("job.insert.load", "", True),
        ("job.insert.query", ENTRY, False),
        ("job.insert.query", ENTRY, True),
        ("job.insert.query", "_ledger", False),
    ],
)
def test_wherever_a_loader_dies_the_next_completes_it(
    cloud: Platform, gateway: Gateway, operation: str, job: str, *, done: bool
) -> None:
    published = _published(cloud)
    dies = Fault(
        service="bigquery", operation=operation, path=job, forwarded=done, status=400,
        reason="invalid", times=None,
    )  # fmt: skip
    with gateway.faults.having(dies), pytest.raises(PlatformError):
        ingest_pending(cloud, NOW)
    assert dies.hits
    ingest_pending(dataclasses.replace(Platform.of(cloud.settings), has_events=False), LATER)
    _has(cloud, published)


def test_an_object_that_changes_while_it_is_loaded_is_not_taken_for_the_judged_one(
    cloud: Platform, gateway: Gateway
) -> None:
    published = _published(cloud)
    data = cloud.store.read(ORDERS).data
    another = Platform.of(cloud.settings).store
    changing = Fault(
        service="bigquery", operation="job.insert.load",
        hook=lambda _: another.replace(NewObject(ORDERS, data)), times=None,
    )  # fmt: skip
    with gateway.faults.having(changing), pytest.raises(ChangedError, match="was changed by some"):
        ingest_pending(cloud, NOW)
    assert count(cloud, "bronze.orders") == 0
    ingest_pending(cloud, LATER)
    _has(cloud, published)
