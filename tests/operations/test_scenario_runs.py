"""Scenarios as runs: retried by number, simulated, released by the schedule, and seen by checks."""

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import pipeline
from core.errors import AlreadyRunningError
from core.generation.catalog import load_catalog
from core.operations import jobs, scenarios
from core.operations.cleanup.strays import is_stray
from core.operations.runs import Run, RunHistory, RunState, runner
from core.operations.scenarios import Record
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.reconcile.verify import verify
from core.storage.delivery import list_held
from core.storage.object_names import SCENARIO_PREFIX, day_prefix
from core.storage.request import Request
from tests.operations.test_scenarios import same
from tests.support.everything import fault, scenario_of
from tests.support.runs import run_job
from tests.support.scenes import DAY, NOW, another, objects
from tests.support.schedule_scenes import Scene, brt

WINDOWS = load_catalog().windows
REQUEST = Request((DAY,), WINDOWS[:3], (1, 2, 3))
LATE = fault("window_late", 1, parameters={"windows": 1})
RECORD = Record(scenario_of(LATE + fault("object_missing", 2), "late"), REQUEST)


@pytest.fixture
def history(platform: Platform) -> RunHistory:
    return RunHistory(platform.settings.runs_file, lambda: NOW)


def _retried(platform: Platform, history: RunHistory, run: Run) -> Run:
    again = jobs.retry(platform, history, run.id)
    assert runner.wait(history, again.id, 60)
    ended = history.find(again.id)
    assert ended
    return ended


def test_runs_of_a_scenario_are_retried_by_number(platform: Platform, history: RunHistory) -> None:
    applied = run_job(platform, history, jobs.application(RECORD))
    assert applied.state is RunState.SUCCEEDED, applied.error
    assert applied.result.endswith("4 objects are held back.")
    assert applied.details["record"] == RECORD.name
    (command,) = jobs.list_commands(applied, platform.catalog)
    assert command == (
        f"python scripts/faults.py apply --scenario late --from {DAY} --to {DAY} --units 3 "
        "--windows 10:00-12:00 12:00-14:00 14:00-16:00"
    )
    before = objects(platform.store)
    assert _retried(platform, history, applied).result.startswith("20 orders and 53 items: 0 files")
    assert objects(platform.store) == before

    released = run_job(platform, history, jobs.releasing())
    assert released.result == "2 held objects released."
    assert _retried(platform, history, released).result == "No held object is due."
    assert "2 held" in run_job(platform, history, jobs.releasing(everything=True)).result

    withdrawn = run_job(platform, history, jobs.withdrawal(RECORD))
    assert withdrawn.state is RunState.SUCCEEDED, withdrawn.error
    assert not objects(platform.store, SCENARIO_PREFIX)
    assert _retried(platform, history, withdrawn).result == "The scenario is withdrawn already."


def test_a_scenario_waits_for_others_that_write_the_same(history: RunHistory) -> None:
    history.enqueue(jobs.upload(dataclasses.replace(REQUEST, windows=WINDOWS[:1])))
    for job in (jobs.application(RECORD), jobs.withdrawal(RECORD)):
        with pytest.raises(AlreadyRunningError, match="works on"):
            history.enqueue(job)


def test_a_simulated_day_lets_held_objects_come_in_simulated_time(
    platform: Platform, history: RunHistory, home: Path
) -> None:
    """Those of window n, a window late, come before window n + 1; those of the last stay held."""
    late = fault("window_late", 1, parameters={"windows": 1}).replace("count = 1", "share = 1")
    record = Record(scenario_of(late, "late"), REQUEST)
    run = run_job(platform, history, jobs.simulation(REQUEST, 0.0, scenario=record.scenario))
    assert run.state is RunState.SUCCEEDED, run.error
    assert run.title.endswith("scenario late")
    assert run.details["record"] == record.name
    released = [line.text for line in history.read_log(run.id) if "released" in line.text]
    assert released == ["2 held objects released."] * 3
    applied = another(platform, home.with_name("applied"))
    scenarios.apply(applied, record, NOW)
    scenarios.release(applied, NOW)
    pipeline.rebuild(applied)
    assert not list_held(platform.store)
    same(platform, applied)
    assert _retried(platform, history, run).state is RunState.SUCCEEDED
    same(platform, applied)


