"""The weather of a city: a noise that its units share and that lasts a few days.

It is a moving sum of daily hashes, so any day is computed without the days before it. A part comes
from fronts that cross a whole state. Bad weather is negative: people stay at home.
"""

import functools

import numpy as np

from core.generation.catalog import Catalog
from core.generation.draws import Integers, Words, below, key, mix, split, word
from core.generation.rhythm.profiles import load_profiles
from core.generation.rhythm.spans import span_numbers, span_table

_DOMAIN = 4  # of keys, see core.generation.draws
_LASTS = (3, 4, 3, 2, 1)  # eighths of a day's draw that count that day and on the days after it
_FRONT, _LOCAL = 90, 110  # the greatest draw up and down, per mille: of a state, of a city
_STATES = 2**16  # places of states come after those of cities


def weather(day: Words, city: Integers, seed: int, catalog: Catalog) -> Integers:
    """What the weather adds to the level on each day in the city at the same place, per mille.

    Days count from `EPOCH`, cities are positions in the catalog. The standard deviation is some 64.
    """
    make = functools.partial(_span_weather, seed=seed, catalog=catalog)
    row, table = span_table(day, make)
    noise: Integers = table[row, city]
    return noise


@functools.lru_cache(maxsize=2**7)
def _span_weather(span: int, seed: int, catalog: Catalog) -> Integers:
    """The weather of the days of a span, a column a city."""
    states = load_profiles(catalog).city_state
    days = span_numbers(span)
    fronts = _noise(days, np.arange(len(catalog.states)) + _STATES, _FRONT, seed)
    noise: Integers = fronts[:, states]
    return noise + _noise(days, np.arange(len(catalog.cities)), _LOCAL, seed)


def _noise(days: Integers, places: Integers, most: int, seed: int) -> Integers:
    """The moving sum for consecutive days, a column a place."""
    before = len(_LASTS) - 1
    drawn_on = np.arange(days[0] - before, days[-1] + 1)
    packed = (drawn_on[:, None] << 32 | places).astype(np.uint64)
    draws, _, _ = split(word(mix(packed ^ key(seed, _DOMAIN)), 1))
    each = below(draws, 2 * most + 1).astype(np.int64) - most
    total = np.zeros((len(days), len(places)), np.int64)
    for lag, weight in enumerate(_LASTS):
        total += weight * each[before - lag : before - lag + len(days)]
    return (total + 4) // 8
