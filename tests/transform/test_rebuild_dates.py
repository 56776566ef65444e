"""A rebuild of the dates that changed gives what a full rebuild gives, or is a full rebuild."""

import itertools
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.operations import jobs
from core.operations.runs import RunHistory
from core.platform import Platform
from core.storage.object_names import SalesName, parquet_name, sales_name
from core.transform import staleness
from core.transform.cost import bytes_read
from core.transform.rebuild import LAYERS, LayerReport, rebuild_layers
from tests.support.dated_bronze import Bronze, basket, clean, day, embedded_in
from tests.support.runs import run_job
from tests.support.scenes import NOW, execute, rows, script
from tests.support.zones import ZONES, zone

pytestmark = pytest.mark.data_path

# Whatever is loaded: mostly ids of the date alone, at times some that other dates have as well.
DAYS = st.integers(0, 3)
ORDERS = st.lists(st.sampled_from(["a", "b", "c", "shared"]), max_size=3, unique=True)
ITEMS = st.dictionaries(
    st.sampled_from(["i", "ii", "iii", "shared item"]),
    st.sampled_from(["a", "b", "c", "shared", "gone", "elsewhere"]),
    max_size=4,
)


def own(number: int, id_: str) -> str:
    """An id of a date's own, but for those that other dates have from the beginning."""
    others = {
        "shared": "o1 of 0",
        "shared item": "i1 of 0",
        "elsewhere": f"o1 of {(number + 1) % 4}",
    }
    return others.get(id_, f"{id_} of {number}")


@st.composite
def puts(draw: st.DrawFn) -> tuple[Any, ...]:
    number, hostile = draw(DAYS), draw(st.integers(0, 2)) == 0
    orders = [id_ for id_ in draw(ORDERS) if hostile or id_ != "shared"]
    items = {id_: order for id_, order in draw(ITEMS).items() if hostile or order in orders}
    files = basket(
        number,
        [own(number, order) for order in orders],
        {own(number, id_): own(number, order) for id_, order in items.items()
         if hostile or "shared" not in id_},
        unit=draw(st.integers(1, 2)), pieces=draw(st.integers(1, 3)),
    )  # fmt: skip
    kinds = draw(st.sampled_from([("orders", "order_items")] * 4 + [("orders",), ("order_items",)]))
    return ("put", number, {kind: files[kind] for kind in kinds}, draw(st.integers(1, 2)))


CHANGES = st.one_of(
    puts(), puts(), puts(),
    st.tuples(st.just("remove"), DAYS, st.integers(1, 2)),
    st.tuples(st.just("reference"), st.integers(1, 3)),
)  # fmt: skip
STEPS = st.lists(st.lists(CHANGES, min_size=1, max_size=2), min_size=1, max_size=3)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Bronze:
    """Four clean dates in a folder, built."""
    return four_dates(embedded_in(tmp_path_factory.mktemp("base") / "home"))


def four_dates(platform: Platform) -> Bronze:
    made = Bronze(platform)
    made.reference()
    for number in range(4):
        clean(made, number)
    reports = rebuild_layers(platform.warehouse)
    assert {report.why_full for report in reports} <= {staleness.FIRST, staleness.BELOW}
    assert all(report.published for report in reports)
    return made


@settings(max_examples=3)
@given(steps=STEPS, places=st.lists(st.sampled_from(ZONES), min_size=3, max_size=3))
def test_any_changes_in_any_zones_rebuilt_by_date_are_as_rebuilt_in_full(
    base: Bronze, steps: list[list[tuple[Any, ...]]], places: list[str]
) -> None:
    zones = itertools.cycle(places)
    with tempfile.TemporaryDirectory() as folder:
        by_date, in_full = (base.copied(Path(folder) / name) for name in ("some", "all"))
        for changes in steps:
            for what, *arguments in changes:
                with zone(next(zones)):
                    getattr(by_date, what)(*arguments)
                getattr(in_full, what)(*arguments)
            with zone(next(zones)):
                reports = rebuild_layers(by_date.platform.warehouse)
            wanted = rebuild_layers(in_full.platform.warehouse, full=True)
            assert verdicts(reports) == verdicts(wanted)
            assert all(c.passed for r in wanted for c in r.checks if c.name == "sales_equal_ledger")
            assert by_date.tables() == in_full.tables()


