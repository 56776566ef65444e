"""Observe the usage of a month from the traces it left, and project the whole month.

As on a bill, the moment of the work counts, not the business date. Objects and windows come from
the ledger; only the month's folders are listed, at one Class A operation per 1,000 objects. On the
embedded default the quantities are what the same work takes on Google Cloud.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from core.insight.usage.forecast import of_a_window, rebuild_bytes
from core.insight.usage.limits import LIST_PAGE
from core.insight.usage.month import Month, flow, stock
from core.insight.usage.prices import Quantities
from core.insight.usage.sizes import bytes_a_row
from core.operations.runs import Run
from core.platform import Platform
from core.scheduler.local import WHO
from core.storage.object_names import (
    MANIFEST_PREFIX,
    PARQUET_PREFIX,
    QUARANTINE_PREFIX,
    SALES_PREFIX,
    end_of,
    is_parquet_file,
    is_sales_file,
)
from core.storage.object_store import ObjectInfo
from core.transform.rebuild import LAYERS
from core.warehouse.base import LEDGER

# Unit 1 is in every generated window, so its orders identify the windows.
_LEDGER: Final = """
SELECT
  CAST(COALESCE(SUM(size_bytes), 0) AS INT64) AS stored_bytes,
  COUNTIF(_ingest_timestamp >= @start AND _ingest_timestamp < @stop) AS arrived,
  CAST(COALESCE(SUM(CASE WHEN _ingest_timestamp >= @start AND _ingest_timestamp < @stop
    THEN size_bytes ELSE 0 END), 0) AS INT64) AS arrived_bytes,
  CAST(COALESCE(SUM(CASE WHEN _ingest_timestamp >= @start AND _ingest_timestamp < @stop
    THEN rows_loaded ELSE 0 END), 0) AS INT64) AS rows_loaded,
  COUNTIF(_ingest_timestamp >= @start AND _ingest_timestamp < @stop AND kind = 'orders'
    AND SUBSTR(object_name, 26, 16) = 'unit_001/window_') AS windows,
  COUNTIF((object_name >= @first_name AND object_name < @stop_name)
    OR (object_name >= @first_parquet AND object_name < @stop_parquet)) AS known
FROM bronze._ingested_objects
WHERE bucket = @bucket
"""
_NOTHING: Final = dict.fromkeys(
    ("stored_bytes", "arrived", "arrived_bytes", "rows_loaded", "windows", "known"), 0
)


@dataclass(frozen=True, slots=True)
class Found:
    """Objects under a prefix: their number and bytes."""

    objects: int
    size: int


@dataclass(frozen=True, slots=True)
class Observed:
    """What is known about a month; `done` is the share of its windows that have begun.

    Attributes:
        sales, manifests, quarantine: Objects of the month's business dates in the bucket.
        waiting: Sales objects among them that are not in Bronze.
        windows, arrived, rows: What was loaded within the month, of any date.
        ticks: Runs that the project's own scheduler started within the month.
        rebuilds: Rebuilds of a layer or more by runs of the history, within the month.
        tables_estimated, queries_estimated: Whether bytes are estimated, from rows or rebuilds.
        look_class_a: Class A operations of this observation on Google Cloud.
    """

    month: Month
    done: Fraction
    sales: Found
    manifests: Found
    quarantine: Found
    waiting: int
    windows: int
    arrived: Found
    rows: int
    ticks: int
    rebuilds: int
    so_far: Quantities
    tables_estimated: bool
    queries_estimated: bool
    look_class_a: int

    @property
    def empty(self) -> bool:
        """Whether nothing happened in the month, and nothing of it is in the bucket."""
        return not (self.arrived.objects or self.sales.objects or self.rebuilds)


def observe_month(platform: Platform, runs: Sequence[Run], month: Month, now: datetime) -> Observed:
    """Observe a month until the aware moment `now`; the history's `runs` show its rebuilds.

    Raises:
        PlatformError: Bucket or warehouse cannot be read.
    """
    listed = [
        platform.store.list(f"{prefix}{month.first:%Y/%m}/")
        for prefix in (SALES_PREFIX, PARQUET_PREFIX, MANIFEST_PREFIX, QUARANTINE_PREFIX)
    ]
    named = (info for infos in listed[:2] for info in infos)
    sales = _count_objects(i for i in named if is_sales_file(i.name) or is_parquet_file(i.name))
    manifests, quarantine = map(_count_objects, listed[2:])
    tables = platform.warehouse.tables()
    ledger = _ledger(platform, month) if LEDGER in tables else _NOTHING
    sizes, tables_estimated = _table_sizes(platform, tables)
    ran = [run for run in runs if Month.of(run.created_at) == month]
    rebuilt = [layers for layers in map(_layers_of, ran) if layers]
    ticks = sum(run.who.split()[0] == WHO for run in ran)
    billed = _query_billed_bytes(platform, month)
    queries = billed if billed is not None else sum(rebuild_bytes(sizes, it) for it in rebuilt)
    return Observed(
        month=month,
        done=month.done(now, platform.catalog),
        sales=sales,
        manifests=manifests,
        quarantine=quarantine,
        waiting=max(sales.objects - ledger["known"], 0),
        windows=ledger["windows"],
        arrived=Found(ledger["arrived"], ledger["arrived_bytes"]),
        rows=ledger["rows_loaded"],
        ticks=ticks,
        rebuilds=len(rebuilt),
        so_far=replace(
            _operations(platform, ledger["arrived"], ledger["windows"], ticks),
            storage_bytes=ledger["stored_bytes"] + manifests.size + quarantine.size,
            table_bytes=sum(sizes.values()),
            query_bytes=queries,
        ),
        tables_estimated=tables_estimated,
        queries_estimated=billed is None,
        look_class_a=sum(max(1, math.ceil(len(infos) / LIST_PAGE)) for infos in listed),
    )


def projection(seen: Observed) -> Quantities | None:
    """Project the whole month's usage and storage at the present rate; None before it begins."""
    if not seen.done:
        return None
    now = seen.so_far
    tables_grown = now.table_bytes * seen.arrived.size // max(now.storage_bytes, 1)

    def used(so_far: int) -> int:
        return flow(so_far, seen.done) or 0

    return Quantities(
        scheduler_jobs=now.scheduler_jobs,
        generator_calls=used(now.generator_calls),
        processor_calls=used(now.processor_calls),
        storage_bytes=stock(now.storage_bytes, seen.arrived.size, seen.done) or 0,
        class_a=used(now.class_a),
        class_b=used(now.class_b),
        table_bytes=stock(now.table_bytes, tables_grown, seen.done) or 0,
        query_bytes=used(now.query_bytes),
    )


