"""One object of the selected unit on Bronze: its lines and its rows side by side."""

import streamlit as st

from core.insight.bronze_rows import SHOWN_ROWS
from core.reconcile.compare import ObjectVerdict
from ui import texts
from ui.bronze.status_map import Selection
from ui.queries import bucket_queries
from ui.shell import session, url_state
from ui.storage import object_view
from ui.style.plain import plain
from ui.style.theme import badge_colour
from ui.widgets import components

_TABLE = url_state.One[str]("look_table", str)


def show_file_beside_rows(chosen: Selection) -> None:
    """Show the file's lines and its rows in Bronze, and above them its quarantine report."""
    if chosen.unit_id is None:
        st.caption(texts.CELL_HINT)
        return
    tables = {line.table: line for line in chosen.lines}
    if not tables:
        return
    names = [table for table in texts.TABLES if table in tables]
    _TABLE.restore(names, names[0])
    st.segmented_control(
        texts.CELL_TABLE, names, required=True, key=_TABLE.key,
        format_func=texts.TABLES.__getitem__,
    )  # fmt: skip
    line = tables[_TABLE.publish(names[0])]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(
            f"{texts.SIGNS[line.verdict]} {texts.VERDICTS[line.verdict]}",
            color=badge_colour(line.verdict),
        )
        st.markdown(plain(line.name), width="content")
        st.page_link(
            "pages/storage.py", label=texts.CELL_IN_STORAGE,
            query_params={"day": line.day.isoformat(), "object": line.name},
        )  # fmt: skip
    if line.detail:
        st.caption(plain(line.detail))
    _quarantine(line)
    left, right = st.columns(2, gap="medium")
    with left:
        _file(line)
    with right:
        st.markdown(f"**{texts.CELL_BRONZE}**")
        object_view.show_bronze_rows(line.name)


def _quarantine(line: ObjectVerdict) -> None:
    report = None
    if line.rejected or line.verdict.name == "QUARANTINED":
        report = bucket_queries.report_about(session.settings(), line.name)
    if report:
        object_view.show_report(report)


def _file(line: ObjectVerdict) -> None:
    """Show the file's lines, each with whether Bronze has it, or that the file is missing."""
    st.markdown(f"**{texts.CELL_FILE}**")
    found = bucket_queries.find_object(session.settings(), line.name)
    if found is None:
        st.caption(texts.CELL_NO_FILE)
        return
    holds = found.contents
    if holds.binary or holds.fault:
        object_view.show_text(holds)
        return
    rows = bucket_queries.rows_of(session.settings(), line.name)
    present = None
    if rows and rows.count <= SHOWN_ROWS:
        present = {str(row[rows.key]): row for row in rows.rows}
    components.draw_table(object_view.lines_frame(holds, present=present))
