"""The bell on every page, and the checks of the panel's server."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from core.alerts.watch import Watch
from core.operations.runs import NewRun
from core.platform import Platform
from tests.support.alert_scenes import Installation
from tests.support.panel_pages import everything, opened, platform
from ui.shell import background
from ui.shell.boot import PAGES

__all__ = ["platform"]  # a fixture


@pytest.fixture
def scene(platform: Platform) -> Installation:
    return Installation(platform, datetime.now(UTC))


def bell(app: AppTest) -> str:
    (popover,) = app.get("popover")
    return str(popover.proto.popover.label)


@pytest.mark.parametrize("page", [PAGES[0], PAGES[-1]])
def test_a_page_has_the_bell_and_checks_nothing(page: str, scene: Installation) -> None:
    scene.fail()
    app = opened(page)
    assert bell(app) == "0 incidents"
    assert "No incident is open." in everything(app)
    assert not scene.store.path.exists()


@pytest.mark.parametrize(
    ("language", "label", "since", "place"),
    [
        ("en", "2 incidents", "just now", "Runs →"),
        ("pt-BR", "2 incidentes", "agora mesmo", "Execuções →"),
    ],
)
def test_open_incidents_are_named_with_the_page_that_helps(
    scene: Installation, language: str, label: str, since: str, place: str
) -> None:
    scene.fail()
    scene.fail(NewRun("ingest", "Ingest *a*", {}, ("bronze",)))
    scene.check()
    app = opened("generate", lang=language)
    assert bell(app) == label
    assert r"Ingest \*a\*: The disk is full." in everything(app)
    assert since in everything(app)
    assert [link.proto.label for link in app.get("page_link")][-2:] == [place] * 2


def test_a_channel_that_fails_is_in_the_bell(
    scene: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MRHEALTH_ALERTS", "json://127.0.0.1:9/secret")
    scene = scene.reports_to("json://127.0.0.1:9/secret")
    scene.fail()
    scene.check()
    app = opened("generate")
    assert "Channel 1 (json) cannot be reached." in everything(app)
    assert "secret" not in everything(app)


def test_a_store_that_cannot_be_used_is_a_sentence_in_the_bell(scene: Installation) -> None:
    scene.store.path.write_bytes(b"no database, but longer than a header of SQLite has to be" * 9)
    app = opened("generate")
    assert not app.error
    assert "Cannot use the incidents of alerts in" in everything(app)


def test_the_watch_checks_until_it_is_stopped(scene: Installation) -> None:
    scene.fail()
    watch = Watch(scene.platform.settings, scene.history.now)
    watch.start(first_s=0)
    try:
        assert _wait_for(scene.store.list_open)
    finally:
        watch.stop(wait=True)


@pytest.mark.parametrize(("wait_s", "count"), [("30", 1), ("soon", 0)])
def test_the_server_checks_from_start_to_end_with_settings_that_are_valid(
    monkeypatch: pytest.MonkeyPatch, wait_s: str, count: int
) -> None:
    monkeypatch.setenv("MRHEALTH_WAIT_S", wait_s)

    async def live() -> None:
        async with background.run(None):  # type: ignore[arg-type]  # it needs no app
            assert len(list(_watches())) == count

    # The browser's tests leave a running loop in the main thread.
    with ThreadPoolExecutor(1) as other:
        other.submit(asyncio.run, live()).result()
    assert _wait_for(lambda: not list(_watches()))


def _watches() -> Iterator[threading.Thread]:
    return (thread for thread in threading.enumerate() if thread.name == "alerts")


def _wait_for(is_so: Callable[[], object]) -> bool:
    """Whether it comes to pass within some seconds."""
    pause = threading.Event()
    return any(is_so() or pause.wait(0.05) for _ in range(400))
