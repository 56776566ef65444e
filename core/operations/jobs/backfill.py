"""The job that fills a range of dates, window by window; one that fails does not stop the rest."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from core import pipeline
from core.bronze.reference_data import publish_reference
from core.errors import CheckError, ConflictError, InputError, PlatformError, TransientError
from core.generation.catalog import Catalog
from core.generation.windows import WindowOfDay, parse_date
from core.messages import join_sentences, message
from core.operations import bulk, repair
from core.operations.backfill_plan import BackfillPlan, Reason
from core.operations.jobs.parameters import describe_dates, units_json, units_of, windows_of
from core.operations.jobs.submit import Action, Job
from core.operations.runs.runner import Context
from core.operations.workers import Workers
from core.platform import Platform
from core.reconcile.compare import FAULTS, ObjectVerdict, verdict_text
from core.settings import Settings
from core.storage.object_names import REFERENCE_PREFIX, day_prefix
from core.storage.publish import EVENT_CELLS, Request, publish


@dataclass(frozen=True, slots=True)
class Target:
    """A window to fill, for units in ascending order.

    The objects or rows of a `faulty` one were not as expected: they are compared again after
    writing, and loaded again where writing alone did not help.
    """

    of: WindowOfDay
    units: tuple[int, ...]
    faulty: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """How each window is filled.

    Attributes:
        seed: None takes that of each window's manifest.
        overwrite: Replace objects that exist with other bytes; otherwise such a window fails.
        cells: How many units' windows the whole run fills.
    """

    seed: int | None
    overwrite: bool
    cells: int


_Filled: TypeAlias = tuple[Target, int, PlatformError | None]  # with its orders, or what failed


def backfill(plan: BackfillPlan, *, overwrite: bool = False, processes: int = 1) -> Job:
    """Generate the chosen windows of a plan, publish them and load them into Bronze.

    Args:
        overwrite: Replace objects that exist with other bytes; otherwise such a window fails.
        processes: Processes that publish windows, while this one loads them into Bronze.

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
    targets = [
        Target(WindowOfDay(step.day, step.window), tuple(step.units), step.reason is Reason.FAULTY)
        for step in steps
    ]
    choices = Choices(asked.seed, overwrite, sum(len(step.units) for step in steps))
    dates = describe_dates(steps[0].day, steps[-1].day)
    return Job(
        "backfill",
        message("title.backfill", count=len(steps), dates=dates, units=units, seed=seed),
        {
            "dates": [day.isoformat() for day in asked.dates],
            "windows": [window.tag for window in asked.windows],
            "units": asked.units,
            "seed": asked.seed,
            "mode": asked.mode.value,
            "steps": [
                [each.of.day.isoformat(), each.of.tag, each.faulty, units_json(each.units)]
                for each in targets
            ],
            "cells": choices.cells,
            "overwrite": overwrite,
        },
        tuple(str(each.of) for each in targets),
        action=functools.partial(_backfill, targets, choices, processes),
    )


def read_backfill(stored: Mapping[str, Any], catalog: Catalog) -> Action:
    """The action in a run's parameters.

    Raises:
        InputError: The catalog lacks a window.
    """
    return functools.partial(_backfill, *read_targets(stored, catalog), 1)


def read_targets(stored: Mapping[str, Any], catalog: Catalog) -> tuple[list[Target], Choices]:
    """The windows in a run's parameters, and how they are filled.

    Runs of older versions have no `cells`, and one number of units for all windows.

    Raises:
        InputError: The catalog lacks a window.
    """
    steps, usual = stored["steps"], stored["units"]
    by_tag = windows_of([step[1] for step in steps], catalog)
    targets = [
        Target(WindowOfDay(parse_date(day), by_tag[tag]), units_of(*units or [usual]), faulty)
        for day, tag, faulty, *units in steps
    ]
    cells = stored.get("cells") or len(steps) * usual
    return targets, Choices(stored["seed"], stored["overwrite"], cells)


def _backfill(
    targets: Sequence[Target],
    choices: Choices,
    processes: int,
    platform: Platform,
    context: Context,
) -> str:
    """Fill each window, and go on when one fails; an error at the end covers all that failed."""
    if processes == 1:
        return _report(_fill_one_by_one(platform, choices, context, targets), targets, context)
    with Workers(processes, context.check) as workers:
        filled = _fill_together(platform, choices, context, workers, targets)
        return _report(filled, targets, context)


