"""What a fault hits: a hash of the scenario's seed, the fault's place, and coordinates.

Each fault has a key of its own, in domains that generation does not use. The hash of a target's
coordinates under this key is uniform: a share hits the targets whose hash lies below it, a count
hits the smallest hashes of a request. So a share hits the same targets in every request, and no
other fault or target changes that.
"""

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


def find_hits(fault: Fault, seed: int, request: Request, catalog: Catalog) -> Hits:
    """What a fault of a scenario with this seed hits of a request for windows."""
    cells = request.cells()
    among = np.flatnonzero(_is_meant(fault, request, cells))
    stream = key(seed, FIRST_DOMAIN + fault.position)
    target = fault.about.target
    if target == "unit":
        hit = _hit_units(fault, cells, among, stream)
        return _leaking(fault, hit, stream, request, catalog) if _leaks(fault) else _whole(hit)
    taken = _take(cells, among)
    if target == "row":
        rows, words = _rows(fault, taken, request.seed, catalog)
        chosen = _choose(fault, mix(words ^ stream))
        return Hits(among[rows.cell[chosen]], rows.order[chosen], rows.item[chosen])
    words = pack(taken.day, taken.hour, taken.unit)
    return _whole(among[_choose(fault, mix(words ^ stream))])


def _is_meant(fault: Fault, request: Request, cells: Cells) -> NDArray[np.bool_]:
    """Which cells a fault may hit, by its days, weekdays, windows and units."""
    meant = np.ones(len(cells), np.bool_)
    first = (request.dates[0] - EPOCH).days
    if fault.days:
        since = cells.day.astype(np.int64) - first
        meant &= (fault.days[0] <= since) & (since <= fault.days[1])
    if fault.weekdays:
        weekday = (cells.day.astype(np.int64) + EPOCH.weekday()) % 7
        meant &= np.isin(weekday, fault.weekdays)
    if fault.windows:
        hours = [one.start_hour for one in request.windows if one.tag in fault.windows]
        meant &= np.isin(cells.hour, hours)
    if fault.units:
        meant &= (cells.unit >= fault.units[0]) & (cells.unit <= fault.units[1])
    return meant


def _choose(fault: Fault, hashes: Words) -> NDArray[np.bool_]:
    """Which targets are hit, by their hashes."""
    if fault.share is not None:
        return _below(hashes, fault.share)
    hit = np.zeros(len(hashes), np.bool_)
    hit[np.argsort(hashes, kind="stable")[: fault.count]] = True
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


def _leaking(
    fault: Fault, hit: Integers, stream: np.uint64, request: Request, catalog: Catalog
) -> Hits:
    """The orders that leak from cells: a share that changes evenly from date to date."""
    cells = _take(request.cells(), hit)
    rows, words = _rows(fault, cells, request.seed, catalog)
    dates, day_of = np.unique(cells.day, return_inverse=True)
    shares = np.linspace(float(fault.parameters["from"]), float(fault.parameters["to"]), len(dates))
    gone = _below(mix(words ^ stream), shares[day_of[rows.cell]])
    return Hits(hit[rows.cell[gone]], rows.order[gone], rows.item[gone])


def _whole(cell: Integers) -> Hits:
    none = np.zeros_like(cell)
    return Hits(cell, none, none)


def _rows(fault: Fault, cells: Cells, seed: int, catalog: Catalog) -> tuple[Hits, Words]:
    """The orders or items of cells, and the coordinates of each."""
    cell, sizes = order_sizes(cells, seed, catalog)
    order = count_up(np.bincount(cell, minlength=len(cells)))
    item = np.zeros_like(order)
    if rows_of(fault) == ITEMS:
        cell, order, item = np.repeat(cell, sizes), np.repeat(order, sizes), count_up(sizes)
    words = pack(cells.day, cells.hour, cells.unit)[cell] | (order << np.uint64(ITEM_BITS)) | item
    return Hits(cell, order.astype(np.int64), item.astype(np.int64)), words


def _take(cells: Cells, positions: Integers) -> Cells:
    return Cells(
        cells.day[positions], cells.hour[positions], cells.unit[positions],
        cells.orders_min[positions], cells.orders_max[positions],
    )  # fmt: skip
