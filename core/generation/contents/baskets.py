"""How many items an order has, by its kind and window."""

import functools

import numpy as np
from numpy.typing import NDArray

from core.generation.catalog import Catalog, data_rows
from core.generation.contents.hours import hour_columns, list_hours
from core.generation.draws import Integers, Words, below, slots

_ANY = "*"  # in the place of an hour: whole days, and windows without a row
_SLOTS = 100  # weights are per cent


def draw_sizes(draws: Words, hour: Words, online: NDArray[np.bool_], catalog: Catalog) -> Integers:
    """The number of items of each order, in the window that starts at `hour`, from one draw."""
    table = _size_slots(catalog)
    place = hour_columns(catalog)[hour.astype(np.int64)] * 2 + online
    return table[place, below(draws, _SLOTS)].astype(np.int64)


def size_chances(hour: Integers, catalog: Catalog) -> Integers:
    """The chance of each number of items, per cent: shape (hours, in store and online, sizes)."""
    chances: Integers = _size_weights(catalog)[hour_columns(catalog)[hour]]
    return chances


@functools.cache
def _size_slots(catalog: Catalog) -> NDArray[np.uint16]:
    """Slots of equal chance with a number of items each; two rows an hour, in store then online."""
    weights = _size_weights(catalog)
    by_place = weights.reshape(-1, weights.shape[-1]).tolist()
    return np.stack([slots(of_place, _SLOTS) for of_place in by_place]) + np.uint16(1)


@functools.cache
def _size_weights(catalog: Catalog) -> Integers:
    rows = {
        (row["order_type"], row["start_hour"]): row
        for row in data_rows(catalog.folder, "basket_sizes.csv")
    }
    online, in_store = catalog.mixes["order_type"]
    return np.array([
        [
            [
                int(rows.get((kind, str(hour)), rows[kind, _ANY])[size])
                for size in catalog.mixes["items"]
            ]
            for kind in (in_store, online)
        ]
        for hour in list_hours(catalog)
    ])  # fmt: skip
