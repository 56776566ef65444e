"""The reference files of the deployed bucket, which the run needs and never changes."""

from core.bronze.reference_data import list_units, reference_csv
from core.errors import ConflictError
from core.generation.catalog import DEFAULT_UNITS
from core.platform import Platform
from core.storage.object_names import REFERENCE_FILES, REFERENCE_PREFIX, reference_name
from core.storage.object_store import NewObject


def write_missing_reference(platform: Platform) -> int:
    """Write the reference files that a new bucket lacks, as the schedule's first call would.

    One that exists stays, whatever it holds. They stay afterwards: the next upload needs them.

    Returns:
        How many were written.
    """
    store, written = platform.store, 0
    there = {info.name for info in store.list(REFERENCE_PREFIX)}
    for kind in REFERENCE_FILES:
        name = reference_name(kind)
        if name in there:
            continue
        new = NewObject(name, reference_csv(kind, platform.catalog, DEFAULT_UNITS))
        try:
            written += store.create([[new]])
        except ConflictError:  # the schedule was faster
            continue
    return written


def covers(platform: Platform, unit: int) -> bool:
    """Whether an upload of the units up to one leaves the reference files as they are."""
    return set(range(1, unit + 1)) <= set(list_units(platform.store))
