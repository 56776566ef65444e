"""What a request made goes again, and nothing else does."""

from pathlib import Path
from typing import Any

import pytest

from core import pipeline
from core.bronze.ingest import judge_object
from core.errors import InputError
from core.operations import jobs
from core.operations.cleanup import removal
from core.operations.cleanup.removal import Removed, remove_request
from core.operations.runs import RunHistory, RunState
from core.platform import Platform
from core.reconcile.compare import Verdict, summarise
from core.storage.object_names import manifest_name, parquet_name
from core.storage.object_store import NewObject
from core.storage.publish import ExistingObjects, check, publish
from core.storage.publish_parquet import is_complete, publish_day
from core.warehouse import Warehouse
from tests.support.runs import run_job
from tests.support.scenes import DAY, NOW, another, count, ledger, objects, request, tables

pytestmark = pytest.mark.both_sides

ALL = request("window_1012", "window_1214", units=(1, 2))
LUNCH = request("window_1214", units=(1, 2))
LUNCH_MANIFEST = manifest_name(DAY, "window_1214")
KEPT_ORDERS = f"raw/csv_sales/{DAY:%Y/%m/%d}/unit_001/window_1214/pedido.csv"


def uploaded(platform: Platform) -> None:
    pipeline.upload(platform, ALL, NOW)


@pytest.mark.cloud_at_night
def test_what_is_left_is_as_if_the_rest_had_never_been(platform: Platform, home: Path) -> None:
    uploaded(platform)
    pipeline.rebuild(platform)
    assert remove_request(platform, LUNCH) == Removed(objects=4, kept=0)
    pipeline.rebuild(platform)

    never = another(platform, home.with_name("never"))
    pipeline.upload(never, request("window_1012", units=(1, 2)), NOW)
    pipeline.rebuild(never)
    assert objects(platform.store) == objects(never.store)
    assert tables(platform) == tables(never)


def test_what_was_removed_comes_again_and_is_loaded_once(platform: Platform) -> None:
    uploaded(platform)
    before = tables(platform)
    remove_request(platform, ALL)
    assert (count(platform, "bronze.orders"), count(platform, "bronze.order_items")) == (0, 0)
    assert not objects(platform.store, "raw/csv_sales/")
    assert not objects(platform.store, "raw/_manifests/")
    uploaded(platform)
    assert tables(platform) == before
    windows = summarise(pipeline.compare(platform, (DAY, DAY), NOW).lines)
    verdicts = {window.window_tag: window.verdict for window in windows}
    assert verdicts["window_1012"] is verdicts["window_1214"] is Verdict.IN_BRONZE


def test_what_was_read_before_it_was_removed_is_not_loaded_after(platform: Platform) -> None:
    """Nor by its event, nor with others; what comes in its place is."""
    bucket, warehouse = platform.store.bucket, platform.warehouse
    publish(platform.store, LUNCH, platform.catalog)
    read = [platform.store.read(name) for name in objects(platform.store, "raw/csv_sales/")]
    loads = [judge_object(platform.store, one, platform.catalog, again=False) for one in read]
    assert remove_request(platform, LUNCH) == Removed(objects=4)
    assert warehouse.load(bucket, loads[:1], NOW) == {}
    assert warehouse.load(bucket, loads, NOW) == {}
    assert count(platform, "bronze.orders") == count(platform, "bronze._ingested_objects") == 0
    pipeline.upload(platform, LUNCH, NOW)
    assert len(warehouse.generations(bucket, "raw/csv_sales/")) == 4


def test_other_content_and_its_rows_stay(platform: Platform) -> None:
    uploaded(platform)
    found = platform.store.read(KEPT_ORDERS).data
    header, first, *_ = found.splitlines(keepends=True)
    platform.store.replace(NewObject(KEPT_ORDERS, header + first))
    pipeline.ingest_pending(platform, NOW)
    items = KEPT_ORDERS.replace("pedido", "item_pedido")
    before = ledger(platform, items)
    assert remove_request(platform, LUNCH) == Removed(objects=2, kept=2)
    assert platform.store.read(KEPT_ORDERS).data == header + first
    assert ledger(platform, KEPT_ORDERS)["rows_loaded"] == 1
    assert platform.store.find(items)
    assert ledger(platform, items) == before


@pytest.mark.parametrize("file", ["pedido.csv", "item_pedido.csv"])
def test_a_cell_goes_whole_or_stays_whole_so_that_silver_builds(
    platform: Platform, file: str
) -> None:
    uploaded(platform)
    name = KEPT_ORDERS.replace("pedido.csv", file)
    corrected = platform.store.read(name).data.replace(b"Finalizado", b"Cancelado") + b"\r\n"
    platform.store.replace(NewObject(name, corrected))
    pipeline.ingest_pending(platform, NOW)
    remove_request(platform, ALL)
    assert set(objects(platform.store, "raw/csv_sales/")) == {
        KEPT_ORDERS, KEPT_ORDERS.replace("pedido", "item_pedido"),
    }  # fmt: skip
    assert all(report.published for report in pipeline.rebuild(platform, ("silver",)))
    assert count(platform, "silver.orders") == count(platform, "bronze.orders") > 0


@pytest.mark.parametrize("data", [b"", b"{", b'{"version": 1}'])
@pytest.mark.folder_only
def test_a_broken_manifest_keeps_nothing_from_being_removed(
    platform: Platform, data: bytes
) -> None:
    uploaded(platform)
    platform.store.replace(NewObject(LUNCH_MANIFEST, data))
    part = request("window_1214", units=(2,))
    assert remove_request(platform, part) == Removed(objects=2, broken=(LUNCH_MANIFEST,))
    assert platform.store.read(LUNCH_MANIFEST).data == data
    assert remove_request(platform, LUNCH) == Removed(objects=2)
    assert not platform.store.find(LUNCH_MANIFEST)
    lines = pipeline.compare(platform, (DAY, DAY), NOW, units=2).lines
    assert {line.verdict for line in lines} == {
        Verdict.IN_BRONZE, Verdict.MISSING,
    }  # fmt: skip


