"""The parts of Storage: the choice of a view, and the sales files by date, window and unit."""

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

import pandas as pd
import streamlit as st

from core.errors import InputError
from core.generation.catalog import MAX_UNIT, load_catalog
from core.insight import bucket
from core.insight.bucket import MOST_ZIPPED_BYTES, Tally
from core.settings import Settings
from core.storage.object_names import kind_of
from core.storage.object_store import ObjectInfo
from ui import texts
from ui.queries import bucket_queries
from ui.shell import actions, session, url_state
from ui.shell.answer_cache import open_platform
from ui.storage import object_view
from ui.style import format as fmt
from ui.style.sentences import sentence
from ui.style.shared_charts import name_hours
from ui.widgets import components, paging
from ui.widgets.table_columns import columns_of

VIEWS = ("objects", "manifests", "quarantine", "reference", "sizes")
_VIEW, _VIEW_KEY = "view", "storage_view"
_DAY, _WINDOW, _UNIT = "day", "window", "unit"
_OF_UNIT = url_state.One(_UNIT, url_state.unit_name)
IN_WINDOW = url_state.One[str | None](  # None for all, empty for bulk
    _WINDOW, lambda tag: "" if tag is None else url_state.window_name(tag)
)
_Thing = TypeVar("_Thing")


def choose_view() -> str:
    """Draw the choice of a view; the address has its code, the same in each language."""
    asked = st.query_params.get(_VIEW, VIEWS[0])
    chosen = st.segmented_control(
        texts.STORAGE_VIEW, VIEWS, default=asked if asked in VIEWS else VIEWS[0], required=True,
        format_func=texts.STORAGE_VIEWS.__getitem__, key=_VIEW_KEY, wrap=True,
    )  # fmt: skip
    found = chosen or VIEWS[0]
    if found != VIEWS[0] or _VIEW in st.query_params:
        st.query_params[_VIEW] = found
    return found


