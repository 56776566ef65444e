"""`python -m core.scheduler` as real processes: one at a time, ended well or badly, caught up."""

import os
import pty
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.generation.windows import TIME_ZONE
from core.operations.runs import Ending, NewRun, RunHistory, RunState
from core.platform import Platform
from core.settings import Settings
from tests.support.scenes import ROOT, rows
from tests.support.schedule_scenes import missed_at, off_since, schedule_at

pytestmark = pytest.mark.processes

WAIT_S = 60
BEFORE_NOON = datetime(2026, 2, 1, 11, 59, tzinfo=TIME_ZONE)
NOON = BEFORE_NOON + timedelta(minutes=1)


class Process:
    """A schedule's process, with the lines that it has written."""

    def __init__(self, home: Path, *arguments: str, at: datetime | None = None) -> None:
        self.clock = home.with_suffix(".clock")
        if at:
            self.set(at)
        module = ["tests.support.schedule_worker", str(self.clock)] if at else ["core.scheduler"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *module, *arguments], cwd=ROOT,
            env={**os.environ, "MRHEALTH_HOME": str(home)},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self._queue: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def says(self, pattern: str) -> str:
        """Wait for a line that matches."""
        try:
            while (line := self._queue.get(timeout=WAIT_S)) is not None:
                if re.search(pattern, line):
                    return line
        except queue.Empty:
            pass
        pytest.fail(f"No line has {pattern!r}:\n{''.join(self.lines)}")

    def set(self, moment: datetime) -> None:
        """Set the clock of a process that was begun `at` a moment."""
        new = self.clock.with_suffix(".new")
        new.write_text(moment.isoformat(), encoding="utf-8")
        new.replace(self.clock)

    def ends(self) -> int:
        code = self.process.wait(WAIT_S)
        while self._queue.get(timeout=WAIT_S) is not None:
            pass
        return code

    def close(self) -> None:
        self.process.kill()
        self.process.wait(WAIT_S)

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            for line in output:
                self.lines.append(line)
                self._queue.put(line)
        self._queue.put(None)


@pytest.fixture
def started() -> Iterator[list[Process]]:
    """Processes of a test; those that still live are killed."""
    found: list[Process] = []
    yield found
    for process in found:
        process.close()


def begin(
    started: list[Process], home: Path, *arguments: str, at: datetime | None = None
) -> Process:
    started.append(Process(home, *arguments, at=at))
    return started[-1]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_it_says_what_it_does_and_ends_well(
    end: signal.Signals, home: Path, started: list[Process]
) -> None:
    process = begin(started, home)
    said = process.says("makes the calls")
    assert f"Process {process.process.pid} makes the calls of the schedule in {home}" in said
    assert "50 units, seed 20260201" in said
    assert re.search(r"at \d{4}-\d\d-\d\d \d\d:00 BRT for \d\d:00-", process.says("next tick"))
    assert schedule_at(home).state().state == "enabled"
    process.process.send_signal(end)
    assert process.ends() == 0
    assert "Stopped." in process.lines[-1]
    assert schedule_at(home).state().state == "not running"


