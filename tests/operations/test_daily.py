"""The daily refresh: what makes a date whole, whatever was there before, and when it does not."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import CheckError, InputError, TransientError
from core.operations import daily_refresh, jobs
from core.operations.backfill_plan import Reason
from core.operations.daily_refresh import STEPS, Gaps, Refresh, last_ended_day
from core.operations.runs import Run, RunHistory, RunState
from core.pipeline import compare, upload
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.settings import Settings
from core.storage.object_names import day_prefix, parse_sales_name, reference_name
from core.storage.object_store import NewObject
from tests.support.runs import run_job
from tests.support.scenes import (
    DAY,
    NOW,
    ORDERS_NAME,
    count,
    objects,
    request,
    rows,
    script,
    tables,
)

UNITS = 2


@pytest.fixture
def history(platform: Platform) -> RunHistory:
    return RunHistory(platform.settings.runs_file, lambda: NOW)


def refreshed(platform: Platform, history: RunHistory, asked: Refresh) -> Run:
    return run_job(platform, history, jobs.refresh(asked))


def spoil_a_total(platform: Platform, day: date = DAY) -> NewObject:
    """Have an order whose value is not the sum of its items; its object as it was."""
    names = [info.name for info in platform.store.list(day_prefix(day))]
    name = min(name for name in names if name.endswith("/pedido.csv"))
    before = platform.store.read(name).data
    header, first, *rest = before.split(b"\n")
    fields = first.split(b";")
    fields[4] = b"9999.99"
    platform.store.replace(NewObject(name, b"\n".join([header, b";".join(fields), *rest])))
    return NewObject(name, before)


@pytest.mark.both_sides
@pytest.mark.cloud_at_night  # by day in `airflow dags test`
def test_a_refresh_makes_an_empty_date_whole(platform: Platform, history: RunHistory) -> None:
    run = refreshed(platform, history, Refresh(DAY, UNITS))
    assert (run.state, run.error) == (RunState.SUCCEEDED, "")
    found = daily_refresh.count_sales(platform, Refresh(DAY, UNITS), NOW)
    assert [each.place for each in found] == [
        "expected", "bronze", "silver", "gold", "aggregations",
    ]  # fmt: skip
    assert len({each.orders for each in found}) == len({each.items for each in found}) == 1
    assert count(platform, "gold.fact_sales") == found[0].orders
    assert run.result.startswith(f"{DAY} is the same from the manifests to the aggregations")
    (total,) = rows(platform, "SELECT SUM(total_revenue) AS revenue FROM gold.agg_daily_sales")
    assert f"{total['revenue']:,.2f}" in run.result


def test_a_second_refresh_changes_nothing(platform: Platform, history: RunHistory) -> None:
    refreshed(platform, history, Refresh(DAY, UNITS))
    before = tables(platform), objects(platform.store)
    again = refreshed(platform, history, Refresh(DAY, UNITS))
    assert again.state is RunState.SUCCEEDED
    assert (tables(platform), objects(platform.store)) == before


def _a_trial_on_another_date(platform: Platform) -> None:
    upload(platform, request("window_1012", units=range(1, 31), dates=[DAY - timedelta(1)]), NOW)


def _spoiled_units(end: bytes) -> Callable[[Platform], None]:
    def spoil(platform: Platform) -> None:
        before = platform.store.read(reference_name("units")).data
        data = before + end if end else b"Unidade\n" + b"1;Mr. Health;1\n" * 1_000
        platform.store.replace(NewObject(reference_name("units"), data))

    return spoil


@pytest.mark.parametrize(
    "widen",
    [_a_trial_on_another_date, _spoiled_units(b"\n\n\n"), _spoiled_units(b"6;Mr. Health;1\n"),
     _spoiled_units(b"")],
    ids=["trial of another date", "blank lines", "another unit listed", "unreadable units"],
)  # fmt: skip
def test_no_sales_are_made_up_for_units_that_the_date_does_not_name(
    platform: Platform, history: RunHistory, widen: Callable[[Platform], None]
) -> None:
    every = [window.tag for window in platform.catalog.windows]
    upload(platform, request(*every, units=(1, 2)), NOW)
    before = objects(platform.store, day_prefix(DAY))
    widen(platform)
    plan = daily_refresh.plan_windows(platform, Refresh(DAY), NOW)
    assert {step.reason for step in plan.steps} == {Reason.FINE}
    lines = compare(platform, (DAY, DAY), NOW).lines
    assert {(line.verdict, line.unit_id) for line in lines} == {
        (Verdict.IN_BRONZE, 1), (Verdict.IN_BRONZE, 2)
    }  # fmt: skip
    jobs.take_step(platform, history, Refresh(DAY), "windows", lambda _: None)
    assert objects(platform.store, day_prefix(DAY)) == before


def test_a_gap_is_filled_for_the_units_that_the_date_names(
    platform: Platform, history: RunHistory
) -> None:
    _a_trial_on_another_date(platform)
    upload(platform, request("window_1012", units=(2, 3)), NOW)
    upload(platform, request("window_1214", units=(3, 5)), NOW)
    jobs.take_step(platform, history, Refresh(DAY), "windows", lambda _: None)
    found: dict[str | None, set[int]] = {}
    for name in filter(None, map(parse_sales_name, objects(platform.store, day_prefix(DAY)))):
        found.setdefault(name.window_tag, set()).add(name.unit_id)
    assert found.pop("window_1012") == {2, 3}
    assert found.pop("window_1214") == {3, 5}
    assert list(found.values()) == [{2, 3, 5}] * 5
    assert daily_refresh.plan_windows(platform, Refresh(DAY), NOW).chosen == []


def test_a_date_without_manifests_is_made_for_a_number_of_units_alone(
    platform: Platform, history: RunHistory
) -> None:
    _a_trial_on_another_date(platform)
    with pytest.raises(InputError, match="7 windows are not there, and no manifest of 2026-02-03"):
        jobs.take_step(platform, history, Refresh(DAY), "windows", lambda _: None)
    for gaps, kind in ((Gaps.WAIT, TransientError), (Gaps.FAIL, CheckError)):
        with pytest.raises(kind, match=r"7 windows .* no manifest says for which units"):
            jobs.take_step(platform, history, Refresh(DAY, gaps=gaps), "windows", lambda _: None)
    assert not objects(platform.store, day_prefix(DAY))
    jobs.take_step(platform, history, Refresh(DAY, 1), "windows", lambda _: None)
    assert len(objects(platform.store, day_prefix(DAY))) == 14


def test_a_refresh_goes_on_wherever_one_stopped(platform: Platform, history: RunHistory) -> None:
    asked = Refresh(DAY, UNITS)
    for step in STEPS[:3]:
        jobs.take_step(platform, history, asked, step, lambda _: None)
    assert "gold.fact_sales" not in platform.warehouse.tables()
    assert refreshed(platform, history, asked).state is RunState.SUCCEEDED


def test_each_step_that_changes_something_is_a_run_of_airflows(
    platform: Platform, history: RunHistory
) -> None:
    told: list[str] = []
    for step in STEPS:
        jobs.take_step(platform, history, Refresh(DAY, UNITS), step, told.append)
    runs = history.list_recent(10)
    assert {run.who for run in runs} == {"airflow"}
    assert [run.kind for run in reversed(runs)] == ["backfill", "ingest", *["rebuild"] * 3]
    assert [line.split()[0] for line in told[1:]] == [
        "expected", "bronze", "silver", "gold", "aggregations",
    ]  # fmt: skip


@pytest.mark.parametrize(("gaps", "kind"), [(Gaps.WAIT, TransientError), (Gaps.FAIL, CheckError)])
def test_gaps_that_are_not_to_be_filled_are_named_and_nothing_is_written(
    platform: Platform, history: RunHistory, gaps: Gaps, kind: type[Exception]
) -> None:
    with pytest.raises(kind, match=r"7 windows of 2026-02-03 are not there: 10:00-12:00 4 objects"):
        jobs.take_step(platform, history, Refresh(DAY, UNITS, gaps), "windows", lambda _: None)
    assert not objects(platform.store)


def test_objects_that_only_wait_for_bronze_are_no_gap(
    platform: Platform, history: RunHistory
) -> None:
    refreshed(platform, history, Refresh(DAY, UNITS))
    platform.warehouse.remove(platform.store.bucket, [ORDERS_NAME, *objects(platform.store)])
    run = refreshed(platform, history, Refresh(DAY, UNITS, Gaps.FAIL))
    assert (run.state, run.error) == (RunState.SUCCEEDED, "")


def test_a_failed_check_publishes_nothing_and_tells_its_rows(
    platform: Platform, history: RunHistory
) -> None:
    refreshed(platform, history, Refresh(DAY, UNITS))
    before = {name: found for name, found in tables(platform).items() if "bronze" not in name}
    spoil_a_total(platform)
    run = refreshed(platform, history, Refresh(DAY, UNITS))
    assert (run.state, run.error_type) == (RunState.FAILED, "CheckError")
    assert "Silver stayed as it was" in run.error
    told = "\n".join(jobs.list_failing_rows(run.details))
    assert "order_value_adds_up" in told
    assert "9999.99" in told
    assert {n: found for n, found in tables(platform).items() if "bronze" not in n} == before


def test_a_layer_with_other_numbers_is_named(platform: Platform, history: RunHistory) -> None:
    asked = Refresh(DAY, UNITS)
    refreshed(platform, history, asked)
    with platform.warehouse.writing() as connection:  # type: ignore[attr-defined]
        connection.execute(f"DELETE FROM {platform.warehouse.prefix}_gold.fact_sales")
    with pytest.raises(CheckError, match=r"differs between silver .* and gold \(0 orders"):
        daily_refresh.check_counts(platform, asked, NOW)


def test_a_missing_object_is_not_as_expected(platform: Platform, history: RunHistory) -> None:
    asked = Refresh(DAY, UNITS)
    refreshed(platform, history, asked)
    name = next(iter(objects(platform.store, "raw/csv_sales/")))
    platform.store.delete(name)
    platform.warehouse.remove(platform.store.bucket, [name])
    with pytest.raises(CheckError, match=rf"1 object of {DAY} is not as expected: {name}"):
        daily_refresh.check_counts(platform, asked, NOW)


@pytest.mark.parametrize(
    ("parts", "match"),
    [
        ({"day": date(1999, 1, 1)}, "out of range"),
        ({"units": 0}, "0 units are not possible"),
        ({"gaps": "ignore"}, "use fill, wait, fail"),
    ],
)
def test_what_cannot_be_refreshed_is_refused(parts: Mapping[str, object], match: str) -> None:
    with pytest.raises(InputError, match=match):
        Refresh(**{"day": DAY, **parts})  # type: ignore[arg-type]


def test_a_date_that_has_not_begun_is_refused(platform: Platform, history: RunHistory) -> None:
    run = refreshed(platform, history, Refresh(DAY + timedelta(days=30), UNITS))
    assert run.error.startswith("2026-03-05 has not begun: refresh 2026-02-04")
    assert not objects(platform.store)


def test_an_unknown_step_is_refused(platform: Platform, history: RunHistory) -> None:
    with pytest.raises(InputError, match="is not a step of the refresh: use windows, ingest"):
        jobs.take_step(platform, history, Refresh(DAY), "bronze", lambda _: None)


def test_two_at_night_in_sao_paulo_is_about_the_date_before_winter_or_summer() -> None:
    winter, summer = datetime(2026, 7, 2, 5, 0, tzinfo=UTC), datetime(2018, 12, 2, 4, 0, tzinfo=UTC)
    assert (last_ended_day(winter), last_ended_day(summer)) == (date(2026, 7, 1), date(2018, 12, 1))


def test_the_command_line_refreshes_and_says_what_it_could_not(platform: Platform) -> None:
    platform.settings.home.mkdir()
    env = {"MRHEALTH_HOME": str(platform.settings.home)}
    day = ("--date", str(DAY), "--units", "2")
    refused = script("refresh_day.py", *day, "--gaps", "fail", env=env)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"error: 7 windows of {DAY} are not there")
    done = script("refresh_day.py", *day, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].split() == ["orders", "items", "revenue", "R$"]
    spoil_a_total(platform)
    failed = script("refresh_day.py", *day, env=env)
    assert failed.returncode == 1
    assert "9999.99" in failed.stdout
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"MRHEALTH_GAPS": "skip"}, "MRHEALTH_GAPS is 'skip': use fill, wait, fail"),
        ({"MRHEALTH_AIRFLOW_URL": "http://a:8080"}, "MRHEALTH_AIRFLOW_PASSWORD is not: set both"),
        ({"MRHEALTH_AIRFLOW_URL": "ftp://a"}, "use an address such as https://airflow.example.com"),
    ],
)
def test_settings_of_the_refresh_are_checked(values: dict[str, str], match: str) -> None:
    with pytest.raises(InputError, match=match):
        Settings.from_mapping(values)


def test_airflows_password_is_not_shown() -> None:
    values = {"MRHEALTH_AIRFLOW_URL": "airflow:8080", "MRHEALTH_AIRFLOW_PASSWORD": "hidden"}
    settings = Settings.from_mapping(values)
    assert settings.airflow is not None
    assert settings.airflow.url == "http://airflow:8080"
    assert "hidden" not in repr(settings)
