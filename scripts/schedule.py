"""See, pause, resume or run the schedule: that of Google Cloud, or else of this machine."""

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Parser, main, now, open_platform

from core.command import complain
from core.errors import AlreadyRunningError, SettingsError
from core.generation.catalog import load_catalog
from core.generation.windows import TIME_ZONE, window_at
from core.operations.runs import RunState
from core.scheduler import Schedule, ScheduleState, next_ticks
from core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.operations.runs import Run

ACTIONS = ("state", "pause", "resume", "run", "catch-up", "leave", "set")
EMBEDDED = ACTIONS[4:]
TICKS = 3
EXAMPLES = """\
  # Enabled or paused, next and last run
  python scripts/schedule.py state

  # No generation until it is resumed
  python scripts/schedule.py pause
  python scripts/schedule.py resume

  # One call now, for the window that contains the present
  python scripts/schedule.py run

  # On this machine: upload the windows missed while it was off, or leave them
  python scripts/schedule.py catch-up
  python scripts/schedule.py leave

  # On this machine: what is generated from the next tick on
  python scripts/schedule.py set --units 10 --seed 42

On this machine `python -m core.scheduler` makes the calls, or the panel does.
"""


def build_parser() -> Parser:
    """What to do with the schedule."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_argument(
        "action", choices=ACTIONS, nargs="?", default="state", help="default: state"
    )
    parser.add_units(None, "units, with set", "as they are")
    parser.add_seed()
    return parser


def run(args: argparse.Namespace) -> int:
    """Do it, and print the schedule afterwards."""
    settings = Settings.from_mapping(os.environ)
    if settings.cloud is None:
        return _on_this_machine(args)
    if args.action in EMBEDDED:
        raise SettingsError(
            f"{args.action} is for the schedule of this machine: on Google Cloud use one of "
            f"{', '.join(ACTIONS[:4])}."
        )
    from core.scheduler.cloud import CloudSchedule

    schedule, moment = CloudSchedule(settings.cloud), now()
    state = _done(schedule, args.action)
    if args.action == "run":
        print(_served(
            moment, "Called for {}.",
            "Called; outside business hours the call is answered with skipped.",
        ))  # fmt: skip
    _show(state, moment)
    return 0


def _on_this_machine(args: argparse.Namespace) -> int:
    from core.operations.runs import RunHistory
    from core.scheduler.local import LocalSchedule

    platform = open_platform()
    history = RunHistory(platform.settings.runs_file, now)
    schedule, moment = LocalSchedule(platform, history), now()
    begun: Sequence[Run] = ()
    refused: Sequence[str] = ()
    match args.action:
        case "catch-up":
            begun, refused = schedule.catch_up()
        case "leave":
            schedule.dismiss_missed()
        case "set":
            plan = schedule.plan()
            units = plan.units if args.units is None else args.units
            schedule.generate(units, plan.seed if args.seed is None else args.seed)
        case "run":
            print(_served(
                moment, "Generating {}.",
                "Nothing is done outside business hours, 10:00 to 24:00 in São Paulo.",
            ))  # fmt: skip
            schedule.run()
            begun = schedule.attempts(1) if window_at(moment, load_catalog()) else ()
        case action:
            _done(schedule, action)
    ended = [schedule.ended(run) for run in begun]
    _show(schedule.state(), moment)
    plan, missed = schedule.plan(), schedule.missed()
    print(f"makes     {plan.units} units, seed {plan.seed}")
    for day, window in missed:
        print(f"missed    {day} {window.hours} {window.name}")
    for sentence in refused:
        complain(sentence)
    if any(run.state is not RunState.SUCCEEDED for run in ended):
        return 1
    return AlreadyRunningError.exit_code if refused else 0


def _done(schedule: Schedule, action: str) -> ScheduleState:
    state: ScheduleState = getattr(schedule, action)()
    return state


def _show(state: ScheduleState, moment: datetime) -> None:
    print(f"{state.name} is {state.state}: {state.schedule} ({state.time_zone}).")
    print(f"next run  {_moment(state.next_run)}")
    print(f"last run  {_moment(state.last_run)}  {state.last_status}")
    for tick in next_ticks(moment, TICKS, load_catalog()) if not state.paused else ():
        print(f"tick      {_moment(tick.at)}  {tick.window.hours} {tick.window.name}")


def _served(moment: datetime, inside: str, outside: str) -> str:
    """What a call at a moment is for, or that it is for nothing."""
    found = window_at(moment, load_catalog())
    if found is None:
        return outside
    day, window = found
    return inside.format(f"{day} {window.hours} {window.name}")


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(TIME_ZONE):%Y-%m-%d %H:%M} BRT" if moment else "-"


if __name__ == "__main__":
    main(build_parser(), run)
