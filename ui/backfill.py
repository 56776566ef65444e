"""Backfill: the choice of dates and windows, the plan that follows from it, and its start."""

from datetime import date, datetime, timedelta

import pandas as pd
import streamlit as st

from core import backfill, jobs
from core.backfill import KINDS, LAST_RUNS, Asked, Mode, Plan, Step
from core.catalog import DEFAULT_UNITS, load_catalog
from core.runs import NewRun
from core.settings import Settings
from core.windows import FIRST_DATE, LAST_DATE
from ui import address, data, parts, run_history, runs, session, texts
from ui import format as fmt
from ui.kept import kept

_MOST_DAYS = 366
_USUAL_DAYS = 7
_MAX_SEED = 2**53 - 1  # the largest whole number that a browser keeps exact
_ASKED = "_backfill_asked"
_KEPT_S = 5.0


@kept(_KEPT_S, 8)
def planned(settings: Settings, asked: Asked, now: datetime) -> Plan:
    """The plan of what is asked."""
    platform = session.platform(session.for_looking(settings))
    return backfill.plan(platform, asked, now, session.history().recent(LAST_RUNS, KINDS))


def form() -> None:
    """The choice, the plan and its totals, and the button that starts it."""
    st.subheader(texts.BACKFILL_HEADING, anchor=False)
    asked = _choose()
    if asked is None:
        return
    overwrite = st.toggle(
        texts.BACKFILL_OVERWRITE, key="overwrite", help=texts.BACKFILL_OVERWRITE_HELP
    )
    plan = planned(session.settings(), asked, data.minute())
    _start(plan, overwrite=overwrite)
    _table(plan)


def progress() -> None:
    """The newest backfill, with its windows."""
    newest = session.history().recent(1, ["backfill"])
    if not newest:
        return
    st.subheader(texts.BACKFILL_LAST, anchor=False)
    runs.draw(newest[0])
    if newest[0].active:
        runs.cancel(newest[0], "backfill")
    run_history.windows(newest[0])


def _choose() -> Asked | None:
    catalog, today = load_catalog(), session.today()
    before = max(FIRST_DATE, today - timedelta(days=_USUAL_DAYS - 1))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = _date(texts.BACKFILL_FROM, before, "from")
        last = _date(texts.BACKFILL_TO, today, "to")
        units = st.number_input(
            texts.UNITS, 1, parts.MAX_UNITS, DEFAULT_UNITS, key="units", bind="query-params",
            width=140,
        )  # fmt: skip
        seed = st.number_input(
            texts.SEED, 0, _MAX_SEED, None, key="seed", bind="query-params",
            help=texts.BACKFILL_SEED_HELP, placeholder=texts.BACKFILL_SEED_PUBLISHED, width=200,
        )  # fmt: skip
    mode = _mode()
    hours = [window.hours for window in catalog.windows]
    chosen = st.pills(
        texts.WINDOWS, hours, selection_mode="multi", default=hours, key="window",
        bind="query-params", wrap=True,
    )  # fmt: skip
    windows = tuple(window for window in catalog.windows if window.hours in chosen)
    days = (last - first).days + 1
    if not windows:
        st.info(texts.BACKFILL_NO_WINDOW)
    elif days > _MOST_DAYS:
        st.info(texts.BACKFILL_LONG.format(count=fmt.number(days), most=_MOST_DAYS))
    else:
        return Asked((first, last), windows, units, seed, mode)
    return None


def _mode() -> Mode:
    modes, usual = [mode.value for mode in Mode], [Mode.MISSING.value]
    address.begin("mode", address.read("mode", modes, usual)[0])
    chosen = st.segmented_control(
        texts.BACKFILL_MODE, modes, key="mode", required=True, help=texts.BACKFILL_MODE_HELP,
        format_func=lambda mode: texts.BACKFILL_MODES[Mode(mode)],
    )  # fmt: skip
    address.write("mode", [chosen or usual[0]], usual)
    return Mode(chosen or usual[0])


def _date(label: str, usual: date, key: str) -> date:
    day: date = st.date_input(
        label, usual, FIRST_DATE, LAST_DATE, format="YYYY-MM-DD", key=key, bind="query-params",
        width=170,
    )  # fmt: skip
    return day


def _start(plan: Plan, *, overwrite: bool) -> None:
    """What the plan comes to, and the button; where it overwrites it asks first."""
    chosen = plan.chosen
    if not plan.steps:
        st.info(texts.BACKFILL_NOT_DUE)
        return
    if not chosen:
        st.success(texts.BACKFILL_NOTHING.format(total=fmt.number(len(plan.steps))))
        return
    total = texts.BACKFILL_TOTAL.format(
        chosen=fmt.number(len(chosen)), total=fmt.number(len(plan.steps)),
        objects=fmt.number(sum(step.objects for step in chosen)),
        orders=fmt.number(sum(step.orders for step in chosen)),
        items=fmt.number(sum(step.items for step in chosen)),
    )  # fmt: skip
    st.info(total)

    def make() -> NewRun:
        return jobs.backfill(plan, overwrite=overwrite)

    label = texts.BACKFILL_START.format(count=fmt.number(len(chosen)))
    if overwrite:
        st.button(label, type="primary", key="backfill", on_click=_ask)
    else:
        st.button(label, type="primary", key="backfill", on_click=session.start, args=(make,))
    if st.session_state.pop(_ASKED, False):
        st.dialog(texts.BACKFILL_CONFIRM_TITLE)(_confirm)(plan)


def _ask() -> None:
    st.session_state[_ASKED] = True


def _confirm(plan: Plan) -> None:
    st.write(texts.BACKFILL_CONFIRM_BODY.format(count=fmt.number(len(plan.chosen))))
    with st.container(horizontal=True):
        confirmed = st.button(
            texts.OVERWRITE_CONFIRM, type="primary", key="backfill_confirm",
            on_click=session.start, args=(lambda: jobs.backfill(plan, overwrite=True),),
        )  # fmt: skip
        if st.button(texts.CANCEL, key="backfill_not") or confirmed:
            st.rerun()


def _table(plan: Plan) -> None:
    if not plan.steps:
        return
    st.markdown(f"**{texts.BACKFILL_PLAN}**")
    rows = [_row(step) for step in plan.steps]
    parts.grid(pd.DataFrame(rows, columns=list(texts.BACKFILL_COLUMNS)))


def _row(step: Step) -> tuple[str | int, ...]:
    verdict = step.verdict
    return (
        step.day.isoformat(), step.window.hours,
        f"{texts.SIGNS[verdict]} {texts.VERDICTS[verdict]}" if verdict else "",
        texts.BACKFILL_GENERATE if step.chosen else texts.BACKFILL_LEAVE,
        texts.BACKFILL_WHY[step.reason].format(count=fmt.number(step.count)),
        step.objects, step.orders, step.items,
    )  # fmt: skip
