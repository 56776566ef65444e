"""Release held objects: publish those whose moment has come, and load them.

An object is published under its name before its held copy is deleted, and loaded in between, so
that a call that was cut off is repeated.
"""

import contextlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from core.bronze.ingest import Ingested
from core.errors import ConflictError
from core.messages import message
from core.operations.scenarios.record import Record
from core.pipeline import ingest_pending
from core.platform import Platform
from core.progress import Progress, silent
from core.storage.delivery import list_held
from core.storage.object_names import HeldName, day_of, day_prefix
from core.storage.object_store import NewObject, look_at_all
from core.storage.request import EVENT_CELLS


@dataclass(frozen=True, slots=True)
class Released:
    """What a release did.

    Attributes:
        objects: Held objects whose moment had come.
        late: How many of them were dropped, because their name has other bytes by now.
    """

    objects: int = 0
    late: int = 0
    ingested: Ingested = field(default_factory=Ingested)
    left_to_events: bool = False


def release(
    platform: Platform,
    now: datetime,
    *,
    moment: datetime | None = None,
    everything: bool = False,
    record: Record | None = None,
    wait_for_events: bool = True,
    progress: Progress = silent,
) -> Released:
    """Publish the held objects whose moment has come, and load them at the aware moment `now`.

    Args:
        moment: The moment that has come; by default `now`.
        everything: Also those whose moment has not come, or that have none.
        record: Only what this record's scenario holds.
        wait_for_events: As for `core.pipeline.upload`.

    Raises:
        TransientError: It cannot be done now; the same call continues where this one stopped.
        StoreError: The bucket or the warehouse refuse.
    """
    store, come = platform.store, moment or now
    due = {
        copy: held
        for copy, held in list_held(store).items()
        if everything or (held.moment is not None and held.moment <= come)
    }
    if due and record:
        names = {held.copy.name for _, made in record.deliveries(platform.catalog)
                 for held in made.held}  # fmt: skip
        due = {copy: held for copy, held in due.items() if copy in names}
    if not due:
        return Released()
    batched = len(due) > 2 * EVENT_CELLS
    late = _publish(platform, due, progress, batched=batched)
    left = platform.has_events and wait_for_events and not batched
    ingested = Ingested() if left else _load(platform, due.values(), now, progress)
    store.delete(*due)
    return Released(len(due), late, ingested, left)


def _publish(
    platform: Platform, due: dict[str, HeldName], progress: Progress, *, batched: bool
) -> int:
    """Write the objects under their names; return how many names have other bytes."""
    late = 0
    for done, (stored, held) in enumerate(
        zip(look_at_all(platform.store, [*due]), due.values(), strict=True)
    ):
        progress(done, len(due), message("step.releasing"))
        if stored is None:
            continue  # another release has it
        late += 1
        with contextlib.suppress(ConflictError):
            platform.store.create([[NewObject(held.name, stored.data, batched)]])
            late -= 1
    progress(len(due), len(due), message("step.releasing"))
    return late


def _load(
    platform: Platform, held: Collection[HeldName], now: datetime, progress: Progress
) -> Ingested:
    days = sorted({day for day in (day_of(one.name) for one in held) if day})
    return ingest_pending(platform, now, [*map(day_prefix, days)], progress)
