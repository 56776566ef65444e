"""A real server on a folder of its own, and a real browser that remembers where it went."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, BrowserType, Page, expect

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--in-process-gpu", "--disable-quic",
    "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
HEALTHY_WITHIN_S = 60
DRAWN_WITHIN_S = 20
SLOW_MS = 60_000  # a shared machine may be busy: how long to wait for what must come

expect.set_options(timeout=SLOW_MS)


@dataclass
class Server:
    """A panel's server on its own folder; `stop` lets go of the warehouse."""

    home: Path
    url: str
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        """The end of what it has logged."""
        text = (self.home.parent / "server.log").read_text(encoding="utf-8", errors="replace")
        return text[-5_000:] or "nothing"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


class Browser:
    """Opens pages, each as a person of its own, and knows where Chromium has gone for them.

    Args:
        running: A Chromium that others use, too, which is faster; then nobody knows where it goes.
    """

    def __init__(
        self, chromium: BrowserType, folder: Path, running: Chromium | None = None
    ) -> None:
        self.chromium = chromium
        self.folder = folder
        self.running = running
        self.contexts: list[BrowserContext] = []

    def page(
        self, url: str, *, dark: bool = False, width: int = 1280, locale: str = "en-US"
    ) -> Page:
        """A page in a profile of its own, once its heading stands."""
        context = self._context(
            viewport={"width": width, "height": 720},
            color_scheme="dark" if dark else "light",
            locale=locale,
            reduced_motion="reduce",
        )
        self.contexts.append(context)
        page = context.pages[0] if context.pages else context.new_page()
        page.set_default_timeout(SLOW_MS)
        page.goto(url)
        page.get_by_role("heading", level=1).wait_for()
        return page

    def _context(self, **options: Any) -> BrowserContext:
        if self.running:
            return self.running.new_context(**options)
        number = len(self.contexts)
        return self.chromium.launch_persistent_context(
            user_data_dir=self.folder / f"profile-{number}",
            executable_path=CHROMIUM,
            headless=True,
            args=[*ARGUMENTS, f"--log-net-log={self.folder / f'net-{number}.json'}"],
            **options,
        )

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def hosts(self) -> set[str]:
        """Every host that a page asked for anything; the log is whole once Chromium is closed.

        Requests that Chromium makes for itself (its updates, its autofill) have no initiator.
        """
        found: set[str] = set()
        for log in self.folder.glob("net-*.json"):
            for event in json.loads(log.read_text())["events"]:
                parameters = event.get("params", {})
                initiator = str(parameters.get("initiator", "not an origin"))
                if initiator != "not an origin":
                    found.add(urlsplit(str(parameters["url"])).hostname or "")
        return found


@contextmanager
def serving(
    folder: Path, address: str = "127.0.0.1", script: Path = ROOT / "app.py", **variables: str
) -> Iterator[Server]:
    """A server that has just started, on an empty home in a folder.

    Args:
        script: The panel's, or another one to compare it with.
        variables: Of its environment, such as settings of the panel.
    """
    port = free_port()
    home = folder / "home"
    command = [
        sys.executable, "-m", "streamlit", "run", str(script),
        "--server.port", str(port), "--server.address", address, "--server.headless", "true",
    ]  # fmt: skip
    unset = ("GCP_PROJECT_ID", "GCS_BUCKET_NAME", "MRHEALTH_DATASET_PREFIX")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=log,
            env={**environment, "MRHEALTH_HOME": str(home), **variables},
        )  # fmt: skip
        server = Server(home, f"http://127.0.0.1:{port}", process)
        try:
            until_answers(f"{server.url}/_stcore/health")
            yield server
        finally:
            if process.poll() is None:
                server.stop()


def free_port() -> int:
    """A port of this machine that nobody has at present."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def until_answers(url: str) -> None:
    """Wait until a server that has just been started answers."""
    deadline = time.monotonic() + HEALTHY_WITHIN_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{url} did not answer within {HEALTHY_WITHIN_S} s.")


def calm(page: Page) -> None:
    """Nothing that should not be on a page: no traceback, no excuse, no dialog."""
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("Something unexpected happened")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)


def settled(page: Page) -> None:
    """Wait until the page has been drawn to its end."""
    expect(page.get_by_test_id("stAppViewContainer")).to_be_visible()
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()
    expect(page.locator("[data-stale=true]")).to_have_count(0)


def faults(page: Page) -> list[str]:
    """Serious and critical violations of axe's rules on a page, each with the place where it is.

    Texts of pills and lines of figures are drawn some time after the script has ended: none may be
    left to come, and what is at fault even so is looked at again until it is put right, or stays.
    """
    settled(page)
    expect(page.locator("[data-testid=stMetricChart]:not(:has(svg))")).to_have_count(0)
    expect(page.locator("button[data-variant=pills]:not(:has(p))")).to_have_count(0)
    deadline = time.monotonic() + DRAWN_WITHIN_S
    while (found := _violations(page)) and time.monotonic() < deadline:
        settled(page)
    return found


def _violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{violation['id']} {node['target']} {node['failureSummary']}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
