"""Check whether business dates are independent: no row of one depends on another date's data.

Hostile or edited data may repeat an id on several dates, or have an item name an order of another
date. Silver then keeps the latest row of any date, so the dates must be built together. They are
independent when

- each order id is on one date only, both in the row and in the object's name,
- each item id is on one date only,
- no item names an order of another date.

A full rebuild checks all of Bronze, an incremental one the dates that changed and whether Silver's
other dates have their ids; so an independent Silver stays independent. An item without an order
might find it on another date later: its date counts as changed in every rebuild.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from core.transform.date_slices import Slice, bronze_rows, date_of, day_of

Ask: TypeAlias = Callable[[str], list[dict[str, Any]]]

_FILE_DATE = date_of("_source_file")
_ORDERS = f"""
WITH found AS (
  SELECT id_pedido, FORMAT_DATE('%Y/%m/%d', data_pedido) AS row_date, {_FILE_DATE} AS file_date
  FROM bronze.orders
)
SELECT id_pedido
FROM found
GROUP BY id_pedido
HAVING MIN(file_date) <> MAX(file_date) OR COUNTIF(row_date IS DISTINCT FROM file_date) > 0
LIMIT 1
"""  # noqa: S608 - own words
_ITEMS = f"""
WITH found AS (SELECT id_item_pedido, {_FILE_DATE} AS file_date FROM bronze.order_items)
SELECT id_item_pedido
FROM found
GROUP BY id_item_pedido
HAVING MIN(file_date) <> MAX(file_date)
LIMIT 1
"""  # noqa: S608
_APART = f"""
WITH orders AS (
  SELECT DISTINCT id_pedido, {_FILE_DATE} AS order_date FROM bronze.orders
),

items AS (
  SELECT id_pedido, {_FILE_DATE} AS item_date FROM bronze.order_items
)
SELECT DISTINCT items.item_date, orders.order_date
FROM items
LEFT JOIN orders ON orders.id_pedido = items.id_pedido
WHERE orders.order_date IS DISTINCT FROM items.item_date
"""  # noqa: S608
_ORDERS_ACROSS = """
SELECT order_id
FROM silver.orders
WHERE order_id IN (
  SELECT id_pedido FROM bronze.orders UNION ALL SELECT id_pedido FROM bronze.order_items
)
LIMIT 1
"""
_ITEMS_ACROSS = """
SELECT order_item_id
FROM silver.order_items
WHERE order_item_id IN (SELECT id_item_pedido FROM bronze.order_items)
LIMIT 1
"""
WITHIN = (_ORDERS, _ITEMS, _APART)
ALL = (*WITHIN, _ORDERS_ACROSS, _ITEMS_ACROSS, _ITEMS_ACROSS)  # as often as a rebuild runs them


@dataclass(frozen=True, slots=True)
class Independence:
    """Whether the dates are independent, and which of them have items without an order."""

    independent: bool
    orphaned: frozenset[date] = frozenset()


def check_all_dates(ask: Ask) -> Independence:
    """Check all dates of Bronze."""
    return _check(ask, WITHIN)


def check_dates(ask: Ask, part: Slice) -> Independence:
    """Check some dates of Bronze, and whether other dates of Silver have their ids.

    All other dates must have been independent and without items that have no order.
    """
    if not part.dates:
        return Independence(independent=True)
    if any(ask(sql) for sql in across(part)):
        return Independence(independent=False)
    return _check(ask, within(part))


def within(part: Slice) -> tuple[str, ...]:
    """The statements that check the dates of Bronze."""
    from core.warehouse.dialect.render import restrict_reads

    return tuple(restrict_reads(sql, bronze_rows(part)) for sql in WITHIN)


def across(part: Slice) -> tuple[str, ...]:
    """The statements that find ids of these dates on other dates of Silver."""
    from core.warehouse.dialect.render import restrict_reads

    new = bronze_rows(part)
    return (
        restrict_reads(_ORDERS_ACROSS, new | {"silver.orders": part.kept("silver.orders")}),
        *(
            restrict_reads(_ITEMS_ACROSS, new | {"silver.order_items": kept})
            for kept in part.kept_beside("silver.order_items")
        ),
    )


def _check(ask: Ask, statements: tuple[str, ...]) -> Independence:
    orders, items, apart = statements
    if ask(orders) or ask(items):
        return Independence(independent=False)
    pairs = ask(apart)
    days = {day_of(row["item_date"]) for row in pairs}
    if None in days or any(row["order_date"] is not None for row in pairs):
        return Independence(independent=False)
    return Independence(independent=True, orphaned=frozenset(day for day in days if day))
