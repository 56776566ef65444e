"""Expected against actual: every verdict, and each planted fault found where it was planted."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import ConflictError, InputError
from core.pipeline import compare, ingest_pending, upload
from core.platform import Platform
from core.reconcile.compare import SEVERITY, ObjectVerdict, Verdict, WindowSummary, summarise
from core.storage.object_names import MANIFEST_PREFIX, SALES_PREFIX, manifest_name
from core.storage.object_store import NewObject
from core.storage.object_store.local import output_store
from core.storage.publish import publish
from tests.support.scenes import DAY, NOW, count, execute, objects, request

pytestmark = [pytest.mark.both_sides, pytest.mark.data_path, pytest.mark.thorough]

LUNCH, DINNER = "window_1214", "window_1820"
FOLDER = "raw/csv_sales/2026/02/03/unit_002/window_1820"
ORDERS, ITEMS = f"{FOLDER}/pedido.csv", f"{FOLDER}/item_pedido.csv"


def _lines(platform: Platform, now: datetime = NOW, units: int = 2) -> list[ObjectVerdict]:
    """Lines of the two windows that the tests publish."""
    lines = compare(platform, (DAY, DAY), now, units).lines
    return [line for line in lines if line.window_tag in (LUNCH, DINNER, None)]


def _faults(platform: Platform) -> dict[str, tuple[Verdict, str]]:
    """Verdict and detail of each line that is not fine, by the object's name."""
    return {
        line.name: (line.verdict, line.detail)
        for line in _lines(platform)
        if line.verdict is not Verdict.IN_BRONZE
    }


def _path(platform: Platform, name: str) -> Path:
    return platform.settings.bucket_folder / name


@pytest.fixture
def published(platform: Platform) -> Platform:
    """Two windows of two units in the bucket and in Bronze."""
    upload(platform, request(LUNCH, DINNER), NOW)
    return platform


def test_a_clean_range_is_all_in_bronze(platform: Platform) -> None:
    every = tuple(window.tag for window in platform.catalog.windows)
    days = [DAY + timedelta(days=n) for n in range(3)]
    upload(platform, request(*every, units=(1, 2, 3), dates=days[:2]), NOW)
    upload(platform, request(units=(1, 2, 3), dates=days[2:]), NOW)
    lines = compare(platform, (days[0], days[2]), NOW).lines
    assert {line.verdict for line in lines} == {Verdict.IN_BRONZE}
    assert len(lines) == 2 * 7 * 3 * 2 + 3 * 2  # dates, windows, units, tables; one day of bulk
    for line in lines:
        assert (line.expected, line.rejected, line.detail) == (line.bronze, 0, "")
    for table in ("orders", "order_items"):
        assert sum(line.bronze for line in lines if line.table == table) == count(
            platform, f"bronze.{table}"
        )


def test_what_is_computed_is_what_the_manifest_says(published: Platform) -> None:
    by_manifest = _lines(published)
    for info in published.store.list(MANIFEST_PREFIX):
        published.store.delete(info.name)
    assert _lines(published) == by_manifest
    assert all(line.expected for line in by_manifest)


def test_another_seed_is_known_from_the_manifest_alone(platform: Platform) -> None:
    upload(platform, request(LUNCH, DINNER, units=(1, 2, 3, 4), seed=77), NOW)
    assert {line.verdict for line in _lines(platform, units=4)} == {Verdict.IN_BRONZE}
    for info in platform.store.list(MANIFEST_PREFIX):
        platform.store.delete(info.name)
    assert Verdict.MISMATCH in {line.verdict for line in _lines(platform, units=4)}


def test_a_deleted_object_is_missing_though_bronze_has_its_rows(published: Platform) -> None:
    published.store.delete(ORDERS)
    ((name, (verdict, detail)),) = _faults(published).items()
    assert (name, verdict) == (ORDERS, Verdict.MISSING)
    assert "rows of it are in Bronze" in detail


def test_an_object_that_was_deleted_before_its_ingestion_is_missing(platform: Platform) -> None:
    publish(platform.store, request(LUNCH, DINNER), platform.catalog)
    platform.store.delete(ITEMS)
    ingest_pending(platform, NOW)
    assert _faults(platform) == {
        ITEMS: (Verdict.MISSING, "the manifest names it, the bucket does not have it")
    }


