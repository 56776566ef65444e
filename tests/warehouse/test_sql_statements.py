"""Every statement of `core/sql`: accepted by Google's analyser, with the contract's columns."""

import functools
from datetime import date
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from core.transform import date_independence, date_slices
from core.transform.date_slices import SLICED, Slice
from core.transform.rebuild import LAYERS, SQL_FOLDER, statements
from core.warehouse import DuckDBWarehouse
from core.warehouse.base import next_name
from core.warehouse.dialect.render import Engine, render
from tests.support import googlesql, sql_files
from tests.support.sql_files import ENGINES, PREFIX, Statement

pytestmark = pytest.mark.thorough

TABLES = list(sql_files.tables())
CHECKS = list(sql_files.checks())

# The contract's columns in their order. S STRING, I INT64, N NUMERIC, D DATE, T TIMESTAMP, B BOOL.
CONTRACT = {
    "bronze.orders": """id_unidade I, id_pedido S, tipo_pedido S, data_pedido D, vlr_pedido N,
        endereco_entrega S, taxa_entrega N, status S, _source_file S, _ingest_timestamp T,
        _ingest_date D""",
    "bronze.order_items": """id_pedido S, id_item_pedido S, id_produto I, qtd I, vlr_item N,
        observacao S, _source_file S, _ingest_timestamp T, _ingest_date D""",
    "bronze.products": "id_produto I, nome_produto S, _ingest_timestamp T",
    "bronze.units": "id_unidade I, nome_unidade S, id_estado I, _ingest_timestamp T",
    "bronze.states": "id_estado I, id_pais I, nome_estado S, _ingest_timestamp T",
    "bronze.countries": "id_pais I, nome_pais S, _ingest_timestamp T",
    "silver.products": "product_id I, product_name S, _updated_at T",
    "silver.states": "state_id I, country_id I, state_name S, _updated_at T",
    "silver.countries": "country_id I, country_name S, _updated_at T",
    "silver.units": """unit_id I, unit_name S, state_id I, state_name S, country_id I,
        country_name S, _updated_at T""",
    "silver.orders": """order_id S, unit_id I, order_type S, order_status S, order_date D,
        order_year I, order_month I, order_day I, order_day_of_week S, order_value N,
        delivery_fee N, items_subtotal N, delivery_address S, _source_file S,
        _ingest_timestamp T, _ingest_date D""",
    "silver.order_items": """order_item_id S, order_id S, product_id I, quantity I, unit_price N,
        total_item_value N, observation S, _source_file S, _ingest_timestamp T, _ingest_date D""",
    "gold.dim_date": """date_key S, full_date D, year I, quarter I, year_quarter S, month I,
        month_name S, year_month S, week_of_year I, iso_week I, day_of_month I,
        day_of_week_num I, day_of_week_name S, day_of_week_abbrev S, day_of_year I, is_weekend B,
        is_weekday B, day_in_month I, last_day_of_month D, first_day_of_month D""",
    "gold.dim_product": """product_key I, product_id I, product_name S, _valid_from T,
        _valid_to T, is_current B""",
    "gold.dim_unit": """unit_key I, unit_id I, unit_name S, state_id I, state_name S,
        country_id I, country_name S, _valid_from T, _valid_to T, is_current B""",
    "gold.dim_geography": """geography_key I, state_id I, state_name S, country_id I,
        country_name S""",
    "gold.fact_sales": """order_id S, date_key S, order_date D, unit_key I, order_type S,
        order_status S, order_value N, delivery_fee N, items_subtotal N, total_items I,
        distinct_products I, total_quantity I, delivery_address S, _ingest_date D""",
    "gold.fact_order_items": """item_id S, order_id S, date_key S, order_date D, unit_key I,
        product_key I, quantity I, unit_price N, total_item_value N, order_type S,
        order_status S, observation S, _ingest_date D""",
    "gold.agg_daily_sales": """date_key S, order_date D, year I, month I, month_name S,
        year_month S, day_of_week_name S, is_weekend B, total_orders I, online_orders I,
        physical_orders I, total_revenue N, online_revenue N, physical_revenue N,
        avg_order_value N, total_delivery_fees N, avg_delivery_fee N, total_items_sold I,
        avg_items_per_order N, active_units I, completed_orders I, canceled_orders I,
        pending_orders I, online_pct N, cancellation_rate N""",
    "gold.agg_unit_performance": """unit_key I, unit_id I, unit_name S, state_name S,
        country_name S, total_orders I, online_orders I, physical_orders I, total_revenue N,
        avg_order_value N, total_items_sold I, avg_items_per_order N, completed_orders I,
        canceled_orders I, cancellation_rate N, online_pct N, first_order_date D,
        last_order_date D, days_active I, revenue_rank I, order_volume_rank I""",
    "gold.agg_product_performance": """product_key I, product_id I, product_name S,
        total_orders I, total_line_items I, total_quantity_sold I, avg_quantity_per_order N,
        total_revenue N, avg_unit_price N, avg_line_value N, units_selling_product I,
        unit_penetration_pct N, first_sold_date D, last_sold_date D, revenue_rank I,
        volume_rank I""",
}
INTERNAL = {
    "bronze._ingested_objects": """bucket S, object_name S, generation I, kind S, rows_in I,
        rows_loaded I, rows_rejected I, reason S, size_bytes I, crc32c S, _ingest_timestamp T""",
    "bronze._built_layers": "layer S, bronze_version S",
    "bronze._origin": "bucket S, log S, since T",
    "bronze._built_dates": "layer S, order_date D, ingest_date D, version S",
}
TYPES = {"S": "STRING", "I": "INT64", "N": "NUMERIC", "D": "DATE", "T": "TIMESTAMP", "B": "BOOL"}
ON_DUCKDB = {
    "STRING": "VARCHAR",
    "INT64": "BIGINT",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP WITH TIME ZONE",
    "BOOL": "BOOLEAN",
}


