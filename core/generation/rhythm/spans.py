"""Spans of consecutive numbers (days, units), whose tables are computed at once and kept.

A table of few numbers costs as much as one of a whole span, and a request has most of them often.
"""

from collections.abc import Callable

import numpy as np

from core.generation.draws import Integers, Words

_BITS = 6  # a span has 64 numbers
_NEAR = 32  # so many spans are taken without a search for those that occur


def span_numbers(span: int) -> Integers:
    """The numbers of a span."""
    return np.arange(span << _BITS, (span + 1) << _BITS)


def span_table(numbers: Words, make: Callable[[int], Integers]) -> tuple[Integers, Integers]:
    """The row of each number in a table, and the table: those of their spans, one after another.

    `make` gives the table of a span, with one row a number.
    """
    number = numbers.astype(np.int64)
    first, last = (int(end) >> _BITS for end in (number.min(), number.max()))
    if last - first < _NEAR:
        spans, row = range(first, last + 1), number - (first << _BITS)
    else:
        distinct, which = np.unique(number >> _BITS, return_inverse=True)
        spans, row = distinct.tolist(), which << _BITS | (number & (2**_BITS - 1))
    tables = [make(span) for span in spans]
    return row, tables[0] if len(tables) == 1 else np.concatenate(tables)
