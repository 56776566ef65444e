"""Diagnostics in a real browser: what waits is told, and put right by its button."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from core.generation.windows import business_date
from core.platform import Platform
from core.settings import Settings
from core.storage.publish import Request, publish
from tests.browser.support import Browser, Server, calm, faults, settled


def waiting(server: Server) -> None:
    """Objects of today that have been in the bucket, and not in Bronze, for five minutes."""
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(server.home)}))
    today = Request((business_date(datetime.now(UTC)),), platform.catalog.windows[:1], (1, 2))
    publish(platform.store, today, platform.catalog)
    past = (datetime.now(UTC) - timedelta(minutes=5)).timestamp()
    for path in platform.settings.bucket_folder.rglob("*.csv"):
        os.utime(path, (past, past))


@pytest.mark.journey
def test_what_waits_is_told_and_put_right_on_a_narrow_screen(
    server: Server, browser: Browser
) -> None:
    waiting(server)
    page = browser.page(f"{server.url}/diagnostics?attention=true", width=390, dark=True)
    card = page.locator(".st-key-finding_pending")
    expect(card).to_contain_text("! needs attention")
    expect(card).to_contain_text("4 objects wait for Bronze")
    expect(card).to_contain_text("python scripts/ingest_pending.py")
    settled(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth") <= 390
    assert faults(page) == []

    card.get_by_role("button", name="Ingest what is pending").press("Enter")
    expect(page.get_by_text("4 objects ingested")).to_be_visible()
    expect(card).to_have_count(0)
    calm(page)
    assert "attention=true" in page.url
