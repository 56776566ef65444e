"""Generate what is missing of a range of dates, upload it and load it into Bronze.

The plan says which windows and why; those that are not due yet are left out. A window that fails
does not stop the others, and no other run works on the same windows meanwhile. Exit code 1 when a
window failed, 75 when another run works on one of them.
"""

import argparse
import os
import sys
from collections import Counter
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Bar, Parser, date_range, main, now, open_platform, record_run
from _parallel import add_workers, workers_for, workers_of

from core.errors import CheckError, ConflictError
from core.generation.catalog import load_catalog
from core.generation.windows import business_date, find_windows
from core.operations import jobs
from core.operations.backfill_plan import (
    KINDS,
    LAST_RUNS,
    BackfillPlan,
    BackfillRequest,
    Mode,
    Step,
    plan_backfill,
)
from core.operations.runs import RunHistory
from core.settings import Settings

EXAMPLES = """\
  # What is missing of a month, and what would be done about it
  python scripts/backfill.py --from 2026-02-01 --to 2026-02-28 --dry-run

  # Do it, for the units that each date's manifests name
  python scripts/backfill.py --from 2026-02-01 --to 2026-02-28

  # Dates of which there is nothing yet need a number of units
  python scripts/backfill.py --from 2026-02-01 --to 2026-02-28 --units 50

  # Lunch and dinner peaks alone, also where the last run failed or rows are not as expected
  python scripts/backfill.py --from 2026-02-01 --to 2026-02-28 --mode missing-and-failed \\
      --windows 12:00-14:00 18:00-20:00

  # Everything anew with another seed, in the place of what is there
  python scripts/backfill.py --date 2026-02-01 --mode all --seed 42 --overwrite
"""


def build_parser() -> Parser:
    """Flags for the range, what is taken of it, and what may be done."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_dates()
    parser.add_argument(
        "--mode",
        choices=[mode.value for mode in Mode],
        default=Mode.MISSING.value,
        help="which windows to generate (default: missing)",
    )
    parser.add_argument(
        "--windows",
        nargs="+",
        metavar="HH:MM-HH:MM",
        default=(),
        help="which windows of each date (default: all)",
    )
    parser.add_units(None, "restaurant units", "those of each date's manifests")
    parser.add_seed("that of each window's manifest, and the project's own without one")
    parser.add_argument(
        "--dry-run", action="store_true", help="print the plan of all windows, and write nothing"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace objects that exist with other content"
    )
    add_workers(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the plan, or do it and say how it ended."""
    workers_of(args.workers)
    moment = now()
    asked = BackfillRequest(
        date_range(args, business_date(moment)),
        find_windows(args.windows, load_catalog()),
        args.units,
        args.seed,
        Mode(args.mode),
    )
    platform = open_platform()
    history = RunHistory(Settings.from_mapping(os.environ).runs_file, now)
    runs = history.list_recent(LAST_RUNS, KINDS) if history.path.exists() else []
    with Bar() as bar:
        found = plan_backfill(platform, asked, moment, runs, bar)
    if args.dry_run:
        _print(found)
    else:
        found.check_units()
    if args.dry_run or not found.chosen:
        print(_totals(found))
        return 0
    cells = sum(len(step.units) for step in found.chosen)
    processes = workers_for(cells, args.workers)
    job = jobs.backfill(found, overwrite=args.overwrite, processes=processes)
    try:
        with record_run(job) as context, Bar() as bar:
            context.also = bar
            context.result = job.action(platform, context)
    except (CheckError, ConflictError) as error:
        for window in context.details["windows"]:
            if window["error"]:
                print(f"FAILED {window['claim']}: {window['error']}")
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(context.result)
    return 0


def _print(found: BackfillPlan) -> None:
    print(
        f"{'date':<12}{'window':<13}{'state':<14}{'orders':>9}{'items':>9}  what is done, and why"
    )
    for step in found.steps:
        print(_row(step))


def _row(step: Step) -> str:
    todo = "generate" if step.chosen else "leave"
    state = step.verdict or "-"
    return (
        f"{step.day!s:<12}{step.window.hours:<13}{state:<14}{step.orders:>9,}{step.items:>9,}"
        f"  {todo}: {step.why}"
    )


def _totals(found: BackfillPlan) -> str:
    chosen = found.chosen
    if not chosen:
        states = Counter(step.reason.value for step in found.steps)
        why = ", ".join(f"{count:,} {reason}" for reason, count in states.items()) or "none is due"
        return f"None of {len(found.steps):,} windows is to be generated ({why})."
    return (
        f"{len(chosen):,} of {len(found.steps):,} windows are to be generated: "
        f"{sum(step.objects for step in chosen):,} objects, "
        f"{sum(step.orders for step in chosen):,} orders, "
        f"{sum(step.items for step in chosen):,} items."
    )


if __name__ == "__main__":
    main(build_parser(), run)
