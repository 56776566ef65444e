"""The baseline generator: the same files as most programs would make them.

A plain Python loop draws one row after the other, with `random`, `uuid4` and Faker, and pandas
writes the CSV of each unit. Columns, volumes and mixes are the contract's; addresses are any of
Faker's, not in the unit's own city.
"""

import io
import random
import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeAlias

import pandas as pd
from faker import Faker

from core.generation.catalog import Catalog

Row: TypeAlias = dict[str, object]

_STATUSES = ("Finalizado", "Pendente", "Cancelado")


def baseline_files(
    dates: Sequence[date], orders: Sequence[tuple[int, int]], units: Sequence[int], catalog: Catalog
) -> Iterator[tuple[str, str, int]]:
    """Orders and items as CSV text, and the number of rows in both.

    Args:
        orders: Fewest and most orders of a unit, for each file that it writes a day.
    """
    random.seed(1)
    Faker.seed(1)
    faker = Faker("pt_BR")
    for day in dates:
        for fewest_most in orders:
            for unit in units:
                order_rows, item_rows = _cell(day, fewest_most, unit, catalog, faker)
                yield _csv(order_rows), _csv(item_rows), len(order_rows) + len(item_rows)


def _cell(
    day: date, orders: tuple[int, int], unit: int, catalog: Catalog, faker: Faker
) -> tuple[list[Row], list[Row]]:
    order_rows: list[Row] = []
    item_rows: list[Row] = []
    for _ in range(random.randint(*orders)):
        order_id = str(uuid.uuid4())
        subtotal = 0.0
        for _ in range(random.randint(1, 5)):
            product = random.choice(catalog.products)
            quantity, price = random.randint(1, 3), product.price_cents / 100
            subtotal += quantity * price
            item_rows.append(
                {
                    "Id_Pedido": order_id,
                    "Id_Item_Pedido": str(uuid.uuid4()),
                    "Id_Produto": product.product_id,
                    "Qtd": quantity,
                    "Vlr_Item": price,
                    "Observacao": random.choice(catalog.notes) if random.random() < 0.3 else "",
                }
            )
        order_rows.append(_order(day, unit, order_id, subtotal, faker))
    return order_rows, item_rows


def _order(day: date, unit: int, order_id: str, subtotal: float, faker: Faker) -> Row:
    online = random.random() < 0.6
    fee = round(random.uniform(5, 25), 2) if online else 0.0
    return {
        "Id_Unidade": unit,
        "Id_Pedido": order_id,
        "Tipo_Pedido": "Loja Online" if online else "Loja Fisica",
        "Data_Pedido": day.isoformat(),
        "Vlr_Pedido": round(subtotal + fee, 2),
        "Endereco_Entrega": faker.address().replace("\n", ", ") if online else "",
        "Taxa_Entrega": fee,
        "Status": random.choices(_STATUSES, weights=(85, 10, 5))[0],
    }


def _csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    pd.DataFrame(rows).to_csv(text, sep=";", index=False, float_format="%.2f", lineterminator="\n")
    return text.getvalue()
