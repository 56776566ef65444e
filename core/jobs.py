"""The kinds of work that a person starts and that a run does in the background.

Each kind is a pair: a function that turns a valid request into a `NewRun` (its title, its
parameters as JSON, what it claims), and one that does it from those parameters alone, so that a
run of the history can be retried by its number.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from core import arrival, pipeline, runner
from core.catalog import Catalog, Window
from core.errors import CheckError, InputError
from core.object_store.local import output_store
from core.pipeline import Platform
from core.progress import Progress
from core.publish import Published, Request, check, publish
from core.reference import publish_reference
from core.runner import Context
from core.runs import NewRun, Run, RunHistory
from core.transform import LAYERS, LayerReport
from core.windows import parse_date

MAX_PAUSE_S = 60.0


def generation(request: Request, folder: str, *, overwrite: bool = False) -> NewRun:
    """Write a request's files to a local output folder."""
    return NewRun(
        "generate",
        f"Generate {_what(request)} into {folder}",
        {**_parameters(request), "folder": folder, "overwrite": overwrite},
        tuple(f"{folder}/{day} {hours}" for day, hours in _slices(request)),
    )


def upload(request: Request, *, overwrite: bool = False) -> NewRun:
    """Publish a request to the bucket, and take it to Bronze."""
    return NewRun(
        "upload",
        f"Upload {_what(request)}",
        {**_parameters(request), "overwrite": overwrite},
        tuple(f"{day} {hours}" for day, hours in _slices(request)),
    )


def verification(request: Request, wait_s: float) -> NewRun:
    """See whether an upload arrived, waiting that many seconds at most."""
    return NewRun(
        "verify",
        f"Verify upload of {_what(request)}",
        {**_parameters(request), "wait_s": arrival.check_wait(wait_s)},
        tuple(f"arrival of {day} {hours}" for day, hours in _slices(request)),
    )


def ingestion() -> NewRun:
    """Take everything to Bronze that is in the bucket and not there yet."""
    return NewRun("ingest", "Ingest what is pending", {}, ("the bucket's pending objects",))


def rebuild(layers: Sequence[str]) -> NewRun:
    """Build layers anew.

    Raises:
        InputError: A layer is unknown, or none is named.
    """
    chosen = [layer for layer in LAYERS if layer in layers]
    if not chosen or set(layers) - set(LAYERS):
        raise InputError(f"Layers are {list(layers)}: choose from {', '.join(LAYERS)}.")
    names = ", ".join(layer.capitalize() for layer in chosen)
    return NewRun("rebuild", f"Rebuild {names}", {"layers": chosen}, _layer_claims(chosen))


def simulation(request: Request, pause_s: float, *, overwrite: bool = False) -> NewRun:
    """Upload the windows of a date one after the other, then rebuild everything.

    Args:
        pause_s: Seconds between two windows.
        overwrite: Replace objects that exist with other bytes.

    Raises:
        InputError: More than one date, no window, or a pause outside 0 to `MAX_PAUSE_S`.
    """
    if len(request.dates) != 1 or not request.windows:
        raise InputError("A simulation plays the windows of one date: name one date.")
    if not 0 <= pause_s <= MAX_PAUSE_S:
        raise InputError(f"A pause of {pause_s:g} s is not possible: use 0 to {MAX_PAUSE_S:g}.")
    return NewRun(
        "simulate",
        f"Simulate {request.dates[0]}, {len(request.units)} units, seed {request.seed}",
        {**_parameters(request), "pause_s": pause_s, "overwrite": overwrite},
        (*(f"{day} {hours}" for day, hours in _slices(request)), *_layer_claims(LAYERS)),
    )


def start(platform: Platform, history: RunHistory, new: NewRun) -> Run:
    """Do a new run in the background.

    Raises:
        AlreadyRunningError: An active run works on the same.
    """
    work = functools.partial(_WORK[new.kind], platform, new.parameters)
    return runner.start(history, new, work)


def retry(platform: Platform, history: RunHistory, run_id: int, *, overwrite: bool = False) -> Run:
    """Do the work of an earlier run again, in a run of its own.

    Args:
        overwrite: Replace objects that exist with other bytes, this time.

    Raises:
        InputError: There is no such run, or it has not ended.
        AlreadyRunningError: An active run works on the same.
    """
    old = history.find(run_id)
    if old is None or old.active:
        raise InputError(f"Run {run_id} cannot be retried: name a run that has ended.")
    parameters = {**old.parameters, **({"overwrite": True} if overwrite else {})}
    new = NewRun(old.kind, old.title, parameters, old.claims, old.who)
    return start(platform, history, new)


def request_of(parameters: Mapping[str, Any], catalog: Catalog) -> Request:
    """The request in a run's parameters.

    Raises:
        InputError: A part of it is not possible.
    """
    tags = parameters["windows"]
    return Request(
        (parse_date(parameters["date"]),),
        tuple(window for window in catalog.windows if window.tag in tags),
        tuple(range(1, parameters["units"] + 1)),
        parameters["seed"],
    )


def _parameters(request: Request) -> dict[str, Any]:
    return {
        "date": request.dates[0].isoformat(),
        "windows": [window.tag for window in request.windows],
        "units": len(request.units),
        "seed": request.seed,
    }


def _slices(request: Request) -> list[tuple[date, str]]:
    return [(day, window.hours if window else "whole day") for day, window in request.slices]


