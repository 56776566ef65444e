"""Bronze: what arrived compared with what was expected, over a day and over several days."""

from datetime import date

import streamlit as st

from core.operations import jobs
from core.warehouse.base import SALES_TABLES
from ui import texts
from ui.bronze import arrivals, file_beside_rows, repair, rhythm, status_map
from ui.shell import actions, boot, live, run_views, session, url_state
from ui.widgets import components

boot.guard("bronze")

_ROWS = url_state.One[str]("rows", str)


def page() -> None:
    """Draw the fields, and below them the part that follows running work."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        components.draw_day()
        days = st.segmented_control(
            texts.DAYS, arrivals.RANGES, default=arrivals.RANGES[0], required=True, key="days",
            bind="query-params",
        )  # fmt: skip
        _ROWS.restore(SALES_TABLES, SALES_TABLES[0])
        st.segmented_control(
            texts.ROWS, SALES_TABLES, required=True, key=_ROWS.key,
            format_func=texts.TABLES.__getitem__,
        )  # fmt: skip
        table = _ROWS.publish(SALES_TABLES[0])
        actions.button(texts.INGEST, ingest, "ingest", help=texts.INGEST_HELP)
    day = components.read_day()
    live.follow(lambda: show_arrivals(day, days or arrivals.RANGES[0], table))


def show_arrivals(day: date, days: int, table: str) -> None:
    """Show the newest run, growth, rhythm, the maps, and the rows of what is selected on them."""
    run_views.draw_latest(repair.KINDS)
    windows, strange = arrivals.read_windows(day, days)
    arrivals.show_attention(windows, strange)
    arrivals.show_growth(day, windows, table)
    rhythm.show_rhythm(day)
    above = st.container()
    chosen = status_map.choose_selection(windows)
    with above:
        status_map.draw_status_map(windows)
    status_map.show_title(chosen)
    repair.draw_buttons(chosen)
    status_map.show_objects(chosen)
    file_beside_rows.show_file_beside_rows(chosen)


def ingest() -> None:
    """Load every new or changed object into Bronze."""
    session.submit(jobs.ingestion())


boot.show("bronze", page)
