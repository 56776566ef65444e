"""What each kind of work claims: of two that would write the same sales one has to wait."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.errors import AlreadyRunningError
from core.generation.catalog import load_catalog
from core.generation.windows import WindowOfDay
from core.operations import jobs
from core.operations.backfill_plan import BackfillRequest, Mode, last_failed, plan_backfill
from core.operations.daily_refresh import Refresh
from core.operations.runs import Ending, NewRun, RunHistory, RunState
from core.platform import Platform
from core.storage.publish import Request
from core.storage.shards import Format

DAY, NEXT = date(2026, 2, 1), date(2026, 2, 2)
NOW = datetime(2026, 2, 4, 3, 0, tzinfo=UTC)
WINDOWS = load_catalog().windows
DAYS = Request((DAY, NEXT), (), (1, 2))
LUNCH = Request((NEXT,), WINDOWS[1:2], (1, 2))
OTHER_DATE = Request((date(2026, 2, 3),), WINDOWS[1:2], (1, 2))


def _backfill(platform: Platform, asked: Request) -> NewRun:
    (day,) = asked.dates
    chosen = plan_backfill(
        platform, BackfillRequest((day, day), asked.windows, 2, mode=Mode.ALL), NOW
    )
    return jobs.backfill(chosen)


WHOLE_DAYS: dict[str, Callable[[], NewRun]] = {
    "bulk": lambda: jobs.upload(DAYS),
    "Parquet of some windows": lambda: jobs.upload(
        Request((DAY, NEXT), WINDOWS[:1], (1,)), written_as=Format.PARQUET
    ),
    "a task's share": lambda: jobs.upload(DAYS, task=(1, 2)),
    "removal": lambda: jobs.removal(DAYS),
    "bulk repair": lambda: jobs.filling(WindowOfDay(NEXT), (1, 2)),
    "bulk reload": lambda: jobs.reloading(WindowOfDay(NEXT), (1, 2)),
}
OF_A_WINDOW: dict[str, Callable[[Platform, Request], NewRun]] = {
    "upload": lambda _, asked: jobs.upload(asked),
    "simulation": lambda _, asked: jobs.simulation(asked, 0),
    "fill": lambda _, asked: jobs.filling(asked.slices[0], asked.units),
    "reload": lambda _, asked: jobs.reloading(asked.slices[0], asked.units),
    "backfill": _backfill,
    "removal": lambda _, asked: jobs.removal(asked),
}


@pytest.fixture
def history(tmp_path: Path) -> RunHistory:
    return RunHistory(tmp_path / "runs.sqlite", lambda: NOW)


@pytest.mark.parametrize("whole", WHOLE_DAYS)
@pytest.mark.parametrize("part", OF_A_WINDOW)
def test_work_on_a_whole_day_and_on_one_of_its_windows_exclude_each_other(
    whole: str, part: str, platform: Platform, history: RunHistory
) -> None:
    pair = [WHOLE_DAYS[whole](), OF_A_WINDOW[part](platform, LUNCH)]
    for first, second in (pair, pair[::-1]):
        holder = history.enqueue(first)
        with pytest.raises(AlreadyRunningError, match=r"works on"):
            history.enqueue(second)
        assert history.finish(holder.id, Ending(RunState.SUCCEEDED))
    if whole != "removal" or part not in ("simulation", "removal"):  # these share the layers
        history.enqueue(pair[0])
        history.enqueue(OF_A_WINDOW[part](platform, OTHER_DATE))


@pytest.mark.parametrize("written_as", Format)
def test_an_output_folders_whole_days_and_windows_exclude_each_other_in_it_alone(
    written_as: Format, history: RunHistory, tmp_path: Path
) -> None:
    here, there = (str(tmp_path / name) for name in ("here", "there"))
    history.enqueue(jobs.generation(DAYS, here, written_as=written_as))
    with pytest.raises(AlreadyRunningError):
        history.enqueue(jobs.generation(LUNCH, here))
    history.enqueue(jobs.generation(LUNCH, there))
    history.enqueue(jobs.upload(LUNCH))


def test_a_whole_day_that_an_older_version_kept_claims_its_windows_when_it_is_retried(
    platform: Platform, history: RunHistory
) -> None:
    new = jobs.upload(DAYS)
    kept = NewRun(new.kind, new.title, new.parameters, (f"{DAY} whole day", f"{NEXT} whole day"))
    old = history.enqueue(kept)
    history.finish(old.id, Ending(RunState.FAILED))
    history.enqueue(jobs.upload(LUNCH))
    with pytest.raises(AlreadyRunningError, match=f"{NEXT} 12:00-14:00"):
        jobs.retry(platform, history, old.id)


def test_a_whole_day_that_failed_says_nothing_of_its_windows(history: RunHistory) -> None:
    run = history.enqueue(jobs.upload(DAYS))
    history.finish(run.id, Ending(RunState.FAILED))
    assert not {str(WindowOfDay(NEXT, window)) for window in WINDOWS} & last_failed(
        history.list_recent(9)
    )


def test_the_refresh_of_a_date_and_work_on_one_of_its_windows_exclude_each_other(
    history: RunHistory,
) -> None:
    refresh = history.enqueue(jobs.refresh(Refresh(NEXT)))
    with pytest.raises(AlreadyRunningError, match=f"{NEXT} 12:00-14:00"):
        history.enqueue(jobs.upload(LUNCH))
    history.enqueue(jobs.upload(OTHER_DATE))
    history.finish(refresh.id, Ending(RunState.SUCCEEDED))
    history.enqueue(jobs.upload(LUNCH))
    with pytest.raises(AlreadyRunningError):
        history.enqueue(jobs.refresh(Refresh(NEXT)))
    history.enqueue(jobs.refresh(Refresh(NEXT), airflow=True))  # its steps are runs of their own
