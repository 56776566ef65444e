"""A heat map: values in cells, the more the stronger; a cell without a value stays empty."""

from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from ui.style.shared_charts import finish
from ui.style.theme import Palette

_BAR_PX = 90  # of the scale below the cells, with its labels and the margins


class Cells(NamedTuple):
    """The cells of a map: `values` and `hover` have a list for each of `rows`, from the top.

    `labels` are those of the columns, by their places from 0; `texts` are written into the cells.
    """

    rows: Sequence[str]
    labels: Sequence[tuple[int, str]]
    values: Sequence[Sequence[float | None]]
    hover: Sequence[Sequence[str]]
    texts: Sequence[Sequence[str]] | None = None


def draw_cells(cells: Cells, unit: str, colours: Palette, row_px: int) -> go.Figure:
    """Draw a map; `unit` says what the values count, and stands at the scale."""
    width = len(cells.values[0])
    figure = go.Figure(go.Heatmap(
        z=cells.values, x=list(range(width)), y=list(range(len(cells.rows))), xgap=2, ygap=2,
        hovertext=cells.hover, hovertemplate="%{hovertext}<extra></extra>", hoverongaps=False,
        text=cells.texts, texttemplate="%{text}" if cells.texts else None,
        colorscale=[[0, colours.soft["green"]], [1, colours.series[0]]],
        colorbar={
            "orientation": "h", "thickness": 10, "y": 0, "yanchor": "top", "ypad": 32,
            "title": {"text": unit, "side": "bottom", "font": {"color": colours.text}},
            "tickformat": ",d", "nticks": 5, "tickfont": {"color": colours.text},
            "outlinewidth": 0,
        },
    ))  # fmt: skip
    finish(figure, colours, row_px * len(cells.rows) + _BAR_PX, unified=False)
    figure.update_layout(showlegend=False, margin={"t": 8})
    figure.update_xaxes(
        tickvals=[place for place, _ in cells.labels], ticktext=[text for _, text in cells.labels],
        range=[-0.5, width - 0.5], tickangle=0, ticks="", showgrid=False,
        zeroline=False,
    )  # fmt: skip
    return figure.update_yaxes(
        tickvals=list(range(len(cells.rows))), ticktext=list(cells.rows),
        range=[len(cells.rows) - 0.5, -0.5], ticks="", showgrid=False, zeroline=False,
    )  # fmt: skip
