"""Prints what a large request takes, by rates measured on this machine on a part of it."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from _cli import now

from core.bronze import ingest
from core.generation.catalog import load_catalog
from core.insight.usage import estimate
from core.insight.usage.estimate import Rates
from core.insight.usage.limits import LOAD_JOBS_A_TABLE_AND_DAY
from core.operations.bulk import count_load_jobs
from core.platform import Platform
from core.settings import Settings
from core.storage.object_store import look_at_all
from core.storage.shards import Format, ShardedRequest, publish_shard

# Of the first date: enough for a steady figure, and done in a second or two.
_SAMPLE_CELLS = {Format.CSV: 2_000, Format.PARQUET: 20_000}
_Result = TypeVar("_Result")


def print_estimate(plan: ShardedRequest, workers: int) -> None:
    """Print what a plan makes, how long that takes here, and what it costs on Google Cloud."""
    of, rates = estimate.amounts(plan, load_catalog()), measure_rates(plan)
    rows, request = of.orders + of.items, plan.request
    about = "" if of.exact else "about "
    what = f"{len(request.windows)} windows" if request.windows else "whole days"
    print(f"{len(request.units):,} units x {len(request.dates):,} dates, {what}, {plan.format}")
    print(f"  shards          {of.shards:,}, each with a manifest")
    print(f"  objects         {of.objects:,}")
    print(f"  orders, items   {about}{of.orders:,} and {of.items:,}")
    print(f"  bytes           about {_size(rows * rates.bytes_a_row)}")
    print(
        f"On this machine, by rates measured now: {1 / rates.write:,.0f} rows/CPU s to write, "
        f"{1 / (rates.judge + rates.insert):,.0f} to Bronze"
    )
    cores = f"on {workers} {'core' if workers == 1 else 'cores'}"
    print(f"  write           {_time(estimate.write_s(of, rates, workers))} {cores}")
    print(f"  to DuckDB       {_time(estimate.bronze_s(of, rates, workers))} {cores}")
    print(f"On Google Cloud, {estimate.TASKS} tasks or workers of one vCPU at once, list prices")
    for bill in (estimate.on_cloud_run(plan, of, rates), estimate.on_dataflow(plan, of, rates)):
        print(f"  {bill.engine:<15} {_time(bill.wall_s)}, ${float(bill.usd):,.2f}")
    print(f"  writes          ${float(estimate.operations_usd(plan, of)):,.2f} for the objects")
    print(
        f"  storage         ${float(estimate.storage_usd(of, rates)):,.2f} a month, and "
        f"${float(estimate.bronze_usd(plan, of)):,.2f} for Bronze"
    )
    jobs, most = count_load_jobs(plan), LOAD_JOBS_A_TABLE_AND_DAY
    days = "" if jobs <= most else f": {-(-jobs // most):,} days of them"
    print(f"  load jobs       about {jobs:,} a table, free, of {most:,} a day{days}")


def measure_rates(plan: ShardedRequest) -> Rates:
    """Rates of this machine, on some units of the plan's first date, in a temporary folder."""
    request = plan.request
    day = replace(request, dates=request.dates[:1])
    units = max(1, _SAMPLE_CELLS[plan.format] // len(day.slices))
    sample = replace(plan, request=replace(day, units=request.units[:units]), overwrite=False)
    with tempfile.TemporaryDirectory(prefix="mrhealth-plan-") as folder:
        platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(Path(folder, "home"))}))
        return _rates(sample, platform)


def _rates(sample: ShardedRequest, platform: Platform) -> Rates:
    store, catalog = platform.store, platform.catalog
    first = replace(sample, request=replace(sample.request, units=sample.request.units[:1]))
    publish_shard(store, replace(first, force=True), first.shards[0], catalog)  # loads modules
    store.delete(*(info.name for info in store.list("raw/")))
    done, write = _timed(
        lambda: [publish_shard(store, sample, shard, catalog) for shard in sample.shards]
    )
    found = ingest.list_pending(store, platform.warehouse.generations(store.bucket))
    stored = [item for item in look_at_all(store, [info.name for info in found]) if item]
    loads, judge = _timed(
        lambda: [ingest.judge_object(store, item, catalog, again=False) for item in stored]
    )
    _, insert = _timed(lambda: platform.warehouse.load(store.bucket, loads, now()))
    rows = max(1, sum(one.orders + one.items for one in done))
    return Rates(write / rows, judge / rows, insert / rows, sum(one.size for one in done) / rows)


def _timed(work: Callable[[], _Result]) -> tuple[_Result, float]:
    started = time.process_time()
    result = work()
    return result, time.process_time() - started


def _time(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _size(count: float) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e8 else f"{count / 1e6:,.1f} MB"
