"""Bucket, warehouse, disk, clocks and history: each check sees its fault, made for real."""

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import pipeline
from core.insight.diagnostics import checks, machine
from core.insight.diagnostics.checks import CheckContext, State
from core.operations import jobs
from core.operations.runs import RunHistory
from core.platform import Platform
from core.settings import Settings
from core.storage.object_store import NewObject
from tests.storage.test_disk import Disk
from tests.support.diagnosed import BY_KEY, LUNCH_OF_1, case_of, copied, found, reached, uploaded
from tests.support.missing import skip_or_fail
from tests.support.panel_pages import held_by_another_process
from tests.support.scenes import NOW, rows, script

pytestmark = pytest.mark.processes


@pytest.mark.parametrize("part", ["bucket", "bucket/raw"])
def test_a_bucket_that_may_not_be_written_to(part: str, platform: Platform) -> None:
    uploaded(platform)
    folder = platform.settings.home / part
    env = {"MRHEALTH_HOME": str(platform.settings.home)}
    folder.chmod(0o500)
    try:
        done = script("diagnose.py", "bucket", env=env, mighty=False)
    finally:
        folder.chmod(0o755)
    assert done.returncode == 1
    assert "BROKEN     bucket: Cannot write to" in done.stdout
    assert "chmod -R u+rwX" in done.stdout
    assert script("diagnose.py", "bucket", env=env, mighty=False).returncode == 0


def test_a_home_that_cannot_be_made(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    env = {"MRHEALTH_HOME": str(tmp_path / "home")}
    try:
        done = script("diagnose.py", "bucket", env=env, mighty=False)
    finally:
        tmp_path.chmod(0o755)
    assert "BROKEN     bucket: Cannot make" in done.stdout


def test_a_file_where_the_bucket_should_be(platform: Platform) -> None:
    platform.settings.home.mkdir()
    platform.settings.bucket_folder.touch()
    finding = found(platform, "bucket")
    assert finding.state is State.BROKEN
    reached(platform, finding.command)
    assert found(platform, "bucket").state is State.FINE


def test_a_look_at_the_bucket_leaves_nothing_there(platform: Platform) -> None:
    uploaded(platform)
    before = sorted(platform.settings.home.rglob("*"))
    checks.run_checks(case_of(platform), [BY_KEY["bucket"], BY_KEY["clock"]])
    assert sorted(platform.settings.home.rglob("*")) == before


def test_a_warehouse_that_another_process_has(platform: Platform) -> None:
    uploaded(platform)
    settings = Settings.from_mapping(
        {"MRHEALTH_HOME": str(platform.settings.home), "MRHEALTH_WAIT_S": "0.2"}
    )
    with held_by_another_process(platform.settings.warehouse_file):
        looked = {
            check.key: finding
            for check, finding in checks.run_checks(case_of(Platform.of(settings)))
        }
    assert looked["warehouse"].state is State.ATTENTION
    assert "is in use by process" in looked["warehouse"].found
    assert looked["warehouse"].command.startswith("ps -p ")
    asked = ("pending", "ledger", "duplicates", "mixed", "layers", "warehouse_file")
    assert {looked[key].state for key in asked} == {State.UNKNOWN}
    assert looked["bucket"].state is State.FINE
    assert found(platform, "warehouse").state is State.FINE


def checksum(block: bytes) -> int:
    """The checksum of a block of DuckDB, by its src/common/checksum.cpp."""
    result = 5381
    for place in range(0, len(block), 8):
        word = int.from_bytes(block[place : place + 8], "little")
        result ^= word * 0xBF58476D1CE4E5B9 & (2**64 - 1)
    return result


def test_a_warehouse_of_another_release_of_duckdb(platform: Platform) -> None:
    uploaded(platform)
    file = platform.settings.warehouse_file
    data = bytearray(file.read_bytes())
    data[12:20] = (4_000).to_bytes(8, "little")  # the storage version, after checksum and magic
    data[:8] = checksum(bytes(data[8:4096])).to_bytes(8, "little")
    file.write_bytes(data)
    finding = found(platform, "warehouse")
    assert finding.state is State.BROKEN
    assert finding.command == "python -m pip install -r requirements.txt"


def test_a_damaged_warehouse_is_made_anew_from_the_bucket(platform: Platform) -> None:
    uploaded(platform)
    before = rows(platform, "SELECT * EXCLUDE (_ingest_timestamp, _ingest_date) FROM bronze.orders "
                  "ORDER BY id_pedido")  # fmt: skip
    platform.settings.warehouse_file.write_bytes(b"no database at all" * 1000)
    finding = found(platform, "warehouse")
    assert finding.state is State.BROKEN
    copied(platform, finding.command)
    assert found(platform, "warehouse").state is State.FINE
    assert found(platform, "layers").state is State.FINE
    assert before == rows(
        platform, "SELECT * EXCLUDE (_ingest_timestamp, _ingest_date) FROM bronze.orders "
        "ORDER BY id_pedido",
    )  # fmt: skip


def test_a_block_that_is_damaged(platform: Platform) -> None:
    uploaded(platform, "window_1012", "window_1214", "window_1416")
    pipeline.rebuild(platform)
    assert found(platform, "warehouse_file").state is State.FINE
    file = platform.settings.warehouse_file
    data = bytearray(file.read_bytes())
    for place in range(5 * 4096, len(data), 4096):  # the headers stay, the catalog may not
        data[place : place + 64] = b"\xff" * 64
    file.write_bytes(data)
    assert found(platform, "warehouse_file").state is State.BROKEN


GB = 10**9


@pytest.mark.parametrize(
    ("free", "taken", "state"),
    [
        (50 * GB, GB, State.FINE),
        (2**30 - 1, 0, State.ATTENTION),
        (5 * GB, 6 * GB, State.ATTENTION),
        (2**26 - 1, 0, State.BROKEN),
    ],
)
def test_room_on_the_disk(free: int, taken: int, state: State) -> None:
    finding = machine.room(free, taken, Path("/somewhere"))
    assert finding.state is state
    assert (finding.command == "du -sh /somewhere/*") == (state is not State.FINE)


def test_a_small_disk_is_told(tmp_path: Path) -> None:
    disk = Disk(tmp_path / "disk")
    try:
        if not disk.mounted:
            skip_or_fail("A small disk needs `mount`, which this machine does not allow.")
        settings = Settings.from_mapping({"MRHEALTH_HOME": str(disk.folder / "home")})
        finding = found(Platform.of(settings), "disk")
    finally:
        disk.remove()
    assert finding.state is State.BROKEN
    assert "16.0 MiB are free" in finding.found


@given(seconds=st.integers(-(10**6), 10**6))
def test_two_clocks_agree_within_a_minute(seconds: int) -> None:
    finding = machine.skew(NOW + timedelta(seconds=seconds), NOW, "x")
    assert (finding.state is State.FINE) == (abs(seconds) <= 60)
    assert ("ahead of" in finding.found) == (seconds > 60)
    assert machine.skew(NOW, None, "x").state is State.UNKNOWN


def test_a_clock_that_is_wrong(platform: Platform) -> None:
    uploaded(platform)
    late = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC) - timedelta(hours=1))
    finding = BY_KEY["clock"].look(CheckContext(platform, late, NOW))
    assert finding.state is State.ATTENTION
    assert "s behind that of the file system" in finding.found


