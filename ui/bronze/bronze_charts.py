"""The charts of Bronze: rows by day, and the maps of windows by day and of windows by unit.

A mark is a bar, which the axes measure: with many days in a narrow chart no mark covers another.
"""

import itertools
from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Any, NamedTuple

import plotly.graph_objects as go

from core.reconcile.compare import Verdict, WindowSummary
from ui import texts
from ui.style import format as fmt
from ui.style.figure_cache import draw_once
from ui.style.shared_charts import bar_gap, finish, name_hours
from ui.style.theme import Palette, badge_colour

_DAY_ROW_PX, _UNIT_ROW_PX = 34, 22
_MOST_DATES = 10  # labels under a chart that do not overlap at 390 px
_MARK = 0.86  # share of a place, which keeps neighbours apart
_WIDEST_LINE_PX, _LINES_PX = 18, 240  # of the marks of expected rows


class Mark(NamedTuple):
    """A mark of a map, at column and row from 0 at the upper left; selected, it returns `gives`."""

    column: int
    row: int
    verdict: Verdict
    gives: Sequence[str]
    hover: str
    never_generated: bool = False


class Axes(NamedTuple):
    """The labels of a map's columns and rows, and the place of its selection."""

    columns: Sequence[str]
    rows: Sequence[str]
    selected: tuple[int, int] | None = None


@draw_once
def draw_by_day(
    days: Sequence[date], expected: Sequence[int], actual: Sequence[int], colours: Palette
) -> go.Figure:
    """Draw the rows in Bronze of each day as bars, and expected rows as marks over them."""
    labels = [fmt.day(day) for day in days]
    figure = go.Figure()
    figure.add_bar(
        x=labels, y=list(actual), name=texts.IN_BRONZE, marker_color=colours.series[0]
    )  # fmt: skip
    figure.add_scatter(
        x=labels, y=list(expected), name=texts.EXPECTED, mode="markers",
        marker={"symbol": "line-ew", "size": min(_WIDEST_LINE_PX, _LINES_PX // len(days)),
                "line": {"width": 3, "color": colours.by_name["gray"]}},
    )  # fmt: skip
    step = ceil(len(labels) / _MOST_DATES)
    figure.update_layout(bargap=bar_gap(len(days)))
    # Month and day under each; the heading and the hover text have the year.
    figure.update_xaxes(
        type="category",
        tickvals=labels[::step],
        ticktext=[fmt.day_of_year(day) for day in days[::step]],
    )
    return finish(figure, colours, 300)


@draw_once
def draw_status_map(
    summaries: Sequence[WindowSummary], selected: tuple[str, str] | None, colours: Palette
) -> go.Figure:
    """Draw the verdict on each window of each day; `selected`, a day and a tag, gets a frame."""
    tags = list(dict.fromkeys(summary.window_tag or "" for summary in summaries))
    days = list(dict.fromkeys(summary.day for summary in summaries))
    names = [day.isoformat() for day in days]
    marks = [
        Mark(
            days.index(summary.day), tags.index(summary.window_tag or ""),
            summary.verdict, (summary.day.isoformat(), summary.window_tag or ""),
            f"{fmt.day(summary.day)} {name_hours(summary.window_tag)}"
            f"<br>{texts.VERDICTS[summary.verdict]}<br>"
            + texts.MARK_ORDERS.format(
                actual=fmt.number(summary.bronze_orders),
                expected=fmt.number(summary.expected_orders),
            ),
            summary.never_generated,
        )
        for summary in summaries
    ]  # fmt: skip
    place = None
    if selected and selected[0] in names and selected[1] in tags:
        place = names.index(selected[0]), tags.index(selected[1])
    axes = Axes(
        [fmt.day_of_year(day) for day in days], [name_hours(tag or None) for tag in tags], place
    )
    return _map(marks, axes, colours, 90 + _DAY_ROW_PX * len(tags))


@draw_once
def draw_unit_map(marks: Sequence[Mark], axes: Axes, colours: Palette) -> go.Figure:
    """Draw a mark for each unit and window of a day, a row per unit."""
    figure = _map(marks, axes, colours, 110 + _UNIT_ROW_PX * len(axes.rows))
    figure.update_xaxes(side="top", tickfont={"size": 11, "color": colours.text})
    figure.update_yaxes(tickfont={"size": 11, "color": colours.text})
    figure.update_layout(legend={"y": 0, "yanchor": "top"}, margin={"t": 8})
    return figure


def _map(marks: Sequence[Mark], axes: Axes, colours: Palette, height: int) -> go.Figure:
    figure = go.Figure()
    for verdict, never in itertools.product(Verdict, (False, True)):
        of_verdict = [
            mark for mark in marks
            if mark.verdict is verdict and mark.never_generated is never
        ]  # fmt: skip
        if of_verdict:
            _add_marks(figure, verdict, of_verdict, colours)
    if axes.selected:
        _frame(figure, axes.selected, colours)
    step = ceil(len(axes.columns) / _MOST_DATES)
    places = range(0, len(axes.columns), step)
    finish(figure, colours, height, unified=False)
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(
        tickvals=list(places), ticktext=[axes.columns[place] for place in places],
        range=[-0.55, len(axes.columns) - 0.45], showgrid=False, zeroline=False,
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(axes.rows))), ticktext=list(axes.rows),
        range=[len(axes.rows) - 0.45, -0.55], showgrid=False, zeroline=False,
    )  # fmt: skip
    return figure


def _add_marks(
    figure: go.Figure, verdict: Verdict, marks: Sequence[Mark], colours: Palette
) -> None:
    never = marks[0].never_generated
    name = "gray" if never else badge_colour(verdict)
    plain: dict[str, Any] = {"marker": {"opacity": 1}, "textfont": {"color": colours.by_name[name]}}
    figure.add_bar(
        x=[mark.column for mark in marks], base=[mark.row - _MARK / 2 for mark in marks],
        y=[_MARK] * len(marks), width=_MARK,
        name=texts.NEVER_GENERATED if never else texts.VERDICTS[verdict],
        customdata=[list(mark.gives) for mark in marks],
        text=[texts.SIGNS[verdict]] * len(marks), textposition="inside",
        insidetextanchor="middle", textangle=0,
        textfont={"color": colours.by_name[name], "size": 13},
        marker={"color": colours.soft[name], "line": {"width": 1, "color": colours.by_name[name]}},
        # The selected mark has a frame; the others do not fade.
        selected=plain, unselected=plain,
        hovertext=[mark.hover for mark in marks], hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip


def _frame(figure: go.Figure, place: tuple[int, int], colours: Palette) -> None:
    column, row = place
    figure.add_shape(
        type="rect", x0=column - 0.5, x1=column + 0.5, y0=row - 0.5, y1=row + 0.5,
        line={"color": colours.text, "width": 2},
    )  # fmt: skip
