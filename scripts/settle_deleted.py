"""Show what Bronze and quarantine still have of deleted objects, and take it away when asked."""

import argparse
import sys
from datetime import timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Bar, Parser, date_range, main, now, open_platform, record_run, say

from core.generation.windows import business_date
from core.operations import jobs
from core.operations.cleanup.leftovers import Leftover, find_leftovers

EXAMPLES = """\
  # What is left of deleted objects of the last 7 days; nothing is changed
  python scripts/settle_deleted.py

  # Take it away
  python scripts/settle_deleted.py --from 2026-02-01 --to 2026-02-28 --apply
"""
_USUAL_DAYS = 7
_MOST = 50


def build_parser() -> Parser:
    """Flags for the range, and whether to do it."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_dates(f"the date of --to, or else {_USUAL_DAYS - 1} days before today")
    parser.add_argument(
        "--apply", action="store_true", help="take it away (default: only show what would go)"
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Print a line a left-over; exit 1 where some are left."""
    platform, today = open_platform(), business_date(now())
    first, last = date_range(args, today)
    if not (args.date or args.first or args.last):
        first = today - timedelta(days=_USUAL_DAYS - 1)
    found = find_leftovers(platform, (first, last))
    for one in found[:_MOST]:
        print(_line(one))
    if len(found) > _MOST:
        print(f"... and {len(found) - _MOST:,} more.")
    todo = [one for one in found if not one.stays]
    if not args.apply or not todo:
        doing = " Nothing was changed: --apply takes them away." if todo else ""
        print(f"Left-overs of deleted objects, {first} to {last}: {len(found):,}.{doing}")
        return 1 if found else 0
    job = jobs.settlement(first, last)
    with record_run(job) as context, Bar() as bar:
        context.also = bar
        result = job.action(platform, context)
        bar.close()
        say(result, context)
    return 1 if len(todo) < len(found) else 0


def _line(one: Leftover) -> str:
    parts = [
        f"{one.rows:,} rows in Bronze" if one.rows else "",
        "a line in the ledger" if one.noted else "",
        "a report in quarantine" if one.report is not None else "",
    ]
    stays = f"; stays: {one.stays}" if one.stays else ""
    return f"{one.name}: {', '.join(filter(None, parts))}{stays}"


if __name__ == "__main__":
    main(build_parser(), run)
