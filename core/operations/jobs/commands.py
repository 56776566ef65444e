"""The command lines that do the work of a run, ready to copy."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from core.errors import InputError
from core.generation.catalog import Catalog, Window
from core.generation.orders import DEFAULT_SEED
from core.operations.jobs.parameters import UNREADABLE, dates_of, request_of, windows_of
from core.operations.runs import NewRun, Run
from core.storage.publish import DAY_ORDERS, Request
from core.storage.shards import Format

_PYTHON = "python scripts/"
_MOST_COMMANDS = 50  # of windows, one each; more of them are one command


def list_commands(run: Run | NewRun, catalog: Catalog) -> list[str]:
    """The command lines that do the same, in order; none for work without a command line.

    POSIX shells and PowerShell both read the values, except a folder with a space.
    """
    make = _COMMANDS.get(run.kind)
    try:
        return make(run.parameters, catalog) if make else []
    except (InputError, *UNREADABLE):
        return []  # another version stored it, or the catalog lacks its window


def _generate(parameters: Mapping[str, Any], catalog: Catalog) -> list[str]:
    return _generation_commands(parameters, catalog, f" --output-dir {parameters['folder']}")


def _upload(parameters: Mapping[str, Any], catalog: Catalog) -> list[str]:
    return _generation_commands(parameters, catalog, " --upload")


def _simulate(parameters: Mapping[str, Any], catalog: Catalog) -> list[str]:
    if "scenario" in parameters:
        return []  # what it holds comes in simulated time
    layers = _rebuild({"layers": ["silver", "gold", "aggregations"]}, catalog)
    return [*_upload(parameters, catalog), *layers]


def _generation_commands(parameters: Mapping[str, Any], catalog: Catalog, place: str) -> list[str]:
    request = request_of(parameters, catalog)
    if request.units != tuple(range(1, len(request.units) + 1)):
        return []  # the command lines take the first units alone
    if "task" in parameters:
        return [_task(request, parameters, catalog)]
    more = _flags(parameters, "overwrite", "force")
    parquet = " --format parquet" if parameters.get("format") == Format.PARQUET else ""
    if not request.windows or parquet or len(request.slices) > _MOST_COMMANDS:
        how = _units_and_seed(request) + _windows_or_orders(request, catalog)
        return [
            f"{_PYTHON}generate_fake_sales.py --start-date {first} --end-date {last}"
            f"{how}{parquet}{place}{more}"
            for first, last in _spans(request.dates)
        ]
    return [
        f"{_PYTHON}generate_incremental_sales.py{_hours(window)} --date {day}"
        f"{_units_and_seed(request)}{place}{more}"
        for day in request.dates
        for window in request.windows
    ]


def _task(request: Request, parameters: Mapping[str, Any], catalog: Catalog) -> str:
    """The command of one task of a Cloud Run Job."""
    ((first, last),) = _spans(request.dates)
    index, count = parameters["task"]
    written = f" --format {parameters['format']}" if "format" in parameters else ""
    return (
        f"{_PYTHON}generate_shards.py --from {first} --to {last}{_units_and_seed(request)}"
        f"{_windows_or_orders(request, catalog)}{written} --task-index {index} "
        f"--task-count {count}{_flags(parameters, 'overwrite', 'force', 'load')}"
    )


def _spans(dates: Sequence[date]) -> list[tuple[date, date]]:
    """Ranges of dates without gaps, each by its first and last date."""
    spans: list[tuple[date, date]] = []
    for day in sorted(dates):
        if spans and spans[-1][1] + timedelta(days=1) == day:
            spans[-1] = spans[-1][0], day
        else:
            spans.append((day, day))
    return spans


def _windows_or_orders(request: Request, catalog: Catalog) -> str:
    """The windows, or the orders of a whole day where they are not the usual ones."""
    if request.windows:
        return " --windows" + _unless_all(request.windows, catalog)
    fewest, most = request.day_orders
    usual = request.day_orders == DAY_ORDERS
    return "" if usual else f" --min-orders {fewest} --max-orders {most}"


def _unless_all(windows: Sequence[Window], catalog: Catalog) -> str:
    every = len(windows) == len(catalog.windows)
    return "" if every else "".join(f" {window.hours}" for window in windows)


def _hours(window: Window) -> str:
    return f" --window-start {window.start_hour:02d}:00 --window-end {window.end_hour:02d}:00"


def _units_and_seed(request: Request) -> str:
    seed = "" if request.seed == DEFAULT_SEED else f" --seed {request.seed}"
    return f" --units {len(request.units)}{seed}"


def _flags(parameters: Mapping[str, Any], *names: str) -> str:
    return "".join(f" --{name}" for name in names if parameters.get(name))


def _ingest(_: Mapping[str, Any], __: Catalog) -> list[str]:
    return [f"{_PYTHON}ingest_pending.py"]


def _rebuild(parameters: Mapping[str, Any], _: Catalog) -> list[str]:
    names = {"silver": "silver_layer", "gold": "gold_layer", "aggregations": "aggregations"}
    full = _flags(parameters, "full")
    return [f"{_PYTHON}build_{names[layer]}.py{full}" for layer in parameters["layers"]]


def _verify(parameters: Mapping[str, Any], catalog: Catalog) -> list[str]:
    request = request_of(parameters, catalog)
    return [
        f"{_PYTHON}verify_upload.py{_hours(window)} --date {day} --units {len(request.units)}"
        for day in request.dates
        for window in request.windows
    ]


def _backfill(parameters: Mapping[str, Any], catalog: Catalog) -> list[str]:
    first, last = dates_of(parameters)
    hours = _unless_all([*windows_of(parameters["windows"], catalog).values()], catalog)
    windows = f" --windows{hours}" if hours else ""
    values = {name: parameters[name] for name in ("units", "seed")}
    given = "".join(f" --{name} {value}" for name, value in values.items() if value is not None)
    what = f"{windows}{given}{_flags(parameters, 'overwrite')}"
    return [f"{_PYTHON}backfill.py --from {first} --to {last} --mode {parameters['mode']}{what}"]


def _refresh(parameters: Mapping[str, Any], _: Catalog) -> list[str]:
    units = f" --units {parameters['units']}" if parameters["units"] else ""
    how = f"{units} --gaps {parameters['gaps']}{_flags(parameters, 'full')}"
    return [f"{_PYTHON}refresh_day.py --date {parameters['date']}{how}"]


def _scenario(parameters: Mapping[str, Any], catalog: Catalog) -> list[str]:
    """The scenario by its name; its file may say something else by now."""
    request = request_of(parameters, catalog)
    if request.units != tuple(range(1, len(request.units) + 1)):
        return []
    name, more = parameters["scenario"], _flags(parameters, "overwrite")
    how = _units_and_seed(request) + _windows_or_orders(request, catalog)
    return [
        f"{_PYTHON}faults.py apply --scenario {name} --from {first} --to {last}{how}{more}"
        for first, last in _spans(request.dates)
    ]


def _release(parameters: Mapping[str, Any], _: Catalog) -> list[str]:
    return [f"{_PYTHON}faults.py release{_flags(parameters, 'everything')}"]


def _withdraw(parameters: Mapping[str, Any], _: Catalog) -> list[str]:
    return [f"{_PYTHON}faults.py withdraw --scenario {parameters['record']}"]


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
    "scenario": _scenario,
    "release": _release,
    "withdraw": _withdraw,
}
