"""The field for how long a simulated day takes."""

import streamlit as st

from ui import texts

_LENGTHS_S = {"0 s": 0, "10 s": 10, "1 min": 60, "2 min": 120, "5 min": 300}  # in each language
_KEY = "sim_length"


def draw_speed() -> None:
    """Draw the field."""
    st.selectbox(
        texts.LENGTH, list(_LENGTHS_S), 2, key=_KEY, help=texts.LENGTH_HELP, bind="query-params",
        width=190,
    )  # fmt: skip


def read_pause_s(windows: int) -> float:
    """Return the seconds between two of the day's windows."""
    return float(_LENGTHS_S[st.session_state[_KEY]] / windows)
