"""The parts of Schedule for the embedded schedule: its process, missed windows, its runs."""

import itertools
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from core.operations.runs import Run
from core.scheduler.local import LocalSchedule
from core.scheduler.state import Holder
from core.settings import Settings
from ui import texts
from ui.shell import actions, answer_cache, embedded_schedule, session
from ui.shell.answer_cache import cached
from ui.shell.embedded_schedule import schedule
from ui.style import format as fmt
from ui.style.plain import plain
from ui.style.sentences import sentence
from ui.widgets import components
from ui.widgets.fields import MAX_SEED, Whole
from ui.widgets.table_columns import columns_of

_ATTEMPTS = 14  # the ticks of two days
_MISSED_S = 10.0
_MANY = 3  # a run with more windows is shown by their number


def show_holder() -> None:
    """Say which process makes the calls."""
    found = schedule().holder()
    if found is None:
        st.info(texts.SCHEDULE_NOBODY)
        return
    sentence = {
        "command": texts.SCHEDULE_BY_COMMAND,
        "panel": texts.SCHEDULE_BY_THIS if embedded_schedule.is_here() else texts.SCHEDULE_BY_PANEL,
    }[found.place]
    said = sentence.format(process=found.process, since=fmt.moment(found.since))
    st.caption(plain(said))


def draw_switch() -> None:
    """Draw the button that starts or stops the calls of this server."""
    if embedded_schedule.is_here():
        actions.button(texts.SCHEDULE_STOP_HERE, _stop_here, "stop_here",
                       help=texts.SCHEDULE_STOP_HELP)  # fmt: skip
        return
    other = schedule().holder()
    why = texts.SCHEDULE_HERE_HELP if other is None else plain(_taken(other))
    actions.button(texts.SCHEDULE_RUN_HERE, _run_here, "run_here", disabled=other is not None,
                   help=why)  # fmt: skip


def show_missed() -> None:
    """Show missed windows, and the buttons that catch up on them or dismiss them."""
    found = _missed(session.settings())
    if not found:
        return
    st.warning(texts.SCHEDULE_MISSED.format(count=fmt.number(len(found))))
    for day, windows in itertools.groupby(found, lambda pair: pair[0]):
        st.markdown(f"- {plain(fmt.day(day))}: {', '.join(plain(hours) for _, hours in windows)}")
    with st.container(horizontal=True):
        actions.button(texts.SCHEDULE_CATCH_UP, _catch_up, "catch_up", type="primary",
                       help=texts.SCHEDULE_CATCH_UP_HELP)  # fmt: skip
        actions.button(texts.SCHEDULE_LEAVE, _leave, "leave", help=texts.SCHEDULE_LEAVE_HELP)


def show_attempts() -> None:
    """Show the newest runs that the schedule started."""
    st.subheader(texts.SCHEDULE_ATTEMPTS, anchor=False)
    runs = schedule().attempts(_ATTEMPTS)
    if not runs:
        st.caption(texts.SCHEDULE_NO_ATTEMPTS)
        return
    rows = [
        (fmt.in_table(run.created_at), _windows(run), texts.RUN_STATES.get(run.state, run.state),
         fmt.duration(_took(run)), sentence(run.result or run.error or run.doing), run.id)
        for run in runs
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(texts.SCHEDULE_ATTEMPT_COLUMNS))
    st.dataframe(frame, hide_index=True, key="attempts", column_config=columns_of(frame))


def draw_form() -> None:
    """Draw the form for the units and seed that the schedule generates."""
    units, seed = _fields()
    st.subheader(texts.SCHEDULE_MAKES, anchor=False)
    with st.form("schedule_makes", width=440):
        units.draw(texts.UNITS)
        seed.draw(texts.SEED, help=texts.SEED_HELP)
        st.caption(texts.SCHEDULE_MAKES_NOTE)
        actions.submit(texts.SCHEDULE_KEEP, _keep, "schedule_keep")


def _fields() -> tuple[Whole, Whole]:
    """Return the fields for units and seed, whose limits include the plan's present values."""
    plan = schedule().plan()
    return (
        Whole("schedule_units", 1, max(components.MAX_UNITS, plan.units), plan.units, bound=False),
        Whole("schedule_seed", 0, max(MAX_SEED, plan.seed), plan.seed, bound=False),
    )


@cached(_MISSED_S, 8)
def _missed(settings: Settings) -> list[tuple[date, str]]:
    """Return date and hours of each missed window."""
    found = LocalSchedule(session.platform(settings), session.history()).missed()
    return [(day, window.hours) for day, window in found]


def _taken(other: Holder) -> str:
    return texts.SCHEDULE_TAKEN.format(process=other.process)


def _windows(run: Run) -> str:
    """Name the windows of a run, or their number and the first of them."""
    if len(run.claims) <= _MANY:
        return ", ".join(run.claims)
    return texts.SCHEDULE_FROM.format(count=fmt.number(len(run.claims)), first=run.claims[0])


def _took(run: Run) -> timedelta:
    begun = run.started_at or run.created_at
    return (run.finished_at or session.now()) - begun


def _run_here() -> str:
    embedded_schedule.start_calls()
    answer_cache.forget()
    return texts.SCHEDULE_RUNS_HERE


def _stop_here() -> str:
    embedded_schedule.stop_calls()
    answer_cache.forget()
    return texts.SCHEDULE_STOPPED_HERE


def _catch_up() -> str:
    begun, refused = schedule().catch_up()
    answer_cache.forget()
    windows = sum(len(run.claims) for run in begun)
    told = texts.SCHEDULE_CATCHING_UP.format(
        windows=fmt.number(windows), runs=fmt.number(len(begun))
    )
    return " ".join((told, *map(plain, refused)))


def _leave() -> str:
    schedule().dismiss_missed()
    answer_cache.forget()
    return texts.SCHEDULE_LEFT


def _keep() -> str:
    fields = _fields()
    units, seed = fields[0].value(texts.UNITS), fields[1].value(texts.SEED)
    schedule().generate(units, seed)
    return texts.SCHEDULE_KEPT.format(units=fmt.number(units), seed=seed)
