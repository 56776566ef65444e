"""What Storage and Bronze ask of the bucket, and of Bronze about one object, kept for a moment.

On Google Cloud a listing costs one Class A operation for each 1,000 objects, so that each of these
lists no more than the prefix that somebody looks at.
"""

import contextlib
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from core import pipeline
from core.bronze.quarantine import Report, find_report, read_report
from core.errors import MissingObjectError
from core.generation.catalog import Window
from core.insight import bronze_rows as lookup
from core.insight import bucket as browse
from core.insight.bronze_rows import BronzeRows, Ingestion
from core.insight.bucket import Comparison, Tally
from core.insight.file_view import Contents, read_contents
from core.operations import repair, strays
from core.operations.runs import Run
from core.platform import Platform
from core.reconcile.compare import ALL_UNITS, ObjectVerdict
from core.settings import Settings
from core.storage.day_manifest import DayManifest, read_day_manifest
from core.storage.manifest import CellEntry, Manifest, read_manifest
from core.storage.object_names import MANIFEST_PREFIX, PARQUET_TAG, REFERENCE_PREFIX, manifest_tag
from core.storage.object_store import Listing, ObjectInfo, look
from core.storage.object_store.local import output_store
from core.storage.publish import Request
from ui.shell import session
from ui.shell.answer_cache import cached

_LIVE_S, _BROWSED_S, _COUNTED_S = 0.8, 5.0, 30.0
_RUNS_SEARCHED = 200
_CLOCKS = timedelta(seconds=1)  # a run's moments are written to the second


class Looked(NamedTuple):
    """An object: what the bucket says of it, and what it holds."""

    info: ObjectInfo
    contents: Contents
    data: bytes


class ManifestSeen(NamedTuple):
    """A manifest beside the objects that it names, and those of its window that it does not.

    Attributes:
        manifest: That of a day in Parquet with one entry, of `ALL_UNITS`.
        units: How many it is about.
    """

    manifest: Manifest
    lines: list[Comparison]
    unnamed: list[ObjectInfo]
    units: int


@cached(_COUNTED_S, 8)
def month(settings: Settings, day: date) -> dict[date | None, Tally]:
    """Sales objects of the month of a date, by business date."""
    store = _looking(settings).store
    return browse.tally_by_day(
        i for prefix in browse.month_prefixes(day) for i in store.list(prefix)
    )


@cached(_COUNTED_S, 8)
def manifest_days(settings: Settings) -> dict[date, int]:
    """Dates that have manifests, the newest first."""
    infos = _looking(settings).store.list(MANIFEST_PREFIX)
    return browse.manifest_days(info.name for info in infos)


@cached(_BROWSED_S, 16)
def day_listing(settings: Settings, day: date) -> Listing:
    """The sales objects of a business date, and what cannot be read in its folders."""
    store = _looking(settings).store
    csv, parquet = map(store.listing, browse.day_prefixes(day))
    return Listing(csv.objects + parquet.objects, csv.unreadable + parquet.unreadable)


def day_objects(settings: Settings, day: date) -> list[ObjectInfo]:
    """The sales objects of a business date."""
    return day_listing(settings, day).objects


@cached(_BROWSED_S, 16)
def manifests(settings: Settings, day: date) -> list[ObjectInfo]:
    """The manifests of a business date."""
    return _looking(settings).store.list(browse.manifest_prefix(day))


@cached(_BROWSED_S, 16)
def manifest(settings: Settings, name: str, day: date) -> ManifestSeen:
    """A manifest with its comparison.

    Raises:
        InputError: It cannot be read.
    """
    platform = _looking(settings)
    _, stored = browse.read_object(platform.store, name)
    if manifest_tag(name) == PARQUET_TAG:
        whole = read_day_manifest(name, stored.data)
        found, units = _as_one(whole), len(whole.units)
    else:
        found = read_manifest(name, stored.data)
        units = len(found.cells)
    objects = day_objects(settings, day)
    lines = browse.compare_manifest(platform.store, found, objects)
    return ManifestSeen(found, lines, browse.find_unnamed(found, objects), units)


def _as_one(whole: DayManifest) -> Manifest:
    """A day in Parquet as a manifest with one entry."""
    entry = CellEntry(
        ALL_UNITS, whole.seed, min(part.orders_min for part in whole.slices),
        max(part.orders_max for part in whole.slices), whole.value_cents,
        whole.orders, whole.order_items,
    )  # fmt: skip
    return Manifest(whole.day, PARQUET_TAG, {ALL_UNITS: entry})


