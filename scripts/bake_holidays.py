"""Bake the holidays into `core/generation/data/holidays.csv`, as one rule each.

Dates and names come from the package `holidays`, which changes with its releases and with the law;
the generator reads the baked file instead, so that a new release cannot change data that exists.
"""

import argparse
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _bake import baking_parser, write_baked
from _cli import main
from holidays import OPTIONAL, PUBLIC
from holidays.countries.brazil import Brazil
from holidays.version import __version__

from core.errors import InputError
from core.generation.catalog import load_catalog
from core.generation.cells import EPOCH
from core.generation.rhythm.holidays import FILE, NATIONAL, days_by_rule
from core.generation.windows import FIRST_DATE, LAST_DATE

EXAMPLES = """\
  python scripts/bake_holidays.py --output-dir /tmp/holidays
"""
COLUMNS = ("code", "rule", "scope", "first_year", "last_year", "name_pt", "name_en")
YEARS = range(FIRST_DATE.year, LAST_DATE.year + 1)
# Days on which Brazil rests although the law lets them be workdays. The package's other optional
# days are that of public servants, and the eves of Christmas and New Year, which are eves here too.
OPTIONAL_NAMES = ("Carnaval", "Quarta-feira de Cinzas", "Corpus Christi")
GOOD_FRIDAY = "Sexta-feira Santa"
# English names by their Portuguese ones where the package translates word by word, or misspells.
BETTER_NAMES = {
    "Confraternização Universal": "New Year's Day",  # as 1 January is called in English
    "Dia do Trabalhador": "Workers' Day",  # of all workers
    "Proclamação da República": "Republic Day",  # what English calls such a day
}
EASTER_NAMES = ("Páscoa", "Easter Sunday")  # as a Sunday it is no holiday of the package

Names = tuple[str, str]  # Portuguese and English


def run(args: argparse.Namespace) -> int:
    """Bake the file."""
    write_baked(
        args.output_dir, {FILE: bake()}, f"holidays {__version__}",
        "the orders of a day depend on them", force=args.force,
    )  # fmt: skip
    return 0


def bake() -> list[str]:
    """Lines of the file: what moves with Easter, the other national holidays, those of the states.

    Raises:
        InputError: The package has a holiday whose dates follow no known rule.
    """
    national = find_holidays(None)
    rows = sorted(_rows(national, NATIONAL), key=_moving_first)
    for state in load_catalog().states.values():
        of_state = find_holidays(state.abbreviation)
        rows += _rows({n: of_state[n] for n in of_state if n not in national}, state.abbreviation)
    return [",".join(row) for row in (COLUMNS, *rows)]


def find_holidays(subdivision: str | None) -> dict[Names, list[date]]:
    """The dates of each holiday of the country or a state by the package, and Easter."""
    found: dict[Names, list[date]] = defaultdict(list)
    for category in (PUBLIC, OPTIONAL):
        portuguese, english = (
            Brazil(subdiv=subdivision, years=YEARS, categories=category, language=language)
            for language in ("pt_BR", "en_US")
        )
        for day in sorted(portuguese):
            for pair in zip(portuguese.get_list(day), english.get_list(day), strict=True):
                names = (pair[0], BETTER_NAMES.get(*pair))
                if category == PUBLIC or names[0] in OPTIONAL_NAMES:
                    found[names].append(day)
                if names[0] == GOOD_FRIDAY:
                    found[EASTER_NAMES].append(day + timedelta(days=2))
    return found


def _rows(holidays: dict[Names, list[date]], scope: str) -> Iterator[tuple[str, ...]]:
    for names, dates in holidays.items():
        of_years: dict[int, list[date]] = defaultdict(list)
        for day in dates:
            of_years[day.year].append(day)
        series = list(zip(*of_years.values(), strict=True))  # one, but two for Carnival
        for days in series:
            suffix = f" {days[0]:%A}" if len(series) > 1 else ""
            first, last = days[0].year, days[-1].year
            yield (
                _code(names[1] + suffix), _find_rule(names[0], days), scope,
                str(first) if first != YEARS[0] else "", str(last) if last != YEARS[-1] else "",
                *names,
            )  # fmt: skip


def _find_rule(name: str, days: Sequence[date]) -> str:
    """The rule that gives exactly these days, which are of one year after another."""
    earliest = min(f"{day:%m-%d}" for day in days)
    offset = (days[0] - _days_of("easter")[days[0].year]).days
    for rule in (earliest, f"easter{offset:+}" if offset else "easter", f"sunday from {earliest}"):
        by_rule = _days_of(rule)
        if list(days) == [by_rule[year] for year in range(days[0].year, days[-1].year + 1)]:
            return rule
    raise InputError(f"the dates of {name!r} follow no rule that holidays.csv can hold.")


def _days_of(rule: str) -> dict[int, date]:
    days = [EPOCH + timedelta(days=number) for number in days_by_rule(rule).tolist()]
    return {day.year: day for day in days}


def _moving_first(row: Sequence[str]) -> tuple[bool, int, str]:
    """The order in which holidays count that fall on one day: Easter Sunday before Tiradentes."""
    is_moving = row[1].startswith("easter")
    return not is_moving, int(row[1].removeprefix("easter") or 0) if is_moving else 0, row[1]


def _code(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower().replace("'", "")).strip("_")


if __name__ == "__main__":
    main(baking_parser("Bake the holidays from the package `holidays`.", EXAMPLES), run)
