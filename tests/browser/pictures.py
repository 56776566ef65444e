"""Pictures of all pages, in both themes and at both widths, of a home that is filled for them.

python -m tests.browser.pictures             to build/pictures
python -m tests.browser.pictures --docs      those that the documentation shows, too
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from core import pipeline
from core.generation.windows import business_date
from core.operations import jobs
from core.operations.runs import RunHistory, runner
from core.platform import Platform
from core.settings import Settings
from core.storage.object_store import NewObject
from core.storage.publish import Request
from tests.browser.support import ROOT, Browser, Server, serving, settled

FOLDER = ROOT / "build" / "pictures"
DOCS = ROOT / "docs" / "images"
WIDTHS = (1280, 390)
# Pages whose pictures the documentation shows: in the light theme, as a desk shows them.
SHOWN = ("bronze", "rebuild", "scenarios", "usage")
_DAYS = 5
_MOST_HIGH = 2_400
_DRAWN_MS = 1_500  # tables and charts are still drawn after the page has settled


def addresses(day: date) -> dict[str, str]:
    """Each page by its name, with what it shows best."""
    return {
        "overview": f"/?day={day}",
        "generate": f"/generate?day={day}&window=12:00-14:00&window=18:00-20:00",
        "bronze": f"/bronze?day={day}",
        "rebuild": "/rebuild",
        "schedule": "/schedule",
        "storage": f"/storage?day={day}",
        "runs": "/runs",
        "scenarios": f"/scenarios?scenario=worst-friday&day={day}",
        "usage": "/usage",
        "diagnostics": "/diagnostics",
    }


def fill(settings: Settings, now: datetime) -> date:
    """Some days of sales with a gap and a fault, runs that went well and one that did not."""
    platform, history = Platform.of(settings), RunHistory(settings.runs_file, lambda: now)
    today = business_date(now)
    windows, units = platform.catalog.windows, tuple(range(1, 51))
    days = [today - timedelta(days=ago) for ago in range(_DAYS, 0, -1)]
    whole = Request(tuple(days[:-1]), windows, units)
    pipeline.upload(platform, whole, now)
    pipeline.upload(platform, Request((days[-1],), windows[:5], units), now)
    for request in (
        jobs.simulation(Request((days[0],), windows, units), 0.0),
        jobs.upload(Request((days[0],), windows[:1], units, 5)),  # of another seed: refused
        jobs.upload(Request((today,), windows[:3], units)),
    ):
        run = jobs.submit(platform, history, request)
        runner.wait(history, run.id, 120)
    name = f"raw/csv_sales/{days[1]:%Y/%m/%d}/unit_007/window_1214/pedido.csv"
    lines = platform.store.read(name).data.splitlines(keepends=True)
    platform.store.replace(NewObject(name, b"".join([*lines[:-1], b"not an order\n"])))
    pipeline.ingest_pending(platform, now)
    return today


def taken(server: Server, browser: Browser, links: dict[str, str]) -> Iterator[tuple[Path, Page]]:
    """A picture of each page in each theme and width."""
    for dark in (False, True):
        for width in WIDTHS:
            page = browser.page(server.url, dark=dark, width=width)
            for name, link in links.items():
                page.set_viewport_size({"width": width, "height": 720})
                page.goto(server.url + link)
                settled(page)
                high = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
                page.set_viewport_size({"width": width, "height": min(high, _MOST_HIGH)})
                page.wait_for_timeout(_DRAWN_MS)
                file = FOLDER / f"{name}-{width}-{'dark' if dark else 'light'}.png"
                page.screenshot(path=file)
                yield file, page


def main() -> int:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--docs", action="store_true", help="write docs/images as well")
    asked = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made)
        settings = Settings.from_mapping({"MRHEALTH_HOME": str(folder / "home")})
        links = addresses(fill(settings, datetime.now(UTC)))
        browser = Browser(playwright.chromium, folder)
        with serving(folder) as server:
            for file, page in taken(server, browser, links):
                sys.stdout.write(f"{os.path.relpath(file)}\n")
                name, width, theme = file.stem.split("-")
                if asked.docs and name in SHOWN and (int(width), theme) == (WIDTHS[0], "light"):
                    page.set_viewport_size({"width": WIDTHS[0], "height": 860})
                    page.wait_for_timeout(_DRAWN_MS)
                    page.screenshot(path=DOCS / f"{name}.png")
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
