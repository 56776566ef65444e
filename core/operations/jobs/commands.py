"""The command lines that do what a run did, ready to copy."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from core.errors import InputError
from core.generation.catalog import Catalog
from core.generation.orders import DEFAULT_SEED
from core.operations.jobs.parameters import dates_of, request_of, windows_of
from core.operations.runs import NewRun, Run
from core.storage.publish import DAY_ORDERS, Request
from core.storage.shards import Format

_PYTHON = "python scripts/"
_MOST_COMMANDS = 50  # of windows, one each; more of them are one command


def commands(run: Run | NewRun, catalog: Catalog) -> list[str]:
    """The command lines that do the same, in order; none for work that has no command line now.

    Values are as POSIX shells and PowerShell both read them, folders with a space aside.
    """
    make = _COMMANDS.get(run.kind)
    try:
        return make(run.parameters, catalog) if make else []
    except InputError:
        return []  # its window is not in the catalog any more


def _generate(parameters: Mapping[str, Any], catalog: Catalog) -> list[str]:
    return _generated(parameters, catalog, f" --output-dir {parameters['folder']}")


def _upload(parameters: Mapping[str, Any], catalog: Catalog) -> list[str]:
    return _generated(parameters, catalog, " --upload")


def _simulate(parameters: Mapping[str, Any], catalog: Catalog) -> list[str]:
    layers = _rebuild({"layers": ["silver", "gold", "aggregations"]}, catalog)
    return [*_upload(parameters, catalog), *layers]


def _generated(parameters: Mapping[str, Any], catalog: Catalog, place: str) -> list[str]:
    request = request_of(parameters, catalog)
    if request.units != tuple(range(1, len(request.units) + 1)):
        return []  # the command lines take the first units alone
    if "task" in parameters:
        return [_task(request, parameters, catalog)]
    more = "".join(f" --{flag}" for flag in ("overwrite", "force") if parameters.get(flag))
    parquet = " --format parquet" if parameters.get("format") == Format.PARQUET else ""
    if not request.windows or parquet or len(request.slices) > _MOST_COMMANDS:
        return _bulk(request, f"{parquet}{place}{more}", catalog)
    return [
        f"{_PYTHON}generate_incremental_sales.py --window-start {window.start_hour:02d}:00 "
        f"--window-end {window.end_hour:02d}:00 --date {day}{_what(request)}{place}{more}"
        for day in request.dates
        for window in request.windows
    ]


def _task(request: Request, parameters: Mapping[str, Any], catalog: Catalog) -> str:
    """The command of one task of a Cloud Run Job."""
    (command,) = _bulk(request, "", catalog)
    command = command.replace("generate_fake_sales", "generate_shards")
    for old, new in (("--start-date", "--from"), ("--end-date", "--to")):
        command = command.replace(old, new)
    index, count = parameters["task"]
    flags = [flag for flag in ("overwrite", "force", "load") if parameters.get(flag)]
    more = "".join(f" --{flag}" for flag in flags)
    written = f" --format {parameters['format']}" if "format" in parameters else ""
    return f"{command}{written} --task-index {index} --task-count {count}{more}"


def _bulk(request: Request, more: str, catalog: Catalog) -> list[str]:
    """A command for each range of dates without gaps."""
    spans: list[list[date]] = []
    for day in sorted(request.dates):
        if spans and spans[-1][1] + timedelta(days=1) == day:
            spans[-1][1] = day
        else:
            spans.append([day, day])
    fewest, most = request.day_orders
    orders = f" --min-orders {fewest} --max-orders {most}"
    usual = "" if request.day_orders == DAY_ORDERS else orders
    if request.windows:
        every = request.windows == catalog.windows
        hours = " ".join(window.hours for window in request.windows)
        usual = " --windows" if every else f" --windows {hours}"
    return [
        f"{_PYTHON}generate_fake_sales.py --start-date {first} --end-date {last}"
        f"{_what(request)}{usual}{more}"
        for first, last in spans
    ]


def _what(request: Request) -> str:
    seed = "" if request.seed == DEFAULT_SEED else f" --seed {request.seed}"
    return f" --units {len(request.units)}{seed}"


def _ingest(_: Mapping[str, Any], __: Catalog) -> list[str]:
    return [f"{_PYTHON}ingest_pending.py"]


def _rebuild(parameters: Mapping[str, Any], _: Catalog) -> list[str]:
    names = {"silver": "silver_layer", "gold": "gold_layer", "aggregations": "aggregations"}
    full = " --full" if parameters.get("full") else ""
    return [f"{_PYTHON}build_{names[layer]}.py{full}" for layer in parameters["layers"]]


def _verify(parameters: Mapping[str, Any], catalog: Catalog) -> list[str]:
    request = request_of(parameters, catalog)
    return [
        f"{_PYTHON}verify_upload.py --window-start {window.start_hour:02d}:00 "
        f"--window-end {window.end_hour:02d}:00 --date {day} --units {len(request.units)}"
        for day in request.dates
        for window in request.windows
    ]


def _backfill(parameters: Mapping[str, Any], catalog: Catalog) -> list[str]:
    first, last = dates_of(parameters)
    chosen = windows_of(parameters["windows"], catalog).values()
    hours = " ".join(window.hours for window in chosen)
    windows = "" if len(chosen) == len(catalog.windows) else f" --windows {hours}"
    seed = "" if parameters["seed"] is None else f" --seed {parameters['seed']}"
    overwrite = " --overwrite" if parameters["overwrite"] else ""
    units = "" if parameters["units"] is None else f" --units {parameters['units']}"
    what = f"{windows}{units}{seed}{overwrite}"
    return [f"{_PYTHON}backfill.py --from {first} --to {last} --mode {parameters['mode']}{what}"]


def _refresh(parameters: Mapping[str, Any], _: Catalog) -> list[str]:
    units = f" --units {parameters['units']}" if parameters["units"] else ""
    full = " --full" if parameters["full"] else ""
    gaps = f" --gaps {parameters['gaps']}"
    return [f"{_PYTHON}refresh_day.py --date {parameters['date']}{units}{gaps}{full}"]


def _settle(parameters: Mapping[str, Any], _: Catalog) -> list[str]:
    first, last = dates_of(parameters)
    return [f"{_PYTHON}settle_deleted.py --from {first} --to {last} --apply"]


_COMMANDS: Mapping[str, Callable[[Mapping[str, Any], Catalog], list[str]]] = {
    "generate": _generate,
    "upload": _upload,
    "simulate": _simulate,
    "ingest": _ingest,
    "rebuild": _rebuild,
    "verify": _verify,
    "backfill": _backfill,
    "refresh": _refresh,
    "settle": _settle,
}
