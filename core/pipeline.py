"""The verbs of the platform: what every entry point (panel, script, function) calls."""

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
    """What an upload did: to the bucket, and to Bronze.

    Attributes:
        left_to_events: Whether the bucket's events take the objects to Bronze, not the upload.
    """

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
    """Publish a request to the bucket, and see to it that its objects come to Bronze.

    Where the bucket has events a small request is left to them; objects of a large one are taken
    to Bronze here, many in a load job, and so is everything where nobody is told.

    Args:
        now: The aware moment of ingestion.
        overwrite: Replace objects that exist with other bytes.
        force: Write although data of the other kind (bulk, incremental) stands there.
        wait_for_events: Leave to the bucket's events what can be; otherwise take it here, which
            does no harm when the events are faster.

    Raises:
        ConflictError: Other data stands there; nothing was written.
        StoreError: The bucket refused.
        TransientError: The objects are in the bucket, and will be ingested by the next call.
    """
    published = publish(
        platform.store, request, platform.catalog,
        overwrite=overwrite, force=force, progress=progress,
    )  # fmt: skip
    publish_reference(platform.store, platform.catalog, max(request.units))
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
    """Take every object to Bronze whose present generation is not there yet.

    Args:
        now: The aware moment of ingestion.
        prefixes: Where to look, each ending in a slash; everywhere by default.
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
    """Build layers anew from Bronze, each all or nothing; a failed check stops the rest.

    Args:
        full: Build all business dates, not only those that changed.
    """
    return rebuild_layers(platform.warehouse, layers, progress, full=full)


def built_layers(platform: Platform) -> tuple[str, ...]:
    """The layers that are built, in their order."""
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
    """Expected against actual for a range of dates, both ends included.

    Args:
        now: The aware present: windows that begin later are not due yet.
        units: Units expected in windows without a manifest; by default those that the date's
            other manifests name.
        output: A local output folder, to tell what was generated but not uploaded.
        guess: Whether units are expected of a date of which neither `units` nor a manifest says
            which: those of the published reference data, or `DEFAULT_UNITS`.
    """
    expected = _expected(platform, units) if guess else ExpectedUnits(units)
    places = Places(platform.store, platform.warehouse, platform.catalog, output)
    return compare_dates(places, dates, expected, now, progress)


def _expected(platform: Platform, asked: int | None = None) -> ExpectedUnits:
    if asked is not None:
        return ExpectedUnits(asked)
    return ExpectedUnits(None, usual_units(platform.store))
