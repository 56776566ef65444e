"""The history of runs: those that are active, the list with its filters, and one run in detail."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from core.gcp.function_logs import FUNCTIONS, LogLine
from core.generation.catalog import load_catalog
from core.generation.windows import window_at, window_start
from core.operations import jobs
from core.operations.runs import Run, RunFilter, RunState
from ui import texts
from ui.queries import warehouse_queries
from ui.shell import actions, error_boundary, run_views, session, url_state
from ui.style import format as fmt
from ui.style.plain import plain
from ui.style.sentences import sentence
from ui.widgets import components, conflicts
from ui.widgets.table_columns import columns_of

_RUN = "run"  # number of the run that is shown, also in the page's address
_SHOWN = "_runs_shown"
_PAGE_RUNS = 20
_FILTER_PX = 230
_CALLS = 100
_TICK_LATE = timedelta(minutes=5)  # a tick's call, with its retries of the first minutes
_COMMAND_LINES, _COMMAND_PX = 8, 220


def choose_view() -> str:
    """Draw the choice of `history` or `backfill`, which the page's address keeps, and return it."""
    views = list(texts.RUN_VIEWS)
    url_state.set_default("view", url_state.read("view", views, views[:1])[0])
    chosen = st.segmented_control(
        texts.RUN_VIEW, views, key="view", required=True, label_visibility="collapsed",
        format_func=texts.RUN_VIEWS.__getitem__,
    )  # fmt: skip
    url_state.write("view", [chosen or views[0]], views[:1])
    return chosen or views[0]


def draw_active() -> None:
    """Draw each active run, with its progress and the button that cancels it."""
    found = session.history().list_active()
    if not found:
        return
    st.subheader(texts.RUN_ACTIVE, anchor=False)
    for run in found:
        run_views.draw_run(run)
        run_views.draw_cancel_button(run, "active")


def draw_table() -> None:
    """Draw the newest runs that the filters let through, and the button for more."""
    st.subheader(texts.RUN_HISTORY, anchor=False)
    wanted = _draw_filters()
    shown = st.session_state.get(_SHOWN, _PAGE_RUNS)
    found = session.history().search(wanted, shown + 1, sentence)
    if not found:
        st.info(texts.RUN_EMPTY if wanted == RunFilter() else texts.RUN_NONE_SUCH)
        return
    listed = found[:shown]
    # The selection is of a place in the table: with other rows it would be of another run.
    key = f"runs_{listed[0].id}_{listed[-1].id}_{len(listed)}"
    rows = _make_rows(listed)
    st.dataframe(
        rows, hide_index=True, key=key, selection_mode="single-row",
        on_select=lambda: _select(key, [run.id for run in listed]),
        column_config={
            **columns_of(rows), texts.RUN_LIST_COLUMNS[1]: st.column_config.Column(width="large"),
            texts.RUN_LIST_COLUMNS[-1]: st.column_config.Column(width="large"),
        },
    )  # fmt: skip
    if len(found) > shown:
        actions.button(texts.RUN_MORE, show_more, "more_runs")


def draw_detail() -> None:
    """Draw all details of the run whose number is in the page's address."""
    number = st.number_input(
        texts.RUN_NUMBER, 1, value=None, step=1, key=_RUN, bind="query-params",
        help=texts.RUN_NUMBER_HELP, width=180,
    )  # fmt: skip
    if number is None:
        st.caption(texts.RUN_SELECT)
        return
    run = session.history().find(number)
    if run is None:
        st.info(texts.RUN_UNKNOWN.format(run=number))
        return
    st.subheader(texts.RUN_TITLE.format(run=run.id), anchor=False)
    st.markdown(f"**{plain(run.title)}**")
    _draw_figures(run)
    _draw_ending(run)
    draw_windows(run)
    _draw_parameters(run)
    st.markdown(f"**{texts.RUN_LOG}**")
    if not run_views.draw_log(run):
        st.caption(texts.RUN_NO_LOG)
    _draw_commands(run)


def draw_windows(run: Run) -> None:
    """Draw how each window of a backfill ended, those that failed first."""
    reports = run.details.get("windows")
    if not reports:
        return
    rows = [
        (window["claim"], window["orders"],
         texts.RUN_WINDOW_FAILED if window["error"] else texts.RUN_WINDOW_DONE,
         sentence(window["error"]))
        for window in sorted(reports, key=lambda window: not window["error"])
    ]  # fmt: skip
    st.markdown(f"**{texts.RUN_WINDOWS}**")
    components.draw_table(pd.DataFrame(rows, columns=list(texts.RUN_WINDOW_COLUMNS)))


def draw_calls() -> None:
    """On Google Cloud, draw the calls of data-generator."""
    if not session.is_on_cloud():
        return
    st.subheader(texts.RUN_CALLS, anchor=False)
    st.caption(texts.RUN_CALLS_NOTE)
    with error_boundary.show_errors("calls"):
        lines = warehouse_queries.function_log(session.settings(), FUNCTIONS[0], _CALLS)
        rows = [_make_call_row(line) for line in lines if {"status", "error"} & line.fields.keys()]
        if rows:
            frame = pd.DataFrame(rows, columns=list(texts.RUN_CALL_COLUMNS))
            st.dataframe(frame, hide_index=True, key="calls", column_config=columns_of(frame))
        else:
            st.caption(texts.RUN_NO_CALLS)


