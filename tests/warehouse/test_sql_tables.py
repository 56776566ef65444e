"""Silver, Gold and aggregations as rows in, rows out, on DuckDB and on Google's evaluator."""

import functools
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from core.platform import Platform
from core.settings import Settings
from core.transform.rebuild import rebuild_layers
from core.warehouse.dialect.render import render, tables_read
from tests.support import googlesql, sql_files
from tests.support.bronze_rows import CHAIN, SALES, T1, T2, T3, Rows, fill, rows_of
from tests.support.scenes import embedded, held_open

pytestmark = pytest.mark.thorough

D = Decimal
P = "case_ficticio"
AT = {
    stamp: datetime.fromisoformat(stamp.replace("+00", "+00:00")) for stamp in (T1, T2, T3)
}  # as the warehouse gives them back


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """A warehouse built from `CHAIN`."""
    return built(tmp_path_factory.mktemp("chain"), CHAIN)


def built(folder: Path, bronze: Mapping[str, Rows]) -> Platform:
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(folder)}))
    with held_open(platform):
        fill(platform, bronze)
        reports = rebuild_layers(platform.warehouse)
    assert [(report.layer, report.published) for report in reports] == [
        ("silver", True),
        ("gold", True),
        ("aggregations", True),
    ]
    return platform


def test_reference_tables(chain: Platform) -> None:
    assert rows_of(chain, "silver.products") == [
        (1, "Bowl", AT[T1]),
        (2, "Suco", AT[T1]),
        (3, "Sopa", AT[T1]),
    ]
    assert rows_of(chain, "silver.countries") == [(1, "Brasil", AT[T1])]
    assert rows_of(chain, "silver.states") == [
        (1, 1, "Rio Grande do Sul", AT[T1]),
        (2, 1, "Santa Catarina", AT[T1]),
    ]
    assert rows_of(chain, "silver.units") == [
        (1, "Porto Alegre", 1, "Rio Grande do Sul", 1, "Brasil", AT[T1]),
        (2, "Blumenau", 2, "Santa Catarina", 1, "Brasil", AT[T1]),
    ]


def test_silver_orders(chain: Platform) -> None:
    file = f"{SALES}/pedido.csv"
    assert rows_of(chain, "silver.orders") == [
        ("o1", 1, "ONLINE", "Finalizado", date(2026, 2, 7), 2026, 2, 7, "Saturday", D("55.00"),
         D("5.10"), D("49.90"), "Rua A, 1", file, AT[T1], date(2026, 2, 7)),
        ("o2", 1, "PHYSICAL", "Cancelado", date(2026, 2, 7), 2026, 2, 7, "Saturday", D("19.99"),
         D("0.00"), D("19.99"), None, file, AT[T1], date(2026, 2, 7)),
        ("o3", 2, "ONLINE", "Pendente", date(2026, 2, 9), 2026, 2, 9, "Monday", D("33.70"),
         D("10.00"), D("23.70"), "Rua B, 2", file, AT[T3], date(2026, 2, 9)),
    ]  # fmt: skip


def test_silver_order_items(chain: Platform) -> None:
    file = f"{SALES}/item_pedido.csv"
    assert rows_of(chain, "silver.order_items") == [
        ("i1", "o1", 1, 2, D("20.00"), D("40.00"), "Sem cebola", file, AT[T1], date(2026, 2, 7)),
        ("i2", "o1", 2, 1, D("9.90"), D("9.90"), None, file, AT[T1], date(2026, 2, 7)),
        ("i3", "o2", 1, 1, D("19.99"), D("19.99"), None, file, AT[T1], date(2026, 2, 7)),
        ("i4", "o3", 2, 3, D("7.90"), D("23.70"), None, file, AT[T3], date(2026, 2, 9)),
    ]


def test_dimensions(chain: Platform) -> None:
    assert rows_of(chain, "gold.dim_product")[0] == (1, 1, "Bowl", AT[T1], None, True)
    assert rows_of(chain, "gold.dim_unit")[1] == (
        2, 2, "Blumenau", 2, "Santa Catarina", 1, "Brasil", AT[T1], None, True,
    )  # fmt: skip
    assert rows_of(chain, "gold.dim_geography") == [
        (1, 1, "Rio Grande do Sul", 1, "Brasil"),
        (2, 2, "Santa Catarina", 1, "Brasil"),
    ]


