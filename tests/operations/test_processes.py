"""Several processes at one warehouse: whole numbers for everybody, and a turn for everybody."""

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from core.errors import WarehouseBusyError
from core.pipeline import compare, ingest_pending
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.settings import Settings
from core.warehouse.duckdb import connection
from core.warehouse.duckdb.attached import AttachedFile
from tests.support.process_worker import UNITS, WINDOWS
from tests.support.scenes import DAY, NOW, ROOT, count, embedded, rows, script

DAYS = 2  # uploads of each writer
_STARTED: "list[subprocess.Popen[str]]" = []


def _start(role: str, home: Path, *arguments: object) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.process_worker", role, str(home),
         *map(str, arguments)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    _STARTED.append(process)
    return process


def _answer(process: "subprocess.Popen[str]") -> dict[str, Any]:
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    answer: dict[str, Any] = json.loads(out)
    return answer


@pytest.fixture(autouse=True)
def no_process_stays() -> Iterator[None]:
    """A test that fails leaves none of its processes behind."""
    yield
    while _STARTED:
        process = _STARTED.pop()
        process.kill()
        process.communicate()


@contextmanager
def _held(platform: Platform) -> Iterator[int]:
    """Another process that has the warehouse open for writing; its number."""
    release = platform.settings.home.parent / "release"
    holder = _start("hold", platform.settings.home, release)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "holding\n"
    yield holder.pid
    release.touch()
    _answer(holder)


def _impatient(home: Path, wait_s: float) -> Platform:
    return Platform.of(
        Settings.from_mapping({"MRHEALTH_HOME": str(home), "MRHEALTH_WAIT_S": str(wait_s)})
    )


@pytest.mark.nightly  # a load of many; the tests below meet once
def test_readers_and_writers_all_get_their_turn_and_see_whole_objects(platform: Platform) -> None:
    home, stop = platform.settings.home, platform.settings.home.parent / "stop"
    readers = [_start("read", home, stop, threads) for threads in (1, 3)]
    writers = [_start("write", home, first, DAYS) for first in (0, DAYS)]
    loaded = [_answer(writer)["loaded"] for writer in writers]
    built = _answer(_start("build", home, 1))
    stop.touch()
    for answer in map(_answer, readers):
        assert (answer["torn"], answer["grows"]) == (0, True)
        assert min(answer["looks"]) > 1  # the last one is after everybody else's work
        assert set(answer["most"]) == {2 * DAYS * len(UNITS) * len(WINDOWS) * 2}
    assert built == {"published": 3, "layers": 3}
    sales = count(platform, "bronze.orders") + count(platform, "bronze.order_items")
    reference = count(platform, "bronze.units") + 30 + 3 + 1
    assert sum(loaded) == sales + reference


def test_processes_that_upload_the_same_at_once_load_it_once(platform: Platform) -> None:
    writers = [_start("write", platform.settings.home, 0, 2) for _ in range(3)]
    loaded = sum(_answer(writer)["loaded"] for writer in writers)
    (total,) = rows(platform, "SELECT SUM(rows_loaded) AS n FROM bronze._ingested_objects")
    assert loaded == total["n"]
    doubled = "SELECT id_pedido FROM bronze.orders GROUP BY 1 HAVING COUNT(*) > 1"
    assert rows(platform, doubled) == []
    lines = [
        line for line in compare(platform, (DAY, DAY), NOW, 3).lines if line.window_tag in WINDOWS
    ]
    assert {line.verdict for line in lines} == {Verdict.IN_BRONZE}
    assert not list(platform.settings.bucket_folder.rglob(".staging"))


def test_processes_that_meet_at_new_warehouses_all_find_whole_ones(tmp_path: Path) -> None:
    homes = tmp_path / "homes"
    meeting = [_start("meet", homes, 25) for _ in range(4)]
    assert [_answer(process)["opened"] for process in meeting] == [25] * 4
    assert {path.name for path in homes.rglob("*") if path.is_file()} == {"warehouse.duckdb"}


def test_a_warehouse_in_use_for_too_long_is_told_with_its_process(platform: Platform) -> None:
    platform.warehouse.create_bronze()
    impatient = _impatient(platform.settings.home, 0.2)
    with _held(platform) as holder:
        with pytest.raises(WarehouseBusyError, match=rf"process {holder} .* 0\.2 s: .*\.$"):
            ingest_pending(impatient, NOW)
        patience = {"MRHEALTH_HOME": str(platform.settings.home), "MRHEALTH_WAIT_S": "0.2"}
        told = script("ingest_pending.py", env=patience)
    assert (told.returncode, told.stdout) == (75, "")
    assert told.stderr.startswith("error: The warehouse ")
    assert f"process {holder} " in told.stderr
    assert told.stderr.count("\n") == 1
    assert ingest_pending(impatient, NOW).objects == 0  # it is free again


@pytest.mark.parametrize(
    ("message", "holder"),
    [
        ("The process cannot access the file because it is being used by another process.\n",
         "another process"),
        ("O arquivo está em uso.\n\nFile is already open in \nC:\\Py 3\\python.exe (PID 4711)",
         "process 4711 (python.exe)"),
    ],
)  # fmt: skip
def test_a_lock_of_windows_is_waited_for_in_any_language(
    message: str, holder: str, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The messages are DuckDB's on Windows; here they come from the call that opens the file."""
    platform.warehouse.create_bronze()
    impatient = _impatient(platform.settings.home, 0.2)
    free_at = time.monotonic() + 0.6

    def attach(path: Path, spill_to: Path) -> AttachedFile:
        if time.monotonic() < free_at:
            raise duckdb.IOException(f'IO Error: Cannot open file "{path}": {message}')
        return AttachedFile(path, spill_to)

    monkeypatch.setattr(connection, "AttachedFile", attach)
    with pytest.raises(WarehouseBusyError, match=f"in use by {re.escape(holder)} for more than"):
        count(impatient, "bronze.orders")
    assert count(platform, "bronze.orders") == 0


def test_whoever_waits_long_enough_gets_the_warehouse(platform: Platform) -> None:
    with _held(platform):
        waiting = _start("write", platform.settings.home, 0, 1)
    assert _answer(waiting)["loaded"] > 0


def test_the_wait_of_many_threads_is_that_of_one(platform: Platform) -> None:
    impatient = _impatient(platform.settings.home, 1.0)
    busy: list[WarehouseBusyError] = []

    def look() -> None:
        try:
            embedded(impatient).query("SELECT 1")
        except WarehouseBusyError as error:
            busy.append(error)

    threads = [threading.Thread(target=look) for _ in range(40)]
    with _held(platform):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)  # one after the other they would take 40 s
        waiting = [thread for thread in threads if thread.is_alive()]
    assert len(busy) == 40 - len(waiting) == 40


def test_threads_of_a_process_take_turns_to_write(platform: Platform) -> None:
    platform.warehouse.create_bronze()
    impatient = _impatient(platform.settings.home, 0.2)
    refused: list[str] = []
    ledger = f"{platform.warehouse.prefix}_bronze.countries"

    def write() -> None:
        try:
            with embedded(impatient).writing():
                pass
        except WarehouseBusyError as error:
            refused.append(str(error))

    with embedded(platform).writing() as connection:
        connection.execute(f"INSERT INTO {ledger} VALUES (1, 'Brasil', NULL)")
        assert count(impatient, "bronze.countries") == 0  # readers do not wait, and see the past
        other = threading.Thread(target=write)
        other.start()
        other.join()
    assert len(refused) == 1
    assert "another task of this process" in refused[0]
    assert count(impatient, "bronze.countries") == 1
    write()
    assert len(refused) == 1