def test_an_object_that_was_never_ingested_is_uploaded(published: Platform) -> None:
    publish(published.store, request(LUNCH, DINNER, units=(1, 2, 3)), published.catalog)
    faults = _faults(published)
    assert set(faults.values()) == {(Verdict.UPLOADED, "not ingested yet")}
    assert len(faults) == 4
    assert all("/unit_003/" in name for name in faults)


def test_what_nobody_generated_is_missing(published: Platform) -> None:
    lines = [line for line in _lines(published, units=3) if line.unit_id == 3]
    # The manifests of the two windows name two units: nobody asked for a third.
    assert lines == []
    afternoon = [
        line
        for line in compare(published, (DAY, DAY), NOW, 3).lines
        if line.window_tag == "window_1416"
    ]
    assert [(line.verdict, line.detail) for line in afternoon] == [
        (Verdict.MISSING, "never generated")
    ] * 6
    assert all(line.expected and line.bronze == 0 for line in afternoon)


def test_windows_that_begin_later_are_not_due(platform: Platform) -> None:
    at_noon = datetime(2026, 2, 3, 15, 0, tzinfo=UTC)  # 12:00 in São Paulo
    lines = compare(platform, (DAY, DAY + timedelta(days=1)), at_noon, 1).lines
    verdicts = [line.verdict for line in lines if line.table == "orders"]
    assert verdicts == [Verdict.MISSING] * 2 + [Verdict.NOT_DUE] * 12
    before = compare(platform, (DAY, DAY), at_noon - timedelta(seconds=1), 1).lines
    assert [line.verdict for line in before[::2]] == [Verdict.MISSING] + [Verdict.NOT_DUE] * 6


def test_what_is_in_the_output_folder_alone_is_generated(platform: Platform) -> None:
    output = output_store(str(platform.settings.home / "output"))
    publish(output, request(LUNCH, units=(1,)), platform.catalog)
    lines = [line for line in compare(platform, (DAY, DAY), NOW, 1, output).lines
             if line.verdict is not Verdict.MISSING]  # fmt: skip
    assert [(line.window_tag, line.table, line.verdict) for line in lines] == [
        (LUNCH, "orders", Verdict.GENERATED), (LUNCH, "order_items", Verdict.GENERATED),
    ]  # fmt: skip


@pytest.mark.parametrize("table", ["orders", "order_items"])
def test_a_doubled_ingestion_is_found(published: Platform, table: str) -> None:
    name = ORDERS if table == "orders" else ITEMS
    line = next(line for line in _lines(published) if line.name == name)
    execute(published, f"INSERT INTO bronze.{table} SELECT * FROM bronze.{table} "
                    f"WHERE _source_file = '{name}'")  # fmt: skip
    ((found, (verdict, detail)),) = _faults(published).items()
    assert (found, verdict) == (name, Verdict.DUPLICATED)
    assert detail.startswith(f"{2 * line.bronze} rows")


def test_an_identifier_in_two_objects_is_found_in_both(published: Platform) -> None:
    twin = "raw/csv_sales/2026/02/03/unit_002/window_1012/pedido.csv"
    published.store.replace(NewObject(twin, published.store.read(ORDERS).data))
    ingest_pending(published, NOW)
    doubled = {
        line.name
        for line in compare(published, (DAY, DAY), NOW, 2).lines
        if line.verdict is Verdict.DUPLICATED
    }
    assert doubled == {ORDERS, twin}


def test_an_object_changed_before_its_ingestion_is_a_mismatch(platform: Platform) -> None:
    publish(platform.store, request(LUNCH, DINNER), platform.catalog)
    data = platform.store.read(ORDERS).data
    changed = data.replace(b"Finalizado", b"Cancelado")
    platform.store.replace(NewObject(ORDERS, changed))
    not_the_one = (Verdict.MISMATCH, "the object is not the one that the manifest names")
    assert _faults(platform)[ORDERS] == not_the_one
    ingest_pending(platform, NOW)
    assert _faults(platform) == {ORDERS: not_the_one}


