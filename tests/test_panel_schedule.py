"""The panel's Schedule page, and what the panel shows of (emulated) Google Cloud."""

import itertools
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import pipeline
from core.catalog import load_catalog
from core.pipeline import Platform
from core.runs import RunHistory
from core.scheduler import ticks_of
from core.settings import Cloud, Settings
from local_cloud.gateway import Fault, Gateway
from tests.scenes import DAY
from tests.test_logs import written
from tests.test_panel import everything, opened, pressed
from tests.test_scheduler import deployed
from ui import session

IN_DINNER = datetime(2026, 2, 1, 22, 30, tzinfo=UTC)  # 19:30 in São Paulo
AT_NIGHT = datetime(2026, 2, 1, 6, 30, tzinfo=UTC)
_NUMBERS = itertools.count(1)


@pytest.fixture
def cloud(cloud_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """The environment of a panel on Google Cloud, in a project of its own for schedule and logs."""
    found = cloud_settings.cloud
    assert found
    values = {
        "MRHEALTH_HOME": str(cloud_settings.home),
        "MRHEALTH_DATASET_PREFIX": cloud_settings.dataset_prefix,
        "GCP_PROJECT_ID": f"panel-{os.getpid()}-{next(_NUMBERS)}",
        "GCS_BUCKET_NAME": found.bucket,
        "STORAGE_EMULATOR_HOST": found.storage_host,
        "BIGQUERY_EMULATOR_HOST": found.bigquery_host,
        "CLOUD_SCHEDULER_EMULATOR_HOST": found.scheduler_host,
        "LOGGING_EMULATOR_HOST": found.logging_host,
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    placed = Settings.from_mapping(values).cloud
    assert placed
    return placed


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "now", lambda: moment)


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_on_this_machine_the_ticks_of_today_are_named_with_their_windows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MRHEALTH_HOME", str(tmp_path))
    at(IN_DINNER, monkeypatch)
    app = opened("schedule")
    (table,) = (frame.value for frame in app.dataframe)
    assert list(table["Window"]) == [window.hours for window in load_catalog().windows]
    assert list(table["Tick (BRT)"])[4] == "2026-02-01 18:00"
    assert list(table["When"])[4:6] == ["1 h ago", "in 30 min"]
    assert "nothing calls by itself" in everything(app)
    assert [button.key for button in app.button] == ["language_pt-BR"]


def test_a_schedule_is_paused_and_resumed(cloud: Cloud) -> None:
    schedule = deployed(cloud)
    app = opened("schedule")
    assert figures(app)["State"] == "enabled"
    assert app.button(key="resume").disabled

    app.button(key="pause").click().run()
    assert schedule.state().paused
    assert "The schedule is paused." in everything(app)
    assert figures(app)["State"] == "paused"
    assert figures(app)["Next run"] == "none"
    assert app.button(key="pause").disabled

    app.button(key="resume").click().run()
    assert not schedule.state().paused
    assert figures(app)["State"] == "enabled"


def test_what_a_button_did_stands_until_it_can_be_read(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(cloud)
    at(IN_DINNER, monkeypatch)
    app = opened("schedule")
    app.button(key="pause").click().run()
    at(IN_DINNER + timedelta(seconds=10), monkeypatch)  # the page is drawn anew every 4 s
    assert "The schedule is paused." in everything(app.run())
    app.button(key="resume").click().run()
    assert "The schedule is paused." not in everything(app)
    at(IN_DINNER + timedelta(seconds=40), monkeypatch)
    assert not app.run().success


def test_run_now_names_the_window_that_it_serves(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = deployed(cloud)
    at(IN_DINNER, monkeypatch)
    app = opened("schedule")
    assert "**Run now** serves 2026-02-01 18:00-20:00 Dinner peak." in everything(app)
    app.button(key="run_now").click().run()
    assert "called for 2026-02-01 18:00-20:00 Dinner peak" in app.success[0].value
    assert schedule.state().last_run is not None
    assert figures(app)["Last run"] != "never"


def test_outside_business_hours_run_now_says_what_it_would_do(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(cloud)
    at(AT_NIGHT, monkeypatch)
    app = opened("schedule")
    assert 'would be answered with "skipped"' in everything(app)
    app.button(key="run_now").click().run()
    assert "outside business hours" in app.success[0].value


def test_the_next_run_and_the_next_ticks_are_shown(
    cloud: Cloud, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(cloud)
    at(IN_DINNER, monkeypatch)
    following = ticks_of(IN_DINNER.date(), load_catalog())[5]
    monkeypatch.setattr(gateway.scheduler, "next_tick", lambda _: following.at)
    app = opened("schedule")
    assert figures(app)["Next run"] == "2026-02-01 20:00"
    assert "in 30 min" in everything(app)
    ticks = app.dataframe[0].value
    assert list(ticks["Tick (BRT)"])[:3] == [
        "2026-02-01 20:00", "2026-02-01 22:00", "2026-02-02 10:00",
    ]  # fmt: skip


def test_another_schedule_than_that_of_the_windows_is_told(cloud: Cloud) -> None:
    deployed(cloud, "0 9 * * *")
    assert "`0 9 * * *`" in opened("schedule").warning[0].value


def test_logs_of_both_functions_are_shown_up_to_a_limit(cloud: Cloud) -> None:
    deployed(cloud)
    now = datetime.now(UTC) - timedelta(minutes=1)
    lines = [{"message": f"line {n}", "rows_in": n} for n in range(4)]
    written(cloud, "data-generator", *lines, first=now)
    app = opened("schedule", lines="3")
    log = app.dataframe[1].value
    assert list(log["Text"]) == ["line 3", "line 2", "line 1"]
    assert log["Details"].iloc[0] == "rows_in 3"
    assert "csv-processor wrote nothing in the last 7 days." in everything(app)


def test_what_is_not_deployed_is_said_beside_ticks_and_logs(cloud: Cloud) -> None:
    written(cloud, "csv-processor", "still here", first=datetime.now(UTC))
    app = opened("schedule")
    assert "There is no schedule continuous-data-generator" in app.error[0].value
    assert len(app.dataframe) == 2
    assert app.dataframe[1].value["Text"][0] == "still here"


def test_a_button_that_fails_says_why_and_the_page_stays(cloud: Cloud, gateway: Gateway) -> None:
    schedule = deployed(cloud)
    app = opened("schedule")
    gateway.faults.add(Fault(status=503, service="scheduler"))
    app.button(key="pause").click().run()
    assert "Cannot pause the schedule" in app.warning[0].value
    assert figures(app)["State"] == "enabled"
    assert not schedule.state().paused


@pytest.mark.parametrize("page", ["overview", "generate", "bronze", "rebuild", "schedule"])
def test_every_page_names_what_it_is_about_to_change(page: str, cloud: Cloud) -> None:
    deployed(cloud)
    app = opened(page, day="2026-02-01")
    assert not app.error
    prefix = Settings.from_mapping(os.environ).dataset_prefix
    assert f"{cloud.project} / {cloud.bucket} / {prefix} (emulated)" in everything(app)
    assert "Local:" not in everything(app)


@pytest.mark.usefixtures("cloud")
def test_an_upload_is_left_to_the_processor_and_verified() -> None:
    settings = Settings.from_mapping(os.environ)
    platform = Platform.of(settings)
    history = RunHistory(settings.runs_file, lambda: datetime.now(UTC))
    app = opened("generate", day=str(DAY), window="12:00-14:00", units="2")
    run = pressed(app, "upload", history)
    assert "csv-processor takes them to Bronze" in run.result
    pipeline.ingest_pending(platform, datetime.now(UTC))
    app = opened("generate", day=str(DAY), window="12:00-14:00", units="2")
    run = pressed(app, "verify", history)
    assert run.result.startswith(f"Arrived: {DAY} 12:00-14:00 of 2 units is in Bronze")
    app.run()
    assert [message.value for message in app.success] == [run.result]
