"""Numbers and moments read the same to Brazilian and English readers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui import format as fmt

NOW = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)


def test_numbers_have_neither_comma_nor_ambiguous_point() -> None:
    assert fmt.number(1234567) == "1\u202f234\u202f567"
    assert fmt.amount(1234.5) == "1\u202f234.50"
    assert fmt.money(Decimal("119394.60")) == "R$\u202f119\u202f394.60"


@settings(max_examples=50)
@given(st.decimals(-(10**12), 10**12, places=2))
def test_an_amount_keeps_its_cents(value: Decimal) -> None:
    assert Decimal(fmt.amount(value).replace(fmt.THIN, "")) == value


def test_hours_are_those_of_sao_paulo() -> None:
    assert fmt.moment(datetime(2026, 2, 2, 1, 30, tzinfo=UTC)) == "2026-02-01 22:30"
    assert fmt.clock(NOW) == "09:00:00"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "just now"), (59, "just now"), (60, "1 min ago"), (3599, "59 min ago"),
        (3600, "1 h ago"), (86399, "23 h ago"), (86400, "1 day ago"), (172800, "2 days ago"),
    ],
)  # fmt: skip
def test_an_age_is_told_in_its_largest_unit(seconds: int, shown: str) -> None:
    assert fmt.age(NOW - timedelta(seconds=seconds), NOW) == shown


def test_a_duration_is_told_in_seconds_then_minutes() -> None:
    assert fmt.duration(timedelta(seconds=0.84)) == "0.8 s"
    assert fmt.duration(timedelta(seconds=125)) == "2 min 05 s"
