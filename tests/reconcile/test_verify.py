"""`verify` finds whatever is not as it is generated, and measures what is there."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError
from core.generation.catalog import Catalog, load_catalog
from core.reconcile.verify import verify
from core.storage.manifest import read_manifest
from core.storage.object_names import SalesName, manifest_name, sales_name
from core.storage.object_store import LocalStore, NewObject, ObjectStore
from core.storage.publish import Request, publish
from tests.support.samples import days, with_equal_checksum

pytestmark = pytest.mark.both_sides

DAY = date(2026, 2, 1)
TAG = "window_1214"
UNITS = tuple(range(1, 6))
ORDERS = sales_name(SalesName("orders", DAY, 2, TAG))
ITEMS = sales_name(SalesName("order_items", DAY, 2, TAG))
MANIFEST = manifest_name(DAY, TAG)


@pytest.fixture
def published(store: ObjectStore, catalog: Catalog) -> ObjectStore:
    """A bucket with two windows of five units."""
    publish(store, Request((DAY,), catalog.windows[1:3], UNITS), catalog)
    return store


def _replace(store: ObjectStore, name: str, old: bytes, new: bytes) -> None:
    data = store.read(name).data
    assert old in data
    store.replace(NewObject(name, data.replace(old, new, 1)))


def _edit(store: ObjectStore, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest's JSON."""
    content = json.loads(store.read(MANIFEST).data)
    change(content)
    store.replace(NewObject(MANIFEST, json.dumps(content).encode()))


def _differing(store: ObjectStore) -> list[str]:
    return [difference.name for difference in verify(store, load_catalog()).differences]


def _only(store: ObjectStore) -> tuple[str, str]:
    """Name and detail of the one difference there is."""
    (difference,) = verify(store, load_catalog()).differences
    return difference.name, difference.detail


def test_what_was_published_is_equal(published: ObjectStore, catalog: Catalog) -> None:
    done = verify(published, catalog)
    assert done.differences == ()
    assert (done.manifests, done.cells, done.objects) == (2, 10, 20)
    assert done.size == sum(info.size for info in published.list("raw/csv_sales/"))


def test_each_cell_is_made_with_its_own_seed_and_range(
    published: ObjectStore, catalog: Catalog
) -> None:
    # The same window, first overwritten in part with another seed, then with more units.
    publish(published, Request((DAY,), catalog.windows[1:2], (2, 4), 99), catalog, overwrite=True)
    publish(published, Request((DAY,), catalog.windows[1:2], (51, 1250), 7), catalog)
    publish(published, Request((date(2026, 3, 1),), (), (1, 2), 5, (0, 9)), catalog)
    publish(published, Request((date(2026, 3, 1),), (), (3,), 5, (20, 40)), catalog)
    manifest = read_manifest(MANIFEST, published.read(MANIFEST).data)
    assert len({cell.seed for cell in manifest.cells.values()}) == 3
    done = verify(published, catalog)
    assert (done.manifests, done.cells, done.differences) == (3, 15, ())


@pytest.mark.parametrize("name", [ORDERS, ITEMS])
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data + data.splitlines(keepends=True)[-1],
        lambda data: data.replace(b"-", b"_", 1),
        lambda _: b"",
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xff\x00" + data,
    ],
    ids=["cut", "line twice", "a character", "empty", "CRLF", "bytes"],
)
def test_a_changed_object_is_named(
    published: ObjectStore, name: str, damage: Callable[[bytes], bytes]
) -> None:
    published.replace(NewObject(name, damage(published.read(name).data)))
    found, detail = _only(published)
    assert found == name
    assert "the object has" in detail
    assert "the manifest says" not in detail


def test_a_value_changed_at_equal_size_is_named(published: ObjectStore) -> None:
    size = len(published.read(ORDERS).data)
    status = b"Finalizado" if b"Finalizado" in published.read(ORDERS).data else b"Pendente"
    _replace(published, ORDERS, status, status[::-1])
    assert len(published.read(ORDERS).data) == size
    assert _differing(published) == [ORDERS]


