"""Names, files, addresses and runs that hold Markdown and HTML: each page shows them as text."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from core import pipeline
from core.operations.runs import Ending, NewRun, RunHistory, RunState
from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import SalesName, quarantine_names, sales_name
from core.storage.object_store import NewObject
from core.storage.publish import Request as Sales
from tests.browser.support import Browser, Server, serving, settled

EVIL = "evil.invalid"
PICTURE = f"![x](http://{EVIL}/u.png)"
LINK = f"[Your session ended](http://{EVIL}/login)"
HOSTILE = (
    f"{PICTURE} {LINK} <img src=http://{EVIL}/i.png> http://{EVIL}/bare www.{EVIL} a@{EVIL} "
    f"<a href='http://{EVIL}'>x</a> :red[x] :smile: :material/home: $x^2$"
)
DAY = date(2026, 2, 1)
NAME = sales_name(SalesName("orders", DAY, 1, "window_1012"))
TEXT = quote(HOSTILE)
PAGES = {
    "overview": "/?day=2026-02-01",
    "a run that failed": "/runs?run=1",
    "filters": f"/runs?text={TEXT}",
    "a damaged object": f"/storage?day=2026-02-01&object={quote(NAME)}",
    "an object's name": f"/storage?day=2026-02-01&object={TEXT}",
    "a unit to be found": f"/storage?day=2026-02-01&find={TEXT}&window={TEXT}&unit={TEXT}",
    "quarantine": "/storage?day=2026-02-01&view=quarantine",
    "manifests": f"/storage?day=2026-02-01&view={TEXT}",
    "bronze": f"/bronze?day=2026-02-01&look=2026-02-01&look_unit=001&look_window={TEXT}",
    "generate": f"/generate?day={TEXT}&window={TEXT}&units={TEXT}",
    "rebuild": f"/rebuild?gold_table={TEXT}",
    "schedule": "/schedule",
    "scenarios": f"/scenarios?scenario={TEXT}",
    "usage": f"/usage?usage_month={TEXT}",
    "diagnostics": "/diagnostics",
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a home where each name that others can give is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    settings = Settings.from_mapping({"MRHEALTH_HOME": str(folder / "home")})
    platform = Platform.of(settings)
    now = datetime.now(UTC)
    pipeline.upload(platform, Sales((DAY,), platform.catalog.windows[:2], (1, 2)), now)
    header = f"Id_Unidade;{PICTURE};{LINK}\n1;{HOSTILE};x\n"
    platform.store.replace(NewObject(NAME, header.encode()))
    stray = "raw/csv_sales/2026/02/01/unit_001/[Your session ended](http:/evil.invalid)/pedido.csv"
    platform.store.replace(NewObject(stray, header.encode()))
    report = {
        "object": HOSTILE, "generation": 1, "unreadable": HOSTILE, "rows_in": 1,
        "rows_loaded": 0, "rows_rejected": 1, "rows": [{"line": 2, "reason": HOSTILE, "raw": "x"}],
    }  # fmt: skip
    name = quarantine_names(sales_name(SalesName("orders", DAY, 3, "window_1012")))[1]
    platform.store.replace(NewObject(name, json.dumps(report).encode()))
    pipeline.ingest_pending(platform, now)
    history = RunHistory(settings.runs_file, lambda: datetime.now(UTC))
    run = history.enqueue(NewRun("ingest", HOSTILE, {}, (HOSTILE,), f"panel {HOSTILE}"))
    history.finish(run.id, Ending(RunState.FAILED, error=HOSTILE, error_type="InputError"))
    with serving(folder) as server:
        yield server


def requested(page: Page) -> list[str]:
    """Hosts that the page asks anything of, as they come."""
    hosts: list[str] = []

    def note(request: Request) -> None:
        hosts.append(urlsplit(request.url).hostname or "")

    page.on("request", note)
    return hosts


def test_what_others_have_written_is_text_on_every_page(hostile: Server, browser: Browser) -> None:
    page = browser.page(hostile.url)
    hosts = requested(page)
    for what, link in PAGES.items():
        page.goto(hostile.url + link)
        page.get_by_role("heading", level=1).wait_for()
        settled(page)
        for selector in (f"a[href*='{EVIL}']", f"img[src*='{EVIL}']", ".katex"):
            assert page.locator(selector).count() == 0, (what, selector)
        assert set(hosts) <= {"127.0.0.1", ""}, what
        expect(page.get_by_text("Something unexpected happened"), what).to_have_count(0)


@pytest.mark.journey
def test_the_text_itself_can_be_read(hostile: Server, browser: Browser) -> None:
    page = browser.page(f"{hostile.url}/runs?run=1")
    expect(page.get_by_test_id("stAlertContentError").first).to_contain_text(LINK)
    expect(page.get_by_test_id("stAlertContentError").first).to_contain_text("$x^2$")
