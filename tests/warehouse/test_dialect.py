"""GoogleSQL means the same on DuckDB: each case by Google's own evaluator, and by DuckDB."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.warehouse.dialect import allowed
from core.warehouse.dialect.render import Engine, render, tables_read
from core.warehouse.duckdb.warehouse import DuckDBWarehouse

D = Decimal
MONTHS = "UNNEST(GENERATE_DATE_ARRAY(DATE '2024-01-31', DATE '2024-03-01'))"

# Expression, and the value that BigQuery gives.
CASES: list[tuple[str, Any]] = [
    ("EXTRACT(DAYOFWEEK FROM DATE '2026-11-22')", 1),  # a Sunday
    ("EXTRACT(DAYOFWEEK FROM DATE '2026-11-28')", 7),
    ("EXTRACT(DAYOFWEEK FROM DATE_ADD(DATE '2026-11-28', INTERVAL 1 DAY))", 1),
    ("EXTRACT(WEEK FROM DATE '2026-01-03')", 0),  # before the year's first Sunday
    ("EXTRACT(WEEK FROM DATE '2026-01-04')", 1),
    ("EXTRACT(WEEK FROM DATE '2023-01-01')", 1),  # the year starts on a Sunday
    ("EXTRACT(WEEK FROM DATE '2028-12-31')", 53),
    ("EXTRACT(ISOWEEK FROM DATE '2027-01-01')", 53),
    ("EXTRACT(ISOWEEK FROM DATE '2026-01-01')", 1),
    ("EXTRACT(ISOYEAR FROM DATE '2027-01-01')", 2026),
    ("EXTRACT(YEAR FROM DATE '2026-11-22')", 2026),
    ("EXTRACT(QUARTER FROM DATE '2026-11-22')", 4),
    ("EXTRACT(MONTH FROM DATE '2026-11-22')", 11),
    ("EXTRACT(DAY FROM DATE '2026-11-22')", 22),
    ("EXTRACT(DAYOFYEAR FROM DATE '2024-12-31')", 366),
    ("EXTRACT(DAYOFWEEK FROM DATE '2026-11-22') IN (1, 7)", True),
    ("EXTRACT(DAY FROM DATE(TIMESTAMP '2026-02-01 00:30:00+00'))", 1),
    ("FORMAT_DATE('%Y-Q%Q', DATE '2026-11-22')", "2026-Q4"),
    ("FORMAT_DATE('Q%Q of %Y', DATE '2026-01-01')", "Q1 of 2026"),
    ("FORMAT_DATE('%Q', DATE '2026-04-01')", "2"),
    ("FORMAT_DATE('%Y%m%d', DATE '2026-01-05')", "20260105"),
    ("FORMAT_DATE('%A %a %B %b', DATE '2026-02-07')", "Saturday Sat February Feb"),
    ("FORMAT_DATE('%j', DATE '2026-02-01')", "032"),
    ("DATE_TRUNC(DATE '2026-11-22', MONTH)", date(2026, 11, 1)),
    ("DATE_TRUNC(DATE '2026-11-22', QUARTER)", date(2026, 10, 1)),
    ("DATE_TRUNC(DATE '2026-11-22', YEAR)", date(2026, 1, 1)),
    ("LAST_DAY(DATE '2024-02-10', MONTH)", date(2024, 2, 29)),
    ("LAST_DAY(DATE '2026-12-31')", date(2026, 12, 31)),
    ("DATE_ADD(DATE '2026-12-31', INTERVAL 1 DAY)", date(2027, 1, 1)),
    ("DATE_ADD(DATE '2024-01-31', INTERVAL 1 MONTH)", date(2024, 2, 29)),
    ("DATE_SUB(DATE '2024-03-31', INTERVAL 1 MONTH)", date(2024, 2, 29)),
    ("DATE_SUB(DATE '2024-02-29', INTERVAL 1 YEAR)", date(2023, 2, 28)),
    ("DATE_DIFF(DATE '2026-03-01', DATE '2026-02-01', DAY)", 28),
    ("DATE_DIFF(DATE '2026-02-01', DATE '2026-03-01', DAY)", -28),
    ("DATE(TIMESTAMP '2026-02-01 23:59:59+00')", date(2026, 2, 1)),
    ("TIMESTAMP '2026-02-01 12:00:00+00'", datetime(2026, 2, 1, 12, tzinfo=UTC)),
    ("CAST(NULL AS TIMESTAMP)", None),
    (f"(SELECT COUNT(*) FROM {MONTHS} AS d)", 31),
    (f"(SELECT MAX(d) FROM {MONTHS} AS d)", date(2024, 3, 1)),
    (f"(SELECT MIN(d) FROM {MONTHS} AS d)", date(2024, 1, 31)),
    (f"(SELECT COUNTIF(EXTRACT(MONTH FROM d) = 2) FROM {MONTHS} AS d)", 29),
    (f"(SELECT CAST(SUM(EXTRACT(DAY FROM d)) AS INT64) FROM {MONTHS} AS d)", 467),
    (f"(SELECT COUNT(DISTINCT EXTRACT(MONTH FROM d)) FROM {MONTHS} AS d)", 3),
    ("SAFE_DIVIDE(CAST(1 AS NUMERIC), 3)", D("0.333333333")),
    ("SAFE_DIVIDE(CAST(2 AS NUMERIC), 3)", D("0.666666667")),
    ("SAFE_DIVIDE(CAST(-2 AS NUMERIC), 3)", D("-0.666666667")),
    ("SAFE_DIVIDE(CAST(1 AS NUMERIC), 0)", None),
    ("SAFE_DIVIDE(CAST(NULL AS NUMERIC), 3)", None),
    ("SAFE_DIVIDE(CAST(NUMERIC '2.01' AS NUMERIC), 2)", D("1.005")),
    ("SAFE_DIVIDE(CAST(1 AS NUMERIC), NUMERIC '0.3')", D("3.333333333")),
    ("ROUND(SAFE_DIVIDE(CAST(NUMERIC '2.01' AS NUMERIC), 2), 2)", D("1.01")),
    ("ROUND(SAFE_DIVIDE(CAST(100 * 1 AS NUMERIC), 8), 0)", D(13)),
    ("ROUND(NUMERIC '1.005', 2)", D("1.01")),
    ("ROUND(NUMERIC '-1.005', 2)", D("-1.01")),
    ("CAST(1 AS NUMERIC) * NUMERIC '0.0625'", D("0.0625")),
    ("CAST(NUMERIC '1.23' AS NUMERIC(10, 2))", D("1.23")),
    ("CAST(NUMERIC '2.5' AS INT64)", 3),
    ("CAST(NUMERIC '-2.5' AS INT64)", -3),
    ("3 * NUMERIC '19.90' + NUMERIC '5.05' - 1", D("63.75")),
    ("NUMERIC '0.1' + NUMERIC '0.2' = NUMERIC '0.3'", True),
    ("ABS(NUMERIC '-1.5')", D("1.5")),
    ("DIV(7, 2)", 3),
    ("DIV(-7, 2)", -3),
    ("MOD(-7, 2)", -1),
    ("GREATEST(1, 3, 2)", 3),
    ("GREATEST(1, NULL)", None),
    ("LEAST(DATE '2026-01-01', DATE '2025-01-01')", date(2025, 1, 1)),
    ("LEAST(NULL, 1)", None),
    ("COALESCE(NULL, 2)", 2),
    ("IFNULL(NULL, 'x')", "x"),
    ("NULLIF('', '')", None),
    ("NULLIF('a', '')", "a"),
    ("IF(NULL, 1, 2)", 2),
    ("CASE 'b' WHEN 'a' THEN 1 ELSE 2 END", 2),
    ("CASE WHEN NULL THEN 1 WHEN TRUE THEN 3 END", 3),
    ("SUBSTR('janela', 0, 2)", "ja"),
    ("SUBSTR('janela', 1, 2)", "ja"),
    ("SUBSTR('janela', 3)", "nela"),
    ("REPLACE('ação não', 'ão', 'a')", "aça na"),
    ("REPLACE('a', '', 'x')", "a"),
    ("REPLACE(NULL, 'a', 'x')", None),
    ("RIGHT('ação', 2)", "ão"),
    ("RIGHT('ação', 9)", "ação"),
    ("LENGTH('ação')", 4),
    ("UPPER('ação')", "AÇÃO"),
    ("LOWER('AÇÃO')", "ação"),
    ("CONCAT('a', NULL)", None),
    ("CONCAT('a', 'b')", "ab"),
    ("'a' || 'b'", "ab"),
    ("STARTS_WITH('raw/csv_sales/x', 'raw/csv_')", True),
    ("'it\\'s; --'", "it's; --"),
    ("'a' < 'B'", False),  # by code point, not by a locale
    ("1 BETWEEN 0 AND 1", True),
    ("1 IS NOT NULL", True),
    ("NULL IS DISTINCT FROM 1", True),
    ("NULL IS DISTINCT FROM NULL", False),
    ("1 NOT IN (2, NULL)", None),
    ("NOT (TRUE AND NULL OR FALSE)", None),
    ("1 <= 2 AND 2 >= 1 AND 1 < 2 AND 2 > 1 AND 1 <> 2", True),
    ("-(-1)", 1),
    ("EXISTS(SELECT 1)", True),
]

# A table of two columns through windows: NULL is the smallest, and comes last when descending.
WINDOWS = """
WITH t AS (SELECT 1 AS k, 5 AS v UNION ALL SELECT 2, NULL UNION ALL SELECT 3, 7 UNION ALL SELECT 4, 7)
SELECT
  k,
  RANK() OVER (ORDER BY v DESC) AS ranked,
  DENSE_RANK() OVER (ORDER BY v DESC) AS dense,
  ROW_NUMBER() OVER (ORDER BY v, k DESC) AS counted
