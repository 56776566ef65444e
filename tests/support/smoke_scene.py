"""What the tests of the smoke test share: an emulated deployment, and a stand-in for `gcloud`."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from cloud_function.deploy.run import Result
from cloud_function.http_request import SCHEDULE_HEADER
from cloud_function.smoke.run import Run, new_run
from cloud_function.smoke.scene import Scene, cloud_of, open_scene, values_of
from core.pipeline import upload
from core.platform import Platform
from core.storage.publish import Request
from local_cloud.emulated import EmulatedCloud
from local_cloud.functions import GENERATOR, _command
from local_cloud.servers import free_port, listens, process, wait_until

USERS_DAY = date(2012, 7, 1)
SPEED_UNITS = 5


class Gcloud:
    """Answers the commands of the smoke test as Google's own tools would.

    Attributes:
        dead: The messages of the dead letters' subscription.
        forced_at: The moment that the header of a forced run names; the present by default.
        gone: Commands that fail, by a word in them, with what is said.
    """

    def __init__(self, running: EmulatedCloud, folder: Path, run: Run) -> None:
        self.values = values_of(running.settings, run)
        self.dead: list[dict[str, Any]] = []
        self.forced_at: datetime | None = None
        self.gone: dict[str, str] = {}
        self.jobs: dict[str, str] = {}
        self.services: dict[str, contextlib.ExitStack] = {}
        self.urls: dict[str, str] = {}
        self._running = running
        self.folder = folder

    def ask(self, command: Sequence[str]) -> Result:
        """Do what a command says."""
        filled = [part.format_map(self.values) for part in command]
        for word, said in self.gone.items():
            if word in filled:
                return Result(1, "", said)
        name = self.values["own"]
        if "delete" in filled and name not in (
            self.services if "services" in filled else self.jobs
        ):
            return Result(1, "", f"ERROR: Cannot find service [{name}]")
        return Result(0, self._answer(filled), "")

    def _answer(self, command: Sequence[str]) -> str:
        flags = dict(part.lstrip("-").split("=", 1) for part in command if "=" in part)
        match [part for part in command if not part.startswith("-")][1:]:
            case ["functions", "describe", "data-generator"]:
                return self._running.functions.generator
            case ["pubsub", "subscriptions", "pull", _]:
                return json.dumps(self.dead)
            case ["scheduler", "jobs", "describe", "continuous-data-generator"]:
                return "ENABLED"
            case ["scheduler", "jobs", "create", "http", name]:
                self.jobs[name] = flags["message-body"]
            case ["scheduler", "jobs", "run", name]:
                self._force(self.jobs[name])
            case ["scheduler", "jobs", "delete", name]:
                del self.jobs[name]
            case ["run", "deploy", name]:
                self._deploy(name, command)
            case ["run", "services", "describe", name]:
                return self.urls.get(name, "of the deployed function")
            case ["run", "services", "delete", name]:
                self.services.pop(name).close()
        return ""

    def _force(self, body: str) -> None:
        moment = self.forced_at or datetime.now(UTC)
        headers = {SCHEDULE_HEADER: moment.isoformat(), "Content-Type": "application/json"}
        requests.post(self._running.functions.generator, body, headers=headers, timeout=60)

    def _deploy(self, name: str, command: Sequence[str]) -> None:
        """Start the function beside the deployed one; one that runs already goes on."""
        if name in self.services:
            return
        (given,) = (part for part in command if part.startswith("--set-env-vars="))
        pairs = given.partition("=")[2].split(",")
        environment = {**self._running.variables, **dict(pair.split("=", 1) for pair in pairs)}
        log, port = self.folder / f"{name}.log", free_port()
        twin = _command(self.folder / "function", GENERATOR, port)
        self.services[name] = contextlib.ExitStack()
        started = self.services[name].enter_context(process(twin, log, environment, self.folder))
        wait_until(lambda: listens(port), started, log)
        self.urls[name] = f"http://127.0.0.1:{port}"


def scene_of(running: EmulatedCloud, folder: Path, token: str) -> Scene:
    """A run on the emulated deployment that begins now."""
    settings = running.settings
    cloud = cloud_of(settings)
    # Jobs are compared with the emulator's clock, which counts milliseconds.
    begun = datetime.now(UTC) - timedelta(seconds=1)
    run = new_run(token, begun, cloud.bucket, settings.dataset_prefix)
    scene = open_scene(settings, run, Gcloud(running, folder, run))
    scene.wait_s, scene.speed_units, scene.layers = 60.0, SPEED_UNITS, ("silver",)
    return scene


def users_data(running: EmulatedCloud) -> Platform:
    """A deployment with a window of its own, and with reference data."""
    platform = Platform.of(running.settings)
    window = platform.catalog.windows[0]
    upload(platform, Request((USERS_DAY,), (window,), (1, 2, 3)), datetime.now(UTC))
    assert running.relay.wait_until_idle(60)
    return platform


def everything(platform: Platform) -> Mapping[str, object]:
    """All objects of a bucket, and all rows of its Bronze."""
    tables = ("orders", "order_items", "_ingested_objects", "units")
    return {
        "objects": platform.store.list(""),
        **{name: sorted(map(str, platform.warehouse.ask(f"SELECT * FROM bronze.{name}")))
           for name in tables},
    }  # fmt: skip


@contextlib.contextmanager
def without_rows(scene: Scene, table: str, where: str, *, deployed: bool = False) -> Iterator[None]:
    """A block in which some rows of Bronze are gone."""
    bigquery = (scene.deployed_jobs if deployed else scene.own_jobs).bigquery
    name = bigquery.table(f"bronze.{table}")
    bigquery.run(f"CREATE TABLE `{name}_kept` AS SELECT * FROM `{name}` WHERE {where}")
    bigquery.run(f"DELETE FROM `{name}` WHERE {where}")
    try:
        yield
    finally:
        bigquery.run(f"INSERT INTO `{name}` SELECT * FROM `{name}_kept`")
        bigquery.drop_table(f"bronze.{table}_kept")
