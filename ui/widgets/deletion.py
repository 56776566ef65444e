"""Files that nothing requested, deleted by a person; and what is left of deleted ones, settled."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.errors import InputError
from core.generation.windows import parse_date
from core.operations import jobs
from ui import texts
from ui.shell import dialogs, session
from ui.shell.answer_cache import reading
from ui.style import format as fmt

KINDS = ("delete", "settle")


def ask_to_delete(names: Sequence[str]) -> None:
    """Have the dialog opened that asks whether to delete files, as they are now.

    Raises:
        InputError: None of them is there.
    """
    store = reading(session.settings()).store
    found = {info.name: info.generation for info in map(store.find, names) if info}
    if not found:
        raise InputError(texts.DELETE_NONE)
    dialogs.ask(_confirm, found)


def ask_to_delete_one(name: str) -> None:
    """The same for one file."""
    ask_to_delete([name])


def delete() -> None:
    """Delete the files that the dialog names."""
    session.submit(jobs.deletion(dialogs.read_subject()))


def settle(dates: str) -> None:
    """Settle what is left of deleted objects, from a date to another."""
    first, last = map(parse_date, dates.split())
    session.submit(jobs.settlement(first, last))


def _confirm(found: Mapping[str, int]) -> None:
    def body() -> None:
        st.code("\n".join(found), language=None, wrap_lines=True)
        st.write(texts.DELETE_BODY)

    count = fmt.number(len(found))
    label = texts.DELETE_CONFIRM.format(count=count)
    dialogs.show(texts.DELETE_TITLE.format(count=count), body, label, delete, "delete")
