"""The truth behind the data: the level of each date and window, its parts, and its orders."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from core.generation.catalog import Catalog, Window
from core.generation.cells import EPOCH, window_cells
from core.generation.draws import Integers, Words
from core.generation.rhythm.days import day_parts
from core.generation.rhythm.kind_of_day import mean_orders, ordinary_levels
from core.generation.rhythm.level import levels
from core.generation.rhythm.profiles import UnitTraits, load_profiles, traits_of
from core.generation.rhythm.weather import weather

_CELLS_AT_ONCE = 2**17

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DayLevel:
    """The level of a date's window; means over units, per mille.

    Attributes:
        parts: What each part adds; their sum is the level. `limit` is what keeping each level
            within its limits adds.
        orders, ordinary: The mean number of orders of all units together, at these levels and in
            an ordinary week.
    """

    day: date
    window: Window
    level: float
    parts: Mapping[str, float]
    orders: float
    ordinary: float


def day_levels(
    days: Sequence[date],
    windows: Sequence[Window],
    units: Sequence[int],
    seed: int,
    catalog: Catalog,
) -> Iterator[DayLevel]:
    """The levels of each date's windows, in this order."""
    traits = traits_of(np.array(units, np.uint64), catalog)
    at_once = max(1, _CELLS_AT_ONCE // (len(windows) * len(units)))
    for start in range(0, len(days), at_once):
        of_days = days[start : start + at_once]
        cells = window_cells(of_days, windows, units)
        level = levels(cells, seed, catalog)
        shape = (len(of_days), len(windows), len(units))
        mean_level = level.reshape(shape).mean(axis=2)
        orders = mean_orders(cells, level).reshape(shape).sum(axis=2)
        ordinary = mean_orders(cells, ordinary_levels(cells, catalog)).reshape(shape).sum(axis=2)
        parts = _mean_parts(of_days, windows, traits, seed, catalog)
        for place in np.ndindex(*shape[:2]):
            of_window = {name: float(values[place]) for name, values in parts.items()}
            of_window["limit"] = float(mean_level[place]) - sum(of_window.values())
            yield DayLevel(
                of_days[place[0]], windows[place[1]], float(mean_level[place]), of_window,
                float(orders[place]), float(ordinary[place]),
            )  # fmt: skip


def mean_of_windows(found: Sequence[DayLevel]) -> DayLevel:
    """The level of a date over several of its windows, weighted by the widths of their ranges."""
    weights = [one.window.max_orders - one.window.min_orders for one in found]
    return DayLevel(
        found[0].day,
        found[0].window,
        float(np.average([one.level for one in found], weights=weights)),
        {
            name: float(np.average([one.parts[name] for one in found], weights=weights))
            for name in found[0].parts
        },
        sum(one.orders for one in found),
        sum(one.ordinary for one in found),
    )


def _mean_parts(
    days: Sequence[date], windows: Sequence[Window], traits: UnitTraits, seed: int, catalog: Catalog
) -> dict[str, Floats]:
    """The mean of each part over units, shape (days, windows)."""
    numbers: Integers = np.array([(day - EPOCH).days for day in days])
    columns = [catalog.windows.index(window) for window in windows]
    shape = (len(days), len(catalog.states), len(load_profiles(catalog).names))
    units_of = np.zeros(shape[1:], np.int64)
    np.add.at(units_of, (traits.state, traits.profile), 1)
    shared = {
        name: np.tensordot(
            np.broadcast_to(part, (*shape, len(catalog.windows)))[..., columns],
            units_of, axes=([1, 2], [0, 1]),
        ) / units_of.sum()
        for name, part in day_parts(numbers, catalog).items()
    }  # fmt: skip
    alike = (len(days), len(windows))
    return {
        **shared,
        "size": np.full(alike, traits.size.mean()),
        "weather": np.broadcast_to(_mean_weather(numbers, traits, seed, catalog)[:, None], alike),
    }


def _mean_weather(numbers: Integers, traits: UnitTraits, seed: int, catalog: Catalog) -> Floats:
    """The mean of the units' weather on each day."""
    cities, units_of = np.unique(traits.city, return_counts=True)
    each: Words = np.repeat(numbers.astype(np.uint64), len(cities))
    noise = weather(each, np.tile(cities, len(numbers)), seed, catalog)
    mean: Floats = noise.reshape(len(numbers), len(cities)) @ units_of / units_of.sum()
    return mean
