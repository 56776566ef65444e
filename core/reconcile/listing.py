"""List what the bucket and a local output folder have of a business date, before Bronze is read.

In this order an object that arrives meanwhile is in Bronze and not in the listing, never the
reverse; `Day.in_doubt` detects it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from core.generation.catalog import Catalog
from core.storage.object_names import day_prefix, parquet_months, parquet_prefix
from core.storage.object_store import ObjectInfo, ObjectStore, Unreadable
from core.warehouse import Warehouse


@dataclass(frozen=True)
class Places:
    """Where to look; a local `output` folder shows what was generated but not uploaded."""

    store: ObjectStore
    warehouse: Warehouse
    catalog: Catalog
    output: ObjectStore | None = None


class Listing(NamedTuple):
    """A date's objects by name, its files in the output folder, and why entries are unreadable."""

    objects: Mapping[str, ObjectInfo]
    generated: frozenset[str]
    unreadable: Mapping[str, str] = MappingProxyType({})


def list_day(places: Places, day: date) -> Listing:
    """List one date."""
    return list_days(places, [day])[day]


def list_days(places: Places, days: Iterable[date]) -> dict[date, Listing]:
    """List several dates; the few Parquet objects are listed a month at a time."""
    days = list(days)
    in_parquet: defaultdict[str, list[ObjectInfo | Unreadable]] = defaultdict(list)
    for month in parquet_months(days) if len(days) > 1 else map(parquet_prefix, days):
        for entry in _entries(places.store, month):
            in_parquet[entry.name[: len(parquet_prefix(days[0]))]].append(entry)
    closed = {e for below in in_parquet.values() for e in below if isinstance(e, Unreadable)}
    found = {}
    for day in days:
        prefixes = (day_prefix(day), parquet_prefix(day))
        above = [e for e in closed if e.hides(prefixes[1])]
        entries = [*_entries(places.store, prefixes[0]), *in_parquet[prefixes[1]], *above]
        written = [places.output.list(prefix) for prefix in prefixes] if places.output else []
        generated = frozenset(info.name for files in written for info in files)
        found[day] = Listing(
            {entry.name: entry for entry in entries if isinstance(entry, ObjectInfo)}, generated,
            {entry.name: entry.reason for entry in entries if isinstance(entry, Unreadable)},
        )  # fmt: skip
    return found


def _entries(store: ObjectStore, prefix: str) -> list[ObjectInfo | Unreadable]:
    below = store.listing(prefix)
    return [*below.objects, *below.unreadable]
