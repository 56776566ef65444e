"""A cancelled run begins nothing more, and keeps what it claims until it has stopped."""

import functools
import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import AlreadyRunningError, InputError
from core.generation.catalog import load_catalog
from core.generation.windows import WindowOfDay
from core.operations import jobs
from core.operations.backfill_plan import BackfillRequest, Mode, plan_backfill
from core.operations.daily_refresh import Refresh
from core.operations.jobs import Job
from core.operations.jobs.registry import KINDS
from core.operations.jobs.submit import Action
from core.operations.runs import Ending, NewRun, RunHistory, RunState, runner
from core.operations.scenarios.record import Record
from core.platform import Platform
from core.scenarios.scenario import load_scenario
from core.storage.object_names import MANIFEST_PREFIX
from core.storage.publish import Request
from core.storage.shards import Format
from tests.support.runs import run_job
from tests.support.scenes import objects

WINDOWS = load_catalog().windows
DATES = tuple(date(2026, 2, 1) + timedelta(days=number) for number in range(180))
LATER = datetime(2026, 3, 1, tzinfo=UTC)
WORK: dict[str, Callable[[], Job]] = {
    "windows": lambda: jobs.upload(Request(DATES, WINDOWS, (1,))),
    "days": lambda: jobs.upload(Request(DATES, (), (1,), day_orders=(1, 2))),
    "Parquet": lambda: jobs.upload(Request(DATES, WINDOWS, (1,)), written_as=Format.PARQUET),
}


@pytest.fixture
def history(tmp_path: Path) -> RunHistory:
    return RunHistory(tmp_path / "runs.sqlite", lambda: datetime.now(UTC))


def _published(platform: Platform) -> int:
    return len(platform.store.list(MANIFEST_PREFIX))


@pytest.mark.parametrize("work", WORK)
def test_after_a_run_was_cancelled_at_most_the_window_at_hand_is_completed(
    work: str, platform: Platform, history: RunHistory
) -> None:
    new = WORK[work]()
    run = jobs.submit(platform, history, new)
    deadline = time.monotonic() + 60
    while not _published(platform):
        assert time.monotonic() < deadline
    assert RunHistory(history.path, history.now).cancel(run.id)
    published = _published(platform)
    assert runner.wait(history, run.id, 60)
    found = history.find(run.id)
    assert found is not None
    assert found.state is RunState.CANCELLED
    assert _published(platform) <= published + 1


def test_a_removal_that_is_cancelled_lets_no_upload_of_its_windows_in_before_it_has_stopped(
    platform: Platform, history: RunHistory
) -> None:
    request = Request(DATES[:2], WINDOWS[:2], (1,))
    run_job(platform, history, jobs.upload(request))
    removal = history.enqueue(jobs.removal(request))
    history.cancel(removal.id)
    with pytest.raises(AlreadyRunningError):
        jobs.submit(platform, history, jobs.upload(request))
    history.finish(removal.id, Ending(RunState.CANCELLED))
    assert run_job(platform, history, jobs.upload(request)).state is RunState.SUCCEEDED


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"windows": ["window_1012", "window_0608"]}, "window_0608 is not in the catalog"),
        ({"promotion": True}, "'promotion'"),
    ],
)
def test_a_run_of_another_version_is_not_guessed_when_it_is_retried(
    platform: Platform, history: RunHistory, changed: dict[str, object], said: str
) -> None:
    for new in (
        jobs.upload(Request(DATES[:1], WINDOWS[:1], (1,))),
        jobs.generation(Request(DATES[:1], WINDOWS[:1], (1,)), "output"),
        jobs.removal(Request(DATES[:1], WINDOWS[:1], (1,))),
        jobs.filling(WindowOfDay(DATES[0], WINDOWS[0]), (1,)),
    ):
        kept = NewRun(new.kind, new.title, {**new.parameters, **changed}, new.claims)
        run = history.enqueue(kept)
        history.finish(run.id, Ending(RunState.FAILED))
        with pytest.raises(InputError, match=said):
            jobs.retry(platform, history, run.id)
        assert jobs.list_commands(run, platform.catalog) == [] or "windows" not in changed
    assert objects(platform.store) == {}
    assert history.list_active() == []