def test_units_of_the_same_window_that_were_not_asked_for_stay(platform: Platform) -> None:
    uploaded(platform)
    remove_request(platform, request("window_1012", "window_1214", units=(2,)))
    lines = pipeline.compare(platform, (DAY, DAY), NOW, units=1).lines
    of_windows = [line for line in lines if line.window_tag in ("window_1012", "window_1214")]
    assert {line.unit_id for line in of_windows} == {1}
    assert {line.verdict for line in of_windows} == {Verdict.IN_BRONZE}


def test_a_removal_that_was_cut_off_is_completed_by_the_next(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploaded(platform)

    def cut(_: Warehouse, *__: object) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as patch:
        patch.setattr(type(platform.warehouse), "remove", cut)
        with pytest.raises(ConnectionAbortedError):
            remove_request(platform, ALL)
    assert count(platform, "bronze.orders") > 0
    remove_request(platform, ALL)
    assert count(platform, "bronze.orders") == 0
    assert not objects(platform.store, "raw/csv_sales/")


def test_removing_what_is_not_there_does_nothing(platform: Platform) -> None:
    assert remove_request(platform, ALL) == Removed(objects=0, kept=0)


def test_what_a_run_made_goes_and_what_was_there_before_it_stays(platform: Platform) -> None:
    day = request(*(window.tag for window in platform.catalog.windows), units=(1, 2))
    earlier = request(*(window.tag for window in platform.catalog.windows[:5]), units=(1, 2))
    pipeline.upload(platform, earlier, NOW)
    half = request("window_2022", units=(1,))
    pipeline.upload(platform, half, NOW)
    orders = f"raw/csv_sales/{DAY:%Y/%m/%d}/unit_001/window_2022/pedido.csv"
    platform.store.delete(orders)  # the run completes a cell that others began
    before = objects(platform.store, "raw/csv_sales/")
    history = RunHistory(platform.settings.runs_file, lambda: NOW)
    simulated = run_job(platform, history, jobs.simulation(day, 0))
    assert simulated.details["created"] == 7
    removed = run_job(platform, history, jobs.removal(day, simulated.details["made"]))
    assert (removed.state, removed.result.split(" and ")[0]) == (RunState.SUCCEEDED, "6 objects")
    left = objects(platform.store, "raw/csv_sales/")
    assert set(left) == {*before, orders}
    lines = pipeline.compare(platform, (DAY, DAY), NOW, units=2).lines
    missing = {(line.window_tag, line.unit_id) for line in lines if line.verdict is Verdict.MISSING}
    # Of the other window the manifest names unit 1 alone, as before the run.
    assert missing == {("window_2224", 1), ("window_2224", 2)}
    assert {line.verdict for line in lines} == {Verdict.IN_BRONZE, Verdict.MISSING}
    again = run_job(platform, history, jobs.simulation(earlier, 0))
    with pytest.raises(InputError, match="made no objects"):
        jobs.removal(earlier, again.details["made"])


def rewrite(platform: Platform, name: str) -> bytes:
    """Write an object again as somebody else would; its bytes."""
    data = platform.store.read(name).data + b"\r\n"
    platform.store.replace(NewObject(name, data))
    return data


def test_what_is_written_again_while_other_windows_are_removed_stays(platform: Platform) -> None:
    uploaded(platform)

    def progress(done: int, _: int, __: str) -> None:
        if done == 1:
            rewrite(platform, KEPT_ORDERS)

    assert remove_request(platform, ALL, progress) == Removed(objects=6, kept=2)
    items = KEPT_ORDERS.replace("pedido", "item_pedido")
    assert set(objects(platform.store, "raw/csv_sales/")) == {KEPT_ORDERS, items}


@pytest.mark.parametrize("file", ["pedido.csv", "item_pedido.csv"])
def test_what_is_written_again_after_it_was_compared_stays(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    """With its rows, so that its new generation takes their place; the orders with their items."""
    uploaded(platform)
    name = KEPT_ORDERS.replace("pedido.csv", file)
    stay = {KEPT_ORDERS, KEPT_ORDERS.replace("pedido", "item_pedido")}
    if name == KEPT_ORDERS:
        stay = {KEPT_ORDERS}
    before = [ledger(platform, each) for each in stay]

    def check_then_rewrite(*args: Any, **options: Any) -> ExistingObjects:
        found = check(*args, **options)
        rewrite(platform, name)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(removal, "check", check_then_rewrite)
        assert remove_request(platform, LUNCH) == Removed(objects=4 - len(stay), kept=len(stay))
    assert {each for each in objects(platform.store) if "window_1214/" in each} == stay
    assert [ledger(platform, each) for each in stay] == before
    pipeline.ingest_pending(platform, NOW)
    assert ledger(platform, name) != before[[*stay].index(name)]


def test_a_day_in_parquet_that_is_written_again_after_it_was_compared_stays(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = request()
    publish_day(platform.store, day, platform.catalog)
    name = parquet_name("orders", DAY)

    def is_complete_then_rewrite(*args: Any) -> bool:
        found = is_complete(*args)
        rewrite(platform, name)
        return found

    monkeypatch.setattr(removal, "is_complete", is_complete_then_rewrite)
    assert remove_request(platform, day) == Removed(objects=1, kept=1)
    assert platform.store.find(name)
