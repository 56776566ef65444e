"""Choices that the page's address keeps by names that are the same in every language.

Streamlit's `bind="query-params"` writes the label on screen, which other languages do not have.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from core.storage.object_names import BULK_TAG, PARQUET_TAG

_Option = TypeVar("_Option")


@dataclass(frozen=True)
class One(Generic[_Option]):
    """Keeps the choice of a widget in the address, under its key, by the name that `name` returns.

    Call `restore` before the widget, which gets the key and no default, and `publish` after it.
    """

    key: str
    name: Callable[[_Option], str]

    def restore(self, options: Sequence[_Option], usual: _Option) -> None:
        """Give the widget an option: its present one, else the address's, else the usual one."""
        if self.key not in st.session_state or st.session_state[self.key] not in options:
            told = st.query_params.get(self.key)
            st.session_state[self.key] = next(
                (option for option in options if self.name(option) == told), usual
            )

    def publish(self, usual: _Option) -> _Option:
        """Return the widget's option, and write it into the address unless it is the usual one."""
        chosen: _Option = st.session_state[self.key]
        write(self.key, [] if chosen == usual else [self.name(chosen)])
        return chosen


def unit_name(unit_id: int | None) -> str:
    """Return the name of a unit in an address; empty for all units."""
    return "" if unit_id is None else f"{unit_id:03d}"


def window_name(tag: str | None) -> str:
    """Return a window's name in an address: its hours; `day` for bulk (no tag); or `parquet`."""
    if not tag or tag == PARQUET_TAG:
        return tag or BULK_TAG
    digits = tag.removeprefix("window_")
    return f"{digits[:2]}:00-{digits[2:]}:00"


def read(key: str, options: Sequence[str], usual: Sequence[str] = ()) -> list[str]:
    """Return the options that the address names, or else the usual ones."""
    told = [value for value in st.query_params.get_all(key) if value in options]
    return told or list(usual)


def set_default(key: str, value: object) -> None:
    """Give a widget its first value before it is drawn."""
    if key not in st.session_state:
        st.session_state[key] = value


def write(key: str, chosen: Sequence[str], usual: Sequence[str] = ()) -> None:
    """Write a choice into the address, or remove it if it is the usual one."""
    if list(chosen) == list(usual):
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get_all(key) != list(chosen):
        st.query_params[key] = list(chosen)
