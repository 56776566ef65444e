"""A unit's profile and size, from a hash of its number, fitting its city; the seed has no part.

The profile (business district, residential, beach, shopping centre) has a weekday and a season
curve. The size moves the unit's level by the same on all dates.
"""

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.generation.catalog import MAX_UNIT, Catalog, data_rows
from core.generation.customers import city_indexes
from core.generation.draws import Integers, Words, below, key, mix, slots, split, word
from core.generation.rhythm.campaigns import WEEKDAYS
from core.generation.rhythm.spans import span_numbers, span_table

MOST_SIZE = 180  # per mille, up and down; the sum of three draws, so that few units are extreme

_DOMAIN = 5  # of keys, see core.generation.draws
_SLOTS = 100


class UnitTraits(NamedTuple):
    """Traits of units as parallel arrays.

    Attributes:
        state: Position of the unit's state in the catalog's states.
        city: Position of its city in the catalog's cities.
        profile: Position of its profile in `Profiles.names`.
        size: What its size adds to the level, per mille.
    """

    state: Integers
    city: Integers
    profile: Integers
    size: Integers


class Profiles(NamedTuple):
    """What each profile (the first axis) adds to the level, per mille.

    Attributes:
        weekday: A column a weekday, from Monday.
        season: A column a month, from January.
        holiday: The part on a holiday.
        city_slots: For each city, a table of equally likely profiles.
        city_state: For each city, the position of its state.
    """

    names: tuple[str, ...]
    weekday: Integers
    season: Integers
    holiday: Integers
    city_slots: NDArray[np.uint16]
    city_state: Integers


def traits_of(units: Words, catalog: Catalog) -> UnitTraits:
    """The traits of each unit."""
    row, table = span_table(units, functools.partial(_span_traits, catalog=catalog))
    return UnitTraits(*table[row].T)


@functools.lru_cache(maxsize=2**10)
def _span_traits(span: int, catalog: Catalog) -> Integers:
    """The traits of consecutive units, a column a field of `UnitTraits`."""
    profiles = load_profiles(catalog)
    units = np.clip(span_numbers(span), 1, MAX_UNIT).astype(np.uint64)
    city = city_indexes(units, catalog)
    base = mix(units ^ key(0, _DOMAIN))
    which, _, _ = split(word(base, 1))
    parts = split(word(base, 2))
    size = below(np.stack(parts), 2 * MOST_SIZE // len(parts) + 1).sum(axis=0).astype(np.int64)
    profile = profiles.city_slots[city, below(which, _SLOTS)].astype(np.int64)
    return np.stack([profiles.city_state[city], city, profile, size - MOST_SIZE], axis=1)


def profile_of(unit_id: int, catalog: Catalog) -> str:
    """The name of a unit's profile: `business`, `residential`, `beach` or `shopping`."""
    traits = traits_of(np.array([unit_id], np.uint64), catalog)
    return load_profiles(catalog).names[int(traits.profile[0])]


@functools.cache
def load_profiles(catalog: Catalog) -> Profiles:
    """The profiles of the catalog's folder."""
    days = data_rows(catalog.folder, "profile_days.csv")
    names = tuple(row["profile"] for row in days)
    months = {row["profile"]: row for row in data_rows(catalog.folder, "profile_months.csv")}
    weights = {row["city"]: row for row in data_rows(catalog.folder, "city_profiles.csv")}
    states = list(catalog.states)
    return Profiles(
        names=names,
        weekday=np.array([_numbers(row, WEEKDAYS) for row in days]),
        season=np.array([_numbers(months[name], range(1, 13)) for name in names]),
        holiday=np.array([int(row["holiday"]) for row in days]),
        city_slots=np.stack([
            slots(_numbers(weights[city.name], names), _SLOTS) for city in catalog.cities
        ]),
        city_state=np.array([states.index(city.state_id) for city in catalog.cities]),
    )  # fmt: skip


def _numbers(row: dict[str, str], columns: Sequence[object]) -> list[int]:
    return [int(row[str(column)]) for column in columns]
