"""A manifest says what was published, and reads back as it was written."""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.generation.catalog import MAX_UNIT, load_catalog
from core.generation.cells import window_cells
from core.generation.csv_files import cell_files
from core.generation.windows import FIRST_DATE, LAST_DATE, MAX_SEED
from core.storage.day_manifest import DayManifest, Slice, read_day_manifest
from core.storage.manifest import CellEntry, FileEntry, Manifest, file_entry, read_manifest
from core.storage.object_names import SalesName, manifest_name, parquet_manifest_name, sales_name
from core.storage.object_store import NewObject
from core.storage.object_store.checksums import crc32c

DAY, TAG = date(2026, 2, 1), "window_1214"
TAGS = [None, *(window.tag for window in load_catalog().windows)]
COUNTS = st.integers(0, 10**6)
CHECKSUMS = st.binary(min_size=4, max_size=4).map(lambda four: base64.b64encode(four).decode())


def _entry(day: date, tag: str | None, unit: int, numbers: list[int], sums: list[str]) -> CellEntry:
    seed, fewest, most, value, rows, size, more_rows, more_size = numbers
    names = [sales_name(SalesName(kind, day, unit, tag)) for kind in ("orders", "order_items")]
    return CellEntry(
        unit, seed, fewest, most, value,
        FileEntry(names[0], rows, size, sums[0]),
        FileEntry(names[1], more_rows, more_size, sums[1]),
    )  # fmt: skip


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    day = draw(st.dates(FIRST_DATE, LAST_DATE))
    tag = draw(st.sampled_from(TAGS))
    cells = {}
    for unit in sorted(draw(st.sets(st.integers(1, MAX_UNIT), max_size=4))):
        numbers = [draw(st.integers(0, MAX_SEED)), *(draw(COUNTS) for _ in range(7))]
        sums = [draw(CHECKSUMS), draw(CHECKSUMS)]
        cells[unit] = _entry(day, tag, unit, numbers, sums)
    return Manifest(day, tag, cells)


@settings(max_examples=50)
@given(manifests())
def test_a_manifest_reads_back_as_it_was_written(manifest: Manifest) -> None:
    data = manifest.to_bytes()
    name = manifest_name(manifest.day, manifest.window_tag)
    assert read_manifest(name, data) == manifest
    assert read_manifest(name, data).to_bytes() == data


@settings(max_examples=50)
@given(manifests())
def test_the_totals_are_those_of_the_cells(manifest: Manifest) -> None:
    content = json.loads(manifest.to_bytes())
    cells = manifest.cells.values()
    assert content["units"] == len(cells)
    assert content["orders"] == sum(cell.orders.rows for cell in cells)
    assert content["items"] == sum(cell.order_items.rows for cell in cells)
    assert content["value_cents"] == sum(cell.value_cents for cell in cells)


def _published(units: list[int], seed: int = 1) -> list[CellEntry]:
    catalog = load_catalog()
    window = catalog.windows[1]
    files = cell_files(window_cells([DAY], [window], units), seed, catalog)

    def entry(kind: str, unit: int, data: bytes, rows: int) -> FileEntry:
        return file_entry(NewObject(sales_name(SalesName(kind, DAY, unit, TAG)), data), rows)

    return [
        CellEntry(
            unit, seed, window.min_orders, window.max_orders, file.value_cents,
            entry("orders", unit, file.orders_csv, file.orders),
            entry("order_items", unit, file.items_csv, file.items),
        )
        for unit, file in zip(units, files, strict=True)
    ]  # fmt: skip


def test_an_entry_holds_rows_size_checksum_and_value_of_its_files() -> None:
    catalog = load_catalog()
    (entry,) = _published([7])
    (file,) = cell_files(window_cells([DAY], catalog.windows[1:2], [7]), 1, catalog)
    assert (entry.unit_id, entry.seed, entry.orders_min, entry.orders_max) == (7, 1, 3, 5)
    for listed, data in ((entry.orders, file.orders_csv), (entry.order_items, file.items_csv)):
        assert listed.rows == data.count(b"\n") - 1
        assert listed.size == len(data)
        assert listed.crc32c == crc32c(data)
    total = sum(
        round(float(line.split(";")[4]) * 100) for line in file.orders_csv.decode().splitlines()[1:]
    )
    assert entry.value_cents == total


def test_checksums_are_crc32c_as_cloud_storage_shows_them() -> None:
    # Check value of CRC-32C/ISCSI (RFC 3720, reveng catalogue): 0xE3069283.
    assert crc32c(b"123456789") == base64.b64encode(bytes.fromhex("E3069283")).decode()
    assert crc32c(b"") == "AAAAAA=="


def test_the_order_of_publishing_leaves_no_trace() -> None:
    entries = _published([1, 2, 3, 51])
    empty = Manifest(DAY, TAG, {})
    whole = empty.merged(entries)
    backwards = empty.merged(entries[::-1])
    later = empty.merged(entries[2:]).merged(entries[:2])
    assert whole.to_bytes() == backwards.to_bytes() == later.to_bytes()
    assert whole.merged(entries).to_bytes() == whole.to_bytes()


def test_merging_puts_new_entries_in_the_place_of_the_same_units() -> None:
    first = Manifest(DAY, TAG, {}).merged(_published([1, 2, 3]))
    merged = first.merged(_published([2], seed=9))
    assert [(unit, cell.seed) for unit, cell in merged.cells.items()] == [(1, 1), (2, 9), (3, 1)]
    assert [cell.seed for cell in first.cells.values()] == [1, 1, 1]


