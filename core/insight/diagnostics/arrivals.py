"""Check for objects in the bucket that are not in Bronze: pending, or in quarantine."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from shlex import quote

from core.bronze import ingest
from core.bronze.quarantine import is_report, read_report
from core.errors import InputError, PlatformError
from core.gcp.clients import storage_client
from core.gcp.errors import google_errors
from core.generation.windows import TIME_ZONE, dates_between
from core.insight.diagnostics.finding import CheckContext, Finding, State
from core.insight.diagnostics.leftovers import SETTLE, settle_command
from core.messages import Message, message
from core.storage.object_names import (
    QUARANTINE_PREFIX,
    REFERENCE_PREFIX,
    day_prefix,
    parquet_months,
    parquet_prefix,
)
from core.storage.object_store import Listing, ObjectInfo, ObjectStore, StoredObject
from core.warehouse.base import LEDGER

PATIENCE = timedelta(minutes=1)  # csv-processor has loaded an object by then
_READ = 10  # reports whose objects are checked for existence
_INGEST = "python scripts/ingest_pending.py"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Objects whose present generation is not in Bronze, and when the oldest of them was written.

    They are overdue once that is more than `PATIENCE` ago.
    """

    names: tuple[str, ...]
    oldest: datetime | None
    overdue: bool

    @property
    def waits(self) -> Message:
        """The number of objects, for people."""
        return message("diagnose.waits", count=len(self.names))

    @property
    def since(self) -> str:
        """The time of the oldest one in São Paulo, for people."""
        if self.oldest is None:
            return "-"
        moment = self.oldest.astimezone(TIME_ZONE)
        return message("diagnose.moment", day=moment.date(), time=f"{moment:%H:%M:%S}")


def waiting(case: CheckContext) -> Waiting:
    """The pending objects of the dates, read once for all checks."""
    found = _find_waiting(case).objects
    if not found:
        return Waiting((), None, overdue=False)
    oldest = min(found, key=lambda info: info.generation)
    at = _written_at(case, oldest)
    return Waiting(tuple(info.name for info in found), at, case.now - at > PATIENCE)


def _find_waiting(case: CheckContext) -> Listing:
    return case.once("waiting", lambda: _look_for(case))


def _look_for(case: CheckContext) -> Listing:
    warehouse, store = case.platform.warehouse, case.platform.store
    dates = dates_between(*case.dates)
    prefixes = [REFERENCE_PREFIX, *map(day_prefix, dates), *parquet_months(dates)]
    ledger, uncertain = dict[str, int](), dict[str, str]()
    if LEDGER in case.tables():  # otherwise the query would create Bronze's tables
        ledger = warehouse.generations(store.bucket, *prefixes)
        uncertain = warehouse.uncertain(store.bucket, *prefixes)
    found = ingest.find_pending(store, ledger, prefixes, uncertain)
    wanted = (*prefixes[: len(dates) + 1], *map(parquet_prefix, dates))
    return Listing(
        [info for info in found.objects if info.name.startswith(wanted)],
        [
            entry
            for entry in dict.fromkeys(found.unreadable)
            if entry.name.startswith(wanted) or any(map(entry.hides, wanted))
        ],
    )


def _written_at(case: CheckContext, info: ObjectInfo) -> datetime:
    """When an object was written; on Google Cloud one Class B operation."""
    cloud = case.platform.settings.cloud
    if cloud is None:
        return datetime.fromtimestamp(info.generation / 1e9, UTC)
    with google_errors(message("doing.look_at", name=f"gs://{cloud.bucket}/{info.name}")):
        blob = storage_client(cloud).bucket(cloud.bucket).get_blob(info.name, timeout=20)
    return blob.time_created if blob and blob.time_created else case.now


