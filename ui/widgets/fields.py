"""Fields whose values reach the server as they were typed, and are judged there.

A limit that Streamlit knows of keeps a value beyond it in the browser: the field shows the new
value, and the page and its buttons go on with the one before. So its widgets know of none here.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from core.errors import InputError
from core.generation.windows import FIRST_DATE, LAST_DATE
from ui import texts
from ui.style import format as fmt
from ui.style.plain import plain

MAX_SEED = 2**53 - 1  # the largest whole number that a browser keeps exact


@dataclass(frozen=True, slots=True)
class Whole:
    """A field for a whole number.

    Attributes:
        usual: What it holds at first; None for a field that may be empty.
        bound: Whether it stands in the page's address, too.
    """

    key: str
    least: int
    most: int
    usual: int | None
    bound: bool = True

    def draw(self, label: str, **look: Any) -> None:  # noqa: ANN401 - Streamlit's own arguments
        """Show the field."""
        # Of whole numbers Streamlit keeps those beyond 2**53 in the browser; of others, none.
        usual = None if self.usual is None else float(self.usual)
        st.number_input(
            plain(label), value=usual, step=1.0, format="%.0f", key=self.key,
            bind="query-params" if self.bound else None, **look,
        )  # fmt: skip

    def chosen(self, label: str) -> int | None:
        """What the field holds; None where it is empty.

        Raises:
            InputError: It is no whole number, or beyond a limit.
        """
        value = st.session_state.get(self.key, self.usual)
        if value is None:
            return None
        if float(value).is_integer() and self.least <= value <= self.most:
            return int(value)
        shown = fmt.number(value) if float(value).is_integer() else f"{value:g}"
        limits = fmt.number(self.least), fmt.number(self.most)
        raise InputError(
            texts.FIELD_WHOLE.format(label=label, value=shown, least=limits[0], most=limits[1])
        )

    def value(self, label: str) -> int:
        """What the field holds, which is never empty.

        Raises:
            InputError: It is no whole number, or beyond a limit.
        """
        found = self.chosen(label)
        assert found is not None  # noqa: S101 - a field with a usual value cannot be emptied
        return found


@dataclass(frozen=True, slots=True)
class Day:
    """A field for a business date."""

    key: str

    def draw(self, label: str, usual: date, **look: Any) -> None:  # noqa: ANN401 - Streamlit's own arguments
        """Show the field; `usual` is what it holds at first."""
        st.date_input(
            plain(label), usual, date.min, date.max, format=fmt.date_form(), key=self.key,
            bind="query-params", **look,
        )  # fmt: skip

    def value(self, label: str) -> date:
        """What the field holds.

        Raises:
            InputError: It is before the first date that sales can have, or after the last.
        """
        found: date = st.session_state[self.key]
        if FIRST_DATE <= found <= LAST_DATE:
            return found
        raise InputError(
            texts.FIELD_DAY.format(
                label=label,
                value=fmt.day(found),
                first=fmt.day(FIRST_DATE),
                last=fmt.day(LAST_DATE),
            )
        )
