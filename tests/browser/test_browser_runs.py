"""A backfill in a real browser: the plan, a reload, a closed tab, going on, and the end of it."""

import re
import sqlite3

import pytest
from playwright.sync_api import expect

from tests.browser.support import Browser, Server, calm, faults, settled

# Long enough to go on while a browser is closed and another one opened.
FORM = "/runs?view=backfill&from=2025-11-03&to=2026-01-31&units=2"
WINDOWS = 630


def asked(server: Server, sql: str) -> int:
    """A number from the file of the history."""
    connection = sqlite3.connect(server.home / "runs.sqlite", timeout=30)
    (number,) = connection.execute(sql).fetchone()
    connection.close()
    return int(number)


@pytest.mark.journey
def test_a_backfill_outlives_reload_and_tab_and_is_cancelled(
    server: Server, browser: Browser
) -> None:
    page = browser.page(server.url + FORM)
    settled(page)
    expect(page.get_by_text(re.compile(r"^630 of 630 windows would be generated"))).to_be_visible()
    page.get_by_role("button", name="Backfill 630 windows").click()
    expect(page.get_by_role("button", name="Cancel run 1")).to_be_visible()
    page.reload()
    expect(page.get_by_text(re.compile(r"of 630 · about .* left")).first).to_be_visible()
    before = asked(server, "SELECT done FROM runs")
    page.context.close()

    page = browser.page(f"{server.url}/runs?run=1", width=390)
    expect(page.get_by_text("Running now")).to_be_visible()
    assert before < asked(server, "SELECT done FROM runs") < WINDOWS  # it went on meanwhile
    assert asked(server, "SELECT COUNT(*) FROM claims") == WINDOWS
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Cancel run 1").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("It stops at its next step")
    dialog.get_by_role("button", name="Cancel run 1").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("It was cancelled.").first).to_be_visible()
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    assert asked(server, "SELECT COUNT(*) FROM claims") == 0
    settled(page)
    calm(page)


def test_the_page_has_no_accessibility_fault_and_asks_nobody_else(
    filled: Server, watched: Browser
) -> None:
    for path, dark in (("/runs", False), ("/runs?view=backfill&units=3", True)):
        page = watched.page(filled.url + path, dark=dark)
        settled(page)
        calm(page)
        assert faults(page) == []
    watched.close()
    assert watched.hosts() <= {"127.0.0.1"}
