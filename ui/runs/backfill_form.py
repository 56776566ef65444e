"""Backfill: the choice of dates and windows, the plan that follows from it, and its start."""

from datetime import date, datetime, timedelta

import pandas as pd
import streamlit as st

from core.errors import InputError
from core.generation.catalog import DEFAULT_UNITS, load_catalog
from core.generation.windows import FIRST_DATE
from core.operations import backfill_plan, jobs
from core.operations.backfill_plan import (
    KINDS,
    LAST_RUNS,
    BackfillPlan,
    BackfillRequest,
    Mode,
    Reason,
    Step,
)
from core.settings import Settings
from ui import texts
from ui.queries import warehouse_queries
from ui.runs import run_history
from ui.shell import actions, dialogs, run_views, session, url_state
from ui.shell.answer_cache import cached, open_platform
from ui.style import format as fmt
from ui.style.plain import plain
from ui.widgets import components
from ui.widgets.fields import MAX_SEED, Day, Whole

_MOST_DAYS = 366
_USUAL_DAYS = 7
_FIRST, _LAST = Day("from"), Day("to")
_UNITS = Whole("units", 1, components.MAX_UNITS, DEFAULT_UNITS)
_SEED = Whole("seed", 0, MAX_SEED, None)
_MODE, _WINDOWS, _OVERWRITE = "mode", "window", "overwrite"
_KEPT_S = 5.0


@cached(_KEPT_S, 8)
def make_plan(settings: Settings, asked: BackfillRequest, now: datetime) -> BackfillPlan:
    """Plan the backfill that a request describes."""
    platform = open_platform(settings)
    return backfill_plan.plan_backfill(
        platform, asked, now, session.history().list_recent(LAST_RUNS, KINDS)
    )


def draw_form() -> None:
    """Draw the fields, the plan and its totals, and the button that starts it."""
    st.subheader(texts.BACKFILL_HEADING, anchor=False)
    _draw_fields()
    plan = read_plan()
    _draw_totals(plan)
    _draw_table(plan)


def draw_progress() -> None:
    """Draw the newest backfill, with its windows."""
    newest = session.history().list_recent(1, ["backfill"])
    if not newest:
        return
    st.subheader(texts.BACKFILL_LAST, anchor=False)
    run_views.draw_by_age(newest[0])
    if newest[0].is_active:
        run_views.draw_cancel_button(newest[0], "backfill")
    run_history.draw_windows(newest[0])


def read_plan() -> BackfillPlan:
    """Plan the backfill that the fields describe.

    Raises:
        InputError: It is not possible, or there is no window.
    """
    return make_plan(session.settings(), _read_fields(), warehouse_queries.minute())


def start_plan() -> None:
    """Start the backfill that the fields describe; if it overwrites, a dialog asks first.

    Raises:
        InputError: There is nothing to do.
    """
    plan = read_plan()
    if not plan.chosen:
        raise InputError(_explain_nothing(plan))
    if st.session_state[_OVERWRITE]:
        dialogs.ask(_confirm, plan)
    else:
        session.submit(jobs.backfill(plan, overwrite=False))


def overwrite_plan() -> None:
    """Start the plan that the dialog shows."""
    session.submit(jobs.backfill(dialogs.read_subject(), overwrite=True))


def _draw_fields() -> None:
    catalog, today = load_catalog(), session.today()
    before = max(FIRST_DATE, today - timedelta(days=_USUAL_DAYS - 1))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _FIRST.draw(texts.BACKFILL_FROM, before, width=170)
        _LAST.draw(texts.BACKFILL_TO, today, width=170)
        _UNITS.draw(texts.UNITS, width=140)
        _SEED.draw(
            texts.SEED, help=texts.BACKFILL_SEED_HELP, placeholder=texts.BACKFILL_SEED_PUBLISHED,
            width=200,
        )  # fmt: skip
    _draw_mode()
    hours = [window.hours for window in catalog.windows]
    st.pills(
        texts.WINDOWS, hours, selection_mode="multi", default=hours, key=_WINDOWS,
        bind="query-params", wrap=True,
    )  # fmt: skip
    st.toggle(texts.BACKFILL_OVERWRITE, key=_OVERWRITE, help=texts.BACKFILL_OVERWRITE_HELP)


