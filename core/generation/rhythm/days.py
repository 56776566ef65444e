"""The parts of the level that depend on the date, for each state and profile, by window."""

import functools
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.generation.catalog import Catalog, data_rows
from core.generation.draws import Integers, Words
from core.generation.rhythm.campaigns import campaigns_by_day, load_campaigns
from core.generation.rhythm.curves import by_month, growth_on, load_curves, numbers, weekdays_of
from core.generation.rhythm.holidays import OFFSETS, Kind, holiday_table, load_holidays
from core.generation.rhythm.profiles import load_profiles
from core.generation.rhythm.spans import span_numbers, span_table

_ANY = "*"  # in the place of a holiday's code: each holiday without a row of its own


def day_level(day: Words, catalog: Catalog) -> tuple[Integers, Integers]:
    """The sum of the parts of dates: the row of each day in a table, and the table.

    The table has the shape (rows, states, profiles, windows).
    """
    return span_table(day, functools.partial(_span_level, catalog=catalog))


@functools.lru_cache(maxsize=2**7)
def _span_level(span: int, catalog: Catalog) -> Integers:
    parts = day_parts(span_numbers(span), catalog)
    by_day = parts["base"] + parts["weekday"] + parts["season"] + parts["growth"]
    total: Integers = by_day + parts["holiday"] + parts["campaign"] + parts["profile"]
    return total


def day_parts(days: Integers, catalog: Catalog) -> dict[str, Integers]:
    """Named parts, per mille, which broadcast to the shape (days, states, profiles, windows).

    Days count from `EPOCH`; states, profiles and windows are in the catalog's order.
    """
    curves, profiles = load_curves(catalog), load_profiles(catalog)
    weekday = weekdays_of(days)
    is_holiday, holiday = _holidays(days, catalog)
    profile_day = np.where(
        is_holiday[:, :, None], profiles.holiday, profiles.weekday.T[weekday][:, None]
    )
    profile = profile_day + by_month(profiles.season.T, days)[:, None]
    return {
        "base": curves.base[None, None, None],
        "weekday": curves.weekday[weekday][:, None, None],
        "season": by_month(curves.season, days)[:, None, None],
        "growth": growth_on(days, catalog)[:, None, None, None],
        "holiday": holiday[:, :, None],
        "campaign": _campaigns(days, catalog)[:, :, None],
        "profile": profile[:, :, :, None],
    }


def _holidays(days: Integers, catalog: Catalog) -> tuple[NDArray[np.bool_], Integers]:
    """Whether each day is a holiday in each state; and the holiday's part, by window."""
    table, effects = holiday_table(catalog), _holiday_effects(catalog)
    row = days - table.first_day
    known = (row >= 0) & (row < len(table.place["holiday"]))
    place = {
        kind: np.where(known[:, None], places[np.where(known, row, 0)], 0)
        for kind, places in table.place.items()
    }
    part: Integers = sum(effects[kind][place[kind]] for kind in OFFSETS)  # type: ignore[assignment]
    return place["holiday"] > 0, part


@functools.cache
def _holiday_effects(catalog: Catalog) -> Mapping[Kind, Integers]:
    """By kind, the part of each holiday (0 is none) in each window."""
    rows = {
        (row["code"], row["kind"]): numbers(row, catalog)
        for row in data_rows(catalog.folder, "level_holidays.csv")
    }
    none = [0] * len(catalog.windows)
    codes = [holiday.code for holiday in load_holidays(catalog)]
    return {
        kind: np.array([none, *(rows.get((code, kind), rows[_ANY, kind]) for code in codes)])
        for kind in OFFSETS
    }


def _campaigns(days: Integers, catalog: Catalog) -> Integers:
    """What the campaigns of each day add, shape (days, states, windows)."""
    lifts = np.array([
        [
            [one.lift if one.reaches(window.start_hour, state) else 0 for window in catalog.windows]
            for state in catalog.states
        ]
        for one in load_campaigns(catalog)
    ])  # fmt: skip
    part: Integers = np.tensordot(campaigns_by_day(days, catalog).astype(np.int64), lifts, axes=1)
    return part
