"""A heat map: values in cells, the more the stronger; a cell without a value stays empty."""

from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from ui.style.shared_charts import finish
from ui.style.theme import Palette, ink_between

_BAR_PX = 76  # of the scale below the cells, with its labels and the margins


class Cells(NamedTuple):
    """The cells of a map: `values` and `hover` have a list for each of `rows`, from the top.

    `labels` are those of the columns, by their places from 0; `texts` are written into the cells.
    """

    rows: Sequence[str]
    labels: Sequence[tuple[int, str]]
    values: Sequence[Sequence[float | None]]
    hover: Sequence[Sequence[str]]
    texts: Sequence[Sequence[str]] | None = None


def draw_cells(cells: Cells, colours: Palette, row_px: int) -> go.Figure:
    """Draw a map, with its scale below it."""
    width = len(cells.values[0])
    figure = go.Figure(go.Heatmap(
        z=cells.values, x=list(range(width)), y=list(range(len(cells.rows))), xgap=2, ygap=2,
        hovertext=cells.hover, hovertemplate="%{hovertext}<extra></extra>", hoverongaps=False,
        colorscale=[[0, _weakest(colours)], [1, _strongest(colours)]],
        colorbar={
            "orientation": "h", "thickness": 10, "y": 0, "yanchor": "top", "ypad": 32,
            "tickformat": ",d", "nticks": 5, "tickfont": {"color": colours.text},
            "outlinewidth": 0,
        },
    ))  # fmt: skip
    if cells.texts:
        _write(figure, cells, cells.texts, colours)
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


def _write(
    figure: go.Figure, cells: Cells, texts: Sequence[Sequence[str]], colours: Palette
) -> None:
    """Write the texts in black or white, whichever stands out more from its cell."""
    known = [value for row in cells.values for value in row if value is not None]
    if not known:
        return
    least, most = min(known), max(known)
    ends = _weakest(colours), _strongest(colours)
    written = [
        (column, row, texts[row][column], ink_between(*ends, (value - least) / (most - least or 1)))
        for row, values in enumerate(cells.values)
        for column, value in enumerate(values)
        if value is not None
    ]
    columns, rows, shown, inks = zip(*written, strict=True)
    figure.add_scatter(
        x=columns, y=rows, text=shown, mode="text", textfont={"color": inks}, hoverinfo="skip"
    )


def _weakest(colours: Palette) -> str:
    return colours.soft["green"]


def _strongest(colours: Palette) -> str:
    return colours.series[0]