def columns(text: str) -> list[tuple[str, str]]:
    pairs = (column.split() for column in text.split(","))
    return [(name, TYPES[letter]) for name, letter in pairs]


def dataset(statement: Statement) -> str:
    return "gold" if statement.folder == "aggregations" else statement.folder


@functools.cache
def analysed() -> dict[str, googlesql.Table]:
    """Each table as Google's analyser resolves it, the later ones over the earlier ones."""
    known: dict[str, googlesql.Table] = {}
    for statement in TABLES:
        sql = render(statement.sql, PREFIX, "bigquery")
        made = googlesql.columns_of(sql, known)
        known[f"{PREFIX}_{dataset(statement)}.{statement.name}"] = googlesql.Table(made)
    return known


def ids(statements: list[Statement]) -> list[str]:
    return [f"{statement.folder}/{statement.name}" for statement in statements]


@pytest.mark.parametrize("table", [*CONTRACT, *INTERNAL])
def test_google_resolves_each_table_to_the_contracts_columns(table: str) -> None:
    resolved = analysed()[f"{PREFIX}_{table}"]
    assert list(resolved.columns.items()) == columns({**CONTRACT, **INTERNAL}[table])


def test_the_tables_are_the_contracts_and_the_internal_ones() -> None:
    assert {f"{dataset(s)}.{s.name}" for s in TABLES} == {*CONTRACT, *INTERNAL}


@pytest.mark.parametrize("check", CHECKS, ids=ids(CHECKS))
def test_google_accepts_each_check(check: Statement) -> None:
    assert googlesql.columns_of(render(check.sql, PREFIX, "bigquery"), analysed())


def test_googles_analyser_does_refuse() -> None:
    with pytest.raises(Exception, match="Unrecognized name: order_idd"):
        googlesql.columns_of("SELECT order_idd FROM case_ficticio_gold.fact_sales", analysed())


