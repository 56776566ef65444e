"""Formats of columns, applied by the browser: tables sort by values; downloads have them plain."""

import re
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from ui import texts
from ui.style import format as fmt

_TIME_FORM = " HH:mm"
_IDENTIFIER = re.compile(r"(^|_)(id|key|year)$", re.IGNORECASE)  # names in the warehouse's tables
_NARROW_PX, _LETTER_PX, _PADDING_PX = 75, 8, 16  # so that no column's name is cut


def columns_of(table: pd.DataFrame) -> dict[Any, Any]:
    """Return the columns' formats: quantities grouped, identifiers plain, dates in the language."""
    found = {name: _column(table[name]) for name in table.columns}
    return {
        **{name: column for name, column in found.items() if column is not None},
        texts.DETAIL: st.column_config.Column(width="large"),
    }


def is_identifier(name: object) -> bool:
    """Whether a column has ids, years or other numbers that are no quantities."""
    labels = (texts.UNIT, texts.OBJECT_LINE, texts.RUN_LIST_COLUMNS[0])
    return name in labels or bool(_IDENTIFIER.search(str(name)))


def _column(values: "pd.Series[Any]") -> Any:  # noqa: ANN401 - as Streamlit makes it
    if values.dtype.kind in "iuf":
        step = 0.01 if values.dtype.kind == "f" else 1  # decides how many digits are shown
        width = max(_NARROW_PX, _LETTER_PX * len(str(values.name)) + _PADDING_PX)
        form = "plain" if is_identifier(values.name) else "localized"
        return st.column_config.NumberColumn(width=width, format=form, step=step)
    if values.dtype.kind == "M":
        return st.column_config.DatetimeColumn(format=fmt.date_form() + _TIME_FORM)
    if len(values) and isinstance(values.iloc[0], date):
        return st.column_config.DateColumn(format=fmt.date_form())
    return None
