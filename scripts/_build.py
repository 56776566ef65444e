"""What the three scripts that rebuild a layer share: the rebuild, and its report as text."""

import argparse
from collections.abc import Callable

from _cli import Bar, Parser, open_platform

from core.pipeline import rebuild
from core.transform import LayerReport


def build_parser(description: str, script: str) -> Parser:
    """A parser without flags of its own."""
    return Parser(description, f"  python scripts/{script}")


def builder(layer: str) -> Callable[[argparse.Namespace], int]:
    """The command that rebuilds one layer."""

    def run(_: argparse.Namespace) -> int:
        with Bar() as bar:
            reports = rebuild(open_platform(), [layer], bar)
        for report in reports:
            _print(report)
        return 0 if all(report.published for report in reports) else 1

    return run


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
