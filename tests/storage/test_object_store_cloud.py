"""A bucket of Google Cloud Storage: what is about requests, their answers, and faults between."""

import dataclasses
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from core.errors import (
    ConflictError,
    MissingObjectError,
    PlatformError,
    SettingsError,
    StoreError,
    TransientError,
)
from core.gcp.clients import storage_client
from core.generation.catalog import Catalog
from core.settings import Cloud
from core.storage.object_names import MANIFEST_PREFIX
from core.storage.object_store import LocalStore, NewObject
from core.storage.object_store.checksums import crc32c
from core.storage.object_store.gcs import GcsStore
from core.storage.publish import EVENT_CELLS, publish
from local_cloud.gateway import Fault, Gateway
from tests.support.scenes import objects, request

A = "raw/csv_sales/2026/02/03/unit_001/window_1214/pedido.csv"
LUNCH = "window_1214"

DIGEST = "google.cloud.storage._media._helpers.prepare_checksum_digest"


@pytest.fixture
def store(cloud: Cloud) -> GcsStore:
    """An empty bucket, whose requests are tried again for a second."""
    return GcsStore(cloud, wait_s=1)


def _upload_bodies(gateway: Gateway) -> list[bytes]:
    """Bodies of the uploads from now on."""
    seen: list[bytes] = []
    gateway.faults.add(
        Fault(operation="upload", times=None, hook=lambda asked: seen.append(asked.body))
    )
    return seen


def test_nothing_is_contacted_before_the_first_use(cloud: Cloud, gateway: Gateway) -> None:
    store = GcsStore(cloud)
    assert (store.bucket, gateway.log) == (cloud.bucket, [])
    store.list("raw/")
    assert len(gateway.log) == 1


