"""The embedded schedule with a clock that is handed in: ticks, pauses, calls by hand."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AlreadyRunningError, InputError, StoreError
from core.generation.catalog import Catalog, load_catalog
from core.generation.windows import TIME_ZONE
from core.operations.runs import NewRun, RunHistory, RunState, runner
from core.platform import Platform
from core.scheduler import Schedule, next_ticks, ticks_of
from core.scheduler.cloud import CloudSchedule
from core.scheduler.local import LocalSchedule
from core.scheduler.service import make_trigger
from core.scheduler.state import Call, EmbeddedState, Slot
from tests.support.scenes import rows
from tests.support.schedule_scenes import DAY, Scene, brt


@pytest.fixture
def scene(platform: Platform) -> Scene:
    return Scene(platform, brt(9))


BRAZIL = st.dates(date(2010, 1, 2), date(2099, 12, 1))
CHANGES = st.sampled_from([
    date(2018, 11, 4), date(2019, 2, 17), date(2017, 10, 15), date(2018, 2, 18), date(2010, 10, 17),
])  # fmt: skip


@given(
    day=st.one_of(CHANGES, BRAZIL), hours=st.integers(-30, 30), seconds=st.integers(0, 3599),
    micros=st.integers(0, 999_999),
)  # fmt: skip
def test_the_trigger_fires_at_the_ticks(day: date, hours: int, seconds: int, micros: int) -> None:
    catalog, cron = load_catalog(), make_trigger(load_catalog())
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    now = noon + timedelta(hours=hours, seconds=seconds, microseconds=micros)
    fired, moment = [], now + timedelta(microseconds=1)  # a tick is after now, a firing at or after
    for _ in range(8):
        fired.append(cron.get_next_fire_time(None, moment.astimezone(TIME_ZONE)))
        moment = fired[-1].astimezone(UTC) + timedelta(microseconds=1)
    ticks = [tick.at for tick in next_ticks(now, 8, catalog)]
    assert [at.astimezone(UTC) for at in fired] == [at.astimezone(UTC) for at in ticks]


@pytest.mark.parametrize(
    ("day", "first"),
    [(date(2018, 11, 3), 13), (date(2018, 11, 4), 12), (date(2019, 2, 16), 12),
     (date(2019, 2, 17), 13)],
)  # fmt: skip
def test_ticks_follow_the_clocks_of_brazil(day: date, first: int, catalog: Catalog) -> None:
    """Clocks went forward at midnight of 2018-11-04, and back at that of 2019-02-17."""
    now = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    fired = make_trigger(catalog).get_next_fire_time(None, now.astimezone(TIME_ZONE))
    assert fired.astimezone(UTC) == datetime(day.year, day.month, day.day, first, tzinfo=UTC)
    assert fired == ticks_of(day, catalog)[0].at


def test_a_tick_uploads_the_window_that_starts_then(scene: Scene) -> None:
    run = scene.ticked(brt(12))
    assert (run.state, run.who, run.kind) == (RunState.SUCCEEDED, "scheduler", "upload")
    assert run.title == "Upload 2026-02-01 12:00-14:00, 2 units, seed 7"
    found = rows(scene.platform, "SELECT DISTINCT _source_file AS name FROM bronze.orders")
    assert {row["name"].split("/")[-2] for row in found} == {"window_1214"}
    assert len(found) == 2


def test_a_tick_that_comes_late_serves_the_window_of_the_present(scene: Scene) -> None:
    assert "12:00-14:00" in scene.ticked(brt(13, 59)).title
    assert scene.at(brt(9, 30)).tick() is None
    assert scene.at(brt(0, 5)).tick() is None


def test_a_window_that_is_there_is_left_as_it_is(scene: Scene) -> None:
    scene.ticked(brt(12))
    again = scene.ticked(brt(12, 30))
    assert again.state is RunState.SUCCEEDED
    assert scene.platform.store.find("raw/_manifests/2026/02/01/window_1214.json")


def test_both_schedules_can_be_used_alike(scene: Scene) -> None:
    schedules: list[Schedule] = [scene.schedule]
    for name in ("state", "pause", "resume", "run"):
        assert callable(getattr(CloudSchedule, name))
        assert getattr(schedules[0], name)().name == "embedded-scheduler"


def test_a_schedule_that_nobody_runs_says_so(scene: Scene) -> None:
    state = scene.at(brt(9)).state()
    assert (state.state, state.next_run, state.last_run) == ("not running", None, None)
    assert (state.schedule, state.time_zone) == (
        "0 10,12,14,16,18,20,22 * * *", "America/Sao_Paulo",
    )  # fmt: skip
    assert state.last_status == "It has not called yet."
    instance = scene.schedule.take(1, "command")
    state = scene.schedule.state()
    assert (state.state, state.next_run) == ("enabled", brt(10))
    instance.release()
    assert scene.schedule.state().state == "not running"


def test_looking_at_a_schedule_makes_no_file(platform: Platform) -> None:
    history = RunHistory(platform.settings.runs_file, lambda: brt(9))
    schedule = LocalSchedule(platform, history)
    assert (schedule.plan(), schedule.missed(), schedule.holder()) == (EmbeddedState(), [], None)
    assert not platform.settings.home.exists()


def test_a_call_by_hand_is_the_last_run_and_says_how_it_ended(scene: Scene) -> None:
    scene.at(brt(13, 17)).run()
    (run,) = scene.schedule.attempts(5)
    assert runner.wait(scene.history, run.id, 60)
    state = scene.schedule.state()
    assert state.last_run == brt(13, 17)
    assert "in the bucket" in state.last_status


def test_outside_business_hours_a_call_does_nothing(scene: Scene) -> None:
    scene.at(brt(3)).run()
    assert scene.history.list_recent(5) == []
    assert scene.missed(brt(23)) == []


def test_a_window_at_which_somebody_works_is_refused(scene: Scene) -> None:
    scene.at(brt(12))
    scene.history.enqueue(NewRun("upload", "By hand", {}, ("2026-02-01 12:00-14:00",)))
    with pytest.raises(AlreadyRunningError, match="By hand"):
        scene.schedule.call(Slot(DAY, "window_1214"))


def test_a_call_that_failed_says_why(scene: Scene) -> None:
    scene.schedule.generate(2, 8)
    scene.ticked(brt(12))
    scene.schedule.generate(2, 7)
    run = scene.ticked(brt(12, 30))
    assert (run.state, run.error_type) == (RunState.FAILED, "ConflictError")
    assert scene.schedule.state().last_status.startswith(f"Run {run.id} failed: ")


def test_a_pause_holds_back_ticks_and_not_calls_by_hand(scene: Scene) -> None:
    assert scene.schedule.pause().state == "paused"
    assert scene.at(brt(12)).tick() is None
    scene.at(brt(12, 5)).run()
    (run,) = scene.schedule.attempts(2)
    scene.schedule.ended(run)
    assert scene.schedule.resume().state == "not running"
    assert scene.ticked(brt(14)).state is RunState.SUCCEEDED


def test_a_schedule_that_is_paused_has_no_next_run(scene: Scene) -> None:
    instance = scene.at(brt(9)).take(1, "command")
    state = scene.schedule.pause()
    assert (state.state, state.next_run) == ("paused", None)
    assert scene.schedule.resume().next_run == brt(10)
    instance.release()


def test_a_call_whose_run_could_not_begin_is_noted_and_made_again(scene: Scene) -> None:
    slot = Slot(DAY, "window_1214")
    scene.live(brt(9))
    scene.at(brt(12))
    scene.history.enqueue(NewRun("upload", "By hand", {}, ("2026-02-01 12:00-14:00",)))
    with pytest.raises(AlreadyRunningError):
        scene.schedule.call(slot)
    assert scene.schedule.plan().calls == (Call(slot, 1, None),)
    assert scene.schedule.fail(slot, passes=True) == brt(12, 1)
    assert scene.schedule.due() == []
    assert scene.at(brt(12, 1)).due() == [slot]


def test_a_pause_is_known_to_everyone_who_looks(scene: Scene) -> None:
    scene.schedule.pause()
    other = Scene(scene.platform, brt(9))
    assert other.schedule.state().paused
    other.schedule.resume()
    assert not scene.schedule.state().paused


@pytest.mark.parametrize(("units", "seed"), [(0, 7), (2_000_000, 7), (2, -1), (2, 2**63)])
def test_what_cannot_be_generated_is_refused_and_nothing_changes(
    units: int, seed: int, scene: Scene
) -> None:
    with pytest.raises(InputError, match="not possible"):
        scene.schedule.generate(units, seed)
    assert (scene.schedule.plan().units, scene.schedule.plan().seed) == (2, 7)


def test_what_a_person_begins_by_hand_is_noted_with_that_person(scene: Scene) -> None:
    scene.live(brt(9))
    by_ana = LocalSchedule(scene.platform, scene.history, "ana@example.com")
    scene.at(brt(12, 5))
    by_ana.run()
    by_ana.ended(by_ana.attempts(1)[0])
    for run in by_ana.catch_up().begun:
        by_ana.ended(run)
    scene.ticked(brt(14))
    assert [run.who for run in scene.schedule.attempts(5)] == [
        "scheduler", "scheduler ana@example.com", "scheduler ana@example.com",
    ]  # fmt: skip


def test_a_second_one_is_told_who_is_the_first(scene: Scene) -> None:
    first = scene.at(brt(9)).take(4711, "panel")
    with pytest.raises(AlreadyRunningError) as told:
        scene.schedule.take(4712, "command")
    assert "Process 4711 (the panel) makes the calls" in str(told.value)
    assert "since 2026-02-01 09:00:00 BRT" in str(told.value)
    holder = scene.schedule.holder()
    assert holder
    assert (holder.process, holder.place, holder.since) == (4711, "panel", brt(9))
    first.release()
    assert scene.schedule.holder() is None
    scene.schedule.take(4712, "command").release()


def test_a_folder_that_is_deleted_is_held_by_nobody(scene: Scene, tmp_path: Path) -> None:
    instance = scene.schedule.take(1, "command")
    assert instance.holds()
    scene.schedule.home.rename(tmp_path / "away")
    assert not instance.holds()
    assert scene.schedule.holder() is None
    instance.release()


@pytest.mark.parametrize("name", ["schedule.sqlite", "schedule-lock.sqlite"])
def test_a_file_that_is_damaged_is_one_sentence(name: str, scene: Scene) -> None:
    (scene.schedule.home / name).write_bytes(b"not a database, " * 100)
    with pytest.raises(StoreError, match="Cannot use the schedule's"):
        scene.schedule.state()
    with pytest.raises(StoreError, match="Cannot use the schedule's"):
        scene.schedule.take(1, "command")


def test_a_start_that_fails_leaves_the_lock_free(scene: Scene) -> None:
    plan = scene.schedule.home / "schedule.sqlite"
    whole = plan.read_bytes()
    plan.write_bytes(b"not a database, " * 100)
    with pytest.raises(StoreError):
        scene.schedule.take(1, "command")
    plan.write_bytes(whole)
    scene.schedule.take(2, "command").release()


@pytest.mark.parametrize("content", ["{}", "no JSON", '{"colour": "green"}'])
def test_a_plan_of_another_version_is_one_sentence(content: str, scene: Scene) -> None:
    with closing(sqlite3.connect(scene.schedule.home / "schedule.sqlite")) as connection:
        connection.execute("UPDATE plan SET content = ?", (content,))
        connection.commit()
    with pytest.raises(StoreError, match="not one of this version"):
        scene.schedule.pause()
