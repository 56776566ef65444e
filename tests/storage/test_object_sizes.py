"""An object of any size: what is too large is reported, unread, and the rest loads."""

import json

import pytest

from core.bronze import quarantine
from core.bronze.events import ObjectEvent, Outcome, deliver
from core.bronze.ingest import size_reason
from core.bronze.validation.bounds import bounds
from core.errors import InputError
from core.operations import repair
from core.pipeline import compare, ingest_pending
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.storage.object_names import quarantine_names, reference_name
from core.storage.object_store import NewObject, ObjectInfo
from tests.support.scenes import DAY, ITEMS_NAME, NOW, ORDERS_NAME, count, ingest, ledger
from tests.support.validate_files import file, item, order

SALES_MOST = bounds("orders").size
LARGE = file("orders", order(1)) + b"\n" * SALES_MOST
REASON = f"The file has {len(LARGE):,} bytes: at most 25,165,824 are read."


def is_in_quarantine_without_its_bytes(platform: Platform) -> bool:
    """Whether the report on the orders says the size, beside an object without bytes."""
    data, report = quarantine_names(ORDERS_NAME)
    told = json.loads(platform.store.read(report).data)
    assert told["unreadable"].startswith(REASON)
    assert told["rows"] == []
    return platform.store.read(data).data == b""


@pytest.mark.both_sides
def test_an_object_that_is_too_large_is_reported_and_the_others_load(platform: Platform) -> None:
    ingest(platform, ORDERS_NAME, file("orders", order(1), order(2)))
    platform.store.replace(NewObject(ORDERS_NAME, LARGE))
    platform.store.replace(NewObject(ITEMS_NAME, file("order_items", item(1))))
    done = ingest_pending(platform, NOW)
    assert (done.objects, done.unreadable, done.rows_loaded) == (2, 1, 1)
    assert count(platform, "bronze.orders") == 0  # the older generation's rows are gone
    assert count(platform, "bronze.order_items") == 1
    noted = ledger(platform, ORDERS_NAME)
    assert noted["reason"].startswith(REASON)
    assert noted["size_bytes"] == len(LARGE)
    assert is_in_quarantine_without_its_bytes(platform)
    assert ingest_pending(platform, NOW).objects == 0
    (line,) = [x for x in compare(platform, (DAY, DAY), NOW, 7).lines
               if (x.verdict, x.unit_id) == (Verdict.QUARANTINED, 7)]  # fmt: skip
    assert line.detail.startswith(REASON)
    with pytest.raises(InputError, match="is not loaded again"):
        repair.load_again(platform, [ORDERS_NAME], NOW)
    platform.store.replace(NewObject(ORDERS_NAME, file("orders", order(3))))
    assert ingest_pending(platform, NOW).rows_loaded == 1
    assert quarantine.find_report(platform.store, ORDERS_NAME) is None


@pytest.mark.both_sides
@pytest.mark.parametrize("says_size", [True, False])
def test_an_event_of_an_object_that_is_too_large_ends_in_quarantine(
    platform: Platform, *, says_size: bool
) -> None:
    platform.store.replace(NewObject(ORDERS_NAME, LARGE))
    info = platform.store.find(ORDERS_NAME)
    assert info
    size = info.size if says_size else None
    event = ObjectEvent(platform.store.bucket, info.name, info.generation, NOW, size=size)
    done = deliver(platform, event, NOW)
    assert done.outcome is Outcome.QUARANTINED
    assert done.detail.startswith(REASON)
    assert is_in_quarantine_without_its_bytes(platform)
    assert deliver(platform, event, NOW).outcome is Outcome.ALREADY


def test_reference_data_of_very_many_units_are_left_to_the_command(platform: Platform) -> None:
    name = reference_name("units")
    platform.store.replace(NewObject(name, file("units", f"1;{'x' * SALES_MOST};1")))
    info = platform.store.find(name)
    assert info
    event = ObjectEvent(platform.store.bucket, name, info.generation, NOW, size=info.size)
    done = deliver(platform, event, NOW)
    assert done.outcome is Outcome.IGNORED
    assert "scripts/ingest_pending.py" in done.detail
    assert ingest_pending(platform, NOW).rows_loaded == 1


@pytest.mark.parametrize(
    ("name", "most"),
    [
        (ORDERS_NAME, SALES_MOST),
        ("raw/csv_sales/odd.csv", SALES_MOST),
        (reference_name("units"), 64 * 2**20),
        ("raw/parquet_sales/2026/02/03/pedido.parquet", 3 * 2**30),
    ],
)
def test_each_kind_of_object_has_its_bound(name: str, most: int) -> None:
    assert not size_reason(ObjectInfo(name, 1, most))
    assert size_reason(ObjectInfo(name, 1, most + 1)).startswith(f"The file has {most + 1:,} bytes")
