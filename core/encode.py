"""Orders and items as the bytes of their CSV files.

A row is a record of fixed-width text fields, padded with NUL; once a block of rows stands, all
padding is deleted in one pass and what is left is the CSV. No field can hold a NUL, a line break, a
delimiter or a quote (the catalog's vocabulary is checked), so nothing needs quoting, and line ends
tell where each cell's rows begin.
"""

import binascii
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from core.catalog import Catalog
from core.columns import header_line
from core.customers import FEES_CENTS, address_parts
from core.draws import Integers, Words
from core.generate import EPOCH, Cells, Items, Orders, generate

BLOCK_ROWS = 24_000  # rows made at once: their columns and text stay in a core's cache

_ORDERS_HEADER, _ITEMS_HEADER = header_line("orders"), header_line("order_items")


@dataclass(frozen=True, slots=True)
class CellFiles:
    """The two files of a cell, their rows, and the sum of the orders' values.

    Attributes:
        cell: Position among the cells asked for.
    """

    cell: int
    orders_csv: bytes
    items_csv: bytes
    orders: int
    items: int
    value_cents: int


def cell_files(cells: Cells, seed: int, catalog: Catalog) -> Iterator[CellFiles]:
    """Make the files of each cell, in the cells' order, a block of cells at a time."""
    for start, stop in _blocks(cells):
        part = cells.part(start, stop)
        orders, items = generate(part, seed, catalog)
        orders_of = np.bincount(orders.cell, minlength=len(part))
        items_of = np.bincount(orders.cell[items.order], minlength=len(part))
        order_text = uuid_text(orders.id_high, orders.id_low)
        order_files = _split(
            _order_rows(part, orders, order_text, catalog), orders_of, _ORDERS_HEADER
        )
        item_files = _split(_item_rows(items, order_text, catalog), items_of, _ITEMS_HEADER)
        value_of = np.bincount(orders.cell, weights=orders.value_cents, minlength=len(part))
        counts = (orders_of.tolist(), items_of.tolist(), value_of.astype(np.int64).tolist())
        yield from map(CellFiles, range(start, stop), order_files, item_files, *counts)


def uuid_text(high: Words, low: Words) -> NDArray[np.bytes_]:
    """Identifiers in their 36 characters, lower case, from their two halves."""
    digits = binascii.hexlify(np.stack((high, low), axis=1).astype(">u8").tobytes())
    source = np.frombuffer(digits, np.uint8).reshape(len(high), 32)
    text = np.full((len(high), 36), ord("-"), np.uint8)
    for dashes, (start, stop) in enumerate(((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))):
        text[:, start + dashes : stop + dashes] = source[:, start:stop]
    return text.view("S36").reshape(-1)


def _blocks(cells: Cells) -> Iterator[tuple[int, int]]:
    """Ranges of cells of at most `BLOCK_ROWS` orders each, at least one cell."""
    ends = np.cumsum(cells.orders_max.astype(np.int64))
    start = 0
    while start < len(cells):
        done = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + BLOCK_ROWS // 4, side="right")))
        yield start, stop
        start = stop


def _split(rows: bytes, rows_of: Integers, header: bytes) -> list[bytes]:
    """Files of consecutive lines, as many as each entry of `rows_of` says, with their header."""
    line_ends = np.flatnonzero(np.frombuffer(rows, np.uint8) == ord("\n")) + 1
    ends = np.concatenate(([0], line_ends))[np.cumsum(rows_of)].tolist()
    return [header + rows[start:stop] for start, stop in zip([0, *ends], ends, strict=False)]


def _item_rows(items: Items, order_text: NDArray[np.bytes_], catalog: Catalog) -> bytes:
    tails = _item_tails(catalog)
    notes = len(catalog.notes) + 1
    tail = (items.product.astype(np.int64) * 3 + items.quantity - 1) * notes + items.note
    rows = np.empty(
        len(items),
        np.dtype([("order", "S36"), ("a", "S1"), ("item", "S36"), ("tail", tails.dtype)]),
    )
    rows["order"] = order_text[items.order]
    rows["a"] = b";"
    rows["item"] = uuid_text(items.id_high, items.id_low)
    rows["tail"] = tails[tail]
    return rows.tobytes().translate(None, b"\0")


@functools.cache
def _item_tails(catalog: Catalog) -> NDArray[np.bytes_]:
    """Everything after an item's identifiers, for each product, quantity and note."""
    return np.array([
        f";{product.product_id};{quantity};{_money(product.price_cents)};{note}\n".encode()
        for product in catalog.products
        for quantity in (1, 2, 3)
        for note in ("", *catalog.notes)
    ])  # fmt: skip


def _order_rows(
    cells: Cells, orders: Orders, order_text: NDArray[np.bytes_], catalog: Catalog
) -> bytes:
    heads, which = _order_heads(cells, catalog)
    units, unit_of = np.unique(cells.unit, return_inverse=True)
    unit_text = np.array([f"{unit};".encode() for unit in units.tolist()])
    ends = _order_ends(catalog)
    end = np.where(orders.online, 1 + (orders.fee_cents - FEES_CENTS.start) // FEES_CENTS.step, 0)
    addresses = address_parts(cells.unit[orders.cell], orders.customer, orders.online, catalog)
    value = _money_text(orders.value_cents)
    rows = np.empty(
        len(orders),
        np.dtype([
            ("unit", unit_text.dtype), ("order", "S36"), ("head", heads.dtype),
            ("value", value.dtype), ("a", "S1"), *((n, t.dtype) for n, t in addresses.items()),
            ("end", ends.dtype),
        ]),
    )  # fmt: skip
    rows["unit"] = unit_text[unit_of][orders.cell]
    rows["order"] = order_text
    rows["head"] = heads[which[orders.cell] * 2 + orders.online]
    rows["value"] = value
    rows["a"] = b";"
    for name, text in addresses.items():
        rows[name] = text
    rows["end"] = ends[end * len(catalog.mixes["status"]) + orders.status]
    return rows.tobytes().translate(None, b"\0")


def _order_heads(cells: Cells, catalog: Catalog) -> tuple[NDArray[np.bytes_], Integers]:
    """Type and date of each of the cells' dates, in store then online; and each cell's date."""
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


def _money_text(cents: Integers) -> NDArray[np.bytes_]:
    """Amounts as `123.45`, without leading zeros."""
    whole, hundredths = np.divmod(cents.astype(np.uint32), np.uint32(100))
    width = len(str(int(whole.max()))) if len(whole) else 1
    text = np.zeros((len(cents), width + 3), np.uint8)
    text[:, width] = ord(".")
    text[:, width + 1] = hundredths // 10 + ord("0")
    text[:, width + 2] = hundredths % 10 + ord("0")
    for column in range(width - 1, -1, -1):
        some = (whole > 0) | (column == width - 1)
        text[:, column] = np.where(some, whole % 10 + ord("0"), 0)
        whole = whole // np.uint32(10)
    return text.view(f"S{width + 3}").reshape(-1)


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
