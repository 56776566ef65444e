"""Small Bronze tables, written as literal rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.warehouse import DuckDBWarehouse

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


def fill(warehouse: DuckDBWarehouse, tables: Mapping[str, Rows]) -> None:
    """Replace what Bronze holds; a table that is not given becomes empty."""
    warehouse.create_bronze()
    with warehouse.writing() as connection:
        for table in CHAIN:
            connection.execute(f"DELETE FROM {warehouse.prefix}_bronze.{table}")
            rows = tables.get(table, [])
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(
                    f"INSERT INTO {warehouse.prefix}_bronze.{table} VALUES ({marks})", list(rows)
                )


def rows_of(warehouse: DuckDBWarehouse, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    """Rows of a table such as `silver.orders`, in the order of all columns."""
    dataset, name = table.split(".")
    found = warehouse.query(
        f"SELECT {columns} FROM {warehouse.prefix}_{dataset}.{name} ORDER BY ALL"
    )
    return [tuple(row.values()) for row in found.to_pylist()]
