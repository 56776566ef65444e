"""Runs: everything that was started, what became of it, and backfill over a range of dates."""

import streamlit as st

from ui.runs import backfill
from ui.runs import history as run_history
from ui.shell import boot, live, run_views

boot.guard("runs")


def page() -> None:
    """The history, or the form of a backfill with its plan; each follows the work."""
    view = run_history.view()
    if view == "backfill":
        above = st.container()
        live.follow(backfill.progress)  # first, since it forgets what is not true any more
        with above:
            backfill.form()
    else:
        live.follow(history)


def history() -> None:
    """Failures first, then what is at work, the list, the run that is looked at, and calls."""
    run_views.failures()
    run_history.active()
    run_history.table()
    run_history.detail()
    run_history.calls()


boot.show("runs", page)