FROM t
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (PARTITION BY v ORDER BY k DESC) = 1
"""  # noqa: E501
WINDOW_ROWS = [(4, 1, 1, 3), (1, 3, 2, 2), (2, 4, 3, 1)]

REFUSED = [
    ("1 / 0", "not on the list"),
    ("AVG(1)", "not on the list"),
    ("1.5", "FLOAT64"),
    ("1e3", "FLOAT64"),
    ("CAST(1 AS FLOAT64)", "cast to"),
    ("CAST(NUMERIC '1.50' AS STRING)", "cast to"),
    ("SAFE_DIVIDE(1, 3)", "FLOAT64"),
    ("SAFE_CAST('1' AS INT64)", "not on the list"),
    ("CAST('2026-1-5' AS DATE)", "plain form"),
    ("CAST(' 12 ' AS INT64)", "plain form"),
    ("TIMESTAMP '2026-01-01 00:00:00-03'", "plain form"),
    ("EXTRACT(WEEK(MONDAY) FROM DATE '2026-01-01')", "part"),
    ("EXTRACT(DATE FROM TIMESTAMP '2026-01-01 00:00:00')", "part"),
    ("EXTRACT(DAY FROM TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Asia/Tokyo')", "not on"),
    ("FORMAT_DATE('%U', DATE '2026-01-01')", "format"),
    ("FORMAT_DATE('%E4Y', DATE '2026-01-01')", "format"),
    ("FORMAT('%05d', 3)", "not on the list"),
    ("SUBSTR('abc', -5, 3)", "start"),
    ("RIGHT('abc', -1)", "length"),
    ("TRIM('\\n a')", "not on the list"),
    ("'a_' LIKE 'a\\\\_'", "not on the list"),
    ("DATE_TRUNC(DATE '2026-01-01', ISOWEEK)", "unit"),
    ("DATE_DIFF(DATE '2026-01-01', DATE '2025-01-01', WEEK)", "unit"),
    ("LAST_DAY(DATE '2026-01-01', YEAR)", "unit"),
    ("GENERATE_DATE_ARRAY(DATE '2026-01-01', DATE '2026-02-01', INTERVAL 1 WEEK)", "step"),
    ("COUNTIF(TRUE) OVER ()", "window"),
    ("FARM_FINGERPRINT('a')", "not on the list"),
    ("NORMALIZE('a')", "not on the list"),
    ("CURRENT_DATE()", "not on the list"),
    ("RAND()", "not on the list"),
    ("ANY_VALUE(1)", "not on the list"),
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBWarehouse]:
    """The product's own connection: its settings, its time zone. Its file stays open throughout."""
    warehouse = DuckDBWarehouse(tmp_path_factory.mktemp("dialect") / "w.duckdb", "p")
    with warehouse.reading():
        yield warehouse


