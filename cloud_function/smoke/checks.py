"""All checks, in their order, and the run of them from beginning to end."""

from collections.abc import Callable
from dataclasses import dataclass

from cloud_function.deploy.steps import Command
from cloud_function.smoke import billing, calls, functions, resources, schedule, speed, walk
from cloud_function.smoke.check import Check, Result, perform
from cloud_function.smoke.cleanup import clean_up
from cloud_function.smoke.scene import Scene
from core.errors import InputError, PlatformError
from core.storage.object_names import MANIFEST_PREFIX, day_prefix, parquet_prefix

CHECKS: tuple[Check, ...] = (
    *walk.CHECKS, *billing.CHECKS, *functions.CHECKS, schedule.DEAD_LETTERS, schedule.FORCED_RUN,
    *speed.CHECKS,
)  # fmt: skip

# All commands of the Google Cloud CLI that a run may make.
COMMANDS: tuple[Command, ...] = (
    calls.TOKEN, calls.ADDRESS, schedule.DESCRIBE_JOB, schedule.CREATE_JOB, schedule.RUN_JOB,
    schedule.DELETE_JOB, schedule.PULL, speed.DELETE_SERVICE,
    *(step.command for step in speed.STEPS),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended.

    Attributes:
        billed: Bytes that its queries billed; None where BigQuery does not say.
        left: What could not be removed, each in a sentence.
    """

    results: tuple[Result, ...]
    jobs: int
    billed: int | None
    left: tuple[str, ...]


def check_deployed(scene: Scene) -> None:
    """See that there is a deployment, and that nothing has the run's date; nothing is written.

    Raises:
        InputError: There is none, or the date is in use.
    """
    if "bronze.orders" not in scene.deployed.warehouse.tables():
        raise InputError(
            f"{scene.deployed.settings.dataset_prefix}_bronze has no tables: deploy first "
            "(docs/deployment.md), or set MRHEALTH_DATASET_PREFIX to the deployed one."
        )
    day, store = scene.run.day, scene.deployed.store
    folders = (day_prefix(day), parquet_prefix(day), f"{MANIFEST_PREFIX}{day:%Y/%m/%d}/",
               f"quarantine/{day:%Y/%m/%d}/")  # fmt: skip
    there = next((info.name for folder in folders for info in store.list(folder)), "")
    known = scene.deployed.warehouse.generations(store.bucket, day_prefix(day), parquet_prefix(day))
    if there or known:
        raise InputError(
            f"{day} is in use ({there or min(known)}): name another past date by --date. Leftovers "
            "of a run that was killed are taken away by --clean."
        )


def run_all(
    scene: Scene, report: Callable[[Result], None], checks: tuple[Check, ...] = CHECKS
) -> Ended:
    """Make what the run needs, perform the checks, and take all of it away, however it ends.

    Raises:
        InputError: There is nothing to try, or the date is in use; nothing was written.
        StoreError: The run's own datasets or bucket cannot be made.
    """
    check_deployed(scene)
    try:
        resources.make_own(scene.cloud, scene.run)
        results = perform(checks, scene, report)
        jobs = _jobs(scene)
    finally:
        scene.left = tuple(clean_up(scene))
    return Ended(tuple(results), len(jobs), billing.sum_bytes_billed(jobs), scene.left)


def _jobs(scene: Scene) -> list[billing.SeenJob]:
    try:
        return billing.find_jobs(scene)
    except PlatformError:
        return []
