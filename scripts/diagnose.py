"""Look at all that could be wrong; exit 1 where something needs attention, 2 if settings do."""

import argparse
import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Bar, Parser, main, now, open_platform

from core.errors import InputError
from core.insight.diagnostics.checks import (
    CHECKS,
    NEED_SOMEBODY,
    USUAL_DAYS,
    Check,
    CheckContext,
    Finding,
    State,
    check_days,
    configuration,
    run_checks,
    worst_first,
)
from core.operations.runs import RunHistory

EXAMPLES = """\
  # Everything; costlier checks look at the last 7 days
  python scripts/diagnose.py

  # Only what needs attention, of the last 30 days
  python scripts/diagnose.py --attention --days 30

  # Two checks by their names, which docs/troubleshooting.md explains
  python scripts/diagnose.py pending duplicates
"""
SIGNS = {
    State.BROKEN: "BROKEN",
    State.ATTENTION: "ATTENTION",
    State.UNKNOWN: "UNKNOWN",
    State.FINE: "fine",
    State.NOT_HERE: "not here",
}
_INDENT = " " * 11


def build_parser() -> Parser:
    """Which checks, over how many days."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_argument("checks", nargs="*", metavar="CHECK", help="names of checks (default: all)")
    parser.add_argument(
        "--days", type=_days, default=USUAL_DAYS, metavar="N",
        help=f"business days that costlier checks look at (default: {USUAL_DAYS})",
    )  # fmt: skip
    parser.add_argument(
        "--attention", action="store_true", help="show only what needs somebody"
    )  # fmt: skip
    return parser


def run(args: argparse.Namespace) -> int:
    """Print what each check found, the worst first, and a line that sums it up."""
    checks = _chosen(args.checks)
    settings = configuration(os.environ)
    if settings.state is State.BROKEN:
        _print(CHECKS[0], settings)
        return 2
    with Bar() as bar:
        found = run_checks(_case(args.days), checks, bar)
    for check, finding in worst_first(found):
        if finding.state in NEED_SOMEBODY or not args.attention:
            _print(check, finding)
    bad = sum(finding.state in NEED_SOMEBODY for _, finding in found)
    fine = sum(finding.state is State.FINE for _, finding in found)
    print(f"Needing attention: {bad} of {len(found)} checks; {fine} are fine.")
    return 1 if bad else 0


def _case(days: int) -> CheckContext:
    platform = open_platform()
    history = RunHistory(platform.settings.runs_file, now)
    return CheckContext(platform, history, now(), days, dict(os.environ))


def _chosen(keys: list[str]) -> list[Check]:
    known = {check.key: check for check in CHECKS}
    for key in keys:
        if key not in known:
            raise InputError(f"{key!r} is not a check: choose from {', '.join(known)}.")
    return [known[key] for key in dict.fromkeys(keys)] or list(CHECKS)


def _print(check: Check, finding: Finding) -> None:
    print(f"{SIGNS[finding.state]:<10} {check.key}: {finding.found}")
    if finding.advice:
        print(f"{_INDENT}{finding.advice}")
    for line in filter(None, finding.command.split("\n")):
        print(f"{_INDENT}  {line}")


def _days(text: str) -> int:
    try:
        return check_days(int(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days") from None


if __name__ == "__main__":
    main(build_parser(), run)
