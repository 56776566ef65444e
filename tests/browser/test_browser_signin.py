"""Signing in, in a real browser, with a provider of OpenID Connect on this machine."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.access import Entry
from tests.browser.support import Browser, Server, calm, free_port, serving, settled, until_answers
from ui.texts import en

PEOPLE = (
    {"sub": "ana", "email": "Ana@Example.com", "email_verified": True},
    {"sub": "eve", "email": "eve@elsewhere.org", "email_verified": True},
    {"sub": "bob", "email": "bob@example.com", "email_verified": False},
)
DISCOVERY = "/.well-known/openid-configuration"
LINK = "/bronze?day=2026-02-01&rows=order_items"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a provider that knows three people and asks for no password."""
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", port]
    for person in PEOPLE:
        command += ["--user-claims", json.dumps(person)]
    with (tmp_path_factory.mktemp("provider") / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            until_answers(url + DISCOVERY)
            yield url
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, provider: str) -> Iterator[Server]:
    """A server that asks people to sign in; the first test comes to it when it has just started."""
    folder = tmp_path_factory.mktemp("guarded")
    secrets = folder / "secrets.toml"
    secrets.write_text(
        "[auth]\n"
        'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
        f'cookie_secret = "{"of-a-test-" * 4}"\n'
        'client_id = "panel"\n'
        'client_secret = "of-a-test"\n'
        f'server_metadata_url = "{provider}{DISCOVERY}"\n',
        encoding="utf-8",
    )
    with serving(
        folder, STREAMLIT_SECRETS_FILES=str(secrets), MRHEALTH_ALLOWED_EMAILS="@example.com"
    ) as server:
        yield server


def sign_in(page: Page, name: str) -> None:
    """Go to the provider and come back as one of its people."""
    page.get_by_role("button", name=en.SIGNIN_WITH, exact=True).click()
    page.get_by_role("button", name=name, exact=True).click()
    page.get_by_role("heading", level=1).wait_for()


def closed(page: Page) -> None:
    """Nothing of the platform: no page's link, nor anything that a page has."""
    expect(page.get_by_role("heading", level=1)).to_have_text(en.SIGNIN_TITLE)
    expect(page.get_by_role("link", name=en.TITLES["runs"], exact=True)).to_have_count(0)
    expect(page.get_by_text("Local:")).to_have_count(0)
    expect(page.get_by_test_id("stMetric")).to_have_count(0)
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "said"),
    [("eve", "eve@elsewhere.org is not among those"), ("bob", "bob@example.com is verified")],
)
def test_who_is_not_let_in_is_told_why_and_can_sign_out(
    name: str, said: str, guarded: Server, browser: Browser
) -> None:
    page = browser.page(guarded.url + LINK)
    sign_in(page, name)
    expect(page.get_by_test_id("stAlert")).to_contain_text(said)
    closed(page)
    page.goto(guarded.url + "/runs")
    expect(page.get_by_test_id("stAlert")).to_contain_text(said)
    closed(page)
    page.get_by_role("button", name=en.SIGNIN_OUT, exact=True).click()
    page.wait_for_url("**/oauth2/end_session**")
    assert not guarded.home.exists()


@pytest.mark.journey
def test_a_forged_cookie_opens_nothing(guarded: Server, browser: Browser) -> None:
    page = browser.page(guarded.url)
    forged = json.dumps({"is_logged_in": True, "email": "ana@example.com", "email_verified": True})
    page.context.add_cookies(
        [{"name": "_streamlit_user", "value": forged.replace('"', "%22"), "url": guarded.url}]
    )
    page.reload()
    expect(page.get_by_text(en.SIGNIN_REFUSALS[Entry.SIGNED_OUT])).to_be_visible()
    closed(page)


@pytest.mark.journey
def test_a_deep_link_leads_by_way_of_the_sign_in_to_its_page_and_out_again(
    guarded: Server, browser: Browser
) -> None:
    page = browser.page(guarded.url + LINK)
    expect(page.get_by_text(en.SIGNIN_REFUSALS[Entry.SIGNED_OUT])).to_be_visible()
    closed(page)
    page.wait_for_function("document.cookie.includes('panel_wanted=bronze')")
    sign_in(page, "ana")
    expect(page.get_by_role("heading", level=1)).to_have_text(en.TITLES["bronze"])
    expect(page.get_by_text("Signed in as Ana@Example.com")).to_be_visible()
    settled(page)
    calm(page)
    assert page.url == guarded.url + LINK
    page.wait_for_function("!document.cookie.includes('panel_wanted')")

    other = page.context.new_page()
    other.goto(guarded.url + "/rebuild")
    expect(other.get_by_role("heading", level=1)).to_have_text(en.TITLES["rebuild"])

    page.get_by_role("button", name=en.SIGNIN_OUT, exact=True).click()
    page.wait_for_url("**/oauth2/end_session**")
    page.goto(guarded.url + LINK)
    closed(page)


@pytest.mark.journey
def test_a_server_beyond_this_machine_shows_one_sentence(tmp_path: Path, browser: Browser) -> None:
    with serving(tmp_path, address="0.0.0.0") as server:  # noqa: S104 - that it is closed is the test
        page = browser.page(server.url + LINK)
        expect(page.get_by_test_id("stAlert")).to_contain_text("listens on 0.0.0.0 without sign-in")
        settled(page)
        closed(page)
    log = (tmp_path / "server.log").read_text(encoding="utf-8")
    assert log.count("without sign-in and shows nothing") == 1
    assert not server.home.exists()
