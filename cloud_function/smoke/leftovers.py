"""`--clean`: remove what runs left that were killed before they could clean up."""

from collections.abc import Callable
from datetime import datetime

from cloud_function.smoke.cleanup import clean_up
from cloud_function.smoke.resources import YOUNG, find_runs
from cloud_function.smoke.run import Run
from cloud_function.smoke.scene import CommandLine, Scene, cloud_of, open_scene
from core.errors import InputError
from core.settings import Settings


def clean_leftovers(
    settings: Settings,
    now: datetime,
    token: str,
    tell: Callable[[str], None],
    tools: CommandLine | None = None,
) -> bool:
    """Remove what is left of runs.

    Args:
        now: The aware present; young runs may be active, and stay unless they are named.
        token: Of one run; empty for all runs.

    Returns:
        Whether nothing is left except active runs.

    Raises:
        InputError: There is no run of that token.
    """
    cloud = cloud_of(settings)
    found = [run for run in find_runs(cloud) if token in ("", run.token)]
    if token and not found:
        raise InputError(f"Nothing is left of a run {token} in {cloud.project}.")
    if not found:
        tell("Nothing is left of any run.")
    good = True
    for run in found:
        why = _why_kept(settings, run, now, named=bool(token))
        if why:
            tell(f"{run.token} stays: {why}")
            continue
        good &= _clean_up(open_scene(settings, run, tools), tell)
    return good


def _why_kept(settings: Settings, run: Run, now: datetime, *, named: bool) -> str:
    """Why a run is not cleaned up, in a sentence; empty when it is."""
    cloud = cloud_of(settings)
    if (run.bucket, run.prefix) != (cloud.bucket, settings.dataset_prefix):
        return (
            f"it was of another deployment; set GCS_BUCKET_NAME={run.bucket} and "
            f"MRHEALTH_DATASET_PREFIX={run.prefix}."
        )
    if not named and now - run.begun < YOUNG:
        return f"it began at {run.begun:%H:%M} UTC and may be at work; --clean {run.token} insists."
    return ""


def _clean_up(scene: Scene, tell: Callable[[str], None]) -> bool:
    scene.used_deployed = True
    left = clean_up(scene)
    for sentence in left:
        tell(f"Left of {scene.run.token}: {sentence}")
    if not left:
        tell(f"{scene.run.token} of {scene.run.begun:%Y-%m-%d %H:%M} UTC is taken away.")
    return not left
