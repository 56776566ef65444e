"""The history of runs keeps what happened, and nobody does the same work twice at once."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import AlreadyRunningError, InputError, PlatformError, StoreError, TransientError
from core.operations.runs import (
    SILENCE_S,
    Ending,
    NewRun,
    RunFilter,
    RunHistory,
    RunState,
    left_s,
    runner,
)
from core.operations.runs.database import _SCHEMA, text_of
from core.operations.runs.runner import Context

ROOT = Path(__file__).parent.parent.parent
START = datetime(2026, 2, 1, 15, 0, tzinfo=UTC)

CONTENDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from core.errors import AlreadyRunningError
from core.operations.runs import NewRun, RunHistory
history = RunHistory(Path(sys.argv[1]), lambda: datetime.now(UTC))
sys.stdin.readline()
for n in range(20):
    try:
        history.enqueue(NewRun("upload", "t", {}, (f"window {n}",)))
        sys.stdout.write(f"{n}\\n")
    except AlreadyRunningError:
        pass
sys.stdout.write("done\\n")
sys.stdout.flush()
sys.stdin.readline()
"""


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def history(tmp_path: Path, clock: Clock) -> RunHistory:
    return RunHistory(tmp_path / "home" / "runs.sqlite", clock)


def upload(*claims: str, units: int = 3, overwrite: bool = False) -> NewRun:
    return NewRun("upload", "Upload", {"units": units, "overwrite": overwrite}, claims)


def done(history: RunHistory, new: NewRun, work: Callable[[Context], str]) -> int:
    run = runner.run_in_background(history, new, work)
    assert runner.wait(history, run.id, 20)
    return run.id


def test_a_run_is_kept_with_its_progress_log_and_result(history: RunHistory) -> None:
    def work(context: Context) -> str:
        context.log("first step")
        context.progress(1, 2, "half")
        context.progress(2, 2, "all")
        context.details["tables"] = [{"name": "orders", "rows": 3}]
        return "3 orders uploaded."

    run_id = done(history, upload("a"), work)

    again = RunHistory(history.path, history.now).find(run_id)
    assert again is not None
    assert (again.state, again.result) == (RunState.SUCCEEDED, "3 orders uploaded.")
    assert (again.done, again.total, again.doing) == (2, 2, "all")
    assert again.details == {"tables": [{"name": "orders", "rows": 3}]}
    assert again.parameters == {"units": 3, "overwrite": False}
    assert again.started_at == again.finished_at == START
    assert [(line.at, line.text) for line in history.read_log(run_id)] == [(START, "first step")]


def test_two_runs_never_share_a_claim_while_one_is_active(history: RunHistory) -> None:
    first = history.enqueue(upload("12:00", "14:00"))
    with pytest.raises(AlreadyRunningError, match=r"Run 1 \(Upload\) works on 14:00"):
        history.enqueue(upload("14:00", "16:00"))
    history.enqueue(upload("16:00"))

    history.finish(first.id, Ending(RunState.SUCCEEDED))
    assert history.enqueue(upload("14:00")).state is RunState.QUEUED


def test_a_run_that_has_ended_leaves_no_lock(history: RunHistory) -> None:
    first, second = history.enqueue(upload("a")), history.enqueue(upload("b"))
    history.finish(first.id, Ending(RunState.SUCCEEDED))
    locks = history.path.parent.glob("*.lock")
    assert [file.name for file in locks] == [f"runs-{second.id}.lock"]


