"""The plan of a scenario, before anything is written: a map of windows and dates, and tables."""

from collections import Counter
from collections.abc import Sequence
from math import ceil

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.scenarios.kinds import KINDS
from core.scenarios.plan import PlannedHit
from core.scenarios.scenario import Scenario
from core.storage.request import Request
from ui import texts
from ui.queries import scenario_queries
from ui.shell import session
from ui.style import format as fmt
from ui.style import heat_maps, theme
from ui.style.figure_cache import draw_once
from ui.style.sentences import sentence
from ui.style.shared_charts import name_hours
from ui.style.theme import Palette
from ui.widgets import components, paging

_ROW_PX = 34
_MOST_DATES = 10  # labels under a map that do not overlap at 390 px
_MOST_KINDS = 6  # of a mark's hover text


def show_plan(scenario: Scenario, request: Request) -> None:
    """Show how many faults of which kinds are planned, and where, unless keys are hidden."""
    hits = scenario_queries.plan_of(scenario, request)
    if not hits:
        st.info(texts.PLAN_NOTHING)
        return
    _show_figures(hits)
    if session.settings().hide_keys:
        st.caption(texts.PLAN_HIDDEN)
        return
    _show_map(hits, request)
    _show_kinds(hits)
    with st.expander(texts.PLAN_TABLE):
        _show_hits(hits)


def count_faults(hits: Sequence[PlannedHit]) -> int:
    """Return the number of faults: rows, or one for files of a unit's window."""
    return sum(hit.rows or 1 for hit in hits)


def layers_of(kind: str) -> str:
    """Return the names of the layers that notice a kind, the first one first."""
    return ", ".join(texts.SCENARIO_LAYERS[layer] for layer in KINDS[kind].notices)


def _show_figures(hits: Sequence[PlannedHit]) -> None:
    values = (
        count_faults(hits), len({hit.kind for hit in hits}),
        len({(hit.day, hit.window, hit.unit) for hit in hits}), len({hit.unit for hit in hits}),
    )  # fmt: skip
    components.draw_figures(zip(texts.PLAN_FIGURES, map(fmt.number, values), strict=True))


def _show_map(hits: Sequence[PlannedHit], request: Request) -> None:
    st.subheader(texts.PLAN_MAP, anchor=False)
    counts = Counter[tuple[int, int]]()
    kinds: dict[tuple[int, int], Counter[str]] = {}
    for hit in hits:
        place = request.windows.index(hit.window), request.dates.index(hit.day)
        counts[place] += hit.rows or 1
        kinds.setdefault(place, Counter())[hit.kind] += hit.rows or 1
    days = [fmt.day(day) for day in request.dates]
    labels = [fmt.day_of_year(day) for day in request.dates]
    hours = [name_hours(window.tag) for window in request.windows]
    shape = [[(row, column) for column in range(len(days))] for row in range(len(hours))]
    values = [[counts[place] for place in line] for line in shape]
    hover = [
        [_hover(days[place[1]], hours[place[0]], kinds.get(place, Counter())) for place in line]
        for line in shape
    ]
    (row, column), most = counts.most_common(1)[0]
    alt = texts.PLAN_MAP_ALT.format(
        count=fmt.number(counts.total()), days=fmt.number(len(days)), day=days[column],
        hours=hours[row], most=fmt.number(most),
    )  # fmt: skip
    table = pd.DataFrame(
        [(hour, *line) for hour, line in zip(hours, values, strict=True)],
        columns=[texts.WINDOW, *days],
    )
    components.draw_chart(
        _draw_map(labels, hours, values, hover, theme.palette()), "plan_map", alt, table
    )


def _hover(day: str, hours: str, kinds: Counter[str]) -> str:
    lines = [f"{name}: {fmt.number(count)}" for name, count in kinds.most_common(_MOST_KINDS)]
    more = ["…"] if len(kinds) > _MOST_KINDS else []
    faults = texts.PLAN_CELL.format(count=fmt.number(kinds.total()))
    return "<br>".join([f"{day} {hours}", faults, *lines, *more])


@draw_once
def _draw_map(
    days: Sequence[str],
    hours: Sequence[str],
    values: Sequence[Sequence[int]],
    hover: Sequence[Sequence[str]],
    colours: Palette,
) -> go.Figure:
    step = ceil(len(days) / _MOST_DATES)
    labels = [(place, days[place]) for place in range(0, len(days), step)]
    written = [[fmt.number(count) if count else "" for count in line] for line in values]
    shown = written if len(days) <= _MOST_DATES else None
    return heat_maps.draw_cells(
        heat_maps.Cells(hours, labels, values, hover, shown), colours, _ROW_PX
    )


def _show_kinds(hits: Sequence[PlannedHit]) -> None:
    counts = Counter[str]()
    for hit in hits:
        counts[hit.kind] += hit.rows or 1
    rows = [
        (kind, count, layers_of(kind), sentence(KINDS[kind].sentence))
        for kind, count in counts.most_common()
    ]
    st.subheader(texts.PLAN_KINDS, anchor=False)
    components.draw_table(pd.DataFrame(rows, columns=list(texts.PLAN_KIND_COLUMNS)))


def _show_hits(hits: Sequence[PlannedHit]) -> None:
    rows = [
        (hit.kind, hit.day, name_hours(hit.window.tag), hit.unit, hit.rows or None)
        for hit in paging.take_page(hits, "plan_page")
    ]
    frame = pd.DataFrame(rows, columns=list(texts.PLAN_COLUMNS))
    components.draw_table(frame.astype({texts.PLAN_COLUMNS[-1]: "Int64"}))