def _operations(platform: Platform, arrived: int, windows: int, ticks: int) -> Quantities:
    """Calls and operations for objects that came in that many windows of average size.

    Each window is a call of data-generator, as is a tick whose window exists already.
    """
    if not windows:
        return Quantities(1, ticks, arrived, class_a=arrived, class_b=arrived)
    each = of_a_window(max(1, arrived // (2 * windows)), platform.catalog)
    return Quantities(
        scheduler_jobs=1,
        generator_calls=max(windows, ticks),
        processor_calls=arrived + windows * (each.calls - each.objects),
        class_a=arrived + windows * (each.class_a - each.objects),
        class_b=arrived + windows * (each.class_b - each.objects),
    )


def _ledger(platform: Platform, month: Month) -> Mapping[str, int]:
    prefix, parquet = (f"{kind}{month.first:%Y/%m}/" for kind in (SALES_PREFIX, PARQUET_PREFIX))
    (row,) = platform.warehouse.ask(
        _LEDGER,
        {
            "start": month.start, "stop": month.following.start, "bucket": platform.store.bucket,
            "first_name": prefix, "stop_name": end_of(prefix),
            "first_parquet": parquet, "stop_parquet": end_of(parquet),
        },
    )  # fmt: skip
    # Without rows DuckDB counts NULL and BigQuery 0.
    return {name: int(value or 0) for name, value in row.items()}


def _table_sizes(platform: Platform, tables: Iterable[str]) -> tuple[dict[str, int], bool]:
    """Logical bytes of each table, and whether any are estimated from its rows."""
    names, cloud = sorted(tables), platform.settings.cloud
    if not names:
        return {}, cloud is None
    if cloud is None:
        return {name: _estimate_bytes(name, rows) for name, rows in _rows(platform, names)}, True
    from core.insight.usage.bigquery_billing import describe_tables

    found = describe_tables(cloud, platform.warehouse.prefix, names)
    sizes = {
        name: _estimate_bytes(name, rows) if size is None else size
        for name, (rows, size) in found.items()
    }
    return sizes, any(size is None for _, size in found.values())


def _rows(platform: Platform, names: Sequence[str]) -> list[tuple[str, int]]:
    sql = " UNION ALL ".join(
        f"SELECT '{name}' AS name, COUNT(*) AS row_count FROM {name}"  # noqa: S608 - our own names
        for name in names
    )
    return [(str(row["name"]), int(row["row_count"])) for row in platform.warehouse.ask(sql)]


def _estimate_bytes(table: str, rows: int) -> int:
    widths = bytes_a_row()
    return rows * widths.get(table, max(widths.values()))


def _query_billed_bytes(platform: Platform, month: Month) -> int | None:
    if platform.settings.cloud is None:
        return None
    from core.insight.usage.bigquery_billing import query_billed_bytes

    return query_billed_bytes(platform.settings.cloud, month.start, month.following.start)


def _layers_of(run: Run) -> tuple[str, ...]:
    """The layers that a run has rebuilt, whether their checks passed or not, by its reports."""
    reports: Sequence[Mapping[str, Any]] = run.details.get("layers", ())
    built = {str(report["layer"]) for report in reports}
    return tuple(layer for layer in LAYERS if layer in built)


def _count_objects(infos: Iterable[ObjectInfo]) -> Found:
    sizes = [info.size for info in infos]
    return Found(len(sizes), sum(sizes))
