"""Cells: one unit in one window of one date, or on one whole date, as parallel arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from core.generation.catalog import Window
from core.generation.draws import ORDER_BITS, Words

BULK_HOUR = 31  # in the coordinates of whole-day data; no hour of the day
MAX_ORDERS = 2**ORDER_BITS - 1
EPOCH = date(2000, 1, 1)  # day 0 of a cell's coordinates


@dataclass(frozen=True)
class Cells:
    """Cells as parallel arrays of equal length; `orders_max` is included."""

    day: Words
    hour: Words
    unit: Words
    orders_min: Words
    orders_max: Words

    def __len__(self) -> int:
        return len(self.day)

    def part(self, start: int, stop: int) -> "Cells":
        """The cells from position `start` up to, not including, `stop`."""
        return Cells(
            self.day[start:stop], self.hour[start:stop], self.unit[start:stop],
            self.orders_min[start:stop], self.orders_max[start:stop],
        )  # fmt: skip


def window_cells(dates: Sequence[date], windows: Sequence[Window], units: Sequence[int]) -> Cells:
    """Cells of every unit in every window of every date, in that order of nesting."""
    return _cells(
        dates, [(w.start_hour, w.min_orders, w.max_orders) for w in windows], units
    )  # fmt: skip


def bulk_cells(
    dates: Sequence[date], units: Sequence[int], orders_min: int, orders_max: int
) -> Cells:
    """Cells of whole days, one per unit and date."""
    return _cells(dates, [(BULK_HOUR, orders_min, orders_max)], units)


def _cells(
    dates: Sequence[date], hours: Sequence[tuple[int, int, int]], units: Sequence[int]
) -> Cells:
    days = np.array([(day - EPOCH).days for day in dates], np.uint64)
    by_hour = np.array(hours, np.uint64).reshape(len(hours), 3)
    numbers = np.array(units, np.uint64)
    shape = (len(days), len(hours), len(numbers))

    def spread(values: Words, axis: int) -> Words:
        expanded = [1, 1, 1]
        expanded[axis] = -1
        return np.broadcast_to(values.reshape(expanded), shape).reshape(-1)

    return Cells(
        spread(days, 0), spread(by_hour[:, 0], 1), spread(numbers, 2),
        spread(by_hour[:, 1], 1), spread(by_hour[:, 2], 1),
    )  # fmt: skip
