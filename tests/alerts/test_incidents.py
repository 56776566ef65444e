"""What opens an incident, and what ends it."""

import base64
import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import pipeline
from core.alerts.incidents import Incident, Look, Scene, Severity
from core.alerts.overdue import find_overdue
from core.alerts.store import IncidentStore
from core.errors import TransientError
from core.gcp.dead_letters import peek_dead_letters
from core.operations.runs import NewRun, RunHistory
from core.platform import Platform
from core.scheduler.cloud import CloudSchedule
from core.settings import Cloud, Settings
from core.storage.publish import publish
from tests.support.alert_scenes import Installation
from tests.support.cloud_schedule import deployed
from tests.support.panel_pages import held_by_another_process
from tests.support.planted import publish as publish_windows
from tests.support.planted import remove_unit
from tests.support.scenes import DAY, NOW, ORDERS_NAME, ingest, request
from tests.support.schedule_scenes import Scene as ScheduleScene
from tests.support.schedule_scenes import brt
from tests.support.small_server import answering

INGEST = NewRun("ingest", "Ingest", {}, ("bronze",))


@pytest.fixture
def scene(platform: Platform) -> Installation:
    return Installation(platform, NOW)


def test_a_home_that_does_not_exist_stays_so(platform: Platform) -> None:
    scene = Installation(platform, NOW)
    platform.settings.home.rmdir()
    assert scene.check() == []
    assert not platform.settings.home.exists()


def test_a_failed_run_lasts_over_retries_until_one_succeeds(scene: Installation) -> None:
    scene.fail()
    (key,) = scene.open()
    assert key.startswith("run.rebuild.")
    retried = scene.begin()
    assert scene.open() == [key]
    scene.end(retried, "The disk is full.")
    assert scene.open() == [key]
    assert [found.text.split(",")[0] for found in scene.store.list_open()] == ["Run 2 failed"]
    scene.succeed()
    assert scene.open() == []


def test_a_failed_run_that_a_person_dismissed_is_over(scene: Installation) -> None:
    run_id = scene.fail()
    assert len(scene.open()) == 1
    scene.history.dismiss(run_id, "panel")
    assert scene.open() == []


def test_a_failure_of_long_ago_opens_nothing_but_an_open_one_stays(scene: Installation) -> None:
    scene.fail()
    scene.later(days=8)
    assert scene.open() == []
    scene.fail(INGEST)
    (key,) = scene.open()
    scene.later(days=8)
    assert scene.open() == [key]


def test_windows_that_the_schedule_missed_are_an_incident_a_date(platform: Platform) -> None:
    schedule = ScheduleScene(platform, brt(9))
    scene = Installation(platform, brt(9))
    schedule.live(brt(9))
    scene.present = schedule.present = brt(13)
    assert scene.open() == ["overdue.2026-02-01"]
    scene.present = schedule.present = brt(11, day=2)
    assert scene.open() == ["overdue.2026-02-01", "overdue.2026-02-02"]
    texts = {found.key: found.text for found in scene.store.list_open()}
    assert texts["overdue.2026-02-01"].startswith("7 windows of 2026-02-01 overdue, not in the")
    schedule.schedule.dismiss_missed()
    assert scene.open() == []


def test_a_schedule_that_is_paused_or_never_ran_has_no_window_overdue(platform: Platform) -> None:
    schedule, scene = ScheduleScene(platform, brt(9)), Installation(platform, brt(23))
    assert scene.open() == []
    schedule.live(brt(9))
    schedule.at(brt(13)).pause()
    assert scene.open() == []


@pytest.mark.both_sides
def test_rejected_rows_are_an_incident_of_their_date(platform: Platform) -> None:
    scene = Installation(platform, NOW)
    ingest(platform, ORDERS_NAME, b"no header\n")
    assert scene.open() == ["quarantine.2026-02-03"]
    (found,) = scene.store.list_open()
    first = "quarantine/2026/02/03/unit_007"
    assert found.text.startswith(f"1 report in quarantine; the first is {first}")
    pipeline.upload(platform, request("window_1214", units=(7,)), NOW, overwrite=True)
    assert scene.open() == []


def test_rows_that_came_twice_are_an_incident(platform: Platform) -> None:
    scene = Installation(platform, NOW)
    pipeline.upload(platform, request("window_1214", units=(7,)), NOW)
    for kind in ("pedido", "item_pedido"):
        name = f"{ORDERS_NAME.rpartition('/')[0]}/{kind}.csv"
        copy = name.replace("window_1214", "window_1416")
        ingest(platform, copy, platform.store.read(name).data)
    assert not {"check.content", "check.volume"}.intersection(scene.open())
    scene.later(minutes=11)
    assert "check.content" in scene.open()
    texts = {found.key: found.text for found in scene.store.list_open()}
    assert "window_1416/" in texts["check.content"]


