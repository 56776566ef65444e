"""Runs: the history of runs with their results, and backfill over a range of dates."""

import streamlit as st

from ui.runs import backfill_form, run_history
from ui.shell import boot, live, run_views

boot.guard("runs")


def page() -> None:
    """Draw the history, or the backfill form with its plan; both follow running work."""
    view = run_history.choose_view()
    if view == "backfill":
        above = st.container()
        live.follow(backfill_form.draw_progress)  # first, because it drops outdated answers
        with above:
            backfill_form.draw_form()
    else:
        live.follow(show_history)


def show_history() -> None:
    """Show failures, active runs, the list, the selected run, and calls."""
    run_views.draw_failures()
    run_history.draw_active()
    run_history.draw_table()
    run_history.draw_detail()
    run_history.draw_calls()


boot.show("runs", page)
