"""The whole emulated cloud: servers, gateway, bucket, tables, functions, relay and schedule."""

import contextlib
import json
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cloud_function.staging import stage
from core.generation.catalog import load_catalog
from core.platform import Platform
from core.settings import Cloud, Settings
from local_cloud.functions import Functions, functions
from local_cloud.gateway import Gateway
from local_cloud.relay import Relay, Retries
from local_cloud.schedule import LocalSchedule
from local_cloud.servers import Addresses, free_port, listens, servers

PROJECT, BUCKET = "mr-health-local", "mr-health-local-bucket"
# Where things listen unless somebody else does.
PORTS = {"storage": 4443, "bigquery": 9050, "scheduler": 8088, "logging": 8089}
# Pub/Sub waits 10 to 600 s; nobody who looks on wants to.
QUICK = Retries(first_s=0.5, longest_s=10.0, attempts=50)


@dataclass(frozen=True, slots=True)
class EmulatedCloud:
    """An emulated cloud that runs.

    Attributes:
        variables: The environment of whoever uses it.
        settings: The same, read.
    """

    variables: Mapping[str, str]
    settings: Settings
    gateway: Gateway
    functions: Functions
    relay: Relay
    schedule: LocalSchedule


@contextlib.contextmanager
def emulated_cloud(
    folder: Path,
    now: Callable[[], datetime],
    ports: Mapping[str, int] | None = None,
    units: int | None = None,
) -> Iterator[EmulatedCloud]:
    """Start all of it, with its files in a folder; ended with the block.

    Args:
        ports: Where to listen, by service; any free one where none is given.
        units: Restaurants that the schedule asks for; the function's own number by default.

    Raises:
        InstallError: An emulator cannot be installed.
        ServerError: A server does not start.
        PlatformError: Bronze cannot be made.
    """
    wanted = {service: _port(port) for service, port in (ports or {}).items()}
    with contextlib.ExitStack() as stack:
        behind = stack.enter_context(servers(folder, wanted.pop("logging", 0)))
        gateway = stack.enter_context(Gateway(behind, wanted))
        _create_bucket(gateway.addresses.storage)
        variables = _variables(gateway.addresses)
        settings = Settings.from_mapping(variables)
        cloud = _cloud_of(settings)
        Platform.of(settings).warehouse.create_bronze()
        staged = stage(folder / "function")
        served = stack.enter_context(functions(staged, cloud, variables, folder))
        relay = stack.enter_context(Relay(served.processor, BUCKET, QUICK))
        gateway.storage.listeners.append(relay.offer)
        schedule = LocalSchedule(
            gateway, cloud, load_catalog(), served.generator, now, _body(units)
        )
        stack.enter_context(schedule)
        yield EmulatedCloud(variables, settings, gateway, served, relay, schedule)


def _body(units: int | None) -> bytes:
    return json.dumps({"units": units}).encode() if units else b""


def _port(wanted: int) -> int:
    return free_port() if listens(wanted) else wanted


def _variables(addresses: Addresses) -> dict[str, str]:
    return {
        "GCP_PROJECT_ID": PROJECT,
        "GCS_BUCKET_NAME": BUCKET,
        "STORAGE_EMULATOR_HOST": addresses.storage,
        "BIGQUERY_EMULATOR_HOST": addresses.bigquery,
        "CLOUD_SCHEDULER_EMULATOR_HOST": addresses.scheduler,
        "LOGGING_EMULATOR_HOST": addresses.logging,
    }


def _cloud_of(settings: Settings) -> Cloud:
    if settings.cloud is None:
        raise AssertionError(settings)
    return settings.cloud


def _create_bucket(address: str) -> None:
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{address}/storage/v1/b?project={PROJECT}", f'{{"name": "{BUCKET}"}}'.encode(),
        {"Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310 - as above
        pass