def _what(request: Request) -> str:
    return (
        f"{request.dates[0]} {_hours(request.windows)}, {len(request.units)} units, "
        f"seed {request.seed}"
    )


def _hours(windows: Sequence[Window]) -> str:
    """The hours of windows, those that adjoin as one: `10:00-14:00, 18:00-20:00`."""
    spans: list[str] = []
    for window in windows:
        start, end = window.hours.split("-")
        if spans and spans[-1].endswith(f"-{start}"):
            start = spans.pop().split("-")[0]
        spans.append(f"{start}-{end}")
    return ", ".join(spans) or "whole day"


def _layer_claims(layers: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"the {layer} layer" for layer in layers)


def _generate(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    store = output_store(parameters["folder"])
    request = request_of(parameters, platform.catalog)
    done = publish(
        store, request, platform.catalog,
        overwrite=parameters["overwrite"], progress=_logged(context),
    )  # fmt: skip
    publish_reference(store, platform.catalog, len(request.units))
    return f"{_published(done)} in the folder {parameters['folder']}."


def _upload(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    done = pipeline.upload(
        platform, request_of(parameters, platform.catalog), context.now(),
        overwrite=parameters["overwrite"], progress=_logged(context),
    )  # fmt: skip
    published = f"{_published(done.published)} in the bucket"
    if done.left_to_events:
        return f"{published}; csv-processor takes them to Bronze."
    return f"{published}; {_loaded(done.ingested.rows_loaded, done.ingested.rows_rejected)}."


def _verify(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    asked, wait_s = request_of(parameters, platform.catalog), parameters["wait_s"]
    found = arrival.verify(platform, asked, context.now(), wait_s, context.pause, context.progress)
    for text in found.log_texts():
        context.log(text)
    if found.outcome is arrival.Outcome.ARRIVED:
        return arrival.sentence(found)
    raise CheckError(arrival.sentence(found))


def _ingest(platform: Platform, _: Mapping[str, Any], context: Context) -> str:
    done = pipeline.ingest_pending(platform, context.now(), progress=_logged(context))
    if not done.objects:
        return "Nothing was pending: Bronze has every object of the bucket."
    return f"{done.objects} objects ingested; {_loaded(done.rows_loaded, done.rows_rejected)}."


def _rebuild(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    reports = pipeline.rebuild(platform, parameters["layers"], _logged(context))
    return _judged(reports, context)


def _simulate(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    day = request_of(parameters, platform.catalog)
    overwrite = parameters.get("overwrite", False)  # runs of older versions do not have it
    steps, orders = len(day.windows) + 1, 0
    context.progress(0, steps, "comparing with what is there")
    # The whole day first, so that a conflict in its last window keeps the first from being written.
    check(platform.store, day, platform.catalog, overwrite=overwrite, force=False)
    for step, window in enumerate(day.windows):
        context.progress(step, steps, f"{window.hours} {window.name}")
        part = Request(day.dates, (window,), day.units, day.seed)
        # Gold is to show the whole day at the end, so nothing is left to events.
        done = pipeline.upload(
            platform, part, context.now(), overwrite=overwrite, wait_for_events=False
        )
        orders += done.published.orders
        context.log(f"{window.hours}: {done.published.orders} orders in Bronze")
        context.pause(parameters["pause_s"])
    context.progress(steps - 1, steps, "Silver, Gold and aggregations")
    _judged(pipeline.rebuild(platform), context)
    context.progress(steps, steps, "done")
    return (
        f"The day {day.dates[0]} is in Gold: {orders} orders of {len(day.units)} units "
        f"in {len(day.windows)} windows."
    )


_WORK: Mapping[str, Callable[[Platform, Mapping[str, Any], Context], str]] = {
    "generate": _generate,
    "upload": _upload,
    "verify": _verify,
    "ingest": _ingest,
    "rebuild": _rebuild,
    "simulate": _simulate,
}


def _judged(reports: Sequence[LayerReport], context: Context) -> str:
    """One sentence on a rebuild, whose reports stay with the run.

    Raises:
        CheckError: A check failed; its layer stayed as it was.
    """
    context.details["layers"] = [asdict(report) for report in reports]
    last = reports[-1]
    if not last.published:
        failed = [check for check in last.checks if not check.passed]
        raise CheckError(
            f"{last.layer.capitalize()} stayed as it was, since {len(failed)} of its "
            f"{len(last.checks)} checks failed: {failed[0].sentence} "
            f"({failed[0].failing_rows} rows do not); docs/bronze.md has the way out."
        )
    tables = sum(len(report.tables) for report in reports)
    checks = sum(len(report.checks) for report in reports)
    names = ", ".join(report.layer.capitalize() for report in reports)
    return f"{names} rebuilt: {tables} tables, all {checks} checks passed."


def _logged(context: Context) -> Progress:
    """Progress that also keeps each step's first mention in the log."""
    seen: set[str] = set()

    def tell(done: int, total: int, doing: str) -> None:
        if doing not in seen:
            seen.add(doing)
            context.log(doing)
        context.progress(done, total, doing)

    return tell


def _published(done: Published) -> str:
    files = done.created + done.replaced
    same = f", {done.same} there already" if done.same else ""
    return f"{done.orders} orders and {done.items} items: {files} files written{same}"


def _loaded(rows: int, rejected: int) -> str:
    text = f"{rows} rows loaded into Bronze"
    return f"{text}, {rejected} rejected into quarantine" if rejected else text
