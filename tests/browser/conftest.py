"""Fixtures of the browser tests: what they start is ended here."""

from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserType, Playwright, sync_playwright

from core import pipeline
from core.platform import Platform
from core.settings import Settings
from core.storage.publish import Request
from tests.browser.support import ARGUMENTS, CHROMIUM, Browser, Server, serving
from tests.support.missing import skip_or_fail


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the server logged below a test that failed."""
    report = yield
    if call.when == "call" and report.failed:
        servers = (value for value in item.funcargs.values() if isinstance(value, Server))
        report.sections += [("server.log", server.log) for server in servers]
    return report


@pytest.fixture(scope="session", autouse=True)
def installed() -> None:
    if not CHROMIUM:
        skip_or_fail("Tests in the browser need Chromium: `apt-get install chromium`.")


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver: Playwright) -> BrowserType:
    return driver.chromium


@pytest.fixture(scope="session")
def running(chromium: BrowserType) -> Iterator[Chromium]:
    with chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS)) as started:
        yield started


@pytest.fixture
def browser(tmp_path: Path, chromium: BrowserType, running: Chromium) -> Iterator[Browser]:
    with closing(Browser(chromium, tmp_path, running)) as opened:
        yield opened


@pytest.fixture
def watched(tmp_path: Path, chromium: BrowserType) -> Iterator[Browser]:
    """One that tells, once closed, which hosts its pages have asked for anything."""
    folder = tmp_path / "browser"
    folder.mkdir()
    with closing(Browser(chromium, folder)) as opened:
        yield opened


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that has just started, on an empty home."""
    with serving(tmp_path) as fresh:
        yield fresh


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a home with two uploaded days, of which Gold has been built."""
    folder = tmp_path_factory.mktemp("filled")
    settings = Settings.from_mapping({"MRHEALTH_HOME": str(folder / "home")})
    platform = Platform.of(settings)
    days = (date(2026, 1, 31), date(2026, 2, 1))
    request = Request(days, platform.catalog.windows, (1, 2, 3))
    pipeline.upload(platform, request, datetime.now(UTC))
    pipeline.rebuild(platform)
    with serving(folder) as server:
        yield server
