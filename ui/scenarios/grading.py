"""The grade of findings against the key of an applied scenario: anybody's, and this pipeline's."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.scenarios.findings_table import FaultFinding, FindingsTable, findings_csv, read_findings
from core.scenarios.grade import Grade, KindGrade, grade_findings
from core.scenarios.kinds import KINDS
from ui import texts
from ui.queries import scenario_queries
from ui.scenarios import records
from ui.shell import actions, error_boundary, session
from ui.style import format as fmt
from ui.style import shared_charts, theme
from ui.style.figure_cache import draw_once
from ui.style.plain import plain
from ui.style.theme import Palette
from ui.widgets import components, paging

_FILE, _OURS = "findings_file", "_graded_here"
_ROW_PX, _FRAME_PX = 26, 90


def show_grades() -> None:
    """Show the choice of an applied scenario, and the grades of findings about it."""
    record = records.choose_record()
    if record is None:
        return
    st.caption(texts.FINDINGS_NOTE)
    uploaded = st.file_uploader(
        texts.FINDINGS, type=["csv", "json"], key=_FILE, help=texts.FINDINGS_HELP, max_upload_size=50
    )
    if uploaded is not None:
        with error_boundary.show_errors("findings"):
            found = read_findings(uploaded.name, uploaded.getvalue(), KINDS)
            _show_ignored(found)
            _show_grade(record, found.findings, texts.GRADE_YOURS_TITLE, "yours")
    actions.button(texts.GRADE_OURS, grade_here, "grade_ours", help=texts.GRADE_OURS_HELP)
    if st.session_state.get(_OURS) == record.name:
        with error_boundary.show_errors("ours"):
            ours = scenario_queries.pipeline_findings(session.settings(), record.name)
            _show_grade(record, ours, texts.GRADE_OURS_TITLE, "ours")


def grade_here() -> None:
    """Grade what this pipeline found about the chosen scenario."""
    st.session_state[_OURS] = records.read_chosen().name
    scenario_queries.pipeline_findings.clear()


def _show_ignored(table: FindingsTable) -> None:
    if table.ignored:
        st.caption(texts.FINDINGS_IGNORED.format(columns=", ".join(table.ignored)))


def _show_grade(
    record: records.Record, findings: Iterable[FaultFinding], title: str, key: str
) -> None:
    grade = grade_findings(scenario_queries.key_of_record(record), findings)
    st.subheader(plain(title), anchor=False)
    total = grade.total
    values = (
        *map(fmt.number, (total.planted, total.found, total.missed, total.invented)),
        _percent(total.precision), _percent(total.recall),
    )  # fmt: skip
    components.draw_figures(zip(texts.GRADE_FIGURES, values, strict=True), f"grade_{key}")
    if not total.missed and not total.invented:
        st.success(texts.GRADE_PERFECT)
    _show_kinds(grade.kinds, total, key)
    if not session.settings().hide_keys:  # what was missed is a part of the key
        _show_list(texts.GRADE_MISSED, [_row(one) for one in grade.missed], f"missed_{key}")
    _show_list(texts.GRADE_INVENTED, [_row(one) for one in grade.invented], f"invented_{key}")


def _percent(share: float | None) -> str:
    return "-" if share is None else fmt.percent(100 * share)
