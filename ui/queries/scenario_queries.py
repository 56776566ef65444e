"""Queries of Scenarios: the plan and key of a scenario, what is applied, what was found."""

from collections.abc import Sequence

import streamlit as st

from core.generation.catalog import load_catalog
from core.insight.findings.find import find_faults
from core.operations.scenarios import Record, list_held, list_records
from core.scenarios import plan as plans
from core.scenarios.findings_table import FaultFinding
from core.scenarios.key import KeyEntry, answer_key
from core.scenarios.plan import PlannedHit
from core.scenarios.scenario import Scenario, read_scenario
from core.settings import Settings
from core.storage.object_names import HeldName
from core.storage.request import Request
from ui.shell import session
from ui.shell.answer_cache import cached, open_platform

_KEPT_S, _KEPT_LONG_S = 5.0, 60.0


def plan_of(scenario: Scenario, request: Request) -> Sequence[PlannedHit]:
    """Return what a scenario hits of a request; raises `InputError` if that has no windows."""
    return _plan(scenario.name, scenario.text, request)


def key_of(scenario: Scenario, request: Request) -> Sequence[KeyEntry]:
    """Return the key of a scenario and a request; raises as `plan_of` does."""
    return _key(scenario.name, scenario.text, request)


@cached(_KEPT_S, 8)
def applied(settings: Settings) -> dict[str, Record]:
    """Return the records of the scenarios that are applied, by their names."""
    platform = open_platform(settings)
    return {record.name: record for record in list_records(platform.store, platform.catalog)}


@cached(_KEPT_S, 8)
def held(settings: Settings) -> list[HeldName]:
    """Return the objects that are held back."""
    return [*list_held(open_platform(settings).store).values()]


@cached(_KEPT_LONG_S, 4)
def findings(settings: Settings, record: str) -> list[FaultFinding]:
    """Return what this pipeline finds of the dates of an applied scenario."""
    request = applied(settings)[record].request
    dates = min(request.dates), max(request.dates)
    return find_faults(open_platform(settings), dates, session.now())


@st.cache_data(max_entries=16, show_spinner=False)
def _plan(name: str, text: str, request: Request) -> Sequence[PlannedHit]:
    return plans.plan(read_scenario(text, name), request, load_catalog())


@st.cache_data(max_entries=8, show_spinner=False)
def _key(name: str, text: str, request: Request) -> Sequence[KeyEntry]:
    return answer_key(read_scenario(text, name), request, load_catalog())
