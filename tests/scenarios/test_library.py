"""The scenarios that come with the project."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core import pipeline
from core.generation.catalog import load_catalog
from core.operations.scenarios import Record, apply, list_records, release, withdraw
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.scenarios.kinds import KINDS
from core.scenarios.plan import plan
from core.scenarios.scenario import Scenario, list_names, load_scenario
from core.storage.request import Request

LIBRARY = {name: load_scenario(name) for name in list_names()}
MONDAY, FRIDAY = date(2026, 2, 2), date(2026, 2, 6)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)  # after every date that is used
WEEK = Request(
    tuple(MONDAY + timedelta(days=day) for day in range(7)), load_catalog().windows,
    tuple(range(1, 51)),
)  # fmt: skip


def test_the_library_has_at_least_fifteen_scenarios_and_uses_every_kind() -> None:
    assert len(LIBRARY) >= 15
    assert {fault.kind for scenario in LIBRARY.values() for fault in scenario.faults} == {*KINDS}
    assert {fault.kind for fault in LIBRARY["final-exam"].faults} == {*KINDS}
    assert not LIBRARY["a-clean-week"].faults


@pytest.mark.parametrize("scenario", LIBRARY.values(), ids=LIBRARY)
def test_each_fault_of_a_scenario_hits_something_in_a_week_of_fifty_units(
    scenario: Scenario,
) -> None:
    hit = {one.fault for one in plan(scenario, WEEK, load_catalog())}
    assert hit == {fault.position for fault in scenario.faults}


@pytest.mark.both_sides
@pytest.mark.nightly
def test_every_scenario_is_applied_and_withdrawn(platform: Platform) -> None:
    fridays = [FRIDAY + timedelta(weeks=week) for week in range(len(LIBRARY))]
    for friday, scenario in zip(fridays, LIBRARY.values(), strict=True):
        days = friday, friday + timedelta(days=1)
        record = Record(scenario, Request(days, WEEK.windows, (1, 2, 3)))
        apply(platform, record, NOW)
        assert [one.name for one in list_records(platform.store, platform.catalog)] == [record.name]
        release(platform, NOW, everything=True)
        withdraw(platform, record, NOW)
        found = pipeline.compare(platform, days, NOW).lines
        assert {line.verdict for line in found} == {Verdict.IN_BRONZE}, scenario.name
