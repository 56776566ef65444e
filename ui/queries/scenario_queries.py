"""Queries of Scenarios: the plan and key of a scenario, what is applied, what was found."""

from collections.abc import Sequence

import streamlit as st

from core.generation.catalog import load_catalog
from core.scenarios import plan as plans
from core.scenarios.key import KeyEntry, answer_key
from core.scenarios.plan import PlannedHit
from core.scenarios.scenario import Scenario, read_scenario
from core.storage.request import Request


def plan_of(scenario: Scenario, request: Request) -> Sequence[PlannedHit]:
    """Return what a scenario hits of a request; raises `InputError` if that has no windows."""
    return _plan(scenario.name, scenario.text, request)


def key_of(scenario: Scenario, request: Request) -> Sequence[KeyEntry]:
    """Return the key of a scenario and a request; raises as `plan_of` does."""
    return _key(scenario.name, scenario.text, request)


@st.cache_data(max_entries=16, show_spinner=False)
def _plan(name: str, text: str, request: Request) -> Sequence[PlannedHit]:
    return plans.plan(read_scenario(text, name), request, load_catalog())


@st.cache_data(max_entries=8, show_spinner=False)
def _key(name: str, text: str, request: Request) -> Sequence[KeyEntry]:
    return answer_key(read_scenario(text, name), request, load_catalog())