def test_a_second_one_says_who_has_it_and_does_nothing(home: Path, started: list[Process]) -> None:
    first = begin(started, home)
    first.says("next tick")
    second = begin(started, home)
    assert second.ends() == 75
    (said,) = second.lines
    assert f"error: Process {first.process.pid} (python -m core.scheduler) makes the calls" in said
    assert re.search(r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d BRT", said)
    assert schedule_at(home).state().state == "enabled"


def test_of_many_that_start_together_one_runs(home: Path, started: list[Process]) -> None:
    processes = [begin(started, home) for _ in range(4)]
    refused = [p for p in processes if p.says("makes the calls").startswith("error: ")]
    assert [process.ends() for process in refused] == [75, 75, 75]
    (alive,) = (process for process in processes if process not in refused)
    holder = schedule_at(home).holder()
    assert holder
    assert holder.process == alive.process.pid


def test_one_that_was_killed_leaves_no_lock(home: Path, started: list[Process]) -> None:
    first = begin(started, home)
    first.says("next tick")
    first.process.kill()
    first.ends()
    assert schedule_at(home).state().state == "not running"
    begin(started, home).says("next tick")


def test_a_pause_survives_a_restart(home: Path, started: list[Process]) -> None:
    first = begin(started, home, at=BEFORE_NOON)
    first.says("next tick")
    schedule_at(home, BEFORE_NOON).pause()
    first.set(NOON)
    first.says("A tick passes: the schedule is paused")
    first.process.kill()
    first.ends()
    second = begin(started, home)
    second.says("It is paused")
    second.process.terminate()
    assert second.ends() == 0
    assert schedule_at(home).state().paused
    assert schedule_at(home).attempts(5) == []


def test_a_tick_uploads_its_window_and_the_run_is_in_the_history(
    home: Path, started: list[Process]
) -> None:
    schedule_at(home).generate(2, 7)
    process = begin(started, home, at=BEFORE_NOON)
    assert "for 12:00-14:00 Lunch peak" in process.says("next tick")
    process.set(NOON)
    assert "Upload 2026-02-01 12:00-14:00, 2 units, seed 7" in process.says("Run 1 begins")
    process.says("Run 1 succeeded: .*4 files written in the bucket")
    process.process.terminate()
    assert process.ends() == 0
    (run,) = schedule_at(home, NOON).attempts(5)
    assert (run.state, run.who, run.created_at) == (RunState.SUCCEEDED, "scheduler", NOON)
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))
    assert rows(platform, "SELECT COUNT(DISTINCT id_unidade) AS n FROM bronze.orders")[0]["n"] == 2


def test_a_call_that_may_succeed_later_is_made_again(home: Path, started: list[Process]) -> None:
    schedule_at(home).generate(1, 7)
    history = RunHistory(home / "runs.sqlite", lambda: NOON)
    other = history.enqueue(NewRun("upload", "By hand", {}, ("2026-02-01 12:00-14:00",)))
    process = begin(started, home, at=BEFORE_NOON)
    process.says("next tick")
    process.set(NOON)
    said = process.says("Another try follows at 2026-02-01 12:01:00 BRT")
    assert "Run 1 (By hand) works on 2026-02-01 12:00-14:00" in said
    history.finish(other.id, Ending(RunState.SUCCEEDED, "Done."))
    process.set(NOON + timedelta(hours=2, minutes=11))  # the machine slept meanwhile
    process.says("begins: Upload 2026-02-01 12:00-14:00")
    process.says("Run . succeeded")
    process.process.terminate()
    assert process.ends() == 0
    claims = {claim for run in schedule_at(home).attempts(5) for claim in run.claims}
    assert claims == {"2026-02-01 12:00-14:00", "2026-02-01 14:00-16:00"}


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_at_work_is_let_end_or_known_as_interrupted(
    end: signal.Signals, home: Path, started: list[Process]
) -> None:
    schedule_at(home).generate(400, 7)  # enough to be at work still when the signal comes
    process = begin(started, home, at=BEFORE_NOON)
    process.says("next tick")
    process.set(NOON)
    process.says("Run 1 begins")
    process.process.send_signal(end)
    code = process.ends()
    (run,) = schedule_at(home, NOON + timedelta(minutes=1)).attempts(5)
    if end is signal.SIGTERM:
        assert (code, run.state) == (0, RunState.SUCCEEDED)
    else:
        assert run.state is RunState.INTERRUPTED
    assert schedule_at(home, NOON + timedelta(minutes=1)).holder() is None


