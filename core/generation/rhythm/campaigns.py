"""Campaigns: promotions that come back by rule and lift the level of some windows and states."""

import functools
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.generation.catalog import Catalog, data_rows
from core.generation.cells import EPOCH
from core.generation.draws import Integers

WEEKDAYS = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip


class Campaign(NamedTuple):
    """A promotion from `first` to `last` of a year, both included, as (month, day).

    Attributes:
        first_year, every: It runs in `first_year` and each `every` years after it.
        weekdays: The days of the week on which it runs, Monday 0; all if empty.
        windows: Start hours of its windows; all if empty.
        states: Ids of its states; all if empty.
        lift: What it adds to the level, per mille.
        family: The family of dishes that it promotes; empty for the whole menu.
        appetite: The factor of the family's appetite meanwhile, in per cent.
    """

    name_pt: str
    name_en: str
    first: tuple[int, int]
    last: tuple[int, int]
    first_year: int
    every: int
    weekdays: tuple[int, ...]
    windows: tuple[int, ...]
    states: tuple[int, ...]
    lift: int
    family: str
    appetite: int

    def reaches(self, hour: int, state_id: int) -> bool:
        """Whether it covers a state's units in the window that starts at `hour`."""
        return (not self.windows or hour in self.windows) and (
            not self.states or state_id in self.states
        )


def campaigns_on(day: date, catalog: Catalog) -> tuple[Campaign, ...]:
    """The campaigns that run on a date, in some window and state; in the order of their file."""
    (running,) = campaigns_by_day(np.array([(day - EPOCH).days]), catalog)
    return tuple(
        campaign for campaign, runs in zip(load_campaigns(catalog), running, strict=True) if runs
    )


def _runs(campaign: Campaign, year: Integers, day_of_year: Integers) -> NDArray[np.bool_]:
    """Whether a campaign runs on days; over New Year the year in which it began counts.

    `day_of_year` is month * 100 + day.
    """
    first, last = (month * 100 + day for month, day in (campaign.first, campaign.last))
    since, until = day_of_year >= first, day_of_year <= last
    began = year - (until & (first > last)).astype(np.int64)
    inside = since | until if first > last else since & until
    begins = (began >= campaign.first_year) & ((began - campaign.first_year) % campaign.every == 0)
    running: NDArray[np.bool_] = inside & begins
    return running


def campaigns_by_day(days: Integers, catalog: Catalog) -> NDArray[np.bool_]:
    """Whether each campaign (axis 1) runs on each day since `EPOCH` (axis 0)."""
    dates = days.astype("timedelta64[D]") + np.datetime64(EPOCH)
    months = dates.astype("datetime64[M]")
    year = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day_of_year = month * 100 + (dates - months.astype("datetime64[D]")).astype(np.int64) + 1
    weekday = (days + EPOCH.weekday()) % len(WEEKDAYS)
    running = [
        _runs(one, year, day_of_year) & (np.isin(weekday, one.weekdays) if one.weekdays else True)
        for one in load_campaigns(catalog)
    ]
    return np.stack(running, axis=1)


@functools.cache
def load_campaigns(catalog: Catalog) -> tuple[Campaign, ...]:
    """The campaigns of the catalog's folder."""
    rows = data_rows(catalog.folder, "campaigns.csv")
    states = {state.abbreviation: state.state_id for state in catalog.states.values()}
    return tuple(_campaign(row, states) for row in rows)


def _campaign(row: Mapping[str, str], states: Mapping[str, int]) -> Campaign:
    return Campaign(
        name_pt=row["name_pt"],
        name_en=row["name_en"],
        first=_month_day(row["first"]),
        last=_month_day(row["last"]),
        first_year=int(row["first_year"]),
        every=int(row["every"]),
        weekdays=tuple(WEEKDAYS.index(name) for name in row["weekdays"].split()),
        windows=tuple(int(hour) for hour in row["windows"].split()),
        states=tuple(states[abbreviation] for abbreviation in row["states"].split()),
        lift=int(row["lift"]),
        family=row["family"],
        appetite=int(row["appetite"]),
    )


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
