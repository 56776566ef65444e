"""The chart of Storage: plain values in, a Plotly figure out."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from ui import texts
from ui.style import format as fmt
from ui.style.figure_cache import draw_once
from ui.style.shared_charts import finish
from ui.style.theme import Palette

_BAR_PX = 44
_MOST_TICKS = 4
_STEPS = (
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    256,
    500,
)  # of a unit of size, which is 1,024 of the smaller one


@draw_once
def draw_sizes(
    kinds: Sequence[str], counts: Sequence[int], written: Sequence[str], colours: Palette
) -> go.Figure:
    """Draw the bytes of each kind as a bar with the formatted size."""
    figure = go.Figure()
    figure.add_bar(
        x=list(counts), y=list(kinds), orientation="h", name=texts.STORAGE_BYTES,
        marker_color=colours.series[0], text=list(written), textposition="auto",
        hovertemplate="%{y}<br>%{text}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(type="category", autorange="reversed")
    finish(figure, colours, 90 + _BAR_PX * len(kinds), unified=False)
    figure.update_layout(showlegend=False)
    ticks = _ticks(max(counts, default=0))
    figure.update_xaxes(
        title=texts.SIZES_AXIS, gridcolor=colours.grid, rangemode="tozero",
        tickvals=ticks, ticktext=[fmt.size(tick) for tick in ticks],
    )  # fmt: skip
    figure.update_yaxes(showgrid=False)
    return figure


def _ticks(most: int) -> list[int]:
    """Return a few round sizes from 0 up to the largest."""
    unit = 1024 ** max(0, int(math.log2(max(most, 1))) // 10)
    step = next(step for step in _STEPS if step * unit * _MOST_TICKS >= most)
    return list(range(0, most + 1, step * unit))
