"""The menu of a cell: how much each product is wanted there.

A product's weight is its popularity times the appetite for its family: in the window, in the month,
and in a campaign that promotes the family. Whole days have their own appetite, set so that a year
of them sells what a year of windows does; a new window does not change it. A campaign counts there
by how much its windows want of its family.
"""

import functools
import math
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.generation.catalog import Catalog, data_rows
from core.generation.cells import BULK_HOUR, EPOCH, Cells
from core.generation.contents.hours import hour_columns, list_hours
from core.generation.draws import Integers, Words, below, slots
from core.generation.rhythm.campaigns import Campaign, campaigns_by_day, load_campaigns
from core.generation.rhythm.curves import load_curves
from core.generation.rhythm.profiles import traits_of
from core.generation.rhythm.spans import span_numbers, span_table

_SLOTS = 2**14  # of a menu, all equally likely
_MONTHS = 12
_WHOLE_DAY = 100  # the appetite for a family on whole days, if its row has none
_NEUTRAL = [100] * _MONTHS  # per cent, of a family without a row


class _Promotions(NamedTuple):
    """Campaigns that promote a family.

    Attributes:
        campaigns: They, with their positions among all campaigns.
        reach: A bit for each of them that reaches an hour's column (axis 0) in a state.
    """

    campaigns: tuple[tuple[int, Campaign], ...]
    reach: Integers


def draw_products(
    draws: Words, cells: Cells, cell: Integers, catalog: Catalog
) -> NDArray[np.uint16]:
    """The position of each item's product; `cell` is the position of the item's cell."""
    keys, which = np.unique(menu_keys(cells, catalog), return_inverse=True)
    return _menus(tuple(keys.tolist()), catalog)[which[cell], below(draws, _SLOTS)]


def menu_keys(cells: Cells, catalog: Catalog) -> Integers:
    """A number for the menu of each cell; cells with equal numbers have the same menu."""
    if not len(cells):
        return np.zeros(0, np.int64)
    promoted = _promotions(catalog)
    row, days = span_table(cells.day, functools.partial(_span_keys, catalog=catalog))
    column = hour_columns(catalog)[cells.hour.astype(np.int64)]
    running = promoted.reach[column, traits_of(cells.unit, catalog).state] & days[row, 1]
    of_day = days[row, 0] * (len(catalog.windows) + 1) + column
    number: Integers = (of_day << len(promoted.campaigns)) | running
    return number


def menu_weights(menu: int, catalog: Catalog) -> list[int]:
    """The weight of each product in a menu of `menu_keys`; 0 before the product is sold."""
    campaigns = _promotions(catalog).campaigns
    place, column = divmod(menu >> len(campaigns), len(catalog.windows) + 1)
    version, month = divmod(place, _MONTHS)
    running = [one for bit, (_, one) in enumerate(campaigns) if menu >> bit & 1]
    day, hour = _menu_days(catalog)[version], list_hours(catalog)[column]
    factors = {
        family: _season(catalog).get(family, _NEUTRAL)[month]
        * math.prod(_promotion(one, family, hour, catalog) for one in running)
        for family in catalog.appetite
    }
    appetite = _appetite(hour, catalog)
    return [
        0
        if product.on_menu_from > day
        else product.popularity * appetite[product.family] * factors[product.family]
        for product in catalog.products
    ]


def menu_chances(menu: int, catalog: Catalog) -> list[float]:
    """The exact chance of each product to be drawn from a menu."""
    counts = np.bincount(_menu(menu, catalog), minlength=len(catalog.products))
    chances: list[float] = (counts / _SLOTS).tolist()
    return chances


def _promotion(campaign: Campaign, family: str, hour: int, catalog: Catalog) -> int:
    """The factor of a family's appetite in a campaign that runs in the window, per cent."""
    if family != campaign.family:
        return 100
    if hour != BULK_HOUR or not campaign.windows:
        return campaign.appetite
    wanted = load_curves(catalog).whole_day * [
        catalog.appetite[family][window.start_hour] for window in catalog.windows
    ]
    reached = [window.start_hour in campaign.windows for window in catalog.windows]
    return 100 + (campaign.appetite - 100) * int(wanted[reached].sum()) // int(wanted.sum())


@functools.lru_cache(maxsize=2**9)
def _menu(menu: int, catalog: Catalog) -> NDArray[np.uint16]:
    return slots(menu_weights(menu, catalog), _SLOTS)


@functools.lru_cache(maxsize=2**5)
def _menus(menus: tuple[int, ...], catalog: Catalog) -> NDArray[np.uint16]:
    return np.array([_menu(menu, catalog) for menu in menus], np.uint16).reshape(-1, _SLOTS)


@functools.lru_cache(maxsize=2**7)
def _span_keys(span: int, catalog: Catalog) -> Integers:
    """By day: version and month of the menu as one number, and a bit for each running campaign."""
    days = span_numbers(span)
    dates = days.astype("timedelta64[D]") + np.datetime64(EPOCH)
    month = dates.astype("datetime64[M]").astype(np.int64) % _MONTHS
    changes = [(day - EPOCH).days for day in _menu_days(catalog)]
    version = np.maximum(np.searchsorted(changes, days, side="right") - 1, 0)
    positions = [position for position, _ in _promotions(catalog).campaigns]
    running = campaigns_by_day(days, catalog)[:, positions] @ (1 << np.arange(len(positions)))
    return np.stack([version * _MONTHS + month, running], axis=1)


@functools.cache
def _promotions(catalog: Catalog) -> _Promotions:
    campaigns = tuple(pair for pair in enumerate(load_campaigns(catalog)) if pair[1].family)
    reach = [
        [
            sum(_reaches(one, hour, state) << bit for bit, (_, one) in enumerate(campaigns))
            for state in catalog.states
        ]
        for hour in list_hours(catalog)
    ]
    return _Promotions(campaigns, np.array(reach))


def _reaches(campaign: Campaign, hour: int, state_id: int) -> bool:
    """Whether it reaches a window, or any window of a whole day."""
    hours = (campaign.windows or (hour,)) if hour == BULK_HOUR else (hour,)
    return any(campaign.reaches(one, state_id) for one in hours)


@functools.cache
def _menu_days(catalog: Catalog) -> list[date]:
    """The dates from which a product is on the menu, which each begin another menu."""
    return sorted({product.on_menu_from for product in catalog.products})


@functools.cache
def _appetite(hour: int, catalog: Catalog) -> dict[str, int]:
    """The appetite for each family in a window or on a whole day."""
    if hour != BULK_HOUR:
        return {family: weights[hour] for family, weights in catalog.appetite.items()}
    rows = data_rows(catalog.folder, "appetite.csv")
    return {row["family"]: int(row["whole_day"] or _WHOLE_DAY) for row in rows}


@functools.cache
def _season(catalog: Catalog) -> dict[str, list[int]]:
    """The appetite for each family by month, in per cent."""
    months = [str(month) for month in range(1, _MONTHS + 1)]
    rows = data_rows(catalog.folder, "appetite_season.csv")
    return {row["family"]: [int(row[month]) for month in months] for row in rows}
