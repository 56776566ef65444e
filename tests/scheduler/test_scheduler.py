"""The schedule: its ticks and their windows, and the job on (emulated) Google Cloud."""

import dataclasses
import itertools
import os
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_function.deploy import functions
from core.errors import SettingsError, StoreError, TransientError
from core.generation.catalog import Catalog, load_catalog
from core.generation.windows import window_at
from core.scheduler import cron, next_ticks, ticks_of
from core.scheduler.cloud import CloudSchedule
from core.settings import Cloud
from local_cloud.gateway import Fault, Gateway
from tests.support.cloud_schedule import ADDRESS, deployed

_NUMBERS = itertools.count(1)


@pytest.fixture
def project(cloud: Cloud) -> Cloud:
    """A project in which nothing is deployed yet."""
    return dataclasses.replace(cloud, project=f"schedule-{os.getpid()}-{next(_NUMBERS)}")


@pytest.fixture
def schedule(project: Cloud) -> CloudSchedule:
    """The schedule as it is after the deployment."""
    return deployed(project)


FIRST = datetime(2010, 1, 2, tzinfo=UTC)
MOMENTS = st.integers(0, 90 * 365 * 86_400 - 86_400 * 30).map(
    lambda seconds: FIRST + timedelta(seconds=seconds)
)


@given(now=MOMENTS, count=st.integers(1, 20))
def test_the_next_ticks_are_the_starts_of_the_windows_that_follow(
    now: datetime, count: int
) -> None:
    catalog = load_catalog()
    ticks = next_ticks(now, count, catalog)
    assert len(ticks) == count
    assert ticks[0].at > now
    for tick in ticks:
        assert window_at(tick.at, catalog) == (tick.day, tick.window)
        assert window_at(tick.at - timedelta(seconds=1), catalog) != (tick.day, tick.window)
    week = [t for n in range(4) for t in ticks_of(ticks[0].day + timedelta(days=n), catalog)]
    first = week.index(ticks[0])
    assert week[first : first + count] == ticks
    assert not [tick for tick in week[:first] if tick.at > now]


def test_the_ticks_of_a_day_are_those_of_the_guide(catalog: Catalog) -> None:
    hours = [f"{tick.at:%H:%M %z}" for tick in ticks_of(date(2026, 2, 1), catalog)]
    assert hours == [f"{hour}:00 -0300" for hour in (10, 12, 14, 16, 18, 20, 22)]


def test_at_a_tick_the_next_one_is_the_following(catalog: Catalog) -> None:
    first, second = ticks_of(date(2026, 2, 1), catalog)[:2]
    assert next_ticks(first.at, 1, catalog) == [second]


def test_ticks_end_with_the_dates_of_the_platform(catalog: Catalog) -> None:
    last = datetime(2099, 12, 31, 22, 30, tzinfo=UTC)  # 19:30 in São Paulo
    assert [tick.window.start_hour for tick in next_ticks(last, 9, catalog)] == [20, 22]
    assert next_ticks(datetime(2100, 6, 1, tzinfo=UTC), 9, catalog) == []


def test_the_deployed_schedule_has_the_ticks_of_the_windows(catalog: Catalog) -> None:
    assert cron(catalog) == functions.SCHEDULE


def test_a_schedule_that_was_deployed_is_enabled_and_has_not_called(
    schedule: CloudSchedule,
) -> None:
    state = schedule.state()
    assert (state.name, state.state, state.paused) == (
        "continuous-data-generator", "enabled", False,
    )  # fmt: skip
    assert (state.schedule, state.time_zone) == (
        "0 10,12,14,16,18,20,22 * * *", "America/Sao_Paulo",
    )  # fmt: skip
    assert state.target == ADDRESS
    assert (state.last_run, state.last_status) == (None, "It has not called yet.")


def test_pausing_and_resuming_last_and_may_be_repeated(schedule: CloudSchedule) -> None:
    for _ in range(2):
        assert schedule.pause().paused
        assert schedule.state().paused
    for _ in range(2):
        assert schedule.resume().state == "enabled"
        assert schedule.state().state == "enabled"


def test_a_call_by_hand_is_the_last_run(schedule: CloudSchedule) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    schedule.run()
    state = schedule.state()
    assert state.last_run is not None
    assert before <= state.last_run <= datetime.now(UTC) + timedelta(seconds=1)
    assert state.last_status == "The last call succeeded."


def test_a_call_that_failed_says_why(schedule: CloudSchedule, gateway: Gateway) -> None:
    at = datetime(2026, 2, 1, 13, tzinfo=UTC)
    status = {"code": 4, "message": "URL_TIMEOUT"}
    gateway.scheduler.attempted(schedule.name, at, status)
    state = schedule.state()
    assert state.last_run == at
    assert state.last_status == "The last call failed: DEADLINE_EXCEEDED (URL_TIMEOUT)."


def test_the_next_run_is_the_one_that_the_schedule_says(
    schedule: CloudSchedule, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 2, 1, 15, tzinfo=UTC)
    monkeypatch.setattr(gateway.scheduler, "next_tick", lambda _: at)
    assert schedule.state().next_run == at
    assert schedule.pause().next_run is None


@pytest.mark.parametrize("action", ["state", "pause", "resume", "run"])
def test_what_is_not_deployed_is_told_with_the_commands_that_help(
    project: Cloud, action: str
) -> None:
    with pytest.raises(SettingsError, match="There is no schedule") as told:
        getattr(CloudSchedule(project), action)()
    assert "cloud_function/deploy.sh" in str(told.value)
    assert "gcloud services enable cloudscheduler.googleapis.com" in str(told.value)
    assert project.project in str(told.value)


def test_a_service_that_is_not_enabled_is_told_with_the_command(
    schedule: CloudSchedule, gateway: Gateway
) -> None:
    words = "Cloud Scheduler API has not been used in project 12 before or it is disabled."
    gateway.faults.add(Fault(status=403, reason="forbidden", message=words, service="scheduler"))
    with pytest.raises(SettingsError, match="gcloud services enable cloudscheduler"):
        schedule.state()


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(status=503, service="scheduler"), TransientError),
        (Fault(status=429, service="scheduler"), TransientError),
        (Fault(reset=True, service="scheduler"), TransientError),
        (Fault(status=403, reason="forbidden", service="scheduler"), StoreError),
    ],
    ids=["unavailable", "too many", "reset", "refused"],
)
def test_what_fails_is_one_sentence(
    schedule: CloudSchedule, gateway: Gateway, fault: Fault, kind: type[Exception]
) -> None:
    told = "Cannot pause the schedule continuous-data-generator"
    with gateway.faults.having(dataclasses.replace(fault)), pytest.raises(kind, match=told):
        schedule.pause()
    assert not schedule.state().paused
