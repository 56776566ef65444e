"""The maps of Bronze, and the objects of the window or unit selected by a click or a field."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import streamlit as st

from core.generation.catalog import MAX_UNIT, load_catalog
from core.reconcile.compare import (
    ALL_UNITS,
    SEVERITY,
    ObjectVerdict,
    Verdict,
    WindowSummary,
    summarise,
)
from ui import texts
from ui.bronze import bronze_charts
from ui.bronze.bronze_charts import Axes, Mark
from ui.queries import bucket_queries, warehouse_queries
from ui.shell import session, url_state
from ui.style import format as fmt
from ui.style import theme
from ui.style.shared_charts import name_hours, name_unit
from ui.widgets import components, paging

_MAP = "status_map"
# Fields of the selection, which the page's address keeps.
_DAY, _WINDOW, _UNIT = "look", "look_window", "look_unit"
_OF_DAY = url_state.One[str](_DAY, str)
_IN_WINDOW = url_state.One(_WINDOW, url_state.window_name)
_OF_UNIT = url_state.One(_UNIT, url_state.unit_name)
_UNITS_A_MAP, _MAPS = 25, 2


class Selection(NamedTuple):
    """A window (None: bulk) of a day, a unit (None: all), and their objects, the worst first."""

    day: date
    tag: str | None
    unit_id: int | None
    lines: Sequence[ObjectVerdict]


def draw_status_map(windows: Sequence[WindowSummary]) -> None:
    """Draw the map of windows by day, in which a click selects; call `choose_selection` first."""
    st.subheader(texts.STATUS_MAP, anchor=False)
    st.caption(texts.STATUS_HINT)
    days = len({window.day for window in windows})
    fine = sum(window.verdict is Verdict.IN_BRONZE for window in windows)
    chosen = st.session_state[_DAY], st.session_state[_WINDOW]
    st.plotly_chart(
        bronze_charts.draw_status_map(windows, chosen, theme.palette()), key=_MAP,
        on_select=_look_at_window, selection_mode="points", config=components.CHART_CONFIG,
        alt=texts.ALT_MAP.format(count=fmt.number(days), fine=fmt.number(fine)),
    )  # fmt: skip
    with st.expander(texts.AS_TABLE):
        components.draw_table(components.windows_table(windows, "orders"))


def _look_at_window() -> None:
    points = st.session_state[_MAP].selection.points
    if points:
        day, tag, *_ = points[0]["customdata"]
        st.session_state[_DAY], st.session_state[_WINDOW] = day, tag
        st.session_state[_UNIT] = None


def choose_selection(windows: Sequence[WindowSummary]) -> Selection:
    """Draw the fields of the selection and the map of the day's units, and return the selection."""
    start = (warehouse_queries.select_worst(windows) or [windows[-1]])[0]
    days = {window.day.isoformat(): fmt.day(window.day) for window in reversed(windows)}
    tags = list(dict.fromkeys(window.window_tag or "" for window in windows))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _OF_DAY.restore([*days], start.day.isoformat())
        st.selectbox(texts.DAY, [*days], key=_DAY, width=180, format_func=days.__getitem__)
        _OF_DAY.publish(start.day.isoformat())
        usual = start.window_tag or ""
        _IN_WINDOW.restore(tags, usual)
        st.selectbox(
            texts.WINDOW, tags, key=_WINDOW, format_func=lambda tag: name_hours(tag or None),
            width=180,
        )  # fmt: skip
        tag = _IN_WINDOW.publish(usual) or None
        of_day = _lines_of(date.fromisoformat(st.session_state[_DAY]))
        units = sorted({
            line.unit_id for line in of_day
            if line.window_tag == tag and line.unit_id != ALL_UNITS
        })  # fmt: skip
        _OF_UNIT.restore([None, *units], None)
        st.selectbox(
            texts.UNIT, [None, *units], key=_UNIT, width=180,
            placeholder=texts.DRILL_ALL,  # Streamlit shows it for None
            format_func=lambda unit: texts.DRILL_ALL if unit is None else name_unit(unit),
        )  # fmt: skip
        _OF_UNIT.publish(None)
        only = st.toggle(texts.ONLY_DEVIATIONS, key="only", bind="query-params")
    chosen = read_selection()
    _unit_map(of_day, (tag or "", chosen.unit_id), only=only)
    return chosen


def read_selection() -> Selection:
    """Return what the fields select, with its present objects."""
    day = date.fromisoformat(st.session_state[_DAY])
    tag, unit_id = st.session_state[_WINDOW] or None, st.session_state[_UNIT]
    lines = sorted(
        (line for line in _lines_of(day)
         if line.window_tag == tag and unit_id in (None, line.unit_id)),
        key=lambda line: -SEVERITY[line.verdict],
    )  # fmt: skip
    return Selection(day, tag, unit_id, lines)


def _lines_of(day: date) -> Sequence[ObjectVerdict]:
    return bucket_queries.day_lines(session.settings(), day, warehouse_queries.minute())


