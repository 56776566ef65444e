"""Overview: a day that is played, how things stand, and failures first."""

from datetime import UTC, datetime, timedelta

import pytest

from core import pipeline
from core.insight import layer_figures
from core.operations import jobs
from core.operations.runs import NewRun, RunHistory, runner
from core.platform import Platform
from core.storage.publish import Request
from tests.support.panel_pages import DAY, everything, history, opened, platform, pressed, uploaded
from ui.shell import session

__all__ = ["history", "platform"]  # fixtures


def test_simulating_a_day_fills_bronze_and_gold_once(
    platform: Platform, history: RunHistory
) -> None:
    app = opened("overview", day="2026-02-01", sim_units="2", sim_length="0 s")
    run = pressed(app, "simulate", history)
    assert not run.error
    (gold,) = layer_figures.daily_sales(platform.warehouse, 7)
    app.run()
    assert app.success[0].value == f"**{run.title}** · {run.result}"
    assert {metric.label: metric.value for metric in app.metric}["Orders"] == str(gold.orders)
    assert everything(app).count("✓ in Bronze") == 7


def test_what_a_simulation_made_goes_after_a_question_with_its_count(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, windows=1, units=1)
    before = layer_figures.bronze_days(platform.warehouse, DAY, DAY)
    played = opened("overview", day="2026-02-01", sim_units="1", sim_length="0 s")
    pressed(played, "simulate", history)
    app = opened("overview", day="2026-02-01")
    assert "See it in Gold →" in [link.proto.label for link in app.get("page_link")]
    app.button(key="remove").click().run()
    assert "12 files leave the bucket" in everything(app)
    assert [one.kind for one in history.list_recent(5)] == ["simulate"]
    run = pressed(app, "remove_confirm", history)
    assert "12 objects and their rows removed; Silver, Gold, Aggregations rebuilt" in run.result
    assert layer_figures.bronze_days(platform.warehouse, DAY, DAY) == before  # which another made
    assert [row.orders for row in layer_figures.daily_sales(platform.warehouse, 7)] == [
        before[0].orders
    ]
    assert not app.run().error
    with pytest.raises(KeyError):
        app.button(key="remove")


@pytest.mark.usefixtures("platform")
def test_the_present_day_is_followed_over_midnight_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    evening = datetime(2026, 2, 2, 1, 0, tzinfo=UTC)  # 22:00 in São Paulo, of the day before
    monkeypatch.setattr(session, "now", lambda: evening)
    stays, goes = opened("overview", day="2026-01-31"), opened("overview")
    assert goes.date_input(key="day").value == DAY
    monkeypatch.setattr(session, "now", lambda: evening + timedelta(hours=3))
    assert goes.run().date_input(key="day").value == DAY + timedelta(days=1)
    assert stays.run().date_input(key="day").value == DAY - timedelta(days=1)


def test_a_simulation_that_meets_other_data_offers_to_overwrite_it(
    platform: Platform, history: RunHistory
) -> None:
    other = Request((DAY,), platform.catalog.windows[3:4], (1,), 5)
    pipeline.upload(platform, other, datetime.now(UTC))
    app = opened("overview", day="2026-02-01", sim_units="1", sim_length="0 s")
    refused = pressed(app, "simulate", history)
    assert refused.error_type == "ConflictError"
    app.run()
    app.button(key=f"overwrite_failures_{refused.id}").click().run()
    assert "Bronze then holds the new rows" in everything(app)
    played = pressed(app, "overwrite_confirm", history)
    assert not played.error
    app.run()
    assert not app.error
    assert everything(app).count("✓ in Bronze") == 7


def test_a_day_that_is_played_is_not_played_twice(history: RunHistory) -> None:
    app = opened("overview", day="2026-02-01", sim_units="1", sim_length="10 s")
    app.button(key="simulate").click().run()
    app.button(key="simulate").click().run()
    assert "wait until it ends" in app.warning[0].value
    (run,) = history.list_recent(5)
    assert runner.wait(history, run.id, 60)


def test_overview_says_how_layers_and_schedule_stand(platform: Platform) -> None:
    uploaded(platform)
    pipeline.rebuild(platform)
    shown = everything(opened("overview", day="2026-02-01"))
    for sentence in ("Silver: up to date", "Aggregations: up to date", "Schedule: not running"):
        assert sentence in shown
    uploaded(platform, windows=1, units=3)
    assert "Silver: behind" in everything(opened("overview", day="2026-02-01"))


def test_a_failure_comes_first_until_it_is_made_good(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, windows=1)
    page = opened("generate", day="2026-02-01", window="10:00-12:00", units="2", seed="5")
    failed = pressed(page, "upload", history)
    app = opened("overview", day="2026-02-01")
    assert failed.title in app.warning[0].value
    pressed(page, "upload", history)
    app.run()
    assert len(app.warning) == 1  # the newer failure stands for the older one


def test_a_run_whose_process_died_is_shown_and_can_be_retried(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, windows=1)
    long_ago = RunHistory(history.path, lambda: datetime(2026, 2, 1, tzinfo=UTC))
    lost = long_ago.enqueue(jobs.rebuild(["silver"]))
    long_ago.mark_running(lost.id)
    long_ago.let_go(lost.id)
    app = opened("overview")
    assert "**Rebuild Silver** interrupted." in app.error[0].value
    retried = pressed(app, f"retry_failures_{lost.id}", history)
    assert retried.id != lost.id
    app.run()
    assert not app.error
    assert "silver.orders" in platform.warehouse.tables()


def test_what_an_active_run_works_on_is_coming_and_not_missing(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform)
    pipeline.rebuild(platform)
    uploaded(platform, windows=1, units=3)
    claims = ("2026-01-31 10:00-12:00", "the silver layer")
    run = history.enqueue(NewRun("simulate", "Simulate 2026-01-31", {}, claims))
    history.mark_running(run.id)
    shown = everything(opened("overview", day="2026-01-31"))
    assert shown.count("coming") == 1
    assert shown.count("never generated") == 6
    assert "Silver: will be rebuilt" in shown
    assert "Gold: behind" in shown
