"""How long ago a moment was, or how far ahead it is, in the viewer's language."""

from datetime import datetime

from ui import texts
from ui.style import format as fmt


def age(value: datetime, now: datetime) -> str:
    """Return how long ago a moment was, in the largest unit that fits, such as `5 min ago`."""
    seconds = int((now - value).total_seconds())
    return (
        texts.TIME_JUST_NOW if seconds < 60 else texts.TIME_AGO.format(length=_length(seconds))
    )  # fmt: skip


def until(value: datetime, now: datetime) -> str:
    """Return how long a moment is ahead, in the largest unit that fits, such as `in 5 min`."""
    seconds = int((value - now).total_seconds())
    return texts.TIME_NOW if seconds < 60 else texts.TIME_IN.format(length=_length(seconds))


def _length(seconds: int) -> str:
    for limit, of_unit, unit in ((3600, 60, "min"), (86400, 3600, "h")):
        if seconds < limit:
            return f"{seconds // of_unit} {unit}"
    return texts.TIME_DAYS.format(count=fmt.number(seconds // 86400))