@pytest.mark.parametrize(
    ("table", "clauses"),
    [
        ("bronze/orders", "PARTITION BY _ingest_date"),
        ("bronze/order_items", "PARTITION BY _ingest_date"),
        ("gold/fact_sales", "PARTITION BY order_date CLUSTER BY unit_key, order_type"),
        ("gold/fact_order_items", "PARTITION BY order_date CLUSTER BY product_key"),
    ],
)
def test_partitions_and_clusters_are_the_contracts(table: str, clauses: str) -> None:
    sql = (SQL_FOLDER / f"{table}.sql").read_text("utf-8")
    assert clauses in " ".join(render(sql, PREFIX, "bigquery").split())


def test_duckdb_gives_each_column_the_type_that_bigquery_gives(tmp_path: Path) -> None:
    warehouse = DuckDBWarehouse(tmp_path / "w.duckdb", PREFIX)
    with warehouse.writing() as connection:
        for name in ("bronze", "silver", "gold"):
            connection.execute(f"CREATE SCHEMA {PREFIX}_{name}")
        for statement in TABLES:
            connection.execute(render(statement.sql, PREFIX, "duckdb"))
    for table, text in CONTRACT.items():
        described = warehouse.query(f"DESCRIBE {PREFIX}_{table}").to_pylist()
        for (name, kind), column in zip(columns(text), described, strict=True):
            assert column["column_name"] == name
            assert _is(kind, column["column_type"]), f"{table}.{name} is {column['column_type']}"


def _is(kind: str, duckdb_type: str) -> bool:
    if kind == "NUMERIC":
        return duckdb_type.startswith("DECIMAL(") and duckdb_type.endswith(",2)")
    return duckdb_type == ON_DUCKDB[kind]


@pytest.mark.parametrize("money", ["orders.vlr_pedido", "orders.taxa_entrega"])
def test_bronze_money_has_the_contracts_precision(tmp_path: Path, money: str) -> None:
    table, column = money.split(".")
    warehouse = DuckDBWarehouse(tmp_path / "w.duckdb", PREFIX)
    warehouse.create_bronze()
    described = warehouse.query(f"DESCRIBE {PREFIX}_bronze.{table}").to_pylist()
    types = {row["column_name"]: row["column_type"] for row in described}
    assert types[column] == "DECIMAL(10,2)"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("statement", TABLES + CHECKS, ids=ids(TABLES + CHECKS))
def test_rendered_sql_is_as_kept(statement: Statement, engine: Engine) -> None:
    kept = sql_files.golden_file(statement, engine).read_text("utf-8")
    assert render(statement.sql, PREFIX, engine) + "\n" == kept, (
        "rendered SQL changed: look at it, then `python -m tests.support.sql_files`"
    )


def test_no_golden_file_is_left_of_a_statement_that_is_gone() -> None:
    expected = {sql_files.golden_file(s, engine) for s in TABLES + CHECKS for engine in ENGINES}
    assert set(sql_files.GOLDEN.rglob("*.sql")) == expected


@pytest.mark.parametrize("statement", TABLES + CHECKS, ids=ids(TABLES + CHECKS))
def test_each_file_opens_with_its_sentence(statement: Statement) -> None:
    first = statement.sql.splitlines()[0]
    assert first.startswith("-- ")
    assert first.endswith(".")


def test_each_table_of_a_layer_has_a_check_of_its_key() -> None:
    checked = {check.name for check in CHECKS}
    built = [statement for statement in TABLES if statement.folder in LAYERS]
    assert {f"{statement.name}_key_unique" for statement in built} <= checked


# --- the same statements for some business dates ---

