"""What the three scripts that rebuild a layer share: the rebuild, and its report as text.

A rebuild makes the business dates whose rows changed below the layer, with `--full` all of them.
"""

import argparse
from collections.abc import Callable

from _cli import Bar, Parser, open_platform, record_run

from core.errors import CheckError
from core.operations import jobs
from core.pipeline import rebuild
from core.platform import Platform
from core.transform.rebuild import LayerReport, bytes_read
from core.transform.staleness import WHY_FULL


def build_parser(description: str, script: str) -> Parser:
    """A parser with the flags that the three scripts have."""
    parser = Parser(description, f"  python scripts/{script}")
    parser.add_argument(
        "--full",
        action="store_true",
        help="build all business dates, not only those whose rows changed",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="say what BigQuery would bill for the tables, by date and in full; build nothing",
    )
    return parser


def make_rebuild(layer: str) -> Callable[[argparse.Namespace], int]:
    """The command that rebuilds one layer."""

    def run(args: argparse.Namespace) -> int:
        platform = open_platform(must_exist=True)
        if args.dry_run:
            _print_bill(layer, platform)
            return 0
        try:
            with record_run(jobs.rebuild([layer], full=args.full)) as context, Bar() as bar:
                context.also = bar
                reports = rebuild(platform, [layer], jobs.log_steps(context), full=args.full)
                bar.close()
                for report in reports:
                    _print(report)
                context.result = jobs.require_passed(reports, context)
        except CheckError:
            return 1  # the report has said which check, and its rows
        return 0

    return run


def _print_bill(layer: str, platform: Platform) -> None:
    """What is billed for the dates that changed, and for all."""
    by_date = bytes_read(platform.warehouse, [layer])
    in_full = bytes_read(platform.warehouse, [layer], full=True)
    if by_date is None or in_full is None:
        print(f"{layer}: nothing is billed here; nothing was built.")
        return
    print(
        f"{layer}: its tables read {_size(by_date)}, with --full {_size(in_full)}; "
        "nothing was built."
    )


def _size(count: int) -> str:
    return f"{count:,} bytes ({count / 2**20:,.1f} MiB)"


def _print(report: LayerReport) -> None:
    for table in report.tables:
        print(f"{table.name:<32}{table.rows_before:>12,} -> {table.rows_after:>12,} rows")
    failed = [check for check in report.checks if not check.passed]
    for check in failed:
        print(f"FAILED {check.name}: {check.sentence} {check.failing_rows:,} rows, such as:")
        for row in check.sample:
            print(f"    {row}")
    dates = "all business dates" if report.dates is None else f"{len(report.dates)} business dates"
    why = f" {WHY_FULL[report.why_full]}" if report.why_full else ""
    verdict = "published" if report.published else "NOT published, the tables are as before"
    print(
        f"{report.layer}: {verdict}; {len(report.checks) - len(failed)} of {len(report.checks)} "
        f"checks passed; {dates}; {report.seconds:.1f} s.{why}"
    )
