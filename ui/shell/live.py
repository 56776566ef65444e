"""The part of a page that follows runs in the background.

It redraws every second while a run is active, else every 15 seconds. Every two seconds the page
checks, without drawing, whether a run began or ended in any process; if so, it drops kept answers
and redraws. It redraws no more often, because a click on a chart may be lost while it redraws.
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
    """A value that changes when a run begins or ends, even a quick one, or the day ends."""

    newest: int
    active: frozenset[int]
    today: date


def follow(body: Callable[[], None]) -> None:
    """Draw the body, and redraw it while runs are active; call it once per page."""
    stamp = _stamp()
    answer_cache.renew(session.settings(), stamp)
    if not stamp.active:
        st.fragment(_look, run_every=_LOOK_S)(stamp)
    every = _ACTIVE_S if stamp.active else _IDLE_S
    st.fragment(_watched, run_every=every)(body, stamp)


def _look(stamp: _Stamp) -> None:
    """Redraw the page if it is out of date; draws nothing itself."""
    with contextlib.suppress(PlatformError):  # `_watched` shows it
        _renew(stamp)


def _watched(body: Callable[[], None], stamp: _Stamp) -> None:
    with error_boundary.show_errors("live"):
        _renew(stamp)
        body()


def _renew(stamp: _Stamp) -> None:
    """Redraw the whole page if runs changed, a dialog waits, or the viewer must sign in."""
    if not session.is_permitted() or _stamp() != stamp or dialogs.is_waiting():
        st.rerun()


def _stamp() -> _Stamp:
    history = session.history()
    newest = next(iter(history.list_recent(1)), None)
    active = frozenset(run.id for run in history.list_active())
    return _Stamp(newest.id if newest else 0, active, session.today())
