"""What the verbs of `faults.py` share: the flags, the scenario and its sales, and a run."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from _cli import Bar, Parser, date_range, now, open_platform, record_run, say

from core.errors import InputError
from core.generation.catalog import DEFAULT_UNITS, load_catalog
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import business_date, dates_between, find_windows
from core.messages import message
from core.scenarios.scenario import Scenario, load_scenario
from core.settings import Settings
from core.storage.request import Request

if TYPE_CHECKING:
    from core.operations.jobs import Job
    from core.operations.scenarios import Record
    from core.platform import Platform


def add_scenario(parser: Parser, usual: str = "") -> None:
    """The flag `--scenario`; `usual` says what happens without it."""
    parser.add_argument(
        "--scenario", metavar="NAME|PATH", required=not usual,
        help="a scenario of `list`, or the path of a .toml file"
        + (f" (default: {usual})" if usual else ""),
    )  # fmt: skip


def add_request(parser: Parser) -> None:
    """The flags of the sales that a scenario is applied to."""
    parser.add_dates()
    parser.add_argument(
        "--windows", nargs="+", metavar="HH:MM-HH:MM", default=(),
        help="which windows of each date (default: all)",
    )  # fmt: skip
    parser.add_units(None, usual=str(DEFAULT_UNITS))
    parser.add_seed()


def scenarios_folder() -> Path:
    """The folder of the user's scenarios."""
    return Settings.from_mapping(os.environ).scenarios_folder


def find_scenario(name: str) -> Scenario:
    """A scenario by name or path; the user's folder comes before the project's."""
    return load_scenario(name, scenarios_folder())


def make_record(args: argparse.Namespace) -> "Record":
    """The scenario and the sales of the flags."""
    from core.operations.scenarios import Record

    days = dates_between(*date_range(args, business_date(now())))
    windows = find_windows(args.windows, load_catalog())
    units = tuple(range(1, (args.units or DEFAULT_UNITS) + 1))
    seed = DEFAULT_SEED if args.seed is None else args.seed
    return Record(find_scenario(args.scenario), Request(tuple(days), windows, units, seed))


def choose_record(args: argparse.Namespace) -> "Record":
    """What is applied in the bucket; with flags of sales, the scenario and sales of the flags.

    Raises:
        InputError: Nothing is applied, or the flags leave open which record is meant.
    """
    given = (args.date, args.first, args.last, args.units, args.seed)
    if args.windows or any(value is not None for value in given):
        if not args.scenario:
            raise InputError("Name the scenario of these sales: --scenario NAME|PATH.")
        return make_record(args)
    return find_applied(open_platform(must_exist=True), args.scenario)


def find_applied(platform: "Platform", name: str | None) -> "Record":
    """The record of a name, or the only one.

    Raises:
        InputError: There is none, or there are several.
    """
    from core.operations.scenarios import find_record, list_records, name_records

    if name:
        return find_record(platform.store, name, platform.catalog)
    records = list_records(platform.store, platform.catalog)
    if len(records) != 1:
        if not records:
            raise InputError(message("scenario.none_applied"))
        known = ", ".join(name_records(records))
        raise InputError(f"Several scenarios are applied: add --scenario with one of {known}.")
    return records[0]


def do_job(platform: "Platform", job: "Job") -> int:
    """Do a job as a run of the history, and print what it did."""
    with record_run(job) as context, Bar() as bar:
        context.also = bar
        result = job.action(platform, context)
        bar.close()
        say(result, context)
    return 0
