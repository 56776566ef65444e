"""How much one file may hold, so that no file exhausts the memory of its reader.

The smallest reader is `csv-processor`, with 512 MiB. The size of a file is checked before it is
read, its rows before they are split: a row of one byte takes as much memory as one of hundreds.
"""

from typing import NamedTuple

from core.bronze.validation.codes import Code
from core.generation.columns import HEADERS
from core.warehouse.validated import Reason

# Faulty rows that are reported one by one; a file with more is refused whole.
MOST_REJECTED = 50_000

_MIB = 2**20
_SALES = ("orders", "order_items")


class Bounds(NamedTuple):
    """The most bytes and rows of a file."""

    size: int
    rows: int


def bounds(kind: str) -> Bounds:
    """The bounds of a CSV of a kind.

    A unit's day has at most 163,835 rows, 32,767 orders of 5 items, in about 18 MiB. The reference
    data of 1,048,575 units are 54 MiB.
    """
    reference = kind in HEADERS and kind not in _SALES
    return Bounds(64 * _MIB, 1_100_000) if reference else Bounds(24 * _MIB, 250_000)


# A date of 1,048,575 units is 2.4 GiB; its rows are judged a batch at a time.
PARQUET_BYTES = 3 * 2**30


def size_fault(size: int, most: int) -> Reason:
    """Why a file is too large to be read, in a sentence; empty when it is not."""
    return Reason(
        ""
        if size <= most
        else f"The file has {size:,} bytes: at most {most:,} are read. Publish a large day by "
        "window, or as Parquet.",
        Code.TOO_LARGE,
    )


def rows_fault(kind: str, body: bytes) -> Reason | None:
    """Why a file has too many rows, in a sentence; `None` when it has not."""
    rows, most = body.count(b"\n"), bounds(kind).rows
    if rows <= most:
        return None
    return Reason(f"The file has {rows:,} lines: at most {most:,} are read.", Code.TOO_LARGE)
