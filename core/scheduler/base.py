"""Ticks and windows, and the interface of a schedule."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from core.generation.catalog import Catalog, Window
from core.generation.windows import (
    FIRST_DATE,
    LAST_DATE,
    business_date,
    dates_between,
    window_start,
)

JOB = "continuous-data-generator"


class Tick(NamedTuple):
    """A moment at which the schedule calls, and the window that it calls for."""

    at: datetime
    day: date
    window: Window


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """The state of a schedule.

    Attributes:
        state: `enabled`, `paused`, `disabled`, or another word of the schedule's.
        schedule: When it calls, in cron's format, by the clock of `time_zone`.
        next_run: None when the schedule does not say.
        last_run: Its last call, by the schedule or by hand; None before the first.
        last_status: How that ended, in a sentence.
    """

    name: str
    state: str
    schedule: str
    time_zone: str
    next_run: datetime | None
    last_run: datetime | None
    last_status: str
    target: str

    @property
    def paused(self) -> bool:
        """Whether it makes no scheduled calls."""
        return self.state == "paused"


class Schedule(Protocol):
    """A schedule that exists already; every method returns its state afterwards.

    Every method raises `TransientError` when the same call may succeed later, and another
    `PlatformError` when there is no schedule or it may not be used.
    """

    def state(self) -> ScheduleState:
        """Its state."""

    def pause(self) -> ScheduleState:
        """Stop its scheduled calls; nothing happens when it makes none."""

    def resume(self) -> ScheduleState:
        """Start its scheduled calls again; nothing happens when it makes them."""

    def run(self) -> ScheduleState:
        """Make one call now, for the window that contains the present."""


def ticks_of(day: date, catalog: Catalog) -> list[Tick]:
    """The ticks of a business date: one at the start of each window."""
    return [Tick(window_start(day, window), day, window) for window in catalog.windows]


def next_ticks(now: datetime, count: int, catalog: Catalog) -> list[Tick]:
    """The next ticks after an aware moment, in order; fewer where the dates of the platform end."""
    first = max(business_date(now), FIRST_DATE)
    last = min(first + timedelta(days=count // len(catalog.windows) + 1), LAST_DATE)
    days = dates_between(first, last) if first <= last else ()
    ticks = [tick for day in days for tick in ticks_of(day, catalog) if tick.at > now]
    return ticks[:count]


def cron(catalog: Catalog) -> str:
    """The seven ticks in cron's format, by the clock of America/Sao_Paulo."""
    return f"0 {','.join(str(window.start_hour) for window in catalog.windows)} * * *"