@pytest.mark.folder_only  # listings of Cloud Storage have the checksum, so that it reads nothing
@pytest.mark.parametrize("name", [ORDERS, ITEMS])
def test_other_bytes_of_equal_rows_size_and_checksum_are_named(
    published: ObjectStore, name: str
) -> None:
    published.replace(NewObject(name, with_equal_checksum(published.read(name).data)))
    found, detail = _only(published)
    assert found == name
    assert detail.endswith("; the object has other bytes of the same rows, size and CRC32C.")


def test_a_missing_object_is_named(published: ObjectStore) -> None:
    published.delete(ITEMS)
    found, detail = _only(published)
    assert found == ITEMS
    assert detail.endswith("the object is missing.")


def test_an_object_that_no_manifest_names_is_named(published: ObjectStore) -> None:
    stray = sales_name(SalesName("orders", DAY, 77, TAG))
    other = f"raw/csv_sales/{DAY:%Y/%m/%d}/copy.csv"
    published.replace(NewObject(stray, b"x"))
    published.replace(NewObject(other, b"x"))
    assert _differing(published) == sorted([stray, other])


def _set(kind: str | None, key: str, value: object) -> Callable[[dict[str, Any]], None]:
    """A change of the entry of unit 2."""

    def change(content: dict[str, Any]) -> None:
        entry = content["cells"][1]
        assert entry["unit"] == 2
        (entry[kind] if kind else entry)[key] = value

    return change


@pytest.mark.parametrize(
    ("kind", "name"), [("orders", ORDERS), ("order_items", ITEMS)], ids=["orders", "items"]
)
@pytest.mark.parametrize(("key", "value"), [("rows", 77), ("size", 1), ("crc32c", "AAAAAA==")])
@pytest.mark.folder_only  # a rule about manifests, whichever the bucket
def test_a_manifest_that_says_otherwise_is_found(
    published: ObjectStore, kind: str, name: str, key: str, value: object
) -> None:
    _edit(published, _set(kind, key, value))
    found, detail = _only(published)
    assert found == name
    assert "the manifest says" in detail
    assert "the object has" not in detail


def test_a_manifest_with_another_value_is_found(published: ObjectStore) -> None:
    _edit(published, _set(None, "value_cents", 1))
    found, detail = _only(published)
    assert found == ORDERS
    assert detail.startswith("The manifest says 1 cents")


def test_a_manifest_with_another_seed_is_found(published: ObjectStore) -> None:
    _edit(published, _set(None, "seed", 1))
    assert set(_differing(published)) == {ORDERS, ITEMS}


def test_object_and_manifest_changed_together_are_still_found(
    published: ObjectStore, tmp_path: Path
) -> None:
    other = LocalStore(tmp_path / "other")
    catalog = load_catalog()
    publish(other, Request((DAY,), catalog.windows[1:2], UNITS, 99), catalog)
    for info in other.list("raw/"):
        published.replace(NewObject(info.name, other.read(info.name).data))
    assert _differing(published) == []  # another seed, and the manifest says so
    _edit(published, _set(None, "seed", 20260201))
    assert set(_differing(published)) == {ORDERS, ITEMS}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", -1), ("seed", 2**64), ("orders_max", 2**40), ("orders_min", 9), ("orders_min", -1),
    ],
)  # fmt: skip
@pytest.mark.folder_only  # a rule about manifests, whichever the bucket
def test_an_entry_that_cannot_be_generated_is_found(
    published: ObjectStore, key: str, value: object
) -> None:
    _edit(published, _set(None, key, value))
    found, detail = _only(published)
    assert found == MANIFEST
    assert detail == "Its entry of unit 2 cannot be generated."


@pytest.mark.parametrize("tag", ["window_0810", "window_1213", "window_2426"])
@pytest.mark.folder_only  # a rule about manifests, whichever the bucket
def test_a_window_that_the_catalog_lacks_is_a_difference_and_not_generated(
    published: ObjectStore, tag: str
) -> None:
    content = json.loads(published.read(MANIFEST).data) | {"window": tag}
    name = manifest_name(DAY, tag)
    published.replace(NewObject(name, json.dumps(content).encode()))
    found, detail = _only(published)
    assert found == name
    assert detail.startswith(f"It names {tag}, but the windows are window_1012, window_1214,")


