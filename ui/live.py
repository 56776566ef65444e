"""The part of a page that follows work in the background.

It is drawn anew every second while a run is active. When a run begins or ends, here or in another
tab, what was cached is forgotten and the whole page is drawn anew.
"""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from ui import boundary, data, runs, session

_ACTIVE_S, _IDLE_S = 1.0, 4.0
_SEEN = "_stamp"


class _Stamp(NamedTuple):
    """What tells that a run has begun or ended since; a quick one may have done both."""

    newest: int
    active: frozenset[int]


def follow(body: Callable[[], None]) -> None:
    """Draw the body now, and again for as long as something runs; once a page."""
    stamp = _stamp()
    if st.session_state.get(_SEEN) != stamp:
        st.session_state[_SEEN] = stamp
        data.forget()
    every = _ACTIVE_S if stamp.active else _IDLE_S
    st.fragment(_watched, run_every=every)(body, stamp)


def _watched(body: Callable[[], None], stamp: _Stamp) -> None:
    with boundary.told("live"):
        # The page, not this part, opens a dialog, and shows the door to one who has signed out.
        if not session.permitted() or _stamp() != stamp or runs.asked():
            st.rerun()
        body()


def _stamp() -> _Stamp:
    history = session.history()
    newest = next(iter(history.recent(1)), None)
    active = frozenset(run.id for run in history.active())
    return _Stamp(newest.id if newest else 0, active)