def duckdb_value(warehouse: DuckDBWarehouse, expression: str) -> Any:
    table = warehouse.query(render(f"SELECT {expression} AS value", "p", "duckdb"))
    return table.column("value").to_pylist()[0]


@pytest.mark.parametrize(("expression", "expected"), CASES, ids=[case for case, _ in CASES])
def test_duckdb_gives_what_bigquery_gives(
    warehouse: DuckDBWarehouse, expression: str, expected: Any
) -> None:
    by_duckdb = duckdb_value(warehouse, expression)
    assert by_duckdb == expected
    # A DATE that became a TIMESTAMP, or an INT64 that became a decimal, is not equal enough.
    assert type(by_duckdb) is type(expected)


@pytest.mark.thorough  # to load Google's evaluator takes seconds in each process
@pytest.mark.parametrize(("expression", "expected"), CASES, ids=[case for case, _ in CASES])
def test_googles_evaluator_gives_what_is_expected(expression: str, expected: Any) -> None:
    from tests.support import googlesql  # heavy

    google = render(f"SELECT {expression} AS value", "p", "bigquery")
    ((by_google,),) = googlesql.evaluate(google).rows
    assert by_google == expected


@pytest.mark.thorough
def test_windows_put_null_where_bigquery_does(warehouse: DuckDBWarehouse) -> None:
    from tests.support import googlesql  # heavy

    by_duckdb = warehouse.query(render(WINDOWS, "p", "duckdb")).to_pylist()
    assert googlesql.same([tuple(row.values()) for row in by_duckdb], WINDOW_ROWS)
    assert googlesql.same(googlesql.evaluate(render(WINDOWS, "p", "bigquery")).rows, WINDOW_ROWS)


