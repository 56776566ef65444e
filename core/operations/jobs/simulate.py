"""The job that plays a business day: its windows one after the other, then all layers."""

import functools
from collections.abc import Collection, Mapping
from typing import Any

from core import pipeline
from core.errors import InputError
from core.generation.catalog import Catalog
from core.messages import message
from core.operations.jobs import reporting
from core.operations.jobs.ingest import layer_claims
from core.operations.jobs.parameters import claims_of, parameters_of, request_of
from core.operations.jobs.submit import Action, Job
from core.operations.runs.runner import Context
from core.platform import Platform
from core.storage.object_names import SALES_FILES, cell_prefix
from core.storage.publish import Request, check
from core.transform.rebuild import LAYERS

MAX_PAUSE_S = 60.0


def simulation(request: Request, pause_s: float, *, overwrite: bool = False) -> Job:
    """Upload the windows of a date with pauses of `pause_s` seconds, then rebuild everything.

    Raises:
        InputError: More than one date, no window, or a pause outside 0 to `MAX_PAUSE_S`.
    """
    if len(request.dates) != 1 or not request.windows:
        raise InputError(message("request.simulate_one_date"))
    if not 0 <= pause_s <= MAX_PAUSE_S:
        raise InputError(message("request.pause", pause_s=pause_s, most=MAX_PAUSE_S))
    return Job(
        "simulate",
        message(
            "title.simulate", day=request.dates[0], count=len(request.units), seed=request.seed
        ),
        {**parameters_of(request), "pause_s": pause_s, "overwrite": overwrite},
        (*claims_of(request), *layer_claims(LAYERS)),
        action=functools.partial(_simulate, request, pause_s, overwrite),
    )


def read_simulation(stored: Mapping[str, Any], catalog: Catalog) -> Action:
    """The action in a run's parameters; those of older versions do not have `overwrite`."""
    request, overwrite = request_of(stored, catalog), stored.get("overwrite", False)
    return functools.partial(_simulate, request, stored["pause_s"], overwrite)


def _simulate(
    day: Request,
    pause_s: float,
    overwrite: bool,  # noqa: FBT001 - bound by `simulation`
    platform: Platform,
    context: Context,
) -> str:
    steps, orders, context.details["created"] = len(day.windows) + 1, 0, 0
    context.progress(0, steps, message("step.comparing"))
    # The whole day first, so that a conflict in its last window keeps the first from being written.
    before = check(platform.store, day, platform.catalog, overwrite=overwrite, force=False).same
    context.details["made"] = {}
    for step, window in enumerate(day.windows):
        context.step(step, steps, f"{window.hours} {window.name}")
        part = Request(day.dates, (window,), day.units, day.seed)
        # Gold is to show the whole day at the end, so nothing is left to events.
        done = pipeline.upload(
            platform, part, context.now(), overwrite=overwrite, wait_for_events=False
        )
        orders += done.published.orders
        written = done.published.created + done.published.replaced
        context.details["created"] += written
        context.details["made"][window.tag] = _made(part, before, written)
        context.log(f"{window.hours}: {done.published.orders} orders in Bronze")
        context.pause(pause_s)
    context.progress(steps - 1, steps, message("step.layers"))
    reporting.require_passed(pipeline.rebuild(platform), context)
    context.progress(steps, steps, message("step.done"))
    return message(
        "result.simulate", day=day.dates[0], orders=orders, units=len(day.units),
        windows=len(day.windows),
    )  # fmt: skip


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
