"""Small Bronze tables, written as literal rows."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.platform import Platform
from tests.support.scenes import embedded, execute, rows

Rows = Sequence[tuple[Any, ...]]

T1, T2, T3 = (f"2026-02-0{day} 15:00:00+00" for day in (7, 8, 9))
SALES = "raw/csv_sales/2026/02/07/unit_001"

# Two units, three products (the soup is never sold), three orders of two days, four items.
CHAIN: Mapping[str, Rows] = {
    "countries": [(1, "Brasil", T1)],
    "states": [(1, 1, "Rio Grande do Sul", T1), (2, 1, "Santa Catarina", T1)],
    "units": [(1, "Porto Alegre", 1, T1), (2, "Blumenau", 2, T1)],
    "products": [(1, "Bowl", T1), (2, "Suco", T1), (3, "Sopa", T1)],
    "orders": [
        (1, "o1", "Loja Online", "2026-02-07", "55.00", "Rua A, 1", "5.10", "Finalizado",
         f"{SALES}/pedido.csv", T1, "2026-02-07"),
        (1, "o2", "Loja Fisica", "2026-02-07", "19.99", None, "0.00", "Cancelado",
         f"{SALES}/pedido.csv", T1, "2026-02-07"),
        (2, "o3", "Loja Online", "2026-02-09", "33.70", "Rua B, 2", "10.00", "Pendente",
         f"{SALES}/pedido.csv", T3, "2026-02-09"),
    ],
    "order_items": [
        ("o1", "i1", 1, 2, "20.00", "Sem cebola", f"{SALES}/item_pedido.csv", T1, "2026-02-07"),
        ("o1", "i2", 2, 1, "9.90", None, f"{SALES}/item_pedido.csv", T1, "2026-02-07"),
        ("o2", "i3", 1, 1, "19.99", None, f"{SALES}/item_pedido.csv", T1, "2026-02-07"),
        ("o3", "i4", 2, 3, "7.90", None, f"{SALES}/item_pedido.csv", T3, "2026-02-09"),
    ],
}  # fmt: skip


_FORMS = {"DATE": r"\d{4}-\d\d-\d\d", "TIMESTAMP": r"\d{4}-.*:.*\+00", "NUMERIC": r"\d+\.\d\d"}


def fill(platform: Platform, tables: Mapping[str, Rows]) -> None:
    """Replace what Bronze holds; a table that is not given becomes empty."""
    platform.warehouse.create_bronze()
    for table in CHAIN:
        execute(platform, f"DELETE FROM bronze.{table} WHERE TRUE")
        if tables.get(table):
            _insert(platform, table, tables[table])


def _insert(platform: Platform, table: str, rows: Rows) -> None:
    if platform.settings.cloud:
        lines = "), (".join(", ".join(map(_literal, row)) for row in rows)
        execute(platform, f"INSERT INTO bronze.{table} VALUES ({lines})")
        return
    marks = ", ".join("?" * len(rows[0]))
    with embedded(platform).writing() as connection:
        connection.executemany(
            f"INSERT INTO {platform.warehouse.prefix}_bronze.{table} VALUES ({marks})", list(rows)
        )


def _literal(value: str | int | None) -> str:
    """A value in GoogleSQL: text becomes a date, a moment or an amount by its form."""
    if isinstance(value, str):
        kind = next((kind for kind, form in _FORMS.items() if re.fullmatch(form, value)), "")
        return f"{kind} {json.dumps(value)}"
    return "NULL" if value is None else str(value)


def rows_of(platform: Platform, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    """Rows of a table such as `silver.orders`, in the order of all columns."""
    found = [tuple(row.values()) for row in rows(platform, f"SELECT {columns} FROM {table}")]
    return sorted(found, key=lambda row: [(value is None, value) for value in row])
