"""A rebuild: order, all or nothing, twice the same, and each check seen to fail."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from core.errors import InputError
from core.platform import Platform
from core.settings import Settings
from core.transform import rebuild
from core.transform.rebuild import LAYERS, build_order, rebuild_layers
from core.warehouse.duckdb.layer_build import DuckDBLayerBuild
from tests.support import sql_files
from tests.support.bronze_rows import CHAIN, SALES, T2, T3, fill, rows_of
from tests.support.scenes import embedded, execute

pytestmark = [pytest.mark.both_sides, pytest.mark.data_path]

P = "case_ficticio"
TABLES = [
    f"{'gold' if s.folder == 'aggregations' else s.folder}.{s.name}"
    for s in sql_files.tables()
    if s.folder != "bronze"
]


@pytest.fixture
def filled(platform: Platform) -> Platform:
    """A platform whose Bronze holds `CHAIN`; nothing is built."""
    fill(platform, CHAIN)
    return platform


def everything(filled: Platform) -> dict[str, list[tuple[Any, ...]]]:
    return {table: rows_of(filled, table) for table in TABLES}


def wrong_total() -> dict[str, Any]:
    order = CHAIN["orders"][0]
    return {**CHAIN, "orders": [(*order[:4], "55.01", *order[5:]), *CHAIN["orders"][1:]]}


def test_a_table_is_built_after_those_that_it_reads() -> None:
    order = build_order("silver")
    assert order.index("units") > max(order.index("states"), order.index("countries"))
    assert order.index("order_items") > order.index("orders")


def test_a_rebuild_reports_tables_checks_and_progress(filled: Platform) -> None:
    steps: list[tuple[int, int, str]] = []
    reports = rebuild_layers(filled.warehouse, progress=lambda *step: steps.append(step))
    assert [(r.layer, r.published) for r in reports] == [(layer, True) for layer in LAYERS]
    rows = {t.name: (t.rows_before, t.rows_after) for r in reports for t in r.tables}
    assert rows["silver.orders"] == (0, 3)
    assert rows["gold.agg_daily_sales"] == (0, 2)
    assert {check.name for r in reports for check in r.checks} == {
        check.name for check in sql_files.checks()
    }
    assert all(check.passed and check.sample == [] for r in reports for check in r.checks)
    assert [done for done, _, _ in steps] == list(range(1, len(steps) + 1))
    assert {total for _, total, _ in steps} == {len(steps)}
    assert steps[-1][2] in {check.name for check in sql_files.checks()}


@pytest.mark.cloud_at_night
def test_twice_gives_the_same(filled: Platform) -> None:
    doubled = [(*order[:9], T2, order[10]) for order in CHAIN["orders"]]
    fill(filled, {**CHAIN, "orders": [*CHAIN["orders"], *doubled, *doubled]})
    rebuild_layers(filled.warehouse)
    first = everything(filled)
    reports = rebuild_layers(filled.warehouse)
    assert everything(filled) == first
    assert {t.rows_before == t.rows_after for r in reports for t in r.tables} == {True}


@pytest.mark.folder_only  # a rule of core/transform, which knows no warehouse
def test_layers_are_built_in_their_order_and_only_those_asked_for(filled: Platform) -> None:
    assert [r.layer for r in rebuild_layers(filled.warehouse, ["gold", "silver"])] == [
        "silver",
        "gold",
    ]
    assert "agg_daily_sales" not in tables_of(filled, "gold")


def tables_of(filled: Platform, dataset: str) -> set[str]:
    names = {tuple(table.split(".")) for table in filled.warehouse.tables()}
    return {name for layer, name in names if layer == dataset}


@pytest.mark.folder_only  # refused before a warehouse is asked
@pytest.mark.parametrize("layers", [["platinum"], [], ["silver", "checks"]])
def test_an_unknown_layer_is_refused(filled: Platform, layers: list[str]) -> None:
    with pytest.raises(InputError, match="silver, gold, aggregations"):
        rebuild_layers(filled.warehouse, layers)


@pytest.mark.folder_only  # on both sides: in `test_a_first_build_that_fails_leaves_no_table`
@pytest.mark.parametrize(
    ("before", "layer", "command"),
    [
        ([], "gold", "build_silver_layer.py"),
        ([], "aggregations", "build_gold_layer.py"),
        (["silver"], "aggregations", "build_gold_layer.py"),
    ],
)
def test_a_layer_without_its_inputs_names_the_command(
    filled: Platform, before: list[str], layer: str, command: str
) -> None:
    if before:
        rebuild_layers(filled.warehouse, before)
    with pytest.raises(InputError, match=command):
        rebuild_layers(filled.warehouse, [layer])
    assert "agg_daily_sales" not in tables_of(filled, "gold")


def test_a_failed_check_publishes_nothing_and_stops_the_layers_above(filled: Platform) -> None:
    rebuild_layers(filled.warehouse)
    before = everything(filled)
    fill(filled, wrong_total())
    reports = rebuild_layers(filled.warehouse)
    assert [(r.layer, r.published) for r in reports] == [("silver", False)]
    failed = [check for check in reports[0].checks if not check.passed]
    assert [check.name for check in failed] == ["order_value_adds_up"]
    assert failed[0].failing_rows == 1
    assert failed[0].sample[0]["order_id"] == "o1"
    assert "sum of its items" in failed[0].sentence
    assert everything(filled) == before


def test_a_first_build_that_fails_leaves_no_table(filled: Platform) -> None:
    fill(filled, wrong_total())
    rebuild_layers(filled.warehouse)
    assert tables_of(filled, "silver") == set()
    with pytest.raises(InputError, match=r"build_silver_layer\.py"):
        rebuild_layers(filled.warehouse, ["gold"])


def test_a_sample_has_at_most_five_rows(filled: Platform) -> None:
    orders = [(1, f"x{n}", *CHAIN["orders"][1][2:]) for n in range(7)]
    fill(filled, {**CHAIN, "orders": orders, "order_items": []})
    (report,) = rebuild_layers(filled.warehouse, ["silver"])
    (failed,) = [check for check in report.checks if not check.passed]
    assert failed.failing_rows == 7
    assert [row["order_id"] for row in failed.sample] == ["x0", "x1", "x2", "x3", "x4"]


@pytest.mark.folder_only  # layers are published alike: that of silver is tried on both sides
@pytest.mark.parametrize(
    ("layer", "damage", "check"),
    [
        ("gold", "DELETE FROM silver.products WHERE product_id = 1", "in_dim_product"),
        ("aggregations", "DELETE FROM gold.dim_unit WHERE unit_key = 1", "agg_unit"),
    ],
)
def test_upper_layers_are_all_or_nothing_too(
    filled: Platform, layer: str, damage: str, check: str
) -> None:
    rebuild_layers(filled.warehouse)
    execute(filled, damage)
    before = everything(filled)
    (report,) = rebuild_layers(filled.warehouse, [layer])
    assert not report.published
    assert [c.name for c in report.checks if not c.passed and check in c.name]
    assert everything(filled) == before


def test_a_rebuild_that_dies_half_way_leaves_the_old_layer(filled: Platform) -> None:
    rebuild_layers(filled.warehouse)
    before = everything(filled)
    fill(filled, {**CHAIN, "orders": CHAIN["orders"][:1]})

    def die(_: int, __: int, what: str) -> None:
        if what == "silver.orders":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_layers(filled.warehouse, progress=die)
    assert everything(filled) == before
    assert rebuild_layers(filled.warehouse, ["silver"])[0].tables != ()
    assert [row[0] for row in rows_of(filled, "silver.orders")] == ["o1"]


# Each check, and damage to what was built that it alone must see or sees among others.
DOUBLE = "INSERT INTO {table} SELECT * FROM {table} LIMIT 1"
DAMAGE = {
    **{
        f"{table.split('.')[1]}_key_unique": DOUBLE.format(table=f"{{p}}_{table}")
        for table in TABLES
    },
    "order_items_have_orders": "DELETE FROM {p}_silver.orders WHERE order_id = 'o2'",
    "orders_of_known_units": "DELETE FROM {p}_silver.units WHERE unit_id = 2",
    "order_items_of_known_products": "DELETE FROM {p}_silver.products WHERE product_id = 2",
    "units_in_known_places": "UPDATE {p}_silver.units SET country_name = NULL WHERE unit_id = 1",
    "orders_complete": "UPDATE {p}_silver.orders SET order_status = NULL WHERE order_id = 'o1'",
    "order_value_adds_up": "UPDATE {p}_silver.orders SET delivery_fee = 5.11 WHERE order_id = 'o1'",
    "sales_equal_ledger": (
        f"INSERT INTO {{p}}_bronze._ingested_objects VALUES ('b', '{SALES}/pedido.csv', 1, "
        f"'orders', 4, 4, 0, NULL, 1, '', '{T3}')"
    ),
    "dim_date_without_gap": "DELETE FROM {p}_gold.dim_date WHERE date_key = '20260301'",
    "fact_sales_in_dim_unit": "UPDATE {p}_gold.fact_sales SET unit_key = 9 WHERE order_id = 'o1'",
    "fact_sales_in_dim_date": "DELETE FROM {p}_gold.dim_date WHERE date_key = '20260207'",
    "fact_order_items_in_dim_product": "DELETE FROM {p}_gold.dim_product WHERE product_key = 1",
    "fact_order_items_in_dim_unit": "DELETE FROM {p}_gold.dim_unit WHERE unit_key = 2",
    "fact_order_items_in_dim_date": "DELETE FROM {p}_gold.dim_date WHERE date_key = '20260209'",
    "fact_sales_equals_orders": "DELETE FROM {p}_gold.fact_sales WHERE order_id = 'o3'",
    "fact_order_items_equals_order_items": (
        "UPDATE {p}_gold.fact_order_items SET total_item_value = 1 WHERE item_id = 'i1'"
    ),
    "fact_sales_add_up": "UPDATE {p}_gold.fact_sales SET total_quantity = 9 WHERE order_id = 'o1'",
    "agg_daily_sales_equals_fact_sales": (
        "UPDATE {p}_gold.agg_daily_sales SET total_revenue = 1 WHERE date_key = '20260207'"
    ),
    "agg_unit_performance_equals_fact_sales": (
        "DELETE FROM {p}_gold.agg_unit_performance WHERE unit_key = 1"
    ),
    "agg_product_performance_equals_fact_order_items": (
        "UPDATE {p}_gold.agg_product_performance SET total_line_items = 9 WHERE product_key = 1"
    ),
    "percentages_in_range": "UPDATE {p}_gold.agg_unit_performance SET online_pct = 100.01",
}


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """A warehouse with every layer built; tests take back what they do to it."""
    home = str(tmp_path_factory.mktemp("chain"))
    made = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": home}))
    fill(made, CHAIN)
    assert all(report.published for report in rebuild_layers(made.warehouse))
    return made


class _TakenBackError(Exception):
    pass


@contextlib.contextmanager
def taken_back(chain: Platform) -> Iterator[Any]:
    with contextlib.suppress(_TakenBackError), embedded(chain).writing() as connection:
        yield connection
        raise _TakenBackError


@pytest.mark.parametrize("name", [check.name for check in sql_files.checks()])
def test_each_check_sees_its_damage(chain: Platform, name: str) -> None:
    (folder,) = [check.folder for check in sql_files.checks() if check.name == name]
    layer = folder.removeprefix("checks/")
    with taken_back(chain) as connection:
        connection.execute(DAMAGE[name].format(p=P))
        build = DuckDBLayerBuild(connection, P, layer)
        reports = rebuild._run_checks(build, layer, lambda _: None)
        (report,) = [report for report in reports if report.name == name]
    assert report.failing_rows >= 1
    assert report.sample
    assert report.sentence.endswith(".")
