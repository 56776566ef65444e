"""The level of a cell: where in its range the number of its orders lies, per mille.

It is a sum of parts, kept within `LOWEST` to `HIGHEST`: the window's base, weekday, season, growth,
holiday, campaigns, the unit's profile and size, and the weather of its city. Each is computed from
the cell's coordinates alone. A whole day (`BULK_HOUR`) has the mean of its windows' levels,
weighted by their ranges.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np

from core.generation.catalog import Catalog, Window
from core.generation.cells import BULK_HOUR, EPOCH, Cells
from core.generation.draws import Integers
from core.generation.rhythm.curves import load_curves
from core.generation.rhythm.days import day_level, day_parts
from core.generation.rhythm.profiles import load_profiles, traits_of
from core.generation.rhythm.weather import weather

LOWEST, HIGHEST = 20, 980  # per mille, so that no number of a range becomes impossible


def levels(cells: Cells, seed: int | None, catalog: Catalog) -> Integers:
    """The level of each cell, per mille; without a seed it has no weather, which depends on it."""
    curves = load_curves(catalog)
    if not len(cells):
        return np.zeros(0, np.int64)
    traits = traits_of(cells.unit, catalog)
    day, shared = day_level(cells.day, catalog)
    by_place = shared.reshape(-1, shared.shape[-1])
    row = (day * shared.shape[1] + traits.state) * shared.shape[2] + traits.profile
    other = traits.size
    if seed is not None:
        other = other + weather(cells.day, traits.city, seed, catalog)
    level: Integers = by_place[row, curves.column[cells.hour.astype(np.int64)]] + other
    whole = np.flatnonzero(cells.hour == BULK_HOUR)
    if len(whole):
        of_windows = np.clip(by_place[row[whole]] + other[whole, None], LOWEST, HIGHEST)
        level[whole] = of_windows @ curves.whole_day // curves.whole_day.sum()
    return np.clip(level, LOWEST, HIGHEST)


def parts_of(
    day: date, window: Window, unit_id: int, seed: int, catalog: Catalog
) -> Mapping[str, int]:
    """The parts of one cell's level, per mille; `level_of_parts` is the level."""
    number, unit = np.array([(day - EPOCH).days], np.uint64), np.array([unit_id], np.uint64)
    traits = traits_of(unit, catalog)
    column = load_curves(catalog).column[window.start_hour]
    place = (0, int(traits.state[0]), int(traits.profile[0]), int(column))
    shape = (1, len(catalog.states), len(load_profiles(catalog).names), len(catalog.windows))
    shared = day_parts(number.astype(np.int64), catalog)
    return {
        **{name: int(np.broadcast_to(part, shape)[place]) for name, part in shared.items()},
        "size": int(traits.size[0]),
        "weather": int(weather(number, traits.city, seed, catalog)[0]),
    }


def level_of_parts(parts: Mapping[str, int]) -> int:
    """The sum of a cell's parts, kept within `LOWEST` to `HIGHEST`."""
    return min(max(sum(parts.values()), LOWEST), HIGHEST)
