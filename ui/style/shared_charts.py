"""Charts of several pages, and their common form: plain values in, a Plotly figure out."""

from collections.abc import Sequence
from itertools import accumulate

import plotly.graph_objects as go

from core.reconcile.compare import ALL_UNITS, WindowSummary
from core.storage.object_names import PARQUET_TAG
from ui import texts
from ui.style import format as fmt
from ui.style.figure_cache import draw_once
from ui.style.theme import Palette


def read_rows(summary: WindowSummary, table: str) -> tuple[int, int]:
    """Return the expected rows of a table, and those in Bronze."""
    if table == "orders":
        return summary.expected_orders, summary.bronze_orders
    return summary.expected_items, summary.bronze_items


def name_hours(tag: str | None) -> str:
    """Return the hours of a window from its tag such as `window_1012`."""
    if tag is None:
        return texts.BULK_WINDOW
    if tag == PARQUET_TAG:
        return texts.PARQUET_WINDOW
    digits = tag.removeprefix("window_")
    return f"{digits[:2]}:00-{digits[2:]}:00"


def name_unit(unit_id: int) -> str:
    """Return a unit's three digits, or the text for all units of a day in Parquet."""
    return texts.PARQUET_UNITS if unit_id == ALL_UNITS else f"{unit_id:03d}"


@draw_once
def draw_growth(summaries: Sequence[WindowSummary], table: str, colours: Palette) -> go.Figure:
    """Draw cumulated rows over a day's windows: those in Bronze so far, and expected ones."""
    hours = [name_hours(summary.window_tag) for summary in summaries]
    expected = list(accumulate(read_rows(summary, table)[0] for summary in summaries))
    actual = [read_rows(summary, table)[1] for summary in summaries]
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
    return finish(figure, colours, 300)


@draw_once
def draw_by_window(
    hours: Sequence[str], orders: Sequence[int], items: Sequence[int], colours: Palette
) -> go.Figure:
    """Draw expected orders and items of windows, side by side."""
    figure = go.Figure()
    series = ((texts.ORDERS, orders, 0), (texts.ITEMS, items, 1))
    for name, values, colour in series:
        figure.add_bar(
            x=list(hours), y=list(values), name=name, marker_color=colours.series[colour],
            text=list(values), texttemplate="%{text:,d}", textposition="outside", cliponaxis=False,
        )  # fmt: skip
    figure.update_layout(barmode="group", bargap=bar_gap(len(hours)))
    figure.update_xaxes(type="category")
    return finish(figure, colours, 260)


@draw_once
def draw_by_unit(units: Sequence[int], orders: Sequence[int], colours: Palette) -> go.Figure:
    """Draw the orders of each unit."""
    figure = go.Figure(go.Bar(
        x=list(units), y=list(orders), name=texts.ORDERS, marker_color=colours.series[0],
        hovertemplate=texts.UNIT + " %{x}: %{y:,d}<extra></extra>",
    ))  # fmt: skip
    figure.update_xaxes(title_text=texts.UNITS_AXIS)
    figure.update_layout(bargap=0.15)
    return finish(figure, colours, 260).update_layout(showlegend=False, hovermode="closest")


@draw_once
def draw_by_product(sold: Sequence[tuple[str, int]], colours: Palette) -> go.Figure:
    """Draw the pieces of each product, in the given order from top to bottom."""
    figure = go.Figure(go.Bar(
        x=[pieces for _, pieces in sold], y=[name for name, _ in sold], orientation="h",
        name=texts.QUANTITY, marker_color=colours.series[0],
        hovertemplate="%{y}: %{x:,d}<extra></extra>",
    ))  # fmt: skip
    figure.update_xaxes(title_text=texts.PIECES_AXIS)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    finish(figure, colours, 100 + 20 * len(sold), unified=False)
    return figure.update_layout(showlegend=False, bargap=0.25)


def finish(figure: go.Figure, colours: Palette, height: int, *, unified: bool = True) -> go.Figure:
    """Give a figure the panel's form, `height` px high; `unified` hover shows all of a column."""
    figure.update_layout(
        height=height,
        showlegend=True,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0,
                "font": {"color": colours.text}},
        font={"color": colours.text},
        separators=fmt.separators(),
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="x unified" if unified else "closest",
        # Redrawing keeps the series that the viewer hid and the zoom.
        uirevision="kept",
    )  # fmt: skip
    axis = {"tickfont": {"color": colours.text}, "automargin": True, "fixedrange": True}
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis, gridcolor=colours.grid, rangemode="tozero" if unified else None,
                        tickformat=",d" if unified else None)  # fmt: skip
    return figure


def bar_gap(bars: int) -> float:
    """Return the free share of each place, which keeps a single bar from filling the chart."""
    return max(0.25, 1 - 0.16 * bars)


def _see_through(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.15)"
