"""Whatever happens in whatever order: no two active runs share a claim, ended ones have let go."""

import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.errors import AlreadyRunningError
from core.operations.runs import Ending, NewRun, RunHistory, RunState

CLAIMS = ("10:00", "12:00", "14:00", "16:00")
RUNS = st.integers(0, 11)
ENDINGS = st.sampled_from([RunState.SUCCEEDED, RunState.FAILED, RunState.INTERRUPTED])


class Histories(RuleBasedStateMachine):
    """Two processes' views of one history, beside a model of what each run should be."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.moment = datetime(2026, 2, 1, tzinfo=UTC)
        path = Path(self.folder.name) / "runs.sqlite"
        self.views = [RunHistory(path, lambda: self.moment) for _ in range(2)]
        self.claims: list[set[str]] = []  # of each run that was begun
        self.state: list[str] = []  # alive, cancelling or ended, of each

    def teardown(self) -> None:
        for run in range(len(self.claims)):
            self.views[0].let_go(run + 1)
        self.folder.cleanup()

    def view(self, number: int) -> RunHistory:
        return self.views[number % 2]

    def active(self, run: int) -> bool:
        return run < len(self.state) and self.state[run] != "ended"

    @rule(claims=st.sets(st.sampled_from(CLAIMS), min_size=1), by=st.integers(0, 1))
    def begin(self, claims: set[str], by: int) -> None:
        taken = {one for run in range(len(self.claims)) if self.active(run)
                 for one in self.claims[run]}  # fmt: skip
        try:
            self.view(by).enqueue(NewRun("upload", "t", {}, tuple(sorted(claims))))
        except AlreadyRunningError:
            assert claims & taken
        else:
            assert not claims & taken
            self.claims.append(claims)
            self.state.append("alive")

    @rule(run=RUNS, by=st.integers(0, 1))
    def start(self, run: int, by: int) -> None:
        if self.view(by).mark_running(run + 1):
            assert self.state[run] == "alive"

    @rule(run=RUNS, by=st.integers(0, 1))
    def beat(self, run: int, by: int) -> None:
        alive = self.view(by).record_heartbeat(run + 1)
        assert alive == (run < len(self.state) and self.state[run] == "alive")

    @rule(run=RUNS, by=st.integers(0, 1))
    def progress(self, run: int, by: int) -> None:
        if self.view(by).record_progress(run + 1, 1, 2, "half"):
            assert self.state[run] == "alive"

    @rule(run=RUNS, by=st.integers(0, 1), state=ENDINGS)
    def finish(self, run: int, by: int, state: RunState) -> None:
        assert self.view(by).finish(run + 1, Ending(state)) == self.active(run)
        self.becomes(run, "ended")

    @rule(run=RUNS, by=st.integers(0, 1))
    def cancel(self, run: int, by: int) -> None:
        assert self.view(by).cancel(run + 1) == self.active(run)
        assert self.view(by).is_to_stop(run + 1) == self.active(run)
        self.becomes(run, "cancelling")

    @rule(run=RUNS)
    def die(self, run: int) -> None:
        self.views[0].let_go(run + 1)
        self.becomes(run, "ended")

    @rule(seconds=st.integers(-100_000, 100_000))
    def jump(self, seconds: int) -> None:
        self.moment += timedelta(seconds=seconds)

    def becomes(self, run: int, state: str) -> None:
        if self.active(run):
            self.state[run] = state

    @invariant()
    def only_active_runs_hold_claims_and_no_two_the_same(self) -> None:
        active = self.views[0].list_active()  # marks the silent ones
        assert [run.id - 1 for run in active] == [
            run for run in range(len(self.claims)) if self.active(run)
        ]
        held = [claim for run in active for claim in run.claims]
        assert len(held) == len(set(held))
        connection = sqlite3.connect(self.views[0].path)
        rows = connection.execute("SELECT claim, run_id FROM claims").fetchall()
        connection.close()
        assert sorted(rows) == sorted((claim, run.id) for run in active for claim in run.claims)


Histories.TestCase.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
TestHistories = Histories.TestCase
