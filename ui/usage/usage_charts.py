"""The charts of Usage: plain values in, a Plotly figure out."""

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.insight.usage.prices import MICRO
from ui import texts
from ui.style import format as fmt
from ui.style.figure_cache import draw_once
from ui.style.shared_charts import finish
from ui.style.theme import Palette

_ROW_PX = 44
_LEAST, _FULL = -4, 2  # of the axis of shares, in powers of ten per cent


@draw_once
def draw_shares(
    names: Sequence[str], series: Mapping[str, Sequence[float | None]], colours: Palette
) -> go.Figure:
    """Draw the shares of the free limits in per cent, a bar per series, and the line of 100 %.

    The axis is logarithmic, for shares differ a millionfold; zero and None (no limit) have no bar.
    """
    figure = go.Figure()
    for place, (name, values) in enumerate(series.items()):
        shown = [value or None for value in values]
        figure.add_bar(
            y=list(names), x=shown, name=name, orientation="h", marker_color=colours.series[place],
            text=[fmt.percent(value) if value else "" for value in shown], textposition="outside",
            cliponaxis=False, hovertemplate="%{y}: %{text}",
        )  # fmt: skip
    ticks = _powers([value for values in series.values() for value in values if value])
    figure = finish(figure, colours, 96 + _ROW_PX * len(names), unified=False)
    figure.add_vline(
        x=10**_FULL, line={"color": colours.by_name["red"], "width": 2, "dash": "dash"}
    )
    # An annotation's place is a logarithm.
    figure.add_annotation(
        x=_FULL, y=1, yref="paper", yanchor="bottom", text=texts.USAGE_FREE_LINE, showarrow=False,
        font={"color": colours.text},
    )  # fmt: skip
    figure.update_layout(bargap=0.25, margin={"r": 56}, legend={"y": -0.12, "yanchor": "top"})
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(
        type="log", range=[ticks[0], ticks[-1] + 0.35], tickangle=0,
        tickvals=[10.0**power for power in ticks],
        ticktext=[fmt.percent(10.0**power) for power in ticks], gridcolor=colours.grid,
    )  # fmt: skip
    return figure


@draw_once
def draw_cost(
    curve: Sequence[tuple[int, int]],
    crossed: Mapping[str, tuple[int, int]],
    chosen: tuple[int, int],
    colours: Palette,
) -> go.Figure:
    """Draw dollars per month against units, with the points that exceed a free limit, by resource.

    Each point is a number of units with its cost in micro-dollars.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[units for units, _ in curve], y=[micro / MICRO for _, micro in curve], mode="lines",
        name=texts.USAGE_COST, line={"color": colours.series[0], "width": 3},
    )  # fmt: skip
    figure.add_scatter(
        x=[units for units, _ in crossed.values()],
        y=[micro / MICRO for _, micro in crossed.values()],
        text=list(crossed), mode="markers", name=texts.USAGE_CROSSING,
        marker={"symbol": "diamond", "size": 12, "color": colours.by_name["red"]},
        hovertemplate="%{text}: %{x:,d}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=[chosen[0]], y=[chosen[1] / MICRO], mode="markers", name=texts.USAGE_CHOSEN,
        marker={"size": 12, "color": colours.series[1],
                "line": {"width": 2, "color": colours.text}},
    )  # fmt: skip
    figure = finish(figure, colours, 340, unified=False)
    hover = "%{x:,d} " + texts.USAGE_UNITS_AXIS.lower() + ": US$ %{y:,.2f}<extra></extra>"
    figure.update_traces(hovertemplate=hover, selector={"mode": "lines"})
    ticks = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000, 1_000_000]
    figure.update_xaxes(
        type="log", title=_title(texts.USAGE_UNITS_AXIS, colours), tickvals=ticks, tickformat=",d",
        gridcolor=colours.grid,
    )  # fmt: skip
    figure.update_yaxes(
        title=_title(texts.USAGE_DOLLARS_AXIS, colours), tickprefix="US$ ", tickformat=",~f",
        rangemode="tozero",
    )  # fmt: skip
    return figure


def _title(text: str, colours: Palette) -> dict[str, object]:
    return {"text": text, "font": {"color": colours.text}}


def _powers(values: Sequence[float]) -> list[int]:
    """Return every second power of ten around the values, including that of 100 per cent."""
    least = math.floor(math.log10(min(values, default=1.0)))
    most = math.ceil(math.log10(max(values, default=1.0)))
    first = max(min(least, _FULL - 2), _LEAST)
    return list(range(first - (_FULL - first) % 2, max(most, _FULL) + 1, 2))