def _unit_map(
    of_day: Sequence[ObjectVerdict], chosen: tuple[str, int | None], *, only: bool
) -> None:
    """Draw the verdict on each unit and window of the day, in pages of a few dozen units."""
    cells = _cells(of_day)
    tags = list(dict.fromkeys(line.window_tag or "" for line in of_day))
    units = sorted({line.unit_id for line in of_day})
    if only:
        fine = (Verdict.IN_BRONZE, Verdict.NOT_DUE)
        odd = {line.unit_id for line in of_day if line.verdict not in fine}
        units = [unit for unit in units if unit in odd]
    st.subheader(texts.UNIT_MAP.format(day=fmt.day(of_day[0].day) if of_day else ""), anchor=False)
    if not units:
        st.caption(texts.UNIT_MAP_FINE)
        return
    st.caption(texts.UNIT_MAP_HINT)
    shown = _page(units)
    for number, column in enumerate(st.columns(_MAPS, gap="medium")):
        some = shown[number * _UNITS_A_MAP : (number + 1) * _UNITS_A_MAP]
        if some:
            with column:
                _part(f"unit_map_{number}", some, tags, cells, chosen)


def _page(units: Sequence[int]) -> Sequence[int]:
    size = _UNITS_A_MAP * _MAPS
    pages = -(-len(units) // size)
    if pages == 1:
        return units
    page = min(st.pagination(pages, key="units_page", bind="query-params"), pages)
    return units[(page - 1) * size : page * size]


def _part(
    key: str,
    units: Sequence[int],
    tags: Sequence[str],
    cells: Mapping[tuple[str, int], list[ObjectVerdict]],
    chosen: tuple[str, int | None],
) -> None:
    """Draw the map of some units; selecting a mark shows its two objects below."""
    catalog = load_catalog()
    never = {one.window_tag or "" for one in summarise(itertools.chain(*cells.values()))
             if one.never_generated}  # fmt: skip
    marks = [
        _mark(cells[tag, unit], tags.index(tag), row,
              catalog.unit(unit).name if 1 <= unit <= MAX_UNIT else "")
        ._replace(never_generated=tag in never)
        for row, unit in enumerate(units)
        for tag in tags
        if (tag, unit) in cells
    ]  # fmt: skip
    tag, unit_id = chosen
    selected = (tags.index(tag), units.index(unit_id)) if unit_id in units and tag in tags else None
    axes = Axes(
        [_column(tag) for tag in tags], [name_unit(unit) for unit in units], selected,
    )  # fmt: skip
    fine = sum(mark.verdict is Verdict.IN_BRONZE for mark in marks)
    st.plotly_chart(
        bronze_charts.draw_unit_map(marks, axes, theme.palette()), key=key,
        on_select=lambda: _look_at_unit(key), selection_mode="points",
        config=components.CHART_CONFIG,
        alt=texts.ALT_UNIT_MAP.format(
            first=name_unit(units[0]), last=name_unit(units[-1]), fine=fmt.number(fine),
            count=fmt.number(len(marks)),
        ),
    )  # fmt: skip


def _column(tag: str) -> str:
    """Name a window in the width of a column."""
    return f"{tag[7:9]}h" if tag.startswith("window_") else name_hours(tag or None)


def _mark(lines: Sequence[ObjectVerdict], column: int, row: int, name: str) -> Mark:
    verdict = max((line.verdict for line in lines), key=SEVERITY.__getitem__)
    rows = {line.table: line for line in lines}
    line = lines[0]
    place = f"{name_unit(line.unit_id)} {name}<br>{name_hours(line.window_tag)}"
    hover = f"{place}<br>{texts.VERDICTS[verdict]}"
    if "orders" in rows:
        hover += "<br>" + texts.MARK_ORDERS.format(
            actual=fmt.number(rows["orders"].bronze), expected=fmt.number(rows["orders"].due)
        )
    return Mark(column, row, verdict, (line.window_tag or "", str(line.unit_id)), hover)


def _cells(of_day: Sequence[ObjectVerdict]) -> dict[tuple[str, int], list[ObjectVerdict]]:
    cells: dict[tuple[str, int], list[ObjectVerdict]] = {}
    for line in of_day:
        cells.setdefault((line.window_tag or "", line.unit_id), []).append(line)
    return cells


def _look_at_unit(key: str) -> None:
    points = st.session_state[key].selection.points
    if points:
        tag, unit, *_ = points[0]["customdata"]
        st.session_state[_WINDOW] = tag
        st.session_state[_UNIT] = None if int(unit) == ALL_UNITS else int(unit)


def show_objects(chosen: Selection) -> None:
    """Show the objects of the selection, the worst first."""
    lines = list(chosen.lines)
    if st.session_state.get("only"):
        lines = [line for line in lines if line.verdict is not Verdict.IN_BRONZE]
    if not lines:
        st.caption(texts.NO_LINES)
        return
    components.draw_table(components.lines_table(paging.take_page(lines, "objects_page")))


def show_title(chosen: Selection) -> None:
    """Show the selection's title."""
    heading = texts.LINES_OF.format(day=fmt.day(chosen.day), hours=name_hours(chosen.tag))
    if chosen.unit_id is not None:
        heading = texts.DRILL_UNIT.format(objects=heading, unit=f"{chosen.unit_id:03d}")
    st.subheader(heading, anchor=False)
