"""Choices that stand in the page's address by names that are the same in every language.

Streamlit's own `bind="query-params"` writes the label that is shown: a link that was copied from
the Portuguese panel would then choose nothing in the English one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from core.storage.object_names import BULK_TAG, PARQUET_TAG

_Option = TypeVar("_Option")


@dataclass(frozen=True)
class One(Generic[_Option]):
    """The address's side of a widget in which one of some options is chosen.

    `restore` comes before the widget, which gets the key and no default, and `publish` after it.

    Args:
        key: Of the widget, and in the address.
        name: What the address says for an option.
    """

    key: str
    name: Callable[[_Option], str]

    def restore(self, options: Sequence[_Option], usual: _Option) -> None:
        """Have the widget hold an option: its own, or that of the address, or else the usual."""
        if self.key not in st.session_state or st.session_state[self.key] not in options:
            told = st.query_params.get(self.key)
            st.session_state[self.key] = next(
                (option for option in options if self.name(option) == told), usual
            )

    def publish(self, usual: _Option) -> _Option:
        """Write what the widget holds into the address, where it is not the usual; and give it."""
        chosen: _Option = st.session_state[self.key]
        write(self.key, [] if chosen == usual else [self.name(chosen)])
        return chosen


def unit_name(unit_id: int | None) -> str:
    """What an address says for a unit; nothing for all of them."""
    return "" if unit_id is None else f"{unit_id:03d}"


def window_name(tag: str | None) -> str:
    """What an address says for a window: its hours, or `day` for bulk, or `parquet`.

    Args:
        tag: Such as `window_1012`; None or empty for bulk data.
    """
    if not tag or tag == PARQUET_TAG:
        return tag or BULK_TAG
    digits = tag.removeprefix("window_")
    return f"{digits[:2]}:00-{digits[2:]}:00"


def read(key: str, options: Sequence[str], usual: Sequence[str] = ()) -> list[str]:
    """What a choice begins with: what the address says of it, or else the usual."""
    told = [value for value in st.query_params.get_all(key) if value in options]
    return told or list(usual)


def set_default(key: str, value: object) -> None:
    """Give a widget its value before it is drawn for the first time."""
    if key not in st.session_state:
        st.session_state[key] = value


def write(key: str, chosen: Sequence[str], usual: Sequence[str] = ()) -> None:
    """Write a choice into the address, or take it out where it is the usual one."""
    if list(chosen) == list(usual):
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get_all(key) != list(chosen):
        st.query_params[key] = list(chosen)
