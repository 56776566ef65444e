"""The part of a page that follows work in the background.

It is drawn anew every second while a run is active, and now and then while none is. When a run
begins or ends, here or in another tab or process, what is kept is asked anew and the whole page
is drawn anew: a look every two seconds, which draws nothing, finds that out. So a page at rest
stays as it is under the viewer's hand, since a click on a chart that is drawn anew in that instant
may be lost.
"""

import contextlib
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import streamlit as st

from core.errors import PlatformError
from ui.shell import answer_cache, dialogs, error_boundary, session

_ACTIVE_S, _IDLE_S = 1.0, 15.0
_LOOK_S = 2.0


class _Stamp(NamedTuple):
    """What tells that a run has begun or ended since, or a day; a quick run may have done both."""

    newest: int
    active: frozenset[int]
    today: date


def follow(body: Callable[[], None]) -> None:
    """Draw the body now, and again for as long as something runs; once a page."""
    stamp = _stamp()
    answer_cache.renew(session.settings(), stamp)
    if not stamp.active:
        st.fragment(_look, run_every=_LOOK_S)(stamp)
    every = _ACTIVE_S if stamp.active else _IDLE_S
    st.fragment(_watched, run_every=every)(body, stamp)


def _look(stamp: _Stamp) -> None:
    """A part that draws nothing, and finds out that the page has to be drawn anew."""
    with contextlib.suppress(PlatformError):  # the part that draws tells of it
        _renew(stamp)


def _watched(body: Callable[[], None], stamp: _Stamp) -> None:
    with error_boundary.show_errors("live"):
        _renew(stamp)
        body()


def _renew(stamp: _Stamp) -> None:
    """Have the whole page drawn anew where a part of it cannot show what has come.

    The page, not a part, opens a dialog, and shows the door to one who has signed out.
    """
    if not session.is_permitted() or _stamp() != stamp or dialogs.is_waiting():
        st.rerun()


def _stamp() -> _Stamp:
    history = session.history()
    newest = next(iter(history.list_recent(1)), None)
    active = frozenset(run.id for run in history.list_active())
    return _Stamp(newest.id if newest else 0, active, session.today())
