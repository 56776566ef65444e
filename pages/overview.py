"""Overview: a business day at a glance, and the button that simulates one."""

import streamlit as st

from core.generation.catalog import DEFAULT_UNITS, load_catalog
from core.generation.orders import DEFAULT_SEED
from core.operations import jobs
from core.storage.publish import Request
from ui import overview, texts
from ui.shell import actions, boot, live, run_views, session
from ui.widgets import components
from ui.widgets.fields import Whole

boot.guard("overview")

LENGTHS_S = {"0 s": 0, "10 s": 10, "1 min": 60, "2 min": 120, "5 min": 300}  # same in each language
_UNITS, _LENGTH = Whole("sim_units", 1, components.MAX_UNITS, DEFAULT_UNITS), "sim_length"


def page() -> None:
    """Draw the day, the button that simulates it, and its state, which follows running work."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        components.draw_day()
        _UNITS.draw(texts.UNITS, width=140)
        st.selectbox(
            texts.LENGTH, list(LENGTHS_S), 2, key=_LENGTH, help=texts.LENGTH_HELP,
            bind="query-params", width=190,
        )  # fmt: skip
        actions.button(texts.SIMULATE, simulate, "simulate", type="primary",
                       help=texts.SIMULATE_HELP)  # fmt: skip
    day, units = components.read_day(), _UNITS.value(texts.UNITS)
    live.follow(lambda: overview.show_day(day, units))
    st.subheader(texts.RECENT_RUNS, anchor=False)
    run_views.draw_table()


def simulate() -> None:
    """Simulate the business day."""
    windows = load_catalog().windows
    units = tuple(range(1, _UNITS.value(texts.UNITS) + 1))
    request = Request((components.read_day(),), windows, units, DEFAULT_SEED)
    length_s = LENGTHS_S[st.session_state[_LENGTH]]
    session.submit(jobs.simulation(request, length_s / len(windows)))


boot.show("overview", page)
