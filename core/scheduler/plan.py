"""What the embedded schedule is to do, and which of its windows nobody has seen to.

A tick is settled when it was served, when the schedule was paused at it, or when somebody decided
to leave it. All others since the schedule first lived are missed: it was off, or the machine slept.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from core.catalog import DEFAULT_UNITS, Catalog
from core.generate import DEFAULT_SEED
from core.scheduler.base import Tick, ticks_of
from core.windows import business_date, dates_between, window_start

LOOK_BACK = timedelta(days=7)  # how old a missed window may be
GRACE = timedelta(minutes=1)  # a tick that young may be just about to be served


class Slot(NamedTuple):
    """A window of a date."""

    day: date
    tag: str


class Holder(NamedTuple):
    """The process that makes the calls: its number, since when, and what it is.

    Attributes:
        place: `panel` or `command`.
    """

    process: int
    since: datetime
    place: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is stored of the embedded schedule.

    Attributes:
        units, seed: Of what it generates.
        in_panel: Whether a panel makes its calls, and does so again after a restart.
        settled_until: Every tick up to here is settled, or among `missed`; None before it lived.
        missed: Windows that were missed, the oldest first.
        holder: The process that took it last; whether it lives is for the lock to say.
    """

    paused: bool = False
    units: int = DEFAULT_UNITS
    seed: int = DEFAULT_SEED
    in_panel: bool = False
    settled_until: datetime | None = None
    missed: tuple[Slot, ...] = ()
    holder: Holder | None = None


def unserved(plan: Plan, now: datetime, catalog: Catalog) -> tuple[Slot, ...]:
    """The windows missed up to now, of the last `LOOK_BACK`, the oldest first."""
    return _unserved(plan, now - GRACE, now - LOOK_BACK, catalog)


def lived(plan: Plan, now: datetime) -> Plan:
    """The plan when a process begins to make its calls: nothing before the first time counts."""
    return plan if plan.settled_until else replace(plan, settled_until=now)


def served(plan: Plan, slots: Iterable[Slot], now: datetime, catalog: Catalog) -> Plan:
    """The plan when windows were called for; others up to now that nobody called for are kept."""
    done = frozenset(slots)
    found = _settled(plan, now, catalog)
    return replace(found, missed=tuple(slot for slot in found.missed if slot not in done))


def paused(plan: Plan, now: datetime, catalog: Catalog) -> Plan:
    """The plan when it is paused: what was missed before stays missed."""
    return plan if plan.paused else replace(_settled(plan, now, catalog), paused=True)


def resumed(plan: Plan, now: datetime) -> Plan:
    """The plan when it is resumed: what it would have called for meanwhile was not missed."""
    if not plan.paused:
        return plan
    return replace(plan, paused=False, settled_until=_later(plan.settled_until, now))


def left(plan: Plan, now: datetime, catalog: Catalog) -> Plan:
    """The plan when the windows missed up to now are to stay as they are."""
    return replace(_settled(plan, now - GRACE, catalog), missed=())


def _settled(plan: Plan, until: datetime, catalog: Catalog) -> Plan:
    """The plan with its missed windows up to a moment written down."""
    if plan.settled_until is None or plan.paused:
        return plan
    found = _unserved(plan, until, until - LOOK_BACK, catalog)
    return replace(plan, missed=found, settled_until=_later(plan.settled_until, until))


def _unserved(
    plan: Plan, until: datetime, oldest: datetime, catalog: Catalog
) -> tuple[Slot, ...]:  # fmt: skip
    windows = {window.tag: window for window in catalog.windows}
    known = [
        slot for slot in plan.missed
        if slot.tag in windows and window_start(slot.day, windows[slot.tag]) > oldest
    ]  # fmt: skip
    if plan.settled_until is None or plan.paused:
        return tuple(known)
    since = max(plan.settled_until, oldest)
    slots = (Slot(tick.day, tick.window.tag) for tick in _ticks(since, until, catalog))
    return (*known, *slots)


def _ticks(since: datetime, until: datetime, catalog: Catalog) -> list[Tick]:
    """The ticks after a moment and up to another one."""
    if until <= since:
        return []
    days = dates_between(business_date(since), business_date(until))
    return [tick for day in days for tick in ticks_of(day, catalog) if since < tick.at <= until]


def _later(one: datetime | None, other: datetime) -> datetime | None:
    return one and max(one, other)
