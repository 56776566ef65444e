"""What the checks work on: the deployed platform, the run's platform, and the `gcloud` tool."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from cloud_function.deploy.run import DeployError, Result, Runner, explain
from cloud_function.deploy.steps import Command, Step
from cloud_function.smoke.errors import NotCheckedError
from cloud_function.smoke.run import Run
from core.errors import SettingsError
from core.platform import Platform
from core.settings import Cloud, Settings
from core.transform.layers import LAYERS
from core.warehouse.bigquery.client import BigQuery
from core.warehouse.bigquery.jobs import Jobs

SPEED_UNITS, SPEED_LIMIT_S = 1_000, 60.0  # 5,000 units in 300 s are promised


class CommandLine(Protocol):
    """What runs a command of `gcloud` or `bq`, its `{placeholders}` filled in from `values`."""

    values: dict[str, str]

    def ask(self, command: Command) -> Result:
        """Run one command, and return how it ended."""
        ...


@dataclass
class Scene:
    """What the checks work on, and what they found so far.

    Attributes:
        deployed: The platform that was deployed.
        own: The same code on a bucket and datasets that only this run uses.
        tools: The Google Cloud CLI.
        wait_s: Longest wait for Google's own work: events, log lines, a forced run.
        pause: Waits some seconds.
        function_url: The deployed data-generator; `gcloud` finds it by default.
        speed_units, speed_limit_s: Units of the timed call, and the seconds that it may take.
        layers: What is rebuilt, the first two of them by date.
        used_deployed: Whether anything was written to the deployed bucket.
        settled: Whether all events of what was written there were served.
        left: What the cleanup could not remove; None before it has ended.
    """

    run: Run
    deployed: Platform
    own: Platform
    tools: CommandLine
    wait_s: float = 120.0
    pause: Callable[[float], None] = time.sleep
    function_url: str = ""
    speed_units: int = SPEED_UNITS
    speed_limit_s: float = SPEED_LIMIT_S
    layers: tuple[str, ...] = LAYERS
    used_deployed: bool = False
    settled: bool = False
    left: tuple[str, ...] | None = None
    own_jobs: Jobs = field(init=False)
    deployed_jobs: Jobs = field(init=False)

    def __post_init__(self) -> None:
        """Make the clients of jobs; nothing is contacted yet."""
        self.own_jobs = _jobs(self.own.settings)
        self.deployed_jobs = _jobs(self.deployed.settings)

    @property
    def cloud(self) -> Cloud:
        """Where the deployed platform is."""
        return cloud_of(self.deployed.settings)

    @property
    def is_emulated(self) -> bool:
        """Whether the cloud is an emulated one."""
        return bool(self.cloud.storage_host or self.cloud.bigquery_host)

    def now(self) -> datetime:
        """The aware present."""
        return datetime.now(UTC)

    def tool(self, command: Command, **values: str) -> str:
        """The output of a command.

        Raises:
            NotCheckedError: It failed, or there is no such program.
        """
        self.tools.values |= values
        try:
            done = self.tools.ask(command)
        except DeployError as error:
            raise NotCheckedError(str(error)) from error
        if done.code:
            raise NotCheckedError(explain(done.said, self.cloud.project))
        return done.output.strip()

    def step(self, step: Step) -> None:
        """Take a step, and keep its output as a value for later commands.

        Raises:
            NotCheckedError: It failed.
        """
        output = self.tool(step.command)
        if step.gives:
            if not output:
                raise NotCheckedError(f"{step.name}: gcloud named no {step.gives}.")
            self.tools.values[step.gives] = output

    def wait_for(self, is_done: Callable[[], bool]) -> bool:
        """Wait until a condition holds, `wait_s` at most; whether it does."""
        deadline, seconds = time.monotonic() + self.wait_s, 0.5
        while not is_done():
            if time.monotonic() + seconds > deadline:
                return False
            self.pause(seconds)
            seconds = min(seconds * 1.5, 10.0)
        return True


def cloud_of(settings: Settings) -> Cloud:
    """Google Cloud of the settings.

    Raises:
        SettingsError: They are those of the embedded default.
    """
    if settings.cloud is None:
        raise SettingsError(
            "GCP_PROJECT_ID and GCS_BUCKET_NAME are not set: set both to say which deployment "
            "is to be tried."
        )
    return settings.cloud


def own_settings(settings: Settings, run: Run) -> Settings:
    """The deployed settings on the run's own bucket and datasets."""
    cloud = replace(cloud_of(settings), bucket=run.own_name)
    return replace(settings, cloud=cloud, dataset_prefix=run.own_prefix)


@dataclass
class NoCommandLine:
    """Replaces the Google Cloud CLI for an emulated project, which Google does not have."""

    values: dict[str, str]

    def ask(self, command: Command) -> Result:
        """Refuse.

        Raises:
            DeployError: Always.
        """
        raise DeployError(f"{command[0]} cannot look at an emulated cloud.")


def open_scene(settings: Settings, run: Run, tools: CommandLine | None = None) -> Scene:
    """The scene of a run; nothing is contacted yet."""
    own = replace(Platform.of(own_settings(settings, run)), has_events=False)
    return Scene(run, Platform.of(settings), own, tools or command_line(settings, run))


def command_line(settings: Settings, run: Run) -> CommandLine:
    """The Google Cloud CLI, with the values of the deployment and of a run."""
    cloud = cloud_of(settings)
    if cloud.storage_host or cloud.bigquery_host:
        return NoCommandLine(values_of(settings, run))
    return Runner(values_of(settings, run), lambda _: None)


def values_of(settings: Settings, run: Run) -> dict[str, str]:
    """What is filled in for the placeholders of commands."""
    cloud = cloud_of(settings)
    return {
        "project": cloud.project, "region": cloud.region,
        "bucket": run.own_name, "prefix": run.own_prefix, "own": run.own_name,
    }  # fmt: skip


def _jobs(settings: Settings) -> Jobs:
    return Jobs(BigQuery(cloud_of(settings), settings.dataset_prefix, settings.wait_s))
