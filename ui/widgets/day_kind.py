"""What kind of day a date is for people, with its orders against an ordinary week."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from core.generation.catalog import Window, load_catalog
from core.generation.rhythm.kind_of_day import ExpectedOrders, expected_orders, kind_of_day
from ui import texts
from ui.style import format as fmt
from ui.style.plain import plain
from ui.style.sentences import sentence
from ui.widgets import components


def show_kind_of_day(
    day: date, windows: Sequence[Window], units: int, seed: int | None, *, named: bool = False
) -> None:
    """Show the kind of a date, which `named` puts before it, and compare the orders to expect.

    Without a seed they are those without the weather.
    """
    found = kind_of_day(day, load_catalog())
    kind: str = plain(found.what)
    for name in found.campaigns:
        kind = texts.KIND_WITH_CAMPAIGN.format(kind=kind, name=name)
    st.markdown(texts.KIND_OF.format(day=fmt.day(day), kind=kind) if named else kind)
    st.caption(plain(_expected(day, _hours(windows), units, seed).describe(units)))


def show_kinds_of_days(
    days: Sequence[date], windows: Sequence[Window], units: int, seed: int
) -> None:
    """Show the kind of the first date, and a table of all dates if they are several."""
    several = len(days) > 1
    show_kind_of_day(days[0], windows, units, seed, named=several)
    if not several:
        return
    rows = []
    for day in days:
        orders = _expected(day, _hours(windows), units, seed)
        kind = sentence(kind_of_day(day, load_catalog()).sentence)
        rows.append((day, kind, round(orders.orders), round(orders.ordinary)))
    with st.expander(texts.KINDS_OF_DAYS):
        components.draw_table(pd.DataFrame(rows, columns=list(texts.KIND_COLUMNS)))


@st.cache_data(max_entries=256, show_spinner=False)
def _expected(day: date, hours: Sequence[int], units: int, seed: int | None) -> ExpectedOrders:
    catalog = load_catalog()
    windows = [window for window in catalog.windows if window.start_hour in hours]
    return expected_orders(day, windows, range(1, units + 1), seed, catalog)


def _hours(windows: Sequence[Window]) -> tuple[int, ...]:
    return tuple(window.start_hour for window in windows)
