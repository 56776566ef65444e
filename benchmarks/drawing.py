"""Draw Plotly figures as PNG files, by Chromium."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import plotly.graph_objects as go

WIDTH, HEIGHT = 960, 540


def write_pictures(pictures: "Mapping[Path, go.Figure]") -> None:
    """Write each figure as a PNG file; it needs Chromium, as the browser tests do."""
    from playwright.sync_api import sync_playwright

    from tests.browser.support import CHROMIUM

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for path, figure in pictures.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            height = int(figure.layout.height or HEIGHT)
            page.set_viewport_size({"width": WIDTH, "height": height})
            page.set_content(
                figure.to_html(
                    include_plotlyjs=True,
                    config={"staticPlot": True},
                    post_script="document.body.classList.add('drawn')",
                )
            )
            page.locator("body.drawn").wait_for()
            page.screenshot(path=path)
        browser.close()
