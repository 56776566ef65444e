"""Explore Gold: the rows of its tables, and revenue by state, by product and by day of a year."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from core.errors import InputError
from core.messages import message
from core.transform.rebuild import build_order, dataset_of
from core.warehouse import Warehouse

MOST_ROWS: Final = 500

_ROWS = "SELECT * FROM {table} LIMIT @rows"
_BY_STATE = """
SELECT
  state_name AS name, CAST(SUM(total_orders) AS INT64) AS orders, SUM(total_revenue) AS revenue,
  COUNT(*) AS units
FROM gold.agg_unit_performance
GROUP BY state_name
ORDER BY revenue DESC, name
"""
_BY_PRODUCT = """
SELECT
  product_name AS name, total_orders AS orders, total_revenue AS revenue,
  total_quantity_sold AS quantity
FROM gold.agg_product_performance
ORDER BY revenue_rank, name
LIMIT @rows
"""
_YEARS = "SELECT DISTINCT year FROM gold.agg_daily_sales ORDER BY year DESC"
_OF_YEAR = """
SELECT order_date AS day, total_orders AS orders, total_revenue AS revenue
FROM gold.agg_daily_sales
WHERE year = @year
ORDER BY order_date
"""
_DAILY = "gold.agg_daily_sales"


@dataclass(frozen=True, slots=True)
class StateSales:
    """A state's sales over all days; `revenue` in BRL, `units` counts those with orders."""

    name: str
    orders: int
    revenue: Decimal
    units: int


@dataclass(frozen=True, slots=True)
class ProductSales:
    """A product's sales over all days; `revenue` in BRL, `quantity` in pieces."""

    name: str
    orders: int
    revenue: Decimal
    quantity: int


@dataclass(frozen=True, slots=True)
class DaySales:
    """A business day's sales; `revenue` in BRL."""

    day: date
    orders: int
    revenue: Decimal


def gold_tables() -> tuple[str, ...]:
    """Names of Gold's tables, such as `fact_sales`: dimensions, facts, then aggregations."""
    gold, aggregations = build_order("gold"), build_order("aggregations")
    return (*sorted(gold), *sorted(aggregations))


def gold_rows(warehouse: Warehouse, table: str, limit: int) -> list[dict[str, Any]]:
    """The first `limit` rows of one of `gold_tables()`; none if it is not built.

    Raises:
        InputError: There is no such table, or the limit is not from 1 to `MOST_ROWS`.
    """
    if table not in gold_tables():
        raise InputError(message("request.table", table=table, tables=gold_tables()))
    if not 1 <= limit <= MOST_ROWS:
        raise InputError(message("request.rows", limit=limit, most=MOST_ROWS))
    name = f"{dataset_of('gold')}.{table}"
    with warehouse.looking():
        if name not in warehouse.tables():
            return []
        return warehouse.ask(_ROWS.format(table=name), {"rows": limit})


def sales_by_state(warehouse: Warehouse) -> list[StateSales]:
    """Each state's sales, the highest revenue first; none if Gold is not built."""
    with warehouse.looking():
        if "gold.agg_unit_performance" not in warehouse.tables():
            return []
        return [StateSales(**row) for row in warehouse.ask(_BY_STATE)]


def sales_by_product(warehouse: Warehouse, limit: int) -> list[ProductSales]:
    """The products with the highest revenue, the highest first; none if Gold is not built."""
    with warehouse.looking():
        if "gold.agg_product_performance" not in warehouse.tables():
            return []
        return [ProductSales(**row) for row in warehouse.ask(_BY_PRODUCT, {"rows": limit})]


def years_in_gold(warehouse: Warehouse) -> list[int]:
    """The years that have sales in Gold, the newest first; none if Gold is not built."""
    with warehouse.looking():
        if _DAILY not in warehouse.tables():
            return []
        return [row["year"] for row in warehouse.ask(_YEARS)]


def sales_of_year(warehouse: Warehouse, year: int) -> list[DaySales]:
    """The days of a year that have sales in Gold, by date; none if Gold is not built."""
    with warehouse.looking():
        if _DAILY not in warehouse.tables():
            return []
        return [DaySales(**row) for row in warehouse.ask(_OF_YEAR, {"year": year})]
