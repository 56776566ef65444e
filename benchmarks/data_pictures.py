"""Draw the pictures of docs/data.md from generated data: `python -m benchmarks.data_pictures`.

They show a year of the chain with the default seed, so they change only when the model does.
"""

import argparse
import functools
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.drawing import HEIGHT, WIDTH, write_pictures
from core.generation.catalog import DEFAULT_UNITS, Catalog, load_catalog
from core.generation.cells import EPOCH, Cells, window_cells
from core.generation.draws import Integers
from core.generation.orders import DEFAULT_SEED, Items, Orders, generate
from core.generation.rhythm.campaigns import WEEKDAYS, campaigns_on
from core.generation.rhythm.holidays import holidays_on
from core.generation.rhythm.profiles import load_profiles, traits_of
from core.generation.rhythm.weather import weather

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from core.generation.draws import Words

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
YEAR = 2026
DAYS = [date(YEAR, 1, 1) + timedelta(days=n) for n in range(365)]
MONTHS = [f"{date(YEAR, month, 1):%b}" for month in range(1, 13)]
COLOURS = ("#0B6E4F", "#1C6DD0", "#D9480F", "#7A3EB1", "#A16207")
CITIES = ("Florianópolis", "São José", "Londrina")  # two neighbours, and one far away
SHORT_NAMES = {"National Day of Zumbi and Black Awareness": "Black Awareness"}


@dataclass(frozen=True)
class Year:
    """A year of the chain; `counts` are orders by date, window and unit."""

    catalog: Catalog
    cells: Cells
    orders: Orders
    items: Items
    counts: Integers


@functools.cache
def generate_year() -> Year:
    """The year of the pictures, in all windows of all units."""
    catalog = load_catalog()
    cells = window_cells(DAYS, catalog.windows, range(1, DEFAULT_UNITS + 1))
    orders, items = generate(cells, DEFAULT_SEED, catalog)
    counts = np.bincount(orders.cell, minlength=len(cells))
    shape = (len(DAYS), len(catalog.windows), DEFAULT_UNITS)
    return Year(catalog, cells, orders, items, counts.reshape(shape))


