"""The checks of the diagnostics on (emulated) Google Cloud."""

import dataclasses
import itertools
import os
from datetime import UTC, datetime, timedelta

import pytest

from core import pipeline
from core.gcp.clients import scheduler_client
from core.generation.windows import business_date
from core.insight.diagnostics import checks
from core.insight.diagnostics.checks import CHECKS, NEED_SOMEBODY, CheckContext, Finding, State
from core.operations.runs import RunHistory
from core.platform import Platform
from core.settings import Settings
from core.storage.publish import publish
from local_cloud.gateway import Fault, Gateway
from local_cloud.gateway.journal import counted
from tests.gcp.test_logs import written
from tests.support.cloud_schedule import deployed
from tests.support.scenes import NOW, request

BY_KEY = {check.key: check for check in CHECKS}
_NUMBERS = itertools.count(1)


@pytest.fixture
def platform(cloud_settings: Settings) -> Platform:
    """A bucket and datasets of its own, in a project whose schedule and log are its own."""
    assert cloud_settings.cloud
    project = f"diagnose-{os.getpid()}-{next(_NUMBERS)}"
    cloud = dataclasses.replace(cloud_settings.cloud, project=project)
    apart = Platform.of(dataclasses.replace(cloud_settings, cloud=cloud))
    # The emulators keep buckets and datasets by project: those are of the usual one.
    usual = Platform.of(cloud_settings)
    return dataclasses.replace(apart, store=usual.store, warehouse=usual.warehouse)


def found(platform: Platform, key: str, now: datetime = NOW) -> Finding:
    history = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))
    return BY_KEY[key].look(CheckContext(platform, history, now))


def test_a_cloud_that_is_as_it_should_be_needs_nobody(platform: Platform, gateway: Gateway) -> None:
    assert platform.settings.cloud
    deployed(platform.settings.cloud)
    pipeline.upload(platform, request("window_1214"), NOW, wait_for_events=False)
    pipeline.rebuild(platform)
    gateway.journal.clear()
    history = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))
    looked = checks.run_checks(CheckContext(platform, history, NOW))
    states = {check.key: finding for check, finding in looked if check.key != "packages"}
    assert {k: f for k, f in states.items() if f.state in NEED_SOMEBODY} == {}
    here = {"credentials", "warehouse_file"}
    assert {k for k, f in states.items() if f.state is State.NOT_HERE} == here
    counts = counted(gateway.journal.entries())
    assert counts.class_a <= 25  # as docs/troubleshooting.md has them
    assert counts.class_b <= 5
    assert counts.query_jobs <= 20
    assert counts.loads + counts.dml + counts.ddl == {}
    assert states["apis"].found == "Enabled: storage, bigquery, cloudscheduler, logging."


def test_the_schedule_of_the_cloud(platform: Platform, gateway: Gateway) -> None:
    cloud = platform.settings.cloud
    assert cloud
    schedule = deployed(cloud)
    assert found(platform, "schedule").state is State.FINE
    schedule.pause()
    paused = found(platform, "schedule")
    assert (paused.state, paused.action) == (State.ATTENTION, "schedule")
    assert paused.command.startswith("gcloud scheduler jobs resume continuous-data-generator")
    schedule.resume()
    gateway.scheduler.attempted(schedule.name, NOW, {"code": 7, "message": "PERMISSION_DENIED"})
    failed = found(platform, "schedule")
    assert (failed.state, "PERMISSION_DENIED" in failed.found) == (State.ATTENTION, True)
    with scheduler_client(cloud) as client:
        client.delete_job(name=schedule.name)
    gone = found(platform, "schedule")
    assert gone.state is State.BROKEN
    assert "gcloud services enable cloudscheduler.googleapis.com" in gone.command
    assert "cloud_function/deploy.sh" in gone.command


def test_a_schedule_with_other_times(platform: Platform) -> None:
    assert platform.settings.cloud
    deployed(platform.settings.cloud, "0 9 * * *")
    finding = found(platform, "schedule")
    assert finding.state is State.BROKEN
    assert "the seven windows are 0 10,12,14,16,18,20,22 * * *" in finding.found


def test_a_bucket_that_is_not_there(cloud_settings: Settings) -> None:
    assert cloud_settings.cloud
    cloud = dataclasses.replace(cloud_settings.cloud, bucket="never-made")
    finding = found(Platform.of(dataclasses.replace(cloud_settings, cloud=cloud)), "bucket")
    assert finding.state is State.BROKEN
    assert "There is no bucket 'never-made'" in finding.found
    assert "gcloud storage ls gs://never-made" in finding.command


def test_services_that_are_not_enabled(platform: Platform, gateway: Gateway) -> None:
    assert platform.settings.cloud
    deployed(platform.settings.cloud)
    words = "Cloud Scheduler API has not been used in project 12 before or it is disabled."
    with gateway.faults.having(
        Fault(status=403, reason="forbidden", message=words, service="scheduler")
    ):
        finding = found(platform, "apis")
    assert finding.state is State.BROKEN
    project = platform.settings.cloud.project
    assert finding.command == (
        f"gcloud services enable cloudscheduler.googleapis.com --project={project}"
    )
    with gateway.faults.having(Fault(status=403, reason="forbidden", service="scheduler")):
        refused = found(platform, "apis")
    assert refused.state is State.FINE  # it is enabled; the schedule's check tells of the refusal
    with gateway.faults.having(Fault(status=503, service="scheduler", times=None)):
        assert found(platform, "apis").state is State.UNKNOWN


def test_a_csv_processor_that_is_not_called(platform: Platform) -> None:
    cloud = platform.settings.cloud
    assert cloud
    assert found(platform, "trigger").state is State.FINE
    soon, later = datetime.now(UTC), datetime.now(UTC) + timedelta(minutes=5)
    publish(
        platform.store, request("window_1214", dates=[business_date(soon)]), platform.catalog
    )  # fmt: skip
    assert found(platform, "trigger", soon).state is State.FINE
    silent = found(platform, "trigger", later)
    assert (silent.state, silent.action) == (State.BROKEN, "ingest")
    assert "is not called: 4 objects wait" in silent.found
    assert "gcloud eventarc triggers list --location=us-central1" in silent.command
    pending = found(platform, "pending", later)
    assert (pending.state, pending.action) == (State.ATTENTION, "ingest")

    written(cloud, "csv-processor", {"message": "x: loaded."}, first=later)
    assert "is called (1 line since), yet 4 objects" in found(
        platform, "trigger", later
    ).found  # fmt: skip
    written(cloud, "csv-processor", {"message": "no role"}, first=later, severity=500)
    failing = found(platform, "trigger", later)
    assert (failing.state, "It says: no role" in failing.found) == (State.BROKEN, True)


def test_the_clock_of_the_cloud(platform: Platform) -> None:
    assert found(platform, "clock").state is State.FINE
    late = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC) + timedelta(hours=1))
    finding = BY_KEY["clock"].look(CheckContext(platform, late, NOW))
    assert finding.state is State.ATTENTION
    assert "ahead of that of Google Cloud" in finding.found
