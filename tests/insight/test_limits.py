"""What work takes of Google's limits: as counted by the gateway, and within the limits."""

import dataclasses

import pytest

from cloud_function.deploy.functions import PROCESSOR_INSTANCES
from core.bronze.events import ObjectEvent, deliver
from core.bronze.ingest import BATCH_OBJECTS
from core.bronze.reference_data import publish_reference
from core.insight.usage import limits
from core.insight.usage.limits import estimate_demands
from core.pipeline import upload
from core.platform import Platform
from core.settings import Settings
from core.storage.publish import EVENT_CELLS, Request
from local_cloud.gateway import Gateway
from tests.support.limit_cases import CASES
from tests.support.scenes import DAY, NOW, request

EVERY_WINDOW_OF_A_DAY = 7


@pytest.fixture
def cloud(cloud_settings: Settings) -> Platform:
    """A platform on the emulators, with reference data and tables."""
    platform = Platform.of(cloud_settings)
    publish_reference(platform.store, platform.catalog, 200)
    platform.warehouse.create_bronze()
    return platform


def test_a_window_that_goes_by_events_takes_what_is_said(cloud: Platform, gateway: Gateway) -> None:
    wanted = request("window_1012", units=range(1, 11))
    gateway.journal.clear()
    assert upload(cloud, wanted, NOW).left_to_events
    for info in cloud.store.list(f"raw/csv_sales/{DAY:%Y/%m/%d}/"):
        event = ObjectEvent(cloud.store.bucket, info.name, info.generation, NOW, size=info.size)
        deliver(cloud, event, NOW)
    expected, counts = estimate_demands(wanted), gateway.counts()
    assert counts.class_a == expected.class_a + 1  # this test's own listing
    assert counts.class_b - counts.operations["storage:bucket.get"] == expected.class_b
    assert _loads(cloud, gateway) == [expected.load_jobs] * 2
    # A process reads where Bronze comes from, before it looks and before it loads; the first one
    # of all writes it and reads it again.
    assert counts.query_jobs - 4 == expected.noted


def test_a_request_that_goes_by_batches_takes_what_is_said(
    cloud: Platform, gateway: Gateway
) -> None:
    wanted = request("window_1012", "window_1214", units=range(1, 61))
    assert wanted.batched
    gateway.journal.clear()
    assert not upload(cloud, wanted, NOW).left_to_events
    expected, counts = estimate_demands(wanted), gateway.counts()
    assert counts.class_a == expected.class_a
    # The reference data came without an event here, so the batch takes it along: four reads more.
    assert counts.class_b - counts.operations["storage:bucket.get"] == expected.class_b + 4
    assert _loads(cloud, gateway) == [expected.load_jobs] * 2


def _loads(platform: Platform, gateway: Gateway) -> list[int]:
    loads = gateway.counts().loads
    dataset = f"{platform.warehouse.prefix}_bronze"
    return [loads[f"{dataset}.orders"], loads[f"{dataset}.order_items"]]


@pytest.mark.parametrize("name", CASES)
def test_no_limit_of_load_jobs_is_broken_in_a_day(name: str) -> None:
    wanted = CASES[name]
    it = estimate_demands(wanted)
    a_day = it.load_jobs * (EVERY_WINDOW_OF_A_DAY if len(wanted.slices) == 1 else 1)
    assert a_day <= limits.LOAD_JOBS_A_TABLE_AND_DAY
    assert BATCH_OBJECTS <= limits.URIS_A_LOAD_JOB


def test_the_largest_chain_that_goes_by_events_stays_within_a_day() -> None:
    largest = dataclasses.replace(CASES["A window of 50 units"], units=tuple(range(1, 101)))
    assert len(largest.units) == EVENT_CELLS
    assert not largest.batched
    a_day = EVERY_WINDOW_OF_A_DAY * estimate_demands(largest).load_jobs
    assert 2 * a_day <= limits.LOAD_JOBS_A_TABLE_AND_DAY  # each may fail and be done again
    one_more = Request(largest.dates, largest.windows, tuple(range(1, 102)))
    assert one_more.batched


def test_the_functions_instances_bound_the_rate_of_updates() -> None:
    # Half of the objects go to each of the two tables; no load job is done within a second.
    of_a_table = limits.most_updates_in_10_s(PROCESSOR_INSTANCES, 1.0) / 2
    assert of_a_table <= limits.METADATA_UPDATES_A_TABLE_IN_10_S
