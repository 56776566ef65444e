"""The steps that bring the Cloud Run Job for large requests to Google Cloud, and start it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cloud_function.deploy.panel import APIS as PANEL_APIS
from cloud_function.deploy.roles import BUILD, BULK, BULK_ACCOUNT, BULK_ROLES, address
from cloud_function.deploy.steps import (
    Step,
    account_step,
    apis_step,
    custom_role_step,
    environment,
    role_step,
)
from core.errors import InputError
from core.generation.catalog import load_catalog
from core.generation.windows import check_seed, check_units, dates_between, find_window

APIS = tuple(name for name in PANEL_APIS if name != "iap")
REPOSITORY = "mrhealth"
IMAGE = f"{{region}}-docker.pkg.dev/{{project}}/{REPOSITORY}/{BULK}"
MOST_TASKS = 10_000  # https://cloud.google.com/run/quotas#cloud_run_jobs
USUAL_TASKS = 100
# A load job takes a few seconds, so twenty tasks at once stay below the 50 changes in ten seconds
# that a partitioned table takes: https://cloud.google.com/bigquery/quotas#partitioned_tables
PARALLEL_TASKS = 20
TASK_TIMEOUT_S, TASK_RETRIES, TASK_MEMORY = 3600, 3, "2Gi"


@dataclass(frozen=True, slots=True)
class Job:
    """A large request, and how many tasks share its shards.

    Attributes:
        dates: First and last date.
        windows: Hours such as `12:00-14:00`, empty for all seven; None for whole days.
        form: `csv` or `parquet`.
        tasks: As many as there are shards by default, up to `USUAL_TASKS`.

    Raises:
        InputError: A part of it is not possible.
    """

    dates: tuple[date, date]
    units: int
    windows: tuple[str, ...] | None = None
    form: str = "csv"
    seed: int | None = None
    tasks: int | None = None
    load: bool = True

    def __post_init__(self) -> None:
        """Refuse what no task could do, before anything is deployed."""
        dates_between(*self.dates)
        check_units(self.units)
        for hours in self.windows or ():
            find_window(*hours.partition("-")[::2], load_catalog())
        if self.seed is not None:
            check_seed(self.seed)
        if self.tasks is not None and not 1 <= self.tasks <= MOST_TASKS:
            raise InputError(f"{self.tasks} tasks are not possible: use 1 to {MOST_TASKS:,}.")

    @property
    def shards(self) -> int:
        """How many shards it has: dates, and for CSV files each window of them."""
        days = len(dates_between(*self.dates))
        if self.form == "parquet" or self.windows is None:
            return days
        return days * (len(self.windows) or len(load_catalog().windows))

    @property
    def arguments(self) -> tuple[str, ...]:
        """The command line of each task."""
        first, last = self.dates
        return (
            "scripts/generate_shards.py", "--units", str(self.units),
            "--from", str(first), "--to", str(last), "--format", self.form,
            *(("--seed", str(self.seed)) if self.seed is not None else ()),
            *(("--load",) if self.load else ()),
            *(("--windows", *self.windows) if self.windows is not None else ()),
        )  # fmt: skip


def _image() -> Iterator[Step]:
    """Build the image; `run jobs deploy --source` would not let us say which account builds."""
    group = ("gcloud", "artifacts", "repositories")
    where = ("--project={project}", "--location={region}")
    yield Step(
        "repository",
        "The image has to be kept somewhere.",
        (*group, "create", REPOSITORY, *where, "--repository-format=docker"),
        describe=(*group, "describe", REPOSITORY, *where),
    )
    yield Step(
        "image",
        "The panel's image has the job's command line, too.",
        (
            "gcloud", "builds", "submit", ".", f"--tag={IMAGE}", "--project={project}",
            "--region={region}",
            f"--service-account=projects/{{project}}/serviceAccounts/{address(BUILD)}",
            "--default-buckets-behavior=regional-user-owned-bucket",
        ),
    )  # fmt: skip


def job_steps(job: Job) -> list[Step]:
    """The job with its command line, deployed and started; bucket and datasets are there before."""
    where = ("--project={project}", "--region={region}")
    tasks = job.tasks or min(job.shards, USUAL_TASKS)
    return [
        apis_step(APIS),
        account_step(BULK_ACCOUNT),
        custom_role_step("mrhealthJobs"),
        *map(role_step, BULK_ROLES),
        *_image(),
        Step(
            "job",
            "Each task makes its share of the shards; one that fails is run again, and goes on.",
            (
                "gcloud", "run", "jobs", "deploy", BULK, *where, f"--image={IMAGE}",
                f"--service-account={address(BULK)}", "--command=python",
                f"--args={','.join(job.arguments)}", f"--tasks={tasks}",
                f"--parallelism={min(tasks, PARALLEL_TASKS)}", f"--max-retries={TASK_RETRIES}",
                f"--task-timeout={TASK_TIMEOUT_S}s", "--cpu=1", f"--memory={TASK_MEMORY}",
                environment(),
            ),
        ),
        Step(
            "run",
            f"The {tasks} tasks make {job.shards} shards.",
            ("gcloud", "run", "jobs", "execute", BULK, *where, "--wait"),
        ),
    ]  # fmt: skip
