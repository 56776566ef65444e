"""What a fault hits is a hash of coordinates: the same in any part, and of the right number."""

import math
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.generation.catalog import load_catalog
from core.generation.windows import dates_between
from core.scenarios.kinds import KINDS
from core.scenarios.plan import PlannedHit, plan
from core.scenarios.selection import rows_of
from core.storage.request import Request
from tests.support.spoiled import FIRST, WINDOWS, fault, request_of, scenario_of

CATALOG = load_catalog()
SEEDS = st.integers(0, 2**63 - 1)
BY_CELL_OR_ROW = [kind.name for kind in KINDS.values() if kind.target != "unit"]


def planned(one: dict[str, Any], request: Request, seed: int = 1) -> list[PlannedHit]:
    return plan(scenario_of(one, seed=seed), request, CATALOG)


def targets(hits: list[PlannedHit]) -> int:
    """How many cells or rows are hit."""
    return sum(hit.rows or 1 for hit in hits)


@given(st.sampled_from(BY_CELL_OR_ROW), SEEDS, st.integers(1, 40))
def test_a_count_hits_exactly_so_many_targets(kind: str, seed: int, count: int) -> None:
    request = request_of(days=2, units=3)
    every = targets(planned(fault(kind), request))
    hits = planned({"kind": kind, "count": count}, request, seed)
    assert targets(hits) == min(count, every)


@given(st.sampled_from(["unit_silent", "price_drift", "clock_skew"]), SEEDS, st.integers(1, 9))
def test_a_count_of_units_hits_exactly_so_many_units(kind: str, seed: int, count: int) -> None:
    hits = planned({"kind": kind, "count": count}, request_of(days=2, units=7), seed)
    assert len({hit.unit for hit in hits}) == min(count, 7)


@given(st.sampled_from(["row_doubled", "unknown_product", "empty"]), SEEDS, st.floats(0.01, 1))
def test_a_share_hits_as_many_targets_as_chance_allows(kind: str, seed: int, share: float) -> None:
    """By Hoeffding's bound, a right share fails with a probability below 3e-14."""
    request = request_of(days=7, units=20)
    every = targets(planned(fault(kind), request))
    hit = targets(planned(fault(kind, share), request, seed))
    assert abs(hit - every * share) <= 4 * math.sqrt(every)


@given(st.sampled_from(BY_CELL_OR_ROW), SEEDS, st.floats(0.05, 1))
def test_a_part_of_a_request_has_the_hits_of_the_whole(kind: str, seed: int, share: float) -> None:
    whole = Request(tuple(dates_between(FIRST, FIRST + timedelta(days=3))), WINDOWS, (1, 2, 3, 4))
    part = Request(whole.dates[1:3], WINDOWS[2:5], (4, 2))
    of_part = planned(fault(kind, share), part, seed)
    among = [
        hit
        for hit in planned(fault(kind, share), whole, seed)
        if hit.day in part.dates and hit.window in part.windows and hit.unit in part.units
    ]
    assert len(of_part) == len(among)
    assert set(of_part) == set(among)


@given(SEEDS, st.floats(0.05, 0.95))
def test_a_greater_share_hits_more_of_the_same_targets(seed: int, share: float) -> None:
    request = request_of(days=2, units=5)
    few, many = (set(planned(fault("empty", one), request, seed)) for one in (share / 2, share))
    assert few <= many


@given(SEEDS)
def test_faults_and_seeds_hit_independently(seed: int) -> None:
    request = request_of(days=5, units=30)
    twice = plan(scenario_of(fault("empty", 0.5), fault("empty", 0.5), seed=seed), request, CATALOG)
    first, second = (
        {hit[2:] for hit in twice if hit.fault == position} for position in (0, 1)
    )  # fmt: skip
    both = len(first & second)
    assert 0.15 < both / (5 * 7 * 30) < 0.35  # a quarter; Hoeffding: fails below 1e-8


def test_days_weekdays_windows_and_units_limit_what_is_hit() -> None:
    request = request_of(days=10, units=9)
    for narrow, wanted in (
        ({"days": [1, 3]}, lambda hit: 1 <= (hit.day - FIRST).days <= 3),
        ({"weekdays": ["friday", "sunday"]}, lambda hit: hit.day.weekday() in (4, 6)),
        ({"windows": ["window_1214"]}, lambda hit: hit.window.start_hour == 12),
        ({"units": [3, 5]}, lambda hit: 3 <= hit.unit <= 5),
        ({"days": [50, 60]}, lambda _: False),
        ({"units": [50, 60]}, lambda _: False),
    ):  # fmt: skip
        every = planned(fault("row_doubled"), request)
        assert planned({**fault("row_doubled"), **narrow}, request) == list(filter(wanted, every))


def test_a_count_counts_what_may_be_hit() -> None:
    hits = planned({"kind": "empty", "count": 4, "weekdays": ["friday"]}, request_of(days=7))
    assert len(hits) == 4
    assert {hit.day.weekday() for hit in hits} == {4}


@given(SEEDS, st.integers(1, 9))
def test_a_silent_unit_is_silent_for_consecutive_days(seed: int, days: int) -> None:
    request = request_of(days=7, units=5)
    hits = planned(
        {"kind": "unit_silent", "count": 3, "parameters": {"days": days}}, request, seed
    )  # fmt: skip
    for unit in {hit.unit for hit in hits}:
        silent = sorted({hit.day for hit in hits if hit.unit == unit})
        assert silent == dates_between(silent[0], silent[-1])
        assert len(silent) == min(days, 7)
        assert sum(hit.unit == unit for hit in hits) == 7 * len(silent)


@given(SEEDS)
@settings(max_examples=15)
def test_a_leak_grows_from_date_to_date(seed: int) -> None:
    request = request_of(days=5, units=40)
    one = {**fault("order_leak"), "parameters": {"from": 0.0, "to": 0.8}}
    every = planned(fault("row_doubled"), request)
    for place, day in enumerate(request.dates):
        of_day = [hit.rows for hit in every if hit.day == day]
        lost = sum(hit.rows for hit in planned(one, request, seed) if hit.day == day)
        assert abs(lost - sum(of_day) * 0.2 * place) <= 4 * math.sqrt(sum(of_day))


def test_rows_are_copied_into_no_file_that_is_published_before_they_exist() -> None:
    copied = fault("copied_into_other_window")
    assert {hit.window for hit in planned(copied, request_of())} == set(WINDOWS[:-1])
    assert {hit.window for hit in planned(copied, request_of(windows=[5, 6]))} == set(WINDOWS[5:])


@pytest.mark.parametrize("kind", sorted({*BY_CELL_OR_ROW} - {"copied_into_other_window"}))
def test_a_share_of_one_hits_every_row_or_cell(kind: str) -> None:
    request = request_of()
    hits = planned(fault(kind), request)
    assert len(hits) == len(request.slices) * len(request.units)
    (read,) = scenario_of(fault(kind)).faults
    assert all(bool(hit.rows) == bool(rows_of(read)) for hit in hits)


def test_the_plan_of_a_year_is_quick() -> None:
    """Of 128 100 cells; it took half a second when this was written, and makes no file."""
    year = tuple(dates_between(FIRST, FIRST + timedelta(days=365)))
    request = Request(year, WINDOWS, tuple(range(1, 51)))
    hits = planned(fault("unknown_product", 0.01), request)
    assert {hit.day for hit in hits} == set(year)
