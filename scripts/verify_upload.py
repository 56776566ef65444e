"""See whether an upload arrived: objects, csv-processor's log, Bronze; exit 1 where it did not."""

import argparse
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Bar, Parser, main, now, open_platform

from core.generation.catalog import load_catalog
from core.generation.windows import business_date, find_window, parse_date
from core.operations.verify_upload import (
    PROCESSOR,
    Arrival,
    Outcome,
    check_wait,
    describe_arrival,
    verify_upload,
)
from core.storage.publish import Request

DETAILS = 20
EXAMPLES = """\
  # The lunch peak of today, waiting a minute at most
  python scripts/verify_upload.py --window-start 12:00 --window-end 14:00

  # Another date and fewer units, without waiting
  python scripts/verify_upload.py --window-start 12:00 --window-end 14:00 \\
      --date 2026-02-01 --units 5 --wait 0
"""


def build_parser() -> Parser:
    """The flags of the generation that uploaded, and how long to wait."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_argument("--window-start", required=True, metavar="HH:MM", help="window start")
    parser.add_argument(
        "--window-end", required=True, metavar="HH:MM",
        help="window end; midnight is 24:00 or 00:00",
    )  # fmt: skip
    parser.add_argument(
        "--date", type=parse_date, metavar="YYYY-MM-DD", help="default: today (BRT)"
    )
    parser.add_units()
    parser.add_argument(
        "--wait", type=_seconds, default=60.0, metavar="S",
        help=f"most seconds to wait for {PROCESSOR} (default: 60)",
    )  # fmt: skip
    return parser


def run(args: argparse.Namespace) -> int:
    """Print what is there, line by line, then the verdict."""
    moment = now()
    window = find_window(args.window_start, args.window_end, load_catalog())
    request = Request(
        dates=(args.date or business_date(moment),),
        windows=(window,),
        units=tuple(range(1, args.units + 1)),
    )
    platform = open_platform()
    with Bar() as bar:
        found = verify_upload(platform, request, moment, args.wait, progress=bar)
    _print(found)
    print(describe_arrival(found))
    return 0 if found.outcome is Outcome.ARRIVED else 1


def _print(found: Arrival) -> None:
    print(f"objects  {found.objects:,} of {len(found.lines):,} in the bucket, {found.size:,} bytes")
    for table, name in (("orders", "orders"), ("order_items", "items")):
        actual, expected = found.rows(table)
        print(f"Bronze   {actual:,} of {expected:,} {name}")
    for text in found.log_texts():
        print(f"log      {text}")
    for line in found.wrong()[:DETAILS]:
        print(f"{line.verdict}: {line.name}{line.detail and f': {line.detail}'}")
    if len(found.wrong()) > DETAILS:
        print(f"and {len(found.wrong()) - DETAILS:,} more")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds") from None
    return check_wait(seconds)


if __name__ == "__main__":
    main(build_parser(), run)
