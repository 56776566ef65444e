"""Plan, apply and withdraw scenarios of faults, print their key, and grade findings."""

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Parser, main, now, open_platform
from _findings import add_findings_flags, add_grade_flags, print_findings, print_grade
from _scenario import (
    add_request,
    add_scenario,
    choose_record,
    do_job,
    find_applied,
    find_scenario,
    make_record,
    scenarios_folder,
)

from core.errors import InputError
from core.generation.catalog import load_catalog
from core.messages import join_sentences
from core.scenarios.scenario import list_names, load_scenario

if TYPE_CHECKING:
    from core.operations.scenarios import Record
    from core.scenarios.plan import PlannedHit

EXAMPLES = """\
  # Which scenarios there are, and what is in one of them
  python scripts/faults.py list
  python scripts/faults.py show --scenario worst-friday

  # What it would hit; then do it: publish the sales with their faults
  python scripts/faults.py plan --scenario worst-friday --date 2026-02-06 --units 10
  python scripts/faults.py apply --scenario worst-friday --date 2026-02-06 --units 10

  # The right answers: every fault of the scenario that is applied
  python scripts/faults.py key > key.csv

  # What our own pipeline finds, and the grade of these findings or of anybody's
  python scripts/faults.py findings --date 2026-02-06 > findings.csv
  python scripts/faults.py grade findings.csv

  # Late objects come with the schedule when their time comes; or now, all of them
  python scripts/faults.py release --everything

  # Take everything away again: the bucket is as if the sales had been published clean
  python scripts/faults.py withdraw
"""


class Verb(NamedTuple):
    """What can be done: its help, its flags, and the function that does it."""

    help: str
    add_flags: Callable[[Parser], None]
    run: Callable[[argparse.Namespace], int]


def build_parser() -> Parser:
    """The verbs, each with its flags."""
    parser = Parser(__doc__ or "", EXAMPLES)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, verb in VERBS.items():
        verb.add_flags(verbs.add_parser(
            name, help=verb.help, description=f"{verb.help}.",
            examples=f"  see python scripts/{parser.prog} --help",
        ))  # fmt: skip
    return parser


def run(args: argparse.Namespace) -> int:
    """Do what the verb says."""
    return VERBS[args.verb].run(args)


def _list(_: argparse.Namespace) -> int:
    names, refused = list_names(scenarios_folder()), list[str]()
    width = max(map(len, names))
    for name in names:
        try:
            print(f"{name:<{width}}  {load_scenario(name, scenarios_folder()).sentence}")
        except InputError as error:
            refused.append(error.sentence)
    if refused:
        raise InputError(join_sentences(*refused))
    return 0


def _show(args: argparse.Namespace) -> int:
    scenario = find_scenario(args.scenario)
    print(scenario.text.rstrip())
    for name, kind in {fault.kind: fault.about for fault in scenario.faults}.items():
        print(f"\n{name}: {kind.sentence}")
        print(f"  Noticed by: {', '.join(kind.notices)}. {kind.reason or ''}".rstrip())
    return 0


def _plan(args: argparse.Namespace) -> int:
    from core.scenarios.plan import plan

    record = make_record(args)
    found = plan(record.scenario, record.request, load_catalog())
    if args.format == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("fault", "kind", "date", "window", "unit", "rows"))
        for hit in found:
            writer.writerow(
                (hit.fault + 1, hit.kind, hit.day, hit.window.hours, hit.unit, hit.rows)
            )  # fmt: skip
    else:
        _print_plan(record, found)
    return 0


def _print_plan(record: "Record", found: Sequence["PlannedHit"]) -> None:
    cells = Counter(hit.fault for hit in found)
    rows = Counter[int]()
    for hit in found:
        rows[hit.fault] += hit.rows
    print(f"   {'fault':<26}{'cells':>9}{'rows':>9}")
    for fault in record.scenario.faults:
        place = fault.position
        in_rows = f"{rows[place]:,}" if rows[place] else "-"
        print(f"{place + 1:>2} {fault.kind:<26}{cells[place]:>9,}{in_rows:>9}")
    total = len(record.request.slices) * len(record.request.units)
    hit_cells = len({(hit.day, hit.window, hit.unit) for hit in found})
    print(f"   {'cells that are hit':<26}{hit_cells:>9,}   of {total:,}")


