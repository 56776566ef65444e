"""Each check of the diagnostics sees its fault, made for real, and is fine without it."""

import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import diagnostics, jobs, pipeline, runner
from core.diagnostics import CHECKS, NEED_SOMEBODY, Case, Check, Finding, State, install, machine
from core.errors import InputError, StoreError
from core.jobs.repairing import reloading
from core.names import parse_sales_name
from core.object_store import NewObject
from core.pipeline import Platform
from core.publish import publish
from core.runs import RunHistory
from core.scheduler.local import LocalSchedule
from core.settings import Settings
from core.windows import business_date
from tests.scenes import (
    DAY,
    NOW,
    ORDERS_NAME,
    ROOT,
    execute,
    ingest,
    request,
    rows,
    script,
)
from tests.test_disk import Disk
from tests.test_panel import held_by_another_process

BY_KEY = {check.key: check for check in CHECKS}
LUNCH_OF_1 = "raw/csv_sales/2026/02/03/unit_001/window_1214/pedido.csv"
LUNCH_ITEMS_OF_1 = LUNCH_OF_1.replace("pedido.csv", "item_pedido.csv")
BULK_OF_1 = "raw/csv_sales/2026/02/03/unit_001/pedido.csv"
BULK_ITEMS_OF_1 = BULK_OF_1.replace("pedido.csv", "item_pedido.csv")
AUTHORIZED = (
    '{"type": "authorized_user", "client_id": "a", "client_secret": "b", "refresh_token": "c"}'
)


def case_of(platform: Platform, now: datetime = NOW, **variables: str) -> Case:
    history = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))
    return Case(platform, history, now, 7, variables)


def found(platform: Platform, key: str, now: datetime = NOW) -> Finding:
    return BY_KEY[key].look(case_of(platform, now))


def uploaded(platform: Platform, *tags: str) -> None:
    pipeline.upload(platform, request(*(tags or ("window_1214",))), NOW)


def reached(platform: Platform, command: str) -> None:
    """Do what a finding shows to copy; the project's own commands in this process, for speed."""
    for line in command.splitlines():
        if "ingest_pending" in line:
            pipeline.ingest_pending(platform, NOW)
        elif "aggregations" in line:  # the last of the three
            pipeline.rebuild(platform)
        elif not line.startswith("python scripts/build_"):
            copied(platform, line)