@pytest.mark.processes
def test_processes_cannot_claim_the_same(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    contenders = [
        subprocess.Popen(
            [sys.executable, "-c", CONTENDER, str(path)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    for contender in contenders:
        assert contender.stdin is not None
        contender.stdin.write("go\n")
        contender.stdin.flush()
    won: list[str] = []
    for contender in contenders:  # they end together: a run ends with its process
        assert contender.stdout is not None
        won += iter(contender.stdout.readline, "done\n")
    for contender in contenders:
        contender.communicate("end\n", timeout=60)
    assert sorted(map(int, won)) == list(range(20))


def test_a_run_whose_worker_has_gone_is_interrupted_and_its_work_can_begin_again(
    history: RunHistory, clock: Clock
) -> None:
    lost = history.enqueue(upload("a"))
    history.mark_running(lost.id)
    clock.pass_by(5)
    history.let_go(lost.id)  # as when its process ends

    found = history.find(lost.id)
    assert found is not None
    assert (found.state, found.finished_at) == (RunState.INTERRUPTED, START)
    assert "Retry" in found.error
    assert history.enqueue(upload("a")).id != lost.id


@pytest.mark.parametrize(
    "days", [0.0003, 400, -400], ids=["25 s ahead", "a year on", "a year back"]
)
def test_no_jump_of_the_clock_ends_a_living_run_or_lets_another_in(
    history: RunHistory, clock: Clock, days: float
) -> None:
    run = history.enqueue(upload("a"))
    history.mark_running(run.id)
    clock.moment += timedelta(days=days)
    assert [active.id for active in history.list_active()] == [run.id]
    with pytest.raises(AlreadyRunningError):
        history.enqueue(upload("a"))
    assert history.record_progress(run.id, 1, 2, "half")
    assert history.finish(run.id, Ending(RunState.SUCCEEDED))


@pytest.mark.parametrize("locked", [True, False])
def test_a_run_that_a_clock_far_ahead_began_and_that_was_killed_refuses_nothing(
    history: RunHistory, clock: Clock, locked: bool
) -> None:
    clock.pass_by(90 * 86_400)
    killed = history.enqueue(upload("a"))
    history.let_go(killed.id) if locked else _without_a_lock(history, killed.id)
    clock.moment = START
    assert history.enqueue(upload("a")).is_active
    found = history.find(killed.id)
    assert found is not None
    assert (found.state, found.finished_at) == (RunState.INTERRUPTED, START)


def _without_a_lock(history: RunHistory, run_id: int) -> None:
    """Have a run as an older version began it."""
    history.let_go(run_id)
    for lock in history.path.parent.glob("*.lock"):
        lock.unlink()
    with sqlite3.connect(history.path) as connection:
        connection.execute("UPDATE runs SET state = 'running' WHERE id = ?", (run_id,))
    connection.close()


def test_a_run_without_a_lock_is_alive_as_long_as_it_says_so(
    history: RunHistory, clock: Clock
) -> None:
    run = history.enqueue(upload("a"))
    _without_a_lock(history, run.id)
    for _ in range(5):
        clock.pass_by(SILENCE_S - 1)
        assert history.record_heartbeat(run.id)
    assert [active.id for active in history.list_active()] == [run.id]
    clock.pass_by(SILENCE_S + 1)
    assert history.list_active() == []


@pytest.mark.processes
def test_a_killed_process_leaves_runs_that_are_interrupted_at_once(
    tmp_path: Path, clock: Clock
) -> None:
    script = CONTENDER.replace("sys.stdin.readline()\n", "")
    path = tmp_path / "runs.sqlite"
    subprocess.run([sys.executable, "-c", script, str(path)], cwd=ROOT, check=True, timeout=60)
    history = RunHistory(path, clock)
    assert history.list_active() == []
    assert {run.state for run in history.list_recent(30)} == {RunState.INTERRUPTED}
    assert history.enqueue(upload("window 3")).is_active
    assert [file.name for file in tmp_path.glob("*.lock")] == ["runs-21.lock"]


@pytest.mark.processes
def test_a_run_of_another_process_is_alive_as_long_as_that_is(tmp_path: Path, clock: Clock) -> None:
    script = CONTENDER.replace("sys.stdin.readline()\n", "", 1)
    path = tmp_path / "runs.sqlite"
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert len(list(iter(process.stdout.readline, "done\n"))) == 20
        history = RunHistory(path, clock)
        clock.moment = datetime.now(UTC) + timedelta(days=1)
        assert len(history.list_active()) == 20
        process.kill()
        process.wait(30)
        assert history.list_active() == []


def test_a_history_of_the_version_before_is_brought_up_to_date(
    tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "runs.sqlite"
    before = sqlite3.connect(path, isolation_level=None)
    before.executescript(_SCHEMA)
    before.execute(
        "INSERT INTO runs (kind, title, parameters, claims, who, state, created_at, heartbeat_at) "
        "VALUES ('upload', 'Upload', '{}', '[\"a\"]', 'panel', 'running', ?, ?)",
        (text_of(START), text_of(START)),
    )
    before.execute("INSERT INTO claims VALUES ('a', 1)")
    before.close()
    history = RunHistory(path, clock)
    assert history.cancel(1)
    with pytest.raises(AlreadyRunningError):
        history.enqueue(upload("a"))
    clock.pass_by(SILENCE_S + 1)
    assert history.enqueue(upload("a")).is_active
    assert [run.state for run in history.list_recent(9)] == [RunState.QUEUED, RunState.CANCELLED]


def test_a_worker_that_cannot_write_its_end_does_not_keep_its_claims(
    history: RunHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bool:
        raise StoreError("No room.")

    with monkeypatch.context() as full:
        full.setattr(RunHistory, "finish", refuse)
        run_id = done(history, upload("a"), lambda _: "done")
    found = history.find(run_id)
    assert found is not None
    assert found.state is RunState.INTERRUPTED
    assert history.enqueue(upload("a")).is_active


def test_the_worker_beats_while_it_works(
    history: RunHistory, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "HEARTBEAT_S", 0.01)
    beats: list[int] = []
    enough = threading.Event()

    class Listening(RunHistory):
        def record_heartbeat(self, run_id: int) -> bool:
            beats.append(run_id)
            if len(beats) > 3:
                enough.set()
            return super().record_heartbeat(run_id)

    listening = Listening(history.path, clock)
    run_id = done(listening, upload("a"), lambda _: "heard" if enough.wait(20) else "silent")
    found = history.find(run_id)
    assert found is not None
    assert found.result == "heard"
    assert set(beats) == {run_id}


def test_an_expected_failure_is_its_own_sentence(history: RunHistory) -> None:
    def work(context: Context) -> str:
        context.details["kept"] = True
        raise InputError("Nothing works today: come tomorrow.")

    found = history.find(done(history, upload("a"), work))
    assert found is not None
    assert found.state is RunState.FAILED
    assert (found.error, found.error_type) == ("Nothing works today: come tomorrow.", "InputError")
    assert found.details == {"kept": True}


def test_an_unexpected_failure_is_a_sentence_and_a_logged_traceback(
    history: RunHistory, caplog: pytest.LogCaptureFixture
) -> None:
    def work(_: Context) -> str:
        empty: dict[str, str] = {}
        return empty["absent"]

    found = history.find(done(history, upload("a"), work))
    assert found is not None
    assert found.state is RunState.FAILED
    assert "KeyError" in found.error
    assert "Traceback" not in found.error
    assert caplog.records[-1].exc_info
    assert history.enqueue(upload("a")).is_active


def test_only_failures_that_nobody_took_up_again_are_unresolved(history: RunHistory) -> None:
    def fail(_: Context) -> str:
        raise PlatformError("No.")

    done(history, upload("a", units=1), fail)
    second = done(history, upload("b", units=2), fail)
    done(history, NewRun("rebuild", "Upload", {"units": 2}, ("c",)), lambda _: "Yes.")
    done(history, upload("a", units=1, overwrite=True), lambda _: "Yes.")
    assert [run.id for run in history.list_unresolved(10)] == [second]


@pytest.mark.parametrize(
    ("kinds", "claims", "resolved"),
    [
        (["fill"], [("a", "b")], True),
        (["backfill", "rebuild"], [("a", "z"), ("b",)], True),
        (["backfill"], [("a",)], False),
        (["reload"], [("a", "b")], False),  # it loads what is there, and fills nothing
        (["generate"], [("/folder/a", "/folder/b")], False),
    ],
)
def test_a_failure_is_resolved_by_whatever_work_did_its_windows_and_layers_later(
    history: RunHistory, kinds: list[str], claims: list[tuple[str, ...]], *, resolved: bool
) -> None:
    def fail(_: Context) -> str:
        raise PlatformError("No.")

    before = done(history, NewRun("fill", "Fill", {}, ("a", "b")), lambda _: "Yes.")
    failed = done(history, upload("a", "b", "/folder/a"), fail)
    assert failed > before
    for kind, claimed in zip(kinds, claims, strict=True):
        done(history, NewRun(kind, kind, {"other": 1}, claimed), fail)
    assert failed in [run.id for run in history.list_unresolved(9)]
    for kind, claimed in zip(kinds, claims, strict=True):
        done(history, NewRun(kind, kind, {"other": 1}, claimed), lambda _: "Yes.")
    assert ([run.id for run in history.list_unresolved(9)] == []) is resolved


def test_a_failure_that_is_dismissed_waits_for_nobody_and_says_by_whom(history: RunHistory) -> None:
    def fail(_: Context) -> str:
        raise PlatformError("No.")

    failed, fine = done(history, upload("a"), fail), done(history, upload("b", units=9), str)
    assert history.dismiss(failed, "panel ana@example.com")
    assert history.list_unresolved(9) == []
    found = history.find(failed)
    assert found is not None
    assert (found.state, found.dismissed) == (RunState.FAILED, "panel ana@example.com")
    assert not history.dismiss(failed, "panel")
    assert not history.dismiss(fine, "panel")


def test_recent_runs_come_newest_first_and_by_kind(history: RunHistory) -> None:
    ids = [
        done(history, NewRun(kind, kind, {}, ("a",)), lambda _: "Yes.")
        for kind in ("upload", "rebuild", "upload")
    ]
    assert [run.id for run in history.list_recent(2)] == ids[:0:-1]
    assert [run.id for run in history.list_recent(5, ["upload"])] == [ids[2], ids[0]]


def test_deleting_the_folder_is_a_full_reset(history: RunHistory) -> None:
    done(history, upload("a"), lambda _: "Yes.")
    for file in history.path.parent.iterdir():
        file.unlink()
    assert history.list_recent(5) == []


def test_a_file_that_is_no_history_is_told_in_a_sentence(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "runs.sqlite"
    path.write_bytes(b"this is not a database, whatever its name may say" * 20)
    with pytest.raises(StoreError, match=r"runs\.sqlite"):
        RunHistory(path, clock).list_recent(1)


def test_a_locked_history_is_worth_another_try(
    history: RunHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.list_recent(1)
    monkeypatch.setattr("core.sqlite_file._WAIT_S", 0.05)
    holder = sqlite3.connect(history.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(PlatformError, match="locked"):
            history.list_recent(1)
    finally:
        holder.close()


def test_a_cancelled_run_begins_no_step_more_and_keeps_its_claims_until_it_has_stopped(
    history: RunHistory,
) -> None:
    begun, go_on, steps = threading.Event(), threading.Event(), []

    def work(context: Context) -> str:
        for step in range(3):
            context.progress(step, 3, "a step")  # told within 0.2 s of the one before
            steps.append(step)
            begun.set()
            go_on.wait(20)
        return "never"

    run = runner.run_in_background(history, upload("a"), work)
    assert begun.wait(20)
    other = RunHistory(history.path, history.now)  # as another process would
    assert other.cancel(run.id)
    found = other.find(run.id)
    assert found is not None
    assert (found.state, found.is_active) == (RunState.CANCELLING, True)
    with pytest.raises(AlreadyRunningError, match="works on a"):
        other.enqueue(upload("a"))
    go_on.set()
    assert runner.wait(history, run.id, 20)

    found = history.find(run.id)
    assert found is not None
    assert (found.state, found.error_type) == (RunState.CANCELLED, "Cancelled")
    assert steps == [0]
    assert not history.cancel(run.id)
    assert history.enqueue(upload("a")).is_active


@pytest.mark.parametrize(
    ("work_ends", "state"),
    [(lambda _: "All done.", RunState.SUCCEEDED), (None, RunState.CANCELLED)],
    ids=["done all the same", "failed"],
)
def test_a_cancelled_run_whose_last_step_ends_is_what_it_came_to(
    history: RunHistory, work_ends: Callable[[Context], str] | None, state: RunState
) -> None:
    def work(context: Context) -> str:
        history.cancel(1)
        if work_ends is None:
            raise InputError("No.")
        return work_ends(context)

    found = history.find(done(history, upload("a"), work))
    assert found is not None
    assert found.state is state


def test_a_cancelled_run_whose_process_ends_is_cancelled_and_lets_go(history: RunHistory) -> None:
    run = history.enqueue(upload("a"))
    history.cancel(run.id)
    history.let_go(run.id)
    assert history.enqueue(upload("a")).is_active
    found = history.find(run.id)
    assert found is not None
    assert (found.state, found.error_type) == (RunState.CANCELLED, "Cancelled")


def test_a_run_that_waits_is_cancelled_within_a_beat(
    history: RunHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "HEARTBEAT_S", 0.01)
    begun = threading.Event()

    def work(context: Context) -> str:
        begun.set()
        context.pause(3600)
        return "never"

    run = runner.run_in_background(history, upload("a"), work)
    assert begun.wait(20)
    assert history.cancel(run.id)
    assert runner.wait(history, run.id, 20)


def test_a_queued_run_that_was_cancelled_is_not_begun(history: RunHistory) -> None:
    queued = history.enqueue(upload("a"))
    assert history.cancel(queued.id)
    assert not history.mark_running(queued.id)
    assert history.finish(queued.id, Ending(RunState.CANCELLED))
    assert not history.finish(queued.id, Ending(RunState.SUCCEEDED))


def test_a_run_begins_once(history: RunHistory, clock: Clock) -> None:
    run = history.enqueue(upload("a"))
    assert history.mark_running(run.id)
    clock.pass_by(10)
    assert not history.mark_running(run.id)
    (found,) = history.list_active()
    assert (found.state, found.started_at) == (RunState.RUNNING, START)
    history.finish(run.id, Ending(RunState.SUCCEEDED))
    assert not history.mark_running(run.id)


def test_a_run_that_is_not_running_makes_no_progress(history: RunHistory) -> None:
    run = history.enqueue(upload("a"))
    assert not history.record_progress(run.id, 1, 2, "too early")
    assert history.find(run.id) == run
    history.mark_running(run.id)
    assert history.record_progress(run.id, 1, 2, "half")
    history.finish(run.id, Ending(RunState.SUCCEEDED))
    assert not history.record_progress(run.id, 2, 2, "too late")
    found = history.find(run.id)
    assert found is not None
    assert (found.done, found.total, found.doing) == (1, 2, "half")


@pytest.mark.parametrize("sign", ["!", "%", "_", "\\", "'", '"', "*", "?", "["])
def test_a_sign_is_searched_for_as_it_is(history: RunHistory, sign: str) -> None:
    wanted = history.enqueue(NewRun("upload", f"Lunch{sign} now", {}, ("a",)))
    history.enqueue(NewRun("upload", "Lunch, now", {}, ("b",)))
    assert [run.id for run in history.search(RunFilter(text=sign), 9)] == [wanted.id]


def test_a_cancelled_retry_leaves_the_failure_before_it_unresolved(history: RunHistory) -> None:
    def fail(_: Context) -> str:
        raise PlatformError("No.")

    failed = done(history, upload("a"), fail)
    retried = history.enqueue(upload("a"))
    assert history.cancel(retried.id)
    assert [run.id for run in history.list_unresolved(5)] == [failed]
    history.let_go(retried.id)
    assert [run.id for run in history.list_unresolved(5)] == [failed]


def test_runs_are_found_by_state_kind_who_and_text(history: RunHistory) -> None:
    def fail(_: Context) -> str:
        raise PlatformError("Disk 50% full_up.")

    first = done(history, NewRun("upload", "Lunch", {}, (), "script"), lambda _: "3 orders.")
    second = done(history, NewRun("rebuild", "Silver", {}, (), "panel"), fail)
    third = history.enqueue(NewRun("upload", "Dinner", {}, (), "scheduler")).id

    def ids(**wanted: object) -> list[int]:
        return [run.id for run in history.search(RunFilter(**wanted), 10)]  # type: ignore[arg-type] # one of many types

    assert ids() == [third, second, first]
    assert ids(states=("failed", "queued")) == [third, second]
    assert ids(kinds=("upload",)) == [third, first]
    assert ids(kinds=("upload",), who=("script", "panel")) == [first]
    assert ids(text="LUNCH") == ids(text="3 orders") == ids(text=f"#{first}") == [first]
    assert ids(text="50% full_up") == [second]
    assert ids(text="50%%") == ids(text="full%up") == ids(text="full-up") == []
    assert [run.id for run in history.search(RunFilter(), 1)] == [third]


def test_work_in_the_foreground_is_a_run_like_any_other(history: RunHistory) -> None:
    told: list[tuple[int, int, str]] = []
    with runner.run_here(history, upload("a")) as context:
        context.also = lambda *step: told.append(step)
        context.progress(1, 1, "all")
        with pytest.raises(AlreadyRunningError, match="works on a"):
            history.enqueue(upload("a"))
        context.result = "Printed."
    found = history.list_recent(1)[0]
    assert (found.state, found.result) == (RunState.SUCCEEDED, "Printed.")
    assert told == [(1, 1, "all")]


@pytest.mark.parametrize(
    ("error", "state", "told"),
    [
        (InputError("Not so."), RunState.FAILED, "Not so."),
        (KeyboardInterrupt(), RunState.INTERRUPTED, "stopped it before it was done"),
        (KeyError("x"), RunState.FAILED, "KeyError"),
    ],
)
def test_an_error_in_the_foreground_is_kept_and_goes_on_to_the_caller(
    history: RunHistory, error: BaseException, state: RunState, told: str
) -> None:
    with pytest.raises(type(error)), runner.run_here(history, upload("a")):
        raise error
    found = history.list_recent(1)[0]
    assert found.state is state
    assert told in found.error
    assert history.enqueue(upload("a")).is_active


def test_a_run_in_the_foreground_that_is_cancelled_says_so(history: RunHistory) -> None:
    def step(context: Context) -> None:
        history.cancel(history.list_recent(1)[0].id)
        context.progress(1, 1, "next")

    with (
        pytest.raises(TransientError, match="Run 1 was cancelled and stopped"),
        runner.run_here(history, upload("a")) as context,
    ):
        step(context)


def test_more_claims_than_a_statement_has_variables(history: RunHistory) -> None:
    many = tuple(f"window {number}" for number in range(40_000))
    history.enqueue(upload(*many, many[0]))
    with pytest.raises(AlreadyRunningError, match="works on window 39999"):
        history.enqueue(upload(many[-1]))


@pytest.mark.parametrize(
    ("done", "total", "elapsed_s", "left"),
    [(1, 4, 10.0, 30.0), (3, 4, 30.0, 10.0), (0, 4, 9.0, None), (4, 4, 9.0, None), (1, 0, 9, None),
     (2, 4, 0.0, None)],
)  # fmt: skip
def test_the_rest_is_estimated_from_the_rate_so_far(
    done: int, total: int, elapsed_s: float, left: float | None
) -> None:
    assert left_s(done, total, elapsed_s) == left


def test_a_running_run_knows_how_long_its_rest_will_take(history: RunHistory, clock: Clock) -> None:
    run = history.enqueue(upload("a"))
    assert run.left_s(clock()) is None
    history.mark_running(run.id)
    clock.pass_by(10)
    history.record_progress(run.id, 1, 3, "first")
    (running,) = history.list_active()
    assert running.left_s(clock()) == 20
