"""The numbers of orders that came, with what the generator can make of each cell."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from core.generation.catalog import Catalog
from core.generation.cells import BULK_HOUR, EPOCH, Cells
from core.generation.draws import Integers
from core.generation.rhythm.level import levels
from core.generation.windows import MAX_SEED, place_of_tag
from core.insight.anomalies.anomaly import Anomaly
from core.insight.anomalies.baskets import lost_orders
from core.insight.anomalies.facts import Arrival, Facts
from core.insight.anomalies.repeats import copied_rows


class Sales(NamedTuple):
    """The orders of a cell, which is a window or a whole day of a unit.

    Attributes:
        name: The name of its orders object.
        hour: The hour in its coordinates.
        least, most: How few and how many orders it can have.
        came, loaded: At most so many orders the unit sent, and at least so many: rejected rows
            may be orders or not.
        seed: None if no manifest says it, so that its level is not known.
    """

    name: str
    day: date
    unit_id: int
    hour: int
    least: int
    most: int
    came: int
    loaded: int
    seed: int | None


def list_sales(facts: Facts, content: Sequence[Anomaly] = ()) -> list[Sales]:
    """The cells whose number of orders can be judged.

    Left out are objects that were refused, or whose rows are not as many as their manifest says,
    which the reconciliation reports; whole days without a manifest, which have no range; and days
    in Parquet, whose ledger has no number by unit.

    Args:
        content: Anomalies that explain a number: orders of which only the items came count as if
            they had come, and copies of another window's orders do not count.
    """
    lost, copied = lost_orders(content), copied_rows(content)
    catalog = facts.platform.catalog
    found = (
        _sales(facts, one, lost.get(one.name, 0), copied.get(one.name, 0), catalog)
        for one in facts.requested
        if one.kind == "orders" and not one.refused
    )
    return [one for one in found if one]


def _sales(facts: Facts, one: Arrival, lost: int, copied: int, catalog: Catalog) -> Sales | None:
    cell = facts.cell(one)
    if one.place is None or (cell and cell.orders.rows != one.rows_in - copied):
        return None
    tag = one.place.window_tag
    window = place_of_tag(one.day, tag, catalog).window
    if window:
        hour, least, most = window.start_hour, window.min_orders, window.max_orders
    elif tag is None and cell and 0 <= cell.orders_min <= cell.orders_max:
        hour, least, most = BULK_HOUR, cell.orders_min, cell.orders_max
    else:
        return None
    return Sales(
        one.name, one.day, one.unit_id, hour, least, most, one.rows_in - copied + lost,
        one.rows_loaded - copied, cell.seed if cell and 0 <= cell.seed <= MAX_SEED else None,
    )  # fmt: skip


def expected_trials(sales: Sequence[Sales], catalog: Catalog) -> tuple[Integers, Integers]:
    """For each cell with a seed, its trials, and a thousand times how many succeed on average."""
    trials = np.array([one.most - one.least for one in sales], np.int64)
    level = np.zeros(len(sales), np.int64)
    by_seed: defaultdict[int, list[int]] = defaultdict(list)
    for place, one in enumerate(sales):
        if one.seed is not None:
            by_seed[one.seed].append(place)
    for seed, places in by_seed.items():
        level[places] = levels(_cells([sales[place] for place in places]), seed, catalog)
    return trials, trials * level


def _cells(sales: Sequence[Sales]) -> Cells:
    columns = [
        ((one.day - EPOCH).days, one.hour, one.unit_id, one.least, one.most) for one in sales
    ]
    return Cells(*np.array(columns, np.uint64).reshape(-1, 5).T)
