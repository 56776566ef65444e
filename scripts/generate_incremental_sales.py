"""Generate the sales of one business window, as files and, with --upload, in the bucket."""

import argparse
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Parser, main, now
from _publish import write_request

from core.generation.catalog import load_catalog
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import business_date, find_window, parse_date
from core.storage.publish import Request

EXAMPLES = """\
  # Lunch peak of today: 3-5 orders per unit
  python scripts/generate_incremental_sales.py --window-start 12:00 --window-end 14:00

  # Dinner peak of a date, with a seed of its own
  python scripts/generate_incremental_sales.py --window-start 18:00 --window-end 20:00 \\
      --date 2026-02-01 --seed 42

  # Generate, upload to the configured bucket, load into Bronze
  python scripts/generate_incremental_sales.py --window-start 12:00 --window-end 14:00 --upload
"""


def build_parser() -> Parser:
    """The guide's flags and defaults."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_argument("--window-start", required=True, metavar="HH:MM", help="window start")
    parser.add_argument(
        "--window-end",
        required=True,
        metavar="HH:MM",
        help="window end; midnight is 24:00 or 00:00",
    )
    parser.add_argument(
        "--date", type=parse_date, metavar="YYYY-MM-DD", help="default: today (BRT)"
    )
    parser.add_units()
    parser.add_output()
    parser.add_seed()
    return parser


def run(args: argparse.Namespace) -> int:
    """Write the window to the output folder, then to the bucket with `--upload`."""
    catalog = load_catalog()
    request = Request(
        dates=(args.date or business_date(now()),),
        windows=(find_window(args.window_start, args.window_end, catalog),),
        units=tuple(range(1, args.units + 1)),
        seed=DEFAULT_SEED if args.seed is None else args.seed,
    )
    return write_request(request, args, reference=False)


if __name__ == "__main__":
    main(build_parser(), run)
