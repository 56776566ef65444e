"""Refresh a business date: what the DAG of Airflow does, without Airflow.

Windows that are not there are generated (or waited for, or the refresh fails, by --gaps) for the
units that the date's manifests name, or for as many as --units says. Then what is pending goes to
Bronze, Silver, Gold and aggregations are rebuilt for the dates that changed, and the date's counts
are compared from the manifests to the aggregations. Exit code 1 when a check failed, 75 when the
same may succeed later.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Bar, Parser, main, now, open_platform, record_run

from core.errors import CheckError
from core.generation.windows import parse_date
from core.operations import jobs
from core.operations.daily_refresh import Refresh, count_sales, format_counts, last_ended_day
from core.settings import GAPS, Settings

EXAMPLES = """\
  # The date that ended last
  python scripts/refresh_day.py

  # A date of which there is nothing yet needs a number of units
  python scripts/refresh_day.py --date 2026-02-01 --units 50

  # Another one, which fails where a window is not there
  python scripts/refresh_day.py --date 2026-02-01 --gaps fail

  # All dates of all layers anew
  python scripts/refresh_day.py --date 2026-02-01 --full
"""


def build_parser() -> Parser:
    """Flags for the date, and how it is refreshed."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_argument(
        "--date", type=parse_date, metavar="YYYY-MM-DD",
        help="business date (default: the one that ended last)",
    )  # fmt: skip
    parser.add_units(None, "restaurant units", "those of the date's manifests")
    parser.add_argument(
        "--gaps", choices=GAPS, help="what is done about gaps (default: as MRHEALTH_GAPS says)"
    )
    parser.add_argument(
        "--full", action="store_true", help="rebuild all dates, not only those that changed"
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Take all steps, and print the date's counts."""
    platform = open_platform()
    day = args.date or last_ended_day(now())
    gaps = args.gaps or Settings.from_mapping(os.environ).gaps
    asked = Refresh(day, args.units, gaps, args.full)
    job = jobs.refresh(asked)
    with record_run(job) as context, Bar() as bar:
        context.also = bar
        try:
            context.result = job.action(platform, context)
        except CheckError:
            bar.close()
            for line in jobs.list_failing_rows(context.details):
                print(line)
            raise
    print(*format_counts(count_sales(platform, asked, now())), sep="\n")
    print(context.result)
    return 0


if __name__ == "__main__":
    main(build_parser(), run)
