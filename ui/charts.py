"""The panel's charts: plain values in, a Plotly figure out."""

from collections.abc import Sequence
from datetime import date
from itertools import accumulate

import plotly.graph_objects as go

from core.reconcile import Verdict, WindowSummary
from ui import texts
from ui.format import THIN
from ui.theme import Palette, badge_colour

_MAP_ROW_PX = 34


def rows_of(summary: WindowSummary, table: str) -> tuple[int, int]:
    """Expected rows of a table, and those in Bronze."""
    if table == "orders":
        return summary.expected_orders, summary.bronze_orders
    return summary.expected_items, summary.bronze_items


def hours_of(tag: str | None) -> str:
    """A window as people write it, from its tag such as `window_1012`."""
    if tag is None:
        return texts.BULK_WINDOW
    digits = tag.removeprefix("window_")
    return f"{digits[:2]}:00-{digits[2:]}:00"


def growth(summaries: Sequence[WindowSummary], table: str, colours: Palette) -> go.Figure:
    """Rows cumulated over a day's windows: those in Bronze, as far as they go, and the expected."""
    hours = [hours_of(summary.window_tag) for summary in summaries]
    expected = list(accumulate(rows_of(summary, table)[0] for summary in summaries))
    actual = [rows_of(summary, table)[1] for summary in summaries]
    reached = max((place + 1 for place, rows in enumerate(actual) if rows), default=0)
    figure = go.Figure()
    figure.add_scatter(
        x=hours, y=expected, name=texts.EXPECTED, mode="lines+markers",
        line={"color": colours.by_name["gray"], "dash": "dot", "width": 2},
        marker={"size": 6},
    )  # fmt: skip
    figure.add_scatter(
        x=hours[:reached], y=list(accumulate(actual))[:reached], name=texts.IN_BRONZE,
        mode="lines+markers", fill="tozeroy",
        line={"color": colours.series[0], "width": 3}, marker={"size": 9},
        fillcolor=_see_through(colours.series[0]),
    )  # fmt: skip
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=hours)
    return finished(figure, colours, 300)


def by_window(
    hours: Sequence[str], orders: Sequence[int], items: Sequence[int], colours: Palette
) -> go.Figure:
    """Expected orders and items of windows, side by side."""
    figure = go.Figure()
    series = ((texts.ORDERS, orders, 0), (texts.ITEMS, items, 1))
    for name, values, colour in series:
        figure.add_bar(
            x=list(hours), y=list(values), name=name, marker_color=colours.series[colour],
            text=list(values), texttemplate="%{text:,d}", textposition="outside", cliponaxis=False,
        )  # fmt: skip
    figure.update_layout(barmode="group", bargap=gap(len(hours)))
    figure.update_xaxes(type="category")
    return finished(figure, colours, 260)


def by_day(
    days: Sequence[date], expected: Sequence[int], actual: Sequence[int], colours: Palette
) -> go.Figure:
    """Rows in Bronze of each business day as bars, and those expected as marks over them."""
    labels = [day.isoformat() for day in days]
    figure = go.Figure()
    figure.add_bar(
        x=labels, y=list(actual), name=texts.IN_BRONZE, marker_color=colours.series[0]
    )  # fmt: skip
    figure.add_scatter(
        x=labels, y=list(expected), name=texts.EXPECTED, mode="markers",
        marker={"symbol": "line-ew", "size": 18,
                "line": {"width": 3, "color": colours.by_name["gray"]}},
    )  # fmt: skip
    figure.update_layout(bargap=gap(len(days)))
    figure.update_xaxes(type="category", **_short_dates(labels))
    return finished(figure, colours, 300)


def status_map(summaries: Sequence[WindowSummary], colours: Palette) -> go.Figure:
    """A mark for each window of each day, in the colour and with the sign of its verdict.

    Each mark carries its day and window tag, which a selection gives back.
    """
    figure = go.Figure()
    for verdict in Verdict:
        marks = [summary for summary in summaries if summary.verdict is verdict]
        if marks:
            _add_marks(figure, verdict, marks, colours)
    rows = list(dict.fromkeys(hours_of(summary.window_tag) for summary in summaries))
    days = list(dict.fromkeys(summary.day.isoformat() for summary in summaries))
    figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=rows, autorange="reversed",
        showgrid=False,
    )  # fmt: skip
    figure.update_xaxes(
        type="category", categoryorder="array", categoryarray=days, showgrid=False,
        range=[-0.6, len(days) - 0.4], **_short_dates(days),
    )  # fmt: skip
    return finished(figure, colours, 90 + _MAP_ROW_PX * len(rows), unified=False)


def _add_marks(
    figure: go.Figure, verdict: Verdict, marks: Sequence[WindowSummary], colours: Palette
) -> None:
    name = badge_colour(verdict)
    figure.add_scatter(
        x=[mark.day.isoformat() for mark in marks],
        y=[hours_of(mark.window_tag) for mark in marks],
        customdata=[[mark.day.isoformat(), mark.window_tag or "", mark.expected_orders,
                     mark.bronze_orders] for mark in marks],
        name=texts.VERDICTS[verdict], mode="markers+text", text=texts.SIGNS[verdict],
        textfont={"color": colours.by_name[name], "size": 13},
        marker={"symbol": "square", "size": 24, "color": colours.soft[name],
                "line": {"width": 1.5, "color": colours.by_name[name]}},
        hovertemplate="%{x} %{y}<br>" + texts.VERDICTS[verdict] + "<br>" + texts.MARK_ORDERS.format(
            actual="%{customdata[3]:,d}", expected="%{customdata[2]:,d}"
        ) + "<extra></extra>",
    )  # fmt: skip


def finished(
    figure: go.Figure, colours: Palette, height: int, *, unified: bool = True
) -> go.Figure:
    """A figure in the panel's form: one legend above, the theme's colours, hover by column.

    Args:
        height: In pixels.
        unified: Counts over a common axis; otherwise each mark has a hover text of its own.
    """
    figure.update_layout(
        height=height,
        showlegend=True,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0,
                "font": {"color": colours.text}},
        font={"color": colours.text},
        separators=f".{THIN}",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="x unified" if unified else "closest",
        # A picture that is drawn anew keeps what the viewer hid or enlarged.
        uirevision="kept",
    )  # fmt: skip
    axis = {"tickfont": {"color": colours.text}, "automargin": True, "fixedrange": True}
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis, gridcolor=colours.grid, rangemode="tozero" if unified else None,
                        tickformat=",d" if unified else None)  # fmt: skip
    return figure


def _short_dates(days: Sequence[str]) -> dict[str, list[str]]:
    """Month and day under each mark: the year stands in the heading and in the hover text."""
    return {"tickvals": list(days), "ticktext": [day[5:] for day in days]}


def gap(bars: int) -> float:
    """Share of a place that is left free, so that one bar alone does not fill the picture."""
    return max(0.25, 1 - 0.16 * bars)


def _see_through(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.15)"
