"""What a spoiler makes of a cell is published, and clean data stays as it is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import ConflictError, InputError
from core.generation.catalog import load_catalog
from core.generation.windows import WindowOfDay
from core.storage.delivery import Delivery, Held
from core.storage.manifest import read_manifest
from core.storage.object_names import (
    held_name,
    manifest_name,
    parse_held_name,
    scenario_record_name,
)
from core.storage.object_store import NewObject
from core.storage.object_store.local import LocalStore
from core.storage.publish import Published, Request, publish
from tests.support.faults import Faults
from tests.support.scenes import DAY, files, request

CATALOG = load_catalog()
NOON = datetime(2026, 2, 3, 15, 0, tzinfo=UTC)


def _late(_: WindowOfDay, unit: int, delivery: Delivery) -> Delivery:
    """Unit 2 comes at noon."""
    if unit != 2:
        return delivery
    return delivery._replace(objects=(), held=tuple(Held(new, NOON) for new in delivery.objects))


def _silent(_: WindowOfDay, unit: int, delivery: Delivery) -> Delivery:
    return Delivery((), None) if unit == 2 else delivery


def _header(_: WindowOfDay, unit: int, delivery: Delivery) -> Delivery:
    items, orders = delivery.objects
    empty = orders._replace(data=orders.data.partition(b"\n")[0] + b"\n")
    return delivery._replace(objects=(items, empty)) if unit == 2 else delivery


def _copied(_: WindowOfDay, unit: int, delivery: Delivery) -> Delivery:
    items, orders = delivery.objects
    copy = NewObject(orders.name.replace("pedido.csv", "pedido_copy.csv"), orders.data)
    if unit != 2:
        return delivery
    return delivery._replace(objects=(items, orders, copy), again=(items.name,))


CHANGES = {"late": _late, "silent": _silent, "header-only": _header, "copied": _copied}


def _publish(
    folder: Path, sales: Request, name: str | None = None, *, overwrite: bool = False
) -> Published:
    spoiler = Faults(name, sales, CHANGES[name]) if name else None
    return publish(LocalStore(folder), sales, CATALOG, overwrite=overwrite, spoiler=spoiler)


@pytest.mark.parametrize("name", CHANGES)
def test_a_delivery_published_twice_is_the_same(tmp_path: Path, name: str) -> None:
    sales = request("window_1214", "window_1416")
    _publish(tmp_path, sales, name)
    once = files(tmp_path)
    again = _publish(tmp_path, sales, name)
    assert files(tmp_path) == once
    assert (again.created, again.replaced) == (0, 0)


@pytest.mark.parametrize("name", CHANGES)
def test_a_delivery_over_clean_data_is_a_conflict_unless_it_overwrites(
    tmp_path: Path, name: str
) -> None:
    sales = request("window_1214")
    _publish(tmp_path / "fresh", sales, name)
    _publish(tmp_path / "over", sales)
    clean = files(tmp_path / "over")
    if name != "copied":  # all its other bytes are clean
        with pytest.raises(ConflictError, match="nothing was written"):
            _publish(tmp_path / "over", sales, name)
        assert files(tmp_path / "over") == clean
    _publish(tmp_path / "over", sales, name, overwrite=True)
    assert files(tmp_path / "over") == files(tmp_path / "fresh")


def test_a_released_object_is_not_held_again(tmp_path: Path) -> None:
    sales = request("window_1214")
    _publish(tmp_path, sales, "late")
    store = LocalStore(tmp_path)
    for info in store.list("raw/_held/"):
        parsed = parse_held_name(info.name)
        assert parsed
        assert parsed.moment == NOON
        store.create([[NewObject(parsed.name, store.read(info.name).data)]])
        store.delete(info.name)
    released = files(tmp_path)
    _publish(tmp_path, sales, "late")
    assert files(tmp_path) == released
    clean = tmp_path / "clean"
    _publish(clean, sales)
    sales_files = {name: data for name, data in released.items() if "csv_sales" in name}
    assert sales_files == {n: data for n, data in files(clean).items() if "csv_sales" in n}


def test_a_clean_publication_over_faults_names_their_scenario(tmp_path: Path) -> None:
    sales = request("window_1214")
    _publish(tmp_path, sales, "header-only")
    with pytest.raises(ConflictError, match="under the scenario header-only"):
        _publish(tmp_path, sales)
    _publish(tmp_path, sales, overwrite=True)
    _publish(tmp_path / "clean", sales)
    clean = files(tmp_path / "clean")
    assert {name: data for name, data in files(tmp_path).items() if name in clean} == clean


def test_a_manifest_names_the_scenario_and_leaves_out_silent_units(tmp_path: Path) -> None:
    sales = request("window_1214")
    _publish(tmp_path, sales, "silent")
    name = manifest_name(DAY, "window_1214")
    cells = read_manifest(name, LocalStore(tmp_path).read(name).data).cells
    assert {unit: cell.scenario for unit, cell in cells.items()} == {1: "silent"}


def test_whole_days_cannot_be_spoiled(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="windows"):
        _publish(tmp_path, request(), "silent")
    assert files(tmp_path) == {}


def test_names_of_held_objects_read_back() -> None:
    name = "raw/csv_sales/2026/02/03/unit_007/window_1214/pedido.csv"
    assert held_name(name, NOON) == f"raw/_held/20260203T150000Z/{name}"
    assert held_name(name, None) == f"raw/_held/never/{name}"
    for moment in (NOON, None):
        parsed = parse_held_name(held_name(name, moment))
        assert parsed
        assert (parsed.name, parsed.moment) == (name, moment)
    assert parse_held_name(f"raw/_held/20261301T150000Z/{name}") is None
    assert scenario_record_name("a-b", "0123") == "raw/_scenarios/a-b-0123.json"