PART = Slice(
    (date(2026, 2, 1), date(2026, 2, 3)), (date(2026, 2, 2), date(2026, 2, 4)), (date(2026, 2, 2),)
)
PARTITIONED_BY = {
    "bronze.orders": "_ingest_date",
    "bronze.order_items": "_ingest_date",
    "silver.orders": "order_date",
    "silver.order_items": "_ingest_date",
    "gold.fact_sales": "order_date",
    "gold.fact_order_items": "order_date",
}
BY_DATE = [(layer, table) for layer in LAYERS for table in date_slices.sliced_tables(layer)]
CHECKED = [
    (layer, name, whole)
    for layer in LAYERS
    for name, sql in statements(f"checks/{layer}").items()
    for whole in (False, True)
    if not whole
    or date_slices.check(layer, sql, PART, whole=True)
    != date_slices.check(layer, sql, PART, whole=False)
]


def with_new_rows() -> dict[str, googlesql.Table]:
    """All tables, and those that hold the rows of some dates."""
    known = analysed()
    new = {f"{PREFIX}_{next_name(table)}": known[f"{PREFIX}_{table}"] for table in SLICED}
    return known | new


def unpruned(sql: str) -> set[str]:
    """Tables with partitions that a statement reads somewhere without naming them by literals."""
    tree = sqlglot.parse_one(sql, read="bigquery")
    return {
        read
        for table in tree.find_all(exp.Table)
        if (read := f"{table.db}.{table.name}") in PARTITIONED_BY
        and not _names_partitions(table.find_ancestor(exp.Select), PARTITIONED_BY[read])
    }


def _names_partitions(select: exp.Select | None, column: str) -> bool:
    where = select.args.get("where") if select else None
    if where is None:
        return False
    sides = where.this.flatten() if isinstance(where.this, exp.And) else (where.this,)
    return any(
        isinstance(side, exp.In) and side.this.name == column and side.expressions for side in sides
    )


@pytest.mark.parametrize(("layer", "table"), BY_DATE)
def test_google_resolves_each_table_by_date_to_the_same_columns(layer: str, table: str) -> None:
    sql = date_slices.statement(layer, table, PART)
    made = googlesql.columns_of(render(sql, PREFIX, "bigquery"), with_new_rows())
    assert list(made.items()) == columns(CONTRACT[table])
    assert render(date_slices.like_statement(layer, table, PART), PREFIX, "duckdb")


@pytest.mark.parametrize(("layer", "table"), BY_DATE)
def test_tables_by_date_read_only_partitions_that_they_name(layer: str, table: str) -> None:
    assert unpruned(date_slices.statement(layer, table, PART)) == set()
    assert unpruned(date_slices.like_statement(layer, table, PART)) == set()
    assert not unpruned(f"SELECT 1 FROM {table} WHERE {PART.gone(table)}")
    whole = statements(layer)[table.partition(".")[2]]
    read = {
        f"{t.db}.{t.name}" for t in sqlglot.parse_one(whole, read="bigquery").find_all(exp.Table)
    }
    assert unpruned(whole) == read & PARTITIONED_BY.keys()  # the look itself does see


@pytest.mark.parametrize(("layer", "name", "whole"), CHECKED)
def test_google_accepts_each_check_by_date(layer: str, name: str, *, whole: bool) -> None:
    sql = date_slices.check(layer, statements(f"checks/{layer}")[name], PART, whole=whole)
    assert googlesql.columns_of(render(sql, PREFIX, "bigquery"), with_new_rows())
    if not whole and unpruned(sql):  # what is not made by date is held against all sales
        assert name in {
            "agg_unit_performance_equals_fact_sales",
            "agg_product_performance_equals_fact_order_items",
        }


@pytest.mark.parametrize("part", [PART, Slice(PART.dates, PART.ingested, ())])
def test_google_accepts_the_looks_for_dates_that_depend_on_others(part: Slice) -> None:
    within, across = date_independence.within(part), date_independence.across(part)
    for sql in (*date_independence.WITHIN, *within, *across):
        assert googlesql.columns_of(render(sql, PREFIX, "bigquery"), with_new_rows())
    assert not set().union(*map(unpruned, within))
    bronze = {"bronze.orders", "bronze.order_items"}
    assert not bronze & set().union(*map(unpruned, across))
