"""Estimate the size of objects and tables from units, days and rows.

`sizes.csv` was measured in November 2026 on ten days of 50 units; tests/insight/test_usage_sizes.py
measures again. Tables are counted in BigQuery's logical bytes (INT64, DATE and TIMESTAMP 8, NUMERIC
16, STRING 2 and its UTF-8 bytes, NULL 0): cloud.google.com/bigquery/pricing#data, read 2026-11.
"""

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from core.generation.catalog import Catalog
from core.insight.usage.prices import rows_of

BUCKET = "bucket"


@dataclass(frozen=True, slots=True)
class Growth:
    """Sales objects and their rows, for units on days."""

    orders: int
    items: int
    objects: int
    units: int
    days: int
    fixed: int = 1


class Size(NamedTuple):
    """How a table, or a part of the bucket, grows: `rows` for each unit of what it follows."""

    place: str
    name: str
    follows: str
    rows: int
    bytes_a_row: int

    def bytes_of(self, grown: Growth) -> int:
        """Its bytes."""
        return int(getattr(grown, self.follows)) * self.rows * self.bytes_a_row


def average_growth(units: int, days: int, windows: int, catalog: Catalog) -> Growth:
    """The average growth for units, days and windows per day."""
    cells = units * days * windows
    orders = cells * _orders_a_cell(catalog)
    return Growth(
        math.ceil(orders), math.ceil(orders * _items_an_order(catalog)), 2 * cells, units, days
    )


def bucket_bytes(grown: Growth) -> int:
    """Estimated bytes of the objects, with manifests."""
    return sum(size.bytes_of(grown) for size in sizes() if size.place == BUCKET)


def table_sizes(grown: Growth) -> dict[str, int]:
    """Estimated logical bytes of each table such as `silver.orders`."""
    return {
        f"{size.place}.{size.name}": size.bytes_of(grown)
        for size in sizes()
        if size.place != BUCKET
    }


@functools.cache
def bytes_a_row() -> Mapping[str, int]:
    """Average logical bytes of a row of each table."""
    return {
        f"{size.place}.{size.name}": size.bytes_a_row for size in sizes() if size.place != BUCKET
    }


@functools.cache
def sizes() -> tuple[Size, ...]:
    """Every table and part of the bucket that grows."""
    return tuple(
        Size(row["place"], row["name"], row["follows"], int(row["rows"]), int(row["bytes"]))
        for row in rows_of("sizes.csv")
    )


def _orders_a_cell(catalog: Catalog) -> Fraction:
    windows = catalog.windows
    return Fraction(
        sum(window.min_orders + window.max_orders for window in windows), 2 * len(windows)
    )


def _items_an_order(catalog: Catalog) -> Fraction:
    weights = {int(number): weight for number, weight in catalog.mixes["items"].items()}
    return Fraction(
        sum(number * weight for number, weight in weights.items()), sum(weights.values())
    )
