"""The manifest of a day in Parquet: one for all units, never merged but replaced with its files."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from core.errors import InputError
from core.generation.catalog import MAX_UNIT
from core.messages import message
from core.storage.manifest import (
    MOST,
    VERSION,
    FileEntry,
    check_place,
    check_version,
    date_of,
    file_of,
)
from core.storage.object_names import parquet_manifest_name, parquet_name
from core.storage.object_store import ObjectStore, look
from core.strict_json import (
    Content,
    MalformedError,
    as_content,
    read_content,
    read_list,
    read_text,
    read_whole,
)

_BOUNDS = ("orders_min", "orders_max")
_ANY = re.compile(r".*", re.DOTALL)


class Slice(NamedTuple):
    """A window (None: the whole day), and the fewest and most orders of a unit, both included."""

    window_tag: str | None
    orders_min: int
    orders_max: int


@dataclass(frozen=True)
class DayManifest:
    """What was published for a date in Parquet; `units` are in the order of their rows."""

    day: date
    seed: int
    slices: tuple[Slice, ...]
    units: tuple[int, ...]
    value_cents: int
    orders: FileEntry
    order_items: FileEntry

    @property
    def files(self) -> Mapping[str, FileEntry]:
        """The two files by their kind, items first."""
        return {"order_items": self.order_items, "orders": self.orders}

    @property
    def made_from(self) -> tuple[int, tuple[Slice, ...], tuple[int, ...]]:
        """What, with the date, determines every byte."""
        return self.seed, self.slices, self.units

    def to_bytes(self) -> bytes:
        """The manifest as JSON: equal manifests are equal bytes."""
        content = {
            "version": VERSION,
            "date": self.day.isoformat(),
            "format": "parquet",
            "seed": self.seed,
            "slices": [part._asdict() for part in self.slices],
            "units": _units_json(self.units),
            "value_cents": self.value_cents,
            **{kind: _file_json(file) for kind, file in self.files.items()},
        }
        return json.dumps(content, indent=1).encode() + b"\n"


def read_day_manifest(name: str, data: bytes) -> DayManifest:
    """Read the manifest of a day in Parquet.

    Raises:
        InputError: This version cannot read it.
    """
    try:
        content = read_content(data)
        check_version(name, content)
        day = date_of(content)
        check_place(name, parquet_manifest_name(day), day)
        return DayManifest(
            day, read_whole(content, "seed", -MOST, MOST), _slices(content), _units(content),
            read_whole(content, "value_cents"),
            file_of(content, "orders", parquet_name("orders", day)),
            file_of(content, "order_items", parquet_name("order_items", day)),
        )  # fmt: skip
    except MalformedError as error:
        raise InputError(message("bucket.no_manifest", name=name, reason=error)) from error


def find_day_manifest(store: ObjectStore, day: date) -> DayManifest | None:
    """The manifest of a day in Parquet; None when there is none.

    Raises:
        InputError: This version cannot read it.
    """
    name = parquet_manifest_name(day)
    stored = look(store, name)
    return read_day_manifest(name, stored.data) if stored else None


def _units_json(units: Sequence[int]) -> dict[str, Any]:
    if tuple(units) == tuple(range(units[0], units[-1] + 1)):
        return {"first": units[0], "last": units[-1]}
    return {"list": list(units)}


def _slices(content: Content) -> tuple[Slice, ...]:
    parts = [as_content(part, "one of its slices") for part in read_list(content, "slices")]
    return tuple(Slice(_tag(part), *(read_whole(part, key) for key in _BOUNDS)) for part in parts)


def _tag(part: Content) -> str | None:
    if "window_tag" in part and part["window_tag"] is None:
        return None
    return read_text(part, "window_tag", _ANY, "null or a text")


def _units(content: Content) -> tuple[int, ...]:
    units = as_content(content.get("units"), "'units'")
    if "list" not in units:
        first = read_whole(units, "first", 1, MAX_UNIT)
        return tuple(range(first, read_whole(units, "last", first, MAX_UNIT) + 1))
    numbers = read_list(units, "list")
    if any(type(number) is not int for number in numbers) or len({*numbers}) < len(numbers):
        raise MalformedError(message("malformed.units"))
    return tuple(numbers)


def _file_json(file: FileEntry) -> dict[str, Any]:
    return {"rows": file.rows, "size": file.size, "crc32c": file.crc32c}
