"""Queries of Usage, whose answers are kept because listings cost."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import streamlit as st

from core.generation.catalog import load_catalog
from core.insight.usage import (
    Month,
    Observed,
    Quantities,
    UsageScenario,
    crossings,
    dollars,
    forecast,
    observe_month,
)
from core.settings import Settings
from ui.shell import session
from ui.shell.answer_cache import cached, open_platform

KEPT_S = 60.0  # the query lists folders, which Google bills
_RUNS = 5_000  # the newest of the history; seven ticks a day fill it in two years
_POINTS = 40  # of the curve
FEWEST_UNITS = 10


@cached(KEPT_S, 16)
def measure_month(settings: Settings, month: Month, now: datetime) -> Observed:
    """Measure the usage of a month; `now` is in whole minutes."""
    looking = open_platform(settings)
    return observe_month(looking, session.history().list_recent(_RUNS), month, now)


@st.cache_data(max_entries=256, show_spinner=False)
def forecast_plan(plan: UsageScenario) -> Quantities:
    """Forecast the usage of a plan."""
    return forecast(plan, load_catalog())


@st.cache_data(max_entries=64, show_spinner=False)
def curve(plan: UsageScenario, most_units: int, free_region: bool) -> list[tuple[int, int]]:  # noqa: FBT001 - part of the key
    """Return numbers of units, each with the plan's cost for that many units in micro-dollars."""
    return [
        (units, dollars(replace(plan, units=units), load_catalog(), free_region=free_region))
        for units in _steps(most_units)
    ]


@st.cache_data(max_entries=64, show_spinner=False)
def find_crossings(
    plan: UsageScenario, most_units: int, free_region: bool,  # noqa: FBT001 - as above
) -> dict[str, tuple[int, int]]:  # fmt: skip
    """Per resource, return the fewest units that cost something, and the plan's cost with them."""
    catalog = load_catalog()
    found = crossings(plan, catalog, most_units, free_region=free_region)
    return {
        resource: (units, dollars(replace(plan, units=units), catalog, free_region=free_region))
        for resource, units in found.items()
        if units is not None
    }


def _steps(most: int) -> Sequence[int]:
    """Return numbers of units in a geometric series."""
    ratio = (most / FEWEST_UNITS) ** (1 / (_POINTS - 1))
    return sorted({round(FEWEST_UNITS * ratio**step) for step in range(_POINTS)})
