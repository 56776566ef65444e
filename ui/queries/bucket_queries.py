"""Queries of Storage and Bronze to the bucket, and to Bronze about an object; answers are kept.

Each lists only the prefix that is shown: on Google Cloud 1,000 objects cost a Class A operation.
"""

import contextlib
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from core import pipeline
from core.bronze.quarantine import Report, find_report, read_report
from core.errors import MissingObjectError
from core.generation.windows import WindowOfDay
from core.insight import bronze_rows, bucket
from core.insight.bronze_rows import Ingestion
from core.insight.bucket import Comparison, Tally
from core.insight.file_view import Contents, read_contents
from core.operations import repair
from core.operations.cleanup import strays
from core.operations.runs import Run
from core.reconcile.compare import ALL_UNITS, ObjectVerdict
from core.settings import Settings
from core.storage.day_manifest import DayManifest, read_day_manifest
from core.storage.manifest import CellEntry, Manifest, read_manifest
from core.storage.object_names import MANIFEST_PREFIX, PARQUET_TAG, REFERENCE_PREFIX, manifest_tag
from core.storage.object_store import Listing, ObjectInfo, look
from core.storage.object_store.local import output_store
from core.storage.publish import Request
from ui.shell import session
from ui.shell.answer_cache import ask_store, ask_warehouse, cached, open_platform

_LIVE_S, _BROWSED_S, _COUNTED_S = 0.8, 5.0, 30.0
_RUNS_SEARCHED = 200
_CLOCKS = timedelta(seconds=1)  # the history rounds a run's moments to the second


class ObjectSeen(NamedTuple):
    """An object with its contents."""

    info: ObjectInfo
    contents: Contents
    data: bytes


class ManifestSeen(NamedTuple):
    """A manifest, its objects, the other objects of its window, and the number of its units."""

    manifest: Manifest
    lines: list[Comparison]
    unnamed: list[ObjectInfo]
    units: int


@cached(_COUNTED_S, 8)
def month(settings: Settings, day: date) -> dict[date | None, Tally]:
    """Tally the sales objects of a date's month by business date."""
    store = open_platform(settings).store
    return bucket.tally_by_day(
        i for prefix in bucket.month_prefixes(day) for i in store.list(prefix)
    )


@cached(_COUNTED_S, 8)
def manifest_days(settings: Settings) -> dict[date, int]:
    """List the dates that have manifests, the newest first."""
    infos = open_platform(settings).store.list(MANIFEST_PREFIX)
    return bucket.manifest_days(info.name for info in infos)


@cached(_BROWSED_S, 16)
def day_listing(settings: Settings, day: date) -> Listing:
    """List the sales objects of a business date, and unreadable entries of its folders."""
    store = open_platform(settings).store
    csv, parquet = map(store.listing, bucket.day_prefixes(day))
    return Listing(csv.objects + parquet.objects, csv.unreadable + parquet.unreadable)


@cached(_BROWSED_S, 16)
def manifests(settings: Settings, day: date) -> list[ObjectInfo]:
    """List the manifests of a business date."""
    return open_platform(settings).store.list(bucket.manifest_prefix(day))


@cached(_BROWSED_S, 16)
def manifest(settings: Settings, name: str, day: date) -> ManifestSeen:
    """Read a manifest and compare it with the bucket.

    Raises:
        InputError: It cannot be read.
    """
    platform = open_platform(settings)
    _, stored = bucket.read_object(platform.store, name)
    if manifest_tag(name) == PARQUET_TAG:
        whole = read_day_manifest(name, stored.data)
        found, units = _as_one(whole), len(whole.units)
    else:
        found = read_manifest(name, stored.data)
        units = len(found.cells)
    objects = day_listing(settings, day).objects
    lines = bucket.compare_manifest(platform.store, found, objects)
    return ManifestSeen(found, lines, bucket.find_unnamed(found, objects), units)


def _as_one(whole: DayManifest) -> Manifest:
    """Return the manifest of a day in Parquet as one with a single entry."""
    entry = CellEntry(
        ALL_UNITS, whole.seed, min(part.orders_min for part in whole.slices),
        max(part.orders_max for part in whole.slices), whole.value_cents,
        whole.orders, whole.order_items,
    )  # fmt: skip
    return Manifest(whole.day, PARQUET_TAG, {ALL_UNITS: entry})


quarantine = ask_store(bucket.list_reports, _BROWSED_S, 16)
report_about = ask_store(find_report, _LIVE_S, 64)
totals = ask_store(bucket.tally_bucket, _COUNTED_S, 4)
is_stray = ask_store(strays.is_stray, _LIVE_S, 32)
rows_of = ask_warehouse(bronze_rows.bronze_rows, _BROWSED_S, 16)
files_of = ask_warehouse(bronze_rows.files_of, _BROWSED_S, 16)


@cached(_LIVE_S, 64)
def report(settings: Settings, name: str) -> Report | None:
    """Read an error report; None if it is missing.

    Raises:
        InputError: It cannot be read.
    """
    stored = look(open_platform(settings).store, bucket.check_name(name))
    return read_report(name, stored.data) if stored else None


@cached(_BROWSED_S, 4)
def reference(settings: Settings) -> list[ObjectInfo]:
    """List the reference files."""
    return open_platform(settings).store.list(REFERENCE_PREFIX)


@cached(_LIVE_S, 8)
def read_object(settings: Settings, name: str) -> ObjectSeen:
    """Read one object.

    Raises:
        InputError: The name is not valid in the bucket, or the object is too large.
        MissingObjectError: It does not exist.
    """
    platform = open_platform(settings)
    info, stored = bucket.read_object(platform.store, name)
    return ObjectSeen(info, read_contents(stored, platform.catalog), stored.data)


def find_object(settings: Settings, name: str) -> ObjectSeen | None:
    """Read one object as `read_object` does; None if it does not exist."""
    with contextlib.suppress(MissingObjectError):
        return read_object(settings, name)
    return None


@cached(_LIVE_S, 16)
def day_lines(settings: Settings, day: date, now: datetime) -> list[ObjectVerdict]:
    """Compare a business date's objects, expected against actual; `now` is in whole minutes."""
    output = output_store(session.OUTPUT_FOLDER)
    return pipeline.compare(open_platform(settings), (day, day), now, None, output).lines


@cached(_BROWSED_S, 16)
def requests(settings: Settings, at: WindowOfDay, units: tuple[int, ...]) -> list[Request]:
    """Return requests that make units' objects of a window as its manifest has them."""
    return repair.plan_requests(open_platform(settings), at, units)


@cached(_LIVE_S, 16, of_warehouse=True)
def ingestion(settings: Settings, name: str) -> Ingestion | None:
    """Return when and how an object was loaded into Bronze; None if it was not."""
    platform = open_platform(settings)
    return bronze_rows.ingestion(platform.warehouse, platform.store.bucket, name)


def find_run(moment: datetime) -> Run | None:
    """Find the run that loaded an object into Bronze at a moment; None if the history has none."""
    for run in session.history().list_recent(_RUNS_SEARCHED):
        begun, ended = run.started_at, run.finished_at or session.now()
        if begun and begun - _CLOCKS <= moment <= ended + _CLOCKS and run.kind != "rebuild":
            return run
    return None


def read_moment(settings: Settings, generation: int) -> datetime:
    """Return a generation's moment: it counts nanoseconds in a folder, microseconds in GCS."""
    seconds = generation / (1e6 if settings.cloud else 1e9)
    return datetime.fromtimestamp(seconds, UTC)
