"""Positions of windows, with one more for whole days, in tables by hour."""

import functools

import numpy as np

from core.generation.catalog import Catalog
from core.generation.cells import BULK_HOUR
from core.generation.draws import HOUR_BITS, Integers


@functools.cache
def hour_columns(catalog: Catalog) -> Integers:
    """For each hour of a cell's coordinates, its column: a window's position, or the last one.

    The column after all windows is that of whole days.
    """
    column = np.zeros(2**HOUR_BITS, np.int64)
    column[list_hours(catalog)] = np.arange(len(catalog.windows) + 1)
    return column


def list_hours(catalog: Catalog) -> list[int]:
    """The hour of each column."""
    return [*(window.start_hour for window in catalog.windows), BULK_HOUR]
