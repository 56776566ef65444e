"""Overview: a business day at a glance, and the button that plays one."""

from datetime import date

import streamlit as st

from core import jobs
from core.catalog import DEFAULT_UNITS, load_catalog
from core.generate import DEFAULT_SEED
from core.publish import Request
from core.runs import NewRun
from ui import boot, live, parts, runs, session, summary, texts

boot.guard("overview")

LENGTHS_S = {"0 s": 0, "10 s": 10, "1 min": 60, "2 min": 120, "5 min": 300}  # same in each language


def page() -> None:
    """The day and the button that plays it; below, its state, which follows the work."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = parts.day_input()
        units = st.number_input(
            texts.UNITS, 1, parts.MAX_UNITS, DEFAULT_UNITS, key="sim_units",
            bind="query-params", width=140,
        )  # fmt: skip
        length = st.selectbox(
            texts.LENGTH, list(LENGTHS_S), 2, key="sim_length", help=texts.LENGTH_HELP,
            bind="query-params", width=140,
        )  # fmt: skip
        st.button(
            texts.SIMULATE, type="primary", key="simulate", help=texts.SIMULATE_HELP,
            on_click=session.start, args=(lambda: _simulation(day, units, LENGTHS_S[length]),),
        )  # fmt: skip
    live.follow(lambda: summary.of_day(day, units))
    st.subheader(texts.RECENT_RUNS, anchor=False)
    runs.table()


def _simulation(day: date, units: int, length_s: float) -> NewRun:
    windows = load_catalog().windows
    request = Request((day,), windows, tuple(range(1, units + 1)), DEFAULT_SEED)
    return jobs.simulation(request, length_s / len(windows))


boot.show("overview", page)
