"""See, pause, resume or run the schedule on Google Cloud, continuous-data-generator."""

import argparse
import os
from datetime import datetime

from _cli import Parser, main, now

from core.catalog import load_catalog
from core.errors import SettingsError
from core.scheduler import ScheduleState, next_ticks
from core.scheduler.cloud import CloudSchedule
from core.settings import Settings
from core.windows import TIME_ZONE, window_at

ACTIONS = ("state", "pause", "resume", "run")
TICKS = 3
EXAMPLES = """\
  # Enabled or paused, next and last run
  python scripts/schedule.py state

  # No generation until it is resumed
  python scripts/schedule.py pause
  python scripts/schedule.py resume

  # One call now, for the window that contains the present
  python scripts/schedule.py run
"""


def build_parser() -> Parser:
    """What to do with the schedule."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_argument(
        "action", choices=ACTIONS, nargs="?", default="state", help="default: state"
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Do it, and print the schedule as it stands afterwards."""
    cloud = Settings.from_mapping(os.environ).cloud
    if cloud is None:
        raise SettingsError(
            "There is no schedule without Google Cloud: set GCP_PROJECT_ID and GCS_BUCKET_NAME."
        )
    schedule, moment = CloudSchedule(cloud), now()
    state: ScheduleState = getattr(schedule, args.action)()
    if args.action == "run":
        print(_served(moment))
    print(f"{state.name} is {state.state}: {state.schedule} ({state.time_zone}).")
    print(f"next run  {_moment(state.next_run)}")
    print(f"last run  {_moment(state.last_run)}  {state.last_status}")
    for tick in next_ticks(moment, TICKS, load_catalog()) if not state.paused else ():
        print(f"tick      {_moment(tick.at)}  {tick.window.hours} {tick.window.name}")
    return 0


def _served(moment: datetime) -> str:
    found = window_at(moment, load_catalog())
    if found is None:
        return "Called; outside business hours the call is answered with skipped."
    day, window = found
    return f"Called for {day} {window.hours} {window.name}."


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(TIME_ZONE):%Y-%m-%d %H:%M} BRT" if moment else "-"


if __name__ == "__main__":
    main(build_parser(), run)
