"""What the embedded schedule is to do, and which of its windows are still open.

A window is settled when it is in the bucket, the schedule was paused at its tick, or a person
dismissed it. All others since the schedule first ran are open. A window keeps its `Call` until it
is settled, so that the next process, too, repeats it.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from core.generation.catalog import DEFAULT_UNITS, Catalog
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import business_date, dates_between, window_start
from core.scheduler.base import Tick, ticks_of

LOOK_BACK = timedelta(days=7)  # how old a missed window may be
GRACE = timedelta(minutes=1)  # the call of a younger tick may be about to begin
RETRY_AFTER: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))


class Slot(NamedTuple):
    """A window of a date."""

    day: date
    tag: str


class Call(NamedTuple):
    """A window that was called for `tries` times and is not settled yet.

    `due` is when the call is made again; None while the process is making it.
    """

    slot: Slot
    tries: int
    due: datetime | None


class Holder(NamedTuple):
    """The process that makes the calls, since when, and its place: `panel` or `command`."""

    process: int
    since: datetime
    place: str


@dataclass(frozen=True, slots=True)
class EmbeddedState:
    """What is stored of the embedded schedule.

    Attributes:
        in_panel: Whether a panel makes its calls, and does so again after a restart.
        settled_until: Every tick up to here is settled or in `missed`; None before it first ran.
        missed: Windows that were missed, the oldest first.
        holder: The process that made the calls last; the lock says whether it still does.
    """

    paused: bool = False
    units: int = DEFAULT_UNITS
    seed: int = DEFAULT_SEED
    in_panel: bool = False
    settled_until: datetime | None = None
    missed: tuple[Slot, ...] = ()
    calls: tuple[Call, ...] = ()
    holder: Holder | None = None


def find_missed(plan: EmbeddedState, now: datetime, catalog: Catalog) -> tuple[Slot, ...]:
    """The windows missed up to now, of the last `LOOK_BACK`, the oldest first."""
    return _find_missed(plan, now - GRACE, now - LOOK_BACK, catalog)


def mark_started(plan: EmbeddedState, now: datetime) -> EmbeddedState:
    """The plan when a process begins to make calls: ticks before the first time do not count.

    The process continues the calls that the one before it was making.
    """
    latest = now + RETRY_AFTER[-1]
    calls = tuple(
        call._replace(due=min(call.due or now, latest))
        for call in plan.calls
        if call.slot.day > business_date(now - LOOK_BACK)
    )
    return replace(plan, settled_until=min(plan.settled_until or now, now), calls=calls)


def mark_called(plan: EmbeddedState, slot: Slot, now: datetime, catalog: Catalog) -> EmbeddedState:
    """The plan when a call for a window begins; other open windows up to now are noted."""
    tries = sum(call.tries for call in plan.calls if call.slot == slot)
    found = _note_missed(_cap_at(plan, now), now, catalog)
    return replace(found, calls=(*_without(plan.calls, {slot}), Call(slot, tries + 1, None)))


def mark_failed(plan: EmbeddedState, slot: Slot, now: datetime, *, passes: bool) -> EmbeddedState:
    """The plan when a call failed: `due` again where the reason passes, else missed."""
    calls = []
    for call in plan.calls:
        if call.slot != slot:
            calls.append(call)
        elif passes and call.tries <= len(RETRY_AFTER):
            calls.append(call._replace(due=now + RETRY_AFTER[call.tries - 1]))
    return replace(plan, calls=tuple(calls))


def mark_served(
    plan: EmbeddedState, slots: Iterable[Slot], now: datetime, catalog: Catalog
) -> EmbeddedState:
    """The plan when windows are in the bucket; other open windows up to now are noted."""
    done = frozenset(slots)
    found = _note_missed(_cap_at(plan, now), now, catalog)
    missed = tuple(slot for slot in found.missed if slot not in done)
    return replace(found, missed=missed, calls=_without(found.calls, done))


def find_due(plan: EmbeddedState, now: datetime) -> list[Slot]:
    """The windows whose calls are to be repeated now."""
    return [] if plan.paused else [call.slot for call in plan.calls if call.due and call.due <= now]


def mark_paused(plan: EmbeddedState, now: datetime, catalog: Catalog) -> EmbeddedState:
    """The plan when it is paused: what was missed before stays missed."""
    plan = _cap_at(plan, now)
    return plan if plan.paused else replace(_note_missed(plan, now, catalog), paused=True)


def mark_resumed(plan: EmbeddedState, now: datetime) -> EmbeddedState:
    """The plan when it is resumed: ticks during the pause were not missed."""
    if not plan.paused:
        return plan
    return replace(plan, paused=False, settled_until=plan.settled_until and now)


def mark_dismissed(
    plan: EmbeddedState, now: datetime, catalog: Catalog, *, running: bool
) -> EmbeddedState:
    """The plan when a person dismisses what was missed; a `running` process continues its calls."""
    at_work = [call.slot for call in plan.calls] if running else []
    found = _note_missed(_cap_at(plan, now), now - GRACE, catalog)
    missed = tuple(slot for slot in found.missed if slot in at_work)
    return replace(found, missed=missed, calls=plan.calls if running else ())


def _without(calls: Iterable[Call], slots: AbstractSet[Slot]) -> tuple[Call, ...]:
    return tuple(call for call in calls if call.slot not in slots)


def _cap_at(plan: EmbeddedState, now: datetime) -> EmbeddedState:
    """The plan settled until now at most: a clock that was ahead settled no future ticks."""
    until = plan.settled_until
    return replace(plan, settled_until=now) if until and until > now else plan


def _note_missed(plan: EmbeddedState, until: datetime, catalog: Catalog) -> EmbeddedState:
    """The plan with its missed windows up to a moment noted."""
    if plan.settled_until is None or plan.paused:
        return plan
    found = _find_missed(plan, until, until - LOOK_BACK, catalog)
    return replace(plan, missed=found, settled_until=max(plan.settled_until, until))


def _find_missed(
    plan: EmbeddedState, until: datetime, oldest: datetime, catalog: Catalog
) -> tuple[Slot, ...]:  # fmt: skip
    windows = {window.tag: window for window in catalog.windows}
    known = [
        slot for slot in plan.missed
        if slot.tag in windows and window_start(slot.day, windows[slot.tag]) > oldest
    ]  # fmt: skip
    if plan.settled_until is None or plan.paused:
        return tuple(known)
    since = max(plan.settled_until, oldest)
    slots = (Slot(tick.day, tick.window.tag) for tick in _ticks_between(since, until, catalog))
    return (*known, *slots)


def _ticks_between(since: datetime, until: datetime, catalog: Catalog) -> list[Tick]:
    """The ticks after a moment and up to another one."""
    if until <= since:
        return []
    days = dates_between(business_date(since), business_date(until))
    return [tick for day in days for tick in ticks_of(day, catalog) if since < tick.at <= until]
