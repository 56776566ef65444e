"""Jobs that delete objects and rows, and rebuild the layers without them."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from core import pipeline
from core.errors import InputError
from core.generation.catalog import Catalog
from core.generation.windows import dates_between, is_covered
from core.messages import Message, join_sentences, message
from core.operations.cleanup import leftovers
from core.operations.cleanup.leftovers import Settled
from core.operations.cleanup.removal import remove_cells, remove_request
from core.operations.cleanup.strays import delete_strays
from core.operations.jobs import reporting
from core.operations.jobs.ingest import layer_claims
from core.operations.jobs.parameters import (
    claims_of,
    dates_of,
    describe_dates,
    describe_request,
    parameters_of,
    request_of,
)
from core.operations.jobs.submit import Action, Job
from core.operations.runs.runner import Context
from core.platform import Platform
from core.storage.object_names import day_of
from core.storage.publish import Request
from core.transform.rebuild import LAYERS


def removal(request: Request, made: Mapping[str, Sequence[int]] | None = None) -> Job:
    """Delete a request's objects and their rows in Bronze, where they have its very bytes.

    `made` limits it to the units of each window, by its tag, that a run made.

    Raises:
        InputError: None of the request's windows was made.
    """
    cells: dict[str, list[int]] | None = None
    if made is not None:
        windows = tuple(window for window in request.windows if made.get(window.tag))
        if not windows:
            raise InputError(message("request.nothing_to_remove"))
        cells = {window.tag: list(made[window.tag]) for window in windows}
        units = sorted({unit for of_window in cells.values() for unit in of_window})
        request = replace(request, windows=windows, units=tuple(units))
    return Job(
        "remove",
        message("title.remove", what=describe_request(request)),
        {**parameters_of(request), **({} if cells is None else {"made": cells})},
        (*claims_of(request), *layer_claims(LAYERS)),
        action=functools.partial(_remove, request, cells),
    )


def read_removal(stored: Mapping[str, Any], catalog: Catalog) -> Action:
    """The action in a run's parameters; those of older versions do not have `made`."""
    return functools.partial(_remove, request_of(stored, catalog), stored.get("made"))


def settlement(first: date, last: date) -> Job:
    """Delete what Bronze and quarantine have of deleted objects of a range of dates.

    Raises:
        InputError: The range runs backwards or is out of bounds.
    """
    days = tuple(dates_between(first, last))
    return Job(
        "settle",
        message("title.settle", dates=describe_dates(first, last)),
        {"dates": [first.isoformat(), last.isoformat()]},
        (*claims_of(Request(days, (), (1,))), *layer_claims(LAYERS)),
        action=functools.partial(_settle, (first, last)),
    )


def read_settlement(stored: Mapping[str, Any], _: Catalog) -> Action:
    """The action in a run's parameters."""
    first, last = dates_of(stored)
    return functools.partial(_settle, (first, last))


def deletion(generations: Mapping[str, int]) -> Job:
    """Delete objects that no manifest names; one that has another generation by then stays.

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
    objects = {name: generations[name] for name in names}
    return Job(
        "delete", title, {"objects": objects}, (*claims, *layer_claims(LAYERS)),
        action=functools.partial(_delete, objects),
    )  # fmt: skip


def read_deletion(stored: Mapping[str, Any], _: Catalog) -> Action:
    """The action in a run's parameters."""
    return functools.partial(_delete, stored["objects"])


def _remove(
    request: Request, made: Mapping[str, Sequence[int]] | None, platform: Platform, context: Context
) -> str:
    tell = reporting.log_steps(context)
    if made is None:
        done = remove_request(platform, request, tell)
    else:
        done = remove_cells(platform, request, made, tell)
    result = message("result.remove", count=done.objects)
    if done.kept:
        result = message("result.remove_kept", result=result, kept=done.kept)
    broken = message("result.remove_broken", names=done.broken) if done.broken else ""
    return join_sentences(_rebuilt(platform, result, context), broken)


def _settle(dates: tuple[date, date], platform: Platform, context: Context) -> str:
    done = leftovers.settle(platform, dates, reporting.log_steps(context))
    result = message("result.settle", count=done.objects, rows=done.rows, reports=done.reports)
    return _settled(platform, done, result, context)


def _delete(generations: Mapping[str, int], platform: Platform, context: Context) -> str:
    count, done = delete_strays(platform, generations, reporting.log_steps(context))
    result = message("result.delete", count=count, rows=done.rows, reports=done.reports)
    return _settled(platform, done, result, context)


def _settled(platform: Platform, done: Settled, result: Message, context: Context) -> str:
    """The result with what stays, after a rebuild where Bronze lost rows."""
    stay = message("result.settle_stay", count=done.stay) if done.stay else ""
    if not done.rows:
        return join_sentences(reporting.add_layers(result, ()), stay)
    return join_sentences(_rebuilt(platform, result, context), stay)


def _rebuilt(platform: Platform, result: Message, context: Context) -> Message:
    """The result, after a rebuild of the built layers; raises `CheckError` where a check failed."""
    built = pipeline.built_layers(platform)
    if built:
        reports = pipeline.rebuild(platform, built, reporting.log_steps(context))
        reporting.require_passed(reports, context)
    return reporting.add_layers(result, built)
