"""What is left of deleted objects is shown, and settled when a person says so."""

import pytest

from core import pipeline
from core.bronze.quarantine import find_report
from core.errors import InputError
from core.operations import jobs
from core.operations.cleanup.leftovers import Leftover, Settled, find_leftovers, settle
from core.operations.runs import RunHistory, RunState
from core.platform import Platform
from core.storage.object_store import NewObject, ObjectStore
from tests.support.runs import run_job
from tests.support.scenes import DAY, NOW, ORDERS_NAME, count, objects, quarantined, request, tables

pytestmark = pytest.mark.both_sides

DATES = (DAY, DAY)
FOLDER = "raw/csv_sales/2026/02/03/unit_001/window_1214"
PAIR = [f"{FOLDER}/item_pedido.csv", f"{FOLDER}/pedido.csv"]
STRAYS = ["raw/csv_sales/2026/02/03/unit_001/window_1214/._pedido.csv", "raw/csv_sales/notes.csv"]


def move(store: ObjectStore, name: str, to: str) -> None:
    store.replace(NewObject(to, store.read(name).data))
    store.delete(name)


def test_deleted_objects_leave_nothing_once_they_are_settled(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214"), NOW)
    before = tables(platform)
    for stray in STRAYS:
        platform.store.replace(NewObject(stray, b"\0\5\x16\7"))
    pipeline.ingest_pending(platform, NOW)
    assert find_leftovers(platform, DATES) == []
    platform.store.delete(*STRAYS)
    assert {(one.name, one.noted, one.rows) for one in find_leftovers(platform, DATES)} == {
        (stray, True, 0) for stray in STRAYS
    }
    assert len(quarantined(platform)) == 4
    assert settle(platform, DATES) == Settled(objects=2, reports=2)
    assert quarantined(platform) == {}
    assert tables(platform) == before
    assert pipeline.compare(platform, DATES, NOW).unknown == []
    assert find_leftovers(platform, DATES) == []


def test_a_cell_that_was_moved_leaves_its_rows_only_under_its_new_name(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214"), NOW)
    orders = count(platform, "bronze.orders")
    pipeline.rebuild(platform)
    for name in PAIR:
        move(platform.store, name, name.replace("window_1214", "window_1416"))
    pipeline.ingest_pending(platform, NOW)
    assert count(platform, "bronze.orders") > orders
    kept = objects(platform.store, "raw/")
    history = RunHistory(platform.settings.runs_file, lambda: NOW)
    run = run_job(platform, history, jobs.settlement(*DATES))
    assert (run.state, run.error) == (RunState.SUCCEEDED, "")
    assert "2 left-overs settled" in run.result
    assert objects(platform.store, "raw/") == kept
    assert count(platform, "bronze.orders") == count(platform, "silver.orders") == orders


def test_an_object_whose_other_file_is_there_stays(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214"), NOW)
    items, orders = PAIR
    platform.store.delete(orders)
    before = tables(platform)
    (one,) = find_leftovers(platform, DATES)
    assert (one.name, one.rows > 0) == (orders, True)
    assert items in one.stays
    assert settle(platform, DATES) == Settled(stay=1)
    assert tables(platform) == before
    platform.store.delete(items)
    assert settle(platform, DATES).objects == 2


def test_other_dates_and_objects_that_came_back_are_left_alone(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214"), NOW)
    platform.store.delete(*PAIR)
    before = tables(platform)
    other = DAY.replace(day=4)
    assert settle(platform, (other, other)) == Settled()
    pipeline.upload(platform, request("window_1214"), NOW)
    assert settle(platform, DATES) == Settled()
    assert tables(platform) == before


def test_a_report_of_a_generation_that_was_replaced_is_settled(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214", units=(7,)), NOW)
    good = platform.store.read(ORDERS_NAME).data
    platform.store.replace(NewObject(ORDERS_NAME, good + b"not;a;row\n"))
    pipeline.ingest_pending(platform, NOW)
    left = quarantined(platform)
    platform.store.replace(NewObject(ORDERS_NAME, good))
    pipeline.ingest_pending(platform, NOW)
    for name, data in left.items():  # as a process leaves them that was killed after its load
        platform.store.replace(NewObject(name, data))
    report = find_report(platform.store, ORDERS_NAME)
    assert report is not None
    assert find_leftovers(platform, DATES) == [Leftover(ORDERS_NAME, report=report.generation)]
    rows = count(platform, "bronze.orders")
    assert settle(platform, DATES) == Settled(objects=1, reports=1)
    assert quarantined(platform) == {}
    assert count(platform, "bronze.orders") == rows


@pytest.mark.folder_only
def test_a_bucket_that_is_not_the_one_of_bronze_settles_nothing(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214"), NOW)
    before = tables(platform)
    platform.settings.bucket_folder.rename(platform.settings.home / "elsewhere")
    with pytest.raises(InputError, match="may not be the one"):
        settle(platform, DATES)
    assert tables(platform) == before


@pytest.mark.folder_only
def test_an_empty_home_has_nothing_left(platform: Platform) -> None:
    assert find_leftovers(platform, DATES) == []
    assert not platform.settings.home.exists()