ONE = Request(DATES[:1], WINDOWS[:1], (1, 3), 7)


def record() -> Record:
    return Record(load_scenario("late-lunch"), ONE)


OF_EACH_KIND: tuple[Callable[[Platform], Job], ...] = (
    lambda _: jobs.generation(ONE, "output", overwrite=True),
    lambda _: jobs.upload(ONE),
    lambda _: jobs.upload(ONE, force=True, written_as=Format.PARQUET, task=(0, 1), load=False),
    lambda _: jobs.trial(ONE),
    lambda _: jobs.verification(ONE, 5.0),
    lambda _: jobs.ingestion(),
    lambda _: jobs.rebuild(["silver", "gold"], full=True),
    lambda _: jobs.simulation(ONE, 1.5, overwrite=True),
    lambda _: jobs.removal(ONE),
    lambda _: jobs.removal(ONE, {WINDOWS[0].tag: [3]}),
    lambda _: jobs.deletion({"a": 1}),
    lambda _: jobs.settlement(DATES[0], DATES[9]),
    lambda _: jobs.filling(WindowOfDay(DATES[0], WINDOWS[0]), (2, 5), overwrite=True),
    lambda _: jobs.reloading(WindowOfDay(DATES[0]), (1, 2)),
    lambda platform: jobs.backfill(
        plan_backfill(
            platform, BackfillRequest((DATES[0], DATES[0]), WINDOWS[:2], 3, None, Mode.ALL), LATER
        )
    ),
    lambda _: jobs.application(record(), overwrite=True),
    lambda _: jobs.releasing(everything=True),
    lambda _: jobs.withdrawal(record()),
    lambda _: jobs.refresh(Refresh(DATES[0], 5, full=True)),
    lambda _: jobs.refresh(Refresh(DATES[0]), airflow=True),
)


def test_a_job_of_every_kind_is_read_from_its_stored_parameters_as_it_was_submitted(
    platform: Platform,
) -> None:
    found = [make(platform) for make in OF_EACH_KIND]
    assert {job.kind for job in found} == KINDS.keys()
    for job in found:
        kind, stored = KINDS[job.kind], json.loads(json.dumps(job.parameters))
        assert stored.keys() <= kind.names
        assert _bound(kind.read(stored, platform.catalog)) == _bound(job.action)


def _bound(action: Action) -> tuple[object, ...]:
    """The function that does the work, and the values that it is given."""
    if isinstance(action, functools.partial):
        return (action.func, *action.args)
    return (action,)


UPLOADED = jobs.upload(ONE).parameters


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        ("upload", {"windows": []}),
        ("upload", {**UPLOADED, "format": "avro"}),
        ("upload", {**UPLOADED, "day_orders": [1, 2, 3]}),
        ("upload", {**UPLOADED, "dates": [20260201]}),
        ("upload", {**UPLOADED, "units": 10**30}),
        ("settle", {"dates": ["2026-02-01"]}),
        ("backfill", {"steps": [[]], "units": 1, "seed": 1, "overwrite": False}),
    ],
    ids=["none", "unknown", "three", "type", "size", "one", "empty"],
)
def test_a_stored_run_whose_parameters_this_version_cannot_read_is_refused(
    platform: Platform, history: RunHistory, kind: str, stored: dict[str, object]
) -> None:
    run = history.enqueue(NewRun(kind, "Lunch", stored, ()))
    history.finish(run.id, Ending(RunState.FAILED))
    with pytest.raises(InputError, match=f"Run {run.id} cannot be retried"):
        jobs.retry(platform, history, run.id)
    assert history.list_active() == []
    assert jobs.list_commands(run, platform.catalog) == [] or "format" in stored
