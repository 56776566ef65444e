"""The manifest of a day in Parquet: one statement about all units, for there is one file a table.

Unlike a window's manifest it is not merged: the files are made anew or not at all, and so is it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from core.errors import InputError
from core.manifest import FileEntry
from core.names import parquet_manifest_name, parquet_name
from core.object_store import ObjectStore, look

_VERSION = 1


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
        content = json.loads(data)
        if content["version"] != _VERSION:
            raise InputError(f"{name} has version {content['version']}: this reads {_VERSION}.")
        day = date.fromisoformat(content["date"])
        if parquet_manifest_name(day) != name:
            raise InputError(f"{name} is the manifest of {day}: it stands in a wrong place.")
        return DayManifest(
            day, content["seed"], tuple(Slice(**part) for part in content["slices"]),
            _units_from_json(content["units"]), content["value_cents"],
            _file(content, "orders", day), _file(content, "order_items", day),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{name} is not a manifest: {error!r}.") from error


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


def _units_from_json(units: Mapping[str, Any]) -> tuple[int, ...]:
    if "list" in units:
        return tuple(map(int, units["list"]))
    return tuple(range(units["first"], units["last"] + 1))


def _file_json(file: FileEntry) -> dict[str, Any]:
    return {"rows": file.rows, "size": file.size, "crc32c": file.crc32c}


def _file(content: Mapping[str, Any], kind: str, day: date) -> FileEntry:
    file = content[kind]
    return FileEntry(parquet_name(kind, day), file["rows"], file["size"], file["crc32c"])
