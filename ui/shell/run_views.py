"""Runs on a page: the active one, how the last one ended, what failed, and a list."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import pandas as pd
import streamlit as st

from core.generation.catalog import load_catalog
from core.operations import jobs
from core.operations.runs import Run, RunState
from ui import texts
from ui.shell import actions, dialogs, session
from ui.style import format as fmt
from ui.style import relative_time
from ui.style.plain import plain
from ui.style.sentences import sentence
from ui.widgets import conflicts
from ui.widgets.table_columns import columns_of

_OVERWRITABLE = ("generate", "upload", "simulate", "backfill", "scenario")
_OF_SCENARIO = "scenario.applied_already"  # the conflict that overwriting cannot end
_FAILURES_SHOWN = 3
_FILES_PER_CELL = 2
_RUNS_SHOWN = 10
_LOG_LINES, _LOG_PX = 12, 300  # a longer log scrolls
_LOG_SHOWN = 200  # its newest lines
_PRESENT = timedelta(minutes=10)  # how long a result is shown as a present one


def draw_latest(
    kinds: Sequence[str],
    like: Mapping[str, object] | None = None,
    use_seed: Callable[[int], None] | None = None,
) -> Run | None:
    """Draw the newest run of some kinds: its progress bar, result or error.

    It gets one line if it ended a while ago or if parameters differ from `like`, those of the page:
    its result is not that of the fields.
    """
    run = next(iter(session.history().list_recent(1, kinds)), None)
    if run and (run.is_active or _is_like(run, like or {})):
        draw_by_age(run, use_seed)
    elif run:
        _draw_past(run)
    return run


def draw_by_age(run: Run, use_seed: Callable[[int], None] | None = None) -> None:
    """Draw a run, in one line if it ended a while ago and no failure waits."""
    ended = run.finished_at or run.created_at
    waits = run.has_failed and not run.dismissed
    if run.is_active or waits or session.now() - ended < _PRESENT:
        draw_run(run, use_seed)
    else:
        _draw_past(run)


def _is_like(run: Run, like: Mapping[str, object]) -> bool:
    return all(run.parameters.get(name, value) == value for name, value in like.items())


def _draw_past(run: Run) -> None:
    when = relative_time.age(run.finished_at or run.created_at, session.now())
    state = f"{texts.RUN_STATES[run.state]} {when}"
    st.caption(f"{plain(run.title)} · {plain(state)}. {plain(outcome_text(run))}")


def draw_run(run: Run, use_seed: Callable[[int], None] | None = None) -> None:
    """Draw the progress of an active run, or how the run ended."""
    if run.is_active:
        share = run.done / run.total if run.total else 0.0
        st.progress(min(share, 1.0), text=f"**{plain(run.title)}** · {plain(_step_text(run))}")
    elif run.state is RunState.SUCCEEDED:
        st.success(f"**{plain(run.title)}** · {plain(run.result)}")
    elif run.state is RunState.CANCELLED:
        st.warning(f"**{plain(run.title)}** · {plain(outcome_text(run))}")
    else:
        _draw_failure(run, "latest", use_seed)
    _draw_log_expander(run)


def _step_text(run: Run) -> str:
    doing = sentence(run.doing) or texts.RUN_WAITING
    left_s = run.left_s(session.now())
    if left_s is None:
        return doing
    left = fmt.duration(timedelta(seconds=left_s))
    return texts.RUN_LEFT.format(
        doing=doing, done=fmt.number(run.done), total=fmt.number(run.total), left=left
    )


def outcome_text(run: Run) -> str:
    """Return how a run ended, in the viewer's language."""
    if run.state is RunState.CANCELLED:
        return texts.RUN_CANCELLED
    return sentence(run.result or run.error)


def draw_failures() -> None:
    """Draw the failed runs that still need a person."""
    for run in session.history().list_unresolved(_FAILURES_SHOWN):
        _draw_failure(run, "failures")


def draw_table() -> None:
    """Draw the newest runs as a table."""
    runs = session.history().list_recent(_RUNS_SHOWN)
    if not runs:
        st.caption(texts.NO_RUNS)
        return
    rows = [
        (run.id, sentence(run.title), texts.RUN_STATES[run.state], fmt.in_table(run.created_at),
         duration_text(run), outcome_text(run))
        for run in runs
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(texts.RUN_COLUMNS))
    st.dataframe(frame, hide_index=True, column_config=columns_of(frame))


def _draw_failure(run: Run, place: str, use_seed: Callable[[int], None] | None = None) -> None:
    found = conflicts.find_conflict(run)
    if found:
        st.warning(plain(conflicts.describe_conflict(run, found)))
        with st.container(horizontal=True, vertical_alignment="center"):
            conflicts.draw_seed_button(run, found, place, use_seed)
            draw_retry_buttons(run, place)
        return
    st.error(
        texts.FAILED_TITLE.format(
            title=run.title, state=texts.RUN_STATES[run.state], error=run.error
        )
    )
    with st.container(horizontal=True):
        draw_retry_buttons(run, place)


