"""The command `python -m benchmarks`: one table, each figure beside its baseline."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.cases import CASES, Case
from benchmarks.job import Job
from benchmarks.process import machine
from benchmarks.report import Row, as_json, text_table, write_page
from core.command import run_command

_LONGEST_S = 120
_CHEAP_S = 10  # what takes longer is measured once, not three times
_LARGEST = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, print the table, and write it where asked."""
    options = _parser().parse_args(arguments)
    chosen = [case for case in CASES if options.only in (None, case.name)]
    if options.list:
        print("\n".join(f"{case.name}: {case.explanation}" for case in chosen))
        return 0
    facts = machine()
    with tempfile.TemporaryDirectory(prefix="benchmarks-", dir=options.folder) as folder:
        rows = [row for case in chosen for row in _rows(case, options, Path(folder))]
    print(text_table(rows))
    if options.json:
        Path(options.json).write_text(as_json(rows, facts), encoding="utf-8")
    if options.write:
        baselines = {case.name: case.explanation for case in chosen}
        write_page(Path(options.write), rows, facts, baselines)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [case.name for case in CASES]
    parser.add_argument("--only", choices=names, metavar="NAME", help=f"one of {', '.join(names)}")
    parser.add_argument("--quick", action="store_true", help="the smallest size only, once")
    parser.add_argument("--list", action="store_true", help="say what is measured, and stop")
    parser.add_argument(
        "--scale", type=float, default=1.0, metavar="X", help="times all sizes (default: 1)"
    )
    parser.add_argument("--json", metavar="FILE", help="write the rows as JSON")
    parser.add_argument("--write", metavar="FILE", help="write the page docs/performance.md")
    parser.add_argument("--folder", metavar="DIR", help="where to make files (default: temporary)")
    return parser


def _rows(case: Case, options: argparse.Namespace, folder: Path) -> Iterator[Row]:
    """A row a size; the largest is left out where it would take too long."""
    spent_s, last = 0.0, None
    for factor in case.factors[:1] if options.quick else case.factors:
        if last and factor == _LARGEST and spent_s * _LARGEST > _LONGEST_S:
            yield Row(
                case.name, last.what, f"{_LARGEST} times",
                besides=f"left out: would take about {spent_s * _LARGEST:.0f} s",
            )  # fmt: skip
            return
        repeats = 1 if options.quick or spent_s * 10 > _CHEAP_S else 3
        started = time.monotonic()
        last = case.measure(_job(case, factor, repeats, options, folder))
        spent_s = (time.monotonic() - started) / repeats
        _tell(last)
        yield last


def _job(case: Case, factor: float, repeats: int, options: argparse.Namespace, folder: Path) -> Job:
    room = folder / f"{case.name}_{factor}"
    room.mkdir()
    return Job(factor * options.scale if case.scaled else factor, repeats, room, options.scale)


def _tell(row: Row) -> None:
    """Show on a terminal that it goes on."""
    if sys.stderr.isatty():
        print(f"{row.name}, {row.size}: done", file=sys.stderr)


if __name__ == "__main__":
    run_command(main)
