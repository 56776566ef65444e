"""How many orders Bronze has of each window, over several business days."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.warehouse import Warehouse

# Names end in window_1012/pedido.csv; those of bulk data and of a day in Parquet have no window.
_ORDERS = """
SELECT
  data_pedido AS day,
  CASE WHEN STARTS_WITH(RIGHT(_source_file, 22), 'window_')
    THEN SUBSTR(RIGHT(_source_file, 22), 1, 11) END AS window_tag,
  COUNT(*) AS orders
FROM bronze.orders
WHERE data_pedido BETWEEN @first AND @last
GROUP BY day, window_tag
ORDER BY day, window_tag
"""


@dataclass(frozen=True, slots=True)
class WindowOrders:
    """Orders in Bronze of a business day's window; `window_tag` is None for whole days."""

    day: date
    window_tag: str | None
    orders: int


def orders_by_window(warehouse: Warehouse, first: date, last: date) -> list[WindowOrders]:
    """Orders of each business day and window that has some, by day; both ends included."""
    with warehouse.looking():
        if "bronze.orders" not in warehouse.tables():
            return []
        rows = warehouse.ask(_ORDERS, {"first": first, "last": last})
    return [WindowOrders(**row) for row in rows]


def mean_by_weekday(found: Iterable[WindowOrders]) -> Mapping[tuple[int, str | None], float]:
    """Mean orders by weekday (0 is Monday) and window, over the days that have this window."""
    counts: defaultdict[tuple[int, str | None], list[int]] = defaultdict(list)
    for one in found:
        counts[one.day.weekday(), one.window_tag].append(one.orders)
    return {place: sum(orders) / len(orders) for place, orders in counts.items()}
