"""The top of Rebuild: who does the work, the buttons that start it, and the tasks of a DAG run."""

import functools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

import streamlit as st

from core import jobs
from core.airflow import DAG, Airflow
from core.daily import Refresh
from core.runs import NewRun, Run
from core.settings import AirflowSettings, Settings
from core.transform import LAYERS
from core.windows import FIRST_DATE, LAST_DATE
from ui import boundary, layers, runs, session, texts, theme
from ui.kept import kept

_PAUSED_S = 10.0
_COLOURS: dict[str, theme.Colour] = {
    "success": "green", "failed": "red", "upstream_failed": "red", "running": "blue",
    "up_for_retry": "orange",
}  # fmt: skip


def control() -> None:
    """The buttons: those of Airflow where one is configured, and those of the layers."""
    done = session.done()
    if done:
        st.success(done)
    at = session.settings().airflow
    if at is None:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _layers(_full())
        st.caption(texts.REFRESH_HERE)
        return
    st.caption(texts.REFRESH_BY_AIRFLOW.format(url=at.url, dag=DAG))
    with boundary.told("airflow"):  # the page can rebuild without it
        if paused(session.settings(), at):
            _paused(at)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = _day()
        full = _full()
        st.button(
            texts.REFRESH_START, type="primary", key="refresh_airflow",
            on_click=session.start, args=(_refresh(day, full=full),),
        )  # fmt: skip
    with (
        st.expander(texts.REFRESH_WITHOUT, key="refresh_without"),
        st.container(horizontal=True),
    ):
        _layers(full, kind="secondary")


def latest() -> None:
    """The newest run: with Airflow the one that follows the DAG, else the newest rebuild."""
    by_airflow = session.settings().airflow is not None
    _tasks(runs.latest(("refresh",) if by_airflow else layers.KINDS))


def _tasks(run: Run | None) -> None:
    """The tasks of a DAG run that a run follows, and the way to it in Airflow's own pages."""
    known = run.details.get("airflow") if run else None
    if run is None or not known:
        return
    st.subheader(texts.REFRESH_TASKS, anchor=False)
    with st.container(horizontal=True, gap="small", key="refresh_tasks"):
        for name, state in run.details.get("tasks", ()):
            word = state or texts.REFRESH_NOT_BEGUN
            st.badge(f"{name}: {word}", color=_COLOURS.get(state, "gray"))
    st.markdown(f"[{texts.REFRESH_OPEN}]({known['address']})")


@kept(_PAUSED_S, 4)
def paused(_: Settings, at: AirflowSettings) -> bool:
    """Whether the DAG is switched off."""
    return Airflow(at).paused()


def _paused(at: AirflowSettings) -> None:
    st.warning(texts.REFRESH_PAUSED)
    st.button(texts.REFRESH_SWITCH_ON, key="refresh_unpause",
              on_click=session.act, args=(functools.partial(_unpause, at),))  # fmt: skip


def _unpause(at: AirflowSettings) -> str:
    Airflow(at).unpause()
    paused.clear()
    return str(texts.REFRESH_SWITCHED_ON)


def _day() -> date:
    """The date to be refreshed; the one that ended last by default."""
    day: date = st.date_input(
        texts.REFRESH_DAY, session.today() - timedelta(days=1), FIRST_DATE, LAST_DATE,
        format="YYYY-MM-DD", key="refresh_day", bind="query-params", width=180,
    )  # fmt: skip
    return day


def _full() -> bool:
    return st.toggle(texts.REBUILD_FULL, key="rebuild_full", help=texts.REBUILD_FULL_HELP)


def _layers(full: bool, kind: Literal["primary", "secondary"] = "primary") -> None:  # noqa: FBT001 - the toggle's answer
    """A button for all layers, and one for each."""
    st.button(texts.REBUILD_ALL, type=kind, key="rebuild_all", help=texts.REBUILD_HELP,
              on_click=session.start, args=(_rebuild(LAYERS, full=full),))  # fmt: skip
    for layer in LAYERS:
        st.button(
            texts.REBUILD_ONE.format(layer=texts.LAYER_NAMES[layer]), key=f"rebuild_{layer}",
            on_click=session.start, args=(_rebuild((layer,), full=full),),
        )  # fmt: skip


def _rebuild(names: tuple[str, ...], *, full: bool) -> Callable[[], NewRun]:
    return functools.partial(jobs.rebuild, names, full=full)


def _refresh(day: date, *, full: bool) -> Callable[[], NewRun]:
    gaps = session.settings().gaps
    return lambda: jobs.refresh(Refresh(day, gaps=gaps, full=full), airflow=True)
