"""Runs on a page: the one at work, how the last one ended, what failed, and the list of them."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.runs import Run, RunState
from ui import format as fmt
from ui import session, texts

_OVERWRITABLE = ("generate", "upload", "simulate")
_ASKED = "_overwrite_asked"
_FAILURES_SHOWN = 3
_RUNS_SHOWN = 10


def latest(kinds: Sequence[str]) -> Run | None:
    """The newest run of some kinds, drawn; a progress bar, a result or an error."""
    run = next(iter(session.history().recent(1, kinds)), None)
    if run:
        draw(run)
    return run


def draw(run: Run) -> None:
    """One run: its progress while it is active, else how it ended."""
    if run.active:
        share = run.done / run.total if run.total else 0.0
        doing = run.doing or texts.RUN_WAITING
        st.progress(min(share, 1.0), text=f"**{run.title}** · {doing}")
    elif run.state is RunState.SUCCEEDED:
        st.success(run.result)
    else:
        _failure(run, "latest")
    _log(run)


def failures() -> None:
    """Runs that failed and were not tried again, first on a page."""
    for run in session.history().unresolved(_FAILURES_SHOWN):
        _failure(run, "failures")


def table() -> None:
    """The newest runs as a table."""
    runs = session.history().recent(_RUNS_SHOWN)
    if not runs:
        st.caption(texts.NO_RUNS)
        return
    rows = [
        (run.id, run.title, texts.RUN_STATES[run.state], fmt.moment(run.created_at), _took(run),
         run.result or run.error)
        for run in runs
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(rows, columns=list(texts.RUN_COLUMNS)), hide_index=True)


def _failure(run: Run, place: str) -> None:
    st.error(
        texts.FAILED_TITLE.format(
            title=run.title, state=texts.RUN_STATES[run.state], error=run.error
        )
    )
    with st.container(horizontal=True):
        st.button(
            texts.RETRY, key=f"retry_{place}_{run.id}",
            on_click=session.retry, args=(run.id,),
        )  # fmt: skip
        # A mix of bulk and incremental data is another type of error: overwriting is no way there.
        if run.kind in _OVERWRITABLE and run.error_type == "ConflictError":
            st.button(
                texts.OVERWRITE, key=f"overwrite_{place}_{run.id}",
                on_click=_ask_to_overwrite, args=(run.id,),
            )  # fmt: skip


def _ask_to_overwrite(run_id: int) -> None:
    st.session_state[_ASKED] = run_id


def confirm() -> None:
    """Open the dialog that was asked for; from the page itself, before its live part.

    A dialog that the live part opens would be closed by its next drawing.
    """
    run = session.history().find(st.session_state.pop(_ASKED, 0))
    if run:
        st.dialog(texts.OVERWRITE_TITLE)(_confirm_overwrite)(run)


def asked() -> bool:
    """Whether a dialog waits to be opened."""
    return _ASKED in st.session_state


def _confirm_overwrite(run: Run) -> None:
    to_folder = run.kind == "generate"
    place, consequence = texts.OVERWRITE_FOLDER if to_folder else texts.OVERWRITE_BUCKET
    st.write(f"**{run.title}**")
    st.write(texts.OVERWRITE_BODY.format(place=place, consequence=consequence))
    with st.container(horizontal=True):
        confirmed = st.button(
            texts.OVERWRITE_CONFIRM, type="primary", key="overwrite_confirm",
            on_click=session.retry, args=(run.id, True),
        )  # fmt: skip
        if st.button(texts.CANCEL, key="overwrite_cancel") or confirmed:
            st.rerun()


def _log(run: Run) -> None:
    label = texts.RUN_LINE.format(
        run=run.id, state=texts.RUN_STATES[run.state], when=fmt.moment(run.created_at),
        took=_took(run),
    )  # fmt: skip
    with st.expander(label, key=f"log_{run.id}"):
        st.caption(run.title)
        lines = session.history().log_lines(run.id)
        if lines:
            text = "\n".join(f"{fmt.clock(line.at)}  {line.text}" for line in lines)
            st.code(text, language=None)


def _took(run: Run) -> str:
    begun = run.started_at or run.created_at
    return fmt.duration((run.finished_at or session.now()) - begun)
