"""Write orders and items as the bytes of their CSV files.

A row is a record of fixed-width text fields, padded with NUL; deleting the padding gives the CSV.
No field contains NUL, line break, delimiter or quote (tests check the catalog), so none is quoted.
"""

import binascii
import functools
import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.generation.catalog import FEES_CENTS, Catalog
from core.generation.cells import EPOCH, Cells
from core.generation.columns import header_line
from core.generation.customers import address_parts
from core.generation.draws import Integers, Words
from core.generation.orders import Items, Orders, generate

BLOCK_ROWS = 36_000  # rows per block: their columns and text stay in a core's cache

_CENTS = np.array([f".{cents:02d};".encode() for cents in range(100)])
_ORDERS_HEADER, _ITEMS_HEADER = header_line("orders"), header_line("order_items")

# Positions of the five groups of a UUID's digits, without and with dashes.
_GROUPS, _FORMATS = ["a", "b", "c", "d", "e"], ["S8", "S4", "S4", "S4", "S12"]
_DIGITS = np.dtype(
    {"names": _GROUPS, "formats": _FORMATS, "offsets": [0, 8, 12, 16, 20], "itemsize": 32}
)
_DASHED = np.dtype(
    {"names": _GROUPS, "formats": _FORMATS, "offsets": [0, 9, 14, 19, 24], "itemsize": 36}
)


class CellFiles(NamedTuple):
    """The two files of a cell (its position in the request), their rows, and the orders' value."""

    cell: int
    orders_csv: bytes
    items_csv: bytes
    orders: int
    items: int
    value_cents: int


def cell_files(cells: Cells, seed: int, catalog: Catalog) -> Iterator[CellFiles]:
    """Generate the files of each cell, in order, one block of cells at a time."""
    for start, stop in blocks(cells, BLOCK_ROWS // 4):
        part = cells.part(start, stop)
        orders, items = generate(part, seed, catalog)
        orders_of = np.bincount(orders.cell, minlength=len(part))
        items_of = np.bincount(orders.cell[items.order], minlength=len(part))
        order_text = uuid_text(orders.id_high, orders.id_low)
        order_files = _order_files(_order_rows(part, orders, order_text, catalog), orders_of)
        item_files = _item_files(_item_rows(items, order_text, catalog), items_of)
        value_of = np.bincount(orders.cell, weights=orders.value_cents, minlength=len(part))
        counts = (orders_of.tolist(), items_of.tolist(), value_of.astype(np.int64).tolist())
        columns = zip(range(start, stop), order_files, item_files, *counts, strict=True)
        yield from map(CellFiles._make, columns)


def uuid_text(high: Words, low: Words) -> NDArray[np.bytes_]:
    """Identifiers as 36 lower-case characters, from their two halves."""
    digits = binascii.hexlify(np.stack((high, low), axis=1).astype(">u8").tobytes())
    source = np.frombuffer(digits, _DIGITS)
    text = np.full(len(high) * _DASHED.itemsize, ord("-"), np.uint8)
    target = text.view(_DASHED)
    for group in _GROUPS:
        target[group] = source[group]
    return text.view("S36")


def blocks(cells: Cells, orders: int) -> Iterator[tuple[int, int]]:
    """Ranges of cells with a bounded number of orders; each has at least one cell."""
    ends = np.cumsum(cells.orders_max.astype(np.int64))
    start = 0
    while start < len(cells):
        done = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + orders, side="right")))
        yield start, stop
        start = stop


def _order_files(rows: NDArray[Any], rows_of: Integers) -> list[bytes]:
    """One file of consecutive rows per entry of `rows_of`, which is its number of rows."""
    text, width = rows.tobytes(), rows.itemsize
    return [
        _ORDERS_HEADER + text[start * width : stop * width].translate(None, b"\0")
        for start, stop in _ranges(rows_of)
    ]


def _item_files(rows: NDArray[Any], rows_of: Integers) -> list[bytes]:
    """The same for items; they are padded only at the end, which numpy drops."""
    lines: list[bytes] = rows.view(f"S{rows.itemsize}").tolist()
    return [_ITEMS_HEADER + b"".join(lines[start:stop]) for start, stop in _ranges(rows_of)]


