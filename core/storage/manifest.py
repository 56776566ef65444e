"""The manifest of a window (or of a day of bulk data): what was published, for later comparison.

It is written after the objects that it names; a window without a manifest is not complete. Each
cell's entry has its seed, because units may join later or be overwritten with another seed.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from core.errors import ConflictError, InputError
from core.generation.catalog import MAX_UNIT
from core.messages import message
from core.storage.object_names import SalesName, manifest_name, sales_name
from core.storage.object_store import NewObject, ObjectInfo
from core.storage.object_store.checksums import crc32c
from core.strict_json import (
    Content,
    MalformedError,
    as_content,
    read_content,
    read_list,
    read_text,
    read_whole,
)

VERSION = 1
MOST = 2**64  # of numbers whose bounds are those of the generator
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TAG = re.compile(r"window_\d{4}", re.ASCII)
_SCENARIO = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_CRC32C = re.compile(r"[A-Za-z0-9+/]{6}==", re.ASCII)
_Manifest = TypeVar("_Manifest")


class FileEntry(NamedTuple):
    """One object: its rows without the header, its size in bytes and its CRC32C in base64."""

    name: str
    rows: int
    size: int
    crc32c: str

    def may_be(self, found: ObjectInfo | None) -> bool:
        """Whether an object has this size, and this checksum if the store knows it."""
        if found is None or (found.size != self.size and not found.encoded):
            return False
        return found.crc32c in ("", self.crc32c)


class CellEntry(NamedTuple):
    """A unit's two objects, their seed, fewest and most orders (both included), and value.

    `scenario` names the scenario under which they were published; it is empty without one.
    """

    unit_id: int
    seed: int
    orders_min: int
    orders_max: int
    value_cents: int
    orders: FileEntry
    order_items: FileEntry
    scenario: str = ""


@dataclass(frozen=True)
class Manifest:
    """What was published for a window of a date; `window_tag` is None for bulk data."""

    day: date
    window_tag: str | None
    cells: Mapping[int, CellEntry]

    def merged(self, entries: Iterable[CellEntry]) -> "Manifest":
        """This manifest with entries added, which replace those of the same units."""
        cells = {**self.cells, **{entry.unit_id: entry for entry in entries}}
        return Manifest(self.day, self.window_tag, dict(sorted(cells.items())))

    def without(self, units: Collection[int]) -> "Manifest":
        """This manifest without the entries of some units."""
        cells = {unit: cell for unit, cell in self.cells.items() if unit not in units}
        return Manifest(self.day, self.window_tag, cells)

    def to_bytes(self) -> bytes:
        """The manifest as JSON: equal manifests are equal bytes."""
        cells = self.cells.values()
        content = {
            "version": VERSION,
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
    """The entry of an object with that many rows."""
    return FileEntry(new.name, rows, len(new.data), crc32c(new.data))


def read_manifest(name: str, data: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        InputError: This version cannot read it.
    """
    try:
        content = read_content(data)
        check_version(name, content)
        day, tag = date_of(content), _window(content)
        check_place(name, manifest_name(day, tag), day, tag or message("words.whole_day"))
        cells = _cells(content, day, tag)
    except MalformedError as error:
        raise InputError(message("bucket.no_manifest", name=name, reason=error)) from error
    return Manifest(day, tag, cells)


def read_existing(
    read: Callable[[str, bytes], _Manifest], name: str, data: bytes | None, *, overwrite: bool
) -> _Manifest | None:
    """Read a manifest that exists; None without one, or if an unreadable one may be overwritten.

    Raises:
        ConflictError: It is unreadable, and may not be overwritten.
    """
    try:
        return None if data is None else read(name, data)
    except InputError as error:
        if overwrite:
            return None
        raise ConflictError(message("bucket.nothing_written", error=error)) from error


def check_version(name: str, content: Content) -> None:
    """Refuse a manifest of another version.

    Raises:
        InputError: It is of another version.
        MalformedError: It has no version.
    """
    version = read_whole(content, "version")
    if version != VERSION:
        raise InputError(message("bucket.version", name=name, version=version, known=VERSION))


def check_place(name: str, right: str, day: date, window: str = "") -> None:
    """Refuse a manifest whose name contradicts its content.

    Raises:
        MalformedError: The names differ.
    """
    if name != right:
        of = message("step.window", day=day, hours=window) if window else day
        raise MalformedError(message("malformed.other_name", of=of, name=right))


def date_of(content: Content) -> date:
    """The date of a manifest."""
    valid = "a date such as 2026-02-01"
    written = read_text(content, "date", _DATE, valid)
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise MalformedError(
            message("malformed.instead", key="date", value=repr(written), valid=valid)
        ) from error


def file_of(content: Content, kind: str, name: str) -> FileEntry:
    """The entry of the object of that name, from the value of its kind."""
    file = as_content(content.get(kind), repr(kind))
    checksum = read_text(file, "crc32c", _CRC32C, "four bytes in base64")
    return FileEntry(name, read_whole(file, "rows"), read_whole(file, "size"), checksum)


def _cell_text(cell: CellEntry) -> str:
    """A cell as a line of JSON; numbers and base64 need no encoder."""
    scenario = f', "scenario": "{cell.scenario}"' if cell.scenario else ""
    return (
        f'{{"unit": {cell.unit_id}, "seed": {cell.seed}, "orders_min": {cell.orders_min}, '
        f'"orders_max": {cell.orders_max}, "value_cents": {cell.value_cents}, '
        f'"orders": {_file_text(cell.orders)}, "order_items": {_file_text(cell.order_items)}'
        f"{scenario}}}"
    )


def _file_text(file: FileEntry) -> str:
    return f'{{"rows": {file.rows}, "size": {file.size}, "crc32c": "{file.crc32c}"}}'


def _window(content: Content) -> str | None:
    if "window" in content and content["window"] is None:
        return None
    return read_text(content, "window", _TAG, "null or a window such as window_1214")


def _cells(content: Content, day: date, tag: str | None) -> dict[int, CellEntry]:
    cells: dict[int, CellEntry] = {}
    for entry in read_list(content, "cells"):
        cell = _cell(as_content(entry, "one of its cells"), day, tag)
        if cell.unit_id in cells:
            raise MalformedError(message("malformed.unit_twice", unit=cell.unit_id))
        cells[cell.unit_id] = cell
    return cells


def _cell(cell: Content, day: date, tag: str | None) -> CellEntry:
    unit = read_whole(cell, "unit", 1, MAX_UNIT)
    valid = "the name of a scenario such as worst-friday"
    return CellEntry(
        unit, read_whole(cell, "seed", -MOST, MOST),
        read_whole(cell, "orders_min", -MOST, MOST),
        read_whole(cell, "orders_max", -MOST, MOST), read_whole(cell, "value_cents"),
        file_of(cell, "orders", sales_name(SalesName("orders", day, unit, tag))),
        file_of(cell, "order_items", sales_name(SalesName("order_items", day, unit, tag))),
        read_text(cell, "scenario", _SCENARIO, valid) if "scenario" in cell else "",
    )  # fmt: skip