def _apply(args: argparse.Namespace) -> int:
    from core.operations import jobs, scenarios

    record, platform = make_record(args), open_platform()
    if not args.dry_run:
        return do_job(platform, jobs.application(record, overwrite=args.overwrite))
    found = scenarios.check_scenario(platform, record, overwrite=args.overwrite)
    print(
        f"Dry run, nothing was written: {len(found.same):,} objects are there already, "
        f"{len(found.different):,} would be replaced, {len(found.unwanted):,} deleted."
    )
    return 0


def _key(args: argparse.Namespace) -> int:
    from core.scenarios.key import answer_key, key_csv, key_json

    record = choose_record(args)
    found = answer_key(record.scenario, record.request, load_catalog())
    sys.stdout.write((key_json if args.format == "json" else key_csv)(found))
    return 0


def _release(args: argparse.Namespace) -> int:
    from core.operations import jobs, scenarios

    platform = open_platform(must_exist=True)
    if not args.dry_run:
        return do_job(platform, jobs.releasing(everything=args.everything))
    moment = now()
    for held in scenarios.list_held(platform.store).values():
        comes = f"{held.moment:%Y-%m-%d %H:%M} UTC" if held.moment else "never"
        due = args.everything or (held.moment is not None and held.moment <= moment)
        print(f"{comes:<20} {'would come' if due else 'is held':<10} {held.name}")
    return 0


def _withdraw(args: argparse.Namespace) -> int:
    from core.operations import jobs

    platform = open_platform(must_exist=True)
    record = find_applied(platform, args.scenario)
    if not args.dry_run:
        return do_job(platform, jobs.withdrawal(record))
    job = jobs.withdrawal(record)
    print(f"Dry run, nothing was written: {job.title} ({record.name}).")
    return 0


def _plan_flags(parser: Parser) -> None:
    add_scenario(parser)
    add_request(parser)
    parser.add_argument(
        "--format", choices=("text", "csv"), default="text",
        help="a line a fault, or CSV with a row a hit (default: text)",
    )  # fmt: skip


def _apply_flags(parser: Parser) -> None:
    add_scenario(parser)
    add_request(parser)
    parser.add_argument(
        "--overwrite", action="store_true",
        help="replace objects that exist with other content, and delete withheld ones",
    )  # fmt: skip
    _add_dry_run(parser)


def _key_flags(parser: Parser) -> None:
    add_scenario(parser, "the one that is applied")
    add_request(parser)
    parser.add_argument(
        "--format", choices=("csv", "json"), default="csv", help="of the key (default: csv)"
    )


def _release_flags(parser: Parser) -> None:
    parser.add_argument(
        "--everything", action="store_true", help="also objects whose time has not come"
    )
    _add_dry_run(parser)


def _withdraw_flags(parser: Parser) -> None:
    parser.add_argument(
        "--scenario", metavar="NAME",
        help="a scenario that is applied, or the name of its record (default: the only one)",
    )  # fmt: skip
    _add_dry_run(parser)


def _add_dry_run(parser: Parser) -> None:
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be done, and write nothing"
    )


def _no_flags(_: Parser) -> None:
    """None."""


VERBS: Mapping[str, Verb] = {
    "list": Verb("List the scenarios", _no_flags, _list),
    "show": Verb("Print a scenario, and what its kinds of fault are", add_scenario, _show),
    "plan": Verb("Print what a scenario would hit, and write nothing", _plan_flags, _plan),
    "apply": Verb("Publish sales under a scenario, and load them", _apply_flags, _apply),
    "key": Verb("Print every fault of a scenario: the answer key", _key_flags, _key),
    "findings": Verb(
        "Print what this platform's own pipeline finds wrong", add_findings_flags, print_findings
    ),
    "grade": Verb(
        "Print precision and recall of a table of findings", add_grade_flags, print_grade
    ),
    "release": Verb("Publish held objects whose time has come", _release_flags, _release),
    "withdraw": Verb("Take everything of a scenario away again", _withdraw_flags, _withdraw),
}

if __name__ == "__main__":
    main(build_parser(), run)