def _report(filled: Iterable[_Filled], targets: Sequence[Target], context: Context) -> str:
    """Log each window as it is filled; what was done, or the failure of all that failed."""
    reports: list[dict[str, Any]] = []
    errors: list[PlatformError] = []
    context.details["windows"] = reports
    for target, orders, error in filled:
        name = str(target.of)
        if error:
            errors.append(error)
        context.log(f"{name} FAILED: {error}" if error else f"{name}: {orders} orders in Bronze")
        reports.append({"claim": name, "orders": orders, "error": error.sentence if error else ""})
    context.progress(len(targets), len(targets), message("step.done"))
    if errors:
        raise _make_error(errors, reports)
    most = max(len(target.units) for target in targets)
    orders = sum(each["orders"] for each in reports)
    return message("result.backfill", count=len(targets), orders=orders, units=most)


def _fill_one_by_one(
    platform: Platform, choices: Choices, context: Context, targets: Sequence[Target]
) -> Iterator[_Filled]:
    for number, target in enumerate(targets):
        context.step(number, len(targets), str(target.of))
        try:
            orders = _fill(platform, choices, target, context)
        except PlatformError as error:
            yield target, 0, error
        else:
            yield target, orders, None


def _fill_together(
    platform: Platform,
    choices: Choices,
    context: Context,
    workers: Workers,
    targets: Sequence[Target],
) -> Iterator[_Filled]:
    """Windows that worker processes publish, and this one loads into Bronze as they are written."""
    publish_reference(
        platform.store, platform.catalog, max(max(target.units) for target in targets)
    )
    work = functools.partial(_publish, platform.settings, choices)
    context.step(0, len(targets), message("step.publishing"))
    for number, outcome in enumerate(workers.map(work, targets)):
        target = outcome.task
        context.step(number, len(targets), str(target.of))
        try:
            orders = outcome.value()
            prefixes = [REFERENCE_PREFIX, day_prefix(target.of.day)]
            bulk.load_pending(platform, prefixes, workers, context.now())
            if target.faulty:
                _load_again(platform, target, context)
        except PlatformError as error:
            yield target, 0, error
        else:
            yield target, orders, None


def _publish(settings: Settings, choices: Choices, target: Target) -> int:
    """Publish one window, in a worker process; its number of orders."""
    platform = Platform.of(settings)
    return sum(
        publish(platform.store, request, platform.catalog, overwrite=choices.overwrite).orders
        for request in requests_of(platform, choices, target)
    )


def _fill(platform: Platform, choices: Choices, target: Target, context: Context) -> int:
    """Publish and load one window, and check it if it was faulty; its number of orders."""
    orders = 0
    for request in requests_of(platform, choices, target):
        done = pipeline.upload(
            platform, request, context.now(),
            overwrite=choices.overwrite, wait_for_events=False,
        )  # fmt: skip
        orders += done.published.orders
    if target.faulty:
        _load_again(platform, target, context)
    return orders


def requests_of(platform: Platform, choices: Choices, target: Target) -> list[Request]:
    """The requests that make a window: one, or one for each seed of its manifest."""
    if choices.seed is None:
        found = repair.plan_requests(platform, target.of, target.units)
    else:
        found = [Request((target.of.day,), target.of.windows, target.units, choices.seed)]
    # All windows together may be too many to be loaded object by object.
    part = choices.cells > EVENT_CELLS
    return [replace(request, part=part) for request in found]


def _load_again(platform: Platform, target: Target, context: Context) -> None:
    """Load again the objects whose rows in Bronze are still not as expected."""
    wrong = _find_faults(platform, target, context)
    if not wrong:
        return
    repair.load_again(platform, [line.name for line in wrong], context.now())
    wrong = _find_faults(platform, target, context)
    if wrong:
        first = wrong[0]
        raise CheckError(
            message(
                "end.still_wrong", count=len(wrong), name=first.name,
                verdict=verdict_text(first.verdict), detail=first.detail,
            )
        )  # fmt: skip


def _find_faults(platform: Platform, target: Target, context: Context) -> list[ObjectVerdict]:
    dates, units = (target.of.day, target.of.day), frozenset(target.units)
    return [
        line
        for line in pipeline.compare(platform, dates, context.now(), max(units)).lines
        if line.window_tag == target.of.tag and line.unit_id in units
        and line.verdict in FAULTS
    ]  # fmt: skip


def _make_error(errors: list[PlatformError], reports: list[dict[str, Any]]) -> PlatformError:
    kind: type[PlatformError] = CheckError
    if all(type(error) is ConflictError for error in errors):
        kind = ConflictError
    elif all(isinstance(error, TransientError) for error in errors):
        kind = TransientError
    first = next(each for each in reports if each["error"])
    failed = message(
        "end.windows_failed", failed=len(errors), count=len(reports), window=first["claim"],
        error=first["error"],
    )  # fmt: skip
    others = message("end.others_done") if len(errors) < len(reports) else ""
    return kind(join_sentences(failed, others))
