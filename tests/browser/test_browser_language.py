"""The panel in Portuguese, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support import Browser, Server, calm, faults, settled
from ui.texts import en, pt


def title(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def language_of(page: Page) -> str:
    return str(page.evaluate("document.documentElement.lang"))


def test_a_brazilian_browser_is_spoken_to_in_portuguese(filled: Server, browser: Browser) -> None:
    page = browser.page(f"{filled.url}/bronze?day=2026-02-01", locale="pt-BR", width=390)
    expect(page.get_by_role("heading", level=1)).to_have_text(pt.TITLES["bronze"])
    expect(page.get_by_role("heading", name=re.compile("^Pedidos de 01.02.2026"))).to_be_visible()
    settled(page)
    calm(page)
    expect(page.get_by_text("Algo inesperado")).to_have_count(0)
    expect(page.locator("html[lang=pt-BR]")).to_have_count(1)
    assert page.title() == f"{pt.TITLES['bronze']} · MR. Health"
    assert "lang" not in page.url
    narrow = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert narrow <= 390
    assert faults(page) == []


def test_the_switch_is_pressed_by_keyboard_and_goes_along_with_the_day(
    filled: Server, browser: Browser
) -> None:
    page = browser.page(f"{filled.url}/?day=2026-02-01")
    settled(page)
    page.get_by_role("button", name="Português", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(pt.TITLES["overview"])
    expect(page).to_have_url(re.compile(r"day=2026-02-01&lang=pt-BR"))
    expect(page.locator("html[lang=pt-BR]")).to_have_count(1)

    page.get_by_role("link", name=pt.TITLES["bronze"], exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("^Pedidos de 01.02.2026"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"/bronze\?(?=.*day=2026-02-01)(?=.*lang=pt-BR)"))
    page.reload()
    expect(page.get_by_role("heading", name=re.compile("^Pedidos de 01.02.2026"))).to_be_visible()

    page.get_by_role("button", name="English", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("^Orders of 2026-02-01"))).to_be_visible()
    page.get_by_role("link", name=en.TITLES["rebuild"], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(en.TITLES["rebuild"])
    expect(page).to_have_url(re.compile("lang=en"))
    expect(page.locator("html[lang=en]")).to_have_count(1)
    settled(page)
    calm(page)


@pytest.mark.journey
def test_a_deep_link_in_portuguese_works_on_a_server_that_has_just_started(
    server: Server, browser: Browser
) -> None:
    page = browser.page(f"{server.url}/bronze?day=2026-02-01&lang=pt-BR")
    expect(page.get_by_role("heading", level=1)).to_have_text(pt.TITLES["bronze"])
    expect(page.get_by_role("heading", name=re.compile("^Pedidos de 01.02.2026"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"/bronze\?day=2026-02-01&lang=pt-BR"))
    expect(page.get_by_role("link", name=pt.TITLES["overview"], exact=True)).to_be_visible()


def test_tables_follow_the_language_of_the_page_not_that_of_the_browser(
    filled: Server, browser: Browser
) -> None:
    """Streamlit's tables format numbers in the first of `navigator.languages`."""
    written = "(1234.5).toLocaleString(navigator.languages)"
    page = browser.page(f"{filled.url}/storage?day=2026-02-01&lang=pt-BR", locale="en-US")
    expect(page.locator("html[lang=pt-BR]")).to_have_count(1)
    assert page.evaluate(written) == "1.234,5"
    page.get_by_role("button", name="English", exact=True).click()
    expect(page.locator("html[lang=en]")).to_have_count(1)
    assert page.evaluate(written) == "1,234.5"
