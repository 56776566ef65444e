"""The parts of Schedule: state and buttons, ticks with their windows, the functions' logs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

import pandas as pd
import streamlit as st

from core.errors import PlatformError
from core.gcp.function_logs import FUNCTIONS, LogLine
from core.generation.catalog import load_catalog
from core.generation.windows import TIME_ZONE, window_at
from core.scheduler import Schedule, ScheduleState, Tick, cron, next_ticks
from core.scheduler.cloud import CloudSchedule
from ui import texts
from ui.queries import warehouse_queries
from ui.schedule import embedded
from ui.shell import actions, answer_cache, embedded_schedule, error_boundary, session
from ui.style import format as fmt
from ui.style import relative_time
from ui.style.plain import plain
from ui.style.theme import Colour
from ui.widgets import components

_MOST_LINES = 200
_USUAL_LINES = 20
_COLOURS: Final[Mapping[str, Colour]] = {
    "enabled": "green", "paused": "orange", "not running": "gray",
}  # fmt: skip
_TOLD = "_schedule_told"
_TOLD_FOR = timedelta(seconds=20)


def read_state() -> ScheduleState:
    """Read the state of the schedule, on this machine or on Google Cloud.

    Raises:
        PlatformError: It cannot be read.
    """
    if session.is_on_cloud():
        return warehouse_queries.schedule(session.settings())
    return embedded_schedule.schedule().state()


def show_brief() -> None:
    """Show in one line the schedule's state, its next run and how its last run ended."""
    try:
        found = read_state()
    except PlatformError as error:
        st.badge(texts.SCHEDULE_UNREADABLE, color="red", help=plain(error))
        return
    label = texts.LAYER_STATE.format(layer=texts.TITLES["schedule"], state=_named(found.state))
    st.badge(label, color=_COLOURS.get(found.state, "red"))
    now = session.now()
    lines = []
    if found.next_run:
        when = f"{fmt.moment(found.next_run)} ({relative_time.until(found.next_run, now)})"
        lines.append(f"{texts.NEXT_RUN}: {plain(when)}")
    if found.last_run:
        ended = plain(relative_time.age(found.last_run, now))
        lines.append(f"{texts.LAST_RUN}: {ended}. {plain(found.last_status)}")
    if lines:
        st.caption(" · ".join(lines), width="content")


def show_state() -> None:
    """Show the schedule's state and the buttons that change it; raises as `read_state` does."""
    _told()
    cloud = session.is_on_cloud()
    found = read_state()
    with st.container(horizontal=True, vertical_alignment="center", key="schedule_standing"):
        st.badge(plain(_named(found.state)), color=_COLOURS.get(found.state, "red"))
        if not cloud:
            embedded.show_holder()
    with st.container(horizontal=True):
        _buttons(found)
        if not cloud:
            embedded.draw_switch()
    if cloud:
        st.caption(plain(_serves(texts.RUN_SERVES, texts.RUN_OUTSIDE)))
    else:
        st.caption(plain(_serves(texts.RUN_SERVES, texts.SCHEDULE_OUTSIDE)))
    _figures(found)
    _usual(found)


def show_next_ticks() -> None:
    """Show the next seven ticks."""
    catalog = load_catalog()
    st.subheader(texts.NEXT_TICKS, anchor=False)
    _ticks(next_ticks(session.now(), len(catalog.windows), catalog))


def show_logs() -> None:
    """Show the newest lines of each function's log; a field, kept in the address, says how many."""
    limit = st.number_input(
        texts.LOG_LINES, 1, _MOST_LINES, _USUAL_LINES, key="lines", bind="query-params", width=180
    )
    for function in FUNCTIONS:
        st.subheader(texts.LOG_OF.format(function=function), anchor=False)
        with error_boundary.show_errors(function):
            lines = warehouse_queries.function_log(session.settings(), function, limit)
            if lines:
                st.dataframe(_log_table(lines), hide_index=True, key=f"log_{function}")
            else:
                st.caption(texts.NO_LOG.format(function=function))


def _told() -> None:
    """Show for some seconds, even if redrawn, what the last button did or why it did nothing."""
    done, notice = session.take_done(), session.take_notice()
    if done or notice:
        st.session_state[_TOLD] = (done, notice, session.now() + _TOLD_FOR)
    done, notice, until = st.session_state.get(_TOLD, ("", "", session.now()))
    if session.now() >= until:
        return
    if done:
        st.success(plain(done))
    if notice:
        st.warning(plain(notice))


