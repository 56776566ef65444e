"""The verbs of the platform: what every entry point (panel, script, function) calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core import bronze, reconcile, transform
from core.catalog import DEFAULT_UNITS, Catalog, load_catalog
from core.names import REFERENCE_PREFIX, day_prefix
from core.object_store import LocalStore, ObjectStore
from core.progress import Progress, silent
from core.publish import Published, Request, publish
from core.reference import known_units, publish_reference
from core.settings import Settings
from core.warehouse import DuckDBWarehouse


@dataclass(frozen=True)
class Platform:
    """The configured back ends: where objects and tables are."""

    settings: Settings
    catalog: Catalog
    store: ObjectStore
    warehouse: DuckDBWarehouse

    @classmethod
    def of(cls, settings: Settings) -> "Platform":
        """The back ends that the settings ask for; nothing is opened or made yet."""
        return cls(
            settings,
            load_catalog(),
            LocalStore(settings.bucket_folder),
            DuckDBWarehouse(settings.warehouse_file, settings.dataset_prefix, settings.wait_s),
        )


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What an upload did: to the bucket, and, as its events would, to Bronze."""

    published: Published
    ingested: bronze.Ingested


def upload(
    platform: Platform,
    request: Request,
    now: datetime,
    *,
    overwrite: bool = False,
    force: bool = False,
    progress: Progress = silent,
) -> Uploaded:
    """Publish a request to the bucket and take its objects to Bronze right away.

    Args:
        now: The aware moment of ingestion.
        overwrite: Replace objects that exist with other bytes.
        force: Write although data of the other kind (bulk, incremental) stands there.

    Raises:
        ConflictError: Other data stands there; nothing was written.
        StoreError: The bucket refused.
        WarehouseBusyError: The objects are in the bucket, and will be ingested by the next call.
    """
    published = publish(
        platform.store, request, platform.catalog,
        overwrite=overwrite, force=force, progress=progress,
    )  # fmt: skip
    publish_reference(platform.store, platform.catalog, max(request.units))
    prefixes = [REFERENCE_PREFIX, *map(day_prefix, request.dates)]
    return Uploaded(published, ingest_pending(platform, now, prefixes, progress))


def ingest_pending(
    platform: Platform,
    now: datetime,
    prefixes: Sequence[str] | None = None,
    progress: Progress = silent,
) -> bronze.Ingested:
    """Take every object to Bronze whose present generation is not there yet.

    Args:
        now: The aware moment of ingestion.
        prefixes: Where to look, each ending in a slash; everywhere by default.
    """
    found = bronze.pending(platform.store, platform.warehouse, prefixes)
    return bronze.ingest(
        platform.store, platform.warehouse, platform.catalog, found, now, progress
    )  # fmt: skip


def rebuild(
    platform: Platform,
    layers: Sequence[str] = transform.LAYERS,
    progress: Progress = silent,
) -> tuple[transform.LayerReport, ...]:
    """Build layers anew from Bronze, each all or nothing; a failed check stops the rest."""
    return transform.rebuild(platform.warehouse, layers, progress)


def compare(
    platform: Platform,
    dates: tuple[date, date],
    now: datetime,
    units: int | None = None,
    output: ObjectStore | None = None,
    progress: Progress = silent,
) -> list[reconcile.Line]:
    """Expected against actual for a range of dates, both ends included.

    Args:
        now: The aware present: windows that begin later are not due yet.
        units: Units expected where no manifest says otherwise; by default those of the published
            reference data, or `DEFAULT_UNITS`.
        output: A local output folder, to tell what was generated but not uploaded.
    """
    units = units or known_units(platform.store) or DEFAULT_UNITS
    return reconcile.reconcile(_places(platform, output), dates, units, now, progress)


def strangers(
    platform: Platform, dates: tuple[date, date], now: datetime
) -> list[reconcile.Stranger]:
    """Sales objects in the folders of a range of dates that belong to no cell."""
    return reconcile.strangers(_places(platform), dates, now)


def _places(platform: Platform, output: ObjectStore | None = None) -> reconcile.Places:
    return reconcile.Places(platform.store, platform.warehouse, platform.catalog, output)
