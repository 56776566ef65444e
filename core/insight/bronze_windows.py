"""How many orders Bronze has of each window, over several business days."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from core.storage.object_names import day_prefix, end_of, parquet_prefix
from core.warehouse import Warehouse

# A sales object has rows of the date in its name alone, so the ledger knows which day of ingestion
# is the first that can have rows of some dates. Partitions before it are not read.
_SINCE = """
SELECT MIN(_ingest_timestamp) AS since
FROM bronze._ingested_objects
WHERE (object_name >= @first_csv AND object_name < @stop_csv)
  OR (object_name >= @first_parquet AND object_name < @stop_parquet)
"""
# Names end in window_1012/pedido.csv; those of bulk data and of a day in Parquet have no window.
_ORDERS = """
SELECT
  data_pedido AS day,
  CASE WHEN STARTS_WITH(RIGHT(_source_file, 22), 'window_')
    THEN SUBSTR(RIGHT(_source_file, 22), 1, 11) END AS window_tag,
  COUNT(*) AS orders
FROM bronze.orders
WHERE data_pedido BETWEEN @first AND @last AND _ingest_date >= @since
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
        since = _find_first_ingestion(warehouse, first, last)
        if since is None:
            return []
        rows = warehouse.ask(_ORDERS, {"first": first, "last": last, "since": since})
    return [WindowOrders(**row) for row in rows]


def _find_first_ingestion(warehouse: Warehouse, first: date, last: date) -> date | None:
    """The first UTC date on which an object of a range of dates was loaded; None if none was."""
    names = {
        "first_csv": day_prefix(first), "stop_csv": end_of(day_prefix(last)),
        "first_parquet": parquet_prefix(first), "stop_parquet": end_of(parquet_prefix(last)),
    }  # fmt: skip
    (row,) = warehouse.ask(_SINCE, names)
    since: datetime | None = row["since"]
    return since.astimezone(UTC).date() if since else None


def mean_by_weekday(found: Iterable[WindowOrders]) -> Mapping[tuple[int, str | None], float]:
    """Mean orders by weekday (0 is Monday) and window, over the days that have this window."""
    counts: defaultdict[tuple[int, str | None], list[int]] = defaultdict(list)
    for one in found:
        counts[one.day.weekday(), one.window_tag].append(one.orders)
    return {place: sum(orders) / len(orders) for place, orders in counts.items()}
