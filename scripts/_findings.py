"""The verbs `findings` and `grade` of `faults.py`: our findings, and the grade of anybody's."""

import argparse
import sys

from _cli import Bar, Parser, date_range, now, open_platform
from _scenario import add_request, add_scenario, choose_record

from core.errors import InputError
from core.generation.catalog import load_catalog
from core.generation.windows import business_date
from core.messages import message
from core.scenarios.kinds import KINDS

_MOST_BYTES = 256 * 2**20  # of a table of findings
_STREAM = "-"


def add_findings_flags(parser: Parser) -> None:
    """The flags of `findings`."""
    parser.add_dates()
    parser.add_argument(
        "--format", choices=("csv", "json"), default="csv", help="of the table (default: csv)"
    )


def print_findings(args: argparse.Namespace) -> int:
    """Print what this platform's own pipeline finds of some dates."""
    from core.insight.findings.find import find_faults
    from core.scenarios.findings_table import findings_csv, findings_json

    moment = now()
    platform = open_platform(must_exist=True)
    with Bar() as bar:
        found = find_faults(platform, date_range(args, business_date(moment)), moment, bar)
    sys.stdout.write((findings_json if args.format == "json" else findings_csv)(found))
    return 0


def add_grade_flags(parser: Parser) -> None:
    """The flags of `grade`."""
    parser.add_argument(
        "findings", metavar="FINDINGS",
        help="a CSV or JSON file with the columns object, line, id and kind; - is standard input",
    )  # fmt: skip
    add_scenario(parser, "the one that is applied")
    add_request(parser)
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="of the grade (default: text)"
    )


def print_grade(args: argparse.Namespace) -> int:
    """Print precision and recall of a table of findings."""
    from core.scenarios.findings_table import read_findings
    from core.scenarios.grade import describe_grade, grade_findings, grade_json
    from core.scenarios.key import answer_key

    name = "standard input" if args.findings == _STREAM else args.findings
    table = read_findings(name, _read(args.findings), KINDS)
    if table.ignored:
        ignored = ", ".join(table.ignored)
        print(f"note: columns of {name} that are not read: {ignored}.", file=sys.stderr)
    record = choose_record(args)
    grade = grade_findings(
        answer_key(record.scenario, record.request, load_catalog()), table.findings
    )
    print((grade_json if args.format == "json" else describe_grade)(grade))
    return 0


def _read(name: str) -> bytes:
    """The bytes of the table.

    Raises:
        InputError: The file cannot be read, or is too large.
    """
    try:
        with open(0 if name == _STREAM else name, "rb", closefd=name != _STREAM) as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InputError(message("grade.no_file", name=name, reason=error.strerror)) from error
    if len(data) > _MOST_BYTES:
        raise InputError(message("grade.too_large", name=name, most=_MOST_BYTES))
    return data
