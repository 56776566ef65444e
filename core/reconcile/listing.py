"""What the bucket and a local output folder have of a business date, listed before Bronze is read.

In this order an object that comes meanwhile is in Bronze and not in the listing, never the reverse,
and `Day.in_doubt` sees it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from core.catalog import Catalog
from core.names import day_prefix, parquet_months, parquet_prefix
from core.object_store import ObjectInfo, ObjectStore
from core.warehouse import Warehouse


@dataclass(frozen=True)
class Places:
    """What is compared: a bucket with Bronze, by the catalog.

    Attributes:
        output: A local output folder, to tell what was generated but not uploaded.
    """

    store: ObjectStore
    warehouse: Warehouse
    catalog: Catalog
    output: ObjectStore | None = None


class Listing(NamedTuple):
    """The objects of a date by name, and the names of its files in the output folder."""

    objects: Mapping[str, ObjectInfo]
    generated: frozenset[str]


def list_day(places: Places, day: date) -> Listing:
    """List one date."""
    return list_days(places, [day])[day]


def list_days(places: Places, days: Iterable[date]) -> dict[date, Listing]:
    """List some dates; Parquet objects, which are few, a month at a time."""
    days = list(days)
    in_parquet: defaultdict[str, list[ObjectInfo]] = defaultdict(list)
    for month in parquet_months(days) if len(days) > 1 else map(parquet_prefix, days):
        for info in places.store.list(month):
            in_parquet[info.name[: len(parquet_prefix(days[0]))]].append(info)
    found = {}
    for day in days:
        prefixes = (day_prefix(day), parquet_prefix(day))
        infos = (*places.store.list(prefixes[0]), *in_parquet[prefixes[1]])
        written = [places.output.list(prefix) for prefix in prefixes] if places.output else []
        generated = frozenset(info.name for files in written for info in files)
        found[day] = Listing({info.name: info for info in infos}, generated)
    return found
