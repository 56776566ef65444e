"""Bytes that BigQuery reads for a full rebuild and for one changed day, of a year's data.

    python -m benchmarks.rebuild_bytes --units 50 --days 365

fills a DuckDB file with real rows, each window ingested as it began, builds all layers, adds one
more day, and counts by `benchmarks.billing` what the very statements of both rebuilds would be
billed for on BigQuery.
"""

import argparse
import contextlib
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.billing import LEAST_BYTES, Bytes, Tables
from benchmarks.filling import embedded, fill_days
from core.platform import Platform
from core.settings import Settings
from core.transform import rebuild
from core.warehouse.base import BuiltDate, next_name
from core.warehouse.duckdb.layer_build import DuckDBLayerBuild

FIRST_DAY = date(2026, 1, 1)


@dataclass
class Bill:
    """What the statements of a rebuild read, by table, and are billed for at least."""

    read: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    billed: int = 0

    def add(self, step: str, found: Bytes) -> None:
        """A statement."""
        for table, size in found.items():
            name = table.replace("._next_", ".")
            self.read[name] += size
            self.steps[step] += size
            self.billed += max(size, LEAST_BYTES)


class CountedBuild:
    """A layer's build that notes what each of its statements reads."""

    def __init__(self, build: DuckDBLayerBuild, prefix: str, bill: Bill) -> None:
        self._build = build
        self._bill = bill
        self._prefix = prefix
        self._made: list[str] = []
        self._slices: dict[str, str] = {}

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """A question: a data check, or one of those before and after the tables are made."""
        step = "checks" if "failing_rows" in sql else "what changed"
        self._bill.add(step, self._tables().read(sql))
        return self._build.ask(sql)

    def make(self, table: str, sql: str) -> tuple[int, int]:
        """A table made whole."""
        self._bill.add("tables", self._tables().read(sql))
        self._made.append(table)
        return self._build.make(table, sql)

    def make_slice(self, table: str, sql: str, gone: str) -> tuple[int, int] | None:
        """A table made by date; the rows that go are counted, too."""
        self._bill.add("tables", self._tables().read(sql))
        counted = f"SELECT COUNT(*) AS row_count FROM {table} WHERE {gone}"  # noqa: S608 - own words
        self._bill.add("tables", self._tables().read(counted))
        self._slices[table] = gone
        return self._build.make_slice(table, sql, gone)

    def forget(self) -> None:
        """It does not come to this: a day is enough, or all is asked for."""
        raise RuntimeError("The dates were not enough, so nothing can be compared.")

    def publish(
        self, bronze_version: str, dates: Sequence[BuiltDate] = (), shown: str | None = None
    ) -> None:
        """Old rows out, new ones in."""
        tables = self._tables()
        for table in self._made:
            self._bill.add("publication", {table: 2 * tables.whole(table)})
        for table, gone in self._slices.items():
            self._bill.add("publication", tables.gone(table, gone))
            self._bill.add("publication", {next_name(table): tables.whole(next_name(table))})
        for table in ("bronze._built_layers", "bronze._built_dates"):
            self._bill.add("publication", {table: tables.whole(table)})
        self._build.publish(bronze_version, dates, shown)

    def _tables(self) -> Tables:
        return Tables(self._build._connection, self._prefix)  # noqa: SLF001 - sees what was made


def counted(platform: Platform, *, full: bool) -> Bill:
    """Rebuild all layers and count what that reads."""
    bill, warehouse = Bill(), embedded(platform)
    building = warehouse.building

    @contextlib.contextmanager
    def counting(layer: str) -> Iterator[CountedBuild]:
        with building(layer) as build:
            yield CountedBuild(build, warehouse.prefix, bill)

    warehouse.building = counting  # type: ignore[method-assign,assignment]  # of this object alone
    try:
        reports = rebuild.rebuild_layers(warehouse, full=full)
    finally:
        del warehouse.building
    if not reports[-1].published:
        raise RuntimeError("A check failed, so nothing can be compared.")
    return bill


def table_of(in_full: Bill, by_date: Bill) -> str:
    """Both as a Markdown table, by table and by step."""
    lines = ["| | full rebuild | one changed day | |", "|---|---:|---:|---:|"]
    for title, of in (("", "read"), ("*", "steps")):
        full, some = (getattr(bill, of) for bill in (in_full, by_date))
        lines += [
            _line(f"{title}{name}{title}", full[name], some[name])
            for name, _ in full.most_common()
            if full[name] >= 1000
        ]
    lines.append(_line("**read in all**", in_full.read.total(), by_date.read.total()))
    lines.append(_line("**billed, 10 MiB a table at least**", in_full.billed, by_date.billed))
    return "\n".join(lines)


def _line(name: str, full: int, some: int) -> str:
    part = f"{100 * some / full:.1f}%" if full else ""
    return f"| {name} | {full / 1e6:,.1f} MB | {some / 1e6:,.1f} MB | {part} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill, build, add a day, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rebuild_bytes", description=__doc__)
    parser.add_argument("--units", type=int, default=50, help="number of units (default: 50)")
    parser.add_argument("--days", type=int, default=365, help="days of sales (default: 365)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="rebuild-bytes-") as folder:
        home = str(Path(folder) / "home")
        platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": home}))
        days = [FIRST_DAY + timedelta(days=number) for number in range(options.days)]
        fill_days(platform, options.units, days[:-1])
        rebuild.rebuild_layers(platform.warehouse)
        fill_days(platform, options.units, days[-1:])
        by_date = counted(platform, full=False)
        in_full = counted(platform, full=True)
    print(f"{options.units} units, {options.days} days:\n\n{table_of(in_full, by_date)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
