"""The upper parts of Bronze: deviations, growth over a day and over several days."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from core.generation.windows import FIRST_DATE
from core.reconcile.compare import UnknownObject, UnreadableEntry, Verdict, WindowSummary
from ui import texts
from ui.bronze import bronze_charts
from ui.queries import warehouse_queries
from ui.shell import session
from ui.style import format as fmt
from ui.style import shared_charts, theme
from ui.widgets import components

RANGES = [7, 14, 30]


def read_windows(day: date, days: int) -> tuple[list[WindowSummary], list[UnknownObject]]:
    """Return each window of the days up to `day`, bulk data included, and objects of no window."""
    first = max(FIRST_DATE, day - timedelta(days=days - 1))
    return warehouse_queries.range_windows(
        session.settings(), first, day, warehouse_queries.minute()
    )


def show_attention(windows: Sequence[WindowSummary], strange: Sequence[UnknownObject]) -> None:
    """Say in a line each which windows deviate, or that none does."""
    worst = warehouse_queries.select_worst(windows)
    if not any(window.bronze_orders for window in windows):
        st.info(texts.EMPTY_BRONZE)
    else:
        _deviations([window for window in worst if not window.never_generated])
        never = sum(window.never_generated for window in worst)
        if never:
            st.info(texts.NEVER_MADE.format(count=fmt.number(never)))
    unreadable = [each for each in strange if isinstance(each, UnreadableEntry)]
    strange = [each for each in strange if each not in unreadable]
    if strange:
        st.warning(texts.STRANGERS.format(count=fmt.number(len(strange)), first=strange[0].name))
    if unreadable:
        st.warning(texts.UNREADABLE.format(
            count=fmt.number(len(unreadable)), first=unreadable[0].name,
            reason=unreadable[0].detail,
        ))  # fmt: skip
    pending = sum(window.verdicts.get(Verdict.UPLOADED, 0) for window in windows)
    if pending:
        st.info(texts.PENDING.format(count=fmt.number(pending)))


def _deviations(needy: Sequence[WindowSummary]) -> None:
    """Say how many windows need attention, by their verdicts."""
    if not needy:
        st.success(texts.ALL_FINE)
        return
    counts = Counter(window.verdict for window in needy)
    named = [f"{fmt.number(count)} {texts.VERDICTS[one]}" for one, count in counts.items()]
    st.warning(texts.DEVIATE.format(count=fmt.number(len(needy)), verdicts=", ".join(named)))


def show_growth(day: date, windows: Sequence[WindowSummary], table: str) -> None:
    """Show growth over the day and over several days, side by side."""
    over_day, over_days = st.columns(2, gap="large")
    name = texts.TABLES[table]
    with over_day:
        st.subheader(texts.GROWTH_OF.format(table=name, day=fmt.day(day)), anchor=False)
        of_day = [window for window in windows if window.day == day]
        rows = [shared_charts.read_rows(window, table) for window in of_day]
        alt = texts.ALT_GROWTH.format(
            table=name, day=fmt.day(day), actual=fmt.number(sum(actual for _, actual in rows)),
            expected=fmt.number(sum(expected for expected, _ in rows)),
        )  # fmt: skip
        figure = shared_charts.draw_growth(of_day, table, theme.palette())
        components.draw_chart(figure, "growth_chart", alt, components.windows_table(of_day, table))
    with over_days:
        st.subheader(texts.DAYS_OF.format(table=name), anchor=False)
        _days(windows, table)


def _days(windows: Sequence[WindowSummary], table: str) -> None:
    days = list(dict.fromkeys(window.day for window in windows))
    expected, actual = dict.fromkeys(days, 0), dict.fromkeys(days, 0)
    for window in windows:
        of_window = shared_charts.read_rows(window, table)
        expected[window.day] += of_window[0]
        actual[window.day] += of_window[1]
    frame = pd.DataFrame({
        texts.DAY: days,
        texts.EXPECTED: list(expected.values()),
        texts.IN_BRONZE: list(actual.values()),
    })  # fmt: skip
    frame[texts.DIFFERENCE] = frame[texts.IN_BRONZE] - frame[texts.EXPECTED]
    figure = bronze_charts.draw_by_day(
        days, list(expected.values()), list(actual.values()), theme.palette()
    )
    alt = texts.ALT_DAYS.format(table=texts.TABLES[table], count=fmt.number(len(days)))
    components.draw_chart(figure, "days_chart", alt, frame)
