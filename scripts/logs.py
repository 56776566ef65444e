"""Print the newest lines of a function's log on Google Cloud, the newest last."""

import argparse
import os
import sys
from datetime import timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Parser, main, now, whole_number

from core.errors import SettingsError
from core.gcp.function_logs import FUNCTIONS, MAX_LINES, LogLine, check_limit, read_logs
from core.generation.windows import TIME_ZONE
from core.settings import Settings

MAX_HOURS = 24 * 365
EXAMPLES = """\
  # What data-generator did
  python scripts/logs.py data-generator --limit 20

  # What csv-processor did in the last hour
  python scripts/logs.py csv-processor --limit 10 --hours 1
"""


def build_parser() -> Parser:
    """Which function, how many lines and how far back."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_argument("function", choices=FUNCTIONS)
    parser.add_argument(
        "--limit", type=_lines, default=20, metavar="N",
        help=f"most lines, up to {MAX_LINES} (default: 20)",
    )  # fmt: skip
    parser.add_argument(
        "--hours", type=_hours, default=24, metavar="N", help="how far back (default: 24)"
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Print a line each: time, severity, text."""
    cloud = Settings.from_mapping(os.environ).cloud
    if cloud is None:
        raise SettingsError(
            "There are no functions without Google Cloud: set GCP_PROJECT_ID and GCS_BUCKET_NAME."
        )
    lines = read_logs(cloud, args.function, args.limit, now() - timedelta(hours=args.hours))
    for line in reversed(lines):
        print(_text(line))
    if not lines:
        print(f"{args.function} wrote nothing in the last {args.hours} h.")
    return 0


def _text(line: LogLine) -> str:
    return f"{line.time.astimezone(TIME_ZONE):%Y-%m-%d %H:%M:%S}  {line.severity:<8} {line.text}"


def _lines(text: str) -> int:
    return check_limit(whole_number(text))


def _hours(text: str) -> int:
    hours = whole_number(text)
    if not 1 <= hours <= MAX_HOURS:
        raise argparse.ArgumentTypeError(f"{hours} hours are not possible: use 1 to {MAX_HOURS}")
    return hours


if __name__ == "__main__":
    main(build_parser(), run)
