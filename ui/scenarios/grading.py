"""The grade of findings against the key of an applied scenario: anybody's, and this pipeline's."""

from collections.abc import Iterable, Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.operations.scenarios import Record
from core.scenarios.findings_table import FaultFinding, findings_csv, read_findings
from core.scenarios.grade import Grade, KindGrade, grade_findings
from core.scenarios.key import KeyEntry
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
_MOST_MB = 50
_ROW_PX, _FRAME_PX = 26, 90


def show_grades() -> None:
    """Show the choice of an applied scenario, and the grades of findings about it."""
    record = records.choose_record()
    if record is None:
        return
    st.caption(texts.FINDINGS_NOTE)
    uploaded = st.file_uploader(
        texts.FINDINGS, type=["csv", "json"], key=_FILE, help=texts.FINDINGS_HELP,
        max_upload_size=_MOST_MB,
    )  # fmt: skip
    if uploaded is not None:
        with error_boundary.show_errors("findings"):
            found = read_findings(uploaded.name, uploaded.getvalue(), KINDS)
            if found.ignored:
                st.caption(texts.FINDINGS_IGNORED.format(columns=", ".join(found.ignored)))
            _show_grade(record, found.findings, texts.GRADE_YOURS_TITLE, "yours")
    with st.container(horizontal=True):
        actions.button(texts.GRADE_OURS, grade_here, "grade_here", help=texts.GRADE_OURS_HELP)
    if st.session_state.get(_OURS) == record.name:
        with error_boundary.show_errors("ours"):
            ours = scenario_queries.findings(session.settings(), record.name)
            _show_grade(record, ours, texts.GRADE_OURS_TITLE, "ours")
            _draw_download()


def grade_here() -> None:
    """Grade what this pipeline finds about the chosen scenario."""
    st.session_state[_OURS] = records.read_chosen().name
    scenario_queries.findings.clear()


def read_findings_here() -> Sequence[FaultFinding]:
    """Return what this pipeline finds about the chosen scenario."""
    return scenario_queries.findings(session.settings(), records.read_chosen().name)


def make_csv(found: Sequence[FaultFinding]) -> bytes:
    """Return findings as CSV."""
    return findings_csv(found).encode()


def _draw_download() -> None:
    actions.download(
        texts.FINDINGS_DOWNLOAD, read_findings_here, make_csv, "findings_csv",
        file_name="findings.csv", mime="text/csv",
    )  # fmt: skip


def _show_grade(record: Record, findings: Iterable[FaultFinding], title: str, key: str) -> None:
    grade = grade_findings(scenario_queries.key_of(record.scenario, record.request), findings)
    st.subheader(plain(title), anchor=False)
    _show_figures(grade, key)
    if not grade.total.missed and not grade.total.invented:
        st.success(texts.GRADE_PERFECT)
    if grade.kinds:
        _show_kinds(grade.kinds, grade.total, key)
    if not session.settings().hide_keys:  # what was missed is a part of the key
        _show_list(texts.GRADE_MISSED, grade.missed, f"missed_{key}")
    _show_list(texts.GRADE_INVENTED, grade.invented, f"invented_{key}")


def _show_figures(grade: Grade, key: str) -> None:
    total = grade.total
    counts = map(fmt.number, (total.planted, total.found, total.missed, total.invented))
    values = (*counts, _percent(total.precision), _percent(total.recall))
    components.draw_figures(zip(texts.GRADE_FIGURES, values, strict=True), f"grade_{key}")


def _percent(share: float | None) -> str:
    return "-" if share is None else fmt.percent(100 * share)


def _show_kinds(kinds: Sequence[KindGrade], total: KindGrade, key: str) -> None:
    alt = texts.GRADE_CHART_ALT.format(
        found=fmt.number(total.found), planted=fmt.number(total.planted),
        invented=fmt.number(total.invented),
    )  # fmt: skip
    rows = [
        (one.kind, one.planted, one.found, one.missed, one.invented, _of_100(one.precision),
         _of_100(one.recall))
        for one in kinds
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(texts.GRADE_COLUMNS))
    components.draw_chart(_draw_kinds(kinds, theme.palette()), f"kinds_{key}", alt, table)


def _of_100(share: float | None) -> float | None:
    return None if share is None else 100 * share


@draw_once
def _draw_kinds(kinds: Sequence[KindGrade], colours: Palette) -> go.Figure:
    """Draw found, missed and invented faults of each kind, side by side in a bar."""
    _, _, found, missed, invented, *_ = texts.GRADE_COLUMNS
    figure = go.Figure()
    for name, values, colour in (
        (found, [one.found for one in kinds], colours.by_name["green"]),
        (missed, [one.missed for one in kinds], colours.by_name["red"]),
        (invented, [one.invented for one in kinds], colours.by_name["orange"]),
    ):
        figure.add_bar(
            x=values, y=[one.kind for one in kinds], orientation="h", name=name,
            marker_color=colour, hovertemplate="%{y}: %{x:,d}",
        )  # fmt: skip
    height = _FRAME_PX + _ROW_PX * len(kinds)
    shared_charts.finish(figure, colours, height, unified=False)
    figure.update_layout(barmode="stack", bargap=0.25, legend_traceorder="normal")
    figure.update_xaxes(tickformat=",d", gridcolor=colours.grid)
    return figure.update_yaxes(type="category", autorange="reversed", showgrid=False)


def _show_list(title: str, found: Sequence[KeyEntry] | Sequence[FaultFinding], key: str) -> None:
    if not found:
        return
    with st.expander(texts.GRADE_LIST.format(title=title, count=fmt.number(len(found)))):
        shown: Sequence[KeyEntry | FaultFinding] = paging.take_page([*found], f"{key}_page")
        rows = [(one.kind, one.object, one.line or None, one.id) for one in shown]
        frame = pd.DataFrame(rows, columns=list(texts.GRADE_FINDING_COLUMNS))
        components.draw_table(frame.astype({texts.GRADE_FINDING_COLUMNS[2]: "Int64"}))
