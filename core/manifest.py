"""The manifest of a window (or of a day of bulk data): what was published, to compare with later.

It is written after the objects it names; a window without a manifest is not complete. It holds one
entry a cell, each with its own seed, so that it stays true when more units come later, or when some
are overwritten with another seed.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from core.checksums import crc32c
from core.errors import InputError
from core.names import SalesName, manifest_name, sales_name
from core.object_store import NewObject

_VERSION = 1


class FileEntry(NamedTuple):
    """One object: its rows without the header, its bytes and its CRC32C in base64."""

    name: str
    rows: int
    size: int
    crc32c: str


class CellEntry(NamedTuple):
    """The two objects of a unit, and what they were made from.

    Attributes:
        orders_min, orders_max: The range that the number of orders was drawn from.
        value_cents: Sum of the orders' values.
    """

    unit_id: int
    seed: int
    orders_min: int
    orders_max: int
    value_cents: int
    orders: FileEntry
    order_items: FileEntry


@dataclass(frozen=True)
class Manifest:
    """What was published for a window of a date; `window_tag` is None for bulk data."""

    day: date
    window_tag: str | None
    cells: Mapping[int, CellEntry]

    def merged(self, entries: Iterable[CellEntry]) -> "Manifest":
        """This manifest with entries added, or put in the place of those of the same units."""
        cells = {**self.cells, **{entry.unit_id: entry for entry in entries}}
        return Manifest(self.day, self.window_tag, dict(sorted(cells.items())))

    def to_bytes(self) -> bytes:
        """The manifest as JSON: equal manifests are equal bytes."""
        cells = self.cells.values()
        content = {
            "version": _VERSION,
            "date": self.day.isoformat(),
            "window": self.window_tag,
            "units": len(cells),
            "orders": sum(cell.orders.rows for cell in cells),
            "items": sum(cell.order_items.rows for cell in cells),
            "value_cents": sum(cell.value_cents for cell in cells),
        }
        lines = ",\n".join(map(_cell_text, cells))
        return f'{json.dumps(content)[:-1]}, "cells": [\n{lines}\n]}}\n'.encode()


def file_entry(new: NewObject, rows: int) -> FileEntry:
    """The entry of an object that has that many rows."""
    return FileEntry(new.name, rows, len(new.data), crc32c(new.data))


def read_manifest(name: str, data: bytes) -> Manifest:
    """Read a manifest's bytes.

    Raises:
        InputError: They are not a manifest that this version understands.
    """
    try:
        content = json.loads(data)
        if content["version"] != _VERSION:
            raise InputError(f"{name} has version {content['version']}: this reads {_VERSION}.")
        day, tag = date.fromisoformat(content["date"]), content["window"]
        if manifest_name(day, tag) != name:
            raise InputError(f"{name} is the manifest of {day} {tag}: it stands in a wrong place.")
        cells = {cell["unit"]: _cell_from_json(cell, day, tag) for cell in content["cells"]}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{name} is not a manifest: {error!r}.") from error
    return Manifest(day, tag, cells)


def _cell_text(cell: CellEntry) -> str:
    """A cell as a line of JSON: numbers and base64 alone, which need no encoder to be right."""
    return (
        f'{{"unit": {cell.unit_id}, "seed": {cell.seed}, "orders_min": {cell.orders_min}, '
        f'"orders_max": {cell.orders_max}, "value_cents": {cell.value_cents}, '
        f'"orders": {_file_text(cell.orders)}, "order_items": {_file_text(cell.order_items)}}}'
    )


def _file_text(file: FileEntry) -> str:
    return f'{{"rows": {file.rows}, "size": {file.size}, "crc32c": "{file.crc32c}"}}'


def _cell_from_json(cell: Mapping[str, Any], day: date, tag: str | None) -> CellEntry:
    def file(kind: str) -> FileEntry:
        name = sales_name(SalesName(kind, day, cell["unit"], tag))
        return FileEntry(name, cell[kind]["rows"], cell[kind]["size"], cell[kind]["crc32c"])

    return CellEntry(
        cell["unit"], cell["seed"], cell["orders_min"], cell["orders_max"], cell["value_cents"],
        file("orders"), file("order_items"),
    )  # fmt: skip