@pytest.mark.folder_only
@pytest.mark.parametrize("later", [10**9, 0, -(10**12)], ids=["newer", "same moment", "older"])
def test_an_object_changed_after_its_ingestion_is_a_mismatch(
    published: Platform, later: int
) -> None:
    before = published.store.read(ORDERS)
    path = _path(published, ORDERS)
    path.write_bytes(before.data + b"\n")
    os.utime(path, ns=(before.generation + later, before.generation + later))
    ((name, (verdict, _)),) = _faults(published).items()
    assert (name, verdict) == (ORDERS, Verdict.MISMATCH)


@pytest.mark.folder_only
def test_equal_bytes_with_an_older_moment_are_loaded_again_and_no_fault(
    published: Platform,
) -> None:
    path, before = _path(published, ORDERS), count(published, "bronze.orders")
    older = published.store.read(ORDERS).generation - 10**12
    os.utime(path, ns=(older, older))  # as a copy that keeps moments has
    assert _faults(published) == {ORDERS: (Verdict.UPLOADED, "written anew since it was ingested")}
    assert ingest_pending(published, NOW).objects == 1
    assert _faults(published) == {}
    assert count(published, "bronze.orders") == before


def test_an_object_written_anew_is_uploaded_until_it_is_ingested(published: Platform) -> None:
    published.store.replace(NewObject(ORDERS, published.store.read(ORDERS).data))
    assert _faults(published) == {ORDERS: (Verdict.UPLOADED, "written anew since it was ingested")}
    ingest_pending(published, NOW)
    assert _faults(published) == {}


def test_rows_that_left_bronze_are_a_mismatch(published: Platform) -> None:
    execute(published, f"DELETE FROM bronze.orders WHERE _source_file = '{ORDERS}'")
    ((name, (verdict, detail)),) = _faults(published).items()
    assert (name, verdict) == (ORDERS, Verdict.MISMATCH)
    assert detail.endswith("Bronze has 0")


@pytest.mark.folder_only
def test_rows_that_left_bronze_are_counted_against_those_loaded(platform: Platform) -> None:
    upload(platform, request(units=(2,)), NOW)
    platform.store.delete(manifest_name(DAY, None))  # so that nothing is expected
    line = next(line for line in _lines(platform) if line.window_tag is None)
    execute(platform, "DELETE FROM bronze.orders WHERE id_pedido = "
                      "(SELECT MIN(id_pedido) FROM bronze.orders)")  # fmt: skip
    fault = f"{line.bronze} rows were loaded, Bronze has {line.bronze - 1}"
    assert _faults(platform)[line.name] == (Verdict.MISMATCH, fault)


def test_bad_rows_and_bad_files_are_quarantined(published: Platform) -> None:
    data = published.store.read(ORDERS).data.splitlines(keepends=True)
    published.store.replace(NewObject(ORDERS, b"".join(data[:-1]) + b"no;row\n"))
    published.store.replace(NewObject(ITEMS, b"no header\n"))
    ingest_pending(published, NOW)
    faults = _faults(published)
    assert faults[ORDERS] == (Verdict.QUARANTINED, "1 row in quarantine")
    assert faults[ITEMS][0] is Verdict.QUARANTINED
    assert "header" in faults[ITEMS][1]


@pytest.mark.parametrize("first", ["bulk", "incremental"])
def test_a_mixed_day_is_found(platform: Platform, first: str) -> None:
    wanted = [request(LUNCH, DINNER), request(units=(2,))]
    for part in reversed(wanted) if first == "bulk" else wanted:
        upload(platform, part, NOW, force=True)
    mixed = {line.name for line in _lines(platform) if line.verdict is Verdict.MIXED}
    assert mixed == {name for name in objects(platform.store, SALES_PREFIX) if "/unit_002/" in name}
    others = {line.verdict for line in _lines(platform) if line.unit_id == 1}
    assert others == {Verdict.IN_BRONZE}


def test_bulk_units_are_not_expected_in_windows(platform: Platform) -> None:
    upload(platform, request(units=(2,)), NOW)
    by_unit = {
        unit: {line.window_tag for line in compare(platform, (DAY, DAY), NOW, 2).lines
               if line.unit_id == unit} for unit in (1, 2)
    }  # fmt: skip
    assert by_unit[2] == {None}
    assert by_unit[1] == {window.tag for window in platform.catalog.windows}