def test_each_upload_carries_its_checksum_and_the_server_refuses_damage(
    store: GcsStore, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = _upload_bodies(gateway)
    store.create([[NewObject(A, b"one")]])
    assert json.dumps(crc32c(b"one")).encode() in bodies[0]
    with monkeypatch.context() as damaged:
        # The checksum is made of the bytes before they travel: damage is a checksum of others.
        damaged.setattr(DIGEST, lambda _: crc32c(b"other"))
        with pytest.raises(StoreError, match=r"400 invalid .*does not match"):
            store.replace(NewObject(A, b"two"))
    assert store.read(A).data == b"one"


def test_damage_on_the_way_down_is_found_and_passes(
    store: GcsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.create([[NewObject(A, b"one")]])
    with monkeypatch.context() as damaged:
        damaged.setattr(DIGEST, lambda _: crc32c(b"other"))
        with pytest.raises(TransientError, match="DataCorruption"):
            store.read(A)
    assert store.read(A).data == b"one"


@pytest.mark.parametrize(
    ("name", "batched", "content_type", "metadata"),
    [
        (A, False, "text/csv; charset=utf-8", None),
        (A, True, "text/csv; charset=utf-8", {"mrhealth-load": "batch"}),
        ("raw/_manifests/2026/02/03/day.json", False, "application/json", None),
    ],
)
def test_objects_say_what_they_are_and_who_loads_them(
    store: GcsStore, cloud: Cloud, name: str, batched: bool, content_type: str, metadata: object
) -> None:
    store.create([[NewObject(name, b"x", batched)]])
    blob = storage_client(cloud).bucket(cloud.bucket).get_blob(name)
    assert (blob.content_type, blob.metadata) == (content_type, metadata)


def test_objects_of_a_large_request_are_marked_and_those_of_a_small_one_are_not(
    store: GcsStore, gateway: Gateway, catalog: Catalog
) -> None:
    bodies = _upload_bodies(gateway)
    publish(store, request(LUNCH, units=range(1, EVENT_CELLS + 1)), catalog)
    assert not any(b"mrhealth-load" in body for body in bodies)
    bodies.clear()
    publish(store, request(LUNCH, units=range(1, EVENT_CELLS + 2)), catalog)
    sales = [body for body in bodies if b"raw/csv_sales/" in body.partition(b"\r\n\r\n")[2][:300]]
    assert len(sales) == 2  # of the one unit that was not there
    assert all(b'"mrhealth-load": "batch"' in body for body in sales)


def test_an_object_of_many_megabytes_is_written_once_and_checked(
    store: GcsStore, gateway: Gateway
) -> None:
    data = b"0123456789abcdef" * 600_000  # more than the library sends in one request
    assert store.create([[NewObject(A, data)]]) == 1
    assert (gateway.counts().class_a, gateway.counts().class_b) == (1, 0)
    assert store.create([[NewObject(A, data)]]) == 0
    with pytest.raises(ConflictError):
        store.create([[NewObject(A, data + b"x")]])
    assert store.read(A).data == data


def test_there_are_connections_enough_for_all_threads(
    store: GcsStore, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        store.create([[NewObject(f"raw/{number}.csv", b"x")] for number in range(100)])
    assert caplog.messages == []


# --- faults ---

CALLS: dict[str, Callable[[GcsStore], Any]] = {
    "list": lambda store: store.list("raw/"),
    "get": lambda store: store.find(A),
    "download": lambda store: store.read(A),
    "upload": lambda store: store.create([[NewObject(f"{A}.new", b"new")]]),
    "delete": lambda store: store.delete(A),
}


@pytest.mark.parametrize(
    ("status", "reason", "error", "told"),
    [
        (400, "invalid", StoreError, "400 invalid"),
        (401, "authError", SettingsError, "GOOGLE_APPLICATION_CREDENTIALS"),
        (403, "forbidden", StoreError, "Grant the roles"),
        (403, "rateLimitExceeded", TransientError, "403 rateLimitExceeded"),
        (403, "quotaExceeded", TransientError, "403 quotaExceeded"),
        (408, "requestTimeout", TransientError, "408"),
        (429, "rateLimitExceeded", TransientError, "429 rateLimitExceeded"),
        (500, "backendError", TransientError, "500"),
        (503, "backendError", TransientError, "503 backendError"),
    ],
)
@pytest.mark.parametrize("operation", CALLS)
def test_a_fault_that_stays_is_told_and_its_type_says_whether_to_try_again(
    store: GcsStore, gateway: Gateway, operation: str, status: int, reason: str,
    error: type[PlatformError], told: str,
) -> None:  # fmt: skip
    store.create([[NewObject(A, b"one")]])
    fault = Fault(operation=operation, status=status, reason=reason, times=None)
    with gateway.faults.having(fault), pytest.raises(error, match=told) as raised:
        CALLS[operation](store)
    sentence = str(raised.value)
    assert type(raised.value) is error
    assert sentence.startswith("Cannot ")
    assert store.bucket in sentence
    assert "http" not in sentence  # no addresses: an upload's can be used by whoever reads it
    assert "\n" not in sentence
    assert objects(store) == {A: b"one"}


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 429}, {"reset": True}])
def test_a_fault_that_passes_is_not_noticed(
    cloud: Cloud, gateway: Gateway, operation: str, fault: dict[str, Any]
) -> None:
    store = GcsStore(cloud)
    store.create([[NewObject(A, b"one")]])
    rule = gateway.faults.add(Fault(operation=operation, times=2, **fault))
    CALLS[operation](store)
    assert rule.hits == 2
    gateway.faults.clear()
    assert objects(store) == {
        "list": {A: b"one"}, "get": {A: b"one"}, "download": {A: b"one"}, "delete": {},
        "upload": {A: b"one", f"{A}.new": b"new"},
    }[operation]  # fmt: skip


def test_five_faults_and_then_success_are_not_noticed(cloud: Cloud, gateway: Gateway) -> None:
    rule = gateway.faults.add(Fault(operation="upload", status=503, times=5))
    assert GcsStore(cloud).create([[NewObject(A, b"one")]]) == 1
    assert rule.hits == 5