def test_facts(chain: Platform) -> None:
    assert rows_of(chain, "gold.fact_sales") == [
        ("o1", "20260207", date(2026, 2, 7), 1, "ONLINE", "Finalizado", D("55.00"), D("5.10"),
         D("49.90"), 2, 2, 3, "Rua A, 1", date(2026, 2, 7)),
        ("o2", "20260207", date(2026, 2, 7), 1, "PHYSICAL", "Cancelado", D("19.99"), D("0.00"),
         D("19.99"), 1, 1, 1, None, date(2026, 2, 7)),
        ("o3", "20260209", date(2026, 2, 9), 2, "ONLINE", "Pendente", D("33.70"), D("10.00"),
         D("23.70"), 1, 1, 3, "Rua B, 2", date(2026, 2, 9)),
    ]  # fmt: skip
    assert rows_of(chain, "gold.fact_order_items")[0] == (
        "i1", "o1", "20260207", date(2026, 2, 7), 1, 1, 2, D("20.00"), D("40.00"), "ONLINE",
        "Finalizado", "Sem cebola", date(2026, 2, 7),
    )  # fmt: skip
    assert [row[0] for row in rows_of(chain, "gold.fact_order_items")] == ["i1", "i2", "i3", "i4"]


def test_daily_sales(chain: Platform) -> None:
    assert rows_of(chain, "gold.agg_daily_sales") == [
        ("20260207", date(2026, 2, 7), 2026, 2, "February", "2026-02", "Saturday", True, 2, 1, 1,
         D("74.99"), D("55.00"), D("19.99"), D("37.50"), D("5.10"), D("2.55"), 3, D("1.50"), 1,
         1, 1, 0, D("50.00"), D("50.00")),
        ("20260209", date(2026, 2, 9), 2026, 2, "February", "2026-02", "Monday", False, 1, 1, 0,
         D("33.70"), D("33.70"), D("0.00"), D("33.70"), D("10.00"), D("10.00"), 1, D("1.00"), 1,
         0, 0, 1, D("100.00"), D("0.00")),
    ]  # fmt: skip


def test_unit_performance(chain: Platform) -> None:
    assert rows_of(chain, "gold.agg_unit_performance") == [
        (1, 1, "Porto Alegre", "Rio Grande do Sul", "Brasil", 2, 1, 1, D("74.99"), D("37.50"), 3,
         D("1.50"), 1, 1, D("50.00"), D("50.00"), date(2026, 2, 7), date(2026, 2, 7), 1, 1, 1),
        (2, 2, "Blumenau", "Santa Catarina", "Brasil", 1, 1, 0, D("33.70"), D("33.70"), 1,
         D("1.00"), 0, 0, D("0.00"), D("100.00"), date(2026, 2, 9), date(2026, 2, 9), 1, 2, 2),
    ]  # fmt: skip


def test_product_performance_has_the_products_sold(chain: Platform) -> None:
    assert rows_of(chain, "gold.agg_product_performance") == [
        (1, 1, "Bowl", 2, 2, 3, D("1.50"), D("59.99"), D("20.00"), D("30.00"), 1, D("50.00"),
         date(2026, 2, 7), date(2026, 2, 7), 1, 2),
        (2, 2, "Suco", 2, 2, 4, D("2.00"), D("33.60"), D("8.90"), D("16.80"), 2, D("100.00"),
         date(2026, 2, 7), date(2026, 2, 9), 2, 1),
    ]  # fmt: skip


def test_equal_revenue_is_the_same_rank(tmp_path: Path) -> None:
    order = CHAIN["orders"][1]
    orders = [(unit, f"t{unit}", *order[2:]) for unit in (1, 2)]
    items = [(f"t{unit}", f"i{unit}", *CHAIN["order_items"][2][2:]) for unit in (1, 2)]
    platform = built(tmp_path, {**CHAIN, "orders": orders, "order_items": items})
    ranks = rows_of(platform, "gold.agg_unit_performance", "unit_key, revenue_rank")
    assert ranks == [(1, 1), (2, 1)]


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [
        ((T1, "b.csv"), (T2, "a.csv"), "second"),  # the latest ingestion
        ((T3, "a.csv"), (T2, "b.csv"), "first"),
        ((T2, "a.csv"), (T2, "b.csv"), "second"),  # at the same moment, the highest file
    ],
)
def test_one_order_a_key_the_latest_ingestion_wins(
    tmp_path: Path, first: tuple[str, str], second: tuple[str, str], winner: str
) -> None:
    order = CHAIN["orders"][1]
    item = CHAIN["order_items"][2]
    orders = [
        (*order[:7], status, file, stamp, "2026-02-07")
        for status, (stamp, file) in (("first", first), ("second", second))
    ]
    items = [
        (*item[:5], note, file, stamp, "2026-02-07")
        for note, (stamp, file) in (("first", first), ("second", second))
    ]
    platform = built(tmp_path, {**CHAIN, "orders": orders, "order_items": items})
    assert rows_of(platform, "silver.orders", "order_id, order_status") == [("o2", winner)]
    assert rows_of(platform, "silver.order_items", "order_item_id, observation") == [("i3", winner)]


