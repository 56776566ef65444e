"""Print the truth behind the data: each date's level, its parts, and the orders to expect."""

import argparse
import itertools
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

import numpy as np
from _cli import Parser, date_range, main, now

from core.errors import InputError
from core.generation.catalog import DEFAULT_UNITS, Catalog, load_catalog
from core.generation.orders import DEFAULT_SEED
from core.generation.rhythm.kind_of_day import kind_of_day
from core.generation.rhythm.profiles import profile_of, traits_of
from core.generation.windows import business_date, check_units, dates_between, find_windows
from core.insight.day_levels import DayLevel, day_levels, mean_of_windows

EXAMPLES = """\
  # A month: a line a date, per mille of the range between fewest and most orders
  python scripts/calendar.py --from 2027-02-01 --to 2027-02-28

  # A year as CSV: a row a date and window
  python scripts/calendar.py --from 2026-01-01 --to 2026-12-31 --format csv > levels.csv

  # The lunches of unit 7 alone
  python scripts/calendar.py --date 2026-02-14 --unit 7 --window 12:00-14:00
"""
NOTE = (
    "# Level and parts: per mille of the range of orders, the mean of {units} and {windows}; seed "
    "{seed}.\n# Orders: the mean at this level. Ordinary: without holiday, campaign and weather."
)


def build_parser() -> Parser:
    """Dates, units, window, format and seed."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_dates()
    parser.add_units(None, usual=f"{DEFAULT_UNITS}")
    parser.add_argument(
        "--unit", type=int, metavar="N", help="this unit alone, with its profile and size"
    )
    parser.add_argument("--window", metavar="HH:MM-HH:MM", help="this window alone")
    parser.add_argument(
        "--format", choices=("text", "csv"), default="text",
        help="a line a date, or CSV with a row a date and window (default: text)",
    )  # fmt: skip
    parser.add_seed("the project's own")
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the levels of the dates."""
    catalog = load_catalog()
    units = units_of(args)
    windows = find_windows([args.window] if args.window else [], catalog)
    seed = DEFAULT_SEED if args.seed is None else args.seed
    days = dates_between(*date_range(args, business_date(now())))
    found = day_levels(days, windows, units, seed, catalog)
    if args.format == "text":
        if len(units) == 1:
            print(describe_unit(units[0], catalog))
        names = f"units {units[0]} to {units[-1]}" if len(units) > 1 else f"unit {units[0]}"
        hours = f"windows {windows[0].hours} to {windows[-1].hours}"
        where = windows[0].hours if len(windows) == 1 else hours
        print(NOTE.format(units=names, windows=where, seed=seed))
    header = csv_header if args.format == "csv" else text_header
    lines = csv_lines if args.format == "csv" else text_lines
    for number, (day, group) in enumerate(itertools.groupby(found, lambda one: one.day)):
        of_day = list(group)
        if not number:
            print(header(of_day[0].parts))
        print("\n".join(lines(of_day, kind_of_day(day, catalog).sentence)))
    return 0


def units_of(args: argparse.Namespace) -> range:
    """The units of `--units`, or the one of `--unit`."""
    if args.unit is None:
        return range(1, (args.units or DEFAULT_UNITS) + 1)
    if args.units is not None:
        raise InputError("--unit does not go with --units: name one unit, or a number of them.")
    return range(check_units(args.unit), args.unit + 1)


def describe_unit(unit_id: int, catalog: Catalog) -> str:
    """Name, profile and size of a unit, in a line."""
    size = int(traits_of(np.array([unit_id], np.uint64), catalog).size[0])
    return (
        f"# Unit {unit_id}: {catalog.unit(unit_id).name}; profile {profile_of(unit_id, catalog)}; "
        f"size {size:+} per mille."
    )


def csv_header(parts: Iterable[str]) -> str:
    """The names of the columns."""
    return ",".join(
        ["date", "window", "level", *parts, "orders", "ordinary_orders", "kind_of_day"]
    )  # fmt: skip


def csv_lines(of_day: Sequence[DayLevel], kind: str) -> Iterator[str]:
    """A row for each window of a date."""
    quoted = kind.replace('"', '""')
    for one in of_day:
        values = (one.level, *one.parts.values(), one.orders, one.ordinary)
        numbers = ",".join(f"{value:.1f}" for value in values)
        yield f'{one.day},{one.window.hours},{numbers},"{quoted}"'


def text_header(parts: Iterable[str]) -> str:
    """The names of the columns, each as wide as its values."""
    names = "".join(f" {name:>{width_of(name)}}" for name in parts)
    return f"{'date':10} {'level':>5}{names} {'orders':>9} {'ordinary':>9}  kind of day"


def text_lines(of_day: Sequence[DayLevel], kind: str) -> Iterator[str]:
    """A line for all windows of a date."""
    one = mean_of_windows(of_day)
    parts = "".join(f" {value:>+{width_of(name)}.0f}" for name, value in one.parts.items())
    yield f"{one.day} {one.level:>5.0f}{parts} {one.orders:>9,.1f} {one.ordinary:>9,.1f}  {kind}"


def width_of(name: str) -> int:
    """The width of a part's column."""
    return max(5, len(name))


if __name__ == "__main__":
    main(build_parser(), run)