@cached(_BROWSED_S, 16)
def quarantine(settings: Settings, day: date | None) -> list[ObjectInfo]:
    """Error reports in quarantine, of a business date or all, the newest dates first."""
    return browse.list_reports(_looking(settings).store, day)


@cached(_LIVE_S, 64)
def report(settings: Settings, name: str) -> Report | None:
    """An error report; None where there is none.

    Raises:
        InputError: It cannot be read.
    """
    stored = look(_looking(settings).store, browse.check_name(name))
    return read_report(name, stored.data) if stored else None


@cached(_LIVE_S, 64)
def report_about(settings: Settings, name: str) -> Report | None:
    """The error report about an object; None where there is none."""
    return find_report(_looking(settings).store, name)


@cached(_BROWSED_S, 4)
def reference(settings: Settings) -> list[ObjectInfo]:
    """The reference files."""
    return _looking(settings).store.list(REFERENCE_PREFIX)


@cached(_COUNTED_S, 4)
def totals(settings: Settings) -> dict[str, Tally]:
    """Objects and bytes by kind, of the whole bucket."""
    return browse.tally_bucket(_looking(settings).store)


@cached(_LIVE_S, 8)
def looked(settings: Settings, name: str) -> Looked:
    """One object.

    Raises:
        InputError: Its name is not one of the bucket's, or it is too large.
        MissingObjectError: It is not there.
    """
    platform = _looking(settings)
    info, stored = browse.read_object(platform.store, name)
    return Looked(info, read_contents(stored, platform.catalog), stored.data)


@cached(_LIVE_S, 32)
def is_stray(settings: Settings, name: str) -> bool:
    """Whether an object's name is of sales, and no manifest names it."""
    return strays.is_stray(_looking(settings).store, name)


def looked_if_there(settings: Settings, name: str) -> Looked | None:
    """One object; None where there is none.

    Raises:
        InputError: It is too large.
    """
    with contextlib.suppress(MissingObjectError):
        return looked(settings, name)
    return None


@cached(_LIVE_S, 16)
def day_lines(settings: Settings, day: date, now: datetime) -> list[ObjectVerdict]:
    """Each object of a business date, expected against actual.

    Args:
        now: Of whole minutes, so that viewers within one share the answer.
    """
    output = output_store(session.OUTPUT_FOLDER)
    return pipeline.compare(_looking(settings), (day, day), now, None, output)


@cached(_BROWSED_S, 16)
def requests(
    settings: Settings, day: date, window: Window | None, units: tuple[int, ...]
) -> list[Request]:
    """What would make the objects of units of a window as the manifest has them."""
    return repair.requests(_looking(settings), day, window, units)


@cached(_LIVE_S, 16, of_warehouse=True)
def ingestion(settings: Settings, name: str) -> Ingestion | None:
    """How an object came to Bronze."""
    platform = _looking(settings)
    return lookup.ingestion(platform.warehouse, platform.store.bucket, name)


@cached(_BROWSED_S, 16, of_warehouse=True)
def bronze_rows(settings: Settings, name: str) -> BronzeRows | None:
    """The rows that Bronze has of an object."""
    return lookup.bronze_rows(_looking(settings).warehouse, name)


@cached(_BROWSED_S, 16, of_warehouse=True)
def files_of(settings: Settings, orders: tuple[str, ...]) -> dict[str, str]:
    """The objects that orders came from, by the orders' ids."""
    return lookup.files_of(_looking(settings).warehouse, orders)


def run_of(moment: datetime) -> Run | None:
    """The run that took an object to Bronze at a moment; None where it was none of the history."""
    for run in session.history().recent(_RUNS_SEARCHED):
        begun, ended = run.started_at, run.finished_at or session.now()
        if begun and begun - _CLOCKS <= moment <= ended + _CLOCKS and run.kind != "rebuild":
            return run
    return None


def written_at(settings: Settings, generation: int) -> datetime:
    """The moment that a generation stands for: nanoseconds in a folder, microseconds in GCS."""
    seconds = generation / (1e6 if settings.cloud else 1e9)
    return datetime.fromtimestamp(seconds, UTC)


def zipped(settings: Settings, objects: list[ObjectInfo]) -> bytes:
    """Objects as an archive."""
    return browse.zip_objects(_looking(settings).store, objects)


def _looking(settings: Settings) -> Platform:
    return session.platform(session.for_looking(settings))
