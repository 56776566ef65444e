"""Figures about the layers as plain values; a warehouse without tables has empty ones.

A business day is `data_pedido` (from Silver on `order_date`), never the date of ingestion.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.transform.rebuild import LAYERS, count_new_objects, read_versions
from core.warehouse import Warehouse
from core.warehouse.base import LEDGER

_NOTHING = Decimal("0.00")

_BRONZE_DAYS = """
WITH sold AS (
  SELECT id_pedido, COUNT(*) AS items FROM bronze.order_items
  WHERE (_source_file >= @first_name AND _source_file < @stop_name)
    OR (_source_file >= @first_parquet AND _source_file < @stop_parquet)
  GROUP BY id_pedido
)
SELECT
  data_pedido AS day,
  COUNT(*) AS orders,
  CAST(COALESCE(SUM(items), 0) AS INT64) AS items,
  COALESCE(SUM(vlr_pedido), 0) AS revenue
FROM bronze.orders LEFT JOIN sold USING (id_pedido)
WHERE data_pedido BETWEEN @first AND @last
GROUP BY data_pedido
ORDER BY data_pedido
"""

_LAYER_FIGURES = {
    "bronze": "SELECT COUNT(DISTINCT id_pedido) AS orders, MAX(_ingest_timestamp) AS newest "
    "FROM bronze.orders",
    "silver": "SELECT COUNT(*) AS orders, MAX(_ingest_timestamp) AS newest FROM silver.orders",
    "gold": "SELECT COUNT(*) AS orders FROM gold.fact_sales",
    "aggregations": "SELECT CAST(COALESCE(SUM(total_orders), 0) AS INT64) AS orders "
    "FROM gold.agg_daily_sales",
}
_LAYER_TABLE = {
    "bronze": "bronze.orders",
    "silver": "silver.orders",
    "gold": "gold.fact_sales",
    "aggregations": "gold.agg_daily_sales",
}
_VERSION_TABLES = {LEDGER, "bronze._built_layers"}

_DAILY_SALES = """
SELECT
  order_date AS day, total_orders AS orders, online_orders, physical_orders,
  total_revenue AS revenue, online_revenue, physical_revenue, avg_order_value,
  active_units, cancellation_rate
FROM gold.agg_daily_sales
ORDER BY order_date DESC
LIMIT @days
"""


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What Bronze has of a business day; `revenue` in BRL, of orders of every status."""

    day: date
    orders: int = 0
    items: int = 0
    revenue: Decimal = _NOTHING


@dataclass(frozen=True, slots=True)
class LayerState:
    """A layer as readers see it now: `bronze`, or one of `transform.LAYERS`.

    Attributes:
        newest: The newest ingestion among its orders, in UTC; known for Bronze and Silver.
        behind: Whether it shows another version of Bronze than the present one, or none.
        objects_since: How many more objects Bronze has than this layer shows: negative if objects
            were removed, 0 if some were replaced; None if unknown.
    """

    layer: str
    built: bool
    orders: int
    newest: datetime | None
    behind: bool
    objects_since: int | None


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


def bronze_days(warehouse: Warehouse, first: date, last: date) -> list[DayFigures]:
    """Orders, items and revenue of each business day in Bronze, both ends included."""
    from core.storage.object_names import day_prefix, end_of, parquet_prefix

    with warehouse.looking():
        if not {"bronze.orders", "bronze.order_items"} <= warehouse.tables():
            return []
        rows = warehouse.ask(
            _BRONZE_DAYS,
            {
                "first": first, "last": last,
                "first_name": day_prefix(first), "stop_name": end_of(day_prefix(last)),
                "first_parquet": parquet_prefix(first),
                "stop_parquet": end_of(parquet_prefix(last)),
            },
        )  # fmt: skip
    return [DayFigures(**{**row, "revenue": _cents(row["revenue"])}) for row in rows]


def layers(warehouse: Warehouse) -> list[LayerState]:
    """The states of Bronze, Silver, Gold and aggregations, in this order."""
    with warehouse.looking():
        return _layers(warehouse)


def daily_sales(warehouse: Warehouse, days: int) -> list[DailySales]:
    """The newest days of Gold's daily aggregation, in ascending order."""
    with warehouse.looking():
        if "gold.agg_daily_sales" not in warehouse.tables():
            return []
        rows = warehouse.ask(_DAILY_SALES, {"days": days})
    return [DailySales(**row) for row in reversed(rows)]


def _layers(warehouse: Warehouse) -> list[LayerState]:
    present = warehouse.tables()
    known = read_versions(warehouse) if present >= _VERSION_TABLES else {}
    # A layer without a version (not built, or built by an old release) is behind.
    now = known.get("bronze", "unknown") if "bronze.orders" in present else None
    return [
        LayerState(
            layer,
            behind=layer != "bronze" and now is not None and known.get(layer) != now,
            objects_since=count_new_objects(known.get(layer), now or ""),
            **_figures(warehouse, layer, built=_LAYER_TABLE[layer] in present),
        )
        for layer in ("bronze", *LAYERS)
    ]


def _figures(warehouse: Warehouse, layer: str, *, built: bool) -> dict[str, Any]:
    if not built:
        return {"built": False, "orders": 0, "newest": None}
    (row,) = warehouse.ask(_LAYER_FIGURES[layer])
    return {"built": True, "newest": None, **row}


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_NOTHING)