def test_a_later_reference_file_renames_and_dates_the_unit(tmp_path: Path) -> None:
    renamed = {
        **CHAIN,
        "units": [*CHAIN["units"], (1, "Porto Alegre Centro", 1, T2)],
        "states": [*CHAIN["states"], (2, 1, "Santa Catarina (SC)", T3)],
    }
    platform = built(tmp_path, renamed)
    units = rows_of(platform, "gold.dim_unit", "unit_key, unit_name, state_name, _valid_from")
    assert units == [
        (1, "Porto Alegre Centro", "Rio Grande do Sul", AT[T2]),
        (2, "Blumenau", "Santa Catarina (SC)", AT[T3]),
    ]


def test_an_unknown_type_is_kept_and_its_address_is_not(tmp_path: Path) -> None:
    order = CHAIN["orders"][1]
    orders = [(*order[:2], "Drive-Thru", *order[3:5], "Rua C, 3", *order[6:])]
    items = [CHAIN["order_items"][2]]
    platform = built(tmp_path, {**CHAIN, "orders": orders, "order_items": items})
    columns = "order_type, delivery_address"
    assert rows_of(platform, "silver.orders", columns) == [("UNKNOWN", None)]


def test_items_without_their_order_stay_in_bronze(tmp_path: Path) -> None:
    lone = ("o9", "i9", *CHAIN["order_items"][2][2:])
    platform = built(tmp_path, {**CHAIN, "order_items": [*CHAIN["order_items"], lone]})
    assert ("o9",) not in rows_of(platform, "silver.order_items", "order_id")


def test_empty_text_becomes_null(tmp_path: Path) -> None:
    online = CHAIN["orders"][0]
    item = CHAIN["order_items"][0]
    orders = [(*online[:4], "45.10", "", *online[6:])]
    items = [(*item[:5], "", *item[6:])]
    platform = built(tmp_path, {**CHAIN, "orders": orders, "order_items": items})
    assert rows_of(platform, "silver.orders", "delivery_address") == [(None,)]
    assert rows_of(platform, "silver.order_items", "observation") == [(None,)]


def test_an_empty_bronze_builds_empty_tables_and_the_calendar(tmp_path: Path) -> None:
    platform = built(tmp_path, {})
    assert rows_of(platform, "gold.fact_sales") == []
    assert rows_of(platform, "gold.agg_daily_sales") == []
    assert len(rows_of(platform, "gold.dim_date", "date_key")) == 1095


def calendar_row(day: date) -> tuple[Any, ...]:
    in_next_month = day.replace(day=28) + timedelta(days=4)
    quarter = (day.month + 2) // 3
    weekend = day.weekday() >= 5
    return (
        day.strftime("%Y%m%d"), day, day.year, quarter, f"{day.year}-Q{quarter}", day.month,
        f"{day:%B}", day.strftime("%Y-%m"), int(day.strftime("%U")),
        day.isocalendar().week, day.day, day.isoweekday() % 7 + 1,
        f"{day:%A}", f"{day:%a}",
        day.timetuple().tm_yday, weekend, not weekend, day.day,
        in_next_month - timedelta(days=in_next_month.day), day.replace(day=1),
    )  # fmt: skip


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def test_each_day_of_the_calendar_is_pythons(chain: Platform) -> None:
    expected = [calendar_row(day) for day in days(date(2025, 1, 1), date(2027, 12, 31))]
    assert rows_of(chain, "gold.dim_date") == expected


def test_order_dates_outside_stretch_the_calendar_without_a_gap(tmp_path: Path) -> None:
    orders = [
        (*order[:3], day, *order[4:])
        for order, day in zip(
            CHAIN["orders"], ("2019-02-28", "2026-02-07", "2032-02-29"), strict=True
        )
    ]
    platform = built(tmp_path, {**CHAIN, "orders": orders})
    expected = [calendar_row(day) for day in days(date(2019, 2, 28), date(2032, 2, 29))]
    assert rows_of(platform, "gold.dim_date") == expected


