"""Long lists in pages: only the rows shown become a table and go to the browser."""

from collections.abc import Sequence
from math import ceil
from typing import TypeVar

import streamlit as st

from ui import texts
from ui.style import format as fmt

PER_PAGE = 200
_Thing = TypeVar("_Thing")


def take_page(things: Sequence[_Thing], key: str) -> Sequence[_Thing]:
    """Draw the page buttons of a long list; return the page, kept in the address as `key`."""
    pages = ceil(len(things) / PER_PAGE)
    if pages <= 1:
        return things
    page = min(st.pagination(pages, key=key, bind="query-params"), pages)
    first = (page - 1) * PER_PAGE
    shown = things[first : first + PER_PAGE]
    st.caption(texts.PAGE_OF.format(
        first=fmt.number(first + 1), last=fmt.number(first + len(shown)),
        count=fmt.number(len(things)), per_page=PER_PAGE,
    ))  # fmt: skip
    return shown
