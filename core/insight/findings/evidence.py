"""What findings rest on: reconcile's verdicts, manifests, error reports, and the anomalies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from core import pipeline
from core.bronze.quarantine import Report, find_report
from core.errors import InputError, StoreError
from core.generation.windows import dates_between
from core.insight.anomalies.anomaly import Anomaly
from core.insight.anomalies.find import find_anomalies
from core.platform import Platform
from core.progress import Progress, silent
from core.reconcile.compare import Comparison, Verdict
from core.storage.manifest import FileEntry, read_manifest
from core.storage.object_names import MANIFEST_PREFIX, day_prefix, parquet_manifest_name
from core.storage.object_store import ObjectInfo, ObjectStore


@dataclass(frozen=True)
class Described:
    """What a manifest says of an object, and the manifest's generation."""

    file: FileEntry
    generation: int


@dataclass(frozen=True)
class Evidence:
    """All that is known of some dates.

    Attributes:
        comparison: What `reconcile` reports.
        objects, described, reports: By the name of the object.
    """

    store: ObjectStore
    comparison: Comparison
    objects: Mapping[str, ObjectInfo]
    described: Mapping[str, Described]
    reports: Mapping[str, Report]
    anomalies: tuple[Anomaly, ...]

    @cached_property
    def absent(self) -> list[str]:
        """Objects that a manifest names and the bucket does not have."""
        return [
            line.name
            for line in self.comparison.lines
            if line.verdict is Verdict.MISSING and line.name in self.described
        ]

    def is_described(self, folder: str) -> bool:
        """Whether a manifest names an object in a folder."""
        return any(name.startswith(folder) for name in self.described)

    def is_as_described(self, name: str) -> bool:
        """Whether an object has the bytes that its manifest describes, or no manifest names it."""
        if name not in self.described:
            return True
        found = self.objects[name]
        return (found.crc32c or self.store.checksum(name)) == self.described[name].file.crc32c


def gather_evidence(
    platform: Platform, dates: tuple[date, date], now: datetime, progress: Progress = silent
) -> Evidence:
    """Read what is known of some dates, both included, at the aware `now`.

    Raises:
        InputError: The dates run backwards or are out of bounds.
        TransientError: The warehouse or store cannot be reached now.
    """
    days, store = dates_between(*dates), platform.store
    comparison = pipeline.compare(platform, dates, now, progress=progress)
    return Evidence(
        store,
        comparison,
        {info.name: info for day in days for info in store.list(day_prefix(day))},
        {name: entry for day in days for name, entry in _described(store, day)},
        {report.name: report for report in _reports(store, comparison)},
        find_anomalies(platform, dates, now).found,
    )


def _described(store: ObjectStore, day: date) -> Iterator[tuple[str, Described]]:
    for info in store.list(f"{MANIFEST_PREFIX}{day:%Y/%m/%d}/"):
        if info.name == parquet_manifest_name(day):
            continue
        try:
            manifest = read_manifest(info.name, store.read(info.name).data)
        except (InputError, StoreError):  # the comparison reports it
            continue
        for cell in manifest.cells.values():
            for file in (cell.orders, cell.order_items):
                yield file.name, Described(file, info.generation)


def _reports(store: ObjectStore, comparison: Comparison) -> Iterator[Report]:
    rejected = [
        line.name
        for line in comparison.lines
        if line.rejected or line.verdict is Verdict.QUARANTINED
    ]
    for name in (*rejected, *(unknown.name for unknown in comparison.unknown)):
        report = find_report(store, name)
        if report:
            yield report
