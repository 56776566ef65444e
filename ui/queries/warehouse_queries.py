"""Queries of pages to `core`; viewers share the answers, which are kept, never a connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import streamlit as st

from core import pipeline
from core.gcp.function_logs import LogLine, read_logs
from core.generation.catalog import load_catalog
from core.generation.cells import window_cells
from core.generation.csv_files import cell_files
from core.generation.windows import FIRST_DATE, dates_between
from core.insight import bronze_windows, gold, layer_figures
from core.insight.layer_figures import DayFigures
from core.insight.preview import Preview, preview
from core.reconcile.compare import (
    FAULTS,
    SEVERITY,
    UnknownObject,
    Verdict,
    WindowSummary,
    summarise,
)
from core.scheduler import ScheduleState
from core.scheduler.cloud import CloudSchedule
from core.settings import Cloud, Settings
from core.storage import zip_archive
from core.storage.object_store.local import output_store
from core.storage.publish import Request
from core.transform.rebuild import bytes_read, inputs
from ui.shell import session
from ui.shell.answer_cache import ask_warehouse, cached, open_platform

_LIVE_S = 0.8  # shorter than the second between two redraws during a run
_RANGE_S = 10.0
_LOG_DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Sample:
    """The first lines of a unit's two files, each a list of fields; the header comes first."""

    orders: list[list[str]]
    items: list[list[str]]


@cached(_LIVE_S, 32)
def day_windows(
    settings: Settings, day: date, now: datetime, units: int | None = None
) -> list[WindowSummary]:
    """Compare each window of a day, expected against actual; `now` is in whole minutes.

    Args:
        units: Units expected where no manifest exists yet; the bucket's units by default.
    """
    output = output_store(session.OUTPUT_FOLDER)
    return summarise(
        pipeline.compare(open_platform(settings), (day, day), now, units, output).lines
    )


@cached(_RANGE_S, 16)
def range_windows(
    settings: Settings, first: date, last: date, now: datetime
) -> tuple[list[WindowSummary], list[UnknownObject]]:
    """Compare each window of a range of days; also return objects that belong to no window."""
    output = output_store(session.OUTPUT_FOLDER)
    lines, strangers = pipeline.compare(open_platform(settings), (first, last), now, None, output)
    return summarise(lines), strangers


@cached(_LIVE_S, 32, of_warehouse=True)
def recent_days(settings: Settings, day: date, count: int) -> list[DayFigures]:
    """Return the figures in Bronze of the last `count` business days up to `day`."""
    days = dates_between(max(FIRST_DATE, day - timedelta(days=count - 1)), day)
    found = layer_figures.bronze_days(open_platform(settings).warehouse, days[0], day)
    by_day = {figures.day: figures for figures in found}
    return [by_day.get(each, DayFigures(each)) for each in days]


layers = ask_warehouse(layer_figures.layers, _LIVE_S, 8)
daily_sales = ask_warehouse(layer_figures.daily_sales, _RANGE_S, 8)
sales_by_state = ask_warehouse(gold.sales_by_state, _RANGE_S, 8)
sales_by_product = ask_warehouse(gold.sales_by_product, _RANGE_S, 8)
years_in_gold = ask_warehouse(gold.years_in_gold, _RANGE_S, 8)
sales_of_year = ask_warehouse(gold.sales_of_year, _RANGE_S, 16)
orders_by_window = ask_warehouse(bronze_windows.orders_by_window, _RANGE_S, 16)
gold_rows = ask_warehouse(gold.gold_rows, _RANGE_S, 32)


@cached(_RANGE_S, 8)
def rebuild_bytes(settings: Settings, *, full: bool) -> int | None:
    """Return the bytes billed for building all layers, of all dates if `full`; None if unknown."""
    warehouse = open_platform(settings).warehouse
    missing = inputs() - warehouse.tables()
    return None if missing else bytes_read(warehouse, full=full)


@cached(_RANGE_S, 8)
def schedule(settings: Settings) -> ScheduleState:
    """Read the state of the schedule on Google Cloud."""
    return CloudSchedule(_cloud(settings)).state()


@cached(_RANGE_S, 16)
def function_log(settings: Settings, function: str, limit: int) -> list[LogLine]:
    """Read the newest lines of a function's log, of the last 7 days."""
    return read_logs(_cloud(settings), function, limit, session.now() - _LOG_DAYS)


@st.cache_data(max_entries=64, show_spinner=False)
def expected(request: Request) -> Preview:
    """Preview a request."""
    return preview(request, load_catalog())


@st.cache_data(max_entries=4, show_spinner=False)
def zip_request(request: Request) -> bytes:
    """Return a request's files as a ZIP archive."""
    return zip_archive.zipped(zip_archive.request_files(request, load_catalog()))


@st.cache_data(max_entries=64, show_spinner=False)
def sample(request: Request, lines: int) -> Sample:
    """Return the first lines of the two files of a request's first unit in its first window."""
    cells = window_cells(request.dates[:1], request.windows[:1], request.units[:1])
    files = next(cell_files(cells, request.seed, load_catalog()))
    return Sample(_fields(files.orders_csv, lines), _fields(files.items_csv, lines))


def minute() -> datetime:
    """Return the present in whole minutes: viewers within one share the answers that need it."""
    return session.now().replace(second=0, microsecond=0)


def select_worst(summaries: Sequence[WindowSummary]) -> list[WindowSummary]:
    """Select the windows that deviate, faults first, windows that were never generated last."""
    wanted = {*FAULTS, Verdict.MISSING, Verdict.GENERATED, Verdict.UPLOADED}
    found = [summary for summary in summaries if summary.verdict in wanted]
    return sorted(found, key=lambda one: (one.never_generated, -SEVERITY[one.verdict]))


def _cloud(settings: Settings) -> Cloud:
    assert settings.cloud is not None  # noqa: S101 - only such pages ask
    return settings.cloud


def _fields(csv: bytes, lines: int) -> list[list[str]]:
    """Split lines at semicolons; generated files never quote."""
    return [line.split(";") for line in csv.decode().splitlines()[: lines + 1]]
