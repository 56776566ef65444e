"""A cancelled run begins nothing more, and keeps what it claims until it has stopped."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import AlreadyRunningError, InputError
from core.generation.catalog import load_catalog
from core.operations import jobs
from core.operations.jobs.registry import PARAMETERS
from core.operations.jobs.registry import WORK as KINDS
from core.operations.runs import Ending, NewRun, RunHistory, RunState, runner
from core.platform import Platform
from core.storage.object_names import MANIFEST_PREFIX
from core.storage.publish import Request
from core.storage.shards import Format
from tests.support.scenes import objects

WINDOWS = load_catalog().windows
DATES = tuple(date(2026, 2, 1) + timedelta(days=number) for number in range(180))
WORK: dict[str, Callable[[], NewRun]] = {
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
    run = jobs.start(platform, history, new)
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
    jobs.run(platform, history, jobs.upload(request))
    removal = history.begin(jobs.removal(request))
    history.cancel(removal.id)
    with pytest.raises(AlreadyRunningError):
        jobs.start(platform, history, jobs.upload(request))
    history.finish(removal.id, Ending(RunState.CANCELLED))
    assert jobs.run(platform, history, jobs.upload(request)).state is RunState.SUCCEEDED


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
        jobs.filling(DATES[0], WINDOWS[0], (1,)),
    ):
        kept = NewRun(new.kind, new.title, {**new.parameters, **changed}, new.claims)
        run = history.begin(kept)
        history.finish(run.id, Ending(RunState.FAILED))
        with pytest.raises(InputError, match=said):
            jobs.retry(platform, history, run.id)
        assert jobs.commands(run, platform.catalog) == [] or "windows" not in changed
    assert objects(platform.store) == {}
    assert history.active() == []


def test_every_kind_of_work_knows_its_own_parameters() -> None:
    assert PARAMETERS.keys() == KINDS.keys()
