"""The embedded schedule in this server's process; its plan keeps the choice to call from here.

Streamlit runs no code before the first request, so the first session starts the calls again.
"""

import logging

import streamlit as st

from core.errors import PlatformError
from core.generation.catalog import load_catalog
from core.scheduler import service
from core.scheduler.local import LocalSchedule
from ui.shell import session, signin

_BEGUN = "_schedule_begun"
_LOGGER = logging.getLogger(__name__)


def schedule() -> LocalSchedule:
    """Return the schedule of the folder."""
    platform = session.platform(session.settings())
    return LocalSchedule(platform, session.history(), signin.email())


def is_here() -> bool:
    """Whether this server makes the calls."""
    return service.is_running_here(session.settings().home)


def start_calls() -> None:
    """Start the calls in this server, now and after each restart.

    Raises:
        AlreadyRunningError: Another process makes them; nothing changes.
    """
    service.start_here(schedule(), load_catalog())
    schedule().stay_in_panel(wanted=True)


def stop_calls() -> None:
    """Stop the calls in this server, also after restarts; an active run continues."""
    schedule().stay_in_panel(wanted=False)
    service.stop_here(session.settings().home)


def restart_calls() -> None:
    """Start the calls again if the plan has them here, once per session; a failure is logged."""
    if st.session_state.get(_BEGUN):
        return
    st.session_state[_BEGUN] = True
    try:
        if not session.is_on_cloud() and schedule().plan().in_panel:
            service.start_here(schedule(), load_catalog())
    except PlatformError as error:
        _LOGGER.warning("The schedule is not run in this panel: %s", error)
