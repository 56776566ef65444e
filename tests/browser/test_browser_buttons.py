"""What a button does is what the fields say when it is pressed, by a tap or by an instant click."""

import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Playwright, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from core import pipeline
from core.operations.runs import Run, RunHistory
from core.platform import Platform
from core.scheduler.local import LocalSchedule
from core.settings import Settings
from core.storage.publish import Request
from tests.browser.support import SLOW_MS, Server, serving, settled
from ui.texts import en

GENERATE = "/generate?day=2026-02-01&window=10:00-12:00&units=40"
OVERVIEW = "/?day=2026-02-01&sim_units=40&sim_length=0+s"
BACKFILL = "/runs?view=backfill&from=2026-02-03&to=2026-02-03&units=40&mode=all"
STORAGE = "/storage?day=2026-02-02"
BRONZE = "/bronze?day=2026-02-02&days=7&look=2026-02-02&look_window=10:00-12:00"
UNITS, SEED = en.UNITS, en.SEED

_PRESSES = 3
_ARCHIVE_MS = 20_000
_NOTE_CLICK = """name => {
  window.pressed = false;
  document.addEventListener("click", event => {
    const button = event.target.closest("button");
    if (button && !button.disabled && button.innerText.includes(name)) window.pressed = true;
  }, {capture: true});
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a home in which two windows of three units have been uploaded."""
    folder = tmp_path_factory.mktemp("pressed")
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(folder / "home")}))
    request = Request((date(2026, 2, 2),), platform.catalog.windows[:2], (1, 2, 3))
    pipeline.upload(platform, request, datetime.now(UTC))
    with serving(folder) as started:
        yield started


@pytest.fixture(
    params=["taps on a phone", pytest.param("instant clicks", marks=pytest.mark.nightly)]
)
def page(request: pytest.FixtureRequest, driver: Playwright, running: Chromium) -> Iterator[Page]:
    device = driver.devices["Pixel 5"] if "phone" in request.param else {}
    with closing(running.new_context(**device, locale="en-US")) as context:
        fresh = context.new_page()
        fresh.set_default_timeout(SLOW_MS)
        yield fresh


def history(server: Server) -> RunHistory:
    settings = Settings.from_mapping({"MRHEALTH_HOME": str(server.home)})
    return RunHistory(settings.runs_file, lambda: datetime.now(UTC))