def copied(platform: Platform, command: str) -> None:
    """Do what a finding shows to copy, in the project's folder."""
    done = subprocess.run(
        ["bash", "-e", "-c", command.replace("python ", f"{sys.executable} ")],
        cwd=ROOT, env={**os.environ, "MRHEALTH_HOME": str(platform.settings.home)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_fresh_folder_needs_nobody_and_stays_as_it_is(platform: Platform) -> None:
    looked = diagnostics.look(case_of(platform))
    assert [check.key for check, _ in looked] == list(BY_KEY)
    bad = {check.key for check, finding in looked if finding.state in NEED_SOMEBODY}
    assert bad <= {"packages"}  # the tests run with those of requirements-dev.txt
    assert not platform.settings.home.exists()


def test_a_filled_folder_needs_nobody(platform: Platform) -> None:
    uploaded(platform, "window_1012", "window_1214")
    pipeline.rebuild(platform)
    looked = {check.key: finding for check, finding in diagnostics.look(case_of(platform))}
    del looked["packages"]
    assert {k: f for k, f in looked.items() if f.state in NEED_SOMEBODY} == {}
    assert looked["bucket"].state is State.FINE
    assert f"{len(platform.warehouse.tables())} tables" in looked["warehouse"].found


def test_what_needs_somebody_says_what_to_do_and_comes_first() -> None:
    fine, broken = Finding(State.FINE, "f"), Finding(State.BROKEN, "b")
    unknown, attention = Finding(State.UNKNOWN, "u"), Finding(State.ATTENTION, "a")
    pairs = [(CHECKS[n], f) for n, f in enumerate([fine, attention, unknown, fine, broken])]
    ordered = [finding for _, finding in diagnostics.worst_first(pairs)]
    assert ordered == [broken, attention, unknown, fine, fine]


def test_an_error_is_a_finding_that_hides_no_other(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(_: Case) -> Finding:
        raise StoreError("Cannot read x: I/O error.")

    def wrong(_: Case) -> Finding:
        raise RuntimeError("secret detail")

    checks = [Check("a", "A", refused), Check("b", "B", wrong), BY_KEY["time_zone"]]
    steps: list[tuple[int, int]] = []
    with caplog.at_level(logging.ERROR):
        looked = diagnostics.look(
            case_of(platform), checks, lambda done, total, _: steps.append((done, total))
        )
    told = [finding for _, finding in looked]
    assert [finding.state for finding in told] == [State.UNKNOWN, State.UNKNOWN, State.FINE]
    assert "Cannot read x: I/O error." in told[0].found
    assert "RuntimeError" in told[1].found
    assert "secret detail" not in str(told)
    assert [record.exc_info is not None for record in caplog.records] == [True]
    assert steps == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("values", "state", "told"),
    [
        ({}, State.FINE, "datasets case_ficticio_*"),
        ({"GCP_PROJECT_ID": "some-project", "GCS_BUCKET_NAME": "some-bucket"}, State.FINE,
         "project some-project, bucket some-bucket"),
        ({"GCP_PROJECT_ID": "some-project"}, State.BROKEN, "GCS_BUCKET_NAME is not"),
        ({"GCS_BUCKET_NAME": "some-bucket"}, State.BROKEN, "GCP_PROJECT_ID is not"),
        ({"MRHEALTH_WAIT_S": "long"}, State.BROKEN, "MRHEALTH_WAIT_S is 'long'"),
        ({"STORAGE_EMULATOR_HOST": "127.0.0.1:1"}, State.ATTENTION, "no emulator"),
    ],
)  # fmt: skip
def test_settings(values: Mapping[str, str], state: State, told: str) -> None:
    finding = diagnostics.configuration(values)
    assert finding.state is state
    assert told in finding.found


def test_the_command_for_half_a_configuration_makes_it_whole() -> None:
    finding = diagnostics.configuration({"GCP_PROJECT_ID": "some-project"})
    first, _, last = finding.command.splitlines()
    assert first.startswith("export GCS_BUCKET_NAME=")
    assert last == "unset GCP_PROJECT_ID"


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("America/Sao_Paulo", State.FINE),
        ("America/Fortaleza", State.BROKEN),  # no summer time in 2018
        ("Europe/Lisbon", State.BROKEN),
        ("America/Nowhere", State.BROKEN),
    ],
)
def test_time_zones(name: str, state: State) -> None:
    assert install.zone(name).state is state


def test_a_project_that_is_not_whole_names_what_it_lacks(tmp_path: Path) -> None:
    assert install.files_of(ROOT).state is State.FINE
    for name in install.PROJECT_FILES[1:]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    finding = install.files_of(tmp_path)
    assert (finding.state, "lacks requirements.txt." in finding.found) == (State.BROKEN, True)


def test_packages_are_compared_with_their_pins() -> None:
    version = metadata.version("numpy")
    pins = f"# made by\nnumpy=={version} \\\n    --hash=sha256:0\n    # via x\n"
    elsewhere = "nothing-such==1 ; sys_platform == 'nowhere' \\\n"
    assert install.pinned(pins + elsewhere, (3, 11)).state is State.FINE
    assert install.pinned(pins, (3, 10)).state is State.BROKEN
    other = install.pinned("numpy==0.1 \\\n", (3, 11))
    assert (other.state, f"numpy {version} in the place of ==0.1" in other.found) == (
        State.ATTENTION, True,
    )  # fmt: skip
    absent = install.pinned("nothing-such==1 \\\n", (3, 11))
    assert (absent.state, "nothing-such" in absent.found) == (State.BROKEN, True)


def on_google(home: Path) -> Platform:
    values = {"GCP_PROJECT_ID": "some-project", "GCS_BUCKET_NAME": "some-bucket"}
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home), **values}))


