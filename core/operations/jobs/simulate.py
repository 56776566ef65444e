"""The job that plays a business day: its windows one after the other, then all layers."""

import functools
from collections.abc import Collection, Mapping
from typing import Any

from core import pipeline
from core.errors import InputError
from core.generation.catalog import Catalog
from core.generation.windows import window_end
from core.messages import message
from core.operations import scenarios
from core.operations.jobs import reporting
from core.operations.jobs.ingest import layer_claims
from core.operations.jobs.parameters import claims_of, parameters_of, request_of
from core.operations.jobs.scenarios import describe_released, record_of, scenario_parameters
from core.operations.jobs.submit import Action, Job
from core.operations.runs.runner import Context
from core.operations.scenarios import Record
from core.platform import Platform
from core.scenarios.scenario import Scenario
from core.storage.object_names import SALES_FILES, cell_prefix
from core.storage.publish import Published, Request, check
from core.transform.rebuild import LAYERS

MAX_PAUSE_S = 60.0


def simulation(
    request: Request, pause_s: float, *, overwrite: bool = False, scenario: Scenario | None = None
) -> Job:
    """Upload the windows of a date with pauses of `pause_s` seconds, then rebuild everything.

    Under a scenario, what it holds comes between the windows, as the simulated time passes.

    Raises:
        InputError: More than one date, no window, or a pause outside 0 to `MAX_PAUSE_S`.
    """
    if len(request.dates) != 1 or not request.windows:
        raise InputError(message("request.simulate_one_date"))
    if not 0 <= pause_s <= MAX_PAUSE_S:
        raise InputError(message("request.pause", pause_s=pause_s, most=MAX_PAUSE_S))
    record = Record(scenario, request) if scenario else None
    title = message(
        "title.simulate", day=request.dates[0], count=len(request.units), seed=request.seed
    )
    if scenario:
        title = message("title.simulate_scenario", simulate=title, scenario=scenario.name)
    return Job(
        "simulate",
        title,
        {
            **parameters_of(request),
            **(scenario_parameters(record) if record else {}),
            "pause_s": pause_s,
            "overwrite": overwrite,
        },
        (*claims_of(request), *layer_claims(LAYERS)),
        action=functools.partial(_simulate, request, pause_s, overwrite, record),
    )


def read_simulation(stored: Mapping[str, Any], catalog: Catalog) -> Action:
    """The action in a run's parameters; those of older versions do not have `overwrite`."""
    request, overwrite = request_of(stored, catalog), stored.get("overwrite", False)
    record = record_of(stored, catalog) if "scenario" in stored else None
    return functools.partial(_simulate, request, stored["pause_s"], overwrite, record)


def _simulate(
    day: Request,
    pause_s: float,
    overwrite: bool,  # noqa: FBT001 - bound by `simulation`
    record: Record | None,
    platform: Platform,
    context: Context,
) -> str:
    steps, orders, context.details["created"] = len(day.windows) + 1, 0, 0
    context.progress(0, steps, message("step.comparing"))
    # The whole day first, so that a conflict in its last window keeps the first from being written.
    before = _check(platform, day, record, overwrite=overwrite)
    context.details["made"] = {}
    if record:
        context.details["record"] = record.name
    for step, window in enumerate(day.windows):
        context.step(step, steps, f"{window.hours} {window.name}")
        part = Request(day.dates, (window,), day.units, day.seed)
        done = _upload(platform, part, record, context, overwrite=overwrite)
        orders += done.orders
        written = done.created + done.replaced
        context.details["created"] += written
        if record is None:
            context.details["made"][window.tag] = _made(part, before, written)
        context.log(f"{window.hours}: {done.orders} orders in Bronze")
        context.pause(pause_s)
    context.progress(steps - 1, steps, message("step.layers"))
    reporting.require_passed(pipeline.rebuild(platform), context)
    context.progress(steps, steps, message("step.done"))
    return message(
        "result.simulate", day=day.dates[0], orders=orders, units=len(day.units),
        windows=len(day.windows),
    )  # fmt: skip


def _check(
    platform: Platform, day: Request, record: Record | None, *, overwrite: bool
) -> Collection[str]:
    """Compare the whole day with what exists; the objects that have its bytes."""
    if record:
        return scenarios.check_scenario(platform, record, overwrite=overwrite).same
    return check(platform.store, day, platform.catalog, overwrite=overwrite, force=False).same


def _upload(
    platform: Platform, part: Request, record: Record | None, context: Context, *, overwrite: bool
) -> Published:
    """Publish and load a window; then what a scenario holds comes, if its moment has come."""
    now = context.now()
    # Gold is to show the whole day at the end, so nothing is left to events.
    if record is None:
        done = pipeline.upload(platform, part, now, overwrite=overwrite, wait_for_events=False)
        return done.published
    done = scenarios.apply(
        platform, record, now, part=part, overwrite=overwrite, wait_for_events=False
    ).uploaded
    (day,), (window,) = part.dates, part.windows
    come = scenarios.release(
        platform, now, moment=window_end(day, window), record=record, wait_for_events=False
    )
    if come.objects:
        context.log(describe_released(come))
    return done.published


def _made(part: Request, before: Collection[str], written: int) -> list[int]:
    """Units of a window of which this run wrote both files.

    `before` names the objects that had their bytes before the run. Where fewer were written than
    were missing, others wrote, too: it is not known which.
    """
    (at,) = part.slices
    folders = {unit: cell_prefix(at.day, unit, at.tag) for unit in part.units}
    missing = {
        unit: [folder + file not in before for file in SALES_FILES.values()]
        for unit, folder in folders.items()
    }
    if written != sum(map(sum, missing.values())):
        return []
    return [unit for unit, files in missing.items() if all(files)]