def visit(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("heading", level=1).wait_for()
    settled(page)


def write(page: Page, label: str, value: str) -> None:
    """Write a number into a field, and stay in it."""
    field = page.get_by_role("spinbutton", name=label, exact=True)
    field.click()
    field.fill(value)


def write_day(page: Page, label: str, digits: str) -> None:
    page.get_by_role("spinbutton", name=f"year, {label}").click()
    page.keyboard.type(digits)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # the calendar, which may cover the button


def choose(page: Page, label: str, option: str) -> None:
    wanted = page.get_by_role("option", name=option, exact=True)
    page.get_by_role("combobox", name=label).click()
    if not wanted.is_visible():  # a list that opens while its page is drawn may be closed by that
        page.wait_for_timeout(1_000)
    if not wanted.is_visible():
        page.get_by_role("combobox", name=label).click()
    wanted.click()


def press(page: Page, name: str) -> None:
    """Press a button where it is, without waiting for anything that the last field has set off.

    What the field has set off may move the button away from under the pointer: a person who misses
    it presses again.
    """
    button = page.get_by_role("button", name=name).first
    page.evaluate(_NOTE_CLICK, name)
    for _ in range(_PRESSES):
        button.evaluate("button => button.scrollIntoView({block: 'center'})")
        box = button.bounding_box()
        assert box is not None
        place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        if page.evaluate("navigator.maxTouchPoints > 0"):
            page.touchscreen.tap(*place)
        else:
            page.mouse.click(*place)
        if page.evaluate("window.pressed"):
            return
    pytest.fail(f"{name} moves away from each press.")


def run_after(server: Server, before: int) -> Run:
    """The run that has begun since, once it has ended."""
    deadline = time.monotonic() + SLOW_MS / 1000
    while time.monotonic() < deadline:
        found = next(iter(history(server).list_recent(1)), None)
        if found and found.id > before and not found.is_active:
            return found
        time.sleep(0.1)
    pytest.fail("The button started nothing.")


def newest(server: Server) -> int:
    return next((run.id for run in history(server).list_recent(1)), 0)


@pytest.mark.parametrize(
    ("link", "label", "value", "button", "parameter"),
    [
        pytest.param(OVERVIEW, UNITS, "3", en.SIMULATE, "units", marks=pytest.mark.journey),
        (GENERATE, UNITS, "3", en.TO_BUCKET, "units"),
        (GENERATE, SEED, "5", en.DRY_RUN, "seed"),
        (GENERATE, UNITS, "3", en.VERIFY, "units"),
        pytest.param(
            BACKFILL, UNITS, "3", "Backfill 7 windows", "units", marks=pytest.mark.journey
        ),
    ],
)
def test_a_number_that_is_still_being_typed_counts(
    link: str, label: str, value: str, button: str, parameter: str, server: Server, page: Page
) -> None:
    visit(page, server.url + link)
    before = newest(server)
    write(page, label, value)
    press(page, button)
    assert run_after(server, before).parameters[parameter] == int(value)


@pytest.mark.parametrize(
    ("link", "label", "button"),
    [(OVERVIEW, en.BUSINESS_DAY, en.SIMULATE), (GENERATE, en.BUSINESS_DAY, en.DRY_RUN)],
)
def test_a_date_that_was_typed_counts(
    link: str, label: str, button: str, server: Server, page: Page
) -> None:
    visit(page, server.url + link.replace("units=40", "units=2"))
    before = newest(server)
    write_day(page, label, "20260303")
    press(page, button)
    assert run_after(server, before).parameters["dates"] == ["2026-03-03"]


@pytest.mark.journey
def test_a_choice_made_just_before_counts(server: Server, page: Page) -> None:
    visit(page, server.url + "/rebuild")
    before = newest(server)
    page.get_by_test_id("stWidgetLabel").get_by_text(en.REBUILD_FULL, exact=True).click()
    press(page, en.REBUILD_ALL)
    assert run_after(server, before).parameters["full"] is True

    visit(page, server.url + BRONZE)
    before = newest(server)
    choose(page, en.UNIT, "002")
    press(page, "Ingest again")
    assert run_after(server, before).parameters["units"] == [2]


@pytest.mark.journey
def test_the_schedules_form_keeps_what_it_holds(server: Server, page: Page) -> None:
    visit(page, server.url + "/schedule")
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(server.home)}))
    schedule = LocalSchedule(platform, history(server))
    units = schedule.plan().units + 1
    write(page, UNITS, str(units))
    press(page, en.SCHEDULE_KEEP)
    expect(page.get_by_text(f"{units} units")).to_be_visible()
    assert schedule.plan().units == units


@pytest.mark.parametrize(
    ("link", "button", "value"),
    [
        (OVERVIEW, en.SIMULATE, "6000"), (GENERATE, en.TO_BUCKET, "6000"),
        (GENERATE, en.AS_ZIP, "99999999999999999999"), (BACKFILL, "Backfill 7 windows", "1.5"),
        ("/schedule", en.SCHEDULE_KEEP, "-1"),
    ],
)  # fmt: skip
def test_a_number_that_is_not_possible_starts_nothing_and_is_named(
    link: str, button: str, value: str, server: Server, page: Page
) -> None:
    visit(page, server.url + link)
    before = newest(server)
    write(page, UNITS, value)
    press(page, button)
    expect(page.get_by_text("is not possible").first).to_be_visible()
    settled(page)
    assert newest(server) == before


@pytest.mark.journey
def test_an_archive_holds_what_the_fields_say(server: Server, page: Page) -> None:
    visit(page, server.url + GENERATE)
    write(page, UNITS, "3")
    assert {name.split("/")[-3] for name in names_of_download(page, en.AS_ZIP)} == {
        "unit_001", "unit_002", "unit_003",
    }  # fmt: skip
    visit(page, server.url + STORAGE)
    choose(page, en.WINDOW, "12:00-14:00")
    names = names_of_download(page, en.STORAGE_ZIP)
    assert {name.split("/")[-2] for name in names} == {"window_1214"}


def names_of_download(page: Page, button: str, presses: int = _PRESSES) -> list[str]:
    """Press for an archive; a press that Streamlit drops while it draws is made again."""
    try:
        with page.expect_download(timeout=_ARCHIVE_MS) as download:
            press(page, button)
    except PlaywrightTimeout:
        assert presses > 1, "no archive comes"
        return names_of_download(page, button, presses - 1)
    with zipfile.ZipFile(download.value.path()) as archive:
        return archive.namelist()
