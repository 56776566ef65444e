"""Runs that fill a range of dates, window by window; one that fails does not stop the rest."""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from core import pipeline
from core.bronze.reference_data import publish_reference
from core.errors import CheckError, ConflictError, InputError, PlatformError, TransientError
from core.generation.catalog import Catalog, Window
from core.generation.windows import parse_date
from core.messages import join_sentences, message
from core.operations import bulk, repair
from core.operations.backfill_plan import BackfillPlan, Reason, claim
from core.operations.jobs.parameters import span, windows_of
from core.operations.runs import NewRun
from core.operations.runs.runner import Context
from core.operations.workers import Workers
from core.platform import Platform
from core.reconcile.compare import FAULTS, ObjectVerdict, verdict_text
from core.settings import Settings
from core.storage.object_names import REFERENCE_PREFIX, day_prefix
from core.storage.publish import EVENT_CELLS, Request, publish


@dataclass(frozen=True, slots=True)
class Target:
    """A window to be filled.

    Attributes:
        units: Those that it is filled for, ascending.
        faulty: Whether its objects, or their rows, were not as expected: then it is looked at
            again afterwards, and loaded once more where writing alone did not help.
    """

    day: date
    window: Window
    units: tuple[int, ...]
    faulty: bool


_Filled: TypeAlias = tuple[Target, int, PlatformError | None]  # with its orders, or what failed


def backfill(plan: BackfillPlan, *, overwrite: bool = False) -> NewRun:
    """Generate the chosen windows of a plan, publish them and take them to Bronze.

    Args:
        overwrite: Replace objects that exist with other bytes; otherwise such a window fails.

    Raises:
        InputError: The plan chooses no window.
    """
    steps, asked = plan.chosen, plan.asked
    if not steps:
        raise InputError(
            message("request.nothing_to_fill", first=asked.dates[0], last=asked.dates[1])
        )
    seed = message("words.seeds_published")
    if asked.seed is not None:
        seed = message("words.seed", seed=asked.seed)
    units = message("words.units_published")
    if asked.units is not None:
        units = message("words.units", count=asked.units)
    parameters = {
        "dates": [day.isoformat() for day in asked.dates],
        "windows": [window.tag for window in asked.windows],
        "units": asked.units,
        "seed": asked.seed,
        "mode": asked.mode.value,
        "steps": [
            [
                step.day.isoformat(),
                step.window.tag,
                step.reason is Reason.FAULTY,
                _units_json(step.units),
            ]
            for step in steps
        ],
        "cells": sum(len(step.units) for step in steps),
        "overwrite": overwrite,
    }
    return NewRun(
        "backfill",
        message(
            "title.backfill",
            count=len(steps),
            dates=span(steps[0].day, steps[-1].day),
            units=units,
            seed=seed,
        ),
        parameters,
        tuple(claim(step.day, step.window) for step in steps),
    )


def do_backfill(
    platform: Platform,
    parameters: Mapping[str, Any],
    context: Context,
    workers: Workers | None = None,
) -> str:
    """Fill each window, and go on when one fails.

    Args:
        workers: Processes that publish windows, while this one takes them to Bronze; without them
            it does one window after the other.

    Raises:
        ConflictError: Windows failed, all of them because other data stands there.
        TransientError: Windows failed, all of them by something that passes.
        CheckError: Windows failed.
    """
    targets = targets_of(parameters, platform.catalog)
    told: list[dict[str, Any]] = []
    errors: list[PlatformError] = []
    context.details["windows"] = told
    fill = _filled_by(platform, parameters, context, workers)
    for target, orders, error in fill(targets):
        name = claim(target.day, target.window)
        if error:
            errors.append(error)
        context.log(f"{name} FAILED: {error}" if error else f"{name}: {orders} orders in Bronze")
        told.append({"claim": name, "orders": orders, "error": error.sentence if error else ""})
    context.progress(len(targets), len(targets), message("step.done"))
    if errors:
        raise _failure(errors, told)
    most = max(len(target.units) for target in targets)
    orders = sum(each["orders"] for each in told)
    return message("result.backfill", count=len(targets), orders=orders, units=most)


def targets_of(parameters: Mapping[str, Any], catalog: Catalog) -> list[Target]:
    """The windows in a run's parameters.

    Raises:
        InputError: The catalog does not have one (any more).
    """
    by_tag = windows_of([step[1] for step in parameters["steps"]], catalog)
    usual = parameters["units"]  # runs of older versions have one number for all windows
    return [
        Target(parse_date(day), by_tag[tag], _units_of(*units or [usual]), faulty)
        for day, tag, faulty, *units in parameters["steps"]
    ]


def parts_of(platform: Platform, parameters: Mapping[str, Any]) -> Iterator[Request]:
    """The requests of a backfill in a run's parameters, window by window."""
    for target in targets_of(parameters, platform.catalog):
        yield from _requests(platform, parameters, target)


def _filled_by(
    platform: Platform, parameters: Mapping[str, Any], context: Context, workers: Workers | None
) -> Callable[[Sequence[Target]], Iterator[_Filled]]:
    """The way in which windows are filled."""
    if workers is None or workers.count == 1:
        return functools.partial(_one_by_one, platform, parameters, context)
    return functools.partial(_together, platform, parameters, context, workers)


