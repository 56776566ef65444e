"""Apply a scenario: publish a request with its faults, and load what is published.

The record comes first, the manifests last. Where objects are replaced, Bronze forgets those that
the scenario withholds, as if they had never come. A call that was cut off is repeated with the same
arguments; objects that were released meanwhile stay.
"""

from dataclasses import dataclass
from datetime import datetime

from core.bronze.reference_data import publish_reference
from core.operations.cleanup.absent import settle_absent
from core.operations.scenarios.record import Record, refuse_other_record, write_record
from core.pipeline import Uploaded, load_published
from core.platform import Platform
from core.progress import Progress, silent
from core.storage.announcement import announced
from core.storage.delivery import ExistingObjects
from core.storage.publish import check, write
from core.storage.request import Request


@dataclass(frozen=True, slots=True)
class Applied:
    """What was published and loaded of a scenario, and how many objects it holds back."""

    uploaded: Uploaded
    held: int


def apply(
    platform: Platform,
    record: Record,
    now: datetime,
    *,
    part: Request | None = None,
    overwrite: bool = False,
    wait_for_events: bool = True,
    progress: Progress = silent,
) -> Applied:
    """Publish the request of a record under its scenario, and load it at the aware moment `now`.

    Args:
        part: Only these cells of the request, such as one window of a simulated day.
        overwrite: Replace objects that exist with other bytes, and delete withheld ones.
        wait_for_events: As for `core.pipeline.upload`.

    Raises:
        ConflictError: Other data exists, or another scenario is applied; nothing was written.
        InputError: The request has no windows.
        TransientError: It cannot be done now; the same call continues where this one stopped.
    """
    store, catalog, request = platform.store, platform.catalog, part or record.request
    spoiler = record.spoiler(catalog)
    with announced(store, request):
        plan = check_scenario(platform, record, part=part, overwrite=overwrite)
        write_record(store, record)
        published = write(store, request, catalog, plan, progress, spoiler)
    publish_reference(store, catalog, max(record.request.units))
    settle_absent(platform, plan.withheld)
    uploaded = load_published(
        platform, request, published, now, wait_for_events=wait_for_events, progress=progress
    )
    return Applied(uploaded, len(plan.held))


def check_scenario(
    platform: Platform, record: Record, *, part: Request | None = None, overwrite: bool
) -> ExistingObjects:
    """Compare what a scenario delivers with what exists, and write nothing.

    Raises:
        ConflictError: As `apply`.
        InputError: As `apply`.
    """
    refuse_other_record(platform.store, record, platform.catalog)
    return check(
        platform.store, part or record.request, platform.catalog,
        overwrite=overwrite, force=False, spoiler=record.spoiler(platform.catalog),
    )  # fmt: skip
