"""The chart of Storage: plain values in, a Plotly figure out."""

from collections.abc import Sequence

import plotly.graph_objects as go

from ui import texts
from ui.charts import finished
from ui.figures import drawn_once
from ui.theme import Palette

_BAR_PX = 44


@drawn_once
def sizes(
    kinds: Sequence[str], counts: Sequence[int], written: Sequence[str], colours: Palette
) -> go.Figure:
    """Bytes of each kind as a bar, labelled with the size as people write it."""
    figure = go.Figure()
    figure.add_bar(
        x=list(counts), y=list(kinds), orientation="h", name=texts.STORAGE_BYTES,
        marker_color=colours.series[0], text=list(written), textposition="auto",
        hovertemplate="%{y}<br>%{text}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(type="category", autorange="reversed")
    finished(figure, colours, 90 + _BAR_PX * len(kinds), unified=False)
    figure.update_layout(showlegend=False)
    figure.update_xaxes(
        title=texts.SIZES_AXIS, tickformat="~s", gridcolor=colours.grid, rangemode="tozero"
    )
    figure.update_yaxes(showgrid=False)
    return figure