@pytest.mark.parametrize(
    ("content", "state", "told"),
    [
        ("", State.BROKEN, "no credentials that can be used"),
        ("not json", State.BROKEN, ""),
        (AUTHORIZED, State.FINE, "Credentials were found"),
    ],
    ids=["none", "no file of credentials", "found"],
)  # fmt: skip
def test_credentials(
    content: str, state: State, told: str, home: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "none"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    if content:
        (tmp_path / "key.json").write_text(content)
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))
    finding = found(on_google(home), "credentials")
    assert finding.state is state
    assert told in finding.found
    if state is State.BROKEN:
        assert "GOOGLE_APPLICATION_CREDENTIALS" in finding.advice
        assert finding.command == "gcloud auth application-default login"


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
    diagnostics.look(case_of(platform), [BY_KEY["bucket"], BY_KEY["clock"]])
    assert sorted(platform.settings.home.rglob("*")) == before


def test_a_warehouse_that_another_process_has(platform: Platform) -> None:
    uploaded(platform)
    settings = Settings.from_mapping(
        {"MRHEALTH_HOME": str(platform.settings.home), "MRHEALTH_WAIT_S": "0.2"}
    )
    with held_by_another_process(platform.settings.warehouse_file):
        looked = {
            check.key: finding
            for check, finding in diagnostics.look(case_of(Platform.of(settings)))
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
            assert not os.environ.get("CI"), "CI must be able to make a disk of its own."
            pytest.skip("This machine allows no disk of its own.")
        settings = Settings.from_mapping({"MRHEALTH_HOME": str(disk.folder / "home")})
        finding = found(Platform.of(settings), "disk")
    finally:
        disk.remove()
    assert finding.state is State.BROKEN
    assert "16.8 MB are free" in finding.found


@given(seconds=st.integers(-(10**6), 10**6))
def test_two_clocks_agree_within_a_minute(seconds: int) -> None:
    finding = machine.skew(NOW + timedelta(seconds=seconds), NOW, "x")
    assert (finding.state is State.FINE) == (abs(seconds) <= 60)
    assert ("ahead of" in finding.found) == (seconds > 60)
    assert machine.skew(NOW, None, "x").state is State.UNKNOWN


def test_a_clock_that_is_wrong(platform: Platform) -> None:
    uploaded(platform)
    late = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC) - timedelta(hours=1))
    finding = BY_KEY["clock"].look(Case(platform, late, NOW))
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


def test_a_history_that_is_no_database(platform: Platform) -> None:
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
    run = history.begin(jobs.rebuild(["silver"]))
    for number in range(500):
        history.log(run.id, f"line {number} " + "x" * 100)
    with sqlite3.connect(history.path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert found(platform, "history_file").state is State.FINE
    data = bytearray(history.path.read_bytes())
    data[-4096:] = b"\xff" * 4096
    history.path.write_bytes(data)
    assert found(platform, "history_file").state is State.BROKEN


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (datetime(2026, 2, 3, 16, 17, tzinfo=UTC), "a call serves 2026-02-03 12:00-14:00"),
        (NOW, "is answered with skipped, which is normal"),
    ],
)
def test_what_a_call_is_answered_with(now: datetime, told: str, platform: Platform) -> None:
    finding = found(platform, "hours", now)
    assert finding.state is State.FINE
    assert told in finding.found


def test_the_schedule_of_the_folder(platform: Platform) -> None:
    uploaded(platform)
    case = case_of(platform)
    schedule = LocalSchedule(platform, case.history)
    nobody = found(platform, "schedule")
    assert nobody.state is State.NOT_HERE
    assert "The next tick is 2026-02-04 10:00" in nobody.found
    instance = schedule.take(os.getpid(), "command")
    try:
        assert found(platform, "schedule").state is State.FINE
        schedule.pause()
        paused = found(platform, "schedule")
        assert (paused.state, paused.action) == (State.ATTENTION, "schedule")
        schedule.resume()
        assert found(platform, "schedule").state is State.FINE
    finally:
        instance.release()


def test_windows_that_the_schedule_missed(platform: Platform) -> None:
    def clock(days: int) -> RunHistory:
        return RunHistory(platform.settings.runs_file, lambda: NOW + timedelta(days=days))

    LocalSchedule(platform, clock(0)).take(os.getpid(), "command").release()
    finding = BY_KEY["schedule"].look(Case(platform, clock(1), NOW + timedelta(days=1)))
    assert (finding.state, finding.action) == (State.ATTENTION, "schedule")
    assert "while the schedule was off: 7, the first 2026-02-04 10:00-12:00" in finding.found


