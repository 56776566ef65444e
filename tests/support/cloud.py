"""Fixtures of the emulated cloud: real servers behind the gateway, started once for all tests."""

import itertools
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from core.gcp import clients
from core.settings import Cloud, Settings
from local_cloud.gateway import Gateway
from local_cloud.gateway.loads import LoadLimits
from local_cloud.installs import InstallError
from local_cloud.servers import ServerError, servers
from tests.support.missing import skip_or_fail

PROJECT = "mr-health-local"
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The gateway before the emulators."""
    # A session that is told to end tears down, too: else the servers would outlive it.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = tmp_path_factory.mktemp("local_cloud")
    running = servers(folder)
    try:
        addresses = running.__enter__()
    except (InstallError, ServerError) as problem:
        skip_or_fail(f"Tests on the emulated cloud need its servers. {problem}")
    try:
        with Gateway(addresses) as gateway:
            yield gateway
    finally:
        running.__exit__(None, None, None)
        signal.signal(signal.SIGTERM, before)


@pytest.fixture
def gateway(
    emulated: Gateway, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Gateway]:
    """The gateway with no rules, an empty journal and no jobs, before and after the test.

    Connections of the product's clients are closed after it: one that is left to the garbage
    collector is a warning in whichever test runs then.
    """
    assert not request.node.get_closest_marker("quick"), "An everyday test needs no emulator."
    sessions: list[requests.Session] = []
    prepare = clients._prepare_session

    def remember(session: requests.Session) -> None:
        sessions.append(session)
        prepare(session)

    monkeypatch.setattr(clients, "_prepare_session", remember)
    _reset(emulated)
    yield emulated
    _reset(emulated)
    for session in sessions:
        session.close()


@pytest.fixture
def cloud_settings(gateway: Gateway, home: Path) -> Settings:
    """Settings of an empty bucket and of datasets that are not there yet.

    The datasets have the same names in each test, so that the emulator knows most statements.
    """
    addresses, bucket = gateway.addresses, f"mr-health-{os.getpid()}-{next(_NUMBERS)}"
    _delete_datasets(addresses.bigquery)
    made = requests.post(
        f"{addresses.storage}/storage/v1/b", params={"project": PROJECT}, json={"name": bucket},
        timeout=30,
    )  # fmt: skip
    made.raise_for_status()
    gateway.journal.clear()
    return Settings.from_mapping(
        {
            "MRHEALTH_HOME": str(home),
            "MRHEALTH_DATASET_PREFIX": "test",
            "GCP_PROJECT_ID": PROJECT,
            "GCS_BUCKET_NAME": bucket,
            "STORAGE_EMULATOR_HOST": addresses.storage,
            "BIGQUERY_EMULATOR_HOST": addresses.bigquery,
            "CLOUD_SCHEDULER_EMULATOR_HOST": addresses.scheduler,
            "LOGGING_EMULATOR_HOST": addresses.logging,
        }
    )


@pytest.fixture
def cloud(cloud_settings: Settings) -> Cloud:
    """Where the emulated cloud is."""
    assert cloud_settings.cloud
    return cloud_settings.cloud


def _delete_datasets(bigquery: str) -> None:
    datasets = f"{bigquery}/bigquery/v2/projects/{PROJECT}/datasets"
    with requests.Session() as session:
        found = session.get(datasets, timeout=30).json().get("datasets", ())
        for name in (each["datasetReference"]["datasetId"] for each in found):
            gone = session.delete(
                f"{datasets}/{name}", params={"deleteContents": "true"}, timeout=30
            )
            gone.raise_for_status()


def _reset(gateway: Gateway) -> None:
    gateway.faults.clear()
    gateway.journal.clear()
    gateway.storage.listeners.clear()
    gateway.bigquery.forget()
    gateway.bigquery.query_bytes = None
    gateway.bigquery.loads.limits = LoadLimits()
    gateway.bigquery.analysis.accepted.clear()
