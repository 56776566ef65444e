"""Numbers, money, dates and lengths of time as each language of the panel writes them.

No other module formats values. English dates are ISO, because English readers differ on whether
day or month comes first. Hours are those of America/Sao_Paulo. Downloads keep plain values.
"""

import functools
import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from babel import Locale
from babel.dates import get_day_names, get_month_names
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_decimal_symbol,
    get_group_symbol,
)

from core.generation.windows import TIME_ZONE
from ui.shell import language

THIN = "\u202f"
_SIZES = ("B", "KiB", "MiB", "GiB", "TiB")
_MICRO = 1_000_000
_CENT = Decimal("0.01")
_MONEY = "¤\xa0#,##0.00"  # charts' axes have that space in each language, too


class _Dates(NamedTuple):
    """How a language writes dates: for Python, and for Streamlit's fields and tables."""

    day: str
    day_of_year: str
    month: str
    field: str


_DATES = {
    "en": _Dates("%Y-%m-%d", "%m-%d", "%Y-%m", "YYYY-MM-DD"),
    "pt-BR": _Dates("%d/%m/%Y", "%d/%m", "%m/%Y", "DD/MM/YYYY"),
}


class Number(str):
    """A whole number as text that picks a form of `{count:# window was|# windows were} missed`."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        one, bar, many = form.partition("|")
        if not bar:
            return super().__format__(form)
        return (one if self == "1" else many).replace("#", self)


def number(value: float | Decimal) -> Number:
    """A whole number, such as `12,345` or `12.345`, which a sentence can agree with."""
    return Number(format_decimal(value, "#,##0", _locale()))


def decimal(value: float | Decimal, digits: int) -> str:
    """A number with so many digits after the decimal sign, such as `12,345.60` or `12.345,60`."""
    form = "#,##0." + "0" * digits if digits else "#,##0"
    return format_decimal(value, form, _locale())


def plain_decimal(value: Decimal) -> str:
    """A number with the digits that it has, such as `0.005` or `0,005`."""
    return decimal(value, max(0, -int(value.as_tuple().exponent)))


def money(value: Decimal) -> str:
    """An amount of BRL, such as `R$ 12,345.60` or `R$ 12.345,60`."""
    return format_currency(value, "BRL", _MONEY, _locale())


def dollars(micro_usd: int) -> str:
    """An amount of US dollars from millionths, such as `US$ 0.09` or `< US$ 0.01`."""
    value = Decimal(micro_usd) / _MICRO
    if 0 < value < _CENT:
        return f"< US${THIN}{decimal(_CENT, 2)}"
    return f"US${THIN}{decimal(value, 2)}"


def percent(value: float) -> str:
    """A share in per cent with significant digits: `437%`, `1.1%`, `0.003%`."""
    digits = 0 if value >= 10 or not value else 1 if value >= 1 else -math.floor(math.log10(value))
    form = f"#,##0.{'0' * digits}%" if digits else "#,##0%"
    return format_percent(Decimal(str(value)) / 100, form, _locale())


def change(value: float | Decimal, before: float | Decimal) -> str:
    """How a value differs from that before, such as `+3.2%` or `-12%`; `-` if that is nothing."""
    if not before:
        return "-"
    share = 100 * float(value) / float(before) - 100
    return f"{'+' if share > 0 else '-' if share < 0 else '±'}{percent(abs(share))}"


def size(count: int) -> str:
    """A number of bytes in the largest unit that fits, such as `12.3 MiB`."""
    value, unit = float(count), 0
    while value >= 1024 and unit < len(_SIZES) - 1:
        value, unit = value / 1024, unit + 1
    return f"{decimal(value, 1 if unit else 0)}{THIN}{_SIZES[unit]}"


def day(value: date) -> str:
    """A date, such as `2026-11-30` or `30/11/2026`."""
    return f"{value:{_dates().day}}"


def day_of_year(value: date) -> str:
    """A date without its year, such as `11-30` or `30/11`."""
    return f"{value:{_dates().day_of_year}}"


def weekday(number: int) -> str:
    """A weekday's short name from its number, 0 for Monday, such as `Sat` or `sáb`."""
    return str(get_day_names("abbreviated", locale=_locale())[number]).rstrip(".")


def month_name(number: int) -> str:
    """A month's short name from its number, 1 for January, such as `Feb` or `fev`."""
    return str(get_month_names("abbreviated", locale=_locale())[number]).rstrip(".")


def month(value: date) -> str:
    """A month, such as `2026-11` or `11/2026`."""
    return f"{value:{_dates().month}}"


def moment(value: datetime) -> str:
    """A moment in São Paulo, such as `2026-02-01 13:05` or `01/02/2026 13:05`."""
    return f"{value.astimezone(TIME_ZONE):{_dates().day} %H:%M}"


def clock(value: datetime) -> str:
    """The time of day in São Paulo, such as `13:05:09`."""
    return f"{value.astimezone(TIME_ZONE):%H:%M:%S}"


def in_table(value: datetime) -> datetime:
    """A moment in São Paulo without a zone, as tables need it."""
    return value.astimezone(TIME_ZONE).replace(tzinfo=None)


def date_form() -> str:
    """How Streamlit's fields and tables write a date."""
    return _dates().field


def separators() -> str:
    """The signs before decimals and between thousands, as Plotly takes them."""
    return get_decimal_symbol(_locale()) + get_group_symbol(_locale())


def duration(value: timedelta) -> str:
    """A length of time, such as `0.8 s`, `44 s`, `2 min 05 s` or `3 h 20 min`."""
    seconds = value.total_seconds()
    if seconds < 9.95:
        return f"{decimal(seconds, 1)} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{number(whole // 3600)} h {whole % 3600 // 60:02d} min"


def _dates() -> _Dates:
    return _DATES[language.current()]


def _locale() -> Locale:
    return _locale_of(language.current())


@functools.cache  # called a thousand times per page
def _locale_of(code: str) -> Locale:
    return Locale.parse(code, sep="-")
