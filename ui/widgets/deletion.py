"""Files that nothing requested, deleted by a person; and what is left of deleted ones, settled."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.errors import InputError
from core.generation.windows import parse_date
from core.operations import jobs
from ui import texts
from ui.shell import actions, session
from ui.shell.answer_cache import reading
from ui.style import format as fmt
from ui.style.plain import plain

KINDS = ("delete", "settle")
_ASKED, _CONFIRMED = "_delete_asked", "_delete_confirmed"


def ask(names: Sequence[str]) -> None:
    """Have the dialog opened that asks whether to delete files, as they are now.

    Raises:
        InputError: None of them is there.
    """
    store = reading(session.settings()).store
    found = {info.name: info.generation for info in map(store.find, names) if info}
    if not found:
        raise InputError(texts.DELETE_NONE)
    st.session_state[_ASKED] = st.session_state[_CONFIRMED] = found


def ask_one(name: str) -> None:
    """The same for one file."""
    ask([name])


def delete() -> None:
    """Delete the files that the dialog names."""
    session.submit(jobs.deletion(st.session_state[_CONFIRMED]))


def settle(dates: str) -> None:
    """Settle what is left of deleted objects, from a date to another."""
    first, last = map(parse_date, dates.split())
    session.submit(jobs.settlement(first, last))


def asked() -> bool:
    """Whether a dialog waits to be opened, which the page does and not its live part."""
    return _ASKED in st.session_state


def confirm() -> None:
    """Open the dialog that was asked for."""
    found = st.session_state.pop(_ASKED, None)
    if found:
        count = fmt.number(len(found))
        st.dialog(texts.DELETE_TITLE.format(count=count))(_confirm)(found)


def _confirm(found: Mapping[str, int]) -> None:
    st.code("\n".join(found), language=None, wrap_lines=True)
    st.write(texts.DELETE_BODY)
    with st.container(horizontal=True):
        label = texts.DELETE_CONFIRM.format(count=fmt.number(len(found)))
        confirmed = actions.button(label, delete, "delete_confirm", type="primary")
        if st.button(plain(texts.CANCEL), key="delete_not") or confirmed:
            st.rerun()
