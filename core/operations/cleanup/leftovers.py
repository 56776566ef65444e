"""Left-overs: what Bronze and quarantine still have of objects that were deleted or moved.

A deleted object leaves its rows, its line in the ledger and its report in quarantine. Nothing
removes them automatically: the deletion may be a mistake, or the bucket deletes objects by age,
and Bronze keeps their rows. A person settles them, for a range of dates.
"""

import contextlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from core.bronze import quarantine
from core.errors import InputError
from core.generation.windows import FIRST_DATE, LAST_DATE, dates_between, is_covered
from core.messages import message
from core.progress import Progress, silent
from core.storage.object_names import (
    MANIFEST_PREFIX,
    PARQUET_FILES,
    PARQUET_PREFIX,
    QUARANTINE_PREFIX,
    REFERENCE_PREFIX,
    SALES_FILES,
    SALES_PREFIX,
    day_of,
    day_prefix,
    parquet_months,
    parquet_prefix,
    parse_parquet_name,
    parse_sales_name,
)
from core.storage.object_store import ObjectStore, StoredObject, Unreadable
from core.warehouse.base import LEDGER

if TYPE_CHECKING:
    from core.platform import Platform

_BATCH = 500  # names that one removal takes
# Objects whose names are not of the layout, most of them without a business date, and those of
# years that the platform does not cover.
_ODD_NAMES = f"""
SELECT object_name AS name, MAX(generation) AS generation
FROM bronze._ingested_objects
WHERE bucket = @bucket AND (
  kind = 'unknown'
  OR (
    STARTS_WITH(object_name, '{SALES_PREFIX}')
    AND SUBSTR(object_name, {len(SALES_PREFIX) + 1}, 4)
      NOT BETWEEN '{FIRST_DATE.year}' AND '{LAST_DATE.year}'
  )
  OR (
    STARTS_WITH(object_name, '{PARQUET_PREFIX}')
    AND SUBSTR(object_name, {len(PARQUET_PREFIX) + 1}, 4)
      NOT BETWEEN '{FIRST_DATE.year}' AND '{LAST_DATE.year}'
  )
)
GROUP BY object_name
"""  # noqa: S608 - own words
_ROWS = """
SELECT name, COUNT(*) AS row_count
FROM (
  SELECT _source_file AS name FROM bronze.orders WHERE _source_file IN UNNEST(@names)
  UNION ALL
  SELECT _source_file AS name FROM bronze.order_items WHERE _source_file IN UNNEST(@names)
)
GROUP BY name
"""


@dataclass(frozen=True, slots=True)
class Leftover:
    """What is left of an object that is gone.

    Attributes:
        noted: Whether the ledger has a line for it.
        rows: How many it has in Bronze.
        report: The generation that its report in quarantine is about, a replaced one if the object
            exists; None without a report.
        stays: Why it cannot be settled, in a sentence; empty when it can.
    """

    name: str
    noted: bool = False
    rows: int = 0
    report: int | None = None
    stays: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """Objects that were settled, their rows of Bronze and reports in quarantine, and what stays."""

    objects: int = 0
    rows: int = 0
    reports: int = 0
    stay: int = 0


def find_leftovers(platform: "Platform", dates: tuple[date, date]) -> list[Leftover]:
    """What is left of deleted objects of a range of business dates.

    Every range includes the objects whose names have no date, or one out of the platform's range.

    Raises:
        InputError: The range is out of bounds, or the bucket is not the one that was ingested.
    """
    days = dates_between(*dates)
    noted, reports = _read_ledger(platform, days), _read_reports(platform.store, dates)
    present, hidden = _find_present(platform.store, days, {*noted, *reports})
    if not {*noted, *reports} <= present.keys():
        _refuse_another_bucket(platform.store)
    return _compare(platform, noted, reports, present, hidden)


def settle(platform: "Platform", dates: tuple[date, date], progress: Progress = silent) -> Settled:
    """Remove what `find_leftovers` finds, except what it says to stay.

    Raises:
        InputError: As `find_leftovers`.
        TransientError: It cannot be done now; the same call continues where this one stopped.
    """
    return _settle(platform, find_leftovers(platform, dates), {}, progress)


def settle_deleted(
    platform: "Platform",
    deleted: Mapping[str, int],
    progress: Progress = silent,
    *,
    halves: bool = False,
) -> Settled:
    """Remove what Bronze and quarantine have of objects that were deleted in these generations.

    Nothing loads them from now on, not even a delivery that read them before. `halves` removes an
    object's rows even if the other object of its cell exists.

    Raises:
        TransientError: It cannot be done now; the same call continues where this one stopped.
    """
    store, noted = platform.store, dict[str, int]()
    if deleted:
        known = platform.warehouse.generations(store.bucket, *deleted)
        noted = {name: known[name] for name in deleted if name in known}
    found = {name: quarantine.find_report(store, name) for name in deleted}
    reports = {name: report.generation for name, report in found.items() if report}
    others = set() if halves else {*map(_other_of_cell, deleted)} - {""}
    present, hidden = _find_present(store, (), others.union(deleted))
    left = _compare(platform, noted, reports, present, hidden, deleted)
    return _settle(platform, left, deleted, progress)


