"""Scenarios: chosen or composed, planned, applied, taken away; the key, and the grade."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import SettingsError
from core.generation.catalog import load_catalog
from core.platform import Platform
from core.scenarios.key import answer_key
from core.scenarios.plan import plan
from core.scenarios.scenario import load_scenario, read_scenario
from core.settings import Settings
from core.storage.publish import Request
from tests.support.panel_pages import DAY, everything, history, opened, platform
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


def test_the_key_of_the_plan_is_a_table_with_every_fault(platform: Platform) -> None:
    app = opened("scenarios", scenario="sent-twice", **LINK)
    app.session_state["answer_key"] = True
    app.run()
    wanted = answer_key(load_scenario("sent-twice"), REQUEST, platform.catalog)
    (shown,) = [frame.value for frame in app.dataframe if "Was" in frame.value.columns]
    assert list(shown["Object"]) == [entry.object for entry in wanted]
    assert len(app.get("download_button")) == 2


def test_a_teacher_hides_plan_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MRHEALTH_HIDE_KEYS", "1")
    app = opened("scenarios", scenario="final-exam", **LINK)
    assert "The key is hidden" in everything(app)
    assert not app.dataframe
    assert not app.get("plotly_chart")


@pytest.mark.parametrize("variable", ["MRHEALTH_HIDE_KEYS", "MRHEALTH_OPEN"])
def test_a_switch_is_on_off_or_an_error(variable: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{variable} is 'yes': use 1, or leave it out\.$"):
        Settings.from_mapping({variable: "yes"})


def test_a_scenario_is_composed_of_fields_and_its_file_may_be_changed() -> None:
    app = opened("scenarios", scenario="compose", **LINK)
    assert "plans no faults" in everything(app)
    app.selectbox(key="compose_kind").set_value("window_late").run()
    app.segmented_control(key="compose_amount").set_value("count").run()
    app.number_input(key="compose_count").set_value(2.0)
    app.pills(key="compose_windows").set_value(["window_1214"])
    app.pills(key="compose_weekdays").set_value(["sunday"])
    app.number_input(key="compose_unit_a").set_value(2.0)
    app.number_input(key="compose_unit_b").set_value(3.0)
    app.number_input(key="compose_window_late_windows").set_value(3.0)
    app.button(key="compose_add").click().run()
    assert not app.error
    composed = read_scenario(app.text_area(key="compose_text").value or "", "my-scenario")
    (fault,) = composed.faults
    assert (fault.kind, fault.count, fault.units) == ("window_late", 2, (2, 3))
    assert fault.parameters == {"windows": 3, "days": 0}
    assert table(app, "Kind")["Faults"].tolist() == [2]


def test_a_fault_that_is_not_valid_is_not_added_and_says_why() -> None:
    app = opened("scenarios", scenario="compose", **LINK)
    app.number_input(key="compose_share").set_value(200.0)
    app.button(key="compose_add").click().run()
    assert "share is 2.0, write a number above 0 and at most 1" in everything(app)
    assert "[[faults]]" not in (app.text_area(key="compose_text").value or "")
    app.text_area(key="compose_text").set_value('name = "x"\nfaults = 3\n').run()
    assert "Scenario x" in everything(app)
