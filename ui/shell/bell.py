"""The bell on every page: how many incidents are open, what they are, and where help is."""

from typing import NamedTuple

import streamlit as st

from core.alerts.check import list_channel_failures, open_store
from core.alerts.incidents import Severity, StoredIncident
from core.errors import PlatformError
from core.settings import Settings
from ui import texts
from ui.shell import session
from ui.style import format as fmt
from ui.style import relative_time
from ui.style.plain import plain

_EVERY_S = 15.0
_MOST = 20  # incidents that it names


class _Open(NamedTuple):
    incidents: list[StoredIncident]
    failures: list[str]


def draw() -> None:
    """Draw the bell, and redraw it alone from time to time."""
    st.fragment(_draw, run_every=_EVERY_S)()


def _draw() -> None:
    try:
        found = _read(session.settings())
    except PlatformError as error:
        found = _Open([], [error.sentence])
    count = len(found.incidents)
    rings = bool(count or found.failures)
    icon = ":material/notifications_active:" if rings else ":material/notifications:"
    label = texts.BELL.format(count=fmt.number(count))
    with st.popover(label, icon=icon, type="tertiary", key="bell"):
        for incident in found.incidents[:_MOST]:
            _draw_incident(incident)
        if count > _MOST:
            st.caption(texts.BELL_MORE.format(count=fmt.number(count - _MOST)))
        if not count:
            st.caption(texts.BELL_NONE)
        for failure in found.failures:
            st.markdown(f":material/warning: {plain(failure)}")


def _read(settings: Settings) -> _Open:
    """What the last check found: two short reads of a file, which cost less than a cache."""
    return _Open(open_store(settings).list_open(), list_channel_failures(settings))


def _draw_incident(incident: StoredIncident) -> None:
    since = texts.BELL_SINCE.format(
        moment=fmt.moment(incident.since), age=relative_time.age(incident.since, session.now())
    )
    with st.container(gap="xxsmall"):
        sign = ":material/error:" if incident.severity is Severity.BROKEN else ":material/warning:"
        st.markdown(f"{sign} {plain(incident.text)}")
        st.caption(since)
        page = incident.page
        if page in texts.TITLES:
            st.page_link(f"pages/{page}.py", label=f"{texts.TITLES[page]} →")
