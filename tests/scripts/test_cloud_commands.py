"""Commands for Google Cloud as processes: schedule, logs, verify upload."""

import dataclasses
import itertools
import os
import re
from datetime import UTC, datetime, timedelta

import pytest

from core.pipeline import ingest_pending, upload
from core.platform import Platform
from core.scheduler.cloud import CloudSchedule
from core.settings import Cloud, Settings
from core.storage.publish import publish
from tests.gcp.test_logs import written
from tests.support.cloud_schedule import deployed
from tests.support.scenes import DAY, NOW, request, script

LUNCH = ("--window-start", "12:00", "--window-end", "14:00", "--date", str(DAY), "--units", "2")
_NUMBERS = itertools.count(1)


@pytest.fixture
def project(cloud: Cloud) -> Cloud:
    """A project of its own for schedule and logs, in the environment of the commands."""
    return dataclasses.replace(cloud, project=f"commands-{os.getpid()}-{next(_NUMBERS)}")


def environment(cloud: Cloud, settings: Settings) -> dict[str, str]:
    return {
        "MRHEALTH_HOME": str(settings.home),
        "MRHEALTH_DATASET_PREFIX": settings.dataset_prefix,
        "GCP_PROJECT_ID": cloud.project,
        "GCS_BUCKET_NAME": cloud.bucket,
        "STORAGE_EMULATOR_HOST": cloud.storage_host,
        "BIGQUERY_EMULATOR_HOST": cloud.bigquery_host,
        "CLOUD_SCHEDULER_EMULATOR_HOST": cloud.scheduler_host,
        "LOGGING_EMULATOR_HOST": cloud.logging_host,
    }


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("schedule.py", "set", "--units", "0"), "0 units are not possible"),
        (("schedule.py", "set", "--seed", "-1"), "Seed -1 is not possible"),
        (("schedule.py", "stop"), "choose from 'state', 'pause', 'resume', 'run'"),
        (("logs.py", "data-generator"), "There are no functions without Google Cloud"),
        (("logs.py", "other"), "choose from 'data-generator', 'csv-processor'"),
        (("logs.py", "csv-processor", "--limit", "0"), "0 lines are not possible"),
        (("logs.py", "csv-processor", "--limit", "x"), "'x' is not a whole number"),
        (("logs.py", "csv-processor", "--hours", "0"), "0 hours are not possible"),
        (("verify_upload.py", *LUNCH, "--wait", "-1"), "A wait of -1 s is not possible"),
        (("verify_upload.py", *LUNCH, "--wait", "soon"), "'soon' is not a number of seconds"),
        (("verify_upload.py", *LUNCH[:2], "--window-end", "13:00"), "is not a business window"),
    ],
)
def test_what_cannot_be_asked_for_is_one_sentence(command: tuple[str, ...], told: str) -> None:
    done = script(*command)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"error: [^\n]+\.\n", done.stderr)
    assert told in done.stderr


@pytest.mark.parametrize("name", ["schedule.py", "logs.py", "verify_upload.py"])
def test_help_has_examples_that_name_the_script(name: str) -> None:
    done = script(name, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"python scripts/{name}" in done.stdout.partition("examples:")[2]


def test_the_schedule_is_paused_resumed_and_run(project: Cloud, cloud_settings: Settings) -> None:
    schedule, env = deployed(project), environment(project, cloud_settings)
    paused = script("schedule.py", "pause", env=env)
    assert (paused.returncode, paused.stderr) == (0, "")
    assert paused.stdout.startswith("continuous-data-generator is paused: 0 10,12,14,16,18,20,22")
    assert schedule.state().paused
    assert "is enabled" in script("schedule.py", "resume", env=env).stdout
    run = script("schedule.py", "run", env=env).stdout
    assert run.startswith("Called")
    assert "The last call succeeded." in run
    shown = script("schedule.py", env=env).stdout
    assert shown.splitlines()[0].endswith("(America/Sao_Paulo).")
    assert len(re.findall(r"^tick .*-\d\d:00 ", shown, re.MULTILINE)) == 3


def test_what_only_this_machine_has_is_refused_on_google_cloud(
    project: Cloud, cloud_settings: Settings
) -> None:
    done = script("schedule.py", "catch-up", env=environment(project, cloud_settings))
    assert (done.returncode, done.stdout) == (2, "")
    assert "use one of state, pause, resume, run" in done.stderr


def test_a_schedule_that_is_not_there_is_told_with_its_command(
    project: Cloud, cloud_settings: Settings
) -> None:
    done = script("schedule.py", "pause", env=environment(project, cloud_settings))
    assert (done.returncode, done.stdout) == (2, "")
    assert "gcloud services enable cloudscheduler.googleapis.com" in done.stderr
    assert CloudSchedule(project).name.split("/")[1] in done.stderr


def test_logs_are_printed_the_newest_last(project: Cloud, cloud_settings: Settings) -> None:
    env, first = environment(project, cloud_settings), datetime.now(UTC) - timedelta(minutes=9)
    empty = script("logs.py", "csv-processor", env=env)
    assert (empty.returncode, empty.stdout) == (
        0, "csv-processor wrote nothing in the last 24 h.\n",
    )  # fmt: skip
    written(project, "csv-processor", "one", "two", "three", first=first)
    done = script("logs.py", "csv-processor", "--limit", "2", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[-1] for line in done.stdout.splitlines()] == ["two", "three"]


def test_an_upload_is_verified(cloud: Cloud, cloud_settings: Settings) -> None:
    platform, env = Platform.of(cloud_settings), environment(cloud, cloud_settings)
    publish(platform.store, request("window_1214"), platform.catalog)
    waiting = script("verify_upload.py", *LUNCH, "--wait", "0", env=env)
    assert (waiting.returncode, waiting.stderr) == (1, "")
    assert waiting.stdout.splitlines()[-1].startswith("Not yet: ")
    ingest_pending(platform, NOW)
    done = script("verify_upload.py", *LUNCH, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("objects  4 of 4 in the bucket")
    assert done.stdout.splitlines()[-1].startswith("Arrived: ")


def test_an_upload_on_this_machine_is_verified(platform: Platform) -> None:
    env = {"MRHEALTH_HOME": str(platform.settings.home)}
    missing = script("verify_upload.py", *LUNCH, env=env)
    assert missing.returncode == 1
    assert "missing: raw/csv_sales/2026/02/03/unit_001/window_1214/pedido.csv" in missing.stdout
    upload(platform, request("window_1214"), NOW)
    assert script("verify_upload.py", *LUNCH, env=env).returncode == 0
