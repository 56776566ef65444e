"""The scenarios that come with the project."""

from datetime import date, timedelta

import pytest

from core.generation.catalog import load_catalog
from core.scenarios.kinds import KINDS
from core.scenarios.plan import plan
from core.scenarios.scenario import Scenario, list_library
from core.storage.request import Request

LIBRARY = {scenario.name: scenario for scenario in list_library()}
MONDAY = date(2026, 2, 2)
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
