"""Runs that take rows and objects away, and rebuild the layers without them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from core import pipeline
from core.errors import InputError
from core.generation.windows import dates_between, is_covered
from core.messages import Message, join_sentences, message
from core.operations import leftovers
from core.operations.jobs import reporting
from core.operations.jobs.load import layer_claims
from core.operations.jobs.parameters import (
    claims_of,
    dates_of,
    parameters_of,
    request_of,
    span,
    what,
)
from core.operations.removal import Removed, remove, remove_cells
from core.operations.runs import NewRun
from core.operations.runs.runner import Context
from core.operations.strays import delete_strays
from core.platform import Platform
from core.storage.object_names import day_of
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
    request, tell = request_of(parameters, platform.catalog), reporting.log_steps(context)
    if "made" in parameters:  # runs of older versions do not have it
        done = remove_cells(platform, request, parameters["made"], tell)
    else:
        done = remove(platform, request, tell)
    built = pipeline.built_layers(platform)
    if built:
        reporting.require_passed(
            pipeline.rebuild(platform, built, reporting.log_steps(context)), context
        )
    result = reporting.with_layers(_removed(done), built)
    broken = message("result.remove_broken", names=done.broken) if done.broken else ""
    return join_sentences(result, broken)


def _removed(done: Removed) -> Message:
    result = message("result.remove", count=done.objects)
    return message("result.remove_kept", result=result, kept=done.kept) if done.kept else result


def settlement(first: date, last: date) -> NewRun:
    """Take away what Bronze and quarantine have of deleted objects of a range of dates.

    Raises:
        InputError: The range runs backwards or is out of bounds.
    """
    days = tuple(dates_between(first, last))
    return NewRun(
        "settle",
        message("title.settle", dates=span(first, last)),
        {"dates": [first.isoformat(), last.isoformat()]},
        (*claims_of(Request(days, (), (1,))), *layer_claims(LAYERS)),
    )


def do_settlement(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Settle, then rebuild the layers that are built.

    Raises:
        CheckError: A check failed, and a layer still shows what was taken away.
    """
    first, last = dates_of(parameters)
    done = leftovers.settle(platform, (first, last), reporting.log_steps(context))
    built = pipeline.built_layers(platform) if done.rows else ()
    if built:
        reporting.require_passed(
            pipeline.rebuild(platform, built, reporting.log_steps(context)), context
        )
    result = message(
        "result.settle", count=done.objects, rows=done.rows, reports=done.reports
    )  # fmt: skip
    stay = message("result.settle_stay", count=done.stay) if done.stay else ""
    return join_sentences(reporting.with_layers(result, built), stay)


def deletion(generations: Mapping[str, int]) -> NewRun:
    """Delete objects that no manifest names.

    Args:
        generations: That each of them has; in another one it stays.

    Raises:
        InputError: None is named.
    """
    if not generations:
        raise InputError(message("request.nothing_to_delete"))
    names = sorted(generations)
    title = message("title.delete", name=names[0])
    if len(names) > 1:
        title = message("title.delete_many", count=len(names), name=names[0])
    # No other run can work on a date that the platform does not cover.
    days = tuple(sorted({day for day in map(day_of, names) if day and is_covered(day)}))
    claims = claims_of(Request(days, (), (1,))) if days else ()
    return NewRun(
        "delete",
        title,
        {"objects": {name: generations[name] for name in names}},
        (*claims, *layer_claims(LAYERS)),
    )


def do_deletion(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Delete, then rebuild the layers that are built, where Bronze had rows of it.

    Raises:
        CheckError: A check failed, and a layer still shows what was deleted.
    """
    count, done = delete_strays(platform, parameters["objects"], reporting.log_steps(context))
    built = pipeline.built_layers(platform) if done.rows else ()
    if built:
        reporting.require_passed(
            pipeline.rebuild(platform, built, reporting.log_steps(context)), context
        )
    result = message("result.delete", count=count, rows=done.rows, reports=done.reports)
    stay = message("result.settle_stay", count=done.stay) if done.stay else ""
    return join_sentences(reporting.with_layers(result, built), stay)
