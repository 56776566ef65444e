"""The growth curves as a picture: a Plotly figure, drawn by Chromium."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go


_WIDTH, _HEIGHT = 960, 540
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
    """Write the curves as a PNG file; it needs Chromium, as the browser tests do."""
    from playwright.sync_api import sync_playwright

    from tests.browser.support import CHROMIUM

    html = figure(points).to_html(include_plotlyjs=True, config={"staticPlot": True})
    path.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
        page.set_content(html)
        page.locator(".js-plotly-plot .trace").first.wait_for(state="attached")
        page.screenshot(path=path)
        browser.close()


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
        template="plotly_white", width=_WIDTH, height=_HEIGHT, margin={"t": 30, "r": 20},
        font={"size": 14},
    )  # fmt: skip
    drawn.update_xaxes(type="log", title="orders")
    drawn.update_yaxes(type="log", title="seconds")
    return drawn
