"""Silver and Gold have all that the ledger says was loaded, in any zone; no loss is published."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.platform import Platform
from core.storage.object_names import parquet_name
from core.transform import date_slices, staleness
from core.transform.layers import SQL_FOLDER
from core.transform.rebuild import LAYERS, LayerReport, rebuild_layers
from tests.support.dated_bronze import STEP, Bronze, basket, clean, day, embedded_in
from tests.support.scenes import execute, rows
from tests.support.zones import BUSINESS, EASTMOST, WESTMOST, zone

pytestmark = pytest.mark.data_path

CHECK = "sales_equal_ledger"
# Moments of which at least one is of another date in each zone that is not UTC.
LATE, EARLY = datetime(2026, 2, 3, 23, 30, tzinfo=UTC), datetime(2026, 2, 4, 2, 30, tzinfo=UTC)
OF_DAY_1 = "WHERE _source_file LIKE '%/2026/02/02/%'"


def layers(platform: Platform) -> tuple[str, ...]:
    """Those that a test builds: on BigQuery, where each takes seconds, only Silver."""
    return LAYERS[:1] if platform.settings.cloud else LAYERS


def build(bronze: Bronze, *, full: bool = False) -> tuple[LayerReport, ...]:
    return rebuild_layers(bronze.platform.warehouse, layers(bronze.platform), full=full)


def filled(platform: Platform) -> Bronze:
    made = Bronze(platform)
    made.reference()
    for number in range(4):
        clean(made, number)
    assert build(made)[-1].published
    return made


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Bronze:
    """Four dates in a folder, built."""
    return filled(embedded_in(tmp_path_factory.mktemp("base") / "home"))


@pytest.fixture
def bronze(side: str, platform: Platform, request: pytest.FixtureRequest) -> Bronze:
    """Four dates, built."""
    if side == "cloud":
        return filled(platform)
    made: Bronze = request.getfixturevalue("base")
    return made.copied(platform.settings.home)


def failed(reports: tuple[LayerReport, ...]) -> dict[str, Any]:
    return {c.name: c.sample for r in reports for c in r.checks if not c.passed}


def as_in_full(bronze: Bronze) -> tuple[date, ...] | None:
    """Rebuild; the dates that each layer built, after a look that a full rebuild gives the same."""
    reports = build(bronze)
    assert failed(reports) == {}
    found = bronze.tables()
    assert failed(build(bronze, full=True)) == {}
    assert bronze.tables() == found
    (dates,) = {report.dates for report in reports}
    return dates


def orders_by_date(bronze: Bronze, table: str, column: str) -> dict[date, int]:
    found = rows(bronze.platform, f"SELECT {column} AS d, COUNT(*) AS n FROM {table} GROUP BY 1")
    return {row["d"]: row["n"] for row in found}


# --- zones ---


@pytest.mark.parametrize(
    ("writer", "reader"),
    [(EASTMOST, "UTC"), (BUSINESS, "UTC"), (EASTMOST, WESTMOST), ("UTC", EASTMOST)],
)
def test_what_one_zone_loaded_another_zone_builds(bronze: Bronze, writer: str, reader: str) -> None:
    for number, now in ((4, LATE), (5, EARLY)):
        bronze.now = now + timedelta(days=number) - STEP
        with zone(writer):
            clean(bronze, number)
        with zone(reader):
            reports = rebuild_layers(bronze.platform.warehouse)
            assert failed(reports) == {}
            assert [report.dates for report in reports] == [(day(number),)] * len(LAYERS)
            # Nothing is out of date for a reader of another zone.
            assert staleness.plan_rebuild(
                bronze.platform.warehouse.ask, "silver", full=False
            ).part == (date_slices.Slice((), (), ()))
    built = orders_by_date(bronze, "gold.fact_sales", "order_date")
    assert built == orders_by_date(bronze, "bronze.orders", "data_pedido")
    assert len(built) == 6
    dates = rows(
        bronze.platform, "SELECT DISTINCT _ingest_date, _ingest_timestamp AS t FROM bronze.orders"
    )
    assert all(row["_ingest_date"] == row["t"].astimezone(UTC).date() for row in dates)


def test_a_home_of_an_older_release_in_another_zone_heals_by_itself(bronze: Bronze) -> None:
    before = bronze.tables()
    tables = ("bronze.orders", "bronze.order_items", "silver.orders", "silver.order_items",
              "gold.fact_sales", "gold.fact_order_items")  # fmt: skip
    for table in tables:
        execute(bronze.platform, f"UPDATE {table} SET _ingest_date = _ingest_date - 1")
    execute(bronze.platform, "UPDATE bronze._built_dates SET version = 'older ' || version")
    reports = rebuild_layers(bronze.platform.warehouse)
    assert [report.why_full for report in reports] == [staleness.SQL] * len(LAYERS)
    assert bronze.tables() == before
    clean(bronze, 1, "other")
    assert as_in_full(bronze) == (day(1),)


@pytest.mark.both_sides
@pytest.mark.cloud_at_night
def test_rows_are_read_from_the_partition_that_they_are_in(bronze: Bronze) -> None:
    def move(days: str) -> None:
        for kind in ("orders", "order_items"):
            sql = f"UPDATE bronze.{kind} SET _ingest_date = _ingest_date {days} {OF_DAY_1}"
            execute(bronze.platform, sql)

    clean(bronze, 1, "other")
    move("+ 1")
    assert as_in_full(bronze) == (day(1),)
    move("- 1")
    clean(bronze, 1, "once more")  # what goes out of Silver is found as well
    assert as_in_full(bronze) == (day(1),)


# --- the ledger ---

LOSSES = {
    "all orders": [f"DELETE FROM bronze.orders {OF_DAY_1}"],
    "one item": ["DELETE FROM bronze.order_items WHERE id_item_pedido = 'i1other of 1'"],
    "a partition where nobody looks": [
        f"UPDATE bronze.{kind} SET _ingest_date = DATE '2025-01-01', "
        f"_ingest_timestamp = TIMESTAMP '2025-01-01 00:00:00+00' {OF_DAY_1}"
        for kind in ("orders", "order_items")
    ],
}


@pytest.mark.cloud_at_night  # `test_transform.py` has a failed check there
@pytest.mark.parametrize(
    ("side", "cause"),
    [*(("folder", cause) for cause in LOSSES), ("cloud", "one item")],
    indirect=["side"],
)
def test_a_loss_by_any_cause_stops_the_publication_and_names_the_date(
    bronze: Bronze, cause: str
) -> None:
    before = bronze.tables()
    clean(bronze, 1, "other")
    clean(bronze, 4)
    for statement in LOSSES[cause]:
        execute(bronze.platform, statement)
    (report,) = build(bronze)
    assert not report.published
    assert {row["business_date"] for row in failed((report,))[CHECK]} == {"2026/02/02"}
    assert bronze.tables() == before
    clean(bronze, 1, "again")  # the object loaded once more puts it right
    for kind in ("orders", "order_items"):
        execute(
            bronze.platform, f"DELETE FROM bronze.{kind} WHERE _ingest_date < DATE '2026-01-01'"
        )
    assert as_in_full(bronze) == (day(1), day(4))


def test_a_full_rebuild_publishes_no_loss_either(bronze: Bronze) -> None:
    execute(bronze.platform, "DELETE FROM bronze.order_items WHERE id_item_pedido = 'i1 of 1'")
    (report,) = rebuild_layers(bronze.platform.warehouse, full=True)
    assert failed((report,))[CHECK] == [
        {"business_date": "2026/02/02", "kind": "order_items", "ledger_rows": 2, "silver_rows": 1}
    ]


def test_rows_that_silver_drops_by_rule_are_no_loss(bronze: Bronze) -> None:
    repeats = basket(1, ["o1", "o2 of 0"], {"i1": "o1", "i2": "gone", "i1 of 0": "o1"})
    bronze.put(1, {kind: [*found, *found] for kind, found in repeats.items()}, unit=2)
    bronze.put(2, {"orders": []})  # replaced by a file whose rows were all rejected
    bronze.remove(3)
    files = basket(4, ["p1"], {"p2": "p1", "p3": "gone"})
    bronze.load({parquet_name(kind, day(4)): (kind, found) for kind, found in files.items()})
    assert failed(rebuild_layers(bronze.platform.warehouse)) == {}
    assert failed(rebuild_layers(bronze.platform.warehouse, full=True)) == {}


def test_rows_of_no_line_in_the_ledger_are_not_judged(bronze: Bronze) -> None:
    execute(bronze.platform, "DELETE FROM bronze._ingested_objects WHERE kind = 'orders'")
    assert failed(rebuild_layers(bronze.platform.warehouse)) == {}


def test_rows_that_somebody_doubled_by_hand_are_not_published(bronze: Bronze) -> None:
    clean(bronze, 1, "other")
    execute(bronze.platform, f"INSERT INTO bronze.orders SELECT * FROM bronze.orders {OF_DAY_1}")
    assert [
        row["silver_rows"] for row in failed(rebuild_layers(bronze.platform.warehouse))[CHECK]
    ] == [4]


@pytest.mark.parametrize("side", ["cloud"], indirect=True)  # DuckDB builds in one transaction
def test_what_comes_while_silver_is_built_is_left_to_the_next_build(bronze: Bronze) -> None:
    clean(bronze, 1, "other")

    def come(_: int, __: int, what: str) -> None:
        if what == "silver.order_items":
            clean(bronze, 1, "unit 2", unit=2)

    reports = rebuild_layers(bronze.platform.warehouse, ["silver"], progress=come)
    assert failed(reports) == {}
    assert as_in_full(bronze) == (day(1),)


def test_the_check_reads_the_date_of_a_name_as_the_slices_do() -> None:
    sql = (SQL_FOLDER / "checks" / "silver" / f"{CHECK}.sql").read_text("utf-8")
    assert date_slices.date_of("lines.object_name") in " ".join(sql.split())