def verdicts(reports: tuple[LayerReport, ...]) -> list[Any]:
    return [
        (r.layer, r.published, {c.name for c in r.checks if not c.passed},
         [(t.name, t.rows_after) for t in r.tables])
        for r in reports
    ]  # fmt: skip


@pytest.fixture
def bronze(side: str, platform: Platform, request: pytest.FixtureRequest) -> Bronze:
    """Four clean dates, built."""
    if side == "cloud":
        return four_dates(platform)
    made: Bronze = request.getfixturevalue("base")
    return made.copied(platform.settings.home)


def built(bronze: Bronze) -> tuple[LayerReport, ...]:
    """Rebuild, and find what a full rebuild then finds: not on BigQuery, where it takes seconds."""
    reports = rebuild_layers(bronze.platform.warehouse)
    assert all(report.published for report in reports)
    if bronze.platform.settings.cloud:
        return reports
    found = bronze.tables()
    assert all(report.published for report in rebuild_layers(bronze.platform.warehouse, full=True))
    assert bronze.tables() == found
    return reports


def by_date(reports: tuple[LayerReport, ...]) -> list[Any]:
    return [report.dates for report in reports]


def why(reports: tuple[LayerReport, ...]) -> list[str | None]:
    return [report.why_full for report in reports]


@pytest.mark.both_sides
def test_a_new_date_and_one_that_changed_are_all_that_is_built(bronze: Bronze) -> None:
    clean(bronze, 4)
    clean(bronze, 1, "again")
    # An emulator's dry run takes every statement, and answers 0 bytes.
    billed = 0 if bronze.platform.settings.cloud else None
    for full in (False, True):
        assert bytes_read(bronze.platform.warehouse, full=full) == billed
    reports = built(bronze)
    assert by_date(reports) == [(day(1), day(4))] * len(LAYERS)
    assert why(reports) == [None] * len(LAYERS)
    rows_of = {t.name: (t.rows_before, t.rows_after) for r in reports for t in r.tables}
    assert rows_of["silver.orders"] == (8, 10)
    assert rows_of["gold.fact_order_items"] == (8, 10)
    assert rows_of["gold.agg_daily_sales"] == (4, 5)


@pytest.mark.both_sides
def test_a_failed_check_on_a_date_publishes_nothing_and_shows_the_rows(bronze: Bronze) -> None:
    before = bronze.tables()
    clean(bronze, 2, "other")
    files = basket(3, ["o9"], {"i9": "o9"})
    files["orders"] = [(*row[:4], "7.00", *row[5:]) for row in files["orders"]]
    bronze.put(3, files)
    (report,) = rebuild_layers(bronze.platform.warehouse)
    assert not report.published
    assert report.dates == (day(2), day(3))
    (failed,) = [check for check in report.checks if not check.passed]
    assert [row["order_id"] for row in failed.sample] == ["o9"]
    assert bronze.tables() == before


def test_a_removed_date_goes_from_every_layer(bronze: Bronze) -> None:
    bronze.remove(2)
    assert by_date(built(bronze)) == [(day(2),)] * len(LAYERS)
    left = rows(bronze.platform, "SELECT order_date FROM gold.agg_daily_sales ORDER BY 1")
    assert [row["order_date"] for row in left] == [day(0), day(1), day(3)]


def test_a_day_in_parquet_has_its_date_as_a_day_of_csv_files_has(bronze: Bronze) -> None:
    bronze.remove(2)
    files = basket(2, ["p1"], {"p2": "p1"})
    bronze.load({parquet_name(kind, day(2)): (kind, rows) for kind, rows in files.items()})
    assert by_date(built(bronze)) == [(day(2),)] * len(LAYERS)
    bronze.load({"raw/csv_sales/odd": ("orders", [])})  # of no date, as a file in quarantine
    assert by_date(built(bronze)) == [()] * len(LAYERS)


def test_where_nothing_changed_no_date_is_built(bronze: Bronze) -> None:
    assert by_date(built(bronze)) == [()] * len(LAYERS)


def test_layers_may_lag_behind_and_catch_up_by_date(bronze: Bronze) -> None:
    clean(bronze, 0, "other")
    rebuild_layers(bronze.platform.warehouse, ["silver"])
    clean(bronze, 1, "other")
    rebuild_layers(bronze.platform.warehouse, ["silver"])
    reports = rebuild_layers(bronze.platform.warehouse, ["gold", "aggregations"])
    assert by_date(reports) == [(day(0), day(1))] * 2
    built(bronze)