def test_objects_that_wait_for_longer_than_a_minute(platform: Platform) -> None:
    now = datetime.now(UTC)
    uploaded(platform)
    publish(platform.store, request("window_1416", dates=[business_date(now)]), platform.catalog)
    assert "a moment ago" in found(platform, "pending", now).found
    finding = found(platform, "pending", now + timedelta(minutes=2))
    assert (finding.state, finding.action) == (State.ATTENTION, "ingest")
    assert finding.found.startswith("4 objects wait for Bronze, of ")
    reached(platform, finding.command)
    assert found(platform, "pending", now + timedelta(minutes=2)).state is State.FINE


def test_objects_of_other_dates_are_not_looked_at(platform: Platform) -> None:
    publish(platform.store, request("window_1416"), platform.catalog)
    far = NOW + timedelta(days=300)
    assert "is in Bronze" in found(platform, "pending", far).found


def test_rows_in_quarantine(platform: Platform) -> None:
    uploaded(platform)
    assert found(platform, "quarantine").state is State.FINE
    ingest(platform, ORDERS_NAME, b"nothing;that;is;known\n1;2;3;4\n")
    finding = found(platform, "quarantine")
    assert (finding.state, finding.action) == (State.ATTENTION, "storage")
    (report,) = finding.objects
    assert report.endswith("unit_007/window_1214/pedido_error.json")
    assert report in finding.found


def test_a_ledger_that_is_gone(platform: Platform) -> None:
    later = datetime.now(UTC) + timedelta(minutes=2)
    today = request("window_1214", dates=[business_date(later)])
    pipeline.upload(platform, today, NOW)
    pipeline.rebuild(platform)
    count = rows(platform, "SELECT COUNT(*) AS n FROM bronze.orders")
    execute(platform, "DROP TABLE bronze._ingested_objects")
    finding, pending = (found(platform, key, later) for key in ("ledger", "pending"))
    assert (finding.state, "ledger" in finding.found) == (State.BROKEN, True)
    # Ingesting would count all of it twice, so nobody is led there.
    assert (pending.state, pending.action, pending.command) == (State.ATTENTION, "", "")
    reached(platform, finding.command)
    assert found(platform, "ledger").state is State.FINE
    assert rows(platform, "SELECT COUNT(*) AS n FROM bronze.orders") == count


def test_rows_whose_object_the_ledger_does_not_know(platform: Platform) -> None:
    uploaded(platform)
    assert found(platform, "ledger").state is State.FINE
    execute(platform, f"DELETE FROM bronze._ingested_objects WHERE object_name = '{LUNCH_OF_1}'")
    finding = found(platform, "ledger")
    assert finding.state is State.BROKEN
    assert f"that its ledger does not know: 1, such as {LUNCH_OF_1}" in finding.found


DOUBLE = (
    f"INSERT INTO bronze.orders SELECT * FROM bronze.orders WHERE _source_file = '{LUNCH_OF_1}'"
)


def test_rows_that_were_loaded_twice_are_put_right_by_the_button(platform: Platform) -> None:
    uploaded(platform)
    assert found(platform, "duplicates").state is State.FINE
    before = rows(platform, "SELECT COUNT(*) AS n FROM bronze.orders")
    execute(platform, DOUBLE)
    finding = found(platform, "duplicates")
    assert (finding.state, finding.action, finding.objects) == (
        State.BROKEN, "reload", (LUNCH_OF_1,),
    )  # fmt: skip
    name = parse_sales_name(LUNCH_OF_1)
    assert name
    window = next(w for w in platform.catalog.windows if w.tag == name.window_tag)
    history = case_of(platform).history
    run = jobs.start(platform, history, reloading(name.day, window, [name.unit_id]))
    assert runner.wait(history, run.id, 60)
    assert found(platform, "duplicates").state is State.FINE
    assert rows(platform, "SELECT COUNT(*) AS n FROM bronze.orders") == before


def test_rows_that_were_loaded_twice_are_put_right_by_the_command(platform: Platform) -> None:
    uploaded(platform)
    execute(platform, DOUBLE)
    reached(platform, found(platform, "duplicates").command)
    assert found(platform, "duplicates").state is State.FINE


