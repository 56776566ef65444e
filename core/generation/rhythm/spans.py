"""Spans of consecutive days, whose tables are computed at once and kept.

A table of few days costs as much as one of a whole span, and a request has most days many times.
"""

from collections.abc import Callable

import numpy as np

from core.generation.draws import Integers, Words

_BITS = 6  # a span has 64 days


def span_days(span: int) -> Integers:
    """The days of a span, counted from `EPOCH`."""
    return np.arange(span << _BITS, (span + 1) << _BITS)


def span_table(day: Words, make: Callable[[int], Integers]) -> tuple[Integers, Integers]:
    """The row of each day in a table, and the table: those of the days' spans, one after another.

    `make` gives the table of a span, with one row a day.
    """
    number = day.astype(np.int64)
    spans, which = np.unique(number >> _BITS, return_inverse=True)
    tables = [make(span) for span in spans.tolist()]
    row = (which << _BITS) | (number & (2**_BITS - 1))
    if len(tables) == 1:
        return row, tables[0]
    return row, np.concatenate(tables)
