"""What is measured, each task in a process of its own: `python -m benchmarks.tasks NAME JSON`.

A task gets plain values, does its set-up, measures one piece of work and prints what it found as
JSON. Folders must be fresh: after `rm -rf` of many files ext4 makes new ones many times slower.
"""

import json
import math
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeAlias

from benchmarks.filling import embedded, fill_days, objects
from core.bronze import ingest
from core.generation.catalog import load_catalog
from core.generation.cells import Cells, bulk_cells, window_cells
from core.generation.csv_files import cell_files
from core.generation.orders import DEFAULT_SEED
from core.platform import Platform
from core.settings import Settings
from core.storage.object_store import LocalStore
from core.storage.publish import Request, publish
from core.storage.publish_parquet import publish_day
from core.transform import rebuild

Figures: TypeAlias = dict[str, Any]

FIRST_DAY = date(2026, 2, 1)
DAYS = 30
_BULK_ORDERS = (10, 50)
_ORDERS_A_DAY = 19.5  # of a unit, on average over all windows


class Clock:
    """CPU and wall seconds from entering to leaving."""

    def __enter__(self) -> Self:
        self._cpu, self._wall = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu_s = time.process_time() - self._cpu
        self.wall_s = time.perf_counter() - self._wall

    def figures(self, **more: object) -> Figures:
        """What it measured, and what else there is to say."""
        return {"cpu_s": self.cpu_s, "wall_s": self.wall_s, **more}


def generate_files(units: int, *, bulk: bool) -> Figures:
    """Make the CSV bytes of units in 30 days, and keep none."""
    catalog = load_catalog()
    numbers = range(1, units + 1)
    for _ in cell_files(_cells(_days(1), numbers, bulk=bulk), DEFAULT_SEED, catalog):
        pass  # tables are made once a process
    with Clock() as clock:
        files = cell_files(_cells(_days(DAYS), numbers, bulk=bulk), DEFAULT_SEED, catalog)
        rows = sum(file.orders + file.items for file in files)
    return clock.figures(rows=rows)


def generate_baseline(units: int, *, bulk: bool) -> Figures:
    """Make the CSV text of units in one day as most programs would."""
    from benchmarks.baseline import baseline_files

    catalog = load_catalog()
    by_window = [(window.min_orders, window.max_orders) for window in catalog.windows]
    orders = [_BULK_ORDERS] if bulk else by_window
    numbers = range(1, units + 1)
    for _ in baseline_files(_days(1), orders, numbers[:1], catalog):
        pass  # Faker's vocabulary is loaded once a process
    with Clock() as clock:
        rows = sum(rows for *_, rows in baseline_files(_days(1), orders, numbers, catalog))
    return clock.figures(rows=rows)


def publish_windows(folder: str, units: int) -> Figures:
    """Publish units x 30 days x 7 windows to a bucket in a new folder."""
    catalog = load_catalog()
    with Clock() as clock:
        published = publish(LocalStore(_fresh(folder) / "bucket"), _request(units), catalog)
    return clock.figures(files=published.created)


def publish_week(folder: str, units: int, days: int, *, as_parquet: bool) -> Figures:
    """Publish days of all windows, as Parquet or as CSV files, to a bucket in a new folder."""
    catalog = load_catalog()
    store = LocalStore(_fresh(folder) / "bucket")
    request = replace(_request(units), dates=tuple(_days(days)), part=True)
    with Clock() as clock:
        if as_parquet:
            found = [publish_day(store, request.on(day), catalog) for day in request.dates]
        else:
            found = [publish(store, request, catalog)]
    return clock.figures(
        files=sum(one.created for one in found),
        size=sum(one.size for one in found),
        orders=sum(one.orders for one in found),
        rows=sum(one.orders + one.items for one in found),
    )


def write_ready(folder: str, units: int) -> Figures:
    """Write the same objects, their bytes ready, plainly: a folder for both, then each file."""
    root = str(_fresh(folder))
    ready = [(f"{root}/{name}", data) for name, data in objects(_request(units))]
    with Clock() as clock:
        for path, data in ready:
            os.makedirs(path.rpartition("/")[0], exist_ok=True)  # noqa: PTH103 - the fastest way
            with open(path, "wb", buffering=0) as file:  # noqa: PTH123
                file.write(data)
    return clock.figures(files=len(ready))


def ingest_batch(home: str) -> Figures:
    """Take all objects of a home to Bronze, the search for them included."""
    platform = _platform(home)
    platform.warehouse.create_bronze()
    with Clock() as clock:
        found = ingest.list_pending(
            platform.store, platform.warehouse.generations(platform.store.bucket)
        )
        done = ingest.ingest_objects(
            platform.store, platform.warehouse, platform.catalog, found, datetime.now(UTC)
        )
    return clock.figures(objects=done.objects, rows=done.rows_loaded)


