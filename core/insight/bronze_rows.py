"""What Bronze has of one object: its ledger entry and its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.storage.object_names import parse_parquet_name, parse_sales_name, reference_kind
from core.warehouse import Warehouse
from core.warehouse.base import LEDGER

SHOWN_ROWS = 200
KEYS = {"orders": "id_pedido", "order_items": "id_item_pedido"}

_LEDGER = """
SELECT generation, rows_loaded, rows_rejected, reason, crc32c, _ingest_timestamp AS ingested_at
FROM bronze._ingested_objects
WHERE bucket = @bucket AND object_name = @name
ORDER BY generation DESC
LIMIT 1
"""
_ROWS = """
SELECT *, COUNT(*) OVER () AS _count
FROM bronze.{table}
WHERE _source_file = @name
ORDER BY {key}
LIMIT @most
"""


_FILES = """
SELECT id_pedido AS order_id, MAX(_source_file) AS source_file
FROM bronze.orders
WHERE id_pedido IN UNNEST(@orders)
GROUP BY id_pedido
"""


@dataclass(frozen=True, slots=True)
class Ingestion:
    """The ledger entry of an object; `ingested_at` is in UTC.

    `reason` says why the whole file went to quarantine; it is empty if the file did not.
    """

    generation: int
    rows_loaded: int
    rows_rejected: int
    reason: str
    crc32c: str
    ingested_at: datetime


@dataclass(frozen=True, slots=True)
class BronzeRows:
    """The rows of an object in its Bronze table: their count, and the first `SHOWN_ROWS` by id."""

    table: str
    count: int
    rows: list[dict[str, Any]]

    @property
    def key(self) -> str:
        """The column with the row's id."""
        return KEYS[self.table]


def ingestion(warehouse: Warehouse, bucket: str, name: str) -> Ingestion | None:
    """How an object was loaded; None if no generation of it was."""
    with warehouse.looking():
        if LEDGER not in warehouse.tables():
            return None
        rows = warehouse.ask(_LEDGER, {"bucket": bucket, "name": name})
    return Ingestion(**{**rows[0], "reason": rows[0]["reason"] or ""}) if rows else None


def bronze_rows(warehouse: Warehouse, name: str) -> BronzeRows | None:
    """The rows of a sales object; None for other objects, whose rows do not name their source."""
    parsed = parse_sales_name(name) or parse_parquet_name(name)
    if parsed is None or reference_kind(name):
        return None
    table = parsed.kind
    sql = _ROWS.format(table=table, key=KEYS[table])  # one query, which reads the table once
    with warehouse.looking():
        if f"bronze.{table}" not in warehouse.tables():
            return BronzeRows(table, 0, [])
        rows = warehouse.ask(sql, {"name": name, "most": SHOWN_ROWS})
    counts = [int(row.pop("_count")) for row in rows]
    return BronzeRows(table, counts[0] if counts else 0, rows)


def files_of(warehouse: Warehouse, orders: Sequence[str]) -> dict[str, str]:
    """The source object of each order, by the order's id."""
    with warehouse.looking():
        if "bronze.orders" not in warehouse.tables():
            return {}
        rows = warehouse.ask(_FILES, {"orders": list(orders)})
    return {row["order_id"]: row["source_file"] for row in rows}
