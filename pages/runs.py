"""Runs: everything that was started, what became of it, and backfill over a range of dates."""

import streamlit as st

from ui import backfill, boot, live, run_history, runs

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
    runs.failures()
    run_history.active()
    run_history.table()
    run_history.detail()
    run_history.calls()


boot.show("runs", page)
