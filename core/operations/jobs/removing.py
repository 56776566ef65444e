"""Runs that take away what a request made, and build the layers anew without it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core import pipeline
from core.errors import InputError
from core.messages import Message, joined, message
from core.operations.jobs import reporting
from core.operations.jobs.loading import layer_claims
from core.operations.jobs.parameters import claims_of, parameters_of, request_of, what
from core.operations.removal import Removed, remove, remove_cells
from core.operations.runs import NewRun
from core.operations.runs.runner import Context
from core.pipeline import Platform
from core.storage.publish import Request
from core.transform.rebuild import LAYERS


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
            raise InputError(message("request.nothing_to_remove"))
        units = sorted({unit for window in windows for unit in made[window.tag]})
        request = replace(request, windows=windows, units=tuple(units))
        cells = {window.tag: list(made[window.tag]) for window in windows}
        parameters = {**parameters_of(request), "made": cells}
    return NewRun(
        "remove",
        message("title.remove", what=what(request)),
        parameters,
        (*claims_of(request), *layer_claims(LAYERS)),
    )


def do_removal(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Remove, then rebuild the layers that are built.

    Raises:
        CheckError: A check failed, and a layer still shows what was removed.
    """
    request, tell = request_of(parameters, platform.catalog), reporting.logged(context)
    if "made" in parameters:  # runs of older versions do not have it
        done = remove_cells(platform, request, parameters["made"], tell)
    else:
        done = remove(platform, request, tell)
    built = pipeline.built_layers(platform)
    if built:
        reporting.judged(pipeline.rebuild(platform, built, reporting.logged(context)), context)
    result = reporting.with_layers(_removed(done), built)
    broken = message("result.remove_broken", names=done.broken) if done.broken else ""
    return joined(result, broken)


def _removed(done: Removed) -> Message:
    result = message("result.remove", count=done.objects)
    return message("result.remove_kept", result=result, kept=done.kept) if done.kept else result
