"""Which customer an online order comes from: each comes back at a pace of their own.

A unit's customers form rounds, whose sizes a data file has. A round has one turn a day, and its
customers take turns, so that a customer of a round of five has a turn every fifth day. The possible
orders of a day are dealt to the rounds like cards, each round as often as any other. An order that
exists and is online goes to the customer whose turn it is; a turn without an order passes. So no
state is kept, and gaps between a customer's orders are mostly once or twice the round's size.

Customers of one round trade places within a part of it, another one in each round, so that they do
not come on the same day of each round. A day with more orders than rounds has several turns, which
go to customers that are equally far apart in the round: as many as the orders that the range allows
up to the cell's last one need, of any range. While a round has a customer for each of its turns,
at most five in a hundred of its orders are a customer's second that day, and none a third: where a
round begins again within the day, trading places differs before and after.
"""

import functools
from typing import NamedTuple

import numpy as np

from core.generation.catalog import Catalog, data_rows
from core.generation.cells import BULK_HOUR, Cells
from core.generation.draws import HOUR_BITS, ITEM_BITS, ORDER_BITS, Integers, Words, key, mix, pack

STRIDE = 7  # from one order's round to the next one's; coprime with the number of rounds

_DOMAIN = 6  # of keys, see core.generation.draws
_PHASE_BITS = 24


class Rounds(NamedTuple):
    """The rounds of each unit, in the order of the tiers.

    Attributes:
        first: Number of the first customer of each round, from 1.
        size: Its customers.
        part: How many of them trade places, a power of two.
        first_turn: For each hour of a cell's coordinates, the place of its first order in the day.
    """

    first: Integers
    size: Integers
    part: Integers
    first_turn: Integers


def draw_customers(
    cells: Cells, cell: Integers, packed: Words, seed: int, catalog: Catalog
) -> Integers:
    """The customer of each online order, as a number within the unit, from 1.

    `cell` is the position of the order's cell, `packed` has its coordinates.
    """
    rounds = load_rounds(catalog)
    count = len(rounds.size)
    of_unit = mix(cells.unit ^ key(seed, _DOMAIN))
    of_day = mix(pack(cells.day, np.zeros_like(cells.hour), cells.unit) ^ key(seed, _DOMAIN))
    dealt = (of_day % np.uint64(count)).astype(np.int64)
    day = (cells.day + (of_unit >> np.uint64(64 - _PHASE_BITS))).astype(np.int64)
    laps = _laps(cells, rounds)
    place = (packed >> np.uint64(ITEM_BITS)).astype(np.int64) & (2**ORDER_BITS - 1)
    lap, turn = np.divmod(rounds.first_turn[cells.hour.astype(np.int64)][cell] + place - 1, count)
    which = (turn * STRIDE + dealt[cell]) % count
    ahead = lap * rounds.size[which] // laps[cell]
    nth, customer = np.divmod(day[cell] + ahead, rounds.size[which])
    number: Integers = rounds.first[which] + _trade(customer, nth, which, of_unit[cell], rounds)
    return number


def _laps(cells: Cells, rounds: Rounds) -> Integers:
    """How many turns a round can have on the day up to the last possible order of each cell."""
    places = rounds.first_turn[cells.hour.astype(np.int64)] + cells.orders_max.astype(np.int64)
    return -(-places // len(rounds.size))


def _trade(
    customer: Integers, nth: Integers, which: Integers, of_unit: Words, rounds: Rounds
) -> Integers:
    """Customers change places within their part of the round, if that part is whole."""
    part = rounds.part[which]
    start = customer & -part
    place = ((nth << 20) | (start << 8) | which).astype(np.uint64)
    swap = mix(of_unit ^ place).astype(np.int64) & (part - 1)
    return np.where(start + part <= rounds.size[which], customer ^ swap, customer)


@functools.cache
def load_rounds(catalog: Catalog) -> Rounds:
    """The rounds of the catalog's folder."""
    size = np.array([
        int(row["customers"]) for row in data_rows(catalog.folder, "customer_rounds.csv")
    ])  # fmt: skip
    first_turn = np.arange(2**HOUR_BITS)
    for row in data_rows(catalog.folder, "customer_turns.csv"):
        first_turn[int(row["start_hour"])] = int(row["first_turn"])
    first_turn[BULK_HOUR] = 0
    return Rounds(
        first=np.cumsum(size) - size + 1,
        size=size,
        part=np.array([1 << max((n // 2).bit_length() - 1, 0) for n in size.tolist()]),
        first_turn=first_turn,
    )
