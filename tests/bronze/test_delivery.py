"""One event of the bucket: what it leads to, and when it has to come again."""

from datetime import timedelta

import pytest

from core.bronze import events
from core.bronze.events import Delivered, ObjectEvent, Outcome, deliver
from core.bronze.reference_data import publish_reference
from core.errors import TransientError
from core.pipeline import ingest_pending
from core.platform import Platform
from core.storage.object_names import reference_name
from core.storage.object_store import NewObject
from tests.support.scenes import ITEMS_NAME, NOW, ORDERS_NAME, count, ledger, quarantined, rows
from tests.support.validate_files import file, order, uuid

pytestmark = pytest.mark.both_sides

GOOD = file("orders", order(1), order(2), order(3))
BAD_LINE = order(4, Status="Perdido")
SOON = NOW + timedelta(seconds=2)


def write(platform: Platform, name: str, data: bytes, *, batched: bool = False) -> ObjectEvent:
    """Put an object into the bucket; the event of it."""
    platform.store.replace(NewObject(name, data, batched))
    info = platform.store.find(name)
    assert info is not None
    return ObjectEvent(platform.store.bucket, name, info.generation, NOW, batched)


def test_an_event_takes_its_object_to_bronze(platform: Platform) -> None:
    event = write(platform, ORDERS_NAME, GOOD)
    assert deliver(platform, event, SOON) == Delivered(Outcome.LOADED, "", 3, 3, 0)
    assert ledger(platform, ORDERS_NAME)["generation"] == event.generation
    assert ingest_pending(platform, SOON).objects == 0


def test_the_same_event_again_adds_nothing(platform: Platform) -> None:
    event = write(platform, ORDERS_NAME, GOOD)
    deliver(platform, event, SOON)
    for later in (timedelta(0), timedelta(days=1)):
        assert deliver(platform, event, SOON + later).outcome is Outcome.ALREADY
    assert count(platform, "bronze.orders") == 3
    assert count(platform, "bronze._ingested_objects") == 1


def test_bad_rows_are_in_quarantine_when_the_event_is_done(platform: Platform) -> None:
    event = write(platform, ORDERS_NAME, GOOD + f"{BAD_LINE}\n".encode())
    assert deliver(platform, event, SOON) == Delivered(Outcome.LOADED, "", 4, 3, 1)
    assert len(quarantined(platform)) == 2


def test_a_file_that_cannot_be_read_is_in_quarantine_whole(platform: Platform) -> None:
    done = deliver(platform, write(platform, ORDERS_NAME, b"no header\n1\n"), SOON)
    assert (done.outcome, done.rows_loaded) == (Outcome.QUARANTINED, 0)
    assert "header" in done.detail
    assert len(quarantined(platform)) == 2
    assert ledger(platform, ORDERS_NAME)["reason"] == done.detail


def test_a_clean_generation_takes_the_old_one_and_its_quarantine_away(platform: Platform) -> None:
    deliver(platform, write(platform, ORDERS_NAME, GOOD + f"{BAD_LINE}\n".encode()), SOON)
    event = write(platform, ORDERS_NAME, file("orders", order(9)))
    assert deliver(platform, event, SOON).rows_loaded == 1
    assert [row["id_pedido"] for row in rows(platform, "SELECT id_pedido FROM bronze.orders")] == [
        uuid(9)
    ]
    assert quarantined(platform) == {}
    assert ledger(platform, ORDERS_NAME)["generation"] == event.generation


def test_an_event_of_a_generation_that_was_overwritten_is_superseded(platform: Platform) -> None:
    old = write(platform, ORDERS_NAME, GOOD)
    new = write(platform, ORDERS_NAME, file("orders", order(9)))
    platform.warehouse.create_bronze()
    assert deliver(platform, old, SOON).outcome is Outcome.SUPERSEDED
    assert count(platform, "bronze.orders") == 0
    assert deliver(platform, new, SOON).outcome is Outcome.LOADED
    assert deliver(platform, old, SOON).outcome is Outcome.SUPERSEDED
    assert count(platform, "bronze.orders") == 1


def test_an_object_that_cannot_be_seen_yet_has_its_event_come_again(platform: Platform) -> None:
    event = ObjectEvent(platform.store.bucket, ORDERS_NAME, 5, NOW)
    with pytest.raises(TransientError, match="cannot be seen yet"):
        deliver(platform, event, SOON)


def test_a_generation_newer_than_what_can_be_seen_comes_again(platform: Platform) -> None:
    event = write(platform, ORDERS_NAME, GOOD)
    ahead = ObjectEvent(event.bucket, event.name, event.generation + 10**6, NOW)
    with pytest.raises(TransientError, match="cannot be seen in generation"):
        deliver(platform, ahead, SOON)


def test_an_object_that_was_deleted_is_gone(platform: Platform) -> None:
    event = write(platform, ORDERS_NAME, GOOD)
    platform.store.delete(ORDERS_NAME)
    late = NOW + events.VISIBLE_AFTER
    assert deliver(platform, event, late).outcome is Outcome.GONE
    assert deliver(platform, event, NOW + timedelta(days=1)).outcome is Outcome.GONE


@pytest.mark.parametrize("name", [ORDERS_NAME + ".gz", "raw/_manifests/x.json", "quarantine/a.csv"])
def test_other_objects_are_ignored(platform: Platform, name: str) -> None:
    assert deliver(platform, write(platform, name, GOOD), SOON).outcome is Outcome.IGNORED


def test_another_bucket_is_ignored(platform: Platform) -> None:
    event = ObjectEvent("somebody-elses", ORDERS_NAME, 1, NOW)
    assert deliver(platform, event, SOON).outcome is Outcome.IGNORED


def test_reference_data_is_taken_too(platform: Platform) -> None:
    publish_reference(platform.store, platform.catalog, 2)
    info = platform.store.find(reference_name("units"))
    assert info is not None
    event = ObjectEvent(platform.store.bucket, info.name, info.generation, NOW)
    assert deliver(platform, event, SOON) == Delivered(Outcome.LOADED, "", 2, 2, 0)


def test_a_marked_object_is_left_to_whoever_wrote_it(platform: Platform) -> None:
    event = write(platform, ITEMS_NAME, file("order_items"), batched=True)
    with pytest.raises(TransientError, match="not loaded yet by whoever wrote it"):
        deliver(platform, event, SOON)
    ingest_pending(platform, SOON)
    assert deliver(platform, event, SOON).outcome is Outcome.ALREADY


def test_a_marked_object_that_nobody_loads_is_loaded_in_the_end(platform: Platform) -> None:
    event = write(platform, ORDERS_NAME, GOOD, batched=True)
    assert deliver(platform, event, NOW + events.BATCH_AFTER).rows_loaded == 3
    assert count(platform, "bronze.orders") == 3
