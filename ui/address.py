"""Choices that stand in the page's address by names that are the same in every language.

Streamlit's own `bind="query-params"` writes the label that is shown: a link that was copied from
the Portuguese panel would then choose nothing in the English one.
"""

from collections.abc import Sequence

import streamlit as st


def read(key: str, options: Sequence[str], usual: Sequence[str] = ()) -> list[str]:
    """What a choice begins with: what the address says of it, or else the usual."""
    told = [value for value in st.query_params.get_all(key) if value in options]
    return told or list(usual)


def begin(key: str, value: object) -> None:
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