def test_new_reference_data_is_held_against_all_sales(bronze: Bronze) -> None:
    bronze.reference(products=2)
    assert by_date(built(bronze)) == [()] * len(LAYERS)
    bronze.reference(products=1)
    (report,) = rebuild_layers(bronze.platform.warehouse)
    assert [c.name for c in report.checks if not c.passed] == ["order_items_of_known_products"]
    assert report.dates == ()


def test_a_full_rebuild_is_one_on_demand(bronze: Bronze) -> None:
    reports = rebuild_layers(bronze.platform.warehouse, full=True)
    assert by_date(reports) == [None] * len(LAYERS)
    assert why(reports) == [staleness.ASKED] * len(LAYERS)


def test_most_dates_at_once_are_built_in_full(bronze: Bronze) -> None:
    for number in range(1, 4):
        clean(bronze, number, "other")
    assert why(built(bronze)) == [staleness.MOST] * len(LAYERS)


HOSTILE = {
    "an order on two dates": basket(2, ["o1 of 0"], {}),
    "an item on two dates": basket(2, ["o1"], {"i1 of 0": "o1"}),
    "an item of another date's order": basket(2, ["o1"], {"i1": "o1 of 0"}),
    "an order twice on its date, once elsewhere": basket(2, ["o1 of 0", "o1 of 2"], {}),
}


@pytest.mark.parametrize("files", HOSTILE.values(), ids=HOSTILE)
def test_dates_that_depend_on_one_another_are_built_in_full(
    bronze: Bronze, files: dict[str, Any]
) -> None:
    bronze.put(2, files)
    assert why(built(bronze)) == [staleness.DEPENDENT, staleness.BELOW, staleness.BELOW]


def test_dates_are_built_by_themselves_again_once_they_are_put_right(bronze: Bronze) -> None:
    warehouse = bronze.platform.warehouse
    bronze.put(2, HOSTILE["an item on two dates"])
    rebuild_layers(warehouse)
    assert why(rebuild_layers(warehouse)) == [staleness.DEPENDENT, staleness.BELOW, staleness.BELOW]
    clean(bronze, 2)
    assert why(rebuild_layers(warehouse)) == [staleness.FIRST] * len(LAYERS)
    clean(bronze, 1, "other")
    assert by_date(built(bronze)) == [(day(1),)] * len(LAYERS)


def test_an_order_that_an_item_waited_for_on_another_date_is_found(bronze: Bronze) -> None:
    bronze.put(2, basket(2, ["o1 of 2"], {"i1": "o1 of 2", "waiting": "late"}))
    assert by_date(built(bronze)) == [(day(2),)] * len(LAYERS)
    # The date is looked at each time, though nothing of it changes.
    assert by_date(rebuild_layers(bronze.platform.warehouse))[0] == (day(2),)
    bronze.put(3, basket(3, ["late"], {}))
    assert why(built(bronze))[0] == staleness.DEPENDENT


def test_a_row_whose_date_is_not_its_objects_is_found(bronze: Bronze) -> None:
    files = basket(2, ["o1"], {})
    wrong = {"orders": [(*row[:3], str(day(0)), *row[4:]) for row in files["orders"]]}
    bronze.put(2, {**files, **wrong})
    assert why(built(bronze))[0] == staleness.DEPENDENT


def test_other_sql_is_a_full_rebuild(bronze: Bronze) -> None:
    execute(bronze.platform, "UPDATE bronze._built_dates SET version = 'older ' || version "
                             "WHERE layer = 'silver'")  # fmt: skip
    assert why(rebuild_layers(bronze.platform.warehouse)) == [staleness.SQL, None, None]


@pytest.mark.parametrize(
    "damage",
    ["DROP TABLE silver.order_items", "ALTER TABLE silver.orders DROP COLUMN delivery_address"],
)
def test_tables_of_another_form_are_made_anew(bronze: Bronze, damage: str) -> None:
    execute(bronze.platform, damage)
    clean(bronze, 1, "other")
    assert why(built(bronze)) == [staleness.COLUMNS, None, None]


