"""Scenarios: chosen or composed, planned, applied, taken away; the key, and the grade."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import SettingsError
from core.generation.catalog import load_catalog
from core.operations.runs import RunHistory
from core.operations.scenarios import Record, apply, list_held, list_records
from core.platform import Platform
from core.scenarios.key import answer_key
from core.scenarios.plan import plan
from core.scenarios.scenario import load_scenario, read_scenario
from core.settings import Settings
from core.storage.publish import Request
from tests.support.panel_pages import DAY, everything, history, opened, platform, pressed, uploaded
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


def test_a_file_that_is_no_scenario_hinders_no_other(platform: Platform) -> None:
    folder = platform.settings.scenarios_folder
    folder.mkdir(parents=True)
    (folder / "broken.toml").write_text("name = ", encoding="utf-8")
    app = opened("scenarios", scenario="final-exam", **LINK)
    assert not app.error
    app = opened("scenarios", scenario="broken", **LINK)
    (error,) = app.error
    assert "The scenario broken is no TOML" in error.value
    assert not app.exception


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


def test_a_scenario_is_applied_after_a_question_and_withdrawn_by_another(
    platform: Platform, history: RunHistory
) -> None:
    app = opened("scenarios", scenario="sent-twice", **LINK)
    app.button(key="apply").click().run()
    wanted = answer_key(load_scenario("sent-twice"), REQUEST, platform.catalog)
    assert "21 file pairs are published" in everything(app)
    assert objects(platform.store) == {}
    run = pressed(app, "apply_confirm", history)
    assert run.error == ""
    (record,) = list_records(platform.store, platform.catalog)
    assert (record.scenario.name, record.request) == ("sent-twice", REQUEST)

    applied = opened("scenarios", view="applied")
    assert "What was sent is sent again" in everything(applied)
    assert "No object is held back" in everything(applied)
    applied.session_state["answer_key"] = True
    applied.run()
    assert len(applied.dataframe[0].value) == len(wanted)
    applied.button(key="withdraw").click().run()
    assert pressed(applied, "withdraw_confirm", history).error == ""
    assert list_records(platform.store, platform.catalog) == []
    assert "No scenario is applied" in everything(opened("scenarios", view="applied"))


def test_other_sales_are_overwritten_after_a_question_and_another_scenario_is_not(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, units=3)
    app = opened("scenarios", scenario="final-exam", **LINK)
    app.button(key="apply").click().run()
    refused = pressed(app, "apply_confirm", history)
    assert refused.error_type == "ConflictError"
    app.run()
    app.button(key=f"overwrite_latest_{refused.id}").click().run()
    assert pressed(app, "overwrite_confirm", history).error == ""
    assert len(list_records(platform.store, platform.catalog)) == 1

    other = opened("scenarios", scenario="orphans", **LINK)
    other.button(key="apply").click().run()
    again = pressed(other, "apply_confirm", history)
    other.run()
    assert "The scenario final-exam is applied" in everything(other)
    assert f"overwrite_latest_{again.id}" not in [button.key for button in other.button]


@pytest.mark.nightly  # it rebuilds all layers, as the simulations of each gate do
def test_a_day_is_simulated_under_a_scenario(platform: Platform, history: RunHistory) -> None:
    app = opened("scenarios", scenario="late-lunch", sim_length="0 s", **(LINK | {"dates": "3"}))
    app.button(key="play").click().run()
    assert "21 file pairs are published" in everything(app)
    run = pressed(app, "play_confirm", history)
    assert "Silver stayed as it was" in run.error  # the items of some orders come the day after
    (record,) = list_records(platform.store, platform.catalog)
    assert record.request == REQUEST
    app.run()
    assert run.title in everything(app)
    assert "12:00-14:00" in everything(app)


def test_what_is_held_back_is_released(platform: Platform, history: RunHistory) -> None:
    request = Request((DAY,), load_catalog().windows[:2], (1, 2, 3))
    record = Record(load_scenario("late-lunch"), request)
    apply(platform, record, datetime.now(UTC))
    waiting = len(list_held(platform.store))
    assert waiting
    app = opened("scenarios", view="applied")
    assert f"{waiting} objects are held back" in everything(app)
    assert pressed(app, "release_all", history).error == ""
    assert list_held(platform.store) == {}


def test_this_pipeline_is_graded(platform: Platform) -> None:
    record = Record(load_scenario("unknown-codes"), REQUEST)
    apply(platform, record, datetime.now(UTC))
    wanted = answer_key(record.scenario, REQUEST, platform.catalog)
    app = opened("scenarios", view="grade")
    app.button(key="grade_here").click().run()
    assert not app.error
    shown = {metric.label: metric.value for metric in app.metric}
    assert (shown["Planted"], shown["Recall"]) == (str(len(wanted)), "100%")
    assert table(app, "Kind")["Planted"].sum() == len(wanted)
    assert "Everything was found, and nothing invented." in everything(app)


def test_uploaded_findings_are_graded_by_kind_with_what_was_missed_and_invented(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Record(load_scenario("unknown-codes"), REQUEST)
    apply(platform, record, datetime.now(UTC))
    wanted = answer_key(record.scenario, REQUEST, platform.catalog)
    first = wanted[0]
    text = f"object,line,id,kind\n{first.object},{first.line},,{first.kind}\nx,3,,decimal_comma\n"
    app = opened("scenarios", view="grade")
    app.file_uploader[0].set_value(("mine.csv", text.encode(), "text/csv")).run()
    kinds = table(app, "Kind").set_index("Kind")
    assert kinds.loc[first.kind, "Found"] == 1
    assert kinds["Missed"].sum() == len(wanted) - 1
    assert kinds.loc["decimal_comma", "Invented"] == 1
    labels = [expander.label for expander in app.expander]
    assert f"Missed: {len(wanted) - 1}" in labels
    assert "Invented: 1" in labels
    app.file_uploader[0].set_value(("mine.csv", b"object\nx\n", "text/csv")).run()
    assert "mine.csv" in everything(app)
    monkeypatch.setenv("MRHEALTH_HIDE_KEYS", "1")
    hidden = opened("scenarios", view="grade")
    hidden.file_uploader[0].set_value(("mine.csv", text.encode(), "text/csv")).run()
    labels = [expander.label for expander in hidden.expander]
    assert "Invented: 1" in labels
    assert not [label for label in labels if label.startswith("Missed")]


def test_an_uploaded_scenario_takes_the_place_of_the_composed_one() -> None:
    app = opened("scenarios", scenario="compose", **LINK)
    text = load_scenario("late-lunch").text
    app.file_uploader[0].set_value(("late-lunch.toml", text.encode(), "application/toml")).run()
    assert app.text_area(key="compose_text").value == text
    assert set(table(app, "Kind")["Kind"]) == {"window_late", "objects_out_of_order"}
    app.file_uploader[0].set_value(("x.toml", b"\xff\xfe", "application/toml")).run()
    assert "x.toml is not text in UTF-8" in everything(app)
    assert app.text_area(key="compose_text").value == text
