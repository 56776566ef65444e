"""Schedule, what waits, quarantine, ledger and layers: each check sees its fault, made for real."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from core import pipeline
from core.generation.windows import business_date, place_of_tag
from core.insight.diagnostics.checks import CheckContext, State
from core.operations import jobs
from core.operations.jobs.ingest import reloading
from core.operations.runs import RunHistory, runner
from core.platform import Platform
from core.scheduler.local import LocalSchedule
from core.storage.object_names import parse_sales_name
from core.storage.publish import publish
from tests.support.diagnosed import BY_KEY, LUNCH_OF_1, case_of, found, reached, uploaded
from tests.support.scenes import NOW, ORDERS_NAME, execute, ingest, request, rows

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (datetime(2026, 2, 3, 16, 17, tzinfo=UTC), "a call serves 2026-02-03 12:00-14:00"),
        (NOW, "is answered with skipped, which is normal"),
    ],
)
def test_what_a_call_is_answered_with(now: datetime, told: str, platform: Platform) -> None:
    finding = found(platform, "hours", now)
    assert finding.state is State.FINE
    assert told in finding.found


def test_the_schedule_of_the_folder(platform: Platform) -> None:
    uploaded(platform)
    case = case_of(platform)
    schedule = LocalSchedule(platform, case.history)
    nobody = found(platform, "schedule")
    assert nobody.state is State.NOT_HERE
    assert "The next tick is 2026-02-04 10:00" in nobody.found
    instance = schedule.take(os.getpid(), "command")
    try:
        assert found(platform, "schedule").state is State.FINE
        schedule.pause()
        paused = found(platform, "schedule")
        assert (paused.state, paused.action) == (State.ATTENTION, "schedule")
        schedule.resume()
        assert found(platform, "schedule").state is State.FINE
    finally:
        instance.release()


def test_windows_that_the_schedule_missed(platform: Platform) -> None:
    def clock(days: int) -> RunHistory:
        return RunHistory(platform.settings.runs_file, lambda: NOW + timedelta(days=days))

    LocalSchedule(platform, clock(0)).take(os.getpid(), "command").release()
    finding = BY_KEY["schedule"].look(CheckContext(platform, clock(1), NOW + timedelta(days=1)))
    assert (finding.state, finding.action) == (State.ATTENTION, "schedule")
    assert "or its call failed): 7, the first 2026-02-04 10:00-12:00" in finding.found


@pytest.mark.parametrize("name", ["schedule.sqlite", "schedule-lock.sqlite"])
def test_a_file_of_the_schedule_that_is_damaged(name: str, platform: Platform) -> None:
    schedule = LocalSchedule(platform, case_of(platform).history)
    schedule.take(os.getpid(), "command").release()
    (platform.settings.home / name).write_bytes(b"not a database, " * 100)
    finding = found(platform, "schedule")
    assert finding.state is State.BROKEN
    assert f"{name} is damaged: " in finding.found
    reached(platform, finding.command)
    assert found(platform, "schedule").state is State.NOT_HERE
    schedule.take(os.getpid(), "command").release()


def test_a_plan_of_another_version_of_the_schedule(platform: Platform) -> None:
    schedule = LocalSchedule(platform, case_of(platform).history)
    schedule.pause()
    with closing(sqlite3.connect(platform.settings.home / "schedule.sqlite")) as connection:
        connection.execute("UPDATE plan SET content = '{}'")
        connection.commit()
    finding = found(platform, "schedule")
    assert finding.state is State.BROKEN
    reached(platform, finding.command)
    assert found(platform, "schedule").state is State.NOT_HERE


def test_objects_that_wait_for_longer_than_a_minute(platform: Platform) -> None:
    now = datetime.now(UTC)
    uploaded(platform)
    publish(platform.store, request("window_1416", dates=[business_date(now)]), platform.catalog)
    assert "a moment ago" in found(platform, "pending", now).found
    finding = found(platform, "pending", now + timedelta(minutes=2))
    assert (finding.state, finding.action) == (State.ATTENTION, "ingest")
    assert finding.found.startswith("4 objects wait for Bronze, of ")
    reached(platform, finding.command)
    assert found(platform, "pending", now + timedelta(minutes=2)).state is State.FINE


def test_objects_of_other_dates_are_not_looked_at(platform: Platform) -> None:
    publish(platform.store, request("window_1416"), platform.catalog)
    far = NOW + timedelta(days=300)
    assert "is in Bronze" in found(platform, "pending", far).found


def test_rows_in_quarantine(platform: Platform) -> None:
    uploaded(platform)
    assert found(platform, "quarantine").state is State.FINE
    ingest(platform, ORDERS_NAME, b"nothing;that;is;known\n1;2;3;4\n")
    finding = found(platform, "quarantine")
    assert (finding.state, finding.action) == (State.ATTENTION, "storage")
    (report,) = finding.objects
    assert report.endswith("unit_007/window_1214/pedido_error.json")
    assert report in finding.found


def test_a_ledger_that_is_gone(platform: Platform) -> None:
    later = datetime.now(UTC) + timedelta(minutes=2)
    today = request("window_1214", dates=[business_date(later)])
    pipeline.upload(platform, today, NOW)
    pipeline.rebuild(platform)
    count = rows(platform, "SELECT COUNT(*) AS n FROM bronze.orders")
    execute(platform, "DROP TABLE bronze._ingested_objects")
    finding, pending = (found(platform, key, later) for key in ("ledger", "pending"))
    assert (finding.state, "ledger" in finding.found) == (State.BROKEN, True)
    # Ingesting would count all of it twice, so nobody is led there.
    assert (pending.state, pending.action, pending.command) == (State.ATTENTION, "", "")
    reached(platform, finding.command)
    assert found(platform, "ledger").state is State.FINE
    assert rows(platform, "SELECT COUNT(*) AS n FROM bronze.orders") == count


def test_rows_whose_object_the_ledger_does_not_know(platform: Platform) -> None:
    uploaded(platform)
    assert found(platform, "ledger").state is State.FINE
    execute(platform, f"DELETE FROM bronze._ingested_objects WHERE object_name = '{LUNCH_OF_1}'")
    finding = found(platform, "ledger")
    assert finding.state is State.BROKEN
    assert f"that its ledger does not know: 1, such as {LUNCH_OF_1}" in finding.found


DOUBLE = (
    f"INSERT INTO bronze.orders SELECT * FROM bronze.orders WHERE _source_file = '{LUNCH_OF_1}'"
)


def test_rows_that_were_loaded_twice_are_put_right_by_the_button(platform: Platform) -> None:
    uploaded(platform)
    assert found(platform, "duplicates").state is State.FINE
    before = rows(platform, "SELECT COUNT(*) AS n FROM bronze.orders")
    execute(platform, DOUBLE)
    finding = found(platform, "duplicates")
    assert (finding.state, finding.action, finding.objects) == (
        State.BROKEN, "reload", (LUNCH_OF_1,),
    )  # fmt: skip
    name = parse_sales_name(LUNCH_OF_1)
    assert name
    history = case_of(platform).history
    run = jobs.submit(
        platform,
        history,
        reloading(place_of_tag(name.day, name.window_tag, platform.catalog), [name.unit_id]),
    )
    assert runner.wait(history, run.id, 60)
    assert found(platform, "duplicates").state is State.FINE
    assert rows(platform, "SELECT COUNT(*) AS n FROM bronze.orders") == before


def test_rows_that_were_loaded_twice_are_put_right_by_the_command(platform: Platform) -> None:
    uploaded(platform)
    execute(platform, DOUBLE)
    reached(platform, found(platform, "duplicates").command)
    assert found(platform, "duplicates").state is State.FINE


def test_rows_that_no_object_explains(platform: Platform) -> None:
    uploaded(platform)
    execute(platform, DOUBLE)
    execute(
        platform,
        f"UPDATE bronze.orders SET _source_file = NULL WHERE _source_file = '{LUNCH_OF_1}'",
    )
    finding = found(platform, "duplicates")
    assert (finding.state, finding.action) == (State.BROKEN, "")
    reached(platform, finding.command)
    assert found(platform, "duplicates").state is State.FINE


def test_layers_that_are_behind(platform: Platform) -> None:
    uploaded(platform)
    finding = found(platform, "layers")
    assert (finding.state, finding.action) == (State.ATTENTION, "rebuild")
    reached(platform, finding.command)
    assert found(platform, "layers").state is State.FINE
    uploaded(platform, "window_1416")
    assert "Silver is behind Bronze" in found(platform, "layers").found