def test_an_old_data_home_is_built_in_full_once(bronze: Bronze) -> None:
    execute(bronze.platform, "DROP TABLE bronze._built_dates")
    again = Platform.of(bronze.platform.settings)
    assert why(rebuild_layers(again.warehouse)) == [staleness.FIRST] * len(LAYERS)
    assert by_date(rebuild_layers(again.warehouse)) == [()] * len(LAYERS)


def test_what_comes_again_later_makes_its_date_old(bronze: Bronze) -> None:
    bronze.generation -= 10**9  # the same generation, as of a file that was never touched
    bronze.remove(3)
    clean(bronze, 3)
    assert by_date(built(bronze)) == [(day(3),)] * len(LAYERS)


def test_the_state_of_a_date_counts_each_object_that_the_ledger_has_of_it(bronze: Bronze) -> None:
    bronze.generation += 7
    files = [basket(7, [f"o{unit}"], {f"i{unit}": f"o{unit}"}, unit) for unit in (1, 2)]
    bronze.load({
        sales_name(SalesName(kind, day(7), unit, None)): (kind, rows)
        for unit, of_unit in enumerate(files, 1) for kind, rows in of_unit.items()
    })  # fmt: skip
    version, ingested = staleness.read_ledger_states(bronze.platform.warehouse.ask)[day(7)]
    assert version == (
        f"4 objects, 4 rows, generations {4 * bronze.generation}, latest {bronze.now.isoformat()}"
    )
    assert bronze.now.date() in ingested


def test_objects_of_no_date_do_not_hide_new_reference_data(bronze: Bronze) -> None:
    ask = bronze.platform.warehouse.ask
    bronze.load({"raw/csv_sales/2026/02/30/unit_001/pedido.csv": ("orders", ())})
    before = staleness.read_ledger_states(ask)[None]
    bronze.reference()
    assert staleness.read_ledger_states(ask)[None] != before


def test_many_rounds_by_date_leave_no_passing_table(bronze: Bronze) -> None:
    for turn in range(3):
        clean(bronze, turn, f"turn {turn}")
        bronze.now += timedelta(days=1)
        rebuild_layers(bronze.platform.warehouse)
    assert not [table for table in bronze.platform.warehouse.tables() if "_next_" in table]


def test_progress_counts_each_step_once_where_dates_are_not_enough(bronze: Bronze) -> None:
    bronze.put(2, HOSTILE["an item on two dates"])
    steps: list[tuple[int, int]] = []
    rebuild_layers(
        bronze.platform.warehouse, progress=lambda done, total, _: steps.append((done, total))
    )
    assert [done for done, _ in steps] == list(range(1, steps[-1][1] + 1))


def test_a_rebuild_by_date_that_dies_leaves_the_old_layer(bronze: Bronze) -> None:
    before = bronze.tables()
    clean(bronze, 1, "other")

    def die(_: int, __: int, what: str) -> None:
        if what == "silver.order_items":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_layers(bronze.platform.warehouse, progress=die)
    assert bronze.tables() == before
    built(bronze)


def test_a_run_tells_how_many_dates_it_built_and_can_be_told_to_build_all(bronze: Bronze) -> None:
    platform = bronze.platform
    history = RunHistory(platform.settings.home / "runs.sqlite", lambda: NOW)
    clean(bronze, 1, "other")
    new = jobs.rebuild(["silver"])
    run = run_job(platform, history, new)
    assert (run.result or "").endswith("Business dates built: Silver 1.")
    assert run.details["layers"][0]["dates"] == ["2026-02-02"]
    new = jobs.rebuild(["silver"], full=True)
    assert jobs.list_commands(new, platform.catalog) == [
        "python scripts/build_silver_layer.py --full"
    ]
    run = run_job(platform, history, new)
    assert (run.result or "").endswith("Business dates built: Silver all. Full rebuild requested.")
    assert run.details["layers"][0]["dates"] is None


def test_the_command_builds_by_date_or_in_full(bronze: Bronze) -> None:
    clean(bronze, 1, "other")
    home = bronze.platform.settings.home
    done = script("build_silver_layer.py", env={"MRHEALTH_HOME": str(home)})
    assert "; 1 business dates; " in done.stdout
    done = script("build_silver_layer.py", "--full", env={"MRHEALTH_HOME": str(home)})
    assert "; all business dates; " in done.stdout
    assert "Full rebuild requested." in done.stdout
