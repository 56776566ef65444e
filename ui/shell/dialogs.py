"""Dialogs that ask before something is overwritten, deleted or ended.

The page opens them when it is drawn next; redrawing its live part would close them.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui import texts
from ui.shell import actions
from ui.style.plain import plain

_WAITING, _SUBJECT = "_dialog_waiting", "_dialog_subject"


def ask(open_dialog: Callable[[Any], None], subject: object) -> None:
    """Have the page open a dialog: `open_dialog`, a function of a module, gets the subject."""
    st.session_state[_WAITING] = open_dialog
    st.session_state[_SUBJECT] = subject


def read_subject() -> Any:  # noqa: ANN401 - as `ask` was given it
    """Return the subject of the newest dialog, for the function of its button."""
    return st.session_state[_SUBJECT]


def is_waiting() -> bool:
    """Whether the page has a dialog to open."""
    return _WAITING in st.session_state


def open_waiting() -> None:
    """Open the waiting dialog, if any."""
    if is_waiting():
        st.session_state.pop(_WAITING)(read_subject())


def show(
    title: str, body: Callable[[], None], label: str, act: Callable[..., object], key: str, *,
    of: int | None = None, stay: str = "",
) -> None:  # fmt: skip
    """Open a dialog with a body, a button that acts (as `actions.button`), and one that cancels."""

    def draw() -> None:
        body()
        with st.container(horizontal=True):
            confirmed = actions.button(label, act, f"{key}_confirm", of=of, type="primary")
            if st.button(plain(stay or texts.CANCEL), key=f"{key}_not") or confirmed:
                st.rerun()

    st.dialog(plain(title))(draw)()
