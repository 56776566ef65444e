"""Bytes of a rebuild, counted as BigQuery bills them."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from benchmarks import rebuild_bytes
from benchmarks.billing import LEAST_BYTES, Tables
from core.transform.date_slices import SLICED, Slice

ROWS = """
CREATE SCHEMA p_silver;
CREATE TABLE p_silver.orders AS
SELECT * FROM (VALUES
  (DATE '2026-02-01', 'abc', 1::BIGINT, 1.50::DECIMAL(10, 2)),
  (DATE '2026-02-01', 'é', NULL, 1.50),
  (DATE '2026-02-02', 'abcd', 3, NULL)
) AS rows (order_date, order_id, unit_id, order_value);
"""

PART = "SELECT order_id FROM (SELECT * FROM silver.orders WHERE {}) AS o"
TWICE = "SELECT a.order_id FROM silver.orders AS a JOIN silver.orders AS b"


@pytest.fixture
def tables() -> Iterator[Tables]:
    with duckdb.connect() as connection:
        connection.execute(ROWS)
        yield Tables(connection, "p")


@pytest.mark.parametrize(
    ("sql", "size"),
    [
        ("SELECT order_id FROM silver.orders", 5 + 4 + 6),
        ("SELECT unit_id FROM silver.orders", 8 + 0 + 8),
        ("SELECT order_value AS v FROM silver.orders", 16 + 16 + 0),
        ("SELECT COUNT(*) AS n FROM silver.orders", 0),
        # Of a sub-select only what is asked of it, and in the partitions that it names.
        (PART.format("order_date IN (DATE '2026-02-02')"), 6 + 8),
        (PART.format("NOT (order_date IN (DATE '2026-02-02'))"), 5 + 4 + 16),
        (PART.format("order_date IN (DATE '2026-02-02') OR TRUE"), 5 + 4 + 6 + 24),
        (PART.format("FALSE AND unit_id = 1"), 0),
        (f"{TWICE} ON a.order_id = b.order_id", 15),  # once, however often it is named
    ],
)  # fmt: skip
def test_a_statement_reads_its_columns_in_its_partitions(
    tables: Tables, sql: str, size: int
) -> None:
    assert tables.read(sql) == {"silver.orders": size}


def test_a_delete_is_billed_for_the_partitions_that_it_changes(tables: Tables) -> None:
    part = Slice((date(2026, 2, 2),), (), ())
    found = tables.gone("silver.orders", part.gone("silver.orders"))
    assert found == {"silver.orders": 8 + (8 + 6 + 8 + 0)}


@pytest.mark.nightly  # of the commands of pages, the gate runs those of the README
def test_the_documented_command_shows_that_a_day_reads_less_than_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert rebuild_bytes.main(["--units", "1", "--days", "6"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("1 units, 6 days:\n")
    total = next(line for line in shown.splitlines() if "read in all" in line)
    assert float(total.split("|")[4].strip(" %")) < 60


def test_a_bill_has_a_minimum_for_each_table_of_a_statement() -> None:
    bill = rebuild_bytes.Bill()
    bill.add("tables", {"silver.orders": 1, "silver.units": 2 * LEAST_BYTES})
    assert bill.billed == 3 * LEAST_BYTES
    assert bill.read.keys() <= SLICED.keys() | {"silver.units"}
