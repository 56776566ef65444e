"""The growth curves as a picture: a Plotly figure, drawn by Chromium."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.drawing import HEIGHT, WIDTH, write_pictures

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go


_COLOURS = {
    "generate": "#0B6E4F", "write": "#1C6DD0", "ingest": "#D9480F", "rebuild": "#7A3EB1",
    "rebuild a day": "#A16207",
}  # fmt: skip


class Point(NamedTuple):
    """What one piece of work took.

    Attributes:
        what: `generate`, `write`, `ingest`, `rebuild` or `rebuild a day`.
        orders: Size of the data, in orders.
    """

    what: str
    orders: int
    cores: int
    wall_s: float


def write_plot(path: Path, points: "Sequence[Point]") -> None:
    """Write the curves as a PNG file."""
    write_pictures({path: figure(points)})


def figure(points: "Sequence[Point]") -> "go.Figure":
    """Seconds against orders: a colour for each work, dashes for one core."""
    import plotly.graph_objects as go

    drawn = go.Figure()
    for what, colour in _COLOURS.items():
        for cores, dash in ((1, "dash"), (2, "solid")):
            of_line = [point for point in points if (point.what, point.cores) == (what, cores)]
            drawn.add_scatter(
                x=[point.orders for point in of_line], y=[point.wall_s for point in of_line],
                name=f"{what}, {cores} core{'s' if cores > 1 else ''}", mode="lines+markers",
                line={"color": colour, "dash": dash},
            )  # fmt: skip
    drawn.update_layout(
        template="plotly_white", width=WIDTH, height=HEIGHT, margin={"t": 30, "r": 20},
        font={"size": 14},
    )  # fmt: skip
    drawn.update_xaxes(type="log", title="orders")
    drawn.update_yaxes(type="log", title="seconds")
    return drawn