def _draw_filters() -> RunFilter:
    with st.container(horizontal=True):
        states = _choose_some(texts.RUN_FILTER_STATE, "state", texts.RUN_STATES)
        kinds = _choose_some(texts.RUN_FILTER_KIND, "kind", texts.RUN_KINDS)
        who = _choose_some(texts.RUN_FILTER_WHO, "who", texts.RUN_WHO)
        text = st.text_input(
            texts.RUN_FILTER_TEXT, key="text", help=texts.RUN_FILTER_TEXT_HELP,
            bind="query-params", width=_FILTER_PX,
        )  # fmt: skip
    return RunFilter(states, kinds, who, text.strip())


def _choose_some(label: str, key: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Draw a choice of options, kept in the address, and return them; none chosen means all."""
    options = list(names)
    url_state.set_default(key, url_state.read(key, options))
    chosen = st.multiselect(
        plain(label), options, key=key, format_func=names.__getitem__, placeholder=texts.RUN_ALL,
        width=_FILTER_PX,
    )  # fmt: skip
    url_state.write(key, chosen)
    return tuple(chosen)


def _make_rows(listed: Sequence[Run]) -> pd.DataFrame:
    rows = [
        (run.id, sentence(run.title), texts.RUN_KINDS.get(run.kind, run.kind),
         texts.RUN_STATES[run.state], _who_text(run.who), fmt.in_table(run.created_at),
         run_views.duration_text(run),
         run_views.outcome_text(run))
        for run in listed
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(texts.RUN_LIST_COLUMNS))


def _who_text(who: str) -> str:
    """What started a run, in the viewer's language, and who was signed in."""
    what, *person = who.split(" ", 1)
    return " ".join([texts.RUN_WHO.get(what, what), *person])


def _select(key: str, ids: Sequence[int]) -> None:
    chosen = st.session_state[key].selection.rows
    st.session_state[_RUN] = ids[chosen[0]] if chosen else None


def show_more() -> None:
    """List another page of runs."""
    st.session_state[_SHOWN] = st.session_state.get(_SHOWN, _PAGE_RUNS) + _PAGE_RUNS


def _draw_figures(run: Run) -> None:
    steps = texts.RUN_STEPS_OF.format(done=fmt.number(run.done), total=fmt.number(run.total))
    rows = [
        (texts.RUN_STATE, texts.RUN_STATES[run.state]), (texts.RUN_BY, _who_text(run.who)),
        (texts.RUN_STARTED, fmt.moment(run.created_at)),
        (texts.RUN_TOOK, run_views.duration_text(run)),
        *([(texts.RUN_STEPS, steps)] if run.total else []),
    ]  # fmt: skip
    components.draw_figures(rows, "run_figures")


def _draw_ending(run: Run) -> None:
    found = conflicts.find_conflict(run)
    if run.state is RunState.SUCCEEDED:
        st.success(plain(run.result))
    elif run.state is RunState.CANCELLED:
        st.warning(plain(run_views.outcome_text(run)))
    elif not run.is_active:
        if found:
            st.warning(plain(conflicts.describe_conflict(run, found)))
        else:
            st.error(plain(run.error))
        if run.dismissed:
            st.caption(plain(texts.DISMISSED_BY.format(who=_who_text(run.dismissed))))
    with st.container(horizontal=True):
        if run.is_active:
            run_views.draw_cancel_button(run, "detail")
        else:
            if found:
                conflicts.draw_seed_button(run, found, "detail", None)
            run_views.draw_retry_buttons(run, "detail")


def _draw_parameters(run: Run) -> None:
    rows = [
        (name, _text(value))
        for name, value in run.parameters.items()
        if name != "steps" and value is not None  # steps are the windows, drawn above
    ]
    if rows:
        st.markdown(f"**{texts.RUN_PARAMETERS}**")
        frame = pd.DataFrame(rows, columns=list(texts.RUN_PARAMETER_COLUMNS))
        st.dataframe(frame, hide_index=True, key=f"parameters_{run.id}")


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return value if isinstance(value, str) else json.dumps(value)


def _draw_commands(run: Run) -> None:
    lines = jobs.list_commands(run, load_catalog())
    st.markdown(f"**{texts.RUN_COMMAND}**")
    if lines:
        st.code(
            "\n".join(lines), language=None, wrap_lines=True,
            height=_COMMAND_PX if len(lines) > _COMMAND_LINES else "content",
        )  # fmt: skip
    else:
        st.caption(texts.RUN_NO_COMMAND)


def _make_call_row(line: LogLine) -> tuple[str | datetime, ...]:
    """Return a call as a row; what a line does not say is left empty."""
    known = line.fields

    def number(name: str) -> str:
        return fmt.number(known[name]) if name in known else ""

    took = known.get("duration_ms")
    return (
        fmt.in_table(line.time), texts.RUN_WHO[_find_caller(line.time)],
        f"{known.get('date', '')} {known.get('window', '')}".strip(),
        str(known.get("status", line.text)),
        number("units"), number("orders"), number("items"), number("objects_created"),
        "" if took is None else fmt.duration(timedelta(milliseconds=took)),
    )  # fmt: skip


def _find_caller(moment: datetime) -> str:
    """Return who made a call: the schedule if a tick was just before; the log does not say."""
    found = window_at(moment, load_catalog())
    late = moment - window_start(*found) if found else None
    return "scheduler" if late is not None and late <= _TICK_LATE else "function"