def draw_week(year: Year) -> "go.Figure":
    """Orders of a weekday and window, as per cent of the window's mean."""
    by_day = year.counts.sum(axis=2)
    weekday = np.array([day.weekday() for day in DAYS])
    means = np.stack([by_day[weekday == n].mean(axis=0) for n in range(7)])
    share = (100 * means / by_day.mean(axis=0)).T
    figure = _figure(height=400)
    figure.add_heatmap(
        z=share, x=[name.title() for name in WEEKDAYS], y=_hours(year), zmid=100,
        colorscale="RdBu_r", texttemplate="%{z:.0f}", colorbar={"title": "% of mean"},
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", ticksuffix=" ")
    return figure


def draw_year(year: Year) -> "go.Figure":
    """The chain's orders a day with its national holidays, above the time of its campaigns."""
    daily = year.counts.sum(axis=(1, 2))
    figure = _figure(height=HEIGHT + 160)
    figure.add_scatter(x=DAYS, y=daily, name="orders a day", line={"color": "#5C8374", "width": 1})
    figure.add_scatter(
        x=DAYS[3:-3], y=np.convolve(daily, np.ones(7) / 7, "valid"), name="mean of 7 days",
        line={"color": COLOURS[0], "width": 3},
    )  # fmt: skip
    holidays = [n for n, day in enumerate(DAYS) if _is_national_holiday(day, year.catalog)]
    figure.add_scatter(
        x=[DAYS[n] for n in holidays], y=daily[holidays], mode="markers", name="national holiday",
        marker={"color": COLOURS[2], "size": 9},
    )  # fmt: skip
    for day, name in _holiday_names(year.catalog).items():
        figure.add_annotation(
            x=day, y=daily.max() + 10, text=name, textangle=-90, showarrow=False,
            yanchor="bottom", font={"size": 12},
        )  # fmt: skip
    _add_campaigns(figure, _campaign_days(year.catalog))
    figure.update_layout(
        legend={"orientation": "h", "y": -0.06},
        yaxis={"title": "orders", "domain": [0.3, 1], "range": [840, 1260]},
        yaxis2={"title": "campaigns", "domain": [0, 0.26], "showticklabels": False},
    )
    return figure


def _add_campaigns(figure: "go.Figure", campaigns: Mapping[str, list[date]]) -> None:
    """A row a campaign on an axis without numbers, with its name next to its days."""
    for place, (name, days) in enumerate(campaigns.items()):
        is_early = days[0].month < 7
        figure.add_scatter(
            x=days, y=[-place] * len(days), mode="markers", showlegend=False, yaxis="y2",
            marker={"symbol": "square", "size": 7, "color": COLOURS[place % len(COLOURS)]},
        )  # fmt: skip
        figure.add_annotation(
            x=days[-1 if is_early else 0], y=-place, yref="y2", text=name, showarrow=False,
            xanchor="left" if is_early else "right", xshift=8 if is_early else -8,
        )  # fmt: skip


def draw_seasons(year: Year) -> "go.Figure":
    """The share of families of dishes among all portions, by month."""
    cell = year.orders.cell[year.items.order]
    month = _month_of(year.cells.day)[cell] - 1
    families = [product.family for product in year.catalog.products]
    total = np.bincount(month, weights=year.items.quantity, minlength=12)
    figure = _figure(height=400)
    for colour, family in zip(COLOURS, ("juice", "salad", "soup", "bowl", "main"), strict=True):
        is_of = np.isin(
            year.items.product, [n for n, name in enumerate(families) if name == family]
        )
        portions = np.bincount(month, weights=year.items.quantity * is_of, minlength=12)
        figure.add_scatter(x=MONTHS, y=100 * portions / total, name=family, line={"color": colour})
    figure.update_yaxes(title="% of portions", rangemode="tozero")
    return figure


def draw_profiles(year: Year) -> "go.Figure":
    """The orders of each profile's units by weekday and by month, as per cent of their mean."""
    from plotly.subplots import make_subplots

    by_unit = year.counts.sum(axis=1)
    weekday = np.array([day.weekday() for day in DAYS])
    month = np.array([day.month - 1 for day in DAYS])
    units = np.arange(1, DEFAULT_UNITS + 1, dtype=np.uint64)
    profile = traits_of(units, year.catalog).profile
    figure = _figure(
        make_subplots(cols=2, shared_yaxes=True, subplot_titles=("by weekday", "by month")),
        height=400,
    )
    names = load_profiles(year.catalog).names
    for place, (name, colour) in enumerate(zip(names, COLOURS, strict=False)):
        daily = by_unit[:, profile == place].mean(axis=1)
        for column, groups, labels in ((1, weekday, _short(WEEKDAYS)), (2, month, MONTHS)):
            means = [100 * daily[groups == n].mean() / daily.mean() for n in range(len(labels))]
            figure.add_scatter(
                x=labels, y=means, name=name, row=1, col=column, showlegend=column == 1,
                line={"color": colour},
            )  # fmt: skip
    figure.update_yaxes(title="% of the profile's mean", col=1)
    return figure


def draw_weather(year: Year) -> "go.Figure":
    """The weather part of three cities from May to July, two of them in one state."""
    days = [day for day in DAYS if day.month in {5, 6, 7}]
    numbers = np.array([(day - EPOCH).days for day in days], np.uint64)
    places = [city.name for city in year.catalog.cities]
    figure = _figure(height=400)
    for name, colour in zip(CITIES, COLOURS, strict=False):
        city = np.full(len(days), places.index(name))
        part = weather(numbers, city, DEFAULT_SEED, year.catalog)
        figure.add_scatter(x=days, y=part, name=name, line={"color": colour})
    figure.update_yaxes(title="part of the level, per mille")
    return figure


def draw_baskets(year: Year) -> "go.Figure":
    """Mean items an order by window and kind of order, and days between a customer's orders."""
    from plotly.subplots import make_subplots

    window = year.orders.cell // DEFAULT_UNITS % len(year.catalog.windows)
    titles = ("items an order, by the window's start", "days until a customer's next order")
    figure = _figure(make_subplots(cols=2, subplot_titles=titles), height=400)
    hours = [f"{window.start_hour}:00" for window in year.catalog.windows]
    for name, online in (("in the restaurant", False), ("online", True)):
        chosen = year.orders.online == online
        means = [year.orders.items[chosen & (window == n)].mean() for n in range(len(hours))]
        colour = {"color": COLOURS[1 if online else 2]}
        figure.add_bar(x=hours, y=means, name=name, marker=colour, row=1, col=1)
    counts = np.bincount(np.minimum(_gaps(year), 90), minlength=91)[:90]
    figure.add_bar(y=counts, row=1, col=2, showlegend=False, marker={"color": COLOURS[1]})
    figure.update_yaxes(title="orders", row=1, col=2)
    return figure


PICTURES = {
    "data-week.png": draw_week, "data-year.png": draw_year, "data-seasons.png": draw_seasons,
    "data-profiles.png": draw_profiles, "data-weather.png": draw_weather,
    "data-baskets.png": draw_baskets,
}  # fmt: skip


def draw_all() -> "dict[str, go.Figure]":
    """Each picture's figure by its file's name."""
    return {name: draw(generate_year()) for name, draw in PICTURES.items()}


def _figure(drawn: "go.Figure | None" = None, height: int = HEIGHT) -> "go.Figure":
    import plotly.graph_objects as go

    figure = drawn or go.Figure()
    figure.update_layout(
        template="plotly_white", width=WIDTH, height=height, margin={"t": 40, "r": 20, "b": 50},
        font={"size": 14},
    )  # fmt: skip
    return figure


def _hours(year: Year) -> list[str]:
    return [window.hours for window in year.catalog.windows]


def _short(names: tuple[str, ...]) -> list[str]:
    return [name[:3].title() for name in names]


def _month_of(days: "Words") -> Integers:
    dates = days.astype("timedelta64[D]") + np.datetime64(EPOCH)
    months: Integers = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    return months


def _is_national_holiday(day: date, catalog: Catalog) -> bool:
    return any(
        one.kind == "holiday" and one.scope == "national" for one in holidays_on(day, None, catalog)
    )


def _holiday_names(catalog: Catalog) -> Mapping[date, str]:
    """The national holidays of the year; those within three days share the date of the first."""
    found: dict[date, str] = {}
    for day in DAYS:
        for one in holidays_on(day, None, catalog):
            name = SHORT_NAMES.get(one.holiday.name_en, one.holiday.name_en)
            if (one.kind, one.scope) != ("holiday", "national"):
                continue
            first = next((other for other in found if day - other < timedelta(days=3)), day)
            names = dict.fromkeys([*filter(None, [found.get(first)]), name])
            found[first] = ", ".join(names)
    return found


def _campaign_days(catalog: Catalog) -> Mapping[str, list[date]]:
    """The days of each campaign of the year, by its name."""
    found: dict[str, list[date]] = {}
    for day in DAYS:
        for campaign in campaigns_on(day, catalog):
            found.setdefault(campaign.name_en, []).append(day)
    return found


def _gaps(year: Year) -> Integers:
    """Days between one order of an online customer and the next."""
    online = year.orders.online
    cell, customer = year.orders.cell[online], year.orders.customer[online]
    who = year.cells.unit[cell].astype(np.int64) << 32 | customer
    day = year.cells.day[cell].astype(np.int64)
    order = np.lexsort((day, who))
    gaps: Integers = np.diff(day[order])[np.diff(who[order]) == 0]
    return gaps


def main() -> int:
    """Draw the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output-dir", type=Path, default=FOLDER, help="default: docs/images")
    folder = parser.parse_args().output_dir
    write_pictures({folder / name: figure for name, figure in draw_all().items()})
    print(f"{len(PICTURES)} pictures in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
