"""Numbers, dates and lengths of time are those of the viewer's language."""

import ast
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.shell import language
from ui.style import format as fmt
from ui.style import relative_time

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("en", ["1,234,567", "1,234.50", "R$ 119,394.60", "US$ 1,000.00", "< US$ 0.01", "0.005",
                "12.3 MiB", "1,023 B", "2026-11-30", "11-30", "2026-11", "2026-02-01 22:30"]),
        ("pt-BR", ["1.234.567", "1.234,50", "R$ 119.394,60", "US$ 1.000,00", "< US$ 0,01", "0,005",
                   "12,3 MiB", "1.023 B", "30/11/2026", "30/11", "11/2026", "01/02/2026 22:30"]),
    ],
)  # fmt: skip
def test_values_are_written_as_the_language_does(
    code: str, shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "current", lambda: code)
    day = date(2026, 11, 30)
    found = [
        fmt.number(1234567), fmt.decimal(1234.5, 2), fmt.money(Decimal("119394.60")),
        fmt.dollars(10**9), fmt.dollars(9_999), fmt.plain_decimal(Decimal("0.005")),
        fmt.size(12_900_000), fmt.size(1023), fmt.day(day), fmt.day_of_year(day), fmt.month(day),
        fmt.moment(datetime(2026, 2, 2, 1, 30, tzinfo=UTC)),
    ]  # fmt: skip
    assert [text.replace("\u202f", " ").replace("\xa0", " ") for text in found] == shown


@pytest.mark.parametrize(("code", "signs"), [("en", ".,"), ("pt-BR", ",.")])
def test_charts_fields_and_tables_write_as_the_language_does(
    code: str, signs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "current", lambda: code)
    assert fmt.separators() == signs
    assert fmt.date_form() == {"en": "YYYY-MM-DD", "pt-BR": "DD/MM/YYYY"}[code]
    assert f"'languages', {{get: () => ['{code}']" in language.document_script()


@settings(max_examples=50)
@given(st.decimals(-(10**12), 10**12, places=2))
def test_an_amount_keeps_its_cents(value: Decimal) -> None:
    assert Decimal(fmt.decimal(value, 2).replace(",", "")) == value


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("en", ["Mon", "Sat", "Feb", "+25%", "-1.5%", "±0%", "-"]),
        ("pt-BR", ["seg", "sáb", "fev", "+25%", "-1,5%", "±0%", "-"]),
    ],
)
def test_weekdays_months_and_changes_are_written_as_the_language_does(
    code: str, shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "current", lambda: code)
    changes = ((125, 100), (Decimal("98.5"), Decimal(100)), (7, 7), (7, 0))
    assert [
        fmt.weekday(0), fmt.weekday(5), fmt.month_name(2), *(fmt.change(*pair) for pair in changes),
    ] == shown  # fmt: skip


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
    assert relative_time.age(NOW - timedelta(seconds=seconds), NOW) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.84, "0.8 s"), (9.94, "9.9 s"), (9.96, "10 s"), (44.0, "44 s"), (59.6, "1 min 00 s"),
        (125, "2 min 05 s"), (3599.7, "1 h 00 min"), (12_000, "3 h 20 min"),
    ],
)  # fmt: skip
def test_a_duration_is_told_in_its_two_largest_units(seconds: float, shown: str) -> None:
    assert fmt.duration(timedelta(seconds=seconds)) == shown


def test_one_module_writes_values_for_people() -> None:
    """Parts of digits, decimals and dates are in no f-string but those of `ui.style.format`."""
    elsewhere = [
        f"{path.name}: {ast.unparse(node)}"
        for path in sorted([*ROOT.glob("ui/**/*.py"), *ROOT.glob("pages/*.py")])
        if path.name != "format.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FormattedValue) and node.format_spec
        if re.search(r"[,.%]", ast.unparse(node.format_spec))
    ]
    assert elsewhere == []
