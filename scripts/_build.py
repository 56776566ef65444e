"""What the three scripts that rebuild a layer share: the rebuild, and its report as text."""

import argparse
from collections.abc import Callable

from _cli import Bar, Parser, open_platform, recorded

from core import jobs
from core.errors import CheckError
from core.pipeline import rebuild
from core.transform import LayerReport, bytes_read


def build_parser(description: str, script: str) -> Parser:
    """A parser with the one flag that the three scripts have."""
    parser = Parser(description, f"  python scripts/{script}")
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="say what BigQuery would bill for the layer's tables, and build nothing",
    )
    return parser


def builder(layer: str) -> Callable[[argparse.Namespace], int]:
    """The command that rebuilds one layer."""

    def run(args: argparse.Namespace) -> int:
        platform = open_platform()
        if args.dry_run:
            print(f"{layer}: {_bill(bytes_read(platform.warehouse, [layer]))}")
            return 0
        try:
            with recorded(jobs.rebuild([layer])) as context, Bar() as bar:
                context.also = bar
                reports = rebuild(platform, [layer], jobs.logged(context))
                bar.close()
                for report in reports:
                    _print(report)
                context.result = jobs.judged(reports, context)
        except CheckError:
            return 1  # the report has said which check, and its rows
        return 0

    return run


def _bill(count: int | None) -> str:
    if count is None:
        return "nothing is billed here; nothing was built."
    return f"its tables read {count:,} bytes ({count / 2**20:,.1f} MiB); nothing was built."


def _print(report: LayerReport) -> None:
    for table in report.tables:
        print(f"{table.name:<32}{table.rows_before:>12,} -> {table.rows_after:>12,} rows")
    failed = [check for check in report.checks if not check.passed]
    for check in failed:
        print(f"FAILED {check.name}: {check.sentence} {check.failing_rows:,} rows, such as:")
        for row in check.sample:
            print(f"    {row}")
    verdict = "published" if report.published else "NOT published, the tables are as before"
    print(
        f"{report.layer}: {verdict}; {len(report.checks) - len(failed)} of {len(report.checks)} "
        f"checks passed; {report.seconds:.1f} s."
    )
