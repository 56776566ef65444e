"""One message when an incident opens, one when it is over, whatever happens in between."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from core.alerts.channels import list_channels
from core.alerts.check import check_when_due, list_channel_failures
from core.alerts.store import CLAIM
from core.operations.runs import NewRun
from core.platform import Platform
from tests.support.alert_scenes import Installation, bodies, hook, titles
from tests.support.scenes import ROOT
from tests.support.small_server import Function, served

NOW = datetime(2026, 2, 4, 15, 0, tzinfo=UTC)
OPENED, OVER = "MR. Health: an incident", "MR. Health: an incident is over"


@pytest.fixture
def server() -> Function:
    return Function()


@pytest.fixture
def scene(platform: Platform, server: Function) -> Iterator[Installation]:
    """An installation that reports to a local server."""
    with served(server) as url:
        yield Installation(platform, NOW).reports_to(hook(url))


def test_an_incident_is_one_message_and_its_end_another(
    scene: Installation, server: Function
) -> None:
    run_id = scene.fail()
    for _ in range(3):
        assert scene.check() == []
        scene.later(minutes=1)
    assert titles(server) == [OPENED]
    assert bodies(server)[0].splitlines() == [
        f"Since 2026-02-04 12:00: Run {run_id} failed, Rebuild Silver: The disk is full.",
        f"From the folder {scene.platform.settings.home}. Times are those of São Paulo.",
    ]
    scene.succeed()
    for _ in range(3):
        scene.check()
        scene.later(minutes=1)
    assert titles(server) == [OPENED, OVER]
    assert "Over since 2026-02-04 12:03, began 2026-02-04 12:00: Run 1 failed" in bodies(server)[1]


def test_an_incident_that_comes_again_is_a_new_one(scene: Installation, server: Function) -> None:
    for _ in range(2):
        scene.fail()
        scene.check()
        scene.later(minutes=1)
        scene.succeed()
        scene.check()
        scene.later(minutes=1)
    assert titles(server) == [OPENED, OVER] * 2


def test_checks_at_the_same_time_send_each_message_once(
    scene: Installation, server: Function
) -> None:
    work = [NewRun("ingest", f"Ingest {n}", {"n": n}, (f"c{n}",)) for n in range(4)]
    for one in work:
        scene.fail(one)
    threads = 6
    ready = threading.Barrier(threads)

    def check(_: int) -> list[str]:
        ready.wait(30)
        return scene.check()

    with ThreadPoolExecutor(threads) as pool:
        assert list(pool.map(check, range(threads))) == [[]] * threads
        assert titles(server) == [OPENED] * 4
        assert len(set(bodies(server))) == 4
        for one in work:
            scene.succeed(one)
        scene.later(minutes=1)
        assert list(pool.map(check, range(threads))) == [[]] * threads
    assert titles(server) == [OPENED] * 4 + [OVER] * 4


@pytest.mark.processes
def test_processes_at_the_same_time_send_each_message_once(
    platform: Platform, server: Function
) -> None:
    Installation(platform, datetime.now(UTC)).fail()
    with served(server) as url:
        processes = [_start_check(platform, hook(url)) for _ in range(2)]
        assert [process.wait(60) for process in processes] == [0, 0]
    assert titles(server) == [OPENED]


def test_a_process_killed_before_it_sends_leaves_the_message_to_another(
    scene: Installation, server: Function
) -> None:
    scene.fail()
    (channel,) = list_channels(scene.platform.settings.alerts)
    look_only = Installation(scene.platform, scene.present).reports_to()
    look_only.check()
    assert scene.store.claim(channel.key, 1, scene.present)  # and then it is killed
    assert scene.check() == []
    scene.later(minutes=4)
    scene.check()
    assert titles(server) == []
    scene.later(minutes=2)
    scene.check()
    scene.later(minutes=10)
    scene.check()
    assert titles(server) == [OPENED]


@pytest.mark.processes
def test_only_a_kill_between_sending_and_noting_it_doubles_a_message(platform: Platform) -> None:
    scene = Installation(platform, datetime.now(UTC))
    scene.fail()
    arrived, let_go = threading.Event(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            count.append(self.path)
            arrived.set()
            assert let_go.wait(30)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    count: list[str] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as slow:
        slow.handle_error = lambda *_: None  # type: ignore[method-assign]  # its client is killed
        thread = threading.Thread(target=slow.serve_forever)
        thread.start()
        url = f"json://127.0.0.1:{slow.server_address[1]}"
        process = _start_check(platform, url)
        assert arrived.wait(60)
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        let_go.set()
        scene = scene.reports_to(url)
        scene.present = datetime.now(UTC)
        scene.check()
        assert len(count) == 1
        scene.present += CLAIM + timedelta(seconds=1)
        for _ in range(2):
            scene.check()
            scene.later(minutes=10)
        slow.shutdown()
        thread.join()
    assert len(count) == 2


def test_a_channel_that_fails_is_tried_again_after_pauses(scene: Installation) -> None:
    failing, fine = Function(500, 500), Function()
    with served(failing) as bad, served(fine) as good:
        scene = scene.reports_to(hook(bad), hook(good))
        scene.fail()
        failure = "Channel 1 (json) refused the message: the server answered 500."
        assert scene.check() == [failure]
        assert list_channel_failures(scene.platform.settings) == [failure]
        assert scene.check() == []  # before the pause is over
        scene.later(minutes=1)
        assert scene.check() == [failure]
        scene.later(minutes=4)
        scene.check()
        assert len(failing.posted) == 2
        scene.later(minutes=1)
        assert scene.check() == []
        assert list_channel_failures(scene.platform.settings) == []
        scene.later(hours=1)
        scene.check()
    assert len(failing.posted) == 3
    assert titles(fine) == [OPENED]


def test_an_end_is_sent_where_the_beginning_failed(scene: Installation) -> None:
    failing = Function(500)
    with served(failing) as bad:
        scene = scene.reports_to(hook(bad))
        scene.fail()
        assert scene.check()
        scene.succeed()
        scene.later(minutes=1)
        scene.check()
        scene.later(hours=1)
        scene.check()
    assert titles(failing) == [OPENED, OVER]  # the first one was refused


def test_a_channel_that_cannot_be_reached_or_does_not_exist_is_named(scene: Installation) -> None:
    scene = scene.reports_to("json://127.0.0.1:9/x", "slak://a")
    scene.fail()
    assert scene.check() == [
        "Channel 1 (json) cannot be reached.", "Channel 2 (slak) is no address that Apprise knows.",
    ]  # fmt: skip


def test_a_new_channel_gets_what_is_open_and_nothing_of_the_past(
    scene: Installation, server: Function
) -> None:
    other = NewRun("ingest", "Ingest", {}, ("bronze",))
    scene.fail()
    scene.fail(other)
    scene.check()
    scene.succeed()
    scene.later(minutes=1)
    scene.check()
    added = Function()
    with served(added) as url:
        both = scene.platform.settings.alerts[0], hook(url)
        scene.reports_to(*both).check()
    assert titles(added) == [OPENED]
    assert "Ingest" in bodies(added)[0]
    assert titles(server) == [OPENED, OPENED, OVER]


def test_many_incidents_at_once_are_one_message(scene: Installation, server: Function) -> None:
    for number in range(12):
        scene.fail(NewRun("ingest", f"Ingest {number}", {"n": number}, (f"c{number}",)))
    scene.check()
    scene.later(minutes=10)
    scene.check()
    assert titles(server) == ["MR. Health: 12 changes of incidents"]
    lines = bodies(server)[0].splitlines()
    assert len(lines) == 12
    assert lines[-2] == "And 2 more."


def test_without_channels_incidents_open_and_close(platform: Platform) -> None:
    scene = Installation(platform, NOW)
    scene.fail()
    assert len(scene.open()) == 1
    scene.succeed()
    assert scene.open() == []


def test_one_process_at_a_time_checks_at_the_pace(scene: Installation, server: Function) -> None:
    scene.fail()
    assert [check_when_due(scene.platform, scene.history) for _ in range(3)] == [True, False, False]
    scene.later(minutes=1)
    assert check_when_due(scene.platform, scene.history)
    scene.present -= timedelta(days=1)  # a clock that was ahead
    assert check_when_due(scene.platform, scene.history)
    assert titles(server) == [OPENED]


def test_the_addresses_are_neither_shown_nor_stored(
    platform: Platform, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    failing = Function(401)
    with served(failing) as url:
        secret = hook(url).replace("//", "//someone:geheim@") + "/token4711"
        scene = Installation(platform, NOW).reports_to(secret)
        scene.fail()
        failure = scene.check()
    stored = platform.settings.home.joinpath("alerts.sqlite").read_bytes()
    shown = (
        f"{failure} {scene.platform.settings} {list_channels([secret])} {stored!r} {caplog.text}"
    )
    for text in (shown, *capfd.readouterr()):
        assert not [part for part in ("someone", "geheim", "token4711") if part in text]


def _start_check(platform: Platform, url: str) -> "subprocess.Popen[bytes]":
    env = {"MRHEALTH_HOME": str(platform.settings.home), "MRHEALTH_ALERTS": url}
    script = Path(ROOT) / "scripts" / "alerts.py"
    return subprocess.Popen(
        [sys.executable, str(script), "check"], env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
