"""Publishing: written once, whole or not at all, with a manifest that says what was written."""

import csv
import io
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.errors import ConflictError, InputError, MixError
from core.generation.catalog import Catalog
from core.storage import publish as publishing
from core.storage.manifest import read_manifest
from core.storage.object_names import ANNOUNCEMENT_PREFIX, manifest_name, parse_sales_name
from core.storage.object_store import LocalStore, NewObject, ObjectStore
from core.storage.object_store.checksums import crc32c
from core.storage.publish import Request, publish
from tests.support.scenes import DAY, files, objects, request

pytestmark = pytest.mark.both_sides

LUNCH, DINNER = "window_1214", "window_1820"
UNIT_2 = "raw/csv_sales/2026/02/03/unit_002"


def _records(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode()), delimiter=";"))


def _manifest(store: ObjectStore, tag: str | None) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(store.read(manifest_name(DAY, tag)).data)
    return content


def _is_sales(name: str) -> bool:
    return parse_sales_name(name) is not None


def test_each_unit_gets_both_files_and_each_window_a_manifest(
    store: ObjectStore, catalog: Catalog
) -> None:
    published = publish(store, request(LUNCH, DINNER, units=(1, 2, 1250)), catalog)
    tree = objects(store)
    assert set(tree) == {
        f"raw/csv_sales/2026/02/03/{unit}/{window}/{name}.csv"
        for unit in ("unit_001", "unit_002", "unit_1250")
        for window in (LUNCH, DINNER)
        for name in ("pedido", "item_pedido")
    } | {f"raw/_manifests/2026/02/03/{window}.json" for window in (LUNCH, DINNER)}
    sales = [_records(data) for name, data in tree.items() if _is_sales(name)]
    orders = [row for rows in sales for row in rows if "Vlr_Pedido" in row]
    assert (published.created, published.same, published.replaced) == (12, 0, 0)
    assert published.orders == len(orders)
    assert published.items == sum(map(len, sales)) - len(orders)
    assert published.value_cents == 100 * sum(Decimal(row["Vlr_Pedido"]) for row in orders)
    assert published.size == sum(len(data) for name, data in tree.items() if _is_sales(name))


