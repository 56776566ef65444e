"""Fields whose values reach the server as typed, and are validated there.

Beyond a limit of Streamlit's widgets, a field would show a value that its page does not get.
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

MAX_SEED = 2**53 - 1  # the largest whole number that is exact in a browser


@dataclass(frozen=True, slots=True)
class Whole:
    """A field for a whole number.

    Attributes:
        usual: Its first value; None for a field that may be empty.
        bound: Whether the page's address keeps it.
    """

    key: str
    least: int
    most: int
    usual: int | None
    bound: bool = True

    def draw(self, label: str, **look: Any) -> None:  # noqa: ANN401 - Streamlit's own arguments
        """Draw the field."""
        # An integer field would keep values beyond 2**53 in the browser; a float field does not.
        usual = None if self.usual is None else float(self.usual)
        st.number_input(
            plain(label), value=usual, step=1.0, format="%.0f", key=self.key,
            bind="query-params" if self.bound else None, **look,
        )  # fmt: skip

    def chosen(self, label: str) -> int | None:
        """Return the field's value; None if it is empty.

        Raises:
            InputError: It is not a whole number, or is beyond a limit.
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
        """Return the value of a field that is never empty; raises as `chosen` does."""
        found = self.chosen(label)
        assert found is not None  # noqa: S101 - a field with a usual value cannot be emptied
        return found


@dataclass(frozen=True, slots=True)
class Day:
    """A field for a business date."""

    key: str

    def draw(self, label: str, usual: date, **look: Any) -> None:  # noqa: ANN401 - Streamlit's own arguments
        """Draw the field; `usual` is its first value."""
        st.date_input(
            plain(label), usual, date.min, date.max, format=fmt.date_form(), key=self.key,
            bind="query-params", **look,
        )  # fmt: skip

    def value(self, label: str) -> date:
        """Return the field's value.

        Raises:
            InputError: It is outside the dates that sales can have.
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
