"""Numbers and moments as Brazilian and English readers both read them.

Groups of three digits are parted by a narrow no-break space, so that neither a comma nor a point
can be taken for the other; a point parts at most two decimals, so that it cannot be taken for a
separator of thousands; dates are ISO; hours are those of America/Sao_Paulo. Only what is said in
words is in the viewer's language.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from core.windows import TIME_ZONE
from ui import texts
from ui.plain import Text

THIN = "\u202f"


class Number(Text):
    """A whole number as text, which a sentence can agree with.

    `{count:# window was|# windows were} missed` has what is said of one, and of any other number;
    `#` stands for the number.
    """

    __slots__ = ()

    def __format__(self, form: str) -> str:
        one, bar, many = form.partition("|")
        if not bar:
            return super().__format__(form)
        return (one if self == "1" else many).replace("#", self)


def number(value: float | Decimal) -> Number:
    """A whole number, such as `12 345`, also for texts that depend on whether it is one."""
    return Number(f"{value:,.0f}".replace(",", THIN))


def amount(value: float | Decimal) -> str:
    """A number with two decimals, such as `12 345.60`."""
    return f"{value:,.2f}".replace(",", THIN)


def money(value: Decimal) -> str:
    """An amount of BRL, such as `R$ 12 345.60`."""
    return f"R${THIN}{amount(value)}"


def size(count: int) -> str:
    """A number of bytes in the largest unit that fits, such as `12.3 MiB`."""
    value, unit = float(count), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{number(value)}{THIN}B" if unit == "B" else f"{value:,.1f}{THIN}{unit}"


def moment(value: datetime) -> str:
    """A moment in São Paulo, such as `2026-02-01 13:05`."""
    return f"{value.astimezone(TIME_ZONE):%Y-%m-%d %H:%M}"


def clock(value: datetime) -> str:
    """The time of day in São Paulo, such as `13:05:09`."""
    return f"{value.astimezone(TIME_ZONE):%H:%M:%S}"


def age(value: datetime, now: datetime) -> str:
    """How long ago a moment was, in the largest unit that fits, such as `5 min ago`."""
    seconds = int((now - value).total_seconds())
    return (
        texts.TIME_JUST_NOW if seconds < 60 else texts.TIME_AGO.format(length=_length(seconds))
    )  # fmt: skip


def until(value: datetime, now: datetime) -> str:
    """How long it takes until a moment, in the largest unit that fits, such as `in 5 min`."""
    seconds = int((value - now).total_seconds())
    return texts.TIME_NOW if seconds < 60 else texts.TIME_IN.format(length=_length(seconds))


def _length(seconds: int) -> str:
    for limit, size, unit in ((3600, 60, "min"), (86400, 3600, "h")):
        if seconds < limit:
            return f"{seconds // size} {unit}"
    return texts.TIME_DAYS.format(count=number(seconds // 86400))


def duration(value: timedelta) -> str:
    """A length of time, such as `0.8 s` or `2 min 05 s`."""
    seconds = value.total_seconds()
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"