def _buttons(found: ScheduleState) -> None:
    run_help = texts.RUN_HELP if session.is_on_cloud() else texts.SCHEDULE_RUN_HELP
    actions.button(texts.RUN_NOW, _run, "run_now", type="primary", help=run_help)
    actions.button(texts.PAUSE_IT, _pause, "pause", help=texts.PAUSE_HELP, disabled=found.paused)
    actions.button(texts.RESUME_IT, _resume, "resume", help=texts.RESUME_HELP,
                   disabled=not found.paused)  # fmt: skip


def _usual(found: ScheduleState) -> None:
    """Warn if the schedule's ticks are not those of the windows."""
    usual = cron(load_catalog())
    if (found.schedule, found.time_zone) != (usual, TIME_ZONE.key):
        st.warning(texts.OTHER_SCHEDULE.format(
            schedule=found.schedule, zone=found.time_zone, usual=usual
        ))  # fmt: skip


def _named(state: str) -> str:
    return texts.SCHEDULE_STATES.get(state, state)


def _figures(found: ScheduleState) -> None:
    now = session.now()
    following, last = found.next_run, found.last_run
    with st.container(horizontal=True):
        components.draw_figure_card(texts.SCHEDULE_STATE, _named(found.state), found.name)
        if following and not found.paused:
            components.draw_figure_card(
                texts.NEXT_RUN, fmt.moment(following), relative_time.until(following, now)
            )
        else:
            components.draw_figure_card(texts.NEXT_RUN, texts.NO_NEXT_RUN, _why_none(found))
        components.draw_figure_card(
            texts.LAST_RUN, fmt.moment(last) if last else texts.NEVER, found.last_status
        )


def _why_none(found: ScheduleState) -> str:
    if found.paused:
        return texts.NO_NEXT_NOTE
    return "" if session.is_on_cloud() else texts.SCHEDULE_NO_NEXT


def _ticks(ticks: Sequence[Tick]) -> None:
    now = session.now()
    rows = [
        (fmt.in_table(tick.at), tick.window.hours, components.window_name(tick.window),
         f"{tick.window.min_orders}-{tick.window.max_orders}",
         relative_time.until(tick.at, now) if tick.at > now else relative_time.age(tick.at, now))
        for tick in ticks
    ]  # fmt: skip
    components.draw_table(pd.DataFrame(rows, columns=list(texts.TICK_COLUMNS)))


def _log_table(lines: Sequence[LogLine]) -> pd.DataFrame:
    rows = [
        (f"{fmt.day(fmt.in_table(line.time))} {fmt.clock(line.time)}", line.severity, line.text,
         ", ".join(f"{name} {value}" for name, value in line.fields.items()))
        for line in lines
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(texts.LOG_COLUMNS))


def _run() -> str:
    if session.is_on_cloud():
        return _changed(lambda schedule: schedule.run(), _serves(texts.RAN, texts.RAN_OUTSIDE))
    return _changed(
        lambda schedule: schedule.run(), _serves(texts.SCHEDULE_RAN, texts.SCHEDULE_RAN_OUTSIDE)
    )


def _pause() -> str:
    return _changed(lambda schedule: schedule.pause(), texts.PAUSED_IT)


def _resume() -> str:
    return _changed(lambda schedule: schedule.resume(), texts.RESUMED_IT, texts.RESUMED_OFF)


def _changed(action: Callable[[Schedule], ScheduleState], sentence: str, off: str = "") -> str:
    """Change the schedule; return `sentence`, or `off` if no process runs the schedule."""
    cloud = session.settings().cloud
    found = action(CloudSchedule(cloud) if cloud else embedded_schedule.schedule())
    answer_cache.forget()
    return off if off and found.state == "not running" else sentence


def _serves(inside: str, outside: str) -> str:
    """Fill `inside` with the present window, or return `outside` if there is none."""
    found = window_at(session.now(), load_catalog())
    if found is None:
        return outside
    day, window = found
    return inside.format(day=fmt.day(day), hours=window.hours, name=components.window_name(window))
