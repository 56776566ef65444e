"""What people ask of the warehouse, answered in plain values for any entry point to show.

A business day is `data_pedido` (from Silver on `order_date`), never the date of ingestion. A
warehouse that has no tables yet answers with nothing, not with an error.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.transform import LAYERS, versions
from core.warehouse import DuckDBWarehouse

_NOTHING = Decimal("0.00")

_BRONZE_DAYS = """
WITH items AS (
  SELECT id_pedido, COUNT(*) AS items FROM {p}_bronze.order_items
  WHERE _source_file BETWEEN $first_name AND $last_name
  GROUP BY id_pedido
)
SELECT
  data_pedido AS day,
  COUNT(*) AS orders,
  CAST(COALESCE(SUM(items), 0) AS BIGINT) AS items,
  CAST(COALESCE(SUM(vlr_pedido), 0) AS DECIMAL(18, 2)) AS revenue
FROM {p}_bronze.orders LEFT JOIN items USING (id_pedido)
WHERE data_pedido BETWEEN $first AND $last
GROUP BY data_pedido
ORDER BY data_pedido
"""

_LAYER_FIGURES = {
    "bronze": "SELECT COUNT(DISTINCT id_pedido) AS orders, MAX(_ingest_timestamp) AS newest "
    "FROM {p}_bronze.orders",
    "silver": "SELECT COUNT(*) AS orders, MAX(_ingest_timestamp) AS newest FROM {p}_silver.orders",
    "gold": "SELECT COUNT(*) AS orders, NULL AS newest FROM {p}_gold.fact_sales",
    "aggregations": "SELECT CAST(COALESCE(SUM(total_orders), 0) AS BIGINT) AS orders, "
    "NULL AS newest FROM {p}_gold.agg_daily_sales",
}
_LAYER_TABLE = {
    "bronze": "bronze.orders",
    "silver": "silver.orders",
    "gold": "gold.fact_sales",
    "aggregations": "gold.agg_daily_sales",
}
_VERSION_TABLES = {"bronze._ingested_objects", "bronze._built_layers"}

_DAILY_SALES = """
SELECT
  order_date AS day, total_orders AS orders, online_orders, physical_orders,
  total_revenue AS revenue, online_revenue, physical_revenue, avg_order_value,
  active_units, cancellation_rate
FROM {p}_gold.agg_daily_sales
ORDER BY order_date DESC
LIMIT $days
"""


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What Bronze has of a business day; `revenue` in BRL, orders of every status."""

    day: date
    orders: int = 0
    items: int = 0
    revenue: Decimal = _NOTHING


@dataclass(frozen=True, slots=True)
class LayerState:
    """A layer as readers see it now.

    Attributes:
        layer: `bronze`, or one of `transform.LAYERS`.
        built: Whether its tables exist.
        newest: The newest ingestion among its orders, in UTC; known of Bronze and Silver.
        behind: Whether objects went to Bronze since that this layer does not show: new ones or
            new generations, of any kind, with rows or without.
    """

    layer: str
    built: bool
    orders: int
    newest: datetime | None
    behind: bool


@dataclass(frozen=True, slots=True)
class DailySales:
    """A row of `agg_daily_sales`; money in BRL, the rate in per cent."""

    day: date
    orders: int
    online_orders: int
    physical_orders: int
    revenue: Decimal
    online_revenue: Decimal
    physical_revenue: Decimal
    avg_order_value: Decimal
    active_units: int
    cancellation_rate: Decimal


def bronze_days(warehouse: DuckDBWarehouse, first: date, last: date) -> list[DayFigures]:
    """Orders, items and revenue of each business day that Bronze has, both ends included."""
    if not {"bronze.orders", "bronze.order_items"} <= table_names(warehouse):
        return []
    from core.names import day_prefix

    rows = warehouse.query(
        _BRONZE_DAYS.format(p=warehouse.prefix),
        {
            "first": first, "last": last,
            "first_name": day_prefix(first), "last_name": day_prefix(last) + "~",
        },
    )  # fmt: skip
    return [DayFigures(**row) for row in rows.to_pylist()]


def layers(warehouse: DuckDBWarehouse) -> list[LayerState]:
    """Bronze, Silver, Gold and aggregations, from the first to the last."""
    present = table_names(warehouse)
    known = versions(warehouse) if present >= _VERSION_TABLES else {}
    # A layer without a known version, not built or built before versions were kept, is behind.
    now = known.get("bronze", "unknown") if "bronze.orders" in present else None
    return [
        LayerState(
            layer,
            behind=layer != "bronze" and now is not None and known.get(layer) != now,
            **_figures(warehouse, layer, built=_LAYER_TABLE[layer] in present),
        )
        for layer in ("bronze", *LAYERS)
    ]


def daily_sales(warehouse: DuckDBWarehouse, days: int) -> list[DailySales]:
    """The newest days of Gold's daily aggregation, the oldest of them first."""
    if "gold.agg_daily_sales" not in table_names(warehouse):
        return []
    rows = warehouse.query(_DAILY_SALES.format(p=warehouse.prefix), {"days": days})
    return [DailySales(**row) for row in reversed(rows.to_pylist())]


def table_names(warehouse: DuckDBWarehouse) -> set[str]:
    """Tables of the warehouse, such as `silver.orders`; none when there is no file yet."""
    if not warehouse.path.exists():
        return set()
    rows = warehouse.query(
        "SELECT table_schema AS schema, table_name AS name FROM information_schema.tables"
    ).to_pylist()
    prefix = f"{warehouse.prefix}_"
    return {
        f"{row['schema'].removeprefix(prefix)}.{row['name']}"
        for row in rows
        if row["schema"].startswith(prefix)
    }


def _figures(warehouse: DuckDBWarehouse, layer: str, *, built: bool) -> dict[str, Any]:
    if not built:
        return {"built": False, "orders": 0, "newest": None}
    (row,) = warehouse.query(_LAYER_FIGURES[layer].format(p=warehouse.prefix)).to_pylist()
    return {"built": True, **row}
