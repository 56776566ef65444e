"""Compare what should be there with the bucket and Bronze; exit 1 where they differ."""

import argparse
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Bar, Parser, date_range, main, now, open_platform

from core.errors import InputError
from core.generation.catalog import DEFAULT_UNITS
from core.generation.windows import WHOLE_DAY, business_date
from core.pipeline import compare
from core.reconcile.compare import ObjectVerdict, UnreadableEntry, Verdict, WindowSummary, summarise
from core.storage.object_store.local import LocalStore, output_store

EXAMPLES = """\
  # Today, so far
  python scripts/reconcile.py

  # A range of dates, with every object that differs
  python scripts/reconcile.py --from 2026-02-01 --to 2026-02-28 --details
"""
FINE = (Verdict.IN_BRONZE, Verdict.NOT_DUE)


def build_parser() -> Parser:
    """Flags for the range and the amount of detail."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_dates()
    parser.add_units(
        None, "units expected in windows without a manifest",
        f"those of the date's other manifests, else of the reference data, or {DEFAULT_UNITS}",
    )  # fmt: skip
    parser.add_argument(
        "--output-dir", metavar="DIR", help="tell what is generated there and not uploaded"
    )
    parser.add_argument("--details", action="store_true", help="list every object that differs")
    return parser


def run(args: argparse.Namespace) -> int:
    """Print a line a window, and with `--details` every object that differs."""
    moment = now()
    output = _existing(args.output_dir) if args.output_dir is not None else None
    dates = date_range(args, business_date(moment))
    platform = open_platform()
    with Bar() as bar:
        lines, unknown = compare(platform, dates, moment, args.units, output, bar)
    print(f"{'date':<12}{'window':<13}{'orders':>19}{'items':>19}  verdict")
    for summary in summarise(lines):
        print(_row(summary))
    wrong = [line for line in lines if line.verdict not in FINE]
    for line in wrong if args.details else []:
        print(_detail(line))
    for stranger in unknown:
        closed = isinstance(stranger, UnreadableEntry)
        what = "cannot be loaded" if closed else "belongs to no window"
        print(f"{what}: {stranger.name}: {stranger.detail}")
    print(f"{len(lines) - len(wrong):,} of {len(lines):,} objects are as expected.")
    return 1 if wrong or unknown else 0


def _existing(folder: str) -> LocalStore:
    store = output_store(folder)
    if not store.root.is_dir():
        raise InputError(f"{folder!r} is not a folder: name the output folder of the generators.")
    return store


def _row(summary: WindowSummary) -> str:
    orders = f"{summary.bronze_orders:,} of {summary.expected_orders:,}"
    items = f"{summary.bronze_items:,} of {summary.expected_items:,}"
    counts = ", ".join(f"{count} {verdict}" for verdict, count in summary.verdicts.items())
    window = summary.window_tag or WHOLE_DAY
    return f"{summary.day!s:<12}{window:<13}{orders:>19}{items:>19}  {summary.verdict} ({counts})"


def _detail(line: ObjectVerdict) -> str:
    return f"{line.verdict}: {line.name}: {line.detail}"


if __name__ == "__main__":
    main(build_parser(), run)
