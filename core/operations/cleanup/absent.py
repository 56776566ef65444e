"""Objects that were taken back: Bronze and quarantine forget them, as if they had never come."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from core.bronze import quarantine
from core.operations.cleanup.leftovers import Settled, settle_deleted
from core.storage.object_names import QUARANTINE_PREFIX, day_of, day_prefix, quarantine_names
from core.storage.object_store import ObjectStore

if TYPE_CHECKING:
    from core.platform import Platform


def settle_absent(
    platform: "Platform", names: Collection[str], deleted: Mapping[str, int] = MappingProxyType({})
) -> Settled:
    """Remove what Bronze and quarantine have of CSV sales objects, where these do not exist.

    `deleted` has the generations of those that were deleted just now.

    Raises:
        TransientError: It cannot be done now; repeat the call.
    """
    days = sorted({day for day in map(day_of, names) if day})
    if not days:
        return Settled()
    known = platform.warehouse.generations(platform.store.bucket, *map(day_prefix, days))
    noted = {name: known[name] for name in names if name in known}
    reported = _clear_quarantine(platform.store, set(names).difference(noted))
    return settle_deleted(platform, {**reported, **noted, **deleted}, halves=True)


def _clear_quarantine(store: ObjectStore, names: Collection[str]) -> dict[str, int]:
    """Names with a report, and its generation; rows that a killed process left without one go."""
    there = {info.name for info in store.list(QUARANTINE_PREFIX)}
    reported = dict[str, int]()
    for name in names:
        if there.isdisjoint(quarantine_names(name)):
            continue
        report = quarantine.find_report(store, name)
        if report:
            reported[name] = report.generation
        else:
            quarantine.clear(store, name, 0)  # of no generation: only if there is no object
    return reported