def draw_retry_buttons(run: Run, place: str) -> None:
    """Draw the buttons that do a run's work again, or dismiss its failure."""
    is_conflict = run.kind in _OVERWRITABLE and run.error_type == conflicts.ERROR
    if not is_conflict:  # a retry would meet the same data
        actions.button(texts.RETRY, session.retry, f"retry_{place}_{run.id}", of=run.id)
    if run.has_failed and not run.dismissed:
        actions.button(texts.DISMISS, session.dismiss, f"dismiss_{place}_{run.id}", of=run.id)
    # A mix of bulk and incremental data is another type of error, which overwriting cannot end.
    if is_conflict and getattr(run.error, "code", "") != _OF_SCENARIO:
        label = conflicts.label_replacement(run) or texts.OVERWRITE
        actions.button(label, ask_overwrite, f"overwrite_{place}_{run.id}", of=run.id)


def draw_cancel_button(run: Run, place: str) -> None:
    """Draw the button that ends an active run, after a dialog."""
    if run.state is RunState.CANCELLING:
        return
    label = texts.RUN_CANCEL.format(run=run.id)
    actions.button(label, ask_cancel, f"cancel_{place}_{run.id}", of=run.id)


def ask_overwrite(run_id: int) -> None:
    """Ask whether a run may overwrite."""
    dialogs.ask(_confirm_overwrite, run_id)


def ask_remove(run_id: int) -> None:
    """Ask whether to remove what a run made."""
    dialogs.ask(_confirm_remove, run_id)


def ask_cancel(run_id: int) -> None:
    """Ask whether to end a run."""
    dialogs.ask(_confirm_cancel, run_id)


def overwrite(run_id: int) -> None:
    """Do a run's work again, over existing data."""
    session.retry(run_id, overwrite=True)


def _confirm_overwrite(run_id: int) -> None:
    run = session.history().find(run_id)
    if run is None:
        return
    places = texts.OVERWRITE_FOLDER if run.kind == "generate" else texts.OVERWRITE_BUCKET
    body = texts.OVERWRITE_BODY.format(place=places[0], consequence=places[1])
    title, label = texts.OVERWRITE_TITLE, texts.OVERWRITE_CONFIRM
    dialogs.show(title, _body(run, body), label, overwrite, "overwrite", of=run.id)


def _body(run: Run, text: str) -> Callable[[], None]:
    def draw() -> None:
        st.write(f"**{plain(run.title)}**")
        st.write(plain(text))

    return draw


def remove(run_id: int) -> None:
    """Remove what a run made."""
    run = session.history().find(run_id)
    if run:
        request = jobs.request_of(run.parameters, load_catalog())
        session.submit(jobs.removal(request, run.details.get("made", {})))


def _confirm_remove(run_id: int) -> None:
    run = session.history().find(run_id)
    if run is None:
        return
    made = run.details.get("made", {}).values()
    count = fmt.number(_FILES_PER_CELL * sum(map(len, made)))
    body, label = texts.REMOVE_BODY.format(count=count), texts.REMOVE_CONFIRM.format(count=count)
    dialogs.show(texts.REMOVE_TITLE, _body(run, body), label, remove, "remove", of=run.id)


def _confirm_cancel(run_id: int) -> None:
    run = session.history().find(run_id)
    if run is None:
        return
    label = texts.RUN_CANCEL.format(run=run.id)
    dialogs.show(
        texts.RUN_CANCEL_TITLE, _body(run, texts.RUN_CANCEL_BODY), label, session.cancel, "cancel",
        of=run.id, stay=texts.RUN_GO_ON,
    )  # fmt: skip


def _draw_log_expander(run: Run) -> None:
    # A label that changed would be that of another expander, which is closed.
    label = texts.RUN_LINE.format(run=run.id, when=fmt.moment(run.created_at))
    with st.expander(label, key=f"log_{run.id}", on_change="rerun") as expander:
        st.caption(
            f"{plain(run.title)} · {texts.RUN_STATES[run.state]} · {plain(duration_text(run))}"
        )
        if expander.open:  # else it would be read, and sent, each second while the run is active
            draw_log(run)


def draw_log(run: Run) -> bool:
    """Draw the newest lines of a run's log, or all if the viewer wants; False if it has none."""
    key = f"whole_log_{run.id}"
    most = None if st.session_state.get(key) else _LOG_SHOWN
    lines = session.history().read_log(run.id, None if most is None else most + 1)
    if most is None or len(lines) > most:
        lines = lines if most is None else lines[-most:]
        st.toggle(texts.RUN_LOG_WHOLE.format(count=fmt.number(_LOG_SHOWN)), key=key)
    if lines:
        text = "\n".join(f"{fmt.clock(line.at)}  {line.text}" for line in lines)
        st.code(text, language=None, height=_LOG_PX if len(lines) > _LOG_LINES else "content")
    return bool(lines)


def duration_text(run: Run) -> str:
    """Return how long a run took, or has taken so far."""
    begun = run.started_at or run.created_at
    return fmt.duration((run.finished_at or session.now()) - begun)
