"""The emulated schedule's calls: at its ticks, on demand, again after a failure, a day of them."""

import dataclasses
import itertools
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from core.generation.catalog import load_catalog
from core.scheduler.cloud import CloudSchedule
from core.settings import Cloud
from local_cloud.gateway import Gateway
from local_cloud.schedule import LocalSchedule
from tests.support.small_server import Function, served

TEN = datetime(2026, 2, 1, 13, tzinfo=UTC)  # 10:00 in São Paulo
_NUMBERS = itertools.count(1)


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def project(cloud: Cloud) -> Cloud:
    """A project of its own: the schedule's name is the same in all tests."""
    return dataclasses.replace(cloud, project=f"ticks-{os.getpid()}-{next(_NUMBERS)}")


@contextmanager
def scheduled(
    gateway: Gateway, project: Cloud, function: Function, clock: Clock
) -> Iterator[LocalSchedule]:
    with (
        served(function) as url,
        LocalSchedule(gateway, project, load_catalog(), url, clock, waits_s=(0, 0)) as schedule,
    ):
        yield schedule


def times_of(function: Function) -> list[str]:
    return [posted.headers["X-CloudScheduler-ScheduleTime"] for posted in function.posted]


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_it_calls_at_a_tick_and_tells_the_ticks_time(gateway: Gateway, project: Cloud) -> None:
    function, clock = Function(), Clock(TEN - timedelta(seconds=1))
    with scheduled(gateway, project, function, clock):
        state = CloudSchedule(project).state()
        assert (state.next_run, state.last_run) == (TEN, None)
        clock.now = TEN + timedelta(seconds=3)
        wait_for(lambda: CloudSchedule(project).state().last_run is not None)
        state = CloudSchedule(project).state()
    assert times_of(function) == ["2026-02-01T13:00:00Z"]
    assert function.posted[0].headers["X-CloudScheduler-JobName"] == "continuous-data-generator"
    assert (state.next_run, state.last_run) == (TEN + timedelta(hours=2), clock.now)
    assert state.last_status == "The last call succeeded."


def test_a_paused_job_lets_its_tick_pass_and_still_runs_on_demand(
    gateway: Gateway, project: Cloud
) -> None:
    function, clock = Function(), Clock(TEN - timedelta(seconds=1))
    with scheduled(gateway, project, function, clock):
        CloudSchedule(project).pause()
        clock.now = TEN + timedelta(minutes=17)
        wait_for(lambda: gateway.counts().operations["scheduler:job.get"] > 0)
        CloudSchedule(project).run()
        wait_for(lambda: CloudSchedule(project).state().last_run is not None)
    assert times_of(function) == ["2026-02-01T13:17:00Z"]


def test_a_call_that_fails_is_made_again(gateway: Gateway, project: Cloud) -> None:
    function = Function(503, 500)
    with scheduled(gateway, project, function, Clock(TEN)) as schedule:
        assert schedule.call(TEN).status == 200
        assert times_of(function) == ["2026-02-01T13:00:00Z"] * 3
        assert CloudSchedule(project).state().last_status == "The last call succeeded."


@pytest.mark.parametrize(
    ("statuses", "told"), [([503] * 3, "UNAVAILABLE"), ([409], "ALREADY_EXISTS")]
)
def test_the_job_shows_a_call_that_failed(
    gateway: Gateway, project: Cloud, statuses: list[int], told: str
) -> None:
    function = Function(*statuses)
    with scheduled(gateway, project, function, Clock(TEN)) as schedule:
        assert schedule.call(TEN).status == statuses[-1]
        assert len(function.posted) == len(statuses)
        assert told in CloudSchedule(project).state().last_status


def test_a_day_is_its_seven_ticks(gateway: Gateway, project: Cloud) -> None:
    function = Function()
    with scheduled(gateway, project, function, Clock(TEN)) as schedule:
        called = schedule.play(date(2026, 2, 1), 0)
    assert [call.status for call in called] == [200] * 7
    assert times_of(function) == [
        *(f"2026-02-01T{hour}:00:00Z" for hour in (13, 15, 17, 19, 21, 23)), "2026-02-02T01:00:00Z",
    ]  # fmt: skip