def ingest_one_by_one(home: str, objects: int) -> Figures:
    """Take the first objects of a home to Bronze, each in a transaction of its own."""
    platform = _platform(home)
    found = ingest.list_pending(
        platform.store, platform.warehouse.generations(platform.store.bucket)
    )[:objects]
    with Clock() as clock:
        for info in found:
            ingest.ingest_objects(
                platform.store, platform.warehouse, platform.catalog, [info], datetime.now(UTC)
            )
    return clock.figures(objects=len(found))


def fill_bronze(home: str, orders: int) -> Figures:
    """Put about so many orders and their items into Bronze, faster than by way of objects."""
    platform = _platform(home)
    units = min(500, math.ceil(orders / _ORDERS_A_DAY))
    days = _days(math.ceil(orders / _ORDERS_A_DAY / units))
    fill_days(platform, units, days)
    return {"orders": _count(platform, "orders"), "items": _count(platform, "order_items")}


def rebuild_all(home: str) -> Figures:
    """Build Silver, Gold and the aggregations in full, checks included."""
    return _rebuilt(_platform(home), full=True)


def rebuild_day(home: str) -> Figures:
    """Put one more day of the units of a home into Bronze, and build what changed."""
    platform = _platform(home)
    schema = f"{platform.warehouse.prefix}_bronze"
    found = embedded(platform).query(
        f"SELECT MAX(data_pedido) AS last, MAX(id_unidade) AS units FROM {schema}.orders"  # noqa: S608
    )
    (row,) = found.to_pylist()
    fill_days(platform, row["units"], [row["last"] + timedelta(days=1)])
    return _rebuilt(platform, full=False)


def _rebuilt(platform: Platform, *, full: bool) -> Figures:
    with Clock() as clock:
        reports = rebuild.rebuild_layers(platform.warehouse, full=full)
    failed = [check.name for report in reports for check in report.checks if not check.passed]
    if failed:
        raise RuntimeError(f"Checks failed, so nothing was built: {', '.join(failed)}.")
    dates = [None if report.dates is None else len(report.dates) for report in reports]
    return clock.figures(tables=sum(len(report.tables) for report in reports), dates=dates)


def copy_bronze(home: str) -> Figures:
    """Copy Bronze's tables of sales inside the same file."""
    platform = _platform(home)
    schema = f"{platform.warehouse.prefix}_bronze"
    with Clock() as clock, embedded(platform).writing() as connection:
        for table in ("orders", "order_items"):
            connection.execute(f"CREATE TABLE {schema}.copied_{table} AS FROM {schema}.{table}")
    with embedded(platform).writing() as connection:
        for table in ("orders", "order_items"):
            connection.execute(f"DROP TABLE {schema}.copied_{table}")
    return clock.figures()


def take_turns(home: str, turns: int) -> Figures:
    """Ask the embedded warehouse as the platform does: take the file, ask, give it back."""
    file, sql = embedded(_platform(home)), _question(home)
    with Clock() as clock:
        for _ in range(turns):
            file.query(sql)
    return clock.figures()


def take_turns_by_instance(home: str, turns: int) -> Figures:
    """The same with an instance of DuckDB for each question."""
    import duckdb

    path, sql = str(_platform(home).settings.warehouse_file), _question(home)
    with Clock() as clock:
        for _ in range(turns):
            with duckdb.connect(path) as connection:
                connection.sql(sql).to_arrow_table()
    return clock.figures()


def _question(home: str) -> str:
    platform = _platform(home)
    platform.warehouse.create_bronze()
    return f"SELECT object_name FROM {platform.warehouse.prefix}_bronze._ingested_objects"  # noqa: S608


def _days(count: int) -> list[date]:
    return [FIRST_DAY + timedelta(days=n) for n in range(count)]


def _cells(days: Sequence[date], units: Sequence[int], *, bulk: bool) -> Cells:
    if bulk:
        return bulk_cells(days, units, *_BULK_ORDERS)
    return window_cells(days, load_catalog().windows, units)


def _request(units: int) -> Request:
    return Request(tuple(_days(DAYS)), load_catalog().windows, tuple(range(1, units + 1)))


def _fresh(folder: str) -> Path:
    path = Path(folder)
    path.mkdir(parents=True)
    return path


def _platform(home: str) -> Platform:
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": home}))


def _count(platform: Platform, table: str) -> int:
    sql = f"SELECT COUNT(*) AS n FROM {platform.warehouse.prefix}_bronze.{table}"  # noqa: S608
    return int(str(embedded(platform).query(sql)["n"][0]))


TASKS: dict[str, Callable[..., Figures]] = {
    function.__name__: function
    for function in (
        generate_files, generate_baseline, publish_windows, publish_week, write_ready, ingest_batch,
        ingest_one_by_one, fill_bronze, rebuild_all, rebuild_day, copy_bronze,
        take_turns, take_turns_by_instance,
    )
}  # fmt: skip

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](**json.loads(sys.argv[2]))))