def _one_by_one(
    platform: Platform,
    parameters: Mapping[str, Any],
    context: Context,
    targets: Sequence[Target],
) -> Iterator[_Filled]:
    for number, target in enumerate(targets):
        context.step(number, len(targets), claim(target.day, target.window))
        try:
            orders = _fill(platform, parameters, target, context)
        except PlatformError as error:
            yield target, 0, error
        else:
            yield target, orders, None


def _together(
    platform: Platform,
    parameters: Mapping[str, Any],
    context: Context,
    workers: Workers,
    targets: Sequence[Target],
) -> Iterator[_Filled]:
    """Windows published by several processes, each taken to Bronze here when it is written."""
    publish_reference(
        platform.store, platform.catalog, max(max(target.units) for target in targets)
    )
    common = {**parameters, "steps": (), "cells": _cells(parameters)}  # each is sent on its own
    work = functools.partial(_publish, platform.settings, common)
    context.step(0, len(targets), message("step.publishing"))
    for number, outcome in enumerate(workers.map(work, targets)):
        target = outcome.task
        context.step(number, len(targets), claim(target.day, target.window))
        try:
            orders = outcome.value()
            prefixes = [REFERENCE_PREFIX, day_prefix(target.day)]
            bulk.load(platform, prefixes, workers, context.now())
            if target.faulty:
                _mend(platform, target, context)
        except PlatformError as error:
            yield target, 0, error
        else:
            yield target, orders, None


def _publish(settings: Settings, parameters: Mapping[str, Any], target: Target) -> int:
    """Publish one window, in a process of its own; the orders that it has."""
    platform = Platform.of(settings)
    return sum(
        publish(platform.store, request, platform.catalog, overwrite=parameters["overwrite"]).orders
        for request in _requests(platform, parameters, target)
    )


def _fill(
    platform: Platform, parameters: Mapping[str, Any], target: Target, context: Context
) -> int:
    """Publish and load one window; the orders that it has.

    Raises:
        CheckError: It is not as expected even now.
    """
    orders = 0
    for request in _requests(platform, parameters, target):
        done = pipeline.upload(
            platform, request, context.now(),
            overwrite=parameters["overwrite"], wait_for_events=False,
        )  # fmt: skip
        orders += done.published.orders
    if target.faulty:
        _mend(platform, target, context)
    return orders


def _requests(platform: Platform, parameters: Mapping[str, Any], target: Target) -> list[Request]:
    """What makes a window: a request, or one for each seed that its manifest has."""
    seed = parameters["seed"]
    if seed is None:
        found = repair.requests(platform, target.day, target.window, target.units)
    else:
        found = [Request((target.day,), (target.window,), target.units, seed)]
    # As a whole it may be too much to be loaded object by object.
    part = _cells(parameters) > EVENT_CELLS
    return [replace(request, part=part) for request in found]


def _cells(parameters: Mapping[str, Any]) -> int:
    """How many units' windows the whole run fills."""
    cells: int = parameters.get("cells") or len(parameters["steps"]) * parameters["units"]
    return cells


def _mend(platform: Platform, target: Target, context: Context) -> None:
    """Load once more what Bronze still has otherwise than expected."""
    wrong = _wrong(platform, target, context)
    if not wrong:
        return
    repair.load_again(platform, [line.name for line in wrong], context.now())
    wrong = _wrong(platform, target, context)
    if wrong:
        first = wrong[0]
        raise CheckError(
            message(
                "end.still_wrong", count=len(wrong), name=first.name,
                verdict=verdict_text(first.verdict), detail=first.detail,
            )
        )  # fmt: skip


def _wrong(platform: Platform, target: Target, context: Context) -> list[ObjectVerdict]:
    dates, units = (target.day, target.day), frozenset(target.units)
    return [
        line
        for line in pipeline.compare(platform, dates, context.now(), max(units))
        if line.window_tag == target.window.tag and line.unit_id in units
        and line.verdict in FAULTS
    ]  # fmt: skip


def _units_json(units: Sequence[int]) -> int | list[int]:
    """Units as a run's parameter: their number where they are the first ones."""
    return len(units) if units[-1] == len(units) else list(units)


def _units_of(kept: int | list[int]) -> tuple[int, ...]:
    return tuple(range(1, kept + 1) if isinstance(kept, int) else kept)


def _failure(errors: list[PlatformError], told: list[dict[str, Any]]) -> PlatformError:
    kind: type[PlatformError] = CheckError
    if all(type(error) is ConflictError for error in errors):
        kind = ConflictError
    elif all(isinstance(error, TransientError) for error in errors):
        kind = TransientError
    first = next(each for each in told if each["error"])
    failed = message(
        "end.windows_failed", failed=len(errors), count=len(told), window=first["claim"],
        error=first["error"],
    )  # fmt: skip
    others = message("end.others_done") if len(errors) < len(told) else ""
    return kind(join_sentences(failed, others))
