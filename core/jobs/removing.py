"""Runs that take away what a request made, and build the layers anew without it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core import pipeline
from core.errors import InputError
from core.jobs import telling
from core.jobs.loading import layer_claims
from core.jobs.requests import claims_of, parameters_of, request_of, what
from core.pipeline import Platform
from core.publish import Request
from core.removal import Removed, remove, remove_cells
from core.runner import Context
from core.runs import NewRun
from core.transform import LAYERS


def removal(request: Request, made: Mapping[str, Sequence[int]] | None = None) -> NewRun:
    """Take a request's objects out of the bucket and Bronze, where they have its very bytes.

    Args:
        made: Only these units of each window, by its tag: those that a run made. All without it.

    Raises:
        InputError: None of the request's windows was made.
    """
    parameters = parameters_of(request)
    if made is not None:
        windows = tuple(window for window in request.windows if made.get(window.tag))
        if not windows:
            raise InputError("There is nothing to remove: that run made no objects.")
        units = sorted({unit for window in windows for unit in made[window.tag]})
        request = replace(request, windows=windows, units=tuple(units))
        cells = {window.tag: list(made[window.tag]) for window in windows}
        parameters = {**parameters_of(request), "made": cells}
    return NewRun(
        "remove",
        f"Remove {what(request)}",
        parameters,
        (*claims_of(request), *layer_claims(LAYERS)),
    )


def do_removal(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Remove, then rebuild the layers that are built.

    Raises:
        CheckError: A check failed, and a layer still shows what was removed.
    """
    request, tell = request_of(parameters, platform.catalog), telling.logged(context)
    if "made" in parameters:  # runs of older versions do not have it
        done = remove_cells(platform, request, parameters["made"], tell)
    else:
        done = remove(platform, request, tell)
    built = pipeline.built_layers(platform)
    if built:
        telling.judged(pipeline.rebuild(platform, built, telling.logged(context)), context)
    kept = f", {done.kept} stay, since their unit has other content" if done.kept else ""
    layers = f"; {', '.join(layer.capitalize() for layer in built)} rebuilt" if built else ""
    return f"{done.objects} objects and their rows removed{kept}{layers}.{_broken(done)}"


def _broken(done: Removed) -> str:
    """What to do about manifests that stay although they cannot be read."""
    if not done.broken:
        return ""
    return (
        f" Manifests that cannot be read and stay, for their windows have other objects: "
        f"{', '.join(done.broken)}; uploading these again with overwriting replaces them."
    )
