"""The emulated cloud as a whole: a day from the schedule to Gold, and the command for it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.gcp.function_logs import read_logs
from core.pipeline import compare, rebuild
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.scheduler.cloud import CloudSchedule
from local_cloud.emulated import EmulatedCloud, emulated_cloud
from tests.support.missing import require_environment
from tests.support.scenes import ROOT

DAY = date(2026, 2, 1)
AFTER = datetime(2026, 2, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedCloud]:
    """The emulated cloud after a day of two restaurants."""
    folder = tmp_path_factory.mktemp("emulated")
    require_environment("bigquery", "Tests on the emulated cloud")
    with emulated_cloud(folder, lambda: datetime.now(UTC), units=2) as running:
        called = running.schedule.play(DAY, 0)
        assert [call.status for call in called] == [200] * 7, called
        assert running.relay.wait_until_idle(300)
        yield running


def test_every_object_of_the_day_is_in_bronze_as_expected(day: EmulatedCloud) -> None:
    assert day.relay.letters.dead == []
    lines = compare(Platform.of(day.settings), (DAY, DAY), AFTER).lines
    assert len(lines) >= 7
    assert {line.verdict for line in lines} == {Verdict.IN_BRONZE}


def test_the_day_goes_on_to_gold(day: EmulatedCloud) -> None:
    platform = Platform.of(day.settings)
    reports = rebuild(platform)
    assert all(report.published for report in reports)
    made = {table.name: table.rows_after for report in reports for table in report.tables}
    orders = platform.warehouse.ask("SELECT COUNT(*) AS n FROM bronze.orders")[0]["n"]
    assert made["gold.fact_sales"] == orders > 0


def test_the_functions_lines_are_in_the_log(day: EmulatedCloud) -> None:
    cloud = day.settings.cloud
    assert cloud
    since = datetime.now(UTC) - timedelta(hours=1)
    deadline = time.monotonic() + 30
    while not (lines := read_logs(cloud, "data-generator", 100, since)):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    windows = {line.fields.get("window") for line in lines} - {None}
    assert len(windows) == 7
    loaded = read_logs(cloud, "csv-processor", 500, since, "window_1214/pedido.csv")
    assert [line.fields["outcome"] for line in loaded] == ["loaded"] * 2


def test_the_schedule_says_how_its_last_call_ended(day: EmulatedCloud) -> None:
    assert day.settings.cloud
    state = CloudSchedule(day.settings.cloud).state()
    assert (state.state, state.last_status) == ("enabled", "The last call succeeded.")
    assert state.next_run is not None
    assert state.next_run > datetime.now(UTC)


def _command(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "local_cloud", *arguments], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--day", "2026-02-30"), "'2026-02-30' is not a date"),
        (("--pace", "-1"), "-1 is not possible"),
        (("--units", "0"), "0 units are not possible"),
        (("--exit",), "give --day as well"),
        (("--frobnicate",), "unrecognized arguments: --frobnicate"),
    ],
)
def test_wrong_input_is_one_sentence(arguments: tuple[str, ...], told: str) -> None:
    with _command(*arguments) as started:
        said, complained = started.communicate(timeout=60)
    assert (started.returncode, said) == (2, "")
    assert re.fullmatch(r"error: [^\n]+\.\n", complained)
    assert told in complained


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_command_says_what_to_set_and_leaves_nothing_running(
    tmp_path: Path, end: signal.Signals
) -> None:
    require_environment("bigquery", "Tests on the emulated cloud")
    file = tmp_path / "cloud.env"
    with _command("--env-file", str(file)) as started:
        assert started.stdout
        assert started.stderr
        lines = []
        while "Running until Ctrl-C." not in (line := started.stdout.readline()):
            assert line, started.stderr.read()
            lines.append(line.strip())
        variables = dict(line.split("=", 1) for line in file.read_text().splitlines())
        address = variables["STORAGE_EMULATOR_HOST"]
        assert f"export STORAGE_EMULATOR_HOST={address}" in lines
        assert f"$env:GCS_BUCKET_NAME = '{variables['GCS_BUCKET_NAME']}'" in lines
        folder = next(line.split()[1] for line in lines if line.startswith("logs "))
        assert _processes(folder)
        started.send_signal(end)
        try:
            started.communicate(timeout=60)
        finally:
            started.kill()  # else a block that fails would wait for it for ever
    deadline = time.monotonic() + 30
    while _processes(folder):
        assert time.monotonic() < deadline, _processes(folder)
        time.sleep(0.1)


def _processes(folder: str) -> list[str]:
    """Command lines and environments that name a folder, of processes that run."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            text = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if folder.encode() in text:
            found.append(text.split(b"\0")[0].decode())
    return found