@pytest.mark.folder_only
@pytest.mark.parametrize("units", [range(1, 5), range(1, 6)], ids=["full blocks", "a rest"])
def test_blocks_of_units_publish_and_compare_what_one_block_does(
    store: ObjectStore, catalog: Catalog, tmp_path: Path, units: range,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    wanted = request(LUNCH, DINNER, units=units)
    at_once = LocalStore(tmp_path / "at_once")
    expected = publish(at_once, wanted, catalog)
    monkeypatch.setattr(publishing, "_HELD_CELLS", 2)
    assert publish(store, wanted, catalog) == expected
    assert objects(store) == files(at_once.root)
    assert publish(store, wanted, catalog).same == expected.created
    with pytest.raises(ConflictError, match=rf"^{expected.created} objects exist"):
        publish(store, request(LUNCH, DINNER, units=units, seed=2), catalog)


@pytest.mark.parametrize("tags", [(LUNCH,), ()])
def test_the_manifest_describes_the_files_as_they_are(
    store: ObjectStore, catalog: Catalog, tags: tuple[str, ...]
) -> None:
    publish(store, request(*tags, units=(2, 7), seed=5), catalog)
    tag = tags[0] if tags else None
    manifest = _manifest(store, tag)
    tree = objects(store)
    total = {"orders": 0, "order_items": 0}
    for cell in manifest["cells"]:
        folder = f"raw/csv_sales/2026/02/03/unit_{cell['unit']:03d}/" + (f"{tag}/" if tag else "")
        for kind, name in (("orders", "pedido"), ("order_items", "item_pedido")):
            data = tree[f"{folder}{name}.csv"]
            rows = len(_records(data))
            assert cell[kind] == {"rows": rows, "size": len(data), "crc32c": crc32c(data)}
            total[kind] += rows
    assert [(cell["unit"], cell["seed"]) for cell in manifest["cells"]] == [(2, 5), (7, 5)]
    assert (manifest["date"], manifest["window"]) == ("2026-02-03", tag)
    assert (manifest["orders"], manifest["items"]) == tuple(total.values())


def test_the_manifest_comes_after_all_objects_of_its_window(
    store: ObjectStore, catalog: Catalog
) -> None:
    seen: list[set[str]] = []

    def look(done: int, total: int, doing: str) -> None:
        assert (total, bool(doing)) == (2, True)
        assert len(seen) == done
        seen.append(set(objects(store)) - set(objects(store, ANNOUNCEMENT_PREFIX)))

    publish(store, request(LUNCH, DINNER), catalog, progress=look)
    # Before the first window, between the two, and at the end: whole windows with manifests.
    assert [len(names) for names in seen] == [0, 5, 10]
    stored = store.list("raw/")
    for window in (LUNCH, DINNER):
        of_window = [info.generation for info in stored if f"/{window}/" in info.name]
        manifest = store.find(manifest_name(DAY, window))
        assert manifest is not None
        assert manifest.generation >= max(of_window)


def test_the_same_again_writes_nothing(store: ObjectStore, catalog: Catalog) -> None:
    first = publish(store, request(LUNCH), catalog)
    before = store.list("raw/")
    again = publish(store, request(LUNCH), catalog)
    assert store.list("raw/") == before  # names, generations and sizes
    assert (again.created, again.same) == (0, 4)
    assert (again.orders, again.items, again.value_cents) == (
        first.orders, first.items, first.value_cents,
    )  # fmt: skip


def test_more_units_later_join_those_that_exist(
    store: ObjectStore, catalog: Catalog, tmp_path: Path
) -> None:
    publish(store, request(LUNCH, units=(3, 1)), catalog)
    later = publish(store, request(LUNCH, units=(1, 2, 3, 4)), catalog)
    assert (later.created, later.same) == (4, 4)
    at_once = LocalStore(tmp_path / "at_once")
    publish(at_once, request(LUNCH, units=(1, 2, 3, 4)), catalog)
    assert objects(store) == files(at_once.root)


def test_units_of_another_seed_join_the_manifest_with_their_own_seed(
    store: ObjectStore, catalog: Catalog
) -> None:
    publish(store, request(LUNCH, units=(1,), seed=1), catalog)
    publish(store, request(LUNCH, units=(2,), seed=2), catalog)
    cells = _manifest(store, LUNCH)["cells"]
    assert [(cell["unit"], cell["seed"]) for cell in cells] == [(1, 1), (2, 2)]


@pytest.mark.parametrize("tags", [(LUNCH,), ()])
def test_another_seed_is_a_conflict_and_writes_nothing(
    store: ObjectStore, catalog: Catalog, tags: tuple[str, ...]
) -> None:
    publish(store, request(*tags, seed=1), catalog)
    before = store.list("raw/")
    with pytest.raises(ConflictError, match=r"^4 objects exist with other content .*\.$"):
        publish(store, request(*tags, units=(1, 2, 3), seed=2), catalog)
    assert store.list("raw/") == before


def test_one_object_that_differs_stops_a_request_of_many_windows_and_dates(
    store: ObjectStore, catalog: Catalog
) -> None:
    other = NewObject(f"raw/csv_sales/2026/02/05/unit_003/{DINNER}/pedido.csv", b"other")
    store.create([[other]])
    dates = [DAY + timedelta(days=n) for n in range(3)]
    with pytest.raises(ConflictError, match=other.name):
        publish(store, request(LUNCH, DINNER, units=(1, 2, 3), dates=dates), catalog)
    assert objects(store) == {other.name: b"other"}


@pytest.mark.parametrize("tags", [(LUNCH, DINNER), ()])
def test_overwriting_replaces_what_differs_and_only_that(
    store: ObjectStore, catalog: Catalog, tags: tuple[str, ...], tmp_path: Path
) -> None:
    publish(store, request(*tags, units=(1,), seed=1), catalog)
    publish(store, request(*tags, units=(2,), seed=2), catalog)
    before = {info.name: info.generation for info in store.list("raw/csv_sales/")}
    published = publish(store, request(*tags, units=(1, 2, 3), seed=2), catalog, overwrite=True)
    one_third = published.created
    assert (published.same, published.replaced) == (one_third, one_third)
    fresh = LocalStore(tmp_path / "fresh")
    publish(fresh, request(*tags, units=(1, 2, 3), seed=2), catalog)
    assert objects(store) == files(fresh.root)
    for name, generation in before.items():
        now = store.read(name).generation
        assert now > generation if "unit_001" in name else now == generation


@pytest.mark.parametrize(("first", "second"), [((LUNCH,), ()), ((), (LUNCH,))])
def test_bulk_and_incremental_data_refuse_each_other(
    store: ObjectStore, catalog: Catalog, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    publish(store, request(*first, units=(2,)), catalog)
    before = objects(store)
    with pytest.raises(MixError, match=r"^Unit 2 has .* data on 2026-02-03 .*\.$"):
        publish(store, request(*second, units=(1, 2)), catalog)
    with pytest.raises(MixError):  # overwriting is not forcing: the other data would stay
        publish(store, request(*second, units=(2,)), catalog, overwrite=True)
    assert objects(store) == before
    forced = publish(store, request(*second, units=(1, 2)), catalog, force=True)
    assert forced.created == 4
    assert before.items() <= objects(store).items()


def test_bulk_and_incremental_data_of_other_units_or_dates_do_not_meet(
    store: ObjectStore, catalog: Catalog
) -> None:
    publish(store, request(units=(1,)), catalog)
    assert publish(store, request(LUNCH, units=(2,)), catalog).created == 2
    assert (
        publish(store, request(LUNCH, units=(1,), dates=[date(2026, 2, 4)]), catalog).created == 2
    )


def test_a_mix_on_the_last_of_many_dates_writes_nothing_on_the_first(
    store: ObjectStore, catalog: Catalog
) -> None:
    dates = [DAY + timedelta(days=n) for n in range(3)]
    publish(store, request(units=(2,), dates=dates[-1:]), catalog)
    before = objects(store)
    with pytest.raises(MixError):
        publish(store, request(LUNCH, dates=dates), catalog)
    assert objects(store) == before


@pytest.mark.parametrize(
    "stranger",
    ["raw/csv_sales/2026/02/03/unit_abc/pedido.csv", "raw/csv_sales/2026/02/03/notes.csv",
     f"{UNIT_2}/notes.csv", f"{UNIT_2}/window_1214/notes/x.csv"],
)  # fmt: skip
@pytest.mark.parametrize("tags", [(LUNCH,), ()])
def test_objects_of_strangers_are_neither_bulk_nor_incremental_data(
    store: ObjectStore, catalog: Catalog, stranger: str, tags: tuple[str, ...]
) -> None:
    store.create([[NewObject(stranger, b"?")]])
    assert publish(store, request(*tags), catalog).created == 4
    assert store.read(stranger).data == b"?"


@pytest.mark.parametrize("lost", ["manifests", "orders", "a unit", "a window", "all but one"])
def test_a_publication_that_was_cut_off_is_completed_by_the_next(
    store: ObjectStore, catalog: Catalog, lost: str
) -> None:
    wanted = request(LUNCH, DINNER, units=(1, 2, 3))
    publish(store, wanted, catalog)
    whole = objects(store)
    gone = {
        "manifests": "_manifests",
        "orders": "/pedido.csv",
        "a unit": "unit_002",
        "a window": DINNER,
        "all but one": "",
    }[lost]
    for name in [name for name in whole if gone in name][1:]:
        store.delete(name)
    publish(store, wanted, catalog)
    assert objects(store) == whole


def test_no_orders_at_all_are_files_with_a_header(store: ObjectStore, catalog: Catalog) -> None:
    published = publish(store, request(units=(1,), day_orders=(0, 0)), catalog)
    assert (published.created, published.orders, published.items) == (2, 0, 0)
    lines = {name: data for name, data in objects(store).items() if _is_sales(name)}
    assert [data.count(b"\n") for data in lines.values()] == [1, 1]
    assert _manifest(store, None)["orders"] == 0


def test_a_broken_manifest_is_told_by_its_name() -> None:
    name = manifest_name(DAY, LUNCH)
    for data in (b"not json", b"[]", b"{}", b'{"version": 99}'):
        with pytest.raises(InputError, match=name):
            read_manifest(name, data)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"dates": ()}, "at least one date"),
        ({"units": ()}, "and one unit"),
        ({"units": (0, 1)}, "0 units"),
        ({"units": (1, 2**20)}, "1048576 units"),
        ({"seed": -1}, "Seed -1"),
        ({"seed": 2**63}, "Seed 9223372036854775808"),
        ({"dates": (date(2009, 12, 31),)}, "2009-12-31 is out of range"),
        ({"day_orders": (5, 4)}, "5 to 4 orders"),
        ({"day_orders": (-1, 4)}, "-1 to 4 orders"),
        ({"day_orders": (1, 10**6)}, "1 to 1000000 orders"),
    ],
)
def test_what_cannot_be_generated_cannot_be_requested(changed: dict[str, Any], told: str) -> None:
    possible: dict[str, Any] = {"dates": (DAY,), "windows": (), "units": (1,)}
    with pytest.raises(InputError, match=told):
        Request(**(possible | changed))


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"version": 1, "window": ["a"]}'])
def test_a_broken_manifest_is_a_conflict_before_anything_is_written(
    store: ObjectStore, catalog: Catalog, content: bytes
) -> None:
    store.replace(NewObject(manifest_name(DAY, DINNER), content))
    before = objects(store)
    with pytest.raises(ConflictError, match=r"window_1820\.json is not a manifest.*Nothing was"):
        publish(store, request(LUNCH, DINNER), catalog)
    assert objects(store) == before
    publish(store, request(LUNCH, DINNER), catalog, overwrite=True)
    assert _manifest(store, DINNER)["units"] == len(request().units)
