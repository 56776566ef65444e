"""What pages ask of `core`, kept for a moment so that many viewers cost one question.

Results are kept, never a connection. `forget` drops them after something was written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st

from core import pipeline, questions
from core.catalog import load_catalog
from core.encode import cell_files
from core.generate import expected_rows, window_cells
from core.object_store.local import output_store
from core.pipeline import Platform
from core.publish import Request
from core.questions import DailySales, DayFigures, LayerState
from core.reconcile import FAULTS, SEVERITY, Line, Stranger, Verdict, WindowSummary, summarise
from core.settings import Settings
from ui import session

_LIVE_S = 0.8  # shorter than the second between two looks at running work
_RANGE_S = 10.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The first lines of a unit's two files, each a list of fields; the header comes first."""

    orders: list[list[str]]
    items: list[list[str]]


@st.cache_data(ttl=_LIVE_S, max_entries=32, show_spinner=False)
def day_windows(
    settings: Settings, day: date, now: datetime, units: int | None = None
) -> list[WindowSummary]:
    """Each window of a day, expected against actual.

    Args:
        now: Of whole minutes, so that viewers within one share the answer.
        units: Units expected where nothing is published yet; those of the bucket by default.
    """
    return summarise(_lines(settings, (day, day), now, units))


@st.cache_data(ttl=_RANGE_S, max_entries=16, show_spinner=False)
def range_windows(
    settings: Settings, first: date, last: date, now: datetime
) -> list[WindowSummary]:
    """Each window of each day of a range."""
    return summarise(_lines(settings, (first, last), now))


@st.cache_data(ttl=_RANGE_S, max_entries=16, show_spinner=False)
def strangers(settings: Settings, first: date, last: date, now: datetime) -> list[Stranger]:
    """Objects in the folders of a range of days that belong to no window."""
    return pipeline.strangers(_looking(settings), (first, last), now)


@st.cache_data(ttl=_LIVE_S, max_entries=32, show_spinner=False)
def window_lines(settings: Settings, day: date, tag: str | None, now: datetime) -> list[Line]:
    """The objects of a window, the worst first."""
    lines = [line for line in _lines(settings, (day, day), now) if line.window_tag == tag]
    return sorted(lines, key=lambda line: -SEVERITY[line.verdict])


@st.cache_data(ttl=_LIVE_S, max_entries=32, show_spinner=False)
def day_figures(settings: Settings, day: date) -> DayFigures:
    """What Bronze has of a business day."""
    found = questions.bronze_days(_looking(settings).warehouse, day, day)
    return found[0] if found else DayFigures(day)


@st.cache_data(ttl=_LIVE_S, max_entries=8, show_spinner=False)
def layers(settings: Settings) -> list[LayerState]:
    """The layers as readers see them now."""
    return questions.layers(_looking(settings).warehouse)


@st.cache_data(ttl=_RANGE_S, max_entries=8, show_spinner=False)
def daily_sales(settings: Settings, days: int) -> list[DailySales]:
    """The newest days of Gold's daily aggregation."""
    return questions.daily_sales(_looking(settings).warehouse, days)


@st.cache_data(max_entries=64, show_spinner=False)
def expected(request: Request) -> list[tuple[int, int]]:
    """Orders and items of each window of a request for one date; made from nothing but it."""
    orders, items = expected_rows(request.cells(), request.seed, load_catalog())
    units = len(request.units)
    by_window = zip(
        orders.reshape(-1, units).sum(axis=1), items.reshape(-1, units).sum(axis=1), strict=True
    )
    return [(int(of_orders), int(of_items)) for of_orders, of_items in by_window]


@st.cache_data(max_entries=64, show_spinner=False)
def sample(request: Request, lines: int) -> Sample:
    """The first lines of the two files of a request's first unit in its first window."""
    cells = window_cells(request.dates[:1], request.windows[:1], request.units[:1])
    files = next(cell_files(cells, request.seed, load_catalog()))
    return Sample(_fields(files.orders_csv, lines), _fields(files.items_csv, lines))


def minute() -> datetime:
    """The present in whole minutes, so that it can be part of what is asked."""
    return session.now().replace(second=0, microsecond=0)


def worst(summaries: Sequence[WindowSummary]) -> list[WindowSummary]:
    """Windows that need somebody, the worst first: faults, then what is due and not there."""
    wanted = {*FAULTS, Verdict.MISSING, Verdict.GENERATED, Verdict.UPLOADED}
    found = [summary for summary in summaries if summary.verdict in wanted]
    return sorted(found, key=lambda summary: -SEVERITY[summary.verdict])


def forget() -> None:
    """Drop what was kept, since something was written."""
    for function in (
        day_windows, range_windows, strangers, window_lines, day_figures, layers, daily_sales,
    ):  # fmt: skip
        function.clear()


def _lines(
    settings: Settings, dates: tuple[date, date], now: datetime, units: int | None = None
) -> list[Line]:
    output = output_store(session.OUTPUT_FOLDER)
    return pipeline.compare(_looking(settings), dates, now, units, output)


def _looking(settings: Settings) -> Platform:
    return Platform.of(session.for_looking(settings))


def _fields(csv: bytes, lines: int) -> list[list[str]]:
    """Our own files never quote, so a line is its fields between semicolons."""
    return [line.split(";") for line in csv.decode().splitlines()[: lines + 1]]