def _ranges(rows_of: Integers) -> Iterator[tuple[int, int]]:
    return itertools.pairwise([0, *np.cumsum(rows_of).tolist()])


def _item_rows(items: Items, order_text: NDArray[np.bytes_], catalog: Catalog) -> NDArray[Any]:
    tails = _item_tails(catalog)
    notes = len(catalog.notes) + 1
    quantities = len(catalog.mixes["quantity"])
    line = items.product.astype(np.int64) * quantities + items.quantity - 1
    tail = line * notes + items.note
    rows = np.empty(
        len(items),
        np.dtype([("order", "S36"), ("a", "S1"), ("item", "S36"), ("tail", tails.dtype)]),
    )
    rows["order"] = order_text[items.order]
    rows["a"] = b";"
    rows["item"] = uuid_text(items.id_high, items.id_low)
    rows["tail"] = tails[tail]
    return rows


@functools.cache
def _item_tails(catalog: Catalog) -> NDArray[np.bytes_]:
    """Everything after an item's identifiers, for each product, quantity and note."""
    return np.array([
        f";{product.product_id};{quantity};{_money(product.price_cents)};{note}\n".encode()
        for product in catalog.products
        for quantity in range(1, len(catalog.mixes["quantity"]) + 1)
        for note in ("", *catalog.notes)
    ])  # fmt: skip


def _order_rows(
    cells: Cells, orders: Orders, order_text: NDArray[np.bytes_], catalog: Catalog
) -> NDArray[Any]:
    heads, which = _order_heads(cells, catalog)
    units, unit_of = np.unique(cells.unit, return_inverse=True)
    unit_text = np.array([f"{unit};".encode() for unit in units.tolist()])
    ends = _order_ends(catalog)
    end = np.where(orders.online, 1 + (orders.fee_cents - FEES_CENTS.start) // FEES_CENTS.step, 0)
    online = np.flatnonzero(orders.online)
    addresses = address_parts(cells.unit[orders.cell[online]], orders.customer[online], catalog)
    whole, cents = np.divmod(orders.value_cents, 100)
    wholes = _whole_amounts(catalog)
    rows = np.zeros(
        len(orders),
        np.dtype([
            ("unit", unit_text.dtype), ("order", "S36"), ("head", heads.dtype),
            ("whole", wholes.dtype), ("cents", _CENTS.dtype),
            *((name, text.dtype) for name, text in addresses.items()), ("end", ends.dtype),
        ]),
    )  # fmt: skip
    rows["unit"] = unit_text[unit_of][orders.cell]
    rows["order"] = order_text
    rows["head"] = heads[which[orders.cell] * 2 + orders.online]
    rows["whole"] = wholes[whole]
    rows["cents"] = _CENTS[cents]
    for name, text in addresses.items():
        rows[name][online] = text
    rows["end"] = ends[end * len(catalog.mixes["status"]) + orders.status]
    return rows


def _order_heads(cells: Cells, catalog: Catalog) -> tuple[NDArray[np.bytes_], Integers]:
    """Type and date of each distinct date, in store then online; and each cell's date."""
    online, in_store = catalog.mixes["order_type"]
    days, which = np.unique(cells.day, return_inverse=True)
    heads = np.array([
        f";{kind};{EPOCH + timedelta(days=day)};".encode()
        for day in days.tolist()
        for kind in (in_store, online)
    ])  # fmt: skip
    return heads, which


@functools.cache
def _order_ends(catalog: Catalog) -> NDArray[np.bytes_]:
    """Fee and status, for no delivery and each possible fee, and each status."""
    return np.array([
        f";{_money(fee)};{status}\n".encode()
        for fee in (0, *FEES_CENTS)
        for status in catalog.mixes["status"]
    ])  # fmt: skip


@functools.cache
def _whole_amounts(catalog: Catalog) -> NDArray[np.bytes_]:
    """Texts of whole amounts, without cents, up to the largest that the catalog allows."""
    pieces = len(catalog.mixes["items"]) * len(catalog.mixes["quantity"])
    most = pieces * max(product.price_cents for product in catalog.products) + FEES_CENTS[-1]
    return np.array([str(whole).encode() for whole in range(most // 100 + 1)])


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