def test_a_run_that_a_kill_cut_off_is_done_by_the_next_process(
    home: Path, started: list[Process]
) -> None:
    schedule_at(home).generate(400, 7)
    process = begin(started, home, at=BEFORE_NOON)
    process.says("next tick")
    process.set(NOON)
    process.says("Run 1 begins")
    process.process.kill()
    process.ends()
    later = NOON + timedelta(hours=3)
    assert len(schedule_at(home, later).missed()) == 2
    schedule_at(home).generate(1, 7)
    process = begin(started, home, at=later)
    process.says("next tick")
    process.set(later + timedelta(seconds=1))
    process.says("Run 2 begins: Upload 2026-02-01 12:00-14:00, 1 unit")
    process.says("Run 2 succeeded")
    (_, window), *others = schedule_at(home, later).missed()
    assert (window.hours, others) == ("14:00-16:00", [])


def test_it_ends_when_its_folder_is_deleted(home: Path, started: list[Process]) -> None:
    process = begin(started, home, at=BEFORE_NOON)
    process.says("next tick")
    home.rename(home.with_name("away"))
    process.set(BEFORE_NOON + timedelta(seconds=1))
    process.says("was deleted: its schedule ends")
    assert process.ends() == 1
    begin(started, home).says("next tick")


def test_without_a_terminal_what_was_missed_is_told_and_left(
    home: Path, started: list[Process]
) -> None:
    missed = off_since(home, 24, BEFORE_NOON)
    process = begin(started, home, at=BEFORE_NOON)
    assert re.search(rf"{len(missed)} windows were missed", process.says("missed"))
    for told in missed:
        process.says(re.escape(told))
    process.says("left for now: use --catch-up yes")
    process.process.terminate()
    assert process.ends() == 0
    assert schedule_at(home).attempts(5) == []
    assert missed_at(home, BEFORE_NOON) == missed


def test_what_was_missed_is_caught_up_when_it_is_wanted(home: Path, started: list[Process]) -> None:
    missed = off_since(home, 24, BEFORE_NOON)
    process = begin(started, home, "--catch-up", "yes", at=BEFORE_NOON)
    process.says("Run 1 succeeded")
    process.process.terminate()
    assert process.ends() == 0
    schedule = schedule_at(home, BEFORE_NOON)
    assert schedule.missed() == []
    claims = [claim for run in schedule.attempts(9) for claim in run.claims]
    assert sorted(claims) == sorted(missed)


@pytest.mark.parametrize(("answer", "caught_up"), [("y\n", True), ("\n", False), ("\x03", False)])
def test_on_a_terminal_it_is_asked(answer: str, caught_up: bool, home: Path) -> None:
    missed = off_since(home, 24, BEFORE_NOON)
    clock = home.with_suffix(".clock")
    clock.write_text(BEFORE_NOON.isoformat(), encoding="utf-8")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.schedule_worker", str(clock)],
        cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs,
        env={**os.environ, "MRHEALTH_HOME": str(home)}, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        _read_until(ours, "[y/N]")
        if answer == "\x03":  # a terminal would turn it into the signal
            process.send_signal(signal.SIGINT)
        else:
            os.write(ours, answer.encode())
            _read_until(ours, "succeeded" if caught_up else "left for now")
            process.terminate()
        assert process.wait(WAIT_S) == 0
    finally:
        process.kill()
        process.wait(WAIT_S)
        os.close(ours)
    assert missed_at(home, BEFORE_NOON) == ([] if caught_up else missed)


def _read_until(terminal: int, text: str) -> None:
    seen = ""
    while text not in seen:
        seen += os.read(terminal, 1000).decode()


def test_on_google_cloud_it_is_refused() -> None:
    env = {"GCP_PROJECT_ID": "my-project", "GCS_BUCKET_NAME": "my-bucket"}
    done = subprocess.run(
        [sys.executable, "-m", "core.scheduler"], cwd=ROOT, env={**os.environ, **env},
        capture_output=True, text=True, timeout=WAIT_S, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert re.fullmatch(
        r"error: On Google Cloud the schedule is Cloud Scheduler's[^\n]+\n", done.stderr
    )
