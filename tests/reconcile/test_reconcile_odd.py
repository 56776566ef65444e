"""Expected against actual where names are odd, and where somebody writes at the same time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from core.operations.cleanup.removal import remove_request
from core.pipeline import compare, ingest_pending, upload
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.storage.object_names import SALES_PREFIX
from core.storage.object_store import NewObject, ObjectStore
from core.storage.object_store.local import output_store
from core.storage.publish import publish
from core.storage.publish_parquet import publish_day
from core.warehouse import BronzeFile, Warehouse
from tests.support.scenes import DAY, NOW, request
from tests.support.validate_files import file, order

pytestmark = [pytest.mark.both_sides, pytest.mark.thorough]

LUNCH, DINNER = "window_1214", "window_1820"


@pytest.fixture
def published(platform: Platform) -> Platform:
    """Two windows of two units in the bucket and in Bronze."""
    upload(platform, request(LUNCH, DINNER), NOW)
    return platform


def test_strangers_in_the_bucket_do_not_disturb(published: Platform) -> None:
    for name in ("raw/csv_sales/2026/02/03/unit_x/pedido.csv", "raw/csv_sales/2026/02/03/a.csv"):
        published.store.replace(NewObject(name, file("orders", order(1))))
    lines = compare(published, (DAY, DAY), NOW).lines
    before = compare(published, (DAY, DAY), NOW).unknown
    ingest_pending(published, NOW)
    after = compare(published, (DAY, DAY), NOW).unknown
    assert compare(published, (DAY, DAY), NOW).lines == lines
    assert [name for name, _ in before] == [name for name, _ in after]
    assert [name.rpartition("/")[2] for name, _ in after] == ["a.csv", "pedido.csv"]
    assert {detail for _, detail in before} == {"not ingested yet"}
    assert all("is not the name of a sales object" in detail for _, detail in after)


def test_a_window_that_does_not_exist_is_a_stranger(published: Platform) -> None:
    name = "raw/csv_sales/2026/02/03/unit_001/window_1113/pedido.csv"
    published.store.replace(NewObject(name, file("orders", order(1))))
    ingest_pending(published, NOW)
    ((found, detail),) = compare(published, (DAY, DAY), NOW).unknown
    assert found == name
    assert "window_1113 is not a business window" in detail


@pytest.mark.parametrize(
    "rest", ["éa.csv", "unit_001/window_1214/éa.csv", "\U0001f600.csv", "unit_000/pedido.csv",
             "unit_9999999/window_1214/pedido.csv"],
)  # fmt: skip
def test_a_stranger_with_any_name_is_found_in_bronze(platform: Platform, rest: str) -> None:
    name = f"{SALES_PREFIX}2026/02/03/{rest}"
    platform.store.replace(NewObject(name, file("orders", order(1))))
    assert compare(platform, (DAY, DAY), NOW).unknown == [(name, "not ingested yet")]
    ingest_pending(platform, NOW)
    ((found, detail),) = compare(platform, (DAY, DAY), NOW).unknown
    assert found == name
    assert "is not the name of a sales object" in detail


@pytest.mark.parametrize(
    "name",
    [
        "raw/csv_sales/2026/02/03/unit_002/window_1820/PEDIDO.CSV",
        "raw/csv_sales/2026/02/03/unit_002/pedido.Csv",
        "raw/csv_sales/2026/02/03/pedido.parquet",
        "raw/parquet_sales/2026/02/03/PEDIDO.PARQUET",
        "raw/parquet_sales/2026/02/03/pedido.csv",
    ],
)
def test_what_looks_like_sales_and_is_loaded_by_nothing_is_named(
    published: Platform, name: str
) -> None:
    published.store.replace(NewObject(name, file("orders", order(1))))
    ingest_pending(published, NOW)
    ((found, detail),) = compare(published, (DAY, DAY), NOW).unknown
    assert (found, detail.partition(":")[0]) == (name, "nothing loads it")


@pytest.mark.folder_only
@pytest.mark.parametrize("there", ["incremental", "bulk", "parquet"])
@pytest.mark.parametrize("generated", ["incremental", "bulk", "parquet"])
def test_what_the_output_folder_has_makes_no_mix(
    platform: Platform, there: str, generated: str
) -> None:
    output = output_store(str(platform.settings.home / "output"))

    def put(store: ObjectStore, kind: str) -> None:
        wanted = request(*([LUNCH] if kind == "incremental" else []))
        make = publish_day if kind == "parquet" else publish
        make(store, wanted, platform.catalog)

    put(platform.store, there)
    ingest_pending(platform, NOW)
    alone = compare(platform, (DAY, DAY), NOW, 2).lines
    put(output, generated)
    assert compare(platform, (DAY, DAY), NOW, 2, output).lines == alone
    assert Verdict.IN_BRONZE in {line.verdict for line in alone}


class _Meanwhile:
    """A warehouse that is first read when somebody has just done something."""

    def __init__(self, warehouse: Warehouse, work: Callable[[], object]) -> None:
        self._warehouse = warehouse
        self._work = [work]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._warehouse, name)

    def bronze_files(self, bucket: str, first: str, stop: str) -> list[BronzeFile]:
        if self._work:
            self._work.pop()()
        return self._warehouse.bronze_files(bucket, first, stop)


@pytest.mark.parametrize("what", ["new", "replaced", "deleted", "other kind"])
def test_what_changes_while_a_date_is_read_is_seen_before_or_after_it(
    published: Platform, what: str
) -> None:
    def write() -> None:
        if what == "new":
            upload(published, request(LUNCH, units=(1, 2, 3), seed=7), NOW, overwrite=True)
        if what == "replaced":
            upload(published, request(LUNCH, seed=7), NOW, overwrite=True)
        if what in ("deleted", "other kind"):
            remove_request(published, request(DINNER, LUNCH))
        if what == "other kind":
            upload(published, request(units=(1, 2)), NOW)

    meanwhile = cast("Warehouse", _Meanwhile(published.warehouse, write))
    during = compare(replace(published, warehouse=meanwhile), (DAY, DAY), NOW, 2).lines
    assert during == compare(published, (DAY, DAY), NOW, 2).lines
    assert {line.verdict for line in during} <= {Verdict.IN_BRONZE, Verdict.MISSING}
