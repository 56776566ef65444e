"""Components that several pages show."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.generation.catalog import Window
from core.reconcile.compare import ObjectVerdict, Verdict, WindowSummary
from core.storage.object_names import PARQUET_TAG
from ui import texts
from ui.shell import boot, session
from ui.style import format as fmt
from ui.style.plain import plain
from ui.style.sentences import sentence
from ui.style.shared_charts import name_hours, read_rows
from ui.style.theme import badge_colour
from ui.widgets.fields import Day
from ui.widgets.table_columns import columns_of

CHART_CONFIG = {"displayModeBar": False, "displaylogo": False, "locale": "en"}
MAX_UNITS = 5_000  # of the forms: the preview of more units is too slow
_DAY, _KEPT_DAY, _TODAY = Day("day"), "_kept_day", "_today"
FIGURE_CARD_PX = 268  # four of them in a row at 1280 px
_CARD_PX = 152  # seven of them in a row at 1280 px, two at 390 px


def draw_day() -> None:
    """Draw the field of the business date, today by default, which all pages share."""
    kept, today = st.session_state.get(_KEPT_DAY), session.today()
    brought = boot.has_arrived() and _DAY.key not in st.query_params
    if brought and kept not in (None, today):
        boot.come_again({_DAY.key: kept.isoformat()})
    if st.session_state.get(_DAY.key) == st.session_state.get(_TODAY) != today:
        st.session_state[_DAY.key] = today  # at midnight the field follows to the new day
    st.session_state[_TODAY] = today
    _DAY.draw(texts.BUSINESS_DAY, today, width=180)
    held = st.session_state[_DAY.key]
    st.session_state[_KEPT_DAY] = None if held == today else held


def read_day() -> date:
    """Return the business date in the field; raises as `Day.value` does."""
    return _DAY.value(texts.BUSINESS_DAY)


def draw_chart(figure: go.Figure, key: str, alt: str, table: pd.DataFrame) -> None:
    """Draw a chart with its description, and its values as a table."""
    st.plotly_chart(figure, key=key, config=CHART_CONFIG, alt=alt)
    with st.expander(texts.AS_TABLE):
        draw_table(table)


def draw_figure_card(label: str, value: str, note: str | None = None, **look: Any) -> None:  # noqa: ANN401 - of `st.metric`
    """Draw a figure in a card, with a note below unless that is None."""
    with st.container(border=True, width=FIGURE_CARD_PX, height="stretch", gap="xxsmall"):
        st.metric(plain(label), plain(value), **look)
        if note is not None:
            st.caption(plain(note))


def draw_figures(rows: Iterable[tuple[str, str]], key: str | None = None) -> None:
    """Draw figures in a row, each a label and a value."""
    with st.container(horizontal=True, key=key):
        for label, value in rows:
            st.metric(plain(label), plain(value), width="content")


def draw_table(table: pd.DataFrame) -> None:
    """Draw a table whose columns are formatted by their kind."""
    st.dataframe(table, hide_index=True, column_config=columns_of(table))


def window_name(window: Window) -> str:
    """Return a window's name in the viewer's language, or else the catalog's."""
    return texts.WINDOW_NAMES.get(window.tag, window.name)


def draw_window_cards(
    summaries: Sequence[WindowSummary], names: dict[str, str], coming: Collection[str] = ()
) -> None:
    """Draw a card per window; `coming` are claims of active runs, as `2026-02-01 10:00-12:00`."""
    with st.container(horizontal=True, gap="xsmall", key="window_cards"):
        for summary in summaries:
            with st.container(border=True, width=_CARD_PX, gap="xxsmall"):
                of_run = f"{summary.day} {name_hours(summary.window_tag)}" in coming
                _card(summary, names, of_run=of_run)


def _card(summary: WindowSummary, names: dict[str, str], *, of_run: bool) -> None:
    expected, actual = read_rows(summary, "orders")
    st.markdown(f"**{name_hours(summary.window_tag)}**")
    tag = summary.window_tag or ""
    other = texts.PARQUET_WINDOW if tag == PARQUET_TAG else texts.BULK_WINDOW
    st.caption(plain(texts.WINDOW_NAMES.get(tag) or names.get(tag, other)))
    untouched = summary.never_generated or summary.verdict is Verdict.NOT_DUE
    if of_run and untouched:
        st.badge(texts.COMING, color="blue")
    elif summary.never_generated:
        st.badge(f"{texts.SIGNS[summary.verdict]} {texts.NEVER_GENERATED}", color="gray")
    else:
        st.badge(
            f"{texts.SIGNS[summary.verdict]} {texts.VERDICTS[summary.verdict]}",
            color=badge_colour(summary.verdict),
        )
    st.caption(texts.OF_ORDERS.format(actual=fmt.number(actual), expected=fmt.number(expected)))


def windows_table(summaries: Sequence[WindowSummary], table: str) -> pd.DataFrame:
    """Tabulate the windows' rows of a table: expected, in Bronze, and the difference."""
    rows = [
        (summary.day, name_hours(summary.window_tag), *read_rows(summary, table),
         texts.VERDICTS[summary.verdict])
        for summary in summaries
    ]  # fmt: skip
    columns = [texts.DAY, texts.WINDOW, texts.EXPECTED, texts.IN_BRONZE, texts.STATE]
    frame = pd.DataFrame(rows, columns=columns)
    frame.insert(4, texts.DIFFERENCE, frame[texts.IN_BRONZE] - frame[texts.EXPECTED])
    return frame


def lines_table(lines: Sequence[ObjectVerdict]) -> pd.DataFrame:
    """Tabulate objects, one per row."""
    rows = [
        (line.unit_id or texts.PARQUET_UNITS, texts.TABLES[line.table],
         line.expected if line.requested else None, line.bronze, line.rejected,
         f"{texts.SIGNS[line.verdict]} {texts.VERDICTS[line.verdict]}", sentence(line.detail))
        for line in lines
    ]  # fmt: skip
    columns = [
        texts.UNIT, texts.TABLE, texts.EXPECTED, texts.IN_BRONZE, texts.REJECTED, texts.STATE,
        texts.DETAIL,
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({texts.EXPECTED: "Int64"})  # whole numbers, some of them unknown
