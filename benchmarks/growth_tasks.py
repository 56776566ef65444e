"""What grows, one piece of work at one size: `python -m benchmarks.growth_tasks NAME JSON`.

Each gets plain values, does its set-up, measures one piece of work on so many cores, and prints
what it found as JSON. Generation, writing and ingestion use as many processes; a rebuild is one
process, DuckDB, which is held to as many cores.
"""

import functools
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks import tasks
from core.generation.catalog import load_catalog
from core.generation.cells import window_cells
from core.generation.csv_files import cell_files
from core.generation.orders import DEFAULT_SEED
from core.operations import bulk
from core.operations.workers import Workers
from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import SALES_PREFIX
from core.storage.publish import Request
from core.storage.shards import ShardedRequest

Figures: TypeAlias = dict[str, Any]


def generate(units: int, days: int, cores: int) -> Figures:
    """Make the CSV bytes of all windows, and keep none."""
    made = functools.partial(_made, units)
    with Workers(cores) as workers:
        for _ in workers.map(made, _days(1) * cores):
            pass  # processes are started, and tables made, once
        return _timed(lambda: sum(each.value() for each in workers.map(made, _days(days))))


def write(home: str, units: int, days: int, cores: int) -> Figures:
    """Publish all windows as CSV files to the bucket of a new home."""
    plan = ShardedRequest(
        Request(tuple(_days(days)), load_catalog().windows, _units(units), part=True)
    )
    place = bulk.Place(_settings(home))
    with Workers(cores) as workers:
        return _timed(lambda: bulk.publish_all(place, plan, workers).created)


def ingest(home: str, cores: int) -> Figures:
    """Take all objects of a home to a new Bronze."""
    settings = _settings(home)
    settings.warehouse_file.unlink(missing_ok=True)
    platform = Platform.of(settings)
    platform.warehouse.create_bronze()
    with Workers(cores) as workers:
        now = datetime.now(UTC)
        return _timed(lambda: bulk.load_pending(platform, [SALES_PREFIX], workers, now).objects)


def rebuild(home: str, cores: int, *, day: bool) -> Figures:
    """Build all layers in full, or what one more day changed."""
    if hasattr(os, "sched_setaffinity"):  # on other systems the figure is that of all cores
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    return tasks.rebuild_day(home) if day else tasks.rebuild_all(home)


def fill(home: str, orders: int) -> Figures:
    """Put about so many orders and their items into Bronze."""
    return tasks.fill_bronze(home, orders)


def _made(units: int, day: date) -> int:
    cells = window_cells([day], load_catalog().windows, _units(units))
    return sum(file.orders for file in cell_files(cells, DEFAULT_SEED, load_catalog()))


def _timed(work: Callable[[], int]) -> Figures:
    started = time.perf_counter()
    done = work()
    return {"wall_s": time.perf_counter() - started, "done": done}


def _days(count: int) -> list[date]:
    return [tasks.FIRST_DAY + timedelta(days=n) for n in range(count)]


def _units(count: int) -> tuple[int, ...]:
    return tuple(range(1, count + 1))


def _settings(home: str) -> Settings:
    Path(home).mkdir(parents=True, exist_ok=True)
    return Settings.from_mapping({"MRHEALTH_HOME": home})


TASKS: dict[str, Callable[..., Figures]] = {
    function.__name__: function for function in (generate, write, ingest, rebuild, fill)
}


def main(arguments: Sequence[str]) -> None:
    """Do one task, and print what it found."""
    print(json.dumps(TASKS[arguments[0]](**json.loads(arguments[1]))))


if __name__ == "__main__":
    main(sys.argv[1:])
