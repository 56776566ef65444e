"""What looks at the bucket and at Bronze sees days in Parquet as they are."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from core.bronze.reference_data import publish_reference
from core.generation.catalog import Catalog
from core.generation.parquet_files import first_rows
from core.insight import bucket
from core.insight.bronze_rows import bronze_rows
from core.insight.file_view import read_contents
from core.insight.layer_figures import bronze_days
from core.operations.backfill_plan import BackfillRequest, Reason, plan_backfill
from core.operations.cleanup.removal import Removed, remove_request
from core.operations.repair import find_remedies, load_again
from core.pipeline import compare, ingest_pending, rebuild, upload
from core.platform import Platform
from core.reconcile.compare import ALL_UNITS, ObjectVerdict, Verdict, summarise
from core.reconcile.verify import verify
from core.storage.object_names import PARQUET_TAG, kind_of, parquet_manifest_name, parquet_name
from core.storage.object_store import NewObject
from core.storage.publish import Published, Request, publish
from core.storage.publish_parquet import is_complete, publish_day
from tests.support.samples import with_equal_checksum
from tests.support.scenes import DAY, NOW, another, count, objects, request, tables

pytestmark = pytest.mark.thorough

LUNCH = "window_1214"
ITEMS, ORDERS = (parquet_name(kind, DAY) for kind in ("order_items", "orders"))
MANIFEST = parquet_manifest_name(DAY)
LATER = NOW + timedelta(hours=1)
DAYS = (DAY, DAY)
WANTED = request(LUNCH)


@pytest.fixture
def published(platform: Platform) -> Published:
    """A day of units 1 and 2, in Bronze."""
    done = publish_day(platform.store, WANTED, platform.catalog)
    ingest_pending(platform, NOW)
    return done


def _lines(platform: Platform, units: int = 2) -> Mapping[str, ObjectVerdict]:
    lines = compare(platform, DAYS, NOW, units).lines
    return {line.table: line for line in lines if line.window_tag == PARQUET_TAG}


def _verdicts(platform: Platform) -> list[Verdict]:
    return [line.verdict for line in _lines(platform).values()]


@pytest.mark.both_sides
def test_reconciliation_has_a_line_a_table_and_expects_no_csv_of_its_units(
    platform: Platform, published: Published
) -> None:
    lines = compare(platform, DAYS, NOW, 2).lines
    assert [(line.window_tag, line.unit_id, line.name) for line in lines] == [
        (PARQUET_TAG, ALL_UNITS, ORDERS), (PARQUET_TAG, ALL_UNITS, ITEMS),
    ]  # fmt: skip
    assert [(line.expected, line.bronze, line.verdict) for line in lines] == [
        (published.orders, published.orders, Verdict.IN_BRONZE),
        (published.items, published.items, Verdict.IN_BRONZE),
    ]
    (summary,) = summarise(lines)
    assert (summary.bronze_orders, summary.expected_items) == (published.orders, published.items)
    # A third unit is none of its units, so the seven windows expect its files.
    assert {line.unit_id for line in compare(platform, DAYS, NOW, 3).lines} == {ALL_UNITS, 3}


def test_reconciliation_says_what_is_wrong(platform: Platform) -> None:
    publish_day(platform.store, WANTED, platform.catalog)
    assert _verdicts(platform) == [Verdict.UPLOADED] * 2
    ingest_pending(platform, NOW)
    platform.store.delete(ORDERS)
    line = _lines(platform)["orders"]
    assert (line.verdict, line.bronze) == (Verdict.MISSING, line.expected)
    publish_day(platform.store, WANTED, platform.catalog)
    assert _verdicts(platform) == [Verdict.UPLOADED, Verdict.IN_BRONZE]
    ingest_pending(platform, LATER)
    publish(platform.store, request(LUNCH, units=(2,)), platform.catalog, force=True)
    mixed = _lines(platform)["order_items"]
    assert mixed.verdict is Verdict.MIXED
    assert mixed.detail == "CSV files and Parquet data of unit 2 of the same date"
    ingest_pending(platform, LATER)
    csv = [line for line in compare(platform, DAYS, NOW, 2).lines if line.unit_id == 2]
    assert csv[0].verdict is Verdict.MIXED
    assert csv[0].window_tag == LUNCH


def test_a_day_without_its_manifest_or_with_a_broken_one_is_seen(
    platform: Platform, published: Published
) -> None:
    platform.store.delete(MANIFEST)
    assert [line.expected for line in _lines(platform).values()] == [None, None]
    assert len(compare(platform, DAYS, NOW, 2).lines) == 2
    platform.store.replace(NewObject(MANIFEST, b"{"))
    line = _lines(platform)["orders"]
    assert (line.verdict, line.bronze) == (Verdict.MISMATCH, published.orders)
    assert "is not a manifest" in line.detail


def test_objects_with_other_names_are_strangers(platform: Platform) -> None:
    name = "raw/parquet_sales/2026/02/03/unit_001.parquet"
    platform.store.create([[NewObject(name, b"?")]])
    (stranger,) = compare(platform, DAYS, NOW).unknown
    assert stranger.name == name
    ingest_pending(platform, NOW)
    (stranger,) = compare(platform, DAYS, NOW).unknown
    assert "is not the name of a day's sales in Parquet" in stranger.detail


def test_a_backfill_leaves_the_day_alone(platform: Platform, published: Published) -> None:
    del published
    found = plan_backfill(platform, BackfillRequest(DAYS, platform.catalog.windows, 2), NOW)
    assert {step.reason for step in found.steps} == {Reason.BULK}
    assert found.chosen == []


@pytest.mark.both_sides
def test_verification_makes_the_day_again(platform: Platform, published: Published) -> None:
    found = verify(platform.store, platform.catalog, DAYS)
    assert (found.manifests, found.cells, found.objects) == (1, 2, 2)
    assert found.size == published.size
    assert found.differences == ()


def _rewritten(platform: Platform, name: str) -> None:
    """The same rows in other bytes, as another release of the library would write them."""
    path = platform.settings.bucket_folder / name
    table = pq.read_table(path)
    pq.write_table(table, path, compression="snappy", store_schema=False)


def test_verification_compares_rows_where_another_release_wrote_the_bytes(
    platform: Platform, published: Published
) -> None:
    del published
    _rewritten(platform, ORDERS)
    (difference,) = verify(platform.store, platform.catalog, DAYS).differences
    assert difference.name == ORDERS
    assert "the object has" in difference.detail
    manifest = json.loads(platform.store.read(MANIFEST).data)
    manifest["orders"]["size"] = platform.store.find(ORDERS).size  # type: ignore[union-attr]  # it is there
    manifest["orders"]["crc32c"] = platform.store.checksum(ORDERS)
    platform.store.replace(NewObject(MANIFEST, json.dumps(manifest).encode()))
    assert verify(platform.store, platform.catalog, DAYS).differences == ()


@pytest.mark.both_sides
def test_verification_finds_other_bytes_of_equal_rows_size_and_checksum(
    platform: Platform, published: Published
) -> None:
    del published
    platform.store.replace(NewObject(ORDERS, with_equal_checksum(platform.store.read(ORDERS).data)))
    (difference,) = verify(platform.store, platform.catalog, DAYS).differences
    assert difference.name == ORDERS
    assert "the object has other bytes" in difference.detail


@pytest.mark.parametrize(
    ("change", "name", "detail"),
    [
        ({"seed": 2}, ITEMS, "Generated anew it has"),
        ({"value_cents": 1}, ORDERS, "The manifest says 1 cents"),
        ({"units": {"list": [0]}}, MANIFEST, "cannot be generated"),
        ({"slices": [{"window_tag": "x", "orders_min": 1, "orders_max": 2}]}, MANIFEST, "names x"),
        (
            {"slices": [{"window_tag": "window_0810", "orders_min": 1, "orders_max": 2}]},
            MANIFEST,
            "It names window_0810, but the windows are window_1012,",
        ),
        ({"version": 9}, MANIFEST, "has version 9"),
    ],
)
def test_verification_finds_a_manifest_that_was_changed(
    platform: Platform, published: Published, change: dict[str, object], name: str, detail: str
) -> None:
    del published
    manifest = json.loads(platform.store.read(MANIFEST).data) | change
    platform.store.replace(NewObject(MANIFEST, json.dumps(manifest).encode()))
    differences = verify(platform.store, platform.catalog, DAYS).differences
    assert any(found.name == name and detail in found.detail for found in differences)


def test_verification_finds_objects_that_no_manifest_names(
    platform: Platform, published: Published
) -> None:
    del published
    platform.store.delete(MANIFEST)
    differences = verify(platform.store, platform.catalog, DAYS).differences
    assert {(found.name, found.detail) for found in differences} == {
        (ITEMS, "No manifest names it."), (ORDERS, "No manifest names it."),
    }  # fmt: skip


@pytest.mark.both_sides
def test_removal_takes_the_day_away(platform: Platform, published: Published) -> None:
    del published
    assert remove_request(platform, WANTED) == Removed(2, 0)
    assert objects(platform.store) == {}
    assert count(platform, "bronze.orders") == count(platform, "bronze.order_items") == 0
    assert count(platform, "bronze._ingested_objects") == 0
    assert remove_request(platform, WANTED) == Removed(0, 0)


@pytest.mark.parametrize("other", [request(LUNCH, seed=2), request(), request(LUNCH, units=(1,))])
def test_removal_leaves_what_another_request_made(
    platform: Platform, published: Published, other: Request
) -> None:
    before = objects(platform.store)
    assert remove_request(platform, other) == Removed(0, 2)
    assert objects(platform.store) == before
    assert count(platform, "bronze.orders") == published.orders


@pytest.mark.parametrize("gone", [{MANIFEST}, {MANIFEST, ORDERS}, {MANIFEST, ORDERS, ITEMS}])
def test_a_removal_that_was_cut_off_is_completed_by_the_next(
    platform: Platform, published: Published, gone: set[str]
) -> None:
    del published
    platform.store.delete(*gone)
    assert remove_request(platform, WANTED).objects == 3 - len(gone)
    assert objects(platform.store) == {}
    assert count(platform, "bronze.orders") == 0


def test_the_browser_counts_and_shows_it(
    platform: Platform, published: Published, catalog: Catalog
) -> None:
    month = [i for prefix in bucket.month_prefixes(DAY) for i in platform.store.list(prefix)]
    assert bucket.tally_by_day(month)[DAY] == bucket.Tally(2, published.size, 0, 1)
    assert set(bucket.tally_by_window(month)) == {PARQUET_TAG}
    assert bucket.tally_by_unit(month) == {}
    assert len(bucket.select_objects(month, PARQUET_TAG, None)) == 2
    assert bucket.tally_bucket(platform.store)["parquet"].objects == 2
    assert kind_of(ORDERS) == "parquet"
    _, stored = bucket.read_object(platform.store, ORDERS)
    seen = read_contents(stored, catalog)
    assert (seen.rows, seen.binary, seen.fault, seen.rejected) == (published.orders, False, "", 0)
    assert seen.header[:2] == ("Id_Unidade", "Id_Pedido")
    assert [line.number for line in seen.lines] == list(range(1, published.orders + 1))
    assert seen.lines[0].fields[0] == "1"
    rows = bronze_rows(platform.warehouse, ITEMS)
    assert rows is not None
    assert (rows.table, rows.count) == ("order_items", published.items)


def test_the_browser_shows_bytes_that_are_no_parquet(platform: Platform, catalog: Catalog) -> None:
    platform.store.create([[NewObject(ORDERS, b"PAR1\0\1")]])
    _, stored = bucket.read_object(platform.store, ORDERS)
    assert read_contents(stored, catalog).binary
    assert first_rows(b"", 1) is None


def test_questions_and_repairs_know_it(platform: Platform, published: Published) -> None:
    (figures,) = bronze_days(platform.warehouse, DAY, DAY)
    assert (figures.orders, figures.items) == (published.orders, published.items)
    assert 100 * figures.revenue == published.value_cents
    found = find_remedies(compare(platform, DAYS, NOW, 2).lines)
    assert (found.fill, found.rewrite, found.reload) == ((), (), ())
    assert load_again(platform, [ORDERS], LATER).rows_loaded == published.orders
    assert count(platform, "bronze.orders") == published.orders
    assert is_complete(platform.store, WANTED)


def test_layers_are_those_of_the_csv_files_built_by_date_or_whole(
    platform: Platform, published: Published, home: Path
) -> None:
    del published
    rebuild(platform)
    more = request(LUNCH, dates=[DAY + timedelta(days=1)])
    publish_day(platform.store, more, platform.catalog)
    publish_reference(platform.store, platform.catalog, 2)
    ingest_pending(platform, NOW)
    rebuild(platform)
    by_csv = another(platform, home.with_name("csv"))
    for wanted in (WANTED, more):
        upload(by_csv, wanted, NOW)
    rebuild(by_csv)

    def gold(of: Platform) -> dict[str, list[str]]:
        return {name: rows for name, rows in tables(of).items() if name.startswith("gold.")}

    assert len(gold(platform)["gold.agg_daily_sales"]) == 2
    assert gold(platform) == gold(by_csv)
