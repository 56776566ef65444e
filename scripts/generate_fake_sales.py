"""Generate the sales of whole days in bulk: two files a unit and day, and the reference data."""

import argparse
import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Parser, main, now
from _parallel import add_plan, add_workers, shard_writer_of, windows_of, workers_of
from _publish import write_request

from core.errors import InputError
from core.generation.catalog import load_catalog
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import business_date, dates_between, parse_date
from core.storage.publish import Request
from core.storage.shards import ShardedRequest

DEFAULT_DAYS = 30
EXAMPLES = """\
  # The 30 days that ended yesterday, for 50 units
  python scripts/generate_fake_sales.py --units 50 --days 30

  # A month, uploaded to the configured bucket and loaded into Bronze
  python scripts/generate_fake_sales.py --start-date 2026-01-01 --end-date 2026-01-31 --upload

Do not mix with incremental data of the same dates: both would count in Bronze. It is refused.
"""


def build_parser() -> Parser:
    """The guide's flags and defaults."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_units()
    parser.add_argument(
        "--days", type=int, metavar="N", help=f"number of days (default: {DEFAULT_DAYS})"
    )
    for flag, what in (("--start-date", "first"), ("--end-date", "last")):
        parser.add_argument(flag, type=parse_date, metavar="YYYY-MM-DD", help=f"{what} date")
    add_plan(parser)
    parser.add_output()
    parser.add_seed()
    add_workers(parser)
    parser.add_argument(
        "--plan",
        action="store_true",
        help="print what it would make, how long that takes and what it costs; write nothing",
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Write the days to the output folder, then to the bucket with `--upload`."""
    yesterday = business_date(now()) - timedelta(days=1)
    request = Request(
        dates=tuple(_dates(args.start_date, args.end_date, args.days, yesterday)),
        windows=windows_of(args.windows, load_catalog()),
        units=tuple(range(1, args.units + 1)),
        seed=DEFAULT_SEED if args.seed is None else args.seed,
        day_orders=(args.min_orders, args.max_orders),
    )
    plan = ShardedRequest(request, args.format, args.overwrite, args.force)
    if args.plan:
        from _estimate import print_estimate

        print_estimate(plan, workers_of(args.workers))
        return 0
    return write_request(request, args, reference=True, writer=shard_writer_of(plan, args.workers))


def _dates(
    first: date | None, last: date | None, days: int | None, yesterday: date
) -> tuple[date, ...]:
    """The range that two of start, end and number of days give; it ends yesterday by default."""
    if first and last:
        if days is not None:
            raise InputError("--days does not go with both --start-date and --end-date.")
        return tuple(dates_between(first, last))
    span = DEFAULT_DAYS if days is None else days
    if not 1 <= span <= 36_525:
        raise InputError(f"--days {span} is not possible: use 1 to 36525.")
    if first:
        return tuple(dates_between(first, first + timedelta(days=span - 1)))
    last = last or yesterday
    return tuple(dates_between(last - timedelta(days=span - 1), last))


if __name__ == "__main__":
    main(build_parser(), run)
