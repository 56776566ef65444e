"""Which business dates of a layer are out of date: the ledger and what each layer noted of it.

Objects carry their business date in their names. Of each date, and each day at which objects of it
came to Bronze, the ledger tells a version; a layer notes the versions that it shows, and the layer
above takes them on. Whatever comes to Bronze adds a generation or changes one, and came later; what
goes makes the count smaller. So a date whose versions are the
same has the same rows, time stamps included.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any, TypeAlias

from core.layers import PARENT, digest
from core.slices import Slice, date_of, day_of
from core.warehouse.base import BuiltDate

Ask: TypeAlias = Callable[[str], list[dict[str, Any]]]
# By business date (None for objects without one) and by day of ingestion: a version.
Versions: TypeAlias = dict[date | None, dict[date, str]]

# Why a layer was built as a whole.
ASKED = "asked"
FIRST = "first"
BELOW = "below"
SQL = "sql"
MOST = "most"
COLUMNS = "columns"
DEPENDENT = "dependent"
WHY_FULL: Mapping[str, str] = {
    ASKED: "It was asked for.",
    FIRST: "No build has noted yet which business dates it shows.",
    BELOW: "The layer below was not noted by date.",
    SQL: "Its SQL is another than that of the last build.",
    MOST: "More than half of the business dates changed.",
    COLUMNS: "A table is missing, or has other columns than its SQL makes.",
    DEPENDENT: "An id stands on two business dates, or an item on another date than its order.",
}

_LEDGER = f"""
WITH found AS (
  SELECT
    {date_of("object_name")} AS day,
    CAST(_ingest_timestamp AS DATE) AS ingest_date,
    generation, rows_loaded, _ingest_timestamp
  FROM bronze._ingested_objects
)
SELECT
  day, ingest_date,
  COUNT(*) AS objects,
  CAST(SUM(rows_loaded) AS INT64) AS row_count,
  CAST(SUM(DIV(generation, 1000000)) AS INT64) AS millions,
  CAST(SUM(MOD(generation, 1000000)) AS INT64) AS units,
  MAX(_ingest_timestamp) AS latest
FROM found
GROUP BY day, ingest_date
"""  # noqa: S608 - own words
_NOTED = "SELECT layer, order_date, ingest_date, version FROM bronze._built_dates"
_ORPHANED = " with orphans"  # is in no ledger, so that the date is looked at each time


@dataclass(frozen=True, slots=True)
class Plan:
    """How a layer is to be built.

    Attributes:
        part: The dates to build; None to build it whole, for `why`.
        why: A key of `WHY_FULL`.
        reference: Whether the reference data changed, so that all sales are held against it.
        notes: What the layer shows once it is built; nothing where that is not known by date.
    """

    part: Slice | None
    why: str | None
    reference: bool
    notes: Versions

    def whole(self, why: str) -> "Plan":
        """The same, built whole."""
        return replace(self, part=None, why=why)


def plan(ask: Ask, layer: str, *, full: bool) -> Plan:
    """What is to be done for a layer, by what it and the layer below have noted."""
    noted = noted_versions(ask)
    parent = PARENT.get(layer)
    below = noted.get(parent, {}) if parent else ledger_versions(ask)
    return compared(layer, below, noted.get(layer, {}), full=full)


def compared(layer: str, below: Versions, shown: Versions, *, full: bool) -> Plan:
    """What is to be done for a layer that shows one state, when another is below it."""
    wanted = {
        day: {ingested: f"{digest(layer)} {text}" for ingested, text in versions.items()}
        for day, versions in below.items()
    }
    reference = wanted.get(None) != shown.get(None)
    days = {day for day in wanted.keys() | shown.keys() if day is not None}
    changed = sorted(day for day in days if wanted.get(day) != shown.get(day))
    part = Slice(tuple(changed), _ingested(below, changed), _ingested(shown, changed))
    made = Plan(part, None, reference, wanted)
    why = ASKED if full else _why_full(layer, wanted, shown, len(changed), len(days))
    return made.whole(why) if why else made


def with_orphans(notes: Versions, orphaned: Collection[date]) -> Versions:
    """Notes by which the dates of items without an order are built again each time."""
    return {
        day: {ingested: text + _ORPHANED for ingested, text in versions.items()}
        if day in orphaned
        else versions
        for day, versions in notes.items()
    }


def rows_of(notes: Versions) -> list[BuiltDate]:
    """Notes as they are kept."""
    return [
        BuiltDate(day, ingested, text)
        for day, versions in notes.items()
        for ingested, text in versions.items()
    ]


def ledger_versions(ask: Ask) -> Versions:
    """What Bronze has now."""
    found: Versions = {}
    for row in sorted(ask(_LEDGER), key=lambda row: row["day"] or ""):
        versions = found.setdefault(day_of(row["day"]), {})
        same = versions.get(row["ingest_date"])
        text = _version(row)
        versions[row["ingest_date"]] = f"{same} and {text}" if same else text
    return found


def noted_versions(ask: Ask) -> dict[str, Versions]:
    """What each layer noted when it was built."""
    found: dict[str, Versions] = {}
    for row in ask(_NOTED):
        versions = found.setdefault(row["layer"], {}).setdefault(row["order_date"], {})
        versions[row["ingest_date"]] = row["version"]
    return found


def _why_full(layer: str, wanted: Versions, shown: Versions, changed: int, days: int) -> str | None:
    if layer in PARENT and not any(wanted):
        return BELOW
    if not any(shown):
        return FIRST
    texts = chain.from_iterable(versions.values() for versions in shown.values())
    if not all(text.startswith(digest(layer)) for text in texts):
        return SQL
    return MOST if 2 * changed > days else None


def _ingested(versions: Versions, days: Collection[date]) -> tuple[date, ...]:
    return tuple(sorted(set(chain.from_iterable(versions.get(day, {}) for day in days))))


def _version(row: Mapping[str, Any]) -> str:
    generations = 1_000_000 * row["millions"] + row["units"]
    return (
        f"{row['objects']} objects, {row['row_count']} rows, generations {generations}, "
        f"latest {row['latest'].isoformat()}"
    )