def test_equal_manifests_are_equal_bytes() -> None:
    texts = {Manifest(DAY, TAG, {}).merged(_published([1, 2])).to_bytes() for _ in range(2)}
    assert len({hashlib.sha256(text).hexdigest() for text in texts}) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", b"null", b"7", b"not json", b"\xff\xfe", b'{"version": 1}',
        b'{"version": 1, "date": "2026-02-30", "window": null, "cells": []}',
        b'{"version": 1, "date": "2026-02-01", "window": null, "cells": [{}]}',
        b'{"version": 1, "date": 20260201, "window": null, "cells": []}',
        b'{"version": 1, "date": "2026-02-01", "window": null, "cells": 5}',
    ],
)  # fmt: skip
def test_what_is_no_manifest_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(InputError, match=r"day\.json is not a manifest"):
        read_manifest("raw/_manifests/2026/02/01/day.json", data)


def _set(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """What puts a value at a place such as `cells.0.orders.rows`."""

    def change(content: Any) -> None:
        *folders, last = (int(key) if key.isdigit() else key for key in path.split("."))
        for key in folders:
            content = content[key]
        content[last] = value

    return change


_DAY_NAME = parquet_manifest_name(DAY)
_FILE = FileEntry("", 1, 2, crc32c(b""))
_WHOLE_DAY = DayManifest(DAY, 1, (Slice(None, 1, 2),), (1, 3), 4, _FILE, _FILE).to_bytes()
_WRONG: tuple[object, ...] = ("12", None, "many", 1.5, True, [], {}, -1, 2**64)


@pytest.mark.parametrize("value", _WRONG)
@pytest.mark.parametrize("place", ["rows", "size", "crc32c"])
def test_a_value_of_a_wrong_type_makes_a_broken_manifest(place: str, value: object) -> None:
    for path in (f"cells.0.orders.{place}", f"cells.0.order_items.{place}"):
        content = json.loads(Manifest(DAY, TAG, {}).merged(_published([7])).to_bytes())
        _set(path, value)(content)
        with pytest.raises(InputError, match=rf"is not a manifest: '{place}' is .* instead of "):
            read_manifest(manifest_name(DAY, TAG), json.dumps(content).encode())
    for kind in ("orders", "order_items"):
        content = json.loads(_WHOLE_DAY)
        _set(f"{kind}.{place}", value)(content)
        with pytest.raises(InputError, match=rf"is not a manifest: '{place}' is .* instead of "):
            read_day_manifest(_DAY_NAME, json.dumps(content).encode())


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("version", ["1", None, True, []]),
        ("date", [None, 5, "today", "2026-02-30", "20260201", []]),
        ("window", [5, "day", "parquet", "window_1214/x", ["a"], ""]),
        ("cells", [None, 5, {}, "a", [5], [None], [[]]]),
        ("cells.0.unit", [0, "7", None, MAX_UNIT + 1, 7.0, True]),
        ("cells.0.seed", ["1", None, 1.5, True, []]),
        ("cells.0.orders_min", ["1", None, 1.5, True]),
        ("cells.0.value_cents", ["1", None, -1]),
        ("cells.0.orders", [None, 5, [], "a"]),
    ],
)
def test_every_part_of_a_manifest_is_held_to_its_type(path: str, values: list[object]) -> None:
    name, data = manifest_name(DAY, TAG), Manifest(DAY, TAG, {}).merged(_published([7])).to_bytes()
    for value in values:
        content = json.loads(data)
        _set(path, value)(content)
        with pytest.raises(InputError, match=r"^raw/.*/window_1214\.json is not a manifest: "):
            read_manifest(name, json.dumps(content).encode())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", None), ("date", 5), ("seed", "1"), ("seed", None), ("value_cents", "4"),
        ("slices", None), ("slices", [5]), ("slices.0.orders_min", "1"), ("slices.0.window_tag", 5),
        ("units", None), ("units", []), ("units.list", "13"), ("units.list", [1, 1]),
        ("units.list", [1, "3"]), ("units.list", [1, None]), ("units.list", [[1], {}]),
        ("units", {"first": 1}), ("units", {"first": "1", "last": 3}),
        ("units", {"first": 1, "last": 10**15}), ("units", {"first": 5, "last": 4}),
        ("orders", None), ("order_items", [1]),
    ],
)  # fmt: skip
def test_every_part_of_a_day_s_manifest_is_held_to_its_type(path: str, value: object) -> None:
    content = json.loads(_WHOLE_DAY)
    _set(path, value)(content)
    with pytest.raises(InputError, match=r"parquet\.json is not a manifest: "):
        read_day_manifest(_DAY_NAME, json.dumps(content).encode())


def test_deep_nesting_and_a_unit_named_twice_make_a_broken_manifest() -> None:
    for data in (b"[" * 100_000, b'{"a":' * 100_000):
        for read, name in (
            (read_manifest, manifest_name(DAY, TAG)),
            (read_day_manifest, _DAY_NAME),
        ):
            with pytest.raises(InputError, match=r"is not a manifest: it is n"):
                read(name, data)
    content = json.loads(Manifest(DAY, TAG, {}).merged(_published([7])).to_bytes())
    content["cells"] *= 2
    with pytest.raises(InputError, match="it names unit 7 twice"):
        read_manifest(manifest_name(DAY, TAG), json.dumps(content).encode())


def test_a_later_version_is_refused() -> None:
    content: dict[str, Any] = json.loads(Manifest(DAY, TAG, {}).to_bytes())
    content["version"] = 2
    with pytest.raises(InputError, match=r"raw/m\.json has version 2: this reads 1"):
        read_manifest("raw/m.json", json.dumps(content).encode())
