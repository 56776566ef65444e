"""Remove everything that a run made, however it ended; its record goes last."""

import re
from collections.abc import Callable

from cloud_function.deploy.steps import Command
from cloud_function.smoke import resources
from cloud_function.smoke.errors import NotCheckedError
from cloud_function.smoke.removal import list_requests, make_files, remove_sales
from cloud_function.smoke.scene import Scene, cloud_of, values_of
from cloud_function.smoke.schedule import DELETE_JOB
from cloud_function.smoke.speed import DELETE_SERVICE
from core.errors import PlatformError, StoreError
from core.storage.object_names import day_prefix

_ABSENT = re.compile(r"not[ _]found|cannot find|could not be found|does not exist", re.IGNORECASE)
_LOOKS, _PAUSE_S = 6, 5.0


def clean_up(scene: Scene) -> list[str]:
    """Remove everything that the scene's run made.

    Returns:
        What could not be removed, each in a sentence; the record then stays, so that `--clean` can
        continue.
    """
    run = scene.run
    parts: list[tuple[str, Callable[[Scene], None]]] = [
        (f"Scheduler job {run.own_name}", _remove_job),
        (f"Cloud Run service {run.own_name}", _remove_service),
        (f"objects and rows of {run.day}", _remove_deployed),
        (f"bucket {run.own_name}", _remove_bucket),
    ]
    left = [sentence for what, remove in parts if (sentence := _try_to_remove(what, remove, scene))]
    if not left:
        left += filter(
            None, [_try_to_remove(f"datasets {run.own_prefix}_*", _remove_datasets, scene)]
        )
    return left


def _try_to_remove(what: str, remove: Callable[[Scene], None], scene: Scene) -> str:
    """Why something could not be removed; empty when it was."""
    try:
        remove(scene)
    except PlatformError as error:
        return f"{what}: {error}"
    return ""


def _remove_job(scene: Scene) -> None:
    _run_tool(scene, resources.JOB, DELETE_JOB)


def _remove_service(scene: Scene) -> None:
    _run_tool(scene, resources.SERVICE, DELETE_SERVICE)


def _run_tool(scene: Scene, what: str, command: Command) -> None:
    if what not in resources.read_notes(scene.cloud, scene.run):
        return
    try:
        scene.tool(command, **values_of(scene.deployed.settings, scene.run))
    except NotCheckedError as error:
        if not _ABSENT.search(str(error)):
            raise


def _remove_deployed(scene: Scene) -> None:
    """Remove the sales, repeatedly while events may still come."""
    if not scene.used_deployed:
        return
    for _ in range(_LOOKS):
        stays = remove_sales(scene.deployed, scene.deployed_jobs, scene.run)
        if stays:
            raise StoreError(" ".join(stays))
        if scene.settled:
            return
        scene.pause(_PAUSE_S)
        if not _find_loaded(scene):
            return
    raise StoreError(f"Bronze still gets {_find_loaded(scene)[0]}.")


def _find_loaded(scene: Scene) -> list[str]:
    """Objects of the run that the deployed ledger has."""
    catalog, run = scene.deployed.catalog, scene.run
    made = [
        name for request in list_requests(run, catalog) for name, _ in make_files(request, catalog)
    ]
    bucket = scene.deployed.store.bucket
    known = scene.deployed.warehouse.generations(bucket, day_prefix(run.day))
    return [name for name in made if name in known]


def _remove_bucket(scene: Scene) -> None:
    resources.remove_bucket(cloud_of(scene.own.settings), scene.run)


def _remove_datasets(scene: Scene) -> None:
    resources.remove_datasets(scene.cloud, scene.run)
