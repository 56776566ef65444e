"""Faults in single orders and items: each changes, doubles or removes rows of its order alone."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TypeAlias

from core.generation.catalog import MAX_UNIT
from core.generation.columns import HEADERS
from core.scenarios.faults.draft import Draft, Mark, Row
from core.scenarios.faults.world import World
from core.scenarios.kinds import ITEMS, ORDERS
from core.scenarios.scenario import Fault
from core.scenarios.selection import rows_of

UNKNOWN_TYPE, UNKNOWN_STATUS, NO_NUMBER = "Aplicativo", "Em preparo", "n/d"
TOO_MUCH_CENTS = 1000  # what a total that does not add up has too much
_OUT_OF_RANGE = {"Qtd": "99", "Taxa_Entrega": "99.90"}  # amounts get a minus sign
_FORMATS = {"dd/mm/yyyy": "%d/%m/%Y", "mm/dd/yyyy": "%m/%d/%Y", "yyyymmdd": "%Y%m%d"}

_AMOUNT = re.compile(r"[0-9]+\.[0-9]{2}")

_Write: TypeAlias = Callable[[str, Fault, Draft, World], str]


def change_rows(draft: Draft, fault: Fault, world: World) -> None:
    """Make a fault in each row that it hits and that no fault was made in."""
    file, hit = rows_of(fault), world.rows_hit(fault, draft.at, draft.unit)
    if file in world.lost_files(draft.at, draft.unit):
        return
    for row in [row for row in draft.sheet(file).rows if (row.order, row.item) in hit]:
        if row.hit:
            continue
        if fault.kind in _VALUES:
            _change_value(draft, fault, world, row)
        else:
            _WHOLE_ROWS[fault.kind](draft, fault, world, row)


def _change_value(draft: Draft, fault: Fault, world: World, row: Row) -> None:
    sheet, (column, write) = draft.sheet(rows_of(fault)), _VALUES[fault.kind]
    column = column or str(fault.parameters["column"])
    was = sheet.value(row, column)
    now = write(was, fault, draft, world)
    sheet.set_value(row, column, now)
    row.hit = True
    draft.marks.append(Mark(fault, sheet.kind, row, column, was, now))


def _double(draft: Draft, fault: Fault, world: World, row: Row) -> None:  # noqa: ARG001 - as all
    sheet = draft.sheet(rows_of(fault))
    copy = Row([*row.fields], hit=True)
    sheet.rows.insert(sheet.rows.index(row) + 1, copy)
    row.hit = True
    draft.marks.append(Mark(fault, sheet.kind, copy, "", "", sheet.line_of(copy)))


def _remove_order(draft: Draft, fault: Fault, world: World, row: Row) -> None:
    """Leave an order out, unless a fault is in its items or they cannot be read."""
    items = draft.items_of(row)
    lost = world.lost_files(draft.at, draft.unit)
    if lost or any(item.hit for item in items):
        return
    draft.orders.rows.remove(row)
    for item in items:
        item.hit = True
        draft.marks.append(Mark(fault, ITEMS, item, "Id_Pedido", "", draft.orders.id_of(row)))


def _remove_items(draft: Draft, fault: Fault, world: World, row: Row) -> None:
    """Leave an order's items out, unless a fault is in them or their file cannot be read."""
    items = draft.items_of(row)
    if world.lost_files(draft.at, draft.unit) or any(item.hit for item in items):
        return
    draft.items.rows = [item for item in draft.items.rows if item.order != row.order]
    row.hit = True
    draft.marks.append(Mark(fault, ORDERS, row, "", str(len(items)), "0"))


def _other_unit(was: str, fault: Fault, draft: Draft, world: World) -> str:  # noqa: ARG001
    return str(draft.unit + 1 if draft.unit < MAX_UNIT else draft.unit - 1)


def _add_cents(was: str, *_: object) -> str:
    cents = cents_of(was) + TOO_MUCH_CENTS
    return money(cents)


def _other_product(was: str, fault: Fault, draft: Draft, world: World) -> str:  # noqa: ARG001
    return str(max(product.product_id for product in world.catalog.products) + 1)


def _other_format(was: str, fault: Fault, *_: object) -> str:
    return date.fromisoformat(was).strftime(_FORMATS[str(fault.parameters["format"])])


def _out_of_range(was: str, fault: Fault, *_: object) -> str:
    return _OUT_OF_RANGE.get(str(fault.parameters["column"]), f"-{was}")


# For each kind that changes a value: its column, or none where a parameter says it, and the value.
_VALUES: Mapping[str, tuple[str, _Write]] = {
    "value_out_of_range": ("", _out_of_range),
    "value_of_wrong_type": ("", lambda *_: NO_NUMBER),
    "decimal_comma": ("", lambda was, *_: was.replace(".", ",")),
    "other_date_format": ("Data_Pedido", _other_format),
    "wrong_unit": ("Id_Unidade", _other_unit),
    "wrong_date": (
        "Data_Pedido", lambda was, *_: str(date.fromisoformat(was) - timedelta(days=1)),
    ),
    "total_not_sum": ("Vlr_Pedido", _add_cents),
    "unknown_product": ("Id_Produto", _other_product),
    "unknown_type": ("Tipo_Pedido", lambda *_: UNKNOWN_TYPE),
    "unknown_status": ("Status", lambda *_: UNKNOWN_STATUS),
}  # fmt: skip
_WHOLE_ROWS: Mapping[str, Callable[[Draft, Fault, World, Row], None]] = {
    "row_doubled": _double,
    "item_without_order": _remove_order,
    "order_without_items": _remove_items,
}
ROW_KINDS = (*_VALUES, *_WHOLE_ROWS)


def value_of(order: Row) -> int:
    """An order's total in cents, as far as it is an amount: the source's sum."""
    amount = order.fields[HEADERS["orders"].index("Vlr_Pedido")].replace(",", ".")
    return cents_of(amount) if _AMOUNT.fullmatch(amount) else 0


def cents_of(amount: str) -> int:
    """An amount such as `12.30` in cents."""
    return int(amount.replace(".", ""))


def money(cents: int) -> str:
    """Cents as an amount such as `12.30`."""
    return f"{cents // 100}.{cents % 100:02d}"
