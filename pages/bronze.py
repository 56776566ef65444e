"""Bronze: what arrived, against what should have, over the day and the days."""

from datetime import date

import streamlit as st

from core import jobs
from ui import actions, arrivals, boot, cell, drill, live, mend, parts, runs, session, texts

boot.guard("bronze")


def page() -> None:
    """The range on top; what follows it is drawn anew while something runs."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        parts.draw_day()
        days = st.segmented_control(
            texts.DAYS, arrivals.RANGES, default=arrivals.RANGES[0], required=True, key="days",
            bind="query-params",
        )  # fmt: skip
        table = st.segmented_control(
            texts.ROWS, list(texts.TABLES), default="orders", required=True, key="rows",
            format_func=texts.TABLES.__getitem__, bind="query-params",
        )  # fmt: skip
        actions.button(texts.INGEST, ingest, "ingest", help=texts.INGEST_HELP)
    mend.confirm()
    day = parts.day()
    live.follow(lambda: arrived(day, days or arrivals.RANGES[0], table or "orders"))


def arrived(day: date, days: int, table: str) -> None:
    """The newest work, growth, the maps, and what is selected on them down to its rows."""
    if mend.asked():  # a dialog is opened by the page, not by this part
        st.rerun()
    runs.latest(mend.KINDS)
    windows, strange = arrivals.until(day, days)
    arrivals.attention(windows, strange)
    arrivals.growth(day, windows, table)
    drill.status_map(windows)
    chosen = drill.choose(windows)
    drill.title(chosen)
    mend.buttons(chosen)
    drill.objects(chosen)
    cell.side_by_side(chosen)


def ingest() -> None:
    """Take every new or changed object to Bronze."""
    session.start(jobs.ingestion())


boot.show("bronze", page)
