"""Schedule in a real browser: it runs in the panel, is paused over a restart, and catches up."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.operations.runs import RunHistory
from core.platform import Platform
from core.scheduler.local import LocalSchedule
from core.settings import Settings
from tests.browser.support import Browser, Server, calm, faults, serving, settled


def schedule_of(home: Path, ago: timedelta) -> LocalSchedule:
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))
    history = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC) - ago)
    return LocalSchedule(platform, history)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def state(page: Page, expected: str) -> None:
    """Wait until the page's first figure says so."""
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(expected)


@pytest.mark.journey
def test_a_pause_in_the_panel_survives_its_restart(tmp_path: Path, browser: Browser) -> None:
    with serving(tmp_path) as server:
        page = browser.page(f"{server.url}/schedule")
        expect(page.get_by_text("The schedule is off")).to_be_visible()
        press(page, "Run it in this panel")
        state(page, "enabled")
        expect(page.get_by_text("This panel makes the calls")).to_be_visible()
        page.get_by_role("button", name="Pause", exact=True).focus()
        page.keyboard.press("Enter")
        state(page, "paused")
        assert schedule_of(server.home, timedelta()).holder()
    assert schedule_of(server.home, timedelta()).holder() is None
    with serving(tmp_path) as again:
        page = browser.page(f"{again.url}/schedule")
        state(page, "paused")
        expect(page.get_by_text("This panel makes the calls")).to_be_visible()
        press(page, "Resume")
        state(page, "enabled")
        settled(page)
        calm(page)


def test_windows_that_were_missed_are_caught_up_on_by_a_click(
    server: Server, browser: Browser
) -> None:
    then = schedule_of(server.home, timedelta(hours=25))
    then.generate(1, 7)
    then.take(1, "command").release()
    for dark in (False, True):
        page = browser.page(f"{server.url}/schedule", dark=dark, width=390)
        expect(page.get_by_text(re.compile(r"^\d+ windows were missed"))).to_be_visible()
        settled(page)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
        assert faults(page) == []
    press(page, "Catch up")
    expect(page.get_by_text("Windows being caught up on")).to_be_visible()
    expect(page.get_by_text(re.compile(r"windows were missed"))).to_have_count(0)
    expect(page.get_by_text(re.compile(r"^Run \d+: \d+ orders")).first).to_be_visible()
    assert schedule_of(server.home, timedelta()).missed() == []
    calm(page)
