"""Move a database file of the home aside, with all that belongs to it; nothing is deleted."""

import argparse
import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Parser, main

from core.aside import put_aside, put_log_aside
from core.errors import InputError
from core.settings import Settings

EXAMPLES = """\
  # The warehouse, to load Bronze from the bucket again
  python scripts/put_aside.py warehouse

  # Only its write-ahead log, where that belongs to another file
  python scripts/put_aside.py warehouse-log

  # The history of runs, or the plan of the schedule; a new one is made
  python scripts/put_aside.py history
  python scripts/put_aside.py schedule
"""
_WHAT = ("warehouse", "warehouse-log", "history", "schedule", "schedule-lock", "alerts")


def build_parser() -> Parser:
    """Which of the files."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_argument("what", choices=_WHAT, help="which of the files")
    return parser


def run(args: argparse.Namespace) -> int:
    """Move the file and say where it is now."""
    settings = Settings.from_mapping(os.environ)
    if settings.cloud and args.what.startswith("warehouse"):
        raise InputError("The warehouse is BigQuery, and no file: `diagnose.py` says what to do.")
    files = {
        "history": settings.runs_file,
        "alerts": settings.alerts_file,
        "schedule": settings.schedule_file,
        "schedule-lock": settings.schedule_file.with_name("schedule-lock.sqlite"),
    }
    file = files.get(args.what, settings.warehouse_file)
    folder = put_log_aside(file) if args.what == "warehouse-log" else put_aside(file)
    print(f"Moved to {folder}: {', '.join(sorted(path.name for path in folder.iterdir()))}.")
    return 0


if __name__ == "__main__":
    main(build_parser(), run)
