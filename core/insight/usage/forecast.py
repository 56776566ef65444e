"""Forecast the usage of a month: a pure function of units, windows, days and rebuilds.

Calls and operations of a window are those of `limits`. Queries are those of the rebuilds, counted
in `core/sql`, and of the ledger for batches, without those of the panel and of reconciliations.
Bytes are an upper bound: whole tables count even if BigQuery reads only some columns.
"""

import functools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from core.errors import InputError
from core.generation.catalog import DEFAULT_UNITS, Catalog
from core.generation.windows import FIRST_DATE, check_units
from core.insight.usage.limits import Demands, estimate_demands
from core.insight.usage.prices import Quantities, billed_bytes, compare_with_limits, prices, total
from core.insight.usage.sizes import average_growth, bucket_bytes, table_sizes
from core.messages import message
from core.storage.publish import Request
from core.transform import date_independence, staleness
from core.transform.layers import dataset_of
from core.transform.rebuild import LAYERS, SQL_FOLDER, build_order
from core.warehouse.base import LEDGER

MAX_REBUILDS: Final = 100
MAX_EARLIER_DAYS: Final = 3_650
_BUILT: Final = "bronze._built_layers"
_DATES: Final = "bronze._built_dates"


@dataclass(frozen=True, slots=True)
class UsageScenario:
    """The assumed activity of a month: 0 to 31 days with sales, of 0 to 7 windows.

    `rebuilds` of all layers are per day; `earlier_days` of sales are stored before the month.

    Raises:
        InputError: A part of it is not possible.
    """

    units: int = DEFAULT_UNITS
    days: int = 30
    windows: int = 7
    rebuilds: int = 1
    earlier_days: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        check_units(self.units)
        _check("days", self.days, 31)
        _check("windows a day", self.windows, 7)
        _check("rebuilds a day", self.rebuilds, MAX_REBUILDS)
        _check("earlier days", self.earlier_days, MAX_EARLIER_DAYS)


def forecast(plan: UsageScenario, catalog: Catalog) -> Quantities:
    """Forecast the quantities of a scenario."""
    each, ticks = of_a_window(plan.units, catalog), plan.days * plan.windows
    at_end = average_growth(plan.units, plan.earlier_days + plan.days, plan.windows, catalog)
    return Quantities(
        scheduler_jobs=1,
        generator_calls=ticks,
        processor_calls=ticks * each.calls,
        storage_bytes=bucket_bytes(at_end),
        class_a=ticks * each.class_a,
        class_b=ticks * each.class_b,
        table_bytes=sum(table_sizes(at_end).values()),
        query_bytes=sum(_query_bytes(plan, day, each, catalog) for day in range(1, plan.days + 1)),
    )


def dollars(plan: UsageScenario, catalog: Catalog, *, free_region: bool) -> int:
    """The total cost of a scenario, in micro-dollars."""
    return total(compare_with_limits(forecast(plan, catalog), free_region=free_region))


def crossings(
    plan: UsageScenario, catalog: Catalog, most_units: int, *, free_region: bool
) -> dict[str, int | None]:
    """The fewest units that exceed each free limit there is; None if `most_units` do not."""
    limits = {each.resource: each.free_quantity(free_region=free_region) for each in prices()}
    return {
        resource: _crossing(plan, catalog, most_units, resource, free)
        for resource, free in limits.items()
        if free
    }


@functools.lru_cache(maxsize=4096)
def of_a_window(units: int, catalog: Catalog) -> Demands:
    """The demands of a window of units, from generation to Bronze."""
    return estimate_demands(Request((FIRST_DATE,), catalog.windows[:1], tuple(range(1, units + 1))))


@functools.cache
def rebuild_reads(layers: tuple[str, ...] = LAYERS) -> Mapping[str, int]:
    """How many times a rebuild's billed statements name each table.

    They build, check, read what each layer shows and whether dates are independent, and publish by
    a delete and an insert. Counting rows is free. A rebuild by date reads less of the same tables.
    """
    from core.warehouse.dialect.render import tables_read

    reads: Counter[str] = Counter()
    for layer in layers:
        for folder in (layer, f"checks/{layer}"):
            reads.update(_read_in(folder))
        made = [f"{dataset_of(layer)}.{name}" for name in build_order(layer)]
        reads.update([LEDGER, _BUILT, _BUILT, _DATES, _DATES, *made, *made])
        if layer == "silver":
            looks = (*staleness.LOOKS, *date_independence.ALL)
            reads.update(table for sql in looks for table in tables_read(sql))
    return MappingProxyType(dict(reads))


def rebuild_bytes(sizes: Mapping[str, int], layers: tuple[str, ...] = LAYERS) -> int:
    """The billed bytes of a rebuild, with tables of these sizes."""
    return sum(
        times * billed_bytes(sizes.get(table, 0)) for table, times in rebuild_reads(layers).items()
    )


def _query_bytes(plan: UsageScenario, day: int, each: Demands, catalog: Catalog) -> int:
    """The billed bytes of the queries on a day of the month, counted from 1."""
    sizes = table_sizes(average_growth(plan.units, plan.earlier_days + day, plan.windows, catalog))
    return plan.rebuilds * rebuild_bytes(sizes) + plan.windows * _loading(each, sizes[LEDGER])


def _loading(each: Demands, ledger: int) -> int:
    """The billed bytes of the ledger's entries for a window's objects.

    A single object is an INSERT of values, which reads no table. A batch is looked up in the
    ledger, staged, and merged into it.
    """
    if not each.batched:
        return 0
    return each.noted * (2 * billed_bytes(ledger) + billed_bytes(0))


def _crossing(
    plan: UsageScenario, catalog: Catalog, most: int, resource: str, free: int
) -> int | None:
    def beyond(units: int) -> bool:
        return forecast(replace(plan, units=units), catalog).of(resource) > free

    if not beyond(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if beyond(middle) else (middle, high)
    return high


def _read_in(folder: str) -> list[str]:
    from core.warehouse.dialect.render import tables_read

    files = sorted((SQL_FOLDER / folder).glob("*.sql"))
    return [table for file in files for table in tables_read(file.read_text(encoding="utf-8"))]


def _check(what: str, number: int, most: int) -> None:
    if not 0 <= number <= most:
        raise InputError(message("request.number", number=number, what=what, most=most))
