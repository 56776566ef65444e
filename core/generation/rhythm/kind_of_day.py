"""What kind of day a date is for people, and its orders compared with an ordinary week.

An ordinary week has the date's weekday, season and growth, and the units as they are, but no
holiday, no campaign and no weather.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from core.generation.catalog import Catalog, Window
from core.generation.cells import Cells, window_cells
from core.generation.draws import Integers
from core.generation.rhythm.campaigns import Campaign, campaigns_on
from core.generation.rhythm.curves import by_month, growth_on, load_curves, weekdays_of
from core.generation.rhythm.holidays import NATIONAL, HolidayOfDay, holidays_on
from core.generation.rhythm.level import HIGHEST, LOWEST, levels
from core.generation.rhythm.profiles import load_profiles, traits_of
from core.generation.rhythm.season import season_of
from core.messages import Message, message

_SATURDAY, _PER_MILLE = 5, 1000


@dataclass(frozen=True, slots=True)
class KindOfDay:
    """A date as people see it.

    Attributes:
        what: Weekday, holidays and season, as in "Saturday before Carnival, summer".
        campaigns: The names of its campaigns, each with its states if not all of them have it.
    """

    what: Message
    campaigns: tuple[Message, ...]

    @property
    def sentence(self) -> Message:
        """The kind of day with its campaigns."""
        running = [message("day.campaign", name=name) for name in self.campaigns]
        return message("day.kind", parts=[self.what, *running])


@dataclass(frozen=True, slots=True)
class ExpectedOrders:
    """The mean number of orders of a date by its levels, and that of an ordinary week.

    `has_weather` says whether the former have the weather of a seed.
    """

    orders: float
    ordinary: float
    has_weather: bool = True

    def describe(self, units: int) -> Message:
        """Compare the two in a sentence, for so many units, and say what is left out."""
        compared = self._compare(units)
        return compared if self.has_weather else message("day.no_weather", compared=compared)

    def _compare(self, units: int) -> Message:
        orders, ordinary = round(self.orders), round(self.ordinary)
        percent = round(100 * self.orders / self.ordinary - 100, 1) if self.ordinary else 0.0
        if not percent:
            return message("day.orders_same", orders=orders, units=units)
        return message(
            "day.orders_more" if percent > 0 else "day.orders_fewer",
            orders=orders, units=units, percent=abs(percent), ordinary=ordinary,
        )  # fmt: skip


def kind_of_day(day: date, catalog: Catalog) -> KindOfDay:
    """What kind of day a date is in any state of the catalog."""
    weekday = message(f"weekday.{day.weekday()}")
    season = message(f"season.{season_of(day)}")
    what = message("day.kind", parts=[*_holiday_parts(day, weekday, catalog), season])
    return KindOfDay(
        what, tuple(_name_campaign(one, catalog) for one in campaigns_on(day, catalog))
    )


def expected_orders(
    day: date, windows: Sequence[Window], units: Sequence[int], seed: int | None, catalog: Catalog
) -> ExpectedOrders:
    """The orders of a date's windows and units by their levels, and those of an ordinary week.

    Without a seed the former have no weather either.
    """
    cells = window_cells((day,), windows, units)
    orders, ordinary = (
        float(mean_orders(cells, level).sum())
        for level in (levels(cells, seed, catalog), ordinary_levels(cells, catalog))
    )
    return ExpectedOrders(orders, ordinary, has_weather=seed is not None)


def mean_orders(cells: Cells, level: Integers) -> NDArray[np.float64]:
    """The mean number of orders of each cell at its level, which is per mille."""
    least, most = cells.orders_min.astype(np.int64), cells.orders_max.astype(np.int64)
    mean: NDArray[np.float64] = (least * _PER_MILLE + (most - least) * level) / _PER_MILLE
    return mean


def ordinary_levels(cells: Cells, catalog: Catalog) -> Integers:
    """The level of each cell of a window in an ordinary week, per mille."""
    days, day = np.unique(cells.day.astype(np.int64), return_inverse=True)
    units, unit = np.unique(cells.unit, return_inverse=True)
    traits = traits_of(units, catalog)
    by_profile = _ordinary_by_profile(days, catalog)
    column = load_curves(catalog).column[cells.hour.astype(np.int64)]
    level: Integers = by_profile[day, traits.profile[unit], column] + traits.size[unit]
    return np.clip(level, LOWEST, HIGHEST)


def _ordinary_by_profile(days: Integers, catalog: Catalog) -> Integers:
    """The ordinary level without the unit's size, shape (days, profiles, windows)."""
    curves, profiles, weekday = load_curves(catalog), load_profiles(catalog), weekdays_of(days)
    shared = curves.base + curves.weekday[weekday] + by_month(curves.season, days)
    of_profile = profiles.weekday.T[weekday] + by_month(profiles.season.T, days)
    total: Integers = (
        shared[:, None] + growth_on(days, catalog)[:, None, None] + of_profile[:, :, None]
    )
    return total


def _holiday_parts(day: date, weekday: Message, catalog: Catalog) -> list[Message]:
    """The weekday with the holidays that the date is, or that are next to it."""
    found = holidays_on(day, None, catalog)
    names = [_name_holiday(one) for one in found if one.kind == "holiday"]
    near = [one for one in found if one.kind != "holiday"]
    if day.weekday() == _SATURDAY and not found:
        # People count the weekend before a Monday's holiday to it.
        monday = holidays_on(day + timedelta(days=2), None, catalog)
        near = [one._replace(kind="eve") for one in monday if one.kind == "holiday"]
    if names or not near:
        return [weekday, *dict.fromkeys(names), *(_also(one) for one in near)]
    first, *others = near
    code = "day.eve" if first.kind == "eve" else "day.after"
    return [
        message(code, weekday=weekday, holiday=_name_holiday(first)),
        *(_also(one) for one in others),
    ]


def _also(one: HolidayOfDay) -> Message:
    code = "day.also_eve" if one.kind == "eve" else "day.also_after"
    return message(code, holiday=_name_holiday(one))


def _name_holiday(one: HolidayOfDay) -> Message:
    name = message("day.name", names=[one.holiday.name_en, one.holiday.name_pt])
    if one.scope == NATIONAL:
        return name
    return message("day.in_states", name=name, states=one.scope)


def _name_campaign(campaign: Campaign, catalog: Catalog) -> Message:
    """A campaign has one name, that on the posters."""
    name = message("day.name", names=[campaign.name_pt])
    if not campaign.states:
        return name
    states = [catalog.states[state].abbreviation for state in campaign.states]
    return message("day.in_states", name=name, states=states)