def test_each_function_and_operator_on_the_list_has_a_case() -> None:
    queries = [f"SELECT {case}" for case, _ in CASES] + [WINDOWS]
    seen = {
        type(node).__name__
        for query in queries
        for node in sqlglot.parse_one(query, read="bigquery").walk()
    }
    assert (allowed._FUNCTIONS | allowed._OPERATORS) - seen == set()


@pytest.mark.parametrize(("expression", "why"), REFUSED, ids=[case for case, _ in REFUSED])
@pytest.mark.parametrize("engine", ["duckdb", "bigquery"])
def test_what_would_differ_is_refused(expression: str, why: str, engine: Engine) -> None:
    with pytest.raises(InputError, match=why):
        render(f"SELECT {expression}", "p", engine)


def test_what_sqlglot_itself_doubts_is_refused() -> None:
    with pytest.raises(InputError, match="timezone"):
        render("SELECT EXTRACT(DAY FROM TIMESTAMP '2026-02-01 00:30:00+00')", "p", "duckdb")


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def test_calendar_parts_are_right_on_every_day_of_two_centuries(warehouse: DuckDBWarehouse) -> None:
    sql = """
    SELECT
      d,
      EXTRACT(DAYOFWEEK FROM d) AS weekday,
      EXTRACT(WEEK FROM d) AS week,
      EXTRACT(ISOWEEK FROM d) AS iso_week,
      FORMAT_DATE('%Y%m%d', d) AS day_key
    FROM UNNEST(GENERATE_DATE_ARRAY(DATE '1900-01-01', DATE '2099-12-31')) AS d
    """
    rows = warehouse.query(render(sql, "p", "duckdb")).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        (
            day,
            day.isoweekday() % 7 + 1,
            int(day.strftime("%U")),
            day.isocalendar().week,
            day.strftime("%Y%m%d"),
        )
        for day in days(date(1900, 1, 1), date(2099, 12, 31))
    ]