def test_rows_that_no_object_explains(platform: Platform) -> None:
    uploaded(platform)
    execute(platform, DOUBLE)
    execute(
        platform,
        f"UPDATE bronze.orders SET _source_file = NULL WHERE _source_file = '{LUNCH_OF_1}'",
    )
    finding = found(platform, "duplicates")
    assert (finding.state, finding.action) == (State.BROKEN, "")
    reached(platform, finding.command)
    assert found(platform, "duplicates").state is State.FINE


def copied_in_bulk_form(platform: Platform) -> None:
    """The lunch of unit 1 as bulk data of the same day, in Bronze, too."""
    for incremental, bulk in ((LUNCH_OF_1, BULK_OF_1), (LUNCH_ITEMS_OF_1, BULK_ITEMS_OF_1)):
        platform.store.replace(NewObject(bulk, platform.store.read(incremental).data))
    pipeline.ingest_pending(platform, NOW)


def test_bulk_beside_incremental_data(platform: Platform) -> None:
    uploaded(platform)
    pipeline.rebuild(platform)
    assert found(platform, "mixed").state is State.FINE
    copied_in_bulk_form(platform)
    double = found(platform, "duplicates")
    assert (double.state, set(double.objects)) == (State.BROKEN, {BULK_OF_1, BULK_ITEMS_OF_1})
    finding = found(platform, "mixed")
    assert finding.state is State.BROKEN
    assert f"Unit 1 on {DAY} has bulk and incremental data" in finding.found
    assert BULK_OF_1 in finding.objects
    reached(platform, finding.command)
    for key in ("mixed", "duplicates", "ledger", "layers"):
        assert found(platform, key).state is State.FINE


def test_the_manifest_of_bulk_data_goes_with_the_last_of_it(platform: Platform) -> None:
    bulk = request(units=(1, 2))
    pipeline.upload(platform, bulk, NOW)
    pipeline.upload(platform, request("window_1214", units=(1,)), NOW, force=True)
    manifest = "raw/_manifests/2026/02/03/day.json"
    assert manifest not in found(platform, "mixed").command  # unit 2 keeps its bulk data
    pipeline.upload(platform, request("window_1214", units=(2,)), NOW, force=True)
    finding = found(platform, "mixed")
    assert manifest in finding.command
    reached(platform, finding.command)
    assert found(platform, "mixed").state is State.FINE


def test_layers_that_are_behind(platform: Platform) -> None:
    uploaded(platform)
    finding = found(platform, "layers")
    assert (finding.state, finding.action) == (State.ATTENTION, "rebuild")
    reached(platform, finding.command)
    assert found(platform, "layers").state is State.FINE
    uploaded(platform, "window_1416")
    assert "Silver is behind Bronze" in found(platform, "layers").found


def test_runs_that_failed_or_lost_their_process(platform: Platform) -> None:
    history = case_of(platform).history
    long_ago = RunHistory(history.path, lambda: datetime(2026, 2, 1, tzinfo=UTC))
    assert found(platform, "runs").state is State.FINE
    lost = long_ago.begin(jobs.rebuild(["silver"]))
    long_ago.start(lost.id)
    finding = found(platform, "runs")
    assert (finding.state, finding.action) == (State.ATTENTION, "runs")
    assert "Failed: 0, interrupted: 1." in finding.found
    again = jobs.retry(platform, history, lost.id)
    assert runner.wait(history, again.id, 60)
    assert "interrupted" not in found(platform, "runs").found


@pytest.mark.parametrize("days", [0, -1, 367])
def test_days_that_cannot_be_looked_at(days: int) -> None:
    with pytest.raises(InputError, match=f"^{days} days are not possible"):
        diagnostics.check_days(days)


def test_the_first_date_of_the_platform_bounds_the_days(platform: Platform) -> None:
    early = case_of(platform, datetime(2010, 1, 2, 12, tzinfo=UTC))
    assert early.dates_told == "of 2010-01-01 to 2010-01-02"
    assert found(platform, "pending", early.now).state is State.FINE


def test_the_troubleshooting_page_explains_the_checks() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    table = page[page.index("| Check |") :].split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in table]
    assert [cell[0].strip("`") for cell in cells] == list(BY_KEY)
    assert all(len(cell) == 3 and all(cell) for cell in cells)
