"""One object of the unit that is looked at on Bronze: its lines beside its rows."""

import streamlit as st

from core.lookup import SHOWN_ROWS
from core.reconcile import Line
from ui import bucket, objects, parts, session, texts
from ui.drill import Selection
from ui.theme import badge_colour


def side_by_side(chosen: Selection) -> None:
    """The lines of the file and the rows in Bronze, and what is in quarantine above them."""
    if chosen.unit_id is None:
        st.caption(texts.CELL_HINT)
        return
    tables = {line.table: line for line in chosen.lines}
    if not tables:
        return
    names = [table for table in texts.TABLES if table in tables]
    table = st.segmented_control(
        texts.CELL_TABLE, names, default=names[0], required=True, key="look_table",
        format_func=texts.TABLES.__getitem__, bind="query-params",
    )  # fmt: skip
    line = tables[table or names[0]]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(
            f"{texts.SIGNS[line.verdict]} {texts.VERDICTS[line.verdict]}",
            color=badge_colour(line.verdict),
        )
        st.markdown(f"`{line.name}`", width="content")
        st.page_link(
            "pages/storage.py", label=texts.CELL_IN_STORAGE,
            query_params={"day": line.day.isoformat(), "object": line.name},
        )  # fmt: skip
    if line.detail:
        st.caption(line.detail)
    _quarantine(line)
    left, right = st.columns(2, gap="medium")
    with left:
        _file(line)
    with right:
        st.markdown(f"**{texts.CELL_BRONZE}**")
        objects.bronze_table(line.name)


def _quarantine(line: Line) -> None:
    report = None
    if line.rejected or line.verdict.name == "QUARANTINED":
        report = bucket.report_about(session.settings(), line.name)
    if report:
        objects.report_lines(report)


def _file(line: Line) -> None:
    """The file's lines, each with whether Bronze has it; or that there is no file."""
    st.markdown(f"**{texts.CELL_FILE}**")
    found = bucket.looked_if_there(session.settings(), line.name)
    if found is None:
        st.caption(texts.CELL_NO_FILE)
        return
    holds = found.contents
    if holds.binary or holds.fault:
        objects.as_text(holds)
        return
    rows = bucket.bronze_rows(session.settings(), line.name)
    present = None
    if rows and rows.count <= SHOWN_ROWS:
        present = frozenset(str(row[rows.key]) for row in rows.rows)
    parts.grid(objects.lines_frame(holds, present=present))
