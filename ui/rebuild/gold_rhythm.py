"""The parts of Rebuild about Gold's rhythm: a week against the one before, and a year's days."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.insight.gold import DaySales
from core.insight.layer_figures import DailySales
from ui import texts
from ui.queries import warehouse_queries
from ui.shell import session
from ui.style import format as fmt
from ui.style import heat_maps, shared_charts, theme
from ui.style.figure_cache import draw_once
from ui.style.theme import Palette
from ui.widgets import components

_ROW_PX = 22
_NOTHING = Decimal("0.00")


def show_week(sales: Sequence[DailySales]) -> None:
    """Show the revenue of the newest seven days of `sales` against the seven before them.

    The sums are those of the weekdays that both weeks have. Today, still in progress, is left out.
    """
    today = session.today()
    revenue = {row.day: row.revenue for row in sales if row.day != today}
    st.subheader(texts.LAST_WEEK, anchor=False)
    if len(revenue) < len(sales):
        st.caption(texts.LAST_WEEK_TODAY.format(day=fmt.day(today)))
    if not revenue:
        return
    last = max(revenue)
    days = [last - timedelta(days=ago) for ago in range(6, -1, -1)]
    before = [day - timedelta(days=7) for day in days]
    pairs = list(zip(days, before, strict=True))
    shared = [pair for pair in pairs if revenue.keys() >= {*pair}]
    if not shared:
        st.caption(texts.LAST_WEEK_NONE.format(first=fmt.day(before[0]), last=fmt.day(before[-1])))
        return
    now_sum, before_sum = (
        sum((revenue[pair[place]] for pair in shared), _NOTHING) for place in (0, 1)
    )
    values = {
        "first": fmt.day(days[0]), "last": fmt.day(last), "revenue": fmt.money(now_sum),
        "revenue_before": fmt.money(before_sum), "change": fmt.change(now_sum, before_sum),
        "count": fmt.number(len(shared)),
    }  # fmt: skip
    st.caption(texts.LAST_WEEK_SUM.format(**values))
    rows = [
        (fmt.weekday(day.weekday()), day, _amount(revenue, day), _amount(revenue, earlier))
        for day, earlier in pairs
    ]
    components.draw_chart(
        _draw_week(rows, theme.palette()), "week_chart", texts.ALT_LAST_WEEK.format(**values),
        pd.DataFrame(rows, columns=list(texts.LAST_WEEK_COLUMNS)),
    )  # fmt: skip


def _amount(revenue: dict[date, Decimal], day: date) -> float | None:
    return float(revenue[day]) if day in revenue else None


@draw_once
def _draw_week(
    rows: Sequence[tuple[str, date, float | None, float | None]], colours: Palette
) -> go.Figure:
    figure = go.Figure()
    names = [f"{weekday}<br>{fmt.day_of_year(day)}" for weekday, day, *_ in rows]
    series = (
        (texts.WEEK_EARLIER, [row[3] for row in rows], colours.by_name["gray"]),
        (texts.WEEK_NEWEST, [row[2] for row in rows], colours.series[0]),
    )
    for name, values, colour in series:
        figure.add_bar(
            x=names, y=values, name=name, marker_color=colour, hovertemplate="R$ %{y:,.2f}"
        )
    figure.update_layout(barmode="group", bargap=shared_charts.bar_gap(len(rows)))
    figure.update_xaxes(type="category")
    shared_charts.finish(figure, colours, 300)
    return figure.update_yaxes(tickprefix="R$ ", tickformat=",d")


def show_year() -> None:
    """Show the orders of each day of a year in Gold, a column a week."""
    years = warehouse_queries.years_in_gold(session.settings())
    if not years:
        st.caption(texts.EMPTY_GOLD)
        return
    year = st.selectbox(texts.YEAR, years, key="gold_year", bind="query-params", width=160)
    sales = warehouse_queries.sales_of_year(session.settings(), year)
    if not sales:  # the answers are of different moments
        st.caption(texts.EMPTY_GOLD)
        return
    st.caption(texts.YEAR_NOTE)
    best = max(sales, key=lambda row: row.orders)
    frame = pd.DataFrame(
        [(row.day, fmt.weekday(row.day.weekday()), row.orders, float(row.revenue))
         for row in sales],
        columns=list(texts.YEAR_COLUMNS),
    )  # fmt: skip
    alt = texts.ALT_YEAR.format(
        year=year, count=fmt.number(len(sales)), best=fmt.day(best.day),
        orders=fmt.number(best.orders),
    )  # fmt: skip
    components.draw_chart(_draw_year(year, sales, theme.palette()), "year_chart", alt, frame)


@draw_once
def _draw_year(year: int, sales: Sequence[DaySales], colours: Palette) -> go.Figure:
    of_day = {row.day: row for row in sales}
    start = date(year, 1, 1)
    shift, length = start.weekday(), (date(year, 12, 31) - start).days + 1
    weeks = -(-(shift + length) // 7)
    values: list[list[float | None]] = [[None] * weeks for _ in range(7)]
    hover = [[""] * weeks for _ in range(7)]
    for place in range(length):
        day = start + timedelta(days=place)
        if day in of_day:
            column, row = divmod(place + shift, 7)
            values[row][column] = of_day[day].orders
            hover[row][column] = (
                f"{fmt.weekday(row)} {fmt.day(day)}<br>{texts.ORDERS}: "
                f"{fmt.number(of_day[day].orders)}<br>{fmt.money(of_day[day].revenue)}"
            )
    months = [
        ((date(year, month, 1).timetuple().tm_yday - 1 + shift) // 7, fmt.month_name(month))
        for month in range(1, 13)
    ]
    cells = heat_maps.Cells([fmt.weekday(number) for number in range(7)], months, values, hover)
    return heat_maps.draw_cells(cells, colours, _ROW_PX)
