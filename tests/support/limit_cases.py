"""Requests whose share of Google's limits is worked out."""

from collections.abc import Mapping
from datetime import date, timedelta

from core.generation.catalog import load_catalog
from core.storage.publish import Request

_WINDOWS = load_catalog().windows
_DAY = date(2026, 2, 3)


def _window(units: int) -> Request:
    return Request((_DAY,), _WINDOWS[:1], tuple(range(1, units + 1)))


CASES: Mapping[str, Request] = {
    "A window of 50 units": _window(50),
    "A window of 500 units": _window(500),
    "A window of 5,000 units": _window(5_000),
    "A day of 50 units, asked for at once": Request((_DAY,), _WINDOWS, tuple(range(1, 51))),
    "A year of 50 units, asked for at once": Request(
        tuple(date(2025, 1, 1) + timedelta(days=number) for number in range(365)),
        _WINDOWS, tuple(range(1, 51)),
    ),
}  # fmt: skip
