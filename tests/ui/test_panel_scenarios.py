"""Scenarios: chosen or composed, planned, applied, taken away; the key, and the grade."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.generation.catalog import load_catalog
from core.operations.runs import RunHistory
from core.platform import Platform
from core.scenarios.plan import plan
from core.scenarios.scenario import load_scenario
from core.settings import Settings
from core.storage.publish import Request
from tests.support.panel_pages import DAY, everything, history, opened, platform, pressed
from tests.support.scenes import objects

__all__ = ["history", "platform"]  # fixtures

LINK = {"day": "2026-02-01", "dates": "1", "units": "3"}
REQUEST = Request((DAY,), load_catalog().windows, (1, 2, 3))


def table(app: AppTest, first: str) -> Any:
    """The first table whose first column has that name."""
    return next(frame.value for frame in app.dataframe if frame.value.columns[0] == first)


def test_the_plan_of_a_chosen_scenario_is_shown_before_anything_is_written(
    platform: Platform,
) -> None:
    app = opened("scenarios", scenario="final-exam", **LINK)
    assert not app.error
    assert not app.exception
    wanted = plan(load_scenario("final-exam"), REQUEST, platform.catalog)
    faults = sum(hit.rows or 1 for hit in wanted)
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Planned faults"] == f"{faults:,}"
    kinds = table(app, "Kind")
    assert set(kinds["Kind"]) == {hit.kind for hit in wanted}
    assert kinds["Faults"].sum() == faults
    (spec,) = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    assert sum(map(sum, spec["data"][0]["z"])) == faults
    assert objects(platform.store) == {}


def test_a_clean_week_plans_nothing() -> None:
    assert "plans no faults" in everything(opened("scenarios", **LINK))
