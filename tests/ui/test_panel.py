"""What every page shows when there is nothing, all of it, or something wrong; and Bronze."""

import logging

import pytest

from core import pipeline
from core.operations import jobs
from core.operations.runs import RunHistory, runner
from core.platform import Platform
from core.storage.object_store import NewObject
from core.storage.publish import Request
from tests.support.panel_pages import (
    DAY,
    PAGES,
    everything,
    held_by_another_process,
    history,
    of_first_window,
    opened,
    platform,
    uploaded,
)

__all__ = ["history", "platform"]  # fixtures


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_home_is_a_page_that_says_what_to_do_next(page: str) -> None:
    app = opened(page, day="2026-02-01")
    assert [title.value for title in app.title] == [page.capitalize()]
    assert not app.error
    assert "Local: home" in everything(app)
    if page != "generate":
        assert "**Generate**" in everything(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_filled_home_shows_no_error(page: str, platform: Platform) -> None:
    uploaded(platform)
    pipeline.rebuild(platform)
    app = opened(page, day="2026-02-01")
    assert not app.error
    assert not app.warning or page == "bronze"  # where the other days of the range are missing


def test_pending_objects_are_named_and_ingested(platform: Platform, history: RunHistory) -> None:
    from core.storage.publish import publish

    request = Request((DAY,), platform.catalog.windows[:1], (1, 2))
    publish(platform.store, request, platform.catalog)
    assert "4 objects of these days wait" in everything(opened("bronze", day="2026-02-01"))
    run = jobs.submit(platform, history, jobs.ingestion())
    assert runner.wait(history, run.id, 60)
    assert "wait to be ingested" not in everything(opened("bronze", day="2026-02-01"))


def test_a_window_of_the_map_shows_its_objects_the_worst_first(platform: Platform) -> None:
    uploaded(platform, windows=1)
    lost = of_first_window(platform)[0].name
    platform.store.delete(lost)
    app = opened("bronze", day="2026-02-01", look="2026-02-01", look_window="window_1012")
    lines = app.dataframe[-1].value
    assert lines["State"].iloc[0] == "○ missing"
    assert lines["Detail"].iloc[0].startswith("no object, yet")
    assert set(lines["State"].iloc[1:]) >= {"✓ in Bronze"}


def test_an_object_that_belongs_to_no_window_is_told(platform: Platform) -> None:
    uploaded(platform, windows=1)
    name = "raw/csv_sales/2026/02/01/unit_x/pedido.csv"
    platform.store.replace(NewObject(name, b"x"))
    told = [warning.value for warning in opened("bronze", day="2026-02-01").warning]
    assert f"1 unknown file in the bucket: {name}. It is not loaded." in told


def test_wrong_settings_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GCP_PROJECT_ID", "somewhere")
    app = opened("overview")
    (message,) = app.error
    assert "until this setting is valid: GCP_PROJECT_ID, GCS_BUCKET_NAME." in message.value
    assert "somewhere" not in message.value


@pytest.mark.parametrize("page", ["overview", "bronze", "rebuild"])
def test_a_busy_warehouse_is_a_sentence_and_another_try(
    page: str, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploaded(platform, windows=1)
    monkeypatch.setenv("MRHEALTH_WAIT_S", "0.2")
    with held_by_another_process(platform.settings.warehouse_file):
        app = opened(page, day="2026-02-01")
        assert "is in use by process" in app.warning[0].value
        assert any(button.label == "Try again" for button in app.button)
    app = opened(page, day="2026-02-01")
    assert "is in use" not in everything(app)


def test_the_unexpected_is_a_sentence_with_its_traceback_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("core.insight.layer_figures.bronze_days", broken)
    with caplog.at_level(logging.ERROR):
        app = opened("overview")
    assert "Something unexpected happened" in app.error[0].value
    assert "secret detail" not in everything(app)
    assert any(record.exc_info for record in caplog.records)
