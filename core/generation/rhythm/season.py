"""The season of a date in southern Brazil, by fixed dates."""

from datetime import date

# The first day of each season in the southern hemisphere; it differs by at most two days from the
# astronomical one.
_STARTS = (
    ((3, 20), "autumn"), ((6, 21), "winter"), ((9, 22), "spring"), ((12, 21), "summer"),
)  # fmt: skip


def season_of(day: date) -> str:
    """`summer`, `autumn`, `winter` or `spring`."""
    begun = [season for start, season in _STARTS if start <= (day.month, day.day)]
    return begun[-1] if begun else "summer"
