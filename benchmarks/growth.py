"""How cost grows with size: the command `python -m benchmarks.growth`, a table and a plot.

Generation, writing of CSV files, ingestion and rebuilds, in full and of one day more, each at
several sizes, on one core and on two. The ratio beside each figure is to the same on one core,
measured in the same run.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.growth_plot import Point, write_plot
from benchmarks.process import machine, task_of

CORES = (1, 2)
_HEADING = "\n## Growth\n"
_PLOT = "images/growth.png"


class Size(NamedTuple):
    """Units and days of seven windows each."""

    units: int
    days: int

    @property
    def orders(self) -> int:
        """About how many: 19.5 a unit and day on average, by the windows' ranges."""
        return round(19.5 * self.units * self.days)


SIZES = (Size(50, 10), Size(50, 30), Size(50, 100))
LARGEST = Size(500, 30)  # of what needs no file for each window and unit
_SHOWN = ("generate", "write", "ingest", "rebuild", "rebuild a day")


def measure(folder: Path, sizes: Sequence[Size], largest: Sequence[Size]) -> Iterator[Point]:
    """All points, from the smallest size to the largest."""
    for size in (*sizes, *largest):
        room = folder / f"{size.units}x{size.days}"
        for cores in CORES:
            done = _task("generate", units=size.units, days=size.days, cores=cores)
            yield Point("generate", size.orders, cores, done)
        if size in sizes:
            yield from _files(room, size)
        yield from _rebuilds(room, size)


def _files(room: Path, size: Size) -> Iterator[Point]:
    """Writing and ingestion, each of a home of its own: folders have to be new."""
    for cores in CORES:
        home = str(room / f"files{cores}")
        done = _task("write", home=home, units=size.units, days=size.days, cores=cores)
        yield Point("write", size.orders, cores, done)
        yield Point("ingest", size.orders, cores, _task("ingest", home=home, cores=cores))


def _rebuilds(room: Path, size: Size) -> Iterator[Point]:
    home = str(room / "rebuild")
    _task("fill", home=home, orders=size.orders)
    for cores in CORES:
        done = _task("rebuild", home=home, cores=cores, day=False)
        yield Point("rebuild", size.orders, cores, done)
        done = _task("rebuild", home=home, cores=cores, day=True)
        yield Point("rebuild a day", size.orders, cores, done)


def _task(name: str, **arguments: object) -> float:
    return float(task_of("benchmarks.growth_tasks", name, **arguments).get("wall_s", 0.0))


def table(points: Sequence[Point]) -> str:
    """Points as a Markdown table: seconds on one core and on two, and how many times faster."""
    lines = ["| orders | work | 1 core | 2 cores | faster | orders/s, 2 cores |",
             "| --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    found = {(point.what, point.orders, point.cores): point.wall_s for point in points}
    for orders in sorted({point.orders for point in points}):
        for what in _SHOWN:
            if (what, orders, 1) in found:
                one, two = found[what, orders, 1], found[what, orders, 2]
                rate = "" if what == "rebuild a day" else f"{orders / two:,.0f}"
                faster = f"{one:.2f} s | {two:.2f} s | {one / two:.2f}x"
                lines.append(f"| {orders:,} | {what} | {faster} | {rate} |")
    return "\n".join(lines)


def section(points: Sequence[Point], facts: dict[str, str]) -> str:
    """The section of docs/performance.md."""
    about = "\n".join(f"- {name}: {value}" for name, value in facts.items())
    return _SECTION.format(about=about, table=table(points), plot=_PLOT)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and write section and plot where asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the smallest size only")
    parser.add_argument("--write", metavar="FILE", help="write the section of docs/performance.md")
    parser.add_argument("--folder", metavar="DIR", help="where to make files (default: temporary)")
    options = parser.parse_args(arguments)
    sizes = (Size(3, 3),) if options.quick else SIZES
    largest = () if options.quick else (LARGEST,)
    with tempfile.TemporaryDirectory(prefix="growth-", dir=options.folder) as folder:
        points = list(measure(Path(folder), sizes, largest))
    print(table(points))
    if options.write:
        page = Path(options.write)
        write_plot(page.parent / _PLOT, points)
        before = page.read_text(encoding="utf-8").partition(_HEADING)[0]
        page.write_text(before + _HEADING + section(points, machine()), encoding="utf-8")
    return 0


_SECTION = """
Written by `python -m benchmarks.growth --write docs/performance.md`, table and plot.

{about}

![Seconds against orders, each work on one core and on two, both axes logarithmic]({plot})

{table}

- An order is 1 to 5 items; each window and unit is two CSV files. *generate* makes their bytes and
  drops them, *write* publishes them to a bucket in a folder with manifests, *ingest* takes them to
  Bronze in DuckDB, *rebuild* makes Silver, Gold and aggregations in full with all checks,
  *rebuild a day* what one more business date changed.
- Two cores are two processes for *generate*, *write* and *ingest* (the first loads what the others
  have judged), and one process of DuckDB, held to so many cores, for the rebuilds.
- Where two cores are no faster the work is too small for the start of processes (about a second),
  or bound by the disk.
"""

if __name__ == "__main__":
    sys.exit(main())
