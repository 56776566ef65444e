"""Overview: a business day at a glance, and the button that simulates one."""

import streamlit as st

from core.generation.catalog import DEFAULT_UNITS, load_catalog
from core.generation.orders import DEFAULT_SEED
from core.operations import jobs
from core.storage.publish import Request
from ui import overview, texts
from ui.shell import actions, boot, live, run_views, session
from ui.widgets import components, speed
from ui.widgets.fields import Whole

boot.guard("overview")

_UNITS = Whole("sim_units", 1, components.MAX_UNITS, DEFAULT_UNITS)


def page() -> None:
    """Draw the day, the button that simulates it, and its state, which follows running work."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        components.draw_day()
        _UNITS.draw(texts.UNITS, width=140)
        speed.draw_speed()
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
    session.submit(jobs.simulation(request, speed.read_pause_s(len(windows))))


boot.show("overview", page)