@pytest.mark.parametrize("operation", ["list", "download", "upload"])
def test_an_answer_lost_after_a_call_longer_than_the_wait_is_fetched_by_a_second_call(
    cloud: Cloud, gateway: Gateway, operation: str
) -> None:
    store = GcsStore(cloud, wait_s=1.0)
    store.create([[NewObject(A, b"one")]])
    lost = Fault(operation=operation, reset=True, delay_s=1.3)
    with gateway.faults.having(lost):
        CALLS[operation](store)
    assert lost.hits == 1


@pytest.mark.parametrize("fault", [{"reset": True}, {"status": 500}, {"status": 503}])
def test_an_upload_whose_answer_was_lost_is_a_success(
    cloud: Cloud, gateway: Gateway, catalog: Catalog, fault: dict[str, Any]
) -> None:
    store = GcsStore(cloud)
    gateway.faults.add(Fault(operation="upload", forwarded=True, times=3, **fault))
    done = publish(store, request(LUNCH), catalog)
    assert (done.created + done.same, done.replaced) == (4, 0)
    before = store.list("")
    assert publish(store, request(LUNCH), catalog).created == 0
    assert store.list("") == before  # each object once, in the generation of its first upload


def test_a_replacement_whose_answer_was_lost_is_a_success(cloud: Cloud, gateway: Gateway) -> None:
    store = GcsStore(cloud)
    store.create([[NewObject(A, b"one")]])
    generation = store.read(A).generation
    gateway.faults.add(Fault(operation="upload", forwarded=True, reset=True))
    store.replace(NewObject(A, b"two"), if_generation=generation)
    assert store.read(A).data == b"two"


@pytest.mark.parametrize("done", range(10))
def test_a_publication_cut_at_any_upload_is_completed_by_the_next(
    store: GcsStore, gateway: Gateway, catalog: Catalog, tmp_path: Any, done: int
) -> None:
    wanted = request(LUNCH, "window_1820")  # of two units: an announcement, 8 objects, 2 manifests
    whole = LocalStore(tmp_path / "whole")
    publish(whole, wanted, catalog)
    fault = Fault(
        operation="upload", status=403, reason="rateLimitExceeded", after=done, times=None
    )
    with gateway.faults.having(fault), pytest.raises(TransientError, match="rateLimitExceeded"):
        publish(store, wanted, catalog)
    left = objects(store)
    assert len(left) == max(done - 1, 0)  # the announcement is taken back
    _stands_in_order(left)
    publish(store, wanted, catalog)
    assert objects(store) == objects(whole)


def _stands_in_order(left: dict[str, bytes]) -> None:
    """No order without its items, no manifest without its objects."""
    for name in left:
        if name.endswith("/pedido.csv"):
            assert name.replace("/pedido.csv", "/item_pedido.csv") in left
        if name.startswith(MANIFEST_PREFIX):
            window = name.rpartition("/")[2].removesuffix(".json")
            assert sum(window in other for other in left) == 5


def test_where_one_fails_those_under_way_end_whole_and_the_rest_waits_for_the_next_call(
    store: GcsStore, gateway: Gateway
) -> None:
    groups = [
        [NewObject(f"raw/x/unit_{unit:03d}/{name}", b"%d" % unit) for name in ("a.csv", "b.csv")]
        for unit in range(1, 151)
    ]
    fault = Fault(operation="upload", status=403, reason="forbidden", after=50, times=1)
    with gateway.faults.having(fault), pytest.raises(StoreError, match="forbidden"):
        store.create(groups)
    left = objects(store)
    assert 50 <= len(left) < 250
    assert all(f"{name[:-5]}a.csv" in left for name in left)
    assert store.create(groups) == 300 - len(left)


def test_a_bucket_that_is_not_there_is_told_with_a_way_out(cloud: Cloud, catalog: Catalog) -> None:
    nowhere = GcsStore(dataclasses.replace(cloud, bucket="mr-health-nowhere"))
    for call in ("list", "upload"):
        with pytest.raises(StoreError, match=r"no bucket 'mr-health-nowhere'.*GCS_BUCKET_NAME"):
            CALLS[call](nowhere)
    with pytest.raises(MissingObjectError):
        nowhere.read(A)
    with pytest.raises(StoreError, match="no bucket"):
        publish(nowhere, request(LUNCH), catalog)
