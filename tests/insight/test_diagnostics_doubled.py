"""Sales that count twice: what is proposed loses nothing, for it was seen in the bucket."""

import pytest

from core import pipeline
from core.insight.diagnostics.checks import State
from core.platform import Platform
from core.storage.object_names import manifest_name
from core.storage.object_store import NewObject, ObjectStore
from tests.support.diagnosed import (
    BULK_ITEMS_OF_1,
    BULK_OF_1,
    LUNCH_ITEMS_OF_1,
    LUNCH_OF_1,
    found,
    reached,
    uploaded,
)
from tests.support.scenes import DAY, NOW, count, files, ingest, objects, quarantined, request

pytestmark = pytest.mark.processes

AFTERNOON_OF_1, AFTERNOON_ITEMS_OF_1 = (
    name.replace("window_1214", "window_1416") for name in (LUNCH_OF_1, LUNCH_ITEMS_OF_1)
)
MOVED = {LUNCH_OF_1: AFTERNOON_OF_1, LUNCH_ITEMS_OF_1: AFTERNOON_ITEMS_OF_1}


def copy(store: ObjectStore, name: str, to: str) -> None:
    store.replace(NewObject(to, store.read(name).data))


def test_objects_that_were_moved_are_never_proposed_to_go(platform: Platform) -> None:
    uploaded(platform)
    orders = count(platform, "bronze.orders")
    pipeline.rebuild(platform)
    for name, to in MOVED.items():
        copy(platform.store, name, to)
        platform.store.delete(name)
    pipeline.ingest_pending(platform, NOW)
    kept = objects(platform.store, "raw/")
    finding = found(platform, "duplicates")
    assert (finding.state, finding.action) == (State.BROKEN, "settle")
    assert set(finding.objects) == set(MOVED)
    reached(platform, finding.command)
    assert objects(platform.store, "raw/") == kept
    assert count(platform, "bronze.orders") == count(platform, "gold.fact_sales") == orders
    for key in ("duplicates", "left_overs", "layers"):
        assert found(platform, key).state is State.FINE


def test_a_copy_that_no_manifest_names_is_moved_out_and_not_the_original(
    platform: Platform,
) -> None:
    uploaded(platform, "window_1416")
    before = count(platform, "bronze.orders")
    copies = {to: name for name, to in MOVED.items()}  # their names come before the originals'
    for name, to in copies.items():
        copy(platform.store, name, to)
    pipeline.ingest_pending(platform, NOW)
    bucket = files(platform.settings.bucket_folder)
    finding = found(platform, "duplicates")
    assert set(finding.objects) == set(copies.values())
    reached(platform, finding.command)
    left = files(platform.settings.bucket_folder)
    assert set(bucket) - set(left) == set(copies.values())
    aside = files(platform.settings.home / "aside")
    assert sorted(aside.values()) == sorted(bucket[name] for name in copies.values())
    assert count(platform, "bronze.orders") == before
    assert found(platform, "duplicates").state is State.FINE


def test_objects_with_the_same_ids_and_other_bytes_are_left_to_a_person(platform: Platform) -> None:
    uploaded(platform)
    data = platform.store.read(LUNCH_OF_1).data
    ingest(platform, AFTERNOON_OF_1, data.replace(b"Finalizado", b"Pendente") + b"\r\n")
    finding = found(platform, "duplicates")
    assert (finding.state, finding.action, finding.command) == (State.BROKEN, "storage", "")
    assert finding.objects == (LUNCH_OF_1, AFTERNOON_OF_1)


def test_rows_of_one_object_that_is_gone_are_not_loaded_again(platform: Platform) -> None:
    uploaded(platform)
    for name, to in MOVED.items():
        copy(platform.store, name, to)
    pipeline.ingest_pending(platform, NOW)
    platform.store.delete(*MOVED)
    assert found(platform, "duplicates").action == "settle"


def test_of_two_kinds_of_data_only_what_is_in_the_bucket_is_proposed_to_go(
    platform: Platform,
) -> None:
    bulk = request(units=(1,))
    pipeline.upload(platform, bulk, NOW)
    pipeline.upload(platform, request("window_1214", units=(1,)), NOW, force=True)
    platform.store.delete(LUNCH_OF_1, LUNCH_ITEMS_OF_1, manifest_name(DAY, "window_1214"))
    bucket = objects(platform.store, "raw/")
    finding = found(platform, "mixed")
    assert (finding.state, finding.action) == (State.BROKEN, "settle")
    assert set(finding.objects) == {LUNCH_OF_1, LUNCH_ITEMS_OF_1}
    reached(platform, finding.command)
    assert objects(platform.store, "raw/") == bucket
    assert found(platform, "mixed").state is State.FINE


def test_reports_of_objects_that_are_gone_are_settled(platform: Platform) -> None:
    uploaded(platform)
    stray = LUNCH_OF_1.replace("pedido.csv", "._pedido.csv")
    ingest(platform, stray, b"\0\5")
    assert found(platform, "quarantine").action == "storage"
    platform.store.delete(stray)
    for key in ("quarantine", "left_overs"):
        finding = found(platform, key)
        assert (finding.state, finding.action) == (State.ATTENTION, "settle")
        assert finding.objects == (stray,)
    reached(platform, finding.command)
    assert quarantined(platform) == {}
    for key in ("quarantine", "left_overs"):
        assert found(platform, key).state is State.FINE


def copied_in_bulk_form(platform: Platform) -> None:
    """The lunch of unit 1 as bulk data of the same day, in Bronze, too."""
    for incremental, bulk in ((LUNCH_OF_1, BULK_OF_1), (LUNCH_ITEMS_OF_1, BULK_ITEMS_OF_1)):
        platform.store.replace(NewObject(bulk, platform.store.read(incremental).data))
    pipeline.ingest_pending(platform, NOW)


def test_bulk_beside_incremental_data(platform: Platform) -> None:
    uploaded(platform)
    pipeline.rebuild(platform)
    assert found(platform, "mixed").state is State.FINE
    copied_in_bulk_form(platform)
    double = found(platform, "duplicates")
    assert (double.state, set(double.objects)) == (State.BROKEN, {BULK_OF_1, BULK_ITEMS_OF_1})
    finding = found(platform, "mixed")
    assert finding.state is State.BROKEN
    assert f"Unit 1 on {DAY} has bulk and incremental data" in finding.found
    assert BULK_OF_1 in finding.objects
    reached(platform, finding.command)
    for key in ("mixed", "duplicates", "ledger", "layers"):
        assert found(platform, key).state is State.FINE


def test_the_manifest_of_bulk_data_goes_with_the_last_of_it(platform: Platform) -> None:
    bulk = request(units=(1, 2))
    pipeline.upload(platform, bulk, NOW)
    pipeline.upload(platform, request("window_1214", units=(1,)), NOW, force=True)
    manifest = "raw/_manifests/2026/02/03/day.json"
    assert manifest not in found(platform, "mixed").command  # unit 2 keeps its bulk data
    pipeline.upload(platform, request("window_1214", units=(2,)), NOW, force=True)
    finding = found(platform, "mixed")
    assert manifest in finding.command
    reached(platform, finding.command)
    assert found(platform, "mixed").state is State.FINE