# Bronze as bad as its types allow: keys that repeat, ties, NULLs, items without order.
_stamps = st.sampled_from([datetime(2026, 2, day, 15, tzinfo=UTC) for day in (7, 8)])
_DAYS = (date(2026, 2, 7), date(2026, 2, 8), date(2027, 1, 1))
_dates = st.sampled_from(_DAYS)
_cents = st.integers(0, 99_999).map(lambda cents: D(cents) / 100)
_ids = st.sampled_from([1, 2, 3])
_text = st.none() | st.sampled_from(["", "a", "ção"])
_files = st.sampled_from(["f1", "f2"])
_orders = st.tuples(
    _ids, st.sampled_from(["o1", "o2", "o3", "o4"]),
    st.sampled_from(["Loja Online", "Loja Fisica", "x"]), _dates, _cents, _text, _cents,
    st.sampled_from(["Finalizado", "Pendente", "Cancelado"]), _files, _stamps, _dates,
)  # fmt: skip
_items = st.tuples(
    st.sampled_from(["o1", "o2", "o3", "o5"]), st.sampled_from([f"i{n}" for n in range(8)]), _ids,
    st.integers(1, 3), _cents, _text, _files, _stamps, _dates,
)  # fmt: skip
_bronze = st.fixed_dictionaries(
    {
        "countries": st.lists(st.tuples(_ids, _text, _stamps), max_size=3),
        "states": st.lists(st.tuples(_ids, st.none() | _ids, _text, _stamps), max_size=4),
        "units": st.lists(st.tuples(_ids, _text, st.none() | _ids, _stamps), max_size=5),
        "products": st.lists(st.tuples(_ids, _text, _stamps), max_size=5),
        "orders": st.lists(_orders, max_size=8),
        "order_items": st.lists(_items, max_size=12),
    }
)


@settings(
    max_examples=2,
    phases=(Phase.explicit, Phase.generate),  # seconds an example: shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(bronze=_bronze)
def test_each_table_is_what_googles_evaluator_makes_of_the_same_bronze(
    tmp_path: Path, bronze: dict[str, Rows]
) -> None:
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path)}))
    with held_open(platform):
        _made_alike(platform, bronze)


def _made_alike(platform: Platform, bronze: dict[str, Rows]) -> None:
    """Make each table on both, over what was made before it."""
    fill(platform, bronze)
    google: dict[str, googlesql.Table] = {}
    for statement in sql_files.tables():
        if statement.folder == "bronze":
            columns = _columns_of_bronze(render(statement.sql, P, "bigquery"))
            rows = list(bronze.get(statement.name, []))
            google[f"bronze__{statement.name}"] = googlesql.Table(columns, rows)
            continue
        dataset = "silver" if statement.folder == "silver" else "gold"
        query = flat_query(statement.sql)
        read = {name.replace(".", "__") for name in tables_read(statement.sql)}
        inputs = {name: google[name] for name in read}
        if statement.name == "dim_date":  # a thousand days are slow there, and tested above
            columns = googlesql.query_columns(query, inputs)
            made = googlesql.Table(columns, [calendar_row(day) for day in _DAYS])
        else:
            made = googlesql.evaluate(query, inputs)
        google[f"{dataset}__{statement.name}"] = made
        with embedded(platform).writing() as connection:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {P}_{dataset}")
            connection.execute(render(statement.sql, P, "duckdb"))
        table = f"{dataset}.{statement.name}"
        if statement.name != "dim_date":
            assert googlesql.same(rows_of(platform, table), made.rows), table


@functools.cache
def _columns_of_bronze(sql: str) -> dict[str, str]:
    return googlesql.columns_of(sql, {})


def flat_query(sql: str) -> str:
    """The query of a CREATE TABLE AS, over tables named `dataset__table`."""
    query = sqlglot.parse_one(render(sql, P, "bigquery"), read="bigquery").expression
    for table in query.find_all(exp.Table):
        if table.db:
            name = f"{table.db.removeprefix(f'{P}_')}__{table.name}"
            table.set("this", exp.to_identifier(name))
            table.set("db", None)
    flat: str = query.sql("bigquery")
    return flat
