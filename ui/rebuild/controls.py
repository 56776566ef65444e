"""The top of Rebuild: the buttons that start a rebuild, and the tasks of a DAG run."""

from datetime import timedelta
from typing import Literal

import streamlit as st

from core.operations import jobs
from core.operations.airflow import DAG, Airflow
from core.operations.daily_refresh import Refresh
from core.operations.runs import Run
from core.settings import Settings
from core.transform.rebuild import LAYERS
from ui import texts
from ui.rebuild import layers
from ui.shell import actions, error_boundary, run_views, session
from ui.shell.answer_cache import cached
from ui.style import theme
from ui.style.plain import plain
from ui.widgets.fields import Day

_PAUSED_S = 10.0
_DAY, _FULL, _ALL = Day("refresh_day"), "rebuild_full", "all"
_COLOURS: dict[str, theme.Colour] = {
    "success": "green", "failed": "red", "upstream_failed": "red", "running": "blue",
    "up_for_retry": "orange",
}  # fmt: skip


def draw_controls() -> None:
    """Draw the buttons of Airflow, where it is configured, and those of the layers."""
    done = session.take_done()
    if done:
        st.success(plain(done))
    at = session.settings().airflow
    if at is None:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _draw_full()
            _layers()
        st.caption(texts.REFRESH_HERE)
        return
    st.caption(texts.REFRESH_BY_AIRFLOW.format(url=at.url, dag=DAG))
    with error_boundary.show_errors("airflow"):  # the page can rebuild without it
        if is_paused(session.settings()):
            st.warning(texts.REFRESH_PAUSED)
            actions.button(texts.REFRESH_SWITCH_ON, unpause, "refresh_unpause")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _DAY.draw(texts.BUSINESS_DAY, session.today() - timedelta(days=1), width=180)
        _draw_full()
        actions.button(texts.REFRESH_START, refresh, "refresh_airflow", type="primary")
    with st.expander(texts.REFRESH_WITHOUT, key="refresh_without"), st.container(horizontal=True):
        _layers(kind="secondary")


def show_latest() -> None:
    """Show the newest run: with Airflow that of the DAG, else the newest rebuild."""
    by_airflow = session.settings().airflow is not None
    _tasks(run_views.draw_latest(("refresh",) if by_airflow else layers.KINDS))


def _tasks(run: Run | None) -> None:
    """Show the tasks of the DAG run that a run follows, and its link in Airflow."""
    known = run.details.get("airflow") if run else None
    if run is None or not known:
        return
    st.subheader(texts.REFRESH_TASKS, anchor=False)
    with st.container(horizontal=True, gap="small", key="refresh_tasks"):
        for name, state in run.details.get("tasks", ()):
            word = state or texts.REFRESH_NOT_BEGUN
            st.badge(f"{plain(name)}: {plain(word)}", color=_COLOURS.get(state, "gray"))
    st.link_button(texts.REFRESH_OPEN, known["address"])


@cached(_PAUSED_S, 4)
def is_paused(settings: Settings) -> bool:
    """Whether the DAG is switched off."""
    return settings.airflow is not None and Airflow(settings.airflow).paused()


def unpause() -> str:
    """Switch the DAG on."""
    at = session.settings().airflow
    if at:
        Airflow(at).unpause()
    is_paused.clear()
    return plain(texts.REFRESH_SWITCHED_ON)


def refresh() -> None:
    """Have Airflow refresh the date in the field."""
    gaps, day = session.settings().gaps, _DAY.value(texts.BUSINESS_DAY)
    new = Refresh(day, gaps=gaps, full=st.session_state[_FULL])
    session.submit(jobs.refresh(new, airflow=True))


def rebuild(layer: str) -> None:
    """Rebuild one layer or all layers."""
    names = LAYERS if layer == _ALL else (layer,)
    session.submit(jobs.rebuild(names, full=st.session_state[_FULL]))


def _draw_full() -> None:
    st.toggle(texts.REBUILD_FULL, key=_FULL, help=texts.REBUILD_FULL_HELP)


def _layers(kind: Literal["primary", "secondary"] = "primary") -> None:
    actions.button(texts.REBUILD_ALL, rebuild, "rebuild_all", of=_ALL, type=kind,
                   help=texts.REBUILD_HELP)  # fmt: skip
    for layer in LAYERS:
        label = texts.REBUILD_ONE.format(layer=texts.LAYER_NAMES[layer])
        actions.button(label, rebuild, f"rebuild_{layer}", of=layer)
