"""The plan of the embedded schedule: as it is written, and which of its windows are open."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.generation.catalog import Catalog, load_catalog
from core.generation.windows import window_at
from core.scheduler import ticks_of
from core.scheduler.state import (
    Call,
    EmbeddedState,
    Holder,
    Slot,
    find_due,
    find_missed,
    mark_called,
    mark_dismissed,
    mark_paused,
    mark_resumed,
    mark_served,
    mark_started,
)
from core.scheduler.store import PlanStore
from tests.support.schedule_scenes import brt

BRAZIL = st.dates(date(2010, 1, 2), date(2099, 12, 1))


PLANS = st.builds(
    EmbeddedState,
    paused=st.booleans(),
    units=st.integers(1, 1_048_575),
    seed=st.integers(0, 2**63 - 1),
    in_panel=st.booleans(),
    settled_until=st.none() | st.datetimes(timezones=st.just(UTC)),
    missed=st.lists(st.builds(Slot, BRAZIL, st.sampled_from(["window_1012", "window_2224"]))).map(
        tuple
    ),
    calls=st.lists(
        st.builds(
            Call, st.builds(Slot, BRAZIL, st.just("window_1012")), st.integers(1, 4),
            st.none() | st.datetimes(timezones=st.just(UTC)),
        )
    ).map(tuple),
    holder=st.none()
    | st.builds(
        Holder, st.integers(1, 2**31), st.datetimes(timezones=st.just(UTC)),
        st.sampled_from(["panel", "command"]),
    ),
)  # fmt: skip


@given(plan=PLANS)
def test_a_plan_is_read_as_it_was_written(
    plan: EmbeddedState, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = PlanStore(tmp_path_factory.getbasetemp() / "plan.sqlite")
    assert store.change(lambda _: plan) == plan
    assert store.read() == plan


# A schedule's life as steps an hour or so apart, against the plain rule told tick by tick.
STEPS = st.lists(
    st.tuples(st.integers(2, 500), st.sampled_from(["tick", "pause", "resume", "nothing"])),
    max_size=30,
)


@given(steps=STEPS, last=st.integers(2, 500))
def test_every_tick_is_served_paused_or_missed(steps: list[tuple[int, str]], last: int) -> None:
    catalog = load_catalog()
    plan, now, is_paused = mark_started(EmbeddedState(), brt(9)), brt(9), False
    open_ticks: set[Slot] = set()
    for minutes, step in [*steps, (last, "nothing")]:
        before, now = now, now + timedelta(minutes=minutes)
        passed = _between(before, now, catalog)
        open_ticks |= set() if is_paused else passed
        found = window_at(now, catalog)
        if step == "tick" and not is_paused and found:
            slot = Slot(found[0], found[1].tag)
            plan = mark_served(plan, [slot], now, catalog)
            open_ticks.discard(slot)
        elif step == "pause":
            plan, is_paused = mark_paused(plan, now, catalog), True
        elif step == "resume":
            plan, is_paused = mark_resumed(plan, now), False
    oldest, youngest = now - timedelta(days=7), now - timedelta(minutes=1)
    expected = {
        slot for slot in open_ticks
        if oldest < _start(slot, catalog) <= youngest
    }  # fmt: skip
    assert set(find_missed(plan, now, catalog)) - _between(youngest, now, catalog) == expected
    assert len(set(find_missed(plan, now, catalog))) == len(find_missed(plan, now, catalog))


def _between(since: datetime, until: datetime, catalog: Catalog) -> set[Slot]:
    return {
        Slot(tick.day, tick.window.tag)
        for n in range((until.date() - since.date()).days + 1)
        for tick in ticks_of(since.date() + timedelta(days=n), catalog)
        if since < tick.at <= until
    }


def _start(slot: Slot, catalog: Catalog) -> datetime:
    return next(t.at for t in ticks_of(slot.day, catalog) if t.window.tag == slot.tag)


@pytest.mark.parametrize(
    "change", ["mark_started", "called", "mark_served", "paused", "resumed", "mark_dismissed"]
)
def test_what_a_clock_far_ahead_settled_does_not_count_once_the_clock_is_right(
    change: str, catalog: Catalog
) -> None:
    now, ahead = brt(11, 30), brt(11, 30) + timedelta(days=90)
    slot = Slot(now.date(), "window_1012")
    before = EmbeddedState(
        settled_until=ahead, paused=change == "resumed", calls=(Call(slot, 1, ahead),)
    )
    after = {
        "mark_started": lambda: mark_started(before, now),
        "called": lambda: mark_called(before, slot, now, catalog),
        "mark_served": lambda: mark_served(before, [slot], now, catalog),
        "paused": lambda: mark_resumed(mark_paused(before, now, catalog), now),
        "resumed": lambda: mark_resumed(before, now),
        "mark_dismissed": lambda: mark_dismissed(before, now, catalog, running=False),
    }[change]()
    assert after.settled_until == now
    later = now + timedelta(hours=1)
    assert find_missed(after, later, catalog) == (Slot(now.date(), "window_1214"),)
    assert not after.calls or change != "mark_started" or find_due(after, later) == [slot]
