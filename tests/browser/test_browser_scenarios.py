"""Scenarios in a real browser: planned, applied, graded with its own key, and taken away again."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.support import Browser, Server, calm, settled

PLAN = "/scenarios?scenario=typed-by-hand&day=2026-02-06&dates=1&units=20"


@pytest.mark.journey
def test_a_scenario_is_planned_applied_graded_and_withdrawn(
    server: Server, browser: Browser
) -> None:
    page = browser.page(server.url + PLAN)
    settled(page)
    page.locator(".st-key-plan_map .nsewdrag").hover()
    expect(page.locator(".st-key-plan_map .hoverlayer")).to_contain_text(re.compile("[0-9] fault"))
    page.get_by_role("button", name="Apply to the bucket…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("140 file pairs are published")
    dialog.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_test_id("stAlert").filter(has_text="280 files written")).to_be_visible()

    page.get_by_role("radio", name="Applied").click()
    page.get_by_text("The key", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Key as CSV").click()
    page.get_by_role("radio", name="Grade").click()
    page.locator("input[type=file]").set_input_files({
        "name": "key.csv", "mimeType": "text/csv", "buffer": download.value.path().read_bytes(),
    })  # fmt: skip
    expect(page.get_by_text("Everything was found, and nothing invented.")).to_be_visible()

    page.get_by_role("radio", name="Applied").click()
    page.get_by_role("button", name="Withdraw…").click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.get_by_text("No scenario is applied to this bucket.")).to_be_visible()
    settled(page)
    calm(page)
