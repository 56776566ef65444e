"""The parts of Bronze about its rhythm: a day against the week before, weekdays by window."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.generation.catalog import load_catalog
from core.generation.windows import FIRST_DATE
from core.insight.bronze_windows import WindowOrders, mean_by_weekday
from ui import texts
from ui.queries import warehouse_queries
from ui.shell import session
from ui.style import format as fmt
from ui.style import heat_maps, shared_charts, theme
from ui.style.figure_cache import draw_once
from ui.style.shared_charts import name_hours
from ui.style.theme import Palette
from ui.widgets import components

_WEEK = timedelta(days=7)
_WEEKS = 8
_ROW_PX = 34


def show_rhythm(day: date) -> None:
    """Show a day's orders against those of a week before, and mean orders by weekday."""
    first = max(FIRST_DATE, day - _WEEKS * _WEEK + timedelta(days=1))
    found = warehouse_queries.orders_by_window(session.settings(), first, day)
    if not found:
        return
    against, by_weekday = st.columns(2, gap="large")
    with against:
        st.subheader(texts.WEEK_BEFORE, anchor=False)
        _show_week_before(day, found)
    with by_weekday:
        st.subheader(texts.WEEKDAYS, anchor=False)
        _show_weekdays(found, day)


def _show_week_before(day: date, found: Sequence[WindowOrders]) -> None:
    now, before = _orders_of(found, day), _orders_of(found, day - _WEEK)
    if not now or not before:
        missing = day if not now else day - _WEEK
        st.caption(texts.WEEK_BEFORE_NONE.format(day=fmt.day(missing)))
        return
    tags: list[str | None] = [tag for tag in _windows(found) if tag in now or tag in before]
    shared = [tag for tag in tags if tag in now and tag in before]
    summary, alt = texts.WEEK_BEFORE_SUM, texts.ALT_WEEK_BEFORE
    if not shared:
        if not (_is_complete(now) and _is_complete(before)):
            apart = {"day": fmt.day(day), "before": fmt.day(day - _WEEK)}
            st.caption(texts.WEEK_BEFORE_APART.format(**apart))
            return
        now, before = {None: sum(now.values())}, {None: sum(before.values())}
        tags, shared = [None], [None]
        summary = alt = texts.WEEK_BEFORE_WHOLE
    of_day, of_before = (sum(orders[tag] for tag in shared) for orders in (now, before))
    values = {
        "day": fmt.day(day), "before": fmt.day(day - _WEEK), "orders": fmt.number(of_day),
        "orders_before": fmt.number(of_before), "change": fmt.change(of_day, of_before),
        "count": fmt.number(len(shared)),
    }  # fmt: skip
    st.caption(summary.format(**values))
    columns = [fmt.day(day - _WEEK), fmt.day(day)]
    rows = [(name_hours(tag), before.get(tag, 0), now.get(tag, 0)) for tag in tags]
    frame = pd.DataFrame(rows, columns=[texts.HOURS, *columns])
    frame[texts.DIFFERENCE] = frame[columns[1]] - frame[columns[0]]
    components.draw_chart(
        _draw_week_before(rows, columns, theme.palette()), "week_before_chart",
        alt.format(**values), frame,
    )  # fmt: skip


@draw_once
def _draw_week_before(
    rows: Sequence[tuple[str, int, int]], names: Sequence[str], colours: Palette
) -> go.Figure:
    figure = go.Figure()
    hours = [row[0] for row in rows]
    for place, colour in ((1, colours.by_name["gray"]), (2, colours.series[0])):
        figure.add_bar(
            x=hours, y=[row[place] for row in rows], name=names[place - 1], marker_color=colour
        )
    figure.update_layout(barmode="group", bargap=shared_charts.bar_gap(len(rows)))
    figure.update_xaxes(type="category")
    return shared_charts.finish(figure, colours, 300)


def _show_weekdays(found: Sequence[WindowOrders], day: date) -> None:
    windows = _windows(found)
    tags: list[str | None] = [*windows] or [None]
    shown = [one for one in found if one.window_tag in tags]
    means, days = mean_by_weekday(shown), len({one.day for one in shown})
    note = texts.WEEKDAYS_NOTE.format(count=fmt.number(days), last=fmt.day(day))
    whole = len({one.day for one in found} - {one.day for one in shown})
    if whole:
        note += " " + texts.WEEKDAYS_WHOLE.format(count=fmt.number(whole))
    st.caption(note)
    frame = pd.DataFrame(
        [(fmt.weekday(number), *(means.get((number, tag)) for tag in tags)) for number in range(7)],
        columns=[texts.WEEKDAY, *map(name_hours, tags)],
    )
    strongest = max(means, key=lambda place: means[place])
    alt = texts.ALT_WEEKDAYS.format(
        weekday=fmt.weekday(strongest[0]), hours=name_hours(strongest[1]),
        orders=fmt.decimal(means[strongest], 1),
    )  # fmt: skip
    components.draw_chart(
        _draw_weekdays(means, tags, theme.palette()), "weekdays_chart", alt, frame.round(1)
    )


@draw_once
def _draw_weekdays(
    means: Mapping[tuple[int, str | None], float], tags: Sequence[str | None], colours: Palette
) -> go.Figure:
    values = [[means.get((number, tag)) for number in range(7)] for tag in tags]
    hover = [
        [f"{fmt.weekday(number)} {name_hours(tag)}<br>{texts.ORDERS}: {fmt.decimal(value or 0, 1)}"
         for number, value in enumerate(row)]
        for tag, row in zip(tags, values, strict=True)
    ]  # fmt: skip
    written = [["" if value is None else fmt.number(value) for value in row] for row in values]
    labels = [(number, fmt.weekday(number)) for number in range(7)]
    cells = heat_maps.Cells([name_hours(tag) for tag in tags], labels, values, hover, written)
    return heat_maps.draw_cells(cells, colours, _ROW_PX)


def _orders_of(found: Sequence[WindowOrders], day: date) -> dict[str | None, int]:
    return {one.window_tag: one.orders for one in found if one.day == day}


def _windows(found: Sequence[WindowOrders]) -> list[str]:
    """Return the tags of the catalog's windows and of others in the rows; none if none has rows."""
    tags = {one.window_tag for one in found if one.window_tag is not None}
    known = [window.tag for window in load_catalog().windows]
    return [*known, *sorted(tags - {*known})] if tags else []


def _is_complete(orders: Mapping[str | None, int]) -> bool:
    """Return whether a day has whole-day data or all windows."""
    return None in orders or orders.keys() >= {window.tag for window in load_catalog().windows}
