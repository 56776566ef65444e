"""The embedded schedule in this server's process: whether the calls are made here.

A choice to make them is kept in the schedule's plan. Streamlit runs nothing of ours before the
first page is asked for, so after a restart the calls begin again with the first session.
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
    """The schedule of the folder."""
    platform = session.platform(session.settings())
    return LocalSchedule(platform, session.history(), signin.email())


def is_here() -> bool:
    """Whether this server makes the calls."""
    return service.is_running_here(session.settings().home)


def start_calls() -> None:
    """Make the calls in this server, now and after a restart.

    Raises:
        AlreadyRunningError: Another process makes them; nothing was changed.
    """
    service.start_here(schedule(), load_catalog())
    schedule().stay_in_panel(wanted=True)


def stop_calls() -> None:
    """Make the calls in this server no more, after a restart neither; a run at work goes on."""
    schedule().stay_in_panel(wanted=False)
    service.stop_here(session.settings().home)


def restart_calls() -> None:
    """Make the calls in this server again, where somebody chose so before it was restarted.

    Each session asks once, when it begins; nobody is kept from the panel when it cannot be.
    """
    if st.session_state.get(_BEGUN):
        return
    st.session_state[_BEGUN] = True
    try:
        if not session.is_on_cloud() and schedule().plan().in_panel:
            service.start_here(schedule(), load_catalog())
    except PlatformError as error:
        _LOGGER.warning("The schedule is not run in this panel: %s", error)
