"""What a fault hits: a hash of the scenario's seed, the fault's place, and coordinates.

Each fault has a key of its own, in domains that generation does not use. The hash of a target's
coordinates under this key is uniform: a share hits the targets whose hash lies below it, a count
hits the smallest hashes of a request. So a share hits the same targets in every request, and no
other fault or target changes that.
"""

import functools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.generation.catalog import Catalog
from core.generation.cells import EPOCH, Cells
from core.generation.columns import HEADERS
from core.generation.draws import ITEM_BITS, Integers, Words, count_up, key, mix, pack, word
from core.generation.orders import order_sizes
from core.scenarios.kinds import ITEMS, ORDERS
from core.scenarios.scenario import Fault
from core.storage.request import Request

FIRST_DOMAIN = 1000  # of keys, see core.generation.draws; a fault has the domain of its position
_BITS = 53  # of a hash that are compared with a share, exact in a float


class Hits(NamedTuple):
    """What a fault hits of a request, as parallel arrays in the request's order.

    Attributes:
        cell: Position in the request's cells.
        order, item: Numbers in the clean files, from 1; 0 where the whole cell or order is hit.
    """

    cell: Integers
    order: Integers
    item: Integers


def rows_of(fault: Fault) -> str:
    """Whether a fault hits orders or items; empty for one that hits no rows."""
    kind = fault.about
    if kind.target != "row":
        return ""
    column = fault.parameters.get("column")
    if column is not None:
        return ORDERS if column in HEADERS["orders"] else ITEMS
    return kind.rows or str(fault.parameters["file"])


class Targets:
    """What a request for windows has to be hit: cells, orders and items, each listed once."""

    def __init__(self, request: Request, catalog: Catalog) -> None:
        self.request, self._catalog = request, catalog

    @functools.cached_property
    def cells(self) -> Cells:
        """The cells, by date, then window, then unit."""
        return self.request.cells()

    @functools.cached_property
    def orders(self) -> Hits:
        """Every order."""
        cell, _ = self._sizes
        order = count_up(np.bincount(cell, minlength=len(self.cells))).astype(np.int64)
        return Hits(cell, order, np.zeros_like(order))

    @functools.cached_property
    def items(self) -> Hits:
        """Every item."""
        orders, (_, sizes) = self.orders, self._sizes
        item = count_up(sizes).astype(np.int64)
        return Hits(np.repeat(orders.cell, sizes), np.repeat(orders.order, sizes), item)

    @property
    def is_day_closed(self) -> bool:
        """Whether the first window is requested, so that nothing can follow the last one's rows."""
        return self._catalog.windows[0] in self.request.windows

    @property
    def last_hour(self) -> int:
        """The hour at which the last window of a date starts."""
        return self._catalog.windows[-1].start_hour

    @functools.cached_property
    def places(self) -> Words:
        """The coordinates of each cell."""
        return pack(self.cells.day, self.cells.hour, self.cells.unit)

    @functools.cached_property
    def _sizes(self) -> tuple[Integers, Integers]:
        return order_sizes(self.cells, self.request.seed, self._catalog)


def find_hits(fault: Fault, seed: int, targets: Targets) -> Hits:
    """What a fault of a scenario with this seed hits."""
    meant = _is_meant(fault, targets)
    stream = key(seed, FIRST_DOMAIN + fault.position)
    if fault.about.target == "unit":
        hit = _hit_units(fault, targets.cells, np.flatnonzero(meant), stream)
        return _leaking(fault, hit, stream, targets) if _leaks(fault) else _whole(hit)
    if fault.about.target == "row":
        rows = targets.items if rows_of(fault) == ITEMS else targets.orders
        rows = _picked(rows, meant[rows.cell])
        return _picked(rows, _choose(fault, _hashes(rows, targets, stream)))
    among = np.flatnonzero(meant)
    return _whole(among[_choose(fault, mix(targets.places[among] ^ stream))])


def _is_meant(fault: Fault, targets: Targets) -> NDArray[np.bool_]:
    """Which cells a fault may hit, by its days, weekdays, windows and units."""
    cells, request = targets.cells, targets.request
    meant = np.ones(len(cells), np.bool_)
    first = (min(request.dates) - EPOCH).days
    if fault.days:
        since = cells.day.astype(np.int64) - first
        meant &= (fault.days[0] <= since) & (since <= fault.days[1])
    if fault.weekdays:
        weekday = (cells.day.astype(np.int64) + EPOCH.weekday()) % 7
        meant &= np.isin(weekday, fault.weekdays)
    if fault.windows:
        hours = [one.start_hour for one in request.windows if one.tag in fault.windows]
        meant &= np.isin(cells.hour, hours)
    if fault.kind == "copied_into_other_window" and targets.is_day_closed:
        meant &= cells.hour != targets.last_hour
    if fault.units:
        meant &= (cells.unit >= fault.units[0]) & (cells.unit <= fault.units[1])
    return meant


def _choose(fault: Fault, hashes: Words) -> NDArray[np.bool_]:
    """Which targets are hit, by their hashes."""
    if fault.share is not None:
        return _below(hashes, fault.share)
    hit = np.zeros(len(hashes), np.bool_)
    count = min(fault.count or 0, len(hashes))
    if count:
        hit[np.argpartition(hashes, count - 1)[:count]] = True  # no two hashes are equal
    return hit


def _below(hashes: Words, share: float | NDArray[np.float64]) -> NDArray[np.bool_]:
    below: NDArray[np.bool_] = (hashes >> np.uint64(64 - _BITS)).astype(np.float64) < (
        np.asarray(share) * 2.0**_BITS
    )
    return below


def _hit_units(fault: Fault, cells: Cells, among: Integers, stream: np.uint64) -> Integers:
    """The cells of the units that are hit, on the days on which they are."""
    units, which = np.unique(cells.unit[among], return_inverse=True)
    none = np.zeros_like(units)
    hashes = mix(pack(none, none, units) ^ stream)
    hit = _choose(fault, hashes)[which]
    days = fault.parameters.get("days")
    if days is not None:
        dates, day_of = np.unique(cells.day[among], return_inverse=True)
        starts = np.uint64(max(1, len(dates) - int(days) + 1))
        start = (word(hashes, 1) % starts).astype(np.int64)[which]
        hit &= (start <= day_of) & (day_of < start + int(days))
    return among[hit]


def _leaks(fault: Fault) -> bool:
    return fault.kind == "order_leak"


def _leaking(fault: Fault, hit: Integers, stream: np.uint64, targets: Targets) -> Hits:
    """The orders that leak from cells: a share that changes evenly from date to date."""
    meant = np.zeros(len(targets.cells), np.bool_)
    meant[hit] = True
    rows = _picked(targets.orders, meant[targets.orders.cell])
    dates, day_of = np.unique(targets.cells.day[hit], return_inverse=True)
    shares = np.linspace(float(fault.parameters["from"]), float(fault.parameters["to"]), len(dates))
    share_of = np.zeros(len(targets.cells))
    share_of[hit] = shares[day_of]
    return _picked(rows, _below(_hashes(rows, targets, stream), share_of[rows.cell]))


def _hashes(rows: Hits, targets: Targets, stream: np.uint64) -> Words:
    numbers = (rows.order << ITEM_BITS) | rows.item
    return mix((targets.places[rows.cell] | numbers.astype(np.uint64)) ^ stream)


def _picked(rows: Hits, picked: NDArray[np.bool_]) -> Hits:
    return Hits(rows.cell[picked], rows.order[picked], rows.item[picked])


def _whole(cell: Integers) -> Hits:
    none = np.zeros_like(cell)
    return Hits(cell, none, none)
