"""The panel's Schedule page, and what the panel shows of (emulated) Google Cloud."""

import itertools
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import pipeline
from core.errors import AlreadyRunningError
from core.generation.catalog import load_catalog
from core.operations.runs import RunHistory, RunState
from core.platform import Platform
from core.scheduler import service, ticks_of
from core.scheduler.local import LocalSchedule
from core.settings import Cloud, Settings
from local_cloud.gateway import Fault, Gateway
from tests.gcp.test_logs import written
from tests.support.cloud_schedule import deployed
from tests.support.panel_pages import everything, opened, pressed
from tests.support.scenes import DAY
from ui.shell import session
from ui.style.plain import plain

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


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LocalSchedule]:
    """The embedded schedule of a panel, at dinner; it is not made in this process afterwards."""
    home = tmp_path / "home"
    monkeypatch.setenv("MRHEALTH_HOME", str(home))
    at(IN_DINNER, monkeypatch)
    yield schedule_of(home)
    service.stop_here(home)


def schedule_of(home: Path, moment: datetime | None = None) -> LocalSchedule:
    """The schedule by the panel's clock, or one that stands."""
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))
    history = RunHistory(platform.settings.runs_file, lambda: moment or session.now())
    return LocalSchedule(platform, history)


def lived(home: Path, moment: datetime) -> None:
    """A process made the schedule's calls for an instant."""
    schedule_of(home, moment).take(1, "command").release()


def clicked(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def test_on_this_machine_nothing_runs_unless_somebody_wants_it(here: LocalSchedule) -> None:
    app = opened("schedule")
    assert "The schedule is off" in everything(app)
    assert figures(app) == {"State": "not running", "Next run": "none", "Last run": "never"}
    (table,) = (frame.value for frame in app.dataframe)
    assert list(table["Tick (BRT)"].astype(str))[:3] == [
        "2026-02-01 20:00:00", "2026-02-01 22:00:00", "2026-02-02 10:00:00",
    ]  # fmt: skip
    assert len(table) == 7
    assert table["When"].iloc[0] == "in 30 min"
    assert not app.warning
    assert here.holder() is None


def test_the_panel_makes_the_calls_until_it_is_stopped(here: LocalSchedule) -> None:
    app = clicked(opened("schedule"), "run_here")
    assert figures(app)["State"] == "enabled"
    assert figures(app)["Next run"] == "2026-02-01 20:00"
    assert f"This panel makes the calls (process {os.getpid()})" in everything(app)
    with pytest.raises(AlreadyRunningError, match="the panel"):
        here.take(1, "command")
    app = clicked(app, "stop_here")
    assert figures(app)["State"] == "not running"
    assert not here.plan().in_panel
    here.take(1, "command").release()


def test_after_a_restart_the_panel_makes_the_calls_again(here: LocalSchedule) -> None:
    clicked(opened("schedule"), "run_here")
    service.stop_here(here.home)  # as the end of the server does: the choice stays
    assert here.holder() is None
    opened("overview")
    found = here.holder()
    assert found
    assert found.place == "panel"


def test_where_another_process_makes_the_calls_the_panel_does_not(here: LocalSchedule) -> None:
    here.stay_in_panel(wanted=True)
    other = here.take(4711, "command")
    app = opened("schedule")
    assert "`python -m core.scheduler` makes the calls (process 4711)" in everything(app)
    assert figures(app)["State"] == "enabled"
    assert app.button(key="run_here").disabled
    assert not service.is_running_here(here.home)
    other.release()


def test_a_pause_is_kept_for_everyone(here: LocalSchedule) -> None:
    app = clicked(opened("schedule"), "pause")
    assert "The schedule is paused." in everything(app)
    other = opened("schedule")
    assert figures(other)["State"] == "paused"
    assert other.button(key="pause").disabled
    assert here.state().paused
    resumed = clicked(other, "resume")
    assert figures(resumed)["State"] == "not running"
    assert "not paused any more, but no process makes its calls" in everything(resumed)
    assert not here.state().paused


def test_run_now_generates_the_window_that_it_names(here: LocalSchedule) -> None:
    here.generate(2, 7)
    app = opened("schedule")
    assert "**Run now** serves 2026-02-01 18:00-20:00 Dinner peak." in everything(app)
    app = clicked(app, "run_now")
    assert "2026-02-01 18:00-20:00 Dinner peak is being generated" in app.success[0].value
    (run,) = here.attempts(5)
    assert here.ended(run).state is RunState.SUCCEEDED
    app = opened("schedule")
    calls = app.dataframe[1].value
    assert list(calls["Window"]) == ["2026-02-01 18:00-20:00"]
    assert list(calls["State"]) == ["done"]
    assert "in the bucket" in calls["Result"][0]
    assert figures(app)["Last run"] == "2026-02-01 19:30"


def test_outside_business_hours_run_now_does_nothing_here(
    here: LocalSchedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(AT_NIGHT, monkeypatch)
    app = opened("schedule")
    assert "**Run now** would do nothing" in everything(app)
    app = clicked(app, "run_now")
    assert "nothing was generated" in app.success[0].value
    assert here.attempts(5) == []


def test_what_the_schedule_makes_is_changed(here: LocalSchedule) -> None:
    app = opened("schedule")
    app.number_input(key="schedule_units").set_value(3)
    app.number_input(key="schedule_seed").set_value(42)
    app = clicked(app, "schedule_keep")
    assert "windows of 3 units with seed 42" in everything(app)
    assert (here.plan().units, here.plan().seed) == (3, 42)


def test_missed_windows_are_asked_about_and_caught_up_on(here: LocalSchedule) -> None:
    here.generate(1, 7)
    lived(here.home, IN_DINNER - timedelta(hours=24))
    app = opened("schedule")
    assert app.warning[0].value.startswith("7 windows were missed")
    assert "- 2026-02-01: 10:00-12:00, 12:00-14:00" in everything(app)
    app = clicked(app, "catch_up")
    ended = [here.ended(run) for run in here.attempts(9)]
    assert {run.state for run in ended} == {RunState.SUCCEEDED}
    assert sum(len(run.claims) for run in ended) == 7
    app = opened("schedule")
    assert not app.warning
    with pytest.raises(KeyError):
        app.button(key="catch_up")


def test_missed_windows_can_be_left(here: LocalSchedule) -> None:
    lived(here.home, IN_DINNER - timedelta(hours=2))
    app = opened("schedule")
    assert app.warning[0].value.startswith("1 window was missed")
    app = clicked(app, "leave")
    assert not app.warning
    assert "stay as they are" in app.success[0].value
    assert (here.missed(), here.attempts(5)) == ([], [])


def test_a_plan_that_cannot_be_read_is_told_and_the_ticks_stay(here: LocalSchedule) -> None:
    here.generate(1, 7)
    (here.home / "schedule.sqlite").write_bytes(b"not a database, " * 100)
    app = opened("schedule")
    assert "Cannot use the schedule's plan" in app.error[0].value
    assert len(app.dataframe[0].value) == 7


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
    assert list(ticks["Tick (BRT)"].astype(str))[:3] == [
        "2026-02-01 20:00:00", "2026-02-01 22:00:00", "2026-02-02 10:00:00",
    ]  # fmt: skip


def test_another_schedule_than_that_of_the_windows_is_told(cloud: Cloud) -> None:
    deployed(cloud, "0 9 * * *")
    assert plain("0 9 * * *") in opened("schedule").warning[0].value


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
    assert [message.value for message in app.success] == [f"**{run.title}** · {run.result}"]