def test_a_simulated_day_leaves_what_comes_after_it_held(
    platform: Platform, history: RunHistory
) -> None:
    day = dataclasses.replace(REQUEST, windows=WINDOWS)
    late = fault("window_late", 1, parameters={"days": 1}).replace("count = 1", "share = 1")
    of_unit_9 = scenario_of(fault("window_late", 9), "other")
    other = Record(of_unit_9, dataclasses.replace(REQUEST, units=(9,)))
    scenarios.apply(platform, other, NOW)
    held_before = set(list_held(platform.store))
    assert held_before
    run_job(platform, history, jobs.simulation(day, 0.0, scenario=scenario_of(late, "late")))
    held = list_held(platform.store)
    assert set(held) >= held_before
    assert len(held) == len(held_before) + 2 * len(WINDOWS)


def test_each_tick_of_the_schedule_releases_what_is_due(platform: Platform) -> None:
    scene = Scene(platform, brt(9))
    request = Request((brt(9).date(),), WINDOWS[:1], (5,))
    late = fault("window_late", 5, parameters={"windows": 2})
    scenarios.apply(platform, Record(scenario_of(late, "late"), request), NOW)
    assert len(list_held(platform.store)) == 2
    assert "released" not in scene.ticked(brt(12)).result
    assert len(list_held(platform.store)) == 2
    run = scene.ticked(brt(14))
    assert run.result.endswith("2 held objects released.")
    assert not list_held(platform.store)
    names = platform.warehouse.generations(platform.store.bucket, day_prefix(request.dates[0]))
    assert any("unit_005" in name for name in names)


@pytest.mark.both_sides
def test_reconcile_and_verify_say_what_a_scenario_did(platform: Platform) -> None:
    sales = dataclasses.replace(REQUEST, windows=WINDOWS[:1])
    text = LATE + fault("object_missing", 2) + fault("decimal_comma", 3)
    scenarios.apply(platform, Record(scenario_of(text, "late"), sales), NOW)
    lines = pipeline.compare(platform, (DAY, DAY), NOW).lines
    found = {
        (line.unit_id, line.table): (line.verdict, line.detail)
        for line in lines
        if line.window_tag == "window_1012"
    }
    until = f"a scenario holds it until {DAY}, 12:00"
    assert found[1, "orders"] == found[1, "order_items"] == (Verdict.MISSING, until)
    released = (Verdict.MISSING, "a scenario holds it until it is released")
    assert found[2, "orders"] == found[2, "order_items"] == released
    assert found[3, "orders"][0] is Verdict.QUARANTINED
    assert found[3, "order_items"] == (Verdict.IN_BRONZE, "")

    verified = verify(platform.store, platform.catalog, (DAY, DAY))
    assert verified.cells == 3
    details = {one.name.split("/")[5] for one in verified.differences}
    assert details == {"unit_001", "unit_002", "unit_003"}
    assert all("under the scenario late" in one.detail for one in verified.differences)
    assert len(verified.differences) == 5


def test_nothing_of_a_scenario_but_its_copies_is_a_stray(platform: Platform) -> None:
    text = LATE + fault("copied_under_other_name", 3)
    scenarios.apply(platform, Record(scenario_of(text, "late"), REQUEST), NOW)
    strays = [name for name in objects(platform.store) if is_stray(platform.store, name)]
    assert strays
    assert all(name.endswith("_copy.csv") for name in strays)


def test_a_missing_object_is_filled_like_any_other(platform: Platform, home: Path) -> None:
    """The repair of a window makes it clean, and what is held then is not released over it."""
    sales = dataclasses.replace(REQUEST, windows=WINDOWS[:1])
    record = Record(scenario_of(fault("object_missing", 2), "lost"), sales)
    scenarios.apply(platform, record, NOW)
    (at,) = sales.slices
    history = RunHistory(platform.settings.runs_file, lambda: NOW)
    run = run_job(platform, history, jobs.filling(at, (2,)))
    assert run.state is RunState.SUCCEEDED, run.error
    done = scenarios.release(platform, datetime(2026, 3, 1, tzinfo=UTC), everything=True)
    assert (done.objects, done.late) == (2, 0)
    scenarios.withdraw(platform, record, NOW)
    clean = another(platform, home.with_name("clean"))
    pipeline.upload(clean, sales, NOW)
    same(platform, clean)