def pending(case: CheckContext) -> Finding:
    """Check whether objects wait for Bronze longer than they should."""
    found = waiting(case)
    if not found.names:
        return Finding(State.FINE, message("diagnose.pending_none", dates_told=case.dates_text))
    if not found.overdue:
        return Finding(State.FINE, message("diagnose.pending_now", waits=found.waits))
    sentence = message(
        "diagnose.pending_long",
        waits=found.waits,
        dates_told=case.dates_text,
        since=found.since,
        name=found.names[0],
    )
    if lost_ledger(case):
        return Finding(
            State.ATTENTION, sentence, message("diagnose.pending_lost_ledger"), "", "", found.names
        )
    return Finding(
        State.ATTENTION, sentence, message("diagnose.ingest"), _INGEST, "ingest", found.names
    )


def unreadable(case: CheckContext) -> Finding:
    """Check whether the bucket has unreadable entries that Bronze would take."""
    found = _find_waiting(case).unreadable  # none on Google Cloud
    if not found:
        return Finding(State.FINE, message("diagnose.unreadable_none", dates_told=case.dates_text))
    return Finding(
        State.ATTENTION,
        message(
            "diagnose.unreadable",
            count=len(found),
            dates_told=case.dates_text,
            name=found[0].name,
            reason=found[0].reason,
        ),
        message("diagnose.unreadable_advice"),
        f"ls -lab {quote(str(_folder_of(case, found[0].name)))}",
        "storage",
        tuple(entry.name for entry in found),
    )


def _folder_of(case: CheckContext, name: str) -> PurePath:
    return case.platform.settings.bucket_folder / PurePath(name).parent


def lost_ledger(case: CheckContext) -> bool:
    """Whether Bronze has tables and no ledger, so that it would load every object again."""
    tables = case.tables()
    return "bronze.orders" in tables and LEDGER not in tables


def quarantine(case: CheckContext) -> Finding:
    """Check whether files or rows are in quarantine, for all dates, with one listing."""
    store = case.platform.store
    reports = [info.name for info in store.list(QUARANTINE_PREFIX) if is_report(info.name)]
    if not reports:
        return Finding(State.FINE, message("diagnose.quarantine_none"))
    newest = reports[-_READ:]
    about = {name: _object_of(stored) for name, stored in _read_reports(store, newest)}
    there = [name for name in newest if about.get(name) and store.find(about[name])]
    if not there and all(about.get(name) for name in newest):
        return _report_gone(case, reports, [about[name] for name in newest])
    shown = there[-1] if there else newest[-1]
    return Finding(
        State.ATTENTION,
        message("diagnose.quarantine", count=len(reports), name=shown, reason=_reason(case, shown)),
        message("diagnose.quarantine_advice"),
        "python scripts/reconcile.py --details",
        "storage",
        tuple(reports),
    )


def _report_gone(case: CheckContext, reports: list[str], names: list[str]) -> Finding:
    return Finding(
        State.ATTENTION,
        message("diagnose.quarantine_gone", count=len(reports), name=names[-1]),
        SETTLE,
        settle_command(case, names),
        "settle",
        tuple(names),
    )


def _read_reports(store: ObjectStore, names: list[str]) -> Iterator[tuple[str, StoredObject]]:
    for name, stored in zip(names, store.read_all(names), strict=True):
        if isinstance(stored, StoredObject):
            yield name, stored


def _object_of(report: StoredObject) -> str:
    """The object of a report; empty if the report cannot be read."""
    with contextlib.suppress(InputError):
        return read_report(report.name, report.data).name
    return ""


def _reason(case: CheckContext, report: str) -> str:
    """Why a file, or the first of its bad rows, is in quarantine, if the report says so."""
    try:
        content = json.loads(case.platform.store.read(report).data)
        if content["unreadable"]:
            return str(content["unreadable"])
        first = content["rows"][0]
        return message("diagnose.quarantine_line", line=first["line"], reason=first["reason"])
    except PlatformError as error:
        return error.sentence
    except (ValueError, KeyError, IndexError, TypeError):
        return message("diagnose.quarantine_no_report")
