"""The manifest of a day in Parquet: one statement about all units, for there is one file a table.

Unlike a window's manifest it is not merged: the files are made anew or not at all, and so is it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from core.errors import InputError
from core.generation.catalog import MAX_UNIT
from core.messages import message
from core.storage.manifest import FileEntry, check_place, check_version, date_of, file_of
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

_VERSION = 1
_MOST = 2**64  # of numbers whose bounds are those of the generator
_BOUNDS = ("orders_min", "orders_max")
_ANY = re.compile(r".*", re.DOTALL)


class Slice(NamedTuple):
    """A window, or the whole day for None, and the range that each unit's orders were drawn from.

    Attributes:
        orders_min, orders_max: Both included.
    """

    window_tag: str | None
    orders_min: int
    orders_max: int


@dataclass(frozen=True)
class DayManifest:
    """What was published for a date in Parquet.

    Attributes:
        units: The units, in the order of their rows.
        value_cents: Sum of the orders' values.
    """

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
        """What decides about every byte, with the date."""
        return self.seed, self.slices, self.units

    def to_bytes(self) -> bytes:
        """The manifest as JSON: equal manifests are equal bytes."""
        content = {
            "version": _VERSION,
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
    """Read the bytes of a manifest of a day in Parquet.

    Raises:
        InputError: They are not a manifest that this version understands.
    """
    try:
        content = read_content(data)
        check_version(name, content)
        day = date_of(content)
        check_place(name, parquet_manifest_name(day), day)
        return DayManifest(
            day, read_whole(content, "seed", -_MOST, _MOST), _slices(content), _units(content),
            read_whole(content, "value_cents"),
            file_of(content, "orders", parquet_name("orders", day)),
            file_of(content, "order_items", parquet_name("order_items", day)),
        )  # fmt: skip
    except MalformedError as error:
        raise InputError(message("bucket.no_manifest", name=name, reason=error)) from error


def find_day_manifest(store: ObjectStore, day: date) -> DayManifest | None:
    """The manifest of a day in Parquet; None when there is none.

    Raises:
        InputError: It cannot be read.
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
