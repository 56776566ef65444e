"""The page Runs: the history with its filters, one run with all of it, cancelling, backfill."""

from datetime import UTC, date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import pipeline
from core.generation.catalog import load_catalog
from core.generation.windows import business_date, window_start
from core.operations import jobs
from core.operations.runs import Ending, LogLine, NewRun, Run, RunHistory, RunState, runner
from core.operations.runs.runner import Context
from core.platform import Platform
from core.settings import Cloud
from core.storage.publish import Request
from tests.gcp.test_logs import written
from tests.support.panel_pages import everything, history, opened, platform, pressed
from tests.support.runs import run_job
from tests.ui.test_panel_schedule import cloud
from ui.widgets import conflicts

__all__ = ["cloud", "history", "platform"]  # fixtures

DAY = date(2026, 2, 1)


def ended(
    history: RunHistory, title: str, state: RunState = RunState.SUCCEEDED, who: str = "panel"
) -> Run:
    """A run that did nothing, and ended so."""
    new = NewRun("upload", title, {"windows": [], "number": title}, (), who)
    run = history.enqueue(new)
    history.finish(run.id, Ending(state, f"{title} is done.", f"{title} is not."))
    return run


def listed(app: AppTest) -> list[int]:
    """The numbers in the table of runs."""
    return next(list(frame.value["Run"]) for frame in app.dataframe if "Run" in frame.value)


def request(platform: Platform, seed: int = 7, windows: int = 1) -> Request:
    return Request((DAY,), platform.catalog.windows[:windows], (1, 2), seed)


def test_an_empty_history_says_what_to_do_next() -> None:
    app = opened("runs")
    assert [title.value for title in app.title] == ["Runs"]
    assert "Start with **Generate**" in everything(app)


def test_runs_are_listed_newest_first_and_filtered(history: RunHistory) -> None:
    lunch = ended(history, "Lunch", who="script").id
    dinner = ended(history, "Dinner", RunState.CANCELLED, "scheduler").id
    assert listed(opened("runs")) == [dinner, lunch]
    assert listed(opened("runs", state="succeeded")) == [lunch]
    assert listed(opened("runs", who=["script", "function"])) == [lunch]
    assert listed(opened("runs", text="dinn")) == [dinner]
    assert listed(opened("runs", kind="nonsense")) == [dinner, lunch]
    app = opened("runs", kind="rebuild")
    assert "No runs match these filters." in everything(app)
    app.multiselect(key="kind").set_value([]).run()
    assert listed(app) == [dinner, lunch]


def test_older_runs_are_shown_on_demand(history: RunHistory) -> None:
    newest = [ended(history, f"Run {number}").id for number in range(25)][::-1]
    app = opened("runs")
    assert listed(app) == newest[:20]
    app.button(key="more_runs").click().run()
    assert listed(app) == newest
    assert not any(button.key == "more_runs" for button in app.button)


def test_a_run_in_the_address_is_shown_with_all_that_is_known(
    platform: Platform, history: RunHistory
) -> None:
    run = run_job(platform, history, jobs.upload(request(platform)))
    ended(history, "Another")
    app = opened("runs", run=str(run.id))
    figures = {metric.label: metric.value for metric in app.metric}
    assert (figures["State"], figures["Started by"]) == ("done", "panel")
    assert any(run.result in message.value for message in app.success)
    parameters = next(frame.value for frame in app.dataframe if "Parameter" in frame.value)
    assert dict(zip(parameters["Parameter"], parameters["Value"], strict=True)) == {
        "dates": "2026-02-01", "windows": "window_1012", "units": "2", "seed": "7",
        "overwrite": "false",
    }  # fmt: skip
    log, command = (block.value for block in app.code)
    assert "published" in log
    assert command == jobs.list_commands(run, platform.catalog)[0]
    assert "There is no run 99" in everything(opened("runs", run="99"))


def test_failures_come_first_and_are_overwritten_from_here(
    platform: Platform, history: RunHistory
) -> None:
    run_job(platform, history, jobs.upload(request(platform)))
    refused = run_job(platform, history, jobs.upload(request(platform, seed=8)))
    app = opened("runs", run=str(refused.id))
    assert "nothing was written, for other data is there" in everything(app)
    app.button(key=f"overwrite_detail_{refused.id}").click().run()
    assert "Bronze then holds the new rows" in everything(app)
    assert pressed(app, "overwrite_confirm", history).state is RunState.SUCCEEDED
    assert not opened("runs").error


