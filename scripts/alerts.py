"""List open incidents, look for new ones and send what is due, or send a test message."""

import argparse
import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Parser, main, now, open_platform, whole_number

from core.alerts.channels import Channel, choose_channels, list_channels
from core.alerts.check import check, describe_place, list_channel_failures, open_store
from core.alerts.notices import describe_moment
from core.command import complain
from core.errors import InputError
from core.messages import message
from core.operations.runs import RunHistory
from core.settings import Settings

ACTIONS = ("list", "check", "test")
EXAMPLES = """\
  # What is open, and channels that fail, without looking for more
  python scripts/alerts.py list

  # Look now, send what is due; a line of cron for a machine without panel and schedule
  python scripts/alerts.py check

  # A test message to each channel of MRHEALTH_ALERTS, or to its second one
  python scripts/alerts.py test
  python scripts/alerts.py test --channel 2

docs/alerts.md says what opens an incident. Exit code 1: a channel failed.
"""


def build_parser() -> Parser:
    """What to do, and for a test with which channel."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_argument(
        "action", choices=ACTIONS, nargs="?", default="list", help="default: list"
    )  # fmt: skip
    parser.add_argument(
        "--channel", type=whole_number, metavar="N",
        help="with test: the channel at this place of MRHEALTH_ALERTS (default: all)",
    )  # fmt: skip
    return parser


def run(args: argparse.Namespace) -> int:
    """Do it; print the open incidents, or what became of the test."""
    if args.channel is not None and args.action != "test":
        raise InputError("--channel goes with test.")
    settings = Settings.from_mapping(os.environ)
    if args.action == "test":
        return _test(settings, choose_channels(list_channels(settings.alerts), args.channel))
    if args.action == "check":
        platform = open_platform()
        failures = check(platform, RunHistory(settings.runs_file, now))
    else:
        failures = list_channel_failures(settings)
    _print_open(settings)
    for failure in failures:
        complain(failure)
    return 1 if failures else 0


def _print_open(settings: Settings) -> None:
    found = open_store(settings).list_open()
    for incident in found:
        print(f"{incident.severity:<10} {describe_moment(incident.since)}  {incident.text}")
    print(f"Open incidents: {len(found)}. Channels: {len(list_channels(settings.alerts))}.")
    if found:
        print("Times are those of São Paulo.")


def _test(settings: Settings, channels: list[Channel]) -> int:
    failures = 0
    for channel in channels:
        place = message("alerts.place", place=describe_place(settings))
        body = f"{message('alerts.test')}\n{place}"
        failure = channel.send(message("alerts.test_title"), body, None)
        failures += bool(failure)
        if failure:
            complain(failure)
        else:
            print(f"{channel.name} has the test message.")
    return 1 if failures else 0


if __name__ == "__main__":
    main(build_parser(), run)