def test_objects_from_the_future(platform: Platform) -> None:
    uploaded(platform)
    name = LUNCH_OF_1.replace("unit_001", "$(touch x) unit")  # whose command must not run
    platform.store.replace(NewObject(name, b""))
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).timestamp()
    for late in (name, LUNCH_OF_1):
        os.utime(platform.settings.bucket_folder / late, (tomorrow, tomorrow))
    finding = found(platform, "clock")
    assert finding.state is State.ATTENTION
    assert f"Objects dated in the future: 2, such as {name}" in finding.found
    reached(platform, finding.command)
    assert found(platform, "clock").state is State.FINE


@pytest.mark.parametrize("name", ["home", "a#b", "a%25b", "a\r"])
def test_a_history_that_is_no_database(name: str, tmp_path: Path) -> None:
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path / name)}))
    platform.settings.home.mkdir()
    platform.settings.runs_file.write_bytes(b"no database at all" * 1000)
    finding = found(platform, "history_file")
    assert finding.state is State.BROKEN
    assert found(platform, "runs").state is State.UNKNOWN
    reached(platform, finding.command)
    assert found(platform, "history_file").state is State.FINE
    assert found(platform, "runs").state is State.FINE


def test_a_history_with_a_damaged_page(platform: Platform) -> None:
    history = case_of(platform).history
    run = history.enqueue(jobs.rebuild(["silver"]))
    for number in range(500):
        history.add_log_line(run.id, f"line {number} " + "x" * 100)
    with sqlite3.connect(history.path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert found(platform, "history_file").state is State.FINE
    data = bytearray(history.path.read_bytes())
    data[-4096:] = b"\xff" * 4096
    history.path.write_bytes(data)
    assert found(platform, "history_file").state is State.BROKEN
