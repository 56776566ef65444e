"""Usage in a real browser: a deep link with its form, and a change of it."""

import pytest
from playwright.sync_api import expect

from tests.browser.support import Browser, Server, calm, settled


@pytest.mark.journey
def test_a_deep_link_opens_the_form_as_it_was_sent(server: Server, browser: Browser) -> None:
    link = "/usage?usage_month=2026-02&usage_units=500&usage_rebuilds=4&usage_free_region=false"
    page = browser.page(server.url + link, width=390)
    expect(page.get_by_role("heading", level=1)).to_have_text("Usage")
    units = page.get_by_label("Units", exact=True)
    expect(units).to_have_value("500")
    expect(page.get_by_role("spinbutton", name="Rebuilds a day")).to_have_value("4")
    expect(page.get_by_text("500 units cost")).to_be_visible()
    units.fill("10")
    units.press("Enter")
    expect(page.get_by_text("10 units cost")).to_be_visible()
    settled(page)
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(2)
    expect(page.get_by_text("free up to here")).to_be_visible()
    assert "usage_units=10" in page.url
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    calm(page)