def choose_day() -> date:
    """Draw the fields of the business date: a calendar, and a list of dates that have data."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        components.draw_day()
        days = bucket_queries.manifest_days(session.settings())
        if days:
            names = {one: fmt.day(one) for one in days}
            st.selectbox(
                texts.STORAGE_JUMP, list(days), None, key="jump", on_change=_jump,
                format_func=names.__getitem__, placeholder=texts.STORAGE_JUMP_HINT, width=180,
            )  # fmt: skip
    return components.read_day()


def _jump() -> None:
    if st.session_state.get("jump"):
        st.session_state[_DAY] = st.session_state["jump"]
        st.session_state["jump"] = None


def show_files(chosen_day: date) -> None:
    """Show the sales files of a date: their sums, and those of the chosen window and unit."""
    found, unreadable = bucket_queries.day_listing(session.settings(), chosen_day)
    show_month(chosen_day)
    if unreadable:
        st.warning(texts.STORAGE_UNREADABLE.format(count=fmt.number(len(unreadable))))
        rows = [(entry.name, sentence(entry.reason)) for entry in unreadable]
        components.draw_table(
            pd.DataFrame(rows, columns=[texts.STORAGE_FILE, texts.STORAGE_REASON])
        )
    if found:
        tag, unit_id = _choose(found)
        chosen = bucket.select_objects(found, tag, unit_id)
        _sums(found, chosen_day)
        _archive(chosen)
        _files(chosen, bucket.day_prefixes(chosen_day))
    elif bucket_queries.manifest_days(session.settings()):
        st.info(texts.STORAGE_EMPTY_DAY.format(day=fmt.day(chosen_day)))
    else:
        st.info(texts.STORAGE_EMPTY_BUCKET)


def show_month(chosen_day: date) -> None:
    """Show the files of each day of the month; on Google Cloud after a switch, because it costs."""
    name = fmt.month(chosen_day)
    if session.is_on_cloud() and not st.toggle(
        texts.STORAGE_COUNT_MONTH.format(month=name), key="count_month",
        help=texts.STORAGE_COUNT_MONTH_HELP,
    ):  # fmt: skip
        return
    found = bucket_queries.month(session.settings(), chosen_day)
    if not found:
        return
    days = sorted(one for one in found if one)
    with st.expander(texts.STORAGE_MONTH.format(month=name)):
        st.caption(texts.STORAGE_MONTH_HINT)
        labels = {one: fmt.day(one) for one in days}
        frame = _tallies({**{labels[one]: found[one] for one in days}, **_odd(found)}, texts.DAY,
                         units=True, windows=True)  # fmt: skip
        _selectable(frame, "month_days", _go_to, days)


def _odd(found: Mapping[date | None, Tally]) -> dict[str, Tally]:
    return {texts.STORAGE_ODD: found[None]} if None in found else {}


def _go_to(key: str, days: Sequence[date]) -> None:
    rows = st.session_state[key].selection.rows
    if rows and rows[0] < len(days):
        st.session_state[_DAY] = days[rows[0]]


def _choose(found: Sequence[ObjectInfo]) -> tuple[str | None, int | None]:
    """Draw the fields of the window (None for all, empty for bulk) and the unit (None for all)."""
    tags = [*(window.tag for window in load_catalog().windows), ""]
    present = bucket.tally_by_window(found)
    strange = sorted(present.keys() - set(tags))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choices = [None, *(tag for tag in (*tags, *strange) if tag in present)]
        IN_WINDOW.restore(choices, None)
        st.selectbox(
            texts.WINDOW, choices, format_func=_window_label, key=_WINDOW, width=180,
            placeholder=texts.STORAGE_ALL,
        )  # fmt: skip
        tag = IN_WINDOW.publish(None)
        units = sorted(bucket.tally_by_unit(bucket.select_objects(found, tag, None)))
        known = [unit for unit in units if unit <= MAX_UNIT]
        text = st.text_input(
            texts.STORAGE_FIND_UNIT, key="find", help=texts.STORAGE_FIND_HELP, width=180,
            type="search", bind="query-params",
        )  # fmt: skip
        matching = bucket.find_units(known, text or "", load_catalog())
        choices_of_unit = [None, *matching]
        _OF_UNIT.restore(choices_of_unit, None)
        st.selectbox(
            texts.STORAGE_UNIT, choices_of_unit, format_func=_unit_label, key=_UNIT, width=180,
            placeholder=texts.STORAGE_ALL,
        )  # fmt: skip
        unit_id = _OF_UNIT.publish(None)
    if not matching and text:
        st.caption(texts.STORAGE_NO_UNIT.format(text=text))
    return tag, unit_id


def _window_label(tag: str | None) -> str:
    return texts.STORAGE_ALL if tag is None else name_hours(tag or None)


def _unit_label(unit_id: int | None) -> str:
    return texts.STORAGE_ALL if unit_id is None else f"{unit_id:03d}"


def _sums(found: Sequence[ObjectInfo], chosen_day: date) -> None:
    units = bucket.tally_by_unit(found)
    st.markdown(texts.STORAGE_DAY_SUM.format(
        objects=fmt.number(len(found)), size=fmt.size(sum(info.size for info in found)),
        units=fmt.number(len(units)), day=fmt.day(chosen_day),
    ))  # fmt: skip
    left, right = st.columns(2, gap="large")
    catalog = load_catalog()
    with left, st.expander(texts.STORAGE_BY_WINDOW):
        windows = bucket.tally_by_window(found)
        named = {name_hours(tag or None): windows[tag] for tag in sorted(windows)}
        components.draw_table(_tallies(named, texts.WINDOW, units=True))
    with right, st.expander(texts.STORAGE_BY_UNIT):
        named = {
            f"{unit:03d} {catalog.unit(unit).name if unit <= MAX_UNIT else ''}": units[unit]
            for unit in paging.take_page(sorted(units), "by_unit_page")
        }
        components.draw_table(_tallies(named, texts.UNIT, windows=True))


def _tallies(
    tallies: Mapping[str, Tally], label: str, *, units: bool = False, windows: bool = False
) -> pd.DataFrame:
    frame = pd.DataFrame({
        label: list(tallies),
        texts.STORAGE_COUNT: [tally.objects for tally in tallies.values()],
        texts.STORAGE_BYTES: [tally.size for tally in tallies.values()],
    })  # fmt: skip
    if units:
        frame[texts.UNITS] = [tally.units for tally in tallies.values()]
    if windows:
        frame[texts.STORAGE_WINDOWS] = [tally.windows for tally in tallies.values()]
    return frame


def _archive(chosen: list[ObjectInfo]) -> None:
    size = sum(info.size for info in chosen)
    if size > MOST_ZIPPED_BYTES:
        st.caption(texts.STORAGE_ZIP_LARGE.format(size=fmt.size(size)))
        return
    actions.download(
        texts.STORAGE_ZIP, read_chosen, zip_chosen, "zip", file_name="sales.zip",
        mime="application/zip", disabled=not chosen,
        help=texts.STORAGE_ZIP_HELP.format(count=fmt.number(len(chosen)), size=fmt.size(size)),
    )  # fmt: skip


def read_chosen() -> tuple[Settings, list[ObjectInfo]]:
    """Return the files of the date, window and unit in the fields.

    Raises:
        InputError: There are none, or they are too large for an archive.
    """
    chosen_day = components.read_day()
    found = bucket_queries.day_listing(session.settings(), chosen_day).objects
    chosen = bucket.select_objects(found, st.session_state[_WINDOW], st.session_state[_UNIT])
    size = sum(info.size for info in chosen)
    if not chosen:
        raise InputError(texts.STORAGE_EMPTY_DAY.format(day=fmt.day(chosen_day)))
    if size > MOST_ZIPPED_BYTES:
        raise InputError(texts.STORAGE_ZIP_LARGE.format(size=fmt.size(size)))
    return session.settings(), chosen


def zip_chosen(read: tuple[Settings, list[ObjectInfo]]) -> bytes:
    """Return those files as an archive."""
    settings, chosen = read
    return bucket.zip_objects(open_platform(settings).store, chosen)


def _without(prefixes: Sequence[str], name: str) -> str:
    return functools.reduce(str.removeprefix, prefixes, name)


def _files(chosen: Sequence[ObjectInfo], prefixes: Sequence[str]) -> None:
    """Show the files in pages; selecting a row opens the file."""
    st.subheader(texts.STORAGE_OBJECTS, anchor=False)
    shown = paging.take_page(chosen, "files_page")
    st.caption(texts.STORAGE_OBJECTS_HINT)
    settings = session.settings()
    frame = pd.DataFrame({
        texts.STORAGE_FILE: [_without(prefixes, info.name) for info in shown],
        texts.WINDOW: [_window_of(info.name) for info in shown],
        texts.STORAGE_BYTES: [info.size for info in shown],
        texts.OBJECT_WRITTEN: [
            fmt.in_table(bucket_queries.read_moment(settings, info.generation)) for info in shown
        ],
    })  # fmt: skip
    _selectable(frame, "files", object_view.select_row, [info.name for info in shown])


def _window_of(name: str) -> str:
    parsed = bucket.place_of(name)
    if parsed is None:
        return texts.STORAGE_ODD if kind_of(name) in ("sales", "parquet") else ""
    return name_hours(parsed.window_tag)


def _selectable(
    frame: pd.DataFrame,
    key: str,
    select: Callable[[str, Sequence[_Thing]], None],
    things: Sequence[_Thing],
) -> None:
    st.dataframe(
        frame, hide_index=True, key=key, column_config=columns_of(frame),
        on_select=lambda: select(key, things), selection_mode="single-row",
    )  # fmt: skip