def test_a_lost_manifest_of_bulk_data_leaves_nothing_to_expect(platform: Platform) -> None:
    upload(platform, request(units=(1,)), NOW)
    platform.store.delete(f"{MANIFEST_PREFIX}2026/02/03/day.json")
    lines = [line for line in _lines(platform, units=1) if line.window_tag is None]
    assert [(line.expected, line.verdict) for line in lines] == [(None, Verdict.IN_BRONZE)] * 2


def test_a_lost_bucket_leaves_every_object_missing(published: Platform) -> None:
    for info in published.store.list(""):
        published.store.delete(info.name)
    assert {line.verdict for line in _lines(published)} == {Verdict.MISSING}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"", b"{"), (b"", b"[]"), (b"", b'{"version": 1, "window": ["a"]}'), (b"", b"[" * 100_000),
        (b'"rows": ', b'"rows": null, "n": '), (b'"rows": ', b'"rows": "many", "n": '),
        (b'"seed": ', b'"seed": {}, "n": '),
    ],
)  # fmt: skip
def test_a_broken_manifest_is_a_fault_of_its_window_alone_and_can_be_overwritten(
    published: Platform, old: bytes, new: bytes
) -> None:
    name = manifest_name(DAY, DINNER)
    whole = published.store.read(name).data
    published.store.replace(NewObject(name, whole.replace(old, new) if old else new))
    faults = {(line.window_tag, line.verdict) for line in _lines(published) if line.detail}
    assert faults == {(DINNER, Verdict.MISMATCH)}
    with pytest.raises(ConflictError, match=r"is not a manifest: .* overwriting replaces it"):
        publish(published.store, request(DINNER), published.catalog)
    publish(published.store, request(DINNER), published.catalog, overwrite=True)
    assert published.store.read(name).data == whole
    assert _faults(published) == {}


def test_summaries_take_the_worst_verdict(published: Platform) -> None:
    published.store.delete(ORDERS)
    execute(published, f"INSERT INTO bronze.order_items SELECT * FROM bronze.order_items "
                    f"WHERE _source_file = '{ITEMS}'")  # fmt: skip
    lunch, dinner = summarise(_lines(published))
    assert (lunch.verdict, lunch.verdicts) == (Verdict.IN_BRONZE, {Verdict.IN_BRONZE: 4})
    assert (dinner.verdict, dinner.window_tag) == (Verdict.DUPLICATED, DINNER)
    assert dinner.verdicts == {Verdict.IN_BRONZE: 2, Verdict.MISSING: 1, Verdict.DUPLICATED: 1}
    assert isinstance(lunch, WindowSummary)
    assert (lunch.expected_orders, lunch.expected_items) == (
        lunch.bronze_orders,
        lunch.bronze_items,
    )
    assert dinner.bronze_items > dinner.expected_items > 0


def test_every_verdict_has_its_place() -> None:
    assert sorted(SEVERITY, key=SEVERITY.__getitem__) == list(Verdict)
    assert max(SEVERITY, key=SEVERITY.__getitem__) is Verdict.MIXED


def test_a_range_that_runs_backwards_is_refused(platform: Platform) -> None:
    with pytest.raises(InputError, match="runs backwards"):
        compare(platform, (DAY, DAY - timedelta(days=1)), NOW)
    with pytest.raises(InputError, match="out of range"):
        compare(platform, (date(1999, 1, 1), DAY), NOW)


def test_units_are_those_published_or_fifty(platform: Platform) -> None:
    assert len({line.unit_id for line in compare(platform, (DAY, DAY), NOW).lines}) == 50
    upload(platform, request(LUNCH, units=(1, 2, 3)), NOW)
    assert len({line.unit_id for line in compare(platform, (DAY, DAY), NOW).lines}) == 3


@pytest.mark.folder_only  # BigQuery refuses a second bucket: tests/warehouse/test_bigquery_log.py
def test_stores_of_another_name_do_not_meet_in_the_ledger(published: Platform) -> None:
    assert published.warehouse.generations("elsewhere") == {}
