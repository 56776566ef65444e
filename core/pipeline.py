"""The verbs of the platform; every entry point (panel, script, function) calls them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.bronze import ingest
from core.bronze.reference_data import publish_reference, usual_units
from core.platform import Platform
from core.progress import Progress, silent
from core.reconcile.compare import Comparison, ExpectedUnits, Places, compare_dates
from core.storage.object_names import REFERENCE_PREFIX, day_prefix
from core.storage.object_store import ObjectStore
from core.storage.publish import Published, Request, publish
from core.transform.rebuild import LAYERS, LayerReport, build_order, dataset_of, rebuild_layers


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What an upload wrote to the bucket and loaded into Bronze, unless it left that to events."""

    published: Published
    ingested: ingest.Ingested
    left_to_events: bool = False


def upload(
    platform: Platform,
    request: Request,
    now: datetime,
    *,
    overwrite: bool = False,
    force: bool = False,
    wait_for_events: bool = True,
    progress: Progress = silent,
) -> Uploaded:
    """Publish a request to the bucket, and load its objects into Bronze at the aware moment `now`.

    If the bucket has events, they load the objects of a small request; a large request is loaded
    here, with many objects per load job. Without events everything is loaded here.

    Args:
        overwrite: Replace objects that exist with other bytes.
        force: Write even if data of the other kind (bulk, incremental) exists.
        wait_for_events: Leave a small request to the bucket's events; otherwise load it here, which
            does no harm if the events are faster.

    Raises:
        ConflictError: Other data exists; nothing was written.
        StoreError: The bucket refused.
        TransientError: The objects are in the bucket; the next call loads them.
    """
    published = publish(
        platform.store, request, platform.catalog,
        overwrite=overwrite, force=force, progress=progress,
    )  # fmt: skip
    publish_reference(platform.store, platform.catalog, max(request.units))
    return load_published(
        platform, request, published, now, wait_for_events=wait_for_events, progress=progress
    )


def load_published(
    platform: Platform,
    request: Request,
    published: Published,
    now: datetime,
    *,
    wait_for_events: bool = True,
    progress: Progress = silent,
) -> Uploaded:
    """Load what was published of a request, as `upload` does."""
    if platform.has_events and wait_for_events and not request.batched:
        return Uploaded(published, ingest.Ingested(), left_to_events=True)
    prefixes = [REFERENCE_PREFIX, *map(day_prefix, request.dates)]
    return Uploaded(published, ingest_pending(platform, now, prefixes, progress))


def ingest_pending(
    platform: Platform,
    now: datetime,
    prefixes: Sequence[str] | None = None,
    progress: Progress = silent,
) -> ingest.Ingested:
    """Load every object whose present generation is not in Bronze yet, at the aware moment `now`.

    Each of `prefixes` is a folder to list, ending in a slash; by default all are listed.
    """
    store, warehouse, below = platform.store, platform.warehouse, tuple(prefixes or ())
    ledger = warehouse.generations(store.bucket, *below)
    found = ingest.find_pending(store, ledger, prefixes, warehouse.uncertain(store.bucket, *below))
    done = ingest.ingest_objects(
        store, warehouse, platform.catalog, found.objects, now,
        again=ledger if platform.has_events else None, progress=progress,
    )  # fmt: skip
    return ingest.add_loads(done, (), found.unreadable)


def rebuild(
    platform: Platform,
    layers: Sequence[str] = LAYERS,
    progress: Progress = silent,
    *,
    full: bool = False,
) -> tuple[LayerReport, ...]:
    """Rebuild layers from Bronze, each all or nothing; a failed check stops the rest.

    Only the business dates that changed are built, or all of them if `full`.
    """
    return rebuild_layers(platform.warehouse, layers, progress, full=full)


def built_layers(platform: Platform) -> tuple[str, ...]:
    """The layers that are built, in order."""
    present = platform.warehouse.tables()
    return tuple(
        layer
        for layer in LAYERS
        if {f"{dataset_of(layer)}.{name}" for name in build_order(layer)} <= present
    )


def compare(
    platform: Platform,
    dates: tuple[date, date],
    now: datetime,
    units: int | None = None,
    output: ObjectStore | None = None,
    progress: Progress = silent,
    *,
    guess: bool = True,
) -> Comparison:
    """Compare expected and actual for a range of dates, both ends included.

    Args:
        now: The aware present: windows that begin later are not due yet.
        units: Units expected in windows without a manifest; by default those that the date's
            other manifests name.
        output: A local output folder, to find what was generated but not uploaded.
        guess: If neither `units` nor a manifest names the units of a date, expect those of the
            published reference data, or `DEFAULT_UNITS`.
    """
    expected = _expected_units(platform, units) if guess else ExpectedUnits(units)
    places = Places(platform.store, platform.warehouse, platform.catalog, output)
    return compare_dates(places, dates, expected, now, progress)


def _expected_units(platform: Platform, asked: int | None = None) -> ExpectedUnits:
    if asked is not None:
        return ExpectedUnits(asked)
    return ExpectedUnits(None, usual_units(platform.store))
