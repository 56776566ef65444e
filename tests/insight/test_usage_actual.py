"""Usage by what happened: the ledger, the bucket, the tables and the runs of a month."""

import dataclasses
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from core.bronze.events import ObjectEvent, deliver
from core.bronze.reference_data import publish_reference
from core.insight.usage import Month, Observed, observe_month, projection
from core.insight.usage.forecast import rebuild_bytes
from core.insight.usage.month import flow
from core.operations import jobs
from core.operations.runs import Run, RunHistory, runner
from core.pipeline import upload
from core.platform import Platform
from core.scheduler.local import WHO
from core.settings import Settings
from core.storage.object_names import SALES_PREFIX
from core.storage.object_store import NewObject
from core.storage.publish import publish
from local_cloud.gateway import Gateway
from tests.support.scenes import NOW, ORDERS_NAME, request

pytestmark = pytest.mark.thorough

FEBRUARY, MARCH = Month(2026, 2), Month(2026, 3)
LATER = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # noon in São Paulo, of the second of March


def seen(platform: Platform, month: Month = FEBRUARY, now: datetime = NOW) -> Observed:
    return observe_month(platform, [], month, now)


def test_a_look_at_nothing_finds_nothing_and_makes_nothing(platform: Platform) -> None:
    found = seen(platform)
    assert found.empty
    assert not platform.settings.home.exists()
    assert (found.so_far.processor_calls, found.so_far.class_a, found.look_class_a) == (0, 0, 4)


def test_windows_and_objects_count_when_they_came_not_by_their_date(platform: Platform) -> None:
    upload(platform, request("window_1012", "window_1214", units=(1, 2, 3)), NOW)
    upload(platform, request("window_1416", units=(1, 2, 3)), LATER)
    february, march = seen(platform), seen(platform, MARCH, LATER)
    assert (february.windows, february.arrived.objects) == (2, 12 + 4)  # and the reference data
    assert (march.windows, march.arrived.objects) == (1, 6)
    assert (february.sales.objects, march.sales.objects) == (18, 0)
    assert (february.manifests.objects, february.waiting) == (3, 0)
    assert not march.empty


def test_what_came_takes_what_core_limits_says(platform: Platform) -> None:
    upload(platform, request("window_1012", "window_1214", units=(1, 2, 3)), NOW)
    it = seen(platform).so_far
    assert it.generator_calls == 2
    assert it.processor_calls == 16 + 2 * 2  # each object; each window's manifest, announcement
    assert it.class_a == 16 + 2 * 4  # and for each window a list of the date, and of announcements
    stored = platform.store.list("raw/")
    assert it.storage_bytes == sum(info.size for info in stored)


def test_tables_without_rows_take_nothing_and_grow_with_them(platform: Platform) -> None:
    platform.warehouse.create_bronze()
    assert seen(platform).so_far.table_bytes == 0
    upload(platform, request("window_1012"), NOW)
    first = seen(platform).so_far.table_bytes
    upload(platform, request("window_1214"), NOW)
    assert 0 < first < seen(platform).so_far.table_bytes
    assert seen(platform).tables_estimated


def test_what_waits_and_what_is_in_quarantine_is_told(platform: Platform) -> None:
    upload(platform, request("window_1012"), NOW)
    publish(platform.store, request("window_1416"), platform.catalog)
    platform.store.replace(NewObject(ORDERS_NAME, b"not a file of orders"))
    assert seen(platform).waiting == 5
    from core.pipeline import ingest_pending

    ingest_pending(platform, NOW)
    found = seen(platform)
    assert (found.waiting, found.quarantine.objects) == (0, 2)


@pytest.fixture
def rebuilt(platform: Platform) -> Run:
    """A rebuild of Silver by the history of runs."""
    upload(platform, request("window_1012"), NOW)
    history = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))
    run = jobs.submit(platform, history, jobs.rebuild(["silver"]))
    assert runner.wait(history, run.id, 60)
    ended = history.find(run.id)
    assert ended
    return ended


def test_queries_are_those_of_the_rebuilds_of_the_month(platform: Platform, rebuilt: Run) -> None:
    other = dataclasses.replace(rebuilt, details={})
    in_february = dataclasses.replace(rebuilt, created_at=NOW)
    runs = [in_february, in_february, dataclasses.replace(rebuilt, created_at=LATER), other]
    found = observe_month(platform, runs, FEBRUARY, NOW)
    assert found.rebuilds == 2
    assert found.queries_estimated
    assert found.so_far.query_bytes == 2 * rebuild_bytes({}, ("silver",))  # all tables are small
    assert observe_month(platform, runs, MARCH, LATER).rebuilds == 1


def test_a_tick_is_a_call_even_where_its_window_was_there(platform: Platform, rebuilt: Run) -> None:
    tick = dataclasses.replace(rebuilt, who=WHO, details={}, created_at=NOW)
    found = observe_month(platform, [tick, tick], FEBRUARY, NOW)
    assert (found.ticks, found.windows, found.so_far.generator_calls) == (2, 1, 2)
    assert observe_month(platform, [tick], FEBRUARY, NOW).so_far.generator_calls == 1


def test_the_whole_month_is_what_comes_at_this_rate(platform: Platform) -> None:
    upload(platform, request("window_1012", "window_1214"), NOW)
    found = seen(platform)
    assert found.done == Fraction(3 * 7, 28 * 7)  # three days are over
    whole = projection(found)
    assert whole
    assert whole.generator_calls == flow(2, found.done) == 19
    assert whole.class_a > 9 * found.so_far.class_a
    assert whole.scheduler_jobs == found.so_far.scheduler_jobs == 1
    grown = whole.storage_bytes - found.so_far.storage_bytes
    assert grown > 8 * found.arrived.size
    over = seen(platform, now=LATER)
    assert over.done == 1
    assert projection(over) == over.so_far
    assert projection(seen(platform, Month(2026, 4))) is None


@pytest.fixture
def cloud(cloud_settings: Settings) -> Platform:
    platform = Platform.of(cloud_settings)
    publish_reference(platform.store, platform.catalog, 3)
    platform.warehouse.create_bronze()
    return platform


def test_on_google_cloud_operations_are_those_that_were_counted(
    cloud: Platform, gateway: Gateway
) -> None:
    gateway.journal.clear()
    upload(cloud, request("window_1012", units=(1, 2, 3)), NOW)
    written = cloud.store.list(SALES_PREFIX)
    for info in written:
        event = ObjectEvent(cloud.store.bucket, info.name, info.generation, NOW, size=info.size)
        deliver(cloud, event, NOW)
    counted = gateway.counts()
    gateway.journal.clear()
    found = seen(cloud)
    assert found.so_far.class_a == counted.class_a - 1  # this test's own listing
    assert found.so_far.class_b == counted.class_b - counted.operations["storage:bucket.get"]
    assert gateway.counts().class_a == found.look_class_a == 4
    # The emulator knows neither the tables' bytes nor what was billed, and the look says so.
    assert (found.tables_estimated, found.queries_estimated) == (True, True)
    assert found.so_far.table_bytes > 0