@pytest.mark.both_sides
def test_objects_that_wait_and_layers_behind_open_only_when_it_lasts(platform: Platform) -> None:
    now = datetime.now(UTC)  # objects have the time at which they are written
    scene = Installation(platform, now)

    def opened() -> set[str]:  # the emulated cloud has no schedule: that is an incident, too
        return {"check.pending", "check.layers"}.intersection(scene.open())

    pipeline.upload(platform, request("window_1012", dates=(now.date(),)), now)
    publish(platform.store, request("window_1214", dates=(now.date(),)), platform.catalog)
    scene.later(minutes=2)
    assert opened() == set()
    scene.later(minutes=11)
    assert opened() == {"check.pending"}
    pipeline.ingest_pending(platform, scene.present)
    assert opened() == set()
    scene.later(hours=27)
    assert opened() == {"check.layers"}
    pipeline.rebuild(platform)
    assert opened() == set()


def test_a_unit_of_which_nothing_came_is_an_incident_until_it_comes(platform: Platform) -> None:
    days = [DAY - timedelta(days=1), DAY]
    publish_windows(platform, days, [1, 2, 3], NOW)
    pipeline.rebuild(platform)
    remove_unit(platform, DAY, 2)
    scene = Installation(platform, NOW + timedelta(hours=9))
    assert "check.volume" not in scene.open()
    scene.later(minutes=11)
    assert "check.volume" in scene.open()
    (text,) = [one.text for one in scene.store.list_open() if one.key == "check.volume"]
    assert text.endswith(f"Nothing came from unit 2 on {DAY}.")
    publish_windows(platform, days, [1, 2, 3], NOW)
    assert "check.volume" not in scene.open()


def test_what_cannot_be_read_leaves_its_incident_open(platform: Platform) -> None:
    now = datetime.now(UTC)
    settings = replace(platform.settings, wait_s=0.05)
    scene = Installation(Platform.of(settings), now)
    pipeline.upload(platform, request("window_1012"), now)
    scene.open()
    scene.later(hours=27)
    assert scene.open() == ["check.layers"]
    with held_by_another_process(settings.warehouse_file):
        assert scene.open() == ["check.layers"]
        scene.later(minutes=11)
        assert scene.open() == ["check.layers", "check.warehouse"]
    assert scene.open() == ["check.layers"]


def test_a_look_that_is_out_of_date_changes_nothing(store: IncidentStore) -> None:
    incident = Incident("run.a", Severity.BROKEN, "a", "runs", NOW)
    older, newer = Look(NOW, (incident,)), Look(NOW + timedelta(seconds=1), ())
    store.record(newer, NOW + timedelta(seconds=2))
    store.record(older, NOW + timedelta(seconds=3))
    assert store.list_open() == []
    store.record(Look(NOW - timedelta(days=1), (incident,)), NOW)  # the clock was ahead
    assert len(store.list_open()) == 1


@pytest.fixture
def store(scene: Installation) -> IncidentStore:
    return scene.store


def test_on_the_cloud_a_window_that_does_not_come_after_another_is_overdue(
    cloud_settings: Settings, cloud: Cloud
) -> None:
    elsewhere = replace(cloud, region=f"europe-west{os.getpid()}")  # with a schedule of its own
    platform = Platform.of(replace(cloud_settings, cloud=elsewhere))
    history = RunHistory(cloud_settings.runs_file, lambda: NOW)
    deployed(elsewhere)

    def overdue(moment: datetime) -> list[str]:
        return [
            str(one.text) for one in find_overdue(Scene(platform, history, moment, ())).incidents
        ]

    assert overdue(brt(19, day=3)) == []  # it may be new
    publish(platform.store, request("window_1214"), platform.catalog)
    assert overdue(brt(14, 29, day=3)) == []
    assert overdue(brt(16, 30, day=3)) == [
        "2 windows of 2026-02-03 overdue, not in the bucket: 14:00-16:00, 16:00-18:00."
    ]
    CloudSchedule(elsewhere).pause()
    assert overdue(brt(19, day=3)) == []


CLOUD = Cloud("my-project", "my-bucket", "us-central1", 1)


def letter(content: object) -> dict[str, Any]:
    return {"message": {"data": base64.b64encode(json.dumps(content).encode()).decode()}}


def test_an_answer_about_dead_letters_that_is_no_json_may_pass() -> None:
    with (
        answering(200, b"<html>") as url,
        pytest.raises(TransientError, match="Cannot look at csv-processor-dead-letter"),
    ):
        peek_dead_letters(replace(CLOUD, pubsub_host=url))


@pytest.mark.parametrize(
    ("answer", "names"),
    [({}, []), ({"receivedMessages": [letter({"name": "a/b.csv"}), letter(1)]}, ["a/b.csv", ""])],
)
def test_events_that_were_given_up_are_named(answer: object, names: list[str]) -> None:
    with answering(200, json.dumps(answer).encode()) as url:
        assert peek_dead_letters(replace(CLOUD, pubsub_host=url)) == names
