"""Orders and items of cells: a pure function of (seed, date, window, unit).

A cell is one unit in one window of one date. All cells of a call are generated together, in arrays;
the content of a cell does not depend on the other cells. Money is integer cents. The number of
orders of a cell lies in its range by a binomial draw, whose chance is the cell's level in
`core/generation/rhythm`.

**Identifiers.** An order has the coordinates (date, hour, unit, order, 0), an item at (date, hour,
unit, order, item); packed, they are distinct 64-bit words. `mix` is a bijection and the key of a
seed is one constant, so `base = mix(packed ^ key)` is distinct for distinct coordinates, and so is
`mix(base + constant)`. An identifier keeps all 64 bits of that word (the four that the version's
nibble displaces move to the second half), so identifiers of a seed are never equal. The second half
adds 58 bits of another key, so that equality across seeds takes a coincidence of 122 bits. In form
they are UUIDs of version 4, RFC 9562 section 5.4.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.generation.catalog import Catalog
from core.generation.cells import Cells
from core.generation.contents.baskets import draw_sizes, size_chances
from core.generation.contents.channels import online_chances
from core.generation.contents.menus import draw_products
from core.generation.contents.rounds import draw_customers
from core.generation.customers import delivery_fees
from core.generation.draws import (
    ITEM_BITS,
    Integers,
    Words,
    below,
    binomial,
    count_up,
    key,
    mix,
    pack,
    slots,
    split,
    word,
)
from core.generation.rhythm.level import levels

DEFAULT_SEED = 20260201  # fixed, so that the same window always has the same data

_CELLS, _IDS = 1, 2  # domains of keys; a new subject gets a new number


@dataclass(frozen=True)
class Orders:
    """Orders as parallel arrays, by cell, then by place in the cell.

    Attributes:
        cell: Position of the order's cell.
        id_high, id_low: The two halves of `Id_Pedido`.
        customer: Number of the customer within the unit; 0 for orders in store.
        value_cents: The order's total, with its delivery fee.
        status: Position in the catalog's mix of status.
        items: Number of its items.
    """

    cell: Integers
    id_high: Words
    id_low: Words
    online: NDArray[np.bool_]
    customer: Integers
    fee_cents: Integers
    value_cents: Integers
    status: NDArray[np.uint16]
    items: Integers

    def __len__(self) -> int:
        return len(self.cell)


@dataclass(frozen=True)
class Items:
    """Items as parallel arrays, by order, then by place in the order.

    Attributes:
        order, product: Positions of the item's order, and in the catalog's products.
        id_high, id_low: The two halves of `Id_Item_Pedido`.
        quantity: Pieces, 1 to 3.
        note: Position in the catalog's notes plus 1; 0 without a note.
    """

    order: Integers
    id_high: Words
    id_low: Words
    product: NDArray[np.uint16]
    quantity: Integers
    note: Integers

    def __len__(self) -> int:
        return len(self.order)


def generate(cells: Cells, seed: int, catalog: Catalog) -> tuple[Orders, Items]:
    """Generate the orders and items of cells, with a seed from 0 to 2**63 - 1.

    It takes a few hundred bytes of memory per row.
    """
    tables, places = _tables(catalog), _places(cells, seed, catalog)
    cell, packed, base, online, status, sizes = places
    customer, fee_cents = np.zeros_like(cell), np.zeros_like(cell)
    served = np.flatnonzero(online)
    customer[served] = draw_customers(cells, cell[served], packed[served], seed, catalog)
    fee_cents[served] = delivery_fees(cells.unit[cell[served]], customer[served])
    items, line_cents = _items(cells, places, seed, catalog)
    starts = np.cumsum(sizes) - sizes
    value_cents = fee_cents + (np.add.reduceat(line_cents, starts) if len(starts) else fee_cents)
    high, low = _identifiers(base, seed)
    orders = Orders(
        cell, high, low, online, customer, fee_cents, value_cents,
        tables.status[below(status, len(tables.status))], sizes,
    )  # fmt: skip
    return orders, items


def count_orders(cells: Cells, seed: int, catalog: Catalog) -> Integers:
    """Count the orders of each cell without generating them."""
    least, most = cells.orders_min.astype(np.int64), cells.orders_max.astype(np.int64)
    base = mix(pack(cells.day, cells.hour, cells.unit) ^ key(seed, _CELLS))
    return least + binomial(base, most - least, levels(cells, seed, catalog))


def expected_rows(cells: Cells, seed: int, catalog: Catalog) -> tuple[Integers, Integers]:
    """Count the orders and items of each cell without generating them."""
    cell, sizes = order_sizes(cells, seed, catalog)
    orders = np.bincount(cell, minlength=len(cells))
    items = np.bincount(cell, weights=sizes, minlength=len(cells)).astype(np.int64)
    return orders, items


def order_sizes(cells: Cells, seed: int, catalog: Catalog) -> tuple[Integers, Integers]:
    """Each order's cell and number of items, by cell, without generating them."""
    places = _places(cells, seed, catalog)
    return places.cell, places.sizes


