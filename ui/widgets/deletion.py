"""Deleting files that no manifest names, and settling what deleted files left behind."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.errors import InputError
from core.generation.windows import parse_date
from core.operations import jobs
from ui import texts
from ui.shell import dialogs, session
from ui.shell.answer_cache import open_platform
from ui.style import format as fmt

KINDS = ("delete", "settle")


def ask_to_delete(names: Sequence[str]) -> None:
    """Ask whether to delete files in their present generations.

    Raises:
        InputError: None of them exists.
    """
    store = open_platform(session.settings()).store
    found = {info.name: info.generation for info in map(store.find, names) if info}
    if not found:
        raise InputError(texts.DELETE_NONE)
    dialogs.ask(_confirm, found)


def ask_to_delete_one(name: str) -> None:
    """Ask whether to delete one file."""
    ask_to_delete([name])


def delete() -> None:
    """Delete the files that the dialog names."""
    session.submit(jobs.deletion(dialogs.read_subject()))


def settle(dates: str) -> None:
    """Settle what deleted objects of a range of dates left behind."""
    first, last = map(parse_date, dates.split())
    session.submit(jobs.settlement(first, last))


def _confirm(found: Mapping[str, int]) -> None:
    def body() -> None:
        st.code("\n".join(found), language=None, wrap_lines=True)
        st.write(texts.DELETE_BODY)

    count = fmt.number(len(found))
    label = texts.DELETE_CONFIRM.format(count=count)
    dialogs.show(texts.DELETE_TITLE.format(count=count), body, label, delete, "delete")
