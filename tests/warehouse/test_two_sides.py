"""The same input through folder and DuckDB, and through Google's clients: equal tables."""

import dataclasses
from decimal import Decimal
from typing import Any

import pytest

from core.insight.layer_figures import bronze_days, daily_sales, layers
from core.pipeline import compare, ingest_pending, rebuild, upload
from core.platform import Platform
from core.reconcile.compare import summarise
from core.settings import Settings
from core.storage.object_store import NewObject
from tests.support.scenes import DAY, ITEMS_NAME, NOW, ORDERS_NAME, objects, request, rows
from tests.support.validate_files import file, item, order

# What only one side can have: generations are moments of a disk or of a server, and what follows.
_OWN = {"bucket", "generation", "bronze_version", "version"}
_CLOUD_S = {"bronze._origin"}  # has a row on Google Cloud alone


@pytest.fixture
def sides(platform: Platform, cloud_settings: Settings) -> tuple[Platform, Platform]:
    """Both sides, filled with the same sales, some of them bad."""
    cloud = dataclasses.replace(Platform.of(cloud_settings), has_events=False)
    for each in (platform, cloud):
        upload(each, request("window_1214", "window_1820", units=(1, 2, 3)), NOW)
        each.store.replace(NewObject(ORDERS_NAME, file("orders", order(4, Status="?"))))
        each.store.replace(NewObject(ITEMS_NAME, file("order_items", item(1, Qtd="0"))))
        each.store.replace(NewObject("raw/csv_sales/2026/02/03/odd.csv", b"x\n"))
        ingest_pending(each, NOW)
    return platform, cloud


def _tables(platform: Platform) -> dict[str, list[list[tuple[str, Any]]]]:
    content = {}
    for table in platform.warehouse.tables() - _CLOUD_S:
        found = rows(platform, f"SELECT * FROM {table}")
        plain = [[(k, _plain(v)) for k, v in row.items() if k not in _OWN] for row in found]
        content[table] = sorted(plain, key=str)
    return content


def _plain(value: Any) -> Any:
    """A value by its worth: the engines write the same amount with more or fewer zeros."""
    return value.normalize() if isinstance(value, Decimal) else value


def test_every_table_of_every_layer_is_equal_row_by_row(sides: tuple[Platform, Platform]) -> None:
    folder, cloud = sides
    reports = [rebuild(each) for each in sides]
    for one, other in zip(*reports, strict=True):
        assert (one.layer, one.published, one.tables) == (
            other.layer,
            other.published,
            other.tables,
        )
        assert [check.passed for check in one.checks] == [check.passed for check in other.checks]
    assert {report.published for report in reports[0]} == {True}
    by_folder, by_cloud = _tables(folder), _tables(cloud)
    assert set(by_folder) == set(by_cloud)
    assert len(by_folder) == 9 + 6 + 9
    for table, content in by_folder.items():
        pairs = zip(content, by_cloud[table], strict=True)
        assert [pair for pair in pairs if pair[0] != pair[1]][:1] == [], table
    assert {info.name for info in folder.store.list("")} == {
        info.name for info in cloud.store.list("")
    }


def test_objects_are_equal_byte_by_byte(sides: tuple[Platform, Platform]) -> None:
    folder, cloud = (objects(each.store, "raw/") for each in sides)
    assert folder == cloud


def test_every_question_has_the_same_answer(sides: tuple[Platform, Platform]) -> None:
    folder, cloud = sides
    for each in sides:
        rebuild(each)
    assert bronze_days(folder.warehouse, DAY, DAY) == bronze_days(cloud.warehouse, DAY, DAY)
    assert daily_sales(folder.warehouse, 7) == daily_sales(cloud.warehouse, 7)
    assert layers(folder.warehouse) == layers(cloud.warehouse)
    found = [compare(each, (DAY, DAY), NOW, 7) for each in sides]
    assert found[0] == found[1]
    assert summarise(found[0].lines)
    assert found[0].unknown
