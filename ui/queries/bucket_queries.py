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
from core.generation.windows import WindowOfDay
from core.insight import bronze_rows, bucket
from core.insight.bronze_rows import Ingestion
from core.insight.bucket import Comparison, Tally
from core.insight.file_view import Contents, read_contents
from core.operations import repair, strays
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
from ui.shell.answer_cache import ask_store, ask_warehouse, cached, reading

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
    store = reading(settings).store
    return bucket.tally_by_day(
        i for prefix in bucket.month_prefixes(day) for i in store.list(prefix)
    )


@cached(_COUNTED_S, 8)
def manifest_days(settings: Settings) -> dict[date, int]:
    """Dates that have manifests, the newest first."""
    infos = reading(settings).store.list(MANIFEST_PREFIX)
    return bucket.manifest_days(info.name for info in infos)


@cached(_BROWSED_S, 16)
def day_listing(settings: Settings, day: date) -> Listing:
    """The sales objects of a business date, and what cannot be read in its folders."""
    store = reading(settings).store
    csv, parquet = map(store.listing, bucket.day_prefixes(day))
    return Listing(csv.objects + parquet.objects, csv.unreadable + parquet.unreadable)


@cached(_BROWSED_S, 16)
def manifests(settings: Settings, day: date) -> list[ObjectInfo]:
    """The manifests of a business date."""
    return reading(settings).store.list(bucket.manifest_prefix(day))


@cached(_BROWSED_S, 16)
def manifest(settings: Settings, name: str, day: date) -> ManifestSeen:
    """A manifest with its comparison.

    Raises:
        InputError: It cannot be read.
    """
    platform = reading(settings)
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
    """A day in Parquet as a manifest with one entry."""
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
    """An error report; None where there is none.

    Raises:
        InputError: It cannot be read.
    """
    stored = look(reading(settings).store, bucket.check_name(name))
    return read_report(name, stored.data) if stored else None


@cached(_BROWSED_S, 4)
def reference(settings: Settings) -> list[ObjectInfo]:
    """The reference files."""
    return reading(settings).store.list(REFERENCE_PREFIX)


@cached(_LIVE_S, 8)
def looked(settings: Settings, name: str) -> Looked:
    """One object.

    Raises:
        InputError: Its name is not one of the bucket's, or it is too large.
        MissingObjectError: It is not there.
    """
    platform = reading(settings)
    info, stored = bucket.read_object(platform.store, name)
    return Looked(info, read_contents(stored, platform.catalog), stored.data)


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
    return pipeline.compare(reading(settings), (day, day), now, None, output).lines


@cached(_BROWSED_S, 16)
def requests(settings: Settings, at: WindowOfDay, units: tuple[int, ...]) -> list[Request]:
    """What would make the objects of units of a window as the manifest has them."""
    return repair.plan_requests(reading(settings), at, units)


@cached(_LIVE_S, 16, of_warehouse=True)
def ingestion(settings: Settings, name: str) -> Ingestion | None:
    """How an object came to Bronze."""
    platform = reading(settings)
    return bronze_rows.ingestion(platform.warehouse, platform.store.bucket, name)


def run_of(moment: datetime) -> Run | None:
    """The run that took an object to Bronze at a moment; None where it was none of the history."""
    for run in session.history().list_recent(_RUNS_SEARCHED):
        begun, ended = run.started_at, run.finished_at or session.now()
        if begun and begun - _CLOCKS <= moment <= ended + _CLOCKS and run.kind != "rebuild":
            return run
    return None


def written_at(settings: Settings, generation: int) -> datetime:
    """The moment that a generation stands for: nanoseconds in a folder, microseconds in GCS."""
    seconds = generation / (1e6 if settings.cloud else 1e9)
    return datetime.fromtimestamp(seconds, UTC)