def test_a_conflict_too_large_to_be_counted_leaves_the_error_of_its_run(
    platform: Platform, history: RunHistory
) -> None:
    run_job(platform, history, jobs.upload(request(platform)))
    days = tuple(DAY + timedelta(days=number) for number in range(4))
    wanted = Request(days, platform.catalog.windows, tuple(range(1, 4_001)), 8)
    run = history.enqueue(jobs.upload(wanted))
    history.finish(run.id, Ending(RunState.FAILED, "", "Other data is there.", conflicts.ERROR))
    app = opened("runs", run=str(run.id))
    assert "Other data is there." in [message.value for message in app.error]


@pytest.mark.parametrize("page", ["runs", "overview"])
def test_a_failure_that_a_person_dismisses_is_at_the_top_no_more(
    page: str, history: RunHistory
) -> None:
    failed = ended(history, "Lunch", RunState.FAILED)
    app = opened(page, **({"run": str(failed.id)} if page == "runs" else {}))
    button = next(each for each in app.button if str(each.key).startswith("dismiss_"))
    assert button.label == "Dismiss"
    button.click().run()
    assert not app.exception
    assert history.list_unresolved(9) == []
    assert not [each for each in app.button if str(each.key).startswith("dismiss_")]
    assert not app.error or page == "runs"
    assert "Dismissed by panel" in everything(opened("runs", run=str(failed.id)))


def test_a_run_that_is_cancelling_says_so_and_has_no_button_to_cancel_it(
    history: RunHistory,
) -> None:
    run = history.enqueue(NewRun("upload", "Lunch", {"windows": []}, ("a",)))
    history.cancel(run.id)
    app = opened("runs", run=str(run.id))
    assert "cancelling" in everything(app)
    assert not [each for each in app.button if str(each.key).startswith("cancel_")]
    history.finish(run.id, Ending(RunState.CANCELLED))


def test_a_run_is_cancelled_after_a_question(history: RunHistory) -> None:
    def work(context: Context) -> str:
        context.progress(1, 4, "waiting")
        context.pause(3600)
        return "never"

    new = NewRun("work", "Long work", {}, ("a window",))
    run = runner.run_in_background(history, new, work)
    app = opened("runs", run=str(run.id))
    assert "Long work" in everything(app)
    app.button(key=f"cancel_active_{run.id}").click().run()
    assert "It stops at its next step" in everything(app)
    assert [active.id for active in history.list_active()] == [run.id]
    app.button(key="cancel_confirm").click().run()
    assert not app.exception
    assert runner.wait(history, run.id, 30)
    found = history.find(run.id)
    assert found is not None
    assert found.state is RunState.CANCELLED
    app = opened("runs", run=str(run.id))
    assert "It was cancelled." in app.warning[0].value
    assert not app.error
    assert any(button.key == f"retry_detail_{run.id}" for button in app.button)


def test_cancelling_what_has_ended_is_a_sentence(history: RunHistory) -> None:
    run = history.enqueue(NewRun("work", "Work", {}, ()))
    app = opened("runs", run=str(run.id))
    app.button(key=f"cancel_detail_{run.id}").click().run()
    history.finish(run.id, Ending(RunState.SUCCEEDED, "Done."))
    app.button(key="cancel_confirm").click().run()
    assert f"Run {run.id} has ended already" in everything(app)


def test_a_running_run_shows_how_long_the_rest_will_take(history: RunHistory) -> None:
    clock = RunHistory(history.path, lambda: datetime.now(UTC) - timedelta(seconds=10))
    run = clock.enqueue(NewRun("work", "Fill", {}, ()))
    clock.mark_running(run.id)
    clock.record_progress(run.id, 1, 100, "a window")
    app = opened("runs")
    bars = [str(bar.proto.text) for bar in app.get("progress")]
    assert len(bars) == 1
    assert "a window · 1 of 100 · about 1" in bars[0]


def plan(app: AppTest) -> list[tuple[str, str]]:
    frame = next(frame.value for frame in app.dataframe if "What is done" in frame.value)
    return list(zip(frame["Window"], frame["What is done"], strict=True))


def backfilling(*hours: str, **more: str) -> AppTest:
    """The form for some windows of the day, two units."""
    return opened("runs", view="backfill", to="2026-02-01", units="2", window=list(hours),
                  **{"from": "2026-02-01"}, **more)  # fmt: skip


