"""Estimate a large request: what it generates, how long it takes, and its cost on Google Cloud.

Counts follow from the catalog, times from `Rates` that the caller measures on this machine and from
the named assumptions below. The prices are list prices of us-central1, without the free tier, from
`core/insight/usage/prices.csv` and `bulk_prices.csv`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, TypeVar

from core.generation.catalog import Catalog
from core.generation.orders import expected_rows, mean_rows
from core.insight.usage.prices import price, rows_of
from core.insight.usage.sizes import Growth, table_sizes
from core.operations.bulk import count_load_jobs
from core.storage.shards import Format, ShardedRequest

EXACT_CELLS: Final = 1_000_000  # up to here rows are counted exactly, in about two seconds
# A bucket takes about as many writes a second at first; it doubles every 20 minutes under load:
# cloud.google.com/storage/docs/request-rate, read 2026-11.
OBJECTS_A_SECOND: Final = 1_000
LOAD_JOB_S: Final = 10.0  # assumed: that a task waits for one load job of a date, both tables
TASKS, TASK_GIB = 20, 2  # at once; `cloud_function/deploy/job.py`
WORKER_GB, WORKER_DISK_GB = 3.75, 25  # of Dataflow's n1-standard-1, with the Shuffle service
_SAMPLE, _CYCLES = 400, 7 * 20  # dates, units; weekdays times the places of the unit cycle
WORKER_START_S: Final = 240.0  # assumed: from start to first shard, with the image's download

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a plan generates; orders and items are expected values unless `exact`."""

    shards: int
    objects: int
    cells: int
    orders: int
    items: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Rates:
    """CPU seconds per row (orders and items), measured on a part of the plan, and bytes per row.

    `write` includes generating, and `judge`, in several processes, includes reading the objects;
    `insert` is into DuckDB, in one process.
    """

    write: float
    judge: float
    insert: float
    bytes_a_row: float


@dataclass(frozen=True, slots=True)
class Bill:
    """One way to run it on Google Cloud: wall seconds, and dollars for the compute."""

    engine: str
    wall_s: float
    usd: Fraction


def amounts(plan: ShardedRequest, catalog: Catalog) -> Amounts:
    """Count what a plan generates: exactly up to `EXACT_CELLS`, else as the mean of a sample."""
    request = plan.request
    units, days = len(request.units), len(request.dates)
    cells = len(request.slices) * units
    exact = cells <= EXACT_CELLS
    orders, items = _count_rows(plan, catalog) if exact else _expect_rows(plan, catalog)
    shards = len(plan.shards)
    objects = 2 * (days if plan.format is Format.PARQUET else cells)
    return Amounts(shards, objects, cells, orders, items, exact)


def write_s(of: Amounts, rates: Rates, workers: int) -> float:
    """Wall seconds to write it here, with all cores busy."""
    return (of.orders + of.items) * rates.write / workers


def bronze_s(of: Amounts, rates: Rates, workers: int) -> float:
    """Wall seconds to load it into DuckDB here, limited by the single writer or by all cores."""
    rows = of.orders + of.items
    return rows * max(rates.insert, (rates.judge + rates.insert) / workers)


def on_cloud_run(plan: ShardedRequest, of: Amounts, rates: Rates) -> Bill:
    """Time and cost of the Cloud Run Job: tasks of one vCPU, `TASKS` at once."""
    busy_s = _busy_s(plan, of, rates)
    wall_s = max(busy_s / TASKS, of.objects / OBJECTS_A_SECOND)
    a_second = _usd("cloud_run_vcpu") + TASK_GIB * _usd("cloud_run_memory")
    return Bill("Cloud Run Job", wall_s, Fraction(wall_s) * TASKS * a_second)


def on_dataflow(plan: ShardedRequest, of: Amounts, rates: Rates) -> Bill:
    """Time and cost of the Beam pipeline on that many Dataflow workers of one vCPU."""
    busy_s = _busy_s(plan, of, rates)
    wall_s = WORKER_START_S + max(busy_s / TASKS, of.objects / OBJECTS_A_SECOND)
    an_hour = (
        _usd("dataflow_vcpu")
        + Fraction(WORKER_GB) * _usd("dataflow_memory")
        + WORKER_DISK_GB * _usd("dataflow_disk")
    )
    return Bill("Dataflow", wall_s, Fraction(wall_s) / 3600 * TASKS * an_hour)


def operations_usd(plan: ShardedRequest, of: Amounts) -> Fraction:
    """Dollars for the writes to Cloud Storage: the objects, and a manifest per shard."""
    class_a = price("class_a")
    return Fraction(of.objects + len(plan.shards)) * Fraction(class_a.usd) / class_a.per


def storage_usd(of: Amounts, rates: Rates) -> Fraction:
    """Dollars a month for the objects in the bucket."""
    stored = price("storage_bytes")
    return Fraction((of.orders + of.items) * rates.bytes_a_row) / stored.size * Fraction(stored.usd)


def bronze_usd(plan: ShardedRequest, of: Amounts) -> Fraction:
    """Dollars a month for Bronze in BigQuery; load jobs are free."""
    request = plan.request
    grown = Growth(of.orders, of.items, of.objects, len(request.units), len(request.dates))
    size = sum(count for table, count in table_sizes(grown).items() if table.startswith("bronze."))
    stored = price("table_bytes")
    return Fraction(size, stored.size) * Fraction(stored.usd)


def _busy_s(plan: ShardedRequest, of: Amounts, rates: Rates) -> float:
    """Seconds of one vCPU as fast as a core here, with the wait for load jobs."""
    jobs = count_load_jobs(plan) if plan.format is Format.PARQUET else 0
    return (of.orders + of.items) * (rates.write + rates.judge) + jobs * LOAD_JOB_S


def _count_rows(plan: ShardedRequest, catalog: Catalog) -> tuple[int, int]:
    orders = items = 0
    for day in plan.request.dates:  # one date at a time, to bound memory
        counts = expected_rows(plan.request.on(day).cells(), plan.request.seed, catalog)
        orders += int(counts[0].sum())
        items += int(counts[1].sum())
    return orders, items


def _expect_rows(plan: ShardedRequest, catalog: Catalog) -> tuple[int, int]:
    """The mean of a sample of dates and units, as often as it fits into the request."""
    request = plan.request
    part = replace(request, dates=_sample(request.dates), units=_sample(request.units))
    orders, items = mean_rows(part.cells(), request.seed, catalog)
    times = len(request.dates) * len(request.units) / (len(part.dates) * len(part.units))
    return round(orders * times), round(items * times)


def _sample(values: Sequence[_T]) -> tuple[_T, ...]:
    """At most `_SAMPLE` values, evenly apart, with all weekdays and places of the unit cycle."""
    step = -(-len(values) // _SAMPLE)
    while math.gcd(step, _CYCLES) > 1:
        step += 1
    return tuple(values[::step])


def _usd(resource: str) -> Fraction:
    (row,) = (row for row in rows_of("bulk_prices.csv") if row["resource"] == resource)
    return Fraction(row["usd"])
