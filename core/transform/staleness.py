"""Find the business dates of a layer that are out of date, from the ledger and the layer's notes.

Object names contain the business date. The ledger gives each date a version; a layer notes the
versions that it shows, and the layer above passes them on. Each load adds or changes a generation
and is later than the others; each removal lowers the count. So a date whose version is the same has
the same rows, time stamps included.

The rows show which partitions hold a date: Bronze's before a slice of Silver is built, and
Silver's, which are noted, afterwards. The ledger's moments only limit where to search.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from core.messages import Message, message
from core.transform.date_slices import BY_FILE, Slice, bronze_rows, date_of, day_of, new_rows
from core.transform.layers import PARENT, digest
from core.warehouse.base import BuiltDate

Ask: TypeAlias = Callable[[str], list[dict[str, Any]]]


class State(NamedTuple):
    """The version of a date in a layer, and each `_ingest_date` that its rows have or may have."""

    version: str
    ingested: frozenset[date]


# By business date; None for objects without one.
States: TypeAlias = dict[date | None, State]

# Why a layer was built as a whole.
ASKED = "asked"
FIRST = "first"
BELOW = "below"
SQL = "sql"
MOST = "most"
COLUMNS = "columns"
DEPENDENT = "dependent"
WHY_FULL: Mapping[str, Message] = {
    why: message(f"why_whole.{why}") for why in (ASKED, FIRST, BELOW, SQL, MOST, COLUMNS, DEPENDENT)
}

_LEDGER = f"""
SELECT
  {date_of("object_name")} AS day,
  COUNT(*) AS objects,
  CAST(SUM(rows_loaded) AS INT64) AS row_count,
  CAST(SUM(DIV(generation, 1000000)) AS INT64) AS millions,
  CAST(SUM(MOD(generation, 1000000)) AS INT64) AS units,
  MIN(_ingest_timestamp) AS earliest,
  MAX(_ingest_timestamp) AS latest