def test_a_backfill_shows_its_plan_and_does_it(platform: Platform, history: RunHistory) -> None:
    pipeline.upload(platform, request(platform), datetime.now(UTC))
    app = backfilling("10:00-12:00", "12:00-14:00")
    assert plan(app) == [("10:00-12:00", "leave"), ("12:00-14:00", "generate")]
    assert "1 of 2 windows would be generated: 4 objects" in everything(app)
    run = pressed(app, "backfill", history)
    assert run.state is RunState.SUCCEEDED, run.error
    assert (run.kind, run.who) == ("backfill", "panel")
    app.run()
    assert "Nothing to backfill: all 2 windows are complete." in everything(app)
    assert any(run.result in message.value for message in app.success)


def test_a_backfill_that_overwrites_asks_first(platform: Platform, history: RunHistory) -> None:
    pipeline.upload(platform, request(platform), datetime.now(UTC))
    app = backfilling("10:00-12:00", seed="8", mode="all")
    app.toggle(key="overwrite").set_value(True).run()
    app.button(key="backfill").click().run()
    assert "that were made otherwise are replaced" in everything(app)
    assert history.list_recent(5) == []
    run = pressed(app, "backfill_confirm", history)
    assert run.state is RunState.SUCCEEDED, run.error
    assert run.parameters["overwrite"] is True


def test_windows_that_failed_are_shown_first(platform: Platform, history: RunHistory) -> None:
    pipeline.upload(platform, request(platform), datetime.now(UTC))
    app = backfilling("10:00-12:00", "12:00-14:00", seed="8", mode="all")
    run = pressed(app, "backfill", history)
    assert run.error.startswith("1 of 2 windows failed")
    app.run()
    windows = next(frame.value for frame in app.dataframe if "Why" in frame.value
                   and "Orders" in frame.value and "Items" not in frame.value)  # fmt: skip
    assert list(windows["State"]) == ["✗ failed", "✓ done"]
    assert windows["Why"].iloc[0].startswith("4 objects exist with other content")


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"from": "2026-02-02", "to": "2026-02-01"}, "The range runs backwards"),
        ({"from": "2026-02-01", "to": "2026-02-01", "window": ""}, "Choose at least one window."),
        ({"from": "2020-01-01", "to": "2026-02-01"}, "choose 366 at most"),
        ({"from": "2099-12-31", "to": "2099-12-31"}, "None of these windows is due yet"),
    ],
)
def test_what_cannot_be_filled_is_a_sentence(parameters: dict[str, str], told: str) -> None:
    app = opened("runs", view="backfill", **parameters)
    assert told in everything(app)
    assert not any(button.key == "backfill" for button in app.button)


def test_on_google_cloud_the_calls_of_the_generator_are_listed(cloud: Cloud) -> None:
    yesterday = business_date(datetime.now(UTC)) - timedelta(days=1)
    at = window_start(yesterday, load_catalog().windows[1]) + timedelta(seconds=2)
    answer = {"status": "success", "date": "2026-02-01", "window": "12:00-14:00", "units": 50,
              "orders": 190, "items": 560, "objects_created": 100, "duration_ms": 4200}  # fmt: skip
    written(cloud, "data-generator", {"message": "done", **answer}, first=at)
    written(cloud, "data-generator", {"message": "No bucket.", "error": "StoreError"}, "noise",
            first=at + timedelta(hours=1))  # fmt: skip
    app = opened("runs")
    calls = next(frame.value for frame in app.dataframe if "Called" in frame.value)
    assert list(calls["By"]) == ["function", "schedule"]
    assert list(calls["Status"]) == ["No bucket.", "success"]
    assert list(calls.iloc[1])[2:] == [
        "2026-02-01 12:00-14:00", "success", "50", "190", "560", "100", "4.2 s"
    ]  # fmt: skip


def test_the_log_of_an_active_run_is_read_when_it_is_open_and_its_newest_lines_alone(
    history: RunHistory,
) -> None:
    run = history.enqueue(NewRun("rebuild", "A long one", {}, ()))
    history.mark_running(run.id)
    history.add_log_lines(run.id, [LogLine(history.now(), f"line {n}.") for n in range(500)])
    app = opened("rebuild")
    assert "A long one" in everything(app)
    assert [code.value for code in app.code if "line 4" in code.value] == []
    app.session_state[f"log_{run.id}"] = True
    app.run()
    (shown,) = [code.value for code in app.code if "line 499." in code.value]
    assert shown.count("\n") == 199
    assert "line 300." in shown
    history.add_log_line(run.id, "the newest.")
    app.toggle(key=f"whole_log_{run.id}").set_value(True).run()
    (whole,) = [code.value for code in app.code if "line 0." in code.value]
    assert whole.count("\n") == 500
    assert whole.endswith("the newest.")