@settings(max_examples=60)
@given(
    cents=st.integers(-(10**15), 10**15),
    count=st.one_of(st.integers(1, 10**9), st.integers(-1000, -1)),
)
def test_a_mean_is_exact_to_nine_decimals_and_its_cents_round_half_up(
    warehouse: DuckDBWarehouse, cents: int, count: int
) -> None:
    total = D(cents) / 100
    mean = f"SAFE_DIVIDE(CAST(NUMERIC '{total}' AS NUMERIC), {count})"
    exact = (total / count).quantize(D("1e-9"), ROUND_HALF_UP)
    assert duckdb_value(warehouse, mean) == exact
    rounded = duckdb_value(warehouse, f"ROUND({mean}, 2)")
    assert rounded == exact.quantize(D("0.01"), ROUND_HALF_UP)


def test_a_quotient_too_large_for_numeric_is_an_error_not_a_wrong_number(
    warehouse: DuckDBWarehouse,
) -> None:
    import duckdb

    with pytest.raises(duckdb.Error):
        duckdb_value(warehouse, "SAFE_DIVIDE(CAST(NUMERIC '9999999999999999999999' AS NUMERIC), 1)")


def test_datasets_get_the_prefix_and_texts_do_not() -> None:
    sql = """
    WITH orders AS (SELECT 'silver.orders' AS silver FROM bronze.orders)
    SELECT silver FROM orders JOIN gold.dim_date ON TRUE
    """
    rendered = " ".join(render(sql, "case_ficticio", "bigquery").split())
    assert "FROM case_ficticio_bronze.orders" in rendered
    assert "FROM orders JOIN case_ficticio_gold.dim_date" in rendered
    assert "'silver.orders'" in rendered


@pytest.mark.parametrize("table", ["orders", "platinum.orders", "project.silver.orders"])
def test_a_table_outside_the_datasets_is_refused(table: str) -> None:
    with pytest.raises(InputError, match="bronze, silver, gold"):
        render(f"SELECT 1 FROM {table}", "p", "duckdb")


@pytest.mark.parametrize(
    "sql", ["", "SELECT 1; SELECT 2", "DROP TABLE silver.orders", "SELEC 1", "SELECT 'a"]
)
def test_what_is_not_one_query_or_table_is_refused(sql: str) -> None:
    with pytest.raises(InputError):
        render(sql, "p", "duckdb")


def test_tables_read_leaves_out_the_table_made_and_names_of_with() -> None:
    sql = """
    CREATE OR REPLACE TABLE gold.a AS
    WITH b AS (SELECT * FROM silver.c)
    SELECT * FROM b WHERE TRUE AND EXISTS(SELECT 1 FROM silver.d)
    """
    assert tables_read(sql) == {"silver.c", "silver.d"}


def test_a_partition_stays_on_bigquery_and_goes_on_duckdb() -> None:
    sql = "CREATE OR REPLACE TABLE gold.a PARTITION BY d CLUSTER BY k AS SELECT 1 AS k"
    assert "PARTITION BY d" in render(sql, "p", "bigquery")
    assert "CLUSTER BY k" in render(sql, "p", "bigquery")
    on_duckdb = " ".join(render(sql, "p", "duckdb").split())
    assert on_duckdb == "CREATE OR REPLACE TABLE p_gold.a AS SELECT 1 AS k"


def test_importing_the_dialect_leaves_sqlglot_alone() -> None:
    import subprocess
    import sys

    code = (
        "import sys, core.warehouse.dialect.render, core.transform.rebuild; "
        "sys.exit('sqlglot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path.cwd()).returncode == 0


FIRST_USE = """
import sys, threading
from core.warehouse.dialect.render import render
sys.setswitchinterval(1e-6)
go = threading.Barrier(8)
def use(number):
    go.wait()
    render(f"SELECT DIV(qtd, {number + 1}) AS n FROM bronze.order_items", "p", "duckdb")
threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


def test_many_threads_may_be_the_first_to_render() -> None:
    """Sqlglot lets other threads have a dialect that is half there, now and then."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", FIRST_USE],
            cwd=Path(__file__).parent.parent.parent,
            stderr=subprocess.PIPE,
        )
        for _ in range(6)
    ]
    assert [process.communicate(timeout=120)[1] for process in started] == [b""] * len(started)
