"""A backfill takes the windows that its mode says, each once, and goes on when one fails."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core import pipeline
from core.errors import AlreadyRunningError, InputError
from core.operations import jobs
from core.operations.backfill_plan import (
    KINDS,
    BackfillPlan,
    BackfillRequest,
    Mode,
    Reason,
    last_failed,
    plan_backfill,
)
from core.operations.jobs.backfill import read_targets, requests_of
from core.operations.runs import Ending, NewRun, RunHistory, RunState, runner
from core.platform import Platform
from core.reconcile.compare import Verdict, summarise
from core.storage.object_names import SalesName, sales_name
from core.storage.object_store import NewObject
from core.storage.publish import Request, publish
from tests.support.runs import run_job
from tests.support.scenes import embedded

DAY = date(2026, 2, 1)
NEXT = DAY + timedelta(days=1)
NOW = datetime(2026, 2, 4, 12, 0, tzinfo=UTC)
UNITS = 2


@pytest.fixture
def history(platform: Platform) -> RunHistory:
    return RunHistory(platform.settings.runs_file, lambda: NOW)


def asked(
    platform: Platform,
    mode: Mode = Mode.MISSING,
    *,
    windows: int = 3,
    units: int = UNITS,
    seed: int | None = None,
    dates: tuple[date, date] = (DAY, DAY),
) -> BackfillRequest:
    return BackfillRequest(dates, platform.catalog.windows[:windows], units, seed, mode)


def planned(
    platform: Platform, history: RunHistory, wish: BackfillRequest, now: datetime = NOW
) -> BackfillPlan:
    return plan_backfill(platform, wish, now, history.list_recent(100, KINDS))


def requests(platform: Platform, stored: Mapping[str, Any]) -> list[Request]:
    targets, choices = read_targets(stored, platform.catalog)
    return [one for target in targets for one in requests_of(platform, choices, target)]


def uploaded(
    platform: Platform, *numbers: int, units: Sequence[int] = (1, 2), seed: int = 7
) -> None:
    windows = tuple(platform.catalog.windows[number] for number in numbers)
    pipeline.upload(platform, Request((DAY,), windows, tuple(units), seed), NOW)


def object_of(platform: Platform, number: int, unit: int = 1, kind: str = "orders") -> str:
    return sales_name(SalesName(kind, DAY, unit, platform.catalog.windows[number].tag))


def chosen(found: BackfillPlan) -> list[str]:
    return [step.window.hours for step in found.chosen]


def verdicts(platform: Platform, dates: tuple[date, date] = (DAY, DAY)) -> list[Verdict]:
    return [each.verdict for each in summarise(pipeline.compare(platform, dates, NOW, UNITS).lines)]


def test_an_empty_range_is_missing_and_then_there(platform: Platform, history: RunHistory) -> None:
    wish = asked(platform, windows=2, dates=(DAY, NEXT))
    found = planned(platform, history, wish)
    assert len(found.chosen) == len(found.steps) == 4
    run = run_job(platform, history, jobs.backfill(found))
    assert run.state is RunState.SUCCEEDED, run.error
    assert (run.done, run.total) == (4, 4)
    assert verdicts(platform, (DAY, NEXT))[::7] == [Verdict.IN_BRONZE] * 2
    orders = sum(step.orders for step in found.steps)
    assert run.result == f"4 windows are in Bronze: {orders} orders of 2 units."
    assert [window["orders"] for window in run.details["windows"]] == [
        step.orders for step in found.steps
    ]
    assert chosen(planned(platform, history, wish)) == []


def test_each_mode_takes_its_windows_and_says_why(platform: Platform, history: RunHistory) -> None:
    uploaded(platform, 0, 1)
    publish(platform.store, Request((DAY,), platform.catalog.windows[3:4], (1, 2)),
            platform.catalog)  # fmt: skip
    with embedded(platform).writing() as connection:
        connection.execute(
            "DELETE FROM case_ficticio_bronze.orders WHERE _source_file LIKE '%unit_001%1214%'"
        )
    by_mode = {mode: planned(platform, history, asked(platform, mode, windows=4)) for mode in Mode}
    reasons = [step.reason for step in by_mode[Mode.MISSING].steps]
    assert reasons == [Reason.FINE, Reason.FAULTY, Reason.MISSING, Reason.PENDING]
    assert [step.why for step in by_mode[Mode.ALL].steps] == [
        "as expected", "1 object not as expected", "4 objects missing",
        "4 objects not in Bronze yet",
    ]  # fmt: skip
    assert chosen(by_mode[Mode.MISSING]) == ["14:00-16:00", "16:00-18:00"]
    assert chosen(by_mode[Mode.FAILED]) == ["12:00-14:00", "14:00-16:00", "16:00-18:00"]
    assert len(chosen(by_mode[Mode.ALL])) == 4

    run = run_job(platform, history, jobs.backfill(by_mode[Mode.FAILED]))
    assert run.state is RunState.SUCCEEDED, run.error
    assert verdicts(platform)[:4] == [Verdict.IN_BRONZE] * 4


@pytest.mark.both_sides
def test_a_gap_of_a_filled_day_is_filled_on_either_side(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, 0, seed=7)
    wish = asked(platform, windows=2, units=1)
    found = planned(platform, history, wish)
    assert [step.reason for step in found.steps] == [Reason.FINE, Reason.MISSING]
    run = run_job(platform, history, jobs.backfill(found))
    assert run.state is RunState.SUCCEEDED, run.error
    assert chosen(planned(platform, history, replace(wish, mode=Mode.FAILED))) == []


def test_windows_that_are_not_due_are_left_out(platform: Platform, history: RunHistory) -> None:
    at_one = datetime(2026, 2, 1, 13, 0, tzinfo=UTC)  # 10:00 in São Paulo: the first begins
    found = planned(platform, history, asked(platform, windows=7), at_one)
    assert [step.window.hours for step in found.steps] == ["10:00-12:00"]
    before = planned(platform, history, asked(platform), at_one - timedelta(seconds=1))
    assert before.steps == ()
    with pytest.raises(InputError, match="Nothing is to be done from 2026-02-01"):
        jobs.backfill(before)


def test_units_that_were_never_generated_are_missing(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, 0)
    found = planned(platform, history, asked(platform, windows=1, units=5))
    (step,) = found.chosen
    assert (step.reason, step.count, step.verdict) == (Reason.NEVER, 3, Verdict.MISSING)
    run = run_job(platform, history, jobs.backfill(found))
    assert run.state is RunState.SUCCEEDED, run.error
    assert chosen(planned(platform, history, asked(platform, windows=1, units=5))) == []
    assert chosen(planned(platform, history, asked(platform, windows=1, units=1))) == []


def test_without_a_number_each_window_is_judged_for_the_units_that_its_date_names(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, 0, units=(2, 4), seed=5)
    uploaded(platform, 1, units=(4,), seed=5)
    platform.store.delete(object_of(platform, 1, unit=4))
    wish = replace(asked(platform, dates=(DAY, NEXT)), units=None)
    found = planned(platform, history, wish)
    assert [(step.reason, list(step.units)) for step in found.steps] == [
        (Reason.FINE, [2, 4]), (Reason.MISSING, [4]), (Reason.MISSING, [2, 4]),
        *[(Reason.UNKNOWN, [])] * 3,
    ]  # fmt: skip
    with pytest.raises(InputError, match=f"3 windows are not there, and no manifest of {NEXT} "):
        found.check_units()
    run = run_job(platform, history, jobs.backfill(found))
    assert run.state is RunState.SUCCEEDED, run.error
    (command,) = jobs.list_commands(run, platform.catalog)
    assert command == (
        "python scripts/backfill.py --from 2026-02-01 --to 2026-02-02 --mode missing "
        "--windows 10:00-12:00 12:00-14:00 14:00-16:00"
    )
    assert chosen(planned(platform, history, wish)) == []
    assert {line.unit_id for line in pipeline.compare(platform, (DAY, DAY), NOW).lines} == {2, 4}


def test_runs_with_one_number_for_all_windows_can_be_done_again(platform: Platform) -> None:
    kept = jobs.backfill(plan_backfill(platform, asked(platform, windows=2), NOW)).parameters
    older = {**kept, "steps": [step[:3] for step in kept["steps"]]}
    del older["cells"]
    both = [requests(platform, each) for each in (kept, older)]
    assert both[0] == both[1]
    assert {part.units for part in both[0]} == {(1, 2)}


def test_bulk_data_is_left_alone_in_every_mode(platform: Platform, history: RunHistory) -> None:
    publish(platform.store, Request((DAY,), (), (2,)), platform.catalog)
    found = planned(platform, history, asked(platform, Mode.ALL))
    assert {step.reason for step in found.steps} == {Reason.BULK}
    assert found.chosen == []


def test_a_gap_is_filled_with_the_seed_that_the_window_was_made_with(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, 0, seed=7)
    expected = platform.store.read(object_of(platform, 0)).data
    platform.store.delete(object_of(platform, 0))
    found = planned(platform, history, asked(platform, windows=1))
    run = run_job(platform, history, jobs.backfill(found))
    assert run.state is RunState.SUCCEEDED, run.error
    assert platform.store.read(object_of(platform, 0)).data == expected
    assert verdicts(platform)[0] is Verdict.IN_BRONZE


def test_a_window_that_fails_does_not_stop_the_others(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, 1, seed=7)
    wish = asked(platform, Mode.ALL, seed=8)
    found = planned(platform, history, wish)
    run = run_job(platform, history, jobs.backfill(found))
    assert (run.state, run.error_type) == (RunState.FAILED, "ConflictError")
    assert run.error.startswith("1 of 3 windows failed, 2026-02-01 12:00-14:00 the first: 4 obj")
    assert [bool(window["error"]) for window in run.details["windows"]] == [False, True, False]
    assert any("12:00-14:00 FAILED" in line.text for line in history.read_log(run.id))
    assert verdicts(platform)[:3] == [Verdict.IN_BRONZE] * 3  # the other seed's data stands

    failed = replace(wish, mode=Mode.FAILED)
    assert chosen(planned(platform, history, failed)) == ["12:00-14:00"]
    again = jobs.retry(platform, history, run.id, overwrite=True)
    assert runner.wait(history, again.id, 60)
    assert history.list_unresolved(5) == []
    assert chosen(planned(platform, history, failed)) == []
    lines = pipeline.compare(platform, (DAY, DAY), NOW, UNITS).lines
    in_bronze = sum(line.bronze for line in lines if line.table == "orders")
    assert in_bronze == sum(step.orders for step in found.steps)


def test_a_bad_object_is_replaced_only_where_that_is_chosen(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, 0)
    platform.store.replace(NewObject(object_of(platform, 0), b"Id_Pedido;torn\n1;2\n"))
    pipeline.ingest_pending(platform, NOW)
    wish = asked(platform, Mode.FAILED, windows=1)
    found = planned(platform, history, wish)
    assert [step.verdict for step in found.chosen] == [Verdict.QUARANTINED]
    refused = run_job(platform, history, jobs.backfill(found))
    assert refused.error_type == "ConflictError"
    healed = run_job(platform, history, jobs.backfill(found, overwrite=True))
    assert healed.state is RunState.SUCCEEDED, healed.error
    assert verdicts(platform)[0] is Verdict.IN_BRONZE


def test_no_other_run_works_on_a_window_of_the_plan(
    platform: Platform, history: RunHistory
) -> None:
    new = jobs.backfill(planned(platform, history, asked(platform)))
    first = history.enqueue(new)
    other = Request((DAY,), platform.catalog.windows[2:4], (9,))
    with pytest.raises(AlreadyRunningError, match="Backfill 3 windows of 2026-02-01, 2 units"):
        jobs.submit(platform, history, jobs.upload(other))
    history.finish(first.id, Ending(RunState.SUCCEEDED))
    assert run_job(platform, history, jobs.upload(other)).state is RunState.SUCCEEDED


def test_a_cancelled_backfill_leaves_whole_windows_and_can_be_taken_up(
    platform: Platform, history: RunHistory
) -> None:
    class Cancelling(RunHistory):
        def add_log_lines(self, run_id: int, lines: Sequence[object]) -> None:
            super().add_log_lines(run_id, lines)  # type: ignore[arg-type] # passed on as it came
            self.cancel(run_id)  # after the first window

    wish = asked(platform)
    new = jobs.backfill(planned(platform, history, wish))
    run = run_job(platform, Cancelling(history.path, history.now), new)
    assert run.state is RunState.CANCELLED
    left = planned(platform, history, wish)
    assert [step.reason for step in left.steps] == [Reason.FINE, *[Reason.MISSING] * 2]
    again = jobs.retry(platform, history, run.id)
    assert runner.wait(history, again.id, 60)
    assert verdicts(platform)[:3] == [Verdict.IN_BRONZE] * 3


def test_the_last_run_of_a_window_decides_whether_it_failed(history: RunHistory) -> None:
    def ran(kind: str, state: RunState, *claims: str, **details: object) -> None:
        run = history.enqueue(NewRun(kind, kind, {}, claims))
        history.finish(run.id, Ending(state, details=details))

    ran("upload", RunState.FAILED, "a", "b", "c")
    ran("upload", RunState.SUCCEEDED, "b")
    ran("upload", RunState.CANCELLED, "c")
    ran("upload", RunState.INTERRUPTED, "d")
    ran("backfill", RunState.FAILED, "e", "f",
        windows=[{"claim": "e", "error": ""}, {"claim": "f", "error": "No."}])  # fmt: skip
    ran("backfill", RunState.INTERRUPTED, "g")
    history.enqueue(NewRun("upload", "", {}, ("a",)))
    assert last_failed(history.list_recent(50)) == {"a", "c", "d", "f"}


def test_what_cannot_be_planned_is_told(platform: Platform) -> None:
    with pytest.raises(InputError, match="runs backwards"):
        asked(platform, dates=(NEXT, DAY))
    with pytest.raises(InputError, match="at least one window"):
        asked(platform, windows=0)
    with pytest.raises(InputError, match="0 units are not possible"):
        asked(platform, units=0)
    with pytest.raises(InputError, match="Seed -1"):
        asked(platform, seed=-1)


@pytest.mark.parametrize("units", [40, 60])
def test_large_plans_are_loaded_as_batches(platform: Platform, units: int) -> None:
    """On Google Cloud a load job is a change of the table: many windows must not be one each."""
    wish = asked(platform, units=units, windows=2)
    parts = requests(platform, jobs.backfill(plan_backfill(platform, wish, NOW)).parameters)
    assert {part.batched for part in parts} == {units > 50}


def test_command_lines_of_runs(platform: Platform, history: RunHistory) -> None:
    windows = platform.catalog.windows[1:2]
    request = Request((DAY, NEXT), windows, (1, 2), 5)
    bulk = Request((DAY, NEXT), (), (1,), day_orders=(1, 2))
    wish = asked(platform, Mode.FAILED, windows=2, dates=(DAY, NEXT))

    def commands(new: NewRun) -> list[str]:
        return jobs.list_commands(history.enqueue(replace(new, claims=())), platform.catalog)

    lunch = "python scripts/generate_incremental_sales.py --window-start 12:00 --window-end 14:00"
    assert commands(jobs.upload(request, overwrite=True)) == [
        f"{lunch} --date 2026-02-0{day} --units 2 --seed 5 --upload --overwrite" for day in (1, 2)
    ]
    (bulk_line,) = commands(jobs.generation(bulk, "out"))
    assert bulk_line == (
        "python scripts/generate_fake_sales.py --start-date 2026-02-01 --end-date 2026-02-02 "
        "--units 1 --min-orders 1 --max-orders 2 --output-dir out"
    )
    assert commands(jobs.rebuild(["silver", "aggregations"])) == [
        "python scripts/build_silver_layer.py", "python scripts/build_aggregations.py"
    ]  # fmt: skip
    (backfill_line,) = commands(jobs.backfill(plan_backfill(platform, wish, NOW)))
    assert backfill_line == (
        "python scripts/backfill.py --from 2026-02-01 --to 2026-02-02 --mode missing-and-failed "
        "--windows 10:00-12:00 12:00-14:00 --units 2"
    )
    assert commands(jobs.upload(Request((DAY,), windows, (2, 5)))) == []


def test_runs_of_older_versions_are_understood(platform: Platform) -> None:
    older = {"date": "2026-02-01", "windows": ["window_1214"], "units": 3, "seed": 7}
    assert jobs.request_of(older, platform.catalog) == Request(
        (DAY,), platform.catalog.windows[1:2], (1, 2, 3), 7
    )
    assert jobs.dates_of(older) == (DAY,)
    bulk = Request((DAY, NEXT), (), (2, 4), 3, (1, 9))
    assert jobs.request_of(jobs.upload(bulk).parameters, platform.catalog) == bulk
