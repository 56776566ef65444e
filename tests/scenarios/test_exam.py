"""Our own pipeline sits the exam: for each kind of fault its findings equal the key."""

import json
from collections.abc import Sequence
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from core.platform import Platform
from core.scenarios.kinds import KINDS, Kind
from core.scenarios.scenario import Scenario
from core.settings import Settings
from tests.scenarios.findings_page import PAGE, describe_row
from tests.support.exam import (
    PAPERS,
    TAGS,
    VARIANTS,
    grade,
    hear_layers,
    let_come,
    noticed,
    request_of,
    scenario_of,
    sit_exam,
)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_findings_of_a_kind_equal_the_key(platform: Platform, kind: Kind) -> None:
    paper = PAPERS[kind.name]
    key = sit_exam(platform, paper.scenario, paper.request)
    assert {entry.kind for entry in key} == {kind.name}
    judged = not {"silver", "none"}.isdisjoint(kind.notices)
    said = hear_layers(platform, paper.request, silver=judged)
    assert {*kind.notices} - {"none"} <= {*said}
    assert (kind.reason is None) is ("none" not in kind.notices)
    assert said == {} or kind.reason is None
    row = describe_row(kind, said)
    assert row in PAGE.read_text("utf-8"), "run python -m tests.scenarios.findings_page"
    let_come(platform)
    result = grade(platform, noticed(key), paper.request)
    assert (result.missed, result.invented) == ((), ())


NOTICED = [kind for kind in KINDS.values() if "none" not in kind.notices]


@pytest.mark.both_sides
def test_the_findings_of_all_kinds_together_equal_the_key(platform: Platform) -> None:
    check_together(platform, [(kind, TOGETHER.get(kind, "count = 1")) for kind in KINDS])


def test_the_findings_of_all_variants_together_equal_the_key(platform: Platform) -> None:
    check_together(platform, VARIANTS)


def check_together(platform: Platform, faults: Sequence[tuple[str, str]]) -> None:
    """Each fault has a unit of its own, so that none hides another one."""
    placed = [
        (kind, f"{lines}\nunits = [{unit}, {unit}]") for unit, (kind, lines) in enumerate(faults, 1)
    ]
    request = request_of(("window_1214", "window_1416", "window_1618"), len(faults) + 1, 2)
    key = sit_exam(platform, scenario_of(placed), request)
    let_come(platform)
    assert {entry.kind for entry in key} == {kind for kind, _ in faults}
    assert {entry.fault for entry in key} == {*range(len(faults))}
    result = grade(platform, noticed(key), request)
    assert (result.missed, result.invented) == ((), ())


TOGETHER = {
    "yesterday_again": "count = 1\ndays = [1, 1]",
    "order_leak": "count = 1\nparameters = {from = 0.9, to = 0.9}",
}
NUMBERS = {"keep": (0.05, 0.4, 0.9), "factor": (1.1, 3.0), "percent": (-50.0, 10.0), "from": (0.9,),
           "to": (0.9,), "products": (5, 30)}  # fmt: skip


@st.composite
def faults_of(draw: st.DrawFn, kind: Kind, unit: int) -> tuple[str, str]:
    """A fault of a kind in a unit, with any parameters."""
    chosen = {
        one.name: draw(st.sampled_from(one.choices or NUMBERS.get(one.name) or (one.default,)))
        for one in kind.parameters
    }
    share = draw(st.sampled_from(("count = 1", "count = 2", "share = 0.3")))
    if kind.target == "unit":
        share = "count = 1"
    days = "days = [1, 1]\n" if kind.name == "yesterday_again" else ""
    written = ", ".join(f"{name} = {json.dumps(value)}" for name, value in chosen.items())
    return kind.name, f"{share}\n{days}units = [{unit}, {unit}]\nparameters = {{{written}}}"


SCENARIOS = st.lists(st.sampled_from(NOTICED), min_size=1, max_size=4, unique=True).flatmap(
    lambda kinds: st.builds(
        scenario_of,
        st.tuples(*(faults_of(kind, unit) for unit, kind in enumerate(kinds, 1))),
        st.integers(0, 2**63 - 1),
    )
)


def check_any(scenario: Scenario) -> None:
    """Of a scenario whose faults hide no other one, every fault is found and none invented."""
    request = request_of(TAGS, 6, 2)
    with TemporaryDirectory() as folder:
        platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": folder}))
        key = sit_exam(platform, scenario, request)
        let_come(platform)
        result = grade(platform, key, request)
    assert (result.missed, result.invented) == ((), ())


@settings(max_examples=3, phases=(Phase.generate,))
@given(SCENARIOS)
def test_every_fault_of_any_scenario_is_found_and_none_invented(scenario: Scenario) -> None:
    check_any(scenario)


@pytest.mark.thorough
@settings(max_examples=30)
@given(SCENARIOS)
def test_every_fault_of_many_scenarios_is_found_and_none_invented(scenario: Scenario) -> None:
    check_any(scenario)