def _compare(
    platform: "Platform",
    noted: Mapping[str, int],
    reports: Mapping[str, int],
    present: Mapping[str, int],
    hidden: Sequence[Unreadable],
    deleted: Collection[str] = (),
) -> list[Leftover]:
    """What is left of the objects in the ledger and in reports, and of deleted ones."""
    stale = [
        Leftover(name, report=generation)
        for name, generation in reports.items()
        if name in present and generation != present[name] == noted.get(name)
    ]
    gone = sorted({*noted, *reports, *deleted} - present.keys())
    rows = _count_rows(platform, [name for name in gone if name in noted or name in deleted])
    found = [Leftover(name, name in noted, rows.get(name, 0), reports.get(name)) for name in gone]
    return [_judge(one, present, hidden) for one in found] + stale


def _settle(
    platform: "Platform", found: Sequence[Leftover], deleted: Mapping[str, int], progress: Progress
) -> Settled:
    todo = [one for one in found if not one.stays]
    for done in range(0, len(todo), _BATCH):
        progress(done, len(todo), message("step.left_overs"))
        _settle_batch(platform, todo[done : done + _BATCH], deleted)
    progress(len(todo), len(todo), message("step.left_overs"))
    return Settled(
        sum(one.noted or one.rows > 0 or one.report is not None for one in todo),
        sum(one.rows for one in todo),
        sum(one.report is not None for one in todo), len(found) - len(todo),
    )  # fmt: skip


def _settle_batch(
    platform: "Platform", todo: Sequence[Leftover], deleted: Mapping[str, int]
) -> None:
    store = platform.store
    names = [one.name for one in todo if one.noted or one.name in deleted]
    # An object that came back meanwhile keeps its rows.
    gone = [name for name in names if store.find(name) is None]
    platform.warehouse.remove(
        store.bucket, gone, {name: deleted[name] for name in gone if name in deleted}
    )
    for one in todo:
        if one.report is not None:
            quarantine.withdraw(store, one.name, one.report)


def _find_present(
    store: ObjectStore, days: Sequence[date], names: Iterable[str]
) -> tuple[dict[str, int], list[Unreadable]]:
    """Generations of objects of some dates and names, and the entries that may hide others."""
    below = [store.listing(prefix) for prefix in [*map(day_prefix, days), *parquet_months(days)]]
    found = {info.name: info.generation for each in below for info in each.objects}
    hidden = [entry for each in below for entry in each.unreadable]
    for name in names:
        if name in found or _find_hiding(name, hidden):
            continue
        if info := store.find(name):
            found[name] = info.generation
    return found, hidden


def _find_hiding(name: str, entries: Iterable[Unreadable]) -> Unreadable | None:
    return next((entry for entry in entries if entry.hides(name)), None)


def _read_ledger(platform: "Platform", days: Sequence[date]) -> dict[str, int]:
    """The generations that the ledger has of sales objects of some dates, and of no date."""
    warehouse, bucket = platform.warehouse, platform.store.bucket
    if LEDGER not in warehouse.tables():
        return {}
    found = {
        row["name"]: row["generation"]
        for row in warehouse.ask(_ODD_NAMES, {"bucket": bucket})
        if _is_between(day_of(row["name"]), (days[0], days[-1]))
    }
    prefixes = [prefix(day) for day in days for prefix in (day_prefix, parquet_prefix)]
    return found | warehouse.generations(bucket, *prefixes)


def _read_reports(store: ObjectStore, dates: tuple[date, date]) -> dict[str, int]:
    """The generation that each object's report is about, for some dates and for no date."""
    names = [
        info.name
        for info in store.list(QUARANTINE_PREFIX)
        if quarantine.is_report(info.name) and _is_between(day_of(info.name), dates)
    ]
    found = {}
    for stored in store.read_all(names):
        if not isinstance(stored, StoredObject):
            continue
        with contextlib.suppress(InputError):
            report = quarantine.read_report(stored.name, stored.data)
            if _is_between(day_of(report.name), dates):
                found[report.name] = report.generation
    return found


def _is_between(day: date | None, dates: tuple[date, date]) -> bool:
    return day is None or not is_covered(day) or dates[0] <= day <= dates[1]


def _count_rows(platform: "Platform", names: list[str]) -> dict[str, int]:
    if not names or LEDGER not in platform.warehouse.tables():
        return {}
    found = platform.warehouse.ask(_ROWS, {"names": names})
    return {row["name"]: row["row_count"] for row in found}


def _judge(one: Leftover, present: Mapping[str, int], hidden: Iterable[Unreadable]) -> Leftover:
    """A left-over, with why it stays: it may exist, or its cell would lose only one half."""
    entry = _find_hiding(one.name, hidden)
    if entry:
        return replace(one, stays=message("leftover.hidden", name=entry.name, reason=entry.reason))
    other = _other_of_cell(one.name)
    if not one.rows or other not in present:
        return one
    return replace(one, stays=message("leftover.half", name=other))


def _other_of_cell(name: str) -> str:
    """The other one of a cell's or date's two objects; empty for any other name."""
    parsed = parse_sales_name(name) or parse_parquet_name(name)
    files = SALES_FILES if parse_sales_name(name) else PARQUET_FILES
    folder = name.rpartition("/")[0]
    others = [file for kind, file in files.items() if parsed and kind != parsed.kind]
    return f"{folder}/{others[0]}" if others else ""


def _refuse_another_bucket(store: ObjectStore) -> None:
    """Refuse a bucket without the files that every upload leaves: it may be the wrong one."""
    if not any(store.list(prefix) for prefix in (REFERENCE_PREFIX, MANIFEST_PREFIX)):
        raise InputError(message("bucket.not_the_one", bucket=store.bucket))