FROM bronze._ingested_objects
GROUP BY day
"""  # noqa: S608 - own words
_DAY = date_of(BY_FILE)
_IN_BRONZE = f"""
SELECT {_DAY} AS day, _ingest_date FROM bronze.orders
UNION DISTINCT
SELECT {_DAY} AS day, _ingest_date FROM bronze.order_items
"""  # noqa: S608
_IN_SILVER = f"SELECT DISTINCT {_DAY} AS day, _ingest_date FROM silver.order_items"  # noqa: S608
LOOKS = (_LEDGER, _IN_BRONZE, _IN_SILVER)  # what a rebuild of Silver queries besides the notes
_NOTED = "SELECT layer, order_date, ingest_date, version FROM bronze._built_dates"
_ORPHANED = " with orphans"  # no version of the ledger has it, so that the date is always rebuilt


@dataclass(frozen=True, slots=True)
class RebuildPlan:
    """How a layer is to be built.

    Attributes:
        part: The dates to build; None to build it whole, for `why`, a key of `WHY_FULL`.
        reference: Whether the reference data changed, so that all sales are checked against it.
        below: The states that the layer is built from: the ledger's, or those of the layer below.
        notes: What the layer shows once it is built; empty if that is not known by date.
    """

    part: Slice | None
    why: str | None
    reference: bool
    below: States
    notes: States

    def whole(self, why: str) -> "RebuildPlan":
        """The same plan as a full build, with the reason."""
        return replace(self, part=None, why=why)


def plan_rebuild(ask: Ask, layer: str, *, full: bool) -> RebuildPlan:
    """Plan the build of a layer from its notes and those of the layer below."""
    noted = read_noted_states(ask)
    parent = PARENT.get(layer)
    if parent:
        return compare_states(layer, noted.get(parent, {}), noted.get(layer, {}), full=full)
    return find_bronze_partitions(
        ask, compare_states(layer, read_ledger_states(ask), noted.get(layer, {}), full=full)
    )


def compare_states(layer: str, below: States, shown: States, *, full: bool) -> RebuildPlan:
    """Plan the build of a layer that shows `shown` while `below` is what it is built from."""
    wanted = {
        day: state._replace(version=f"{digest(layer)} {state.version}")
        for day, state in below.items()
    }
    changed = {
        day
        for day in wanted.keys() | shown.keys()
        if day not in wanted or day not in shown or wanted[day].version != shown[day].version
    }
    days = sorted(day for day in changed if day)
    part = Slice(tuple(days), _ingested_on(below, days), _ingested_on(shown, days))
    notes = {day: state if day in changed else shown[day] for day, state in wanted.items()}
    made = RebuildPlan(part, None, None in changed, below, notes)
    total = len({*wanted, *shown} - {None})
    why = ASKED if full else _why_full(layer, wanted, shown, len(days), total)
    return made.whole(why) if why else made


def find_bronze_partitions(ask: Ask, plan: RebuildPlan) -> RebuildPlan:
    """The plan of Silver with the Bronze partitions that hold the rows of its dates."""
    from core.warehouse.dialect.render import restrict_reads

    if plan.part is None or not plan.part.dates:
        return plan
    found = _ingest_dates(ask(restrict_reads(_IN_BRONZE, bronze_rows(plan.part))))
    part = replace(plan.part, ingested=tuple(sorted(set(chain.from_iterable(found.values())))))
    return replace(plan, part=part, notes=_with_ingest_dates(plan.notes, found))


def note_silver_partitions(ask: Ask, plan: RebuildPlan) -> RebuildPlan:
    """The plan of Silver with the Silver partitions of the new rows in its notes."""
    from core.warehouse.dialect.render import restrict_reads

    if plan.part is None:
        found = _ingest_dates(ask(_IN_SILVER))
    elif plan.part.dates:
        found = _ingest_dates(ask(restrict_reads(_IN_SILVER, new_rows("silver"))))
    else:
        return plan
    return replace(plan, notes=_with_ingest_dates(plan.notes, found))


def find_moved_dates(ask: Ask, plan: RebuildPlan) -> frozenset[date]:
    """Business dates whose state in the ledger changed since Silver was planned."""
    now, before = read_ledger_states(ask), plan.below
    return frozenset(
        day
        for day in now.keys() | before.keys()
        if day and (day not in now or day not in before or now[day] != before[day])
    )


def note_orphans(notes: States, orphaned: Collection[date]) -> States:
    """Mark the dates of items without an order, so that every rebuild builds them again."""
    return {
        day: state._replace(version=state.version + _ORPHANED) if day in orphaned else state
        for day, state in notes.items()
    }


def rows_of_notes(notes: States) -> list[BuiltDate]:
    """The notes as rows of `bronze._built_dates`."""
    return [
        BuiltDate(day, ingest_date, state.version)
        for day, state in notes.items()
        for ingest_date in sorted(state.ingested)
    ]


def read_ledger_states(ask: Ask) -> States:
    """Read what Bronze has now, by business date."""
    rows: dict[date | None, list[Mapping[str, Any]]] = {}
    for row in sorted(ask(_LEDGER), key=lambda row: row["day"] or ""):
        rows.setdefault(day_of(row["day"]), []).append(row)
    return {
        day: State(" and ".join(map(_version, found)), _span(day, found))
        for day, found in rows.items()
    }


def read_noted_states(ask: Ask) -> dict[str, States]:
    """Read what each layer noted when it was built."""
    rows: dict[str, dict[date | None, list[Mapping[str, Any]]]] = {}
    for row in ask(_NOTED):
        rows.setdefault(row["layer"], {}).setdefault(row["order_date"], []).append(row)
    return {
        layer: {
            day: State(
                " and ".join(sorted({row["version"] for row in found})),
                frozenset(row["ingest_date"] for row in found),
            )
            for day, found in by_day.items()
        }
        for layer, by_day in rows.items()
    }


def _why_full(layer: str, wanted: States, shown: States, changed: int, days: int) -> str | None:
    if layer in PARENT and not wanted:
        return BELOW
    if not shown:
        return FIRST
    if not all(state.version.startswith(digest(layer)) for state in shown.values()):
        return SQL
    return MOST if 2 * changed > days else None


def _ingested_on(states: States, days: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(set().union(*(states[day].ingested for day in days if day in states))))


def _ingest_dates(rows: Iterable[Mapping[str, Any]]) -> dict[date | None, set[date]]:
    found: dict[date | None, set[date]] = {}
    for row in rows:
        if row["_ingest_date"]:
            found.setdefault(day_of(row["day"]), set()).add(row["_ingest_date"])
    return found


def _with_ingest_dates(notes: States, found: Mapping[date | None, Collection[date]]) -> States:
    return {
        day: state._replace(ingested=frozenset(found[day])) if day in found else state
        for day, state in notes.items()
    }


def _span(day: date | None, rows: Collection[Mapping[str, Any]]) -> frozenset[date]:
    """The possible days of ingestion; other time zones may be one day earlier or later."""
    last: date = max(row["latest"] for row in rows).astimezone(UTC).date()
    if day is None:
        return frozenset([last])
    first: date = min(row["earliest"] for row in rows).astimezone(UTC).date()
    return frozenset(first + timedelta(days=n) for n in range(-1, (last - first).days + 2))


def _version(row: Mapping[str, Any]) -> str:
    generations = 1_000_000 * row["millions"] + row["units"]
    return (
        f"{row['objects']} objects, {row['row_count']} rows, generations {generations}, "
        f"latest {row['latest'].astimezone(UTC).isoformat()}"
    )
