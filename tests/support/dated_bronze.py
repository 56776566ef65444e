"""Small objects of sales put into Bronze with their lines in the ledger, rows as one likes them."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import SalesName, reference_name, sales_name
from core.warehouse import Load
from core.warehouse.validated import Validated
from tests.support.bronze_rows import CHAIN, rows_of
from tests.support.scenes import NOW
from tests.support.sql_files import tables

FIRST = date(2026, 2, 1)
STEP = timedelta(hours=7)  # from one change to the next
BUILT = [
    f"{'gold' if s.folder == 'aggregations' else s.folder}.{s.name}"
    for s in tables()
    if s.folder != "bronze"
]
_REFERENCE = ("countries", "states", "units", "products")
_COLUMNS = {
    "orders": "id_unidade id_pedido tipo_pedido data_pedido vlr_pedido endereco_entrega "
    "taxa_entrega status",
    "order_items": "id_pedido id_item_pedido id_produto qtd vlr_item observacao",
    "products": "id_produto nome_produto",
    "units": "id_unidade nome_unidade id_estado",
    "states": "id_estado id_pais nome_estado",
    "countries": "id_pais nome_pais",
}


def day(number: int) -> date:
    """A business date, from 0."""
    return FIRST + timedelta(days=number)


def basket(
    number: int, orders: Sequence[str], items: Mapping[str, str], unit: int = 1, pieces: int = 1
) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of a day's two files: orders by their ids, items by theirs with the order they name.

    Nothing costs anything, so that every order adds up whatever becomes of its items.
    """
    return {
        "orders": [
            (unit, id_, "Loja Online", str(day(number)), "0.00", "Rua A, 1", "0.00", "Finalizado")
            for id_ in orders
        ],
        "order_items": [
            (order, id_, 1 + len(id_) % 2, pieces, "0.00", None) for id_, order in items.items()
        ],
    }  # fmt: skip


def embedded_in(home: Path) -> Platform:
    """A platform in a folder."""
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))


def clean(bronze: "Bronze", number: int, tag: str = "", unit: int = 1) -> None:
    """A day of two orders with an item each, of ids that no other day has."""
    orders = [f"o{n}{tag} of {number}" for n in (1, 2)]
    items = {f"i{n}{tag} of {number}": order for n, order in enumerate(orders)}
    bronze.put(number, basket(number, orders, items, unit), unit)


@dataclass
class Bronze:
    """A platform's Bronze; each change is later than the one before, and a newer generation."""

    platform: Platform
    now: datetime = NOW
    generation: int = 1_700_000_000_000_000_000

    def reference(self, products: int = 3) -> None:
        """Load the reference data of `CHAIN`, with its first products."""
        self._tick()
        for kind in _REFERENCE:
            rows = [row[:-1] for row in CHAIN[kind]][: products if kind == "products" else None]
            self._load(reference_name(kind), kind, rows)

    def put(
        self, number: int, files: Mapping[str, Sequence[tuple[Any, ...]]], unit: int = 1
    ) -> None:
        """Load the files of a unit's day, each instead of an older one of its name."""
        self._tick()
        for kind, rows in files.items():
            self._load(sales_name(SalesName(kind, day(number), unit, None)), kind, rows)

    def load(self, objects: Mapping[str, tuple[str, Sequence[tuple[Any, ...]]]]) -> None:
        """Load objects of any name, each with its kind and rows."""
        self._tick()
        for name, (kind, rows) in objects.items():
            self._load(name, kind, rows)

    def remove(self, number: int, unit: int = 1) -> None:
        """Take the files of a unit's day away."""
        kinds = ("orders", "order_items")
        names = [sales_name(SalesName(kind, day(number), unit, None)) for kind in kinds]
        self.platform.warehouse.remove(self.platform.store.bucket, names)

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table that is built above Bronze."""
        with self.platform.warehouse.looking():
            there = self.platform.warehouse.tables()
            return {table: rows_of(self.platform, table) for table in BUILT if table in there}

    def copied(self, home: Path) -> "Bronze":
        """The same in another folder."""
        shutil.copytree(self.platform.settings.home, home)
        return Bronze(embedded_in(home), self.now, self.generation)

    def _load(self, name: str, kind: str, rows: Sequence[tuple[Any, ...]]) -> None:
        columns = {
            column: [row[place] for row in rows]
            for place, column in enumerate(_COLUMNS[kind].split())
        }
        validated = Validated(kind, len(rows), columns, (), None)
        load = Load(name, self.generation, validated, 100, "AAAAAA==")
        assert self.platform.warehouse.load(self.platform.store.bucket, [load], self.now)

    def _tick(self) -> None:
        self.now += STEP
        self.generation += 10**9