@pytest.mark.parametrize("value", ["1", 1.5, None, True])
@pytest.mark.parametrize("key", ["seed", "orders_min", "value_cents"])
@pytest.mark.folder_only  # a rule about manifests, whichever the bucket
def test_an_entry_of_a_wrong_type_breaks_its_manifest(
    published: ObjectStore, key: str, value: object
) -> None:
    _edit(published, _set(None, key, value))
    (broken, *unnamed) = verify(published, load_catalog()).differences
    assert (broken.name, broken.detail.partition(f": {key!r} is ")[0]) == (
        MANIFEST, f"{MANIFEST} is not a manifest"
    )  # fmt: skip
    assert {difference.detail for difference in unnamed} == {"No manifest names it."}


@pytest.mark.parametrize("unit", [0, -5, 2**20, "2"])
@pytest.mark.folder_only  # a rule about manifests, whichever the bucket
def test_a_unit_that_cannot_be_is_found(published: ObjectStore, unit: object) -> None:
    _edit(published, _set(None, "unit", unit))
    assert MANIFEST in _differing(published)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff"])
def test_a_manifest_that_cannot_be_read_is_found_and_the_rest_compared(
    published: ObjectStore, data: bytes
) -> None:
    published.replace(NewObject(MANIFEST, data))
    done = verify(published, load_catalog())
    assert done.cells == 5
    assert done.differences[0].name == MANIFEST
    # Its objects are in the bucket, and nothing vouches for them any more.
    assert len(done.differences) == 1 + 2 * len(UNITS)


def test_a_manifest_under_the_name_of_another_is_found(published: ObjectStore) -> None:
    wrong = manifest_name(date(2026, 2, 2), TAG)
    published.replace(NewObject(wrong, published.read(MANIFEST).data))
    found, detail = _only(published)
    assert found == wrong
    assert "2026-02-01 window_1214" in detail


def test_only_dates_of_the_range_are_compared(store: ObjectStore, catalog: Catalog) -> None:
    for day in days(DAY, 4):
        publish(store, Request((day,), catalog.windows[:1], (1,)), catalog)
    for first, last, count in ((1, 4, 4), (2, 3, 2), (4, 4, 1)):
        done = verify(store, catalog, (DAY.replace(day=first), DAY.replace(day=last)))
        assert done.manifests == count
    store.delete(sales_name(SalesName("orders", DAY, 1, catalog.windows[0].tag)))
    assert verify(store, catalog, (DAY.replace(day=2), DAY.replace(day=4))).differences == ()


def test_where_nothing_is_nothing_is_compared(store: ObjectStore, catalog: Catalog) -> None:
    done = verify(store, catalog, (DAY, date(2026, 2, 3)))
    assert (done.manifests, done.cells, done.objects, done.size) == (0, 0, 0, 0)
    assert (done.differences, done.shares) == ((), ())


@pytest.mark.folder_only  # a rule about manifests, whichever the bucket
def test_a_range_that_runs_backwards_is_an_error(store: ObjectStore, catalog: Catalog) -> None:
    with pytest.raises(InputError, match="runs backwards"):
        verify(store, catalog, (date(2026, 2, 3), DAY))


@pytest.mark.parametrize("last", [DAY, date(2026, 2, 20), date(2028, 2, 1)])
def test_a_lost_manifest_is_found_by_its_objects(
    published: ObjectStore, catalog: Catalog, last: date
) -> None:
    published.delete(MANIFEST)
    names = {difference.name for difference in verify(published, catalog, (DAY, last)).differences}
    assert names == {
        sales_name(SalesName(kind, DAY, unit, TAG))
        for kind in ("orders", "order_items")
        for unit in UNITS
    }
    assert verify(published, catalog, (date(2026, 2, 2), date(2028, 2, 1))).differences == ()


def test_progress_is_told(published: ObjectStore, catalog: Catalog) -> None:
    told: list[tuple[int, int]] = []
    verify(published, catalog, progress=lambda done, total, _: told.append((done, total)))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_nothing_is_written(published: ObjectStore, catalog: Catalog) -> None:
    before = published.list("raw/")
    verify(published, catalog)
    assert published.list("raw/") == before