def _read_fields() -> BackfillRequest:
    first, last = _FIRST.value(texts.BACKFILL_FROM), _LAST.value(texts.BACKFILL_TO)
    chosen = st.session_state[_WINDOWS]
    windows = tuple(window for window in load_catalog().windows if window.hours in chosen)
    days = (last - first).days + 1
    if not windows:
        raise InputError(texts.BACKFILL_NO_WINDOW)
    if days > _MOST_DAYS:
        raise InputError(
            texts.BACKFILL_LONG.format(count=fmt.number(days), most=fmt.number(_MOST_DAYS))
        )
    mode = Mode(st.session_state[_MODE] or Mode.MISSING.value)
    units, seed = _UNITS.value(texts.UNITS), _SEED.chosen(texts.SEED)
    return BackfillRequest((first, last), windows, units, seed, mode)


def _draw_mode() -> None:
    modes, usual = [mode.value for mode in Mode], [Mode.MISSING.value]
    url_state.set_default(_MODE, url_state.read(_MODE, modes, usual)[0])
    chosen = st.segmented_control(
        texts.BACKFILL_MODE, modes, key=_MODE, required=True, help=texts.BACKFILL_MODE_HELP,
        format_func=lambda mode: texts.BACKFILL_MODES[Mode(mode)],
    )  # fmt: skip
    url_state.write(_MODE, [chosen or usual[0]], usual)


def _explain_nothing(plan: BackfillPlan) -> str:
    if not plan.steps:
        return plain(texts.BACKFILL_NOT_DUE)
    complete = all(step.reason is Reason.FINE for step in plan.steps)
    text = texts.BACKFILL_COMPLETE if complete else texts.BACKFILL_NOTHING
    return text.format(total=fmt.number(len(plan.steps)))


def _draw_totals(plan: BackfillPlan) -> None:
    """Draw the plan's totals, and the button that starts it."""
    chosen = plan.chosen
    if not chosen:
        (st.success if plan.steps else st.info)(_explain_nothing(plan))
        return
    total = texts.BACKFILL_TOTAL.format(
        chosen=fmt.number(len(chosen)), total=fmt.number(len(plan.steps)),
        objects=fmt.number(sum(step.objects for step in chosen)),
        orders=fmt.number(sum(step.orders for step in chosen)),
        items=fmt.number(sum(step.items for step in chosen)),
    )  # fmt: skip
    st.info(total)
    label = texts.BACKFILL_START.format(count=fmt.number(len(chosen)))
    actions.button(label, start_plan, "backfill", type="primary")


def _confirm(plan: BackfillPlan) -> None:
    body = texts.BACKFILL_CONFIRM_BODY.format(count=fmt.number(len(plan.chosen)))
    dialogs.show(
        texts.BACKFILL_CONFIRM_TITLE, lambda: st.write(plain(body)), texts.OVERWRITE_CONFIRM,
        overwrite_plan, "backfill",
    )  # fmt: skip


def _draw_table(plan: BackfillPlan) -> None:
    if not plan.steps:
        return
    st.markdown(f"**{texts.BACKFILL_PLAN}**")
    rows = [_make_row(step) for step in plan.steps]
    components.draw_table(pd.DataFrame(rows, columns=list(texts.BACKFILL_COLUMNS)))


def _make_row(step: Step) -> tuple[str | int | date, ...]:
    verdict = step.verdict
    return (
        step.day, step.window.hours,
        f"{texts.SIGNS[verdict]} {texts.VERDICTS[verdict]}" if verdict else "",
        texts.BACKFILL_GENERATE if step.chosen else texts.BACKFILL_LEAVE,
        texts.BACKFILL_WHY[step.reason].format(count=fmt.number(step.count)),
        step.objects, step.orders, step.items,
    )  # fmt: skip