def mean_rows(cells: Cells, seed: int, catalog: Catalog) -> tuple[float, float]:
    """The orders and items that all cells together have on average, without any draw."""
    least, most = cells.orders_min.astype(np.int64), cells.orders_max.astype(np.int64)
    orders = least + (most - least) * levels(cells, seed, catalog) / 1000
    online = online_chances(cells, seed, catalog) / 1000
    chances = size_chances(cells.hour.astype(np.int64), catalog)
    in_store_size, online_size = (chances @ np.arange(1, chances.shape[-1] + 1) / 100).T
    size = in_store_size + (online_size - in_store_size) * online
    return float(orders.sum()), float(orders @ size)


@dataclass(frozen=True)
class _Tables:
    """The catalog's shares as tables of slots, all equally likely to be drawn."""

    status: NDArray[np.uint16]
    quantity: NDArray[np.uint16]
    note: Integers
    price_cents: Integers


@functools.cache
def _tables(catalog: Catalog) -> _Tables:
    mixes = catalog.mixes
    return _Tables(
        status=_mix_slots(mixes["status"]),
        quantity=_mix_slots(mixes["quantity"]) + np.uint16(1),
        note=_note_slots(mixes["note"], len(catalog.notes)),
        price_cents=np.array([product.price_cents for product in catalog.products]),
    )


def _mix_slots(mix_of: Mapping[str, int]) -> NDArray[np.uint16]:
    return slots(list(mix_of.values()), sum(mix_of.values()))


def _note_slots(mix_of: Mapping[str, int], notes: int) -> Integers:
    """One draw decides whether there is a note and which: a slot for each combination."""
    noted = np.repeat(_mix_slots(mix_of) == 0, notes)
    return np.where(noted, np.arange(len(noted)) % notes + 1, 0)


class _Places(NamedTuple):
    """Orders before their items: what is known of each without drawing more.

    Attributes:
        cell: Position of the order's cell.
        packed: Its coordinates, with item 0.
        base: The start of its stream of random words.
        status: The draw that decides its status.
        sizes: The number of its items.
    """

    cell: Integers
    packed: Words
    base: Words
    online: NDArray[np.bool_]
    status: Words
    sizes: Integers


def _places(cells: Cells, seed: int, catalog: Catalog) -> _Places:
    orders_of = count_orders(cells, seed, catalog)
    cell = np.repeat(np.arange(len(cells)), orders_of)
    packed = pack(cells.day, cells.hour, cells.unit)[cell]
    packed |= count_up(orders_of) << np.uint64(ITEM_BITS)
    base = mix(packed ^ key(seed, _CELLS))
    kind, status, size = split(word(base, 2))
    online = below(kind, 1000).astype(np.int64) < online_chances(cells, seed, catalog)[cell]
    sizes = draw_sizes(size, cells.hour[cell], online, catalog)
    return _Places(cell, packed, base, online, status, sizes)


def _items(cells: Cells, places: _Places, seed: int, catalog: Catalog) -> tuple[Items, Integers]:
    """The items of all orders, and the price of each line in cents."""
    tables = _tables(catalog)
    order = np.repeat(np.arange(len(places.sizes)), places.sizes)
    base = mix((places.packed[order] | count_up(places.sizes)) ^ key(seed, _CELLS))
    dish, pieces, remark = split(word(base, 2))
    product = draw_products(dish, cells, places.cell[order], catalog)
    quantity = tables.quantity[below(pieces, len(tables.quantity))].astype(np.int64)
    note = tables.note[below(remark, len(tables.note))]
    high, low = _identifiers(base, seed)
    items = Items(order, high, low, product, quantity, note)
    return items, tables.price_cents[product] * quantity


def _identifiers(base: Words, seed: int) -> tuple[Words, Words]:
    """Both halves of a UUID of version 4 for each base; see the module docstring."""
    unique = word(base, 1)
    extra = mix(base ^ key(seed, _IDS))
    high = (unique & np.uint64(0xFFFFFFFFFFFF0000)) | np.uint64(0x4000)
    high |= (unique >> np.uint64(4)) & np.uint64(0x0FFF)
    displaced = (unique & np.uint64(0xF)) << np.uint64(58)
    low = np.uint64(0x8000000000000000) | displaced | (extra >> np.uint64(6))
    return high, low
