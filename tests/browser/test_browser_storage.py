"""Storage and the maps of Bronze in a real browser: browsed, drilled down, put right by a click."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from core import pipeline
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.settings import Settings
from core.storage.object_names import SalesName, cell_prefix, sales_name
from core.storage.object_store import NewObject
from core.storage.publish import Request
from tests.browser.marks import click
from tests.browser.support import Browser, Server, calm, faults, serving, settled

DAY = date(2026, 2, 1)
TAG, HOURS = "window_1214", "12:00-14:00"
GONE = sales_name(SalesName("orders", DAY, 2, TAG))
CHANGED = sales_name(SalesName("orders", DAY, 3, TAG))
BRONZE = "/bronze?day=2026-02-01&days=30&look=2026-02-01&look_window=12:00-14:00"


@pytest.fixture
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Platform]]:
    """A server on a day of 50 units, of which an object is gone and another was changed."""
    folder = tmp_path_factory.mktemp("faulty")
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(folder / "home")}))
    request = Request((DAY,), platform.catalog.windows, tuple(range(1, 51)))
    pipeline.upload(platform, request, datetime.now(UTC))
    changed = platform.store.read(CHANGED).data.replace(b"Finalizado", b"Perdido", 1)
    platform.store.replace(NewObject(CHANGED, changed))
    pipeline.ingest_pending(platform, datetime.now(UTC))
    platform.store.delete(GONE)
    with serving(folder) as server:
        yield server, platform


def marks(page: Page, number: int) -> Locator:
    """The marks of one of the maps: of days, then of the first and the second units."""
    maps = page.locator(".st-key-status_map, [class*='st-key-unit_map_']")
    return maps.nth(number).locator(".barlayer .point")


def mark_of(page: Page, sign: str) -> Locator:
    """The first mark with that sign on the map of units."""
    return marks(page, 1).filter(has_text=sign).first


def test_faults_on_the_map_are_healed_by_the_click(
    faulty: tuple[Server, Platform], browser: Browser
) -> None:
    server, platform = faulty
    page = browser.page(server.url + BRONZE)
    settled(page)
    click(
        page, mark_of(page, "○"), "002 ", page.get_by_role("heading", name=re.compile("unit 002$"))
    )
    expect(page.get_by_text("The bucket has no such file.")).to_be_visible()
    assert "look_unit=002" in page.url
    page.get_by_role("button", name="Fill the gap (unit 002)").click()
    expect(page.get_by_test_id("stAlert").filter(has_text="1 file written")).to_be_visible()

    click(
        page, mark_of(page, "!"), "003 ", page.get_by_role("heading", name=re.compile("unit 003$"))
    )
    expect(page.get_by_text(re.compile("1 of . rows was rejected"))).to_be_visible()
    page.get_by_role("button", name="Write again… (unit 003)").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("What the bucket has under these names is replaced")
    dialog.get_by_role("button", name="Replace", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(mark_of(page, "!")).to_have_count(0)
    settled(page)
    calm(page)
    server.stop()
    found = pipeline.compare(platform, (DAY, DAY), datetime.now(UTC)).lines
    assert {line.verdict for line in found} == {Verdict.IN_BRONZE}


@pytest.mark.journey
def test_the_bucket_is_browsed_down_to_a_line_and_downloaded(
    faulty: tuple[Server, Platform], browser: Browser
) -> None:
    server, platform = faulty
    link = f"/storage?day=2026-02-01&unit=001&window={HOURS}"
    page = browser.page(server.url + link)
    settled(page)
    expect(page.get_by_text("699 files")).to_be_visible()
    # The table is a canvas: its first box is that of the first file.
    canvas = page.get_by_test_id("stDataFrame").last.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + 52)
    expect(page.get_by_role("heading", name="The file")).to_be_visible()
    first = platform.store.list(cell_prefix(DAY, 1, TAG))[0].name
    expect(page.get_by_text("rows loaded, 0 rejected")).to_be_visible()
    assert f"object={first.replace('/', '%2F')}" in page.url or f"object={first}" in page.url
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    assert download.value.path().read_bytes() == platform.store.read(first).data
    with page.expect_download() as download:
        page.get_by_role("button", name="Download these as ZIP").click()
    assert download.value.path().read_bytes().startswith(b"PK")
    page.get_by_role("radio", name="Quarantine").click()
    expect(page.get_by_text("1 file has something in quarantine")).to_be_visible()
    settled(page)
    calm(page)
    page.reload()
    expect(page.get_by_text("1 file has something in quarantine")).to_be_visible()


def test_maps_and_files_are_for_everybody(
    faulty: tuple[Server, Platform], browser: Browser
) -> None:
    server, _ = faulty
    links = (
        f"{BRONZE}&look_unit=003", f"/storage?day=2026-02-01&object={CHANGED}",
        "/storage?day=2026-02-01&view=manifests", "/storage?view=quarantine",
        "/storage?view=sizes",
    )  # fmt: skip
    found: list[str] = []
    for dark, width in ((False, 1280), (True, 390)):
        page = browser.page(server.url + links[0], dark=dark, width=width)
        for link in links:
            page.goto(server.url + link)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            settled(page)
            found += [f"{link} {dark}: {fault}" for fault in faults(page)]
            wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
            assert wide <= width, link
    assert found == []


def test_no_mark_covers_another_on_a_narrow_screen(
    faulty: tuple[Server, Platform], browser: Browser
) -> None:
    server, _ = faulty
    page = browser.page(server.url + BRONZE, width=390)
    settled(page)
    for number, count in ((0, 210), (1, 175)):
        paths = marks(page, number).locator("path")
        expect(paths).to_have_count(count)
        boxes = paths.evaluate_all(
            "all => all.map(e => e.getBBox()).map(b => [b.x, b.y, b.width, b.height])"
        )
        assert _overlapping(boxes) == 0
        assert all(width > 4 and height > 12 for _, _, width, height in boxes)


def _overlapping(boxes: list[list[float]]) -> int:
    def cover(one: list[float], other: list[float]) -> bool:
        return all(
            one[axis] < other[axis] + other[axis + 2] and other[axis] < one[axis] + one[axis + 2]
            for axis in (0, 1)
        )

    return sum(cover(one, other) for place, one in enumerate(boxes) for other in boxes[place + 1 :])
