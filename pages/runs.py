"""Runs: everything that was started, what became of it, and backfill over a range of dates."""

import streamlit as st

from ui.runs import backfill_form, run_history
from ui.shell import boot, live, run_views

boot.guard("runs")


def page() -> None:
    """The history, or the form of a backfill with its plan; each follows the work."""
    view = run_history.choose_view()
    if view == "backfill":
        above = st.container()
        live.follow(
            backfill_form.draw_progress
        )  # first, since it forgets what is not true any more
        with above:
            backfill_form.draw_form()
    else:
        live.follow(show_history)


def show_history() -> None:
    """Failures first, then what is at work, the list, the run that is looked at, and calls."""
    run_views.draw_failures()
    run_history.draw_active()
    run_history.draw_table()
    run_history.draw_detail()
    run_history.draw_calls()


boot.show("runs", page)
