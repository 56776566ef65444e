"""Announce in the bucket what a publication will write, before it compares what exists.

Sales of two kinds (`core.storage.kind_conflicts`) for the same unit and date would count twice,
and publishers may share nothing but the bucket. So each first writes an announcement, then lists
the announcements and sales objects of others, and only then writes sales. Of two publishers the one
that lists later finds the other's announcement or objects: at least one refuses before it writes
sales. Listings of a folder and of Cloud Storage show everything that was written before.

A publication deletes its announcement when it ends. The next complete publication of the same kind,
dates, windows and units deletes the announcement of a killed process.
"""

import contextlib
import hashlib
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import InputError, MixError, PlatformError
from core.messages import message
from core.storage.object_names import ANNOUNCEMENT_PREFIX, SalesName
from core.storage.object_store import NewObject, ObjectStore, StoredObject, Unreadable
from core.storage.request import Request

_VERSION = 1


class Kind(StrEnum):
    """The form of sales; two kinds for the same unit and date would count twice."""

    INCREMENTAL = "incremental"
    BULK = "bulk"
    PARQUET = "Parquet"


@dataclass(frozen=True)
class Announcement:
    """What a publication will write; `windows` are tags, none for whole days."""

    kind: Kind
    dates: tuple[date, ...]
    windows: tuple[str, ...]
    units: tuple[int, ...]

    def to_bytes(self) -> bytes:
        """The announcement as JSON: equal announcements are equal bytes."""
        content = {
            "version": _VERSION,
            "kind": self.kind,
            "dates": [day.isoformat() for day in self.dates],
            "windows": self.windows,
            "units": _spans(self.units),
        }
        return json.dumps(content).encode() + b"\n"

    def shares(self, other: "Announcement") -> tuple[date, int] | None:
        """A date and unit of both announcements; None when they share none."""
        days, units = set(self.dates) & set(other.dates), set(self.units) & set(other.units)
        return (min(days), min(units)) if days and units else None

    def includes(self, other: "Announcement") -> bool:
        """Whether this publication writes all that another one of the same kind writes."""
        pairs = [
            (other.dates, self.dates),
            (other.windows, self.windows),
            (other.units, self.units),
        ]
        return all({*less} <= {*more} for less, more in pairs)

    def covers(self, name: SalesName) -> bool:
        """Whether the publication writes the CSV object of that name."""
        if name.window_tag:
            is_its_kind = self.kind is Kind.INCREMENTAL and name.window_tag in self.windows
        else:
            is_its_kind = self.kind is Kind.BULK
        return is_its_kind and name.day in self.dates and name.unit_id in self.units


@contextlib.contextmanager
def announced(
    store: ObjectStore, request: Request, *, parquet: bool = False, force: bool = False
) -> Iterator[None]:
    """Announce a request for the length of a block, which compares what exists and then writes.

    Raises:
        MixError: Without `force`: another kind is announced for one of the dates and units, or an
            announcement cannot be read.
    """
    kind = Kind.INCREMENTAL if request.windows else Kind.BULK
    tags = tuple(window.tag for window in request.windows)
    new = Announcement(Kind.PARQUET if parquet else kind, request.dates, tags, request.units)
    name = _announce(store, new)
    try:
        others = [info.name for info in store.list(ANNOUNCEMENT_PREFIX) if info.name != name]
        covered = _find_covered(store, new, others, force=force)
        yield
    except BaseException:  # Ctrl-C, too: what is not published may not stay announced
        with contextlib.suppress(PlatformError):  # the first error matters more
            store.delete(name)
        raise
    store.delete(name, *covered)


def is_announced(store: ObjectStore, name: SalesName) -> bool:
    """Whether an announcement covers the CSV object of that name, or cannot be read."""
    names = [info.name for info in store.list(ANNOUNCEMENT_PREFIX)]
    try:
        return any(_other(stored).covers(name) for stored in store.read_all(names) if stored)
    except MixError:
        return True


def _announce(store: ObjectStore, new: Announcement) -> str:
    """Write an announcement under a name that no other publisher has; return the name."""
    data = new.to_bytes()
    stem = f"{ANNOUNCEMENT_PREFIX}{new.kind.lower()}-{hashlib.sha256(data).hexdigest()[:16]}"
    names = (f"{stem}-{number}.json" for number in itertools.count(1))
    return next(name for name in names if store.create([[NewObject(name, data)]]))


def _find_covered(
    store: ObjectStore, new: Announcement, names: Sequence[str], *, force: bool
) -> list[str]:
    """The names of announcements that are obsolete once this publication is complete.

    Raises:
        MixError: Without `force`: an announcement of another kind shares a date and a unit, or
            cannot be read.
    """
    covered = []
    for stored in store.read_all(names):
        if stored is None:
            continue  # its publication has ended, and the bucket has its objects
        with contextlib.suppress(*([MixError] if force else [])):
            other = _other(stored)
            if other.kind is not new.kind:
                _refuse(new, other, stored.name)
            elif new.includes(other):
                covered.append(stored.name)
    return covered


def _other(stored: StoredObject | Unreadable) -> Announcement:
    """Another publisher's announcement; a `MixError` if it cannot be read."""
    if isinstance(stored, Unreadable):
        reason = message("bucket.unreadable", name=stored.name, reason=stored.reason)
        raise MixError(message("bucket.same_sales", reason=reason))
    try:
        return _read(stored.name, stored.data)
    except InputError as error:
        raise MixError(message("bucket.same_sales", reason=error)) from error


def _refuse(new: Announcement, other: Announcement, name: str) -> None:
    shared = new.shares(other)
    if shared:
        day, unit = shared
        raise MixError(
            message(
                "bucket.being_published",
                other=other.kind,
                unit=unit,
                day=day,
                name=name,
                new=new.kind,
            )
        )


def _read(name: str, data: bytes) -> Announcement:
    """Read an announcement; an `InputError` if this version cannot."""
    try:
        content = json.loads(data)
        if content["version"] != _VERSION:
            raise InputError(
                message("bucket.version", name=name, version=content["version"], known=_VERSION)
            )
        return Announcement(
            Kind(content["kind"]),
            tuple(map(date.fromisoformat, content["dates"])),
            tuple(content["windows"]),
            tuple(unit for first, last in content["units"] for unit in range(first, last + 1)),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(message("bucket.no_announcement", name=name)) from error


def _spans(units: Sequence[int]) -> list[list[int]]:
    """Runs of consecutive units, each as first and last."""
    spans: list[list[int]] = []
    for unit in sorted(set(units)):
        if spans and spans[-1][1] == unit - 1:
            spans[-1][1] = unit
        else:
            spans.append([unit, unit])
    return spans
