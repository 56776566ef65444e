"""The gateway before Cloud Storage, through Google's own client."""

import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from google.api_core.exceptions import BadRequest, PreconditionFailed, TooManyRequests

from core.gcp.clients import storage_client
from core.settings import Cloud
from local_cloud.gateway import CutError, Fault, Gateway

NAME = "raw/csv_sales/2026/02/01/unit_001/window_1214/pedido é+1.csv"


@pytest.fixture
def bucket(cloud: Cloud) -> Iterator[Any]:
    client = storage_client(cloud)
    yield client.bucket(cloud.bucket)
    client.close()


def put(bucket: Any, data: bytes, name: str = NAME, **options: Any) -> int:
    blob = bucket.blob(name)
    blob.upload_from_string(data, **options)
    return int(blob.generation)


def test_a_download_of_a_stale_generation_is_refused(bucket: Any) -> None:
    old = put(bucket, b"1")
    new = put(bucket, b"2")
    assert new > old
    assert bucket.blob(NAME).download_as_bytes(if_generation_match=new) == b"2"
    with pytest.raises(PreconditionFailed):
        bucket.blob(NAME).download_as_bytes(if_generation_match=old)
    with pytest.raises(PreconditionFailed):
        bucket.blob(NAME).reload(if_generation_match=old)


def test_of_many_that_create_an_object_one_wins(bucket: Any) -> None:
    def create(number: int) -> bool:
        try:
            put(bucket, b"%d" % number, if_generation_match=0)
        except PreconditionFailed:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(create, range(8))) == 1


def test_preconditions_of_writes_copies_and_deletes(bucket: Any) -> None:
    old = put(bucket, b"1")
    new = put(bucket, b"2", if_generation_match=old)
    with pytest.raises(PreconditionFailed):
        put(bucket, b"3", if_generation_match=old)
    resumable = bucket.blob(NAME, chunk_size=256 * 1024)
    with pytest.raises(PreconditionFailed):
        resumable.upload_from_file(io.BytesIO(b"4" * 300_000), if_generation_match=0)
    with pytest.raises(PreconditionFailed):
        bucket.copy_blob(bucket.blob(NAME), bucket, "copy", if_source_generation_match=old)
    with pytest.raises(PreconditionFailed):
        bucket.delete_blob(NAME, if_generation_match=old)
    assert bucket.blob(NAME).download_as_bytes() == b"2"
    bucket.delete_blob(NAME, if_generation_match=new)
    assert not bucket.blob(NAME).exists()


def test_an_upload_with_another_checksum_is_refused(bucket: Any, cloud: Cloud) -> None:
    address = f"{cloud.storage_host}/upload/storage/v1/b/{cloud.bucket}/o"
    for given, status in (("crc32c=AAAAAA==", 400), ("crc32c=qTxfkw==", 200)):
        answer = requests.post(
            address, params={"uploadType": "media", "name": "x"}, data=b"x",
            headers={"X-Goog-Hash": given}, timeout=30,
        )  # fmt: skip
        assert answer.status_code == status
    big = bucket.blob("big", chunk_size=256 * 1024)
    big.upload_from_file(io.BytesIO(b"y" * 600_000), checksum="crc32c")
    assert bucket.get_blob("big").size == 600_000
    damaged = bucket.blob("damaged", chunk_size=256 * 1024)
    damaged.crc32c = "AAAAAA=="
    with pytest.raises(BadRequest):
        damaged.upload_from_file(io.BytesIO(b"y" * 600_000), checksum=None)
    assert bucket.get_blob("damaged") is None


def test_operations_are_counted_by_the_class_they_are_billed_as(
    bucket: Any, gateway: Gateway
) -> None:
    put(bucket, b"1")
    bucket.blob("big", chunk_size=256 * 1024).upload_from_file(io.BytesIO(b"y" * 600_000))
    bucket.blob(NAME).download_as_bytes()
    bucket.get_blob(NAME)
    list(bucket.client.list_blobs(bucket))
    bucket.delete_blob(NAME)
    counts = gateway.counts()
    # The library looks at a bucket once, before its first upload.
    assert (counts.class_a, counts.class_b) == (3, 2 + counts.operations["storage:bucket.get"])
    assert counts.operations["storage:delete"] == 1
    assert [entry.status for entry in gateway.log if entry.operation == "delete"] == [200]


def test_every_new_object_is_told_of_with_its_metadata(bucket: Any, gateway: Gateway) -> None:
    told: list[dict[str, Any]] = []
    gateway.storage.listeners.append(told.append)
    blob = bucket.blob(NAME)
    blob.metadata = {"mrhealth-load": "batch"}
    blob.upload_from_string(b"12", content_type="text/csv", checksum="crc32c")
    bucket.copy_blob(blob, bucket, "copy")
    bucket.blob("big", chunk_size=256 * 1024).upload_from_file(io.BytesIO(b"y" * 300_000))
    with pytest.raises(PreconditionFailed):
        put(bucket, b"3", if_generation_match=0)
    assert [event["name"] for event in told] == [NAME, "copy", "big"]
    first = told[0]
    assert first["metadata"] == {"mrhealth-load": "batch"}
    assert (first["generation"], first["size"]) == (str(blob.generation), "2")
    assert {"bucket", "crc32c", "contentType", "timeCreated", "updated"} <= set(first)


def test_a_rule_happens_as_often_as_it_says(bucket: Any, gateway: Gateway) -> None:
    fault = gateway.faults.add(
        Fault(status=429, reason="rateLimitExceeded", operation="upload", times=2, after=1)
    )
    put(bucket, b"1", "a")
    for _ in range(2):
        with pytest.raises(TooManyRequests, match="A fault that a rule"):
            put(bucket, b"1", "b", retry=None)
    put(bucket, b"1", "b")
    assert fault.hits == 2
    assert gateway.counts().class_a == 2


@pytest.mark.parametrize("forwarded", [True, False])
def test_a_broken_connection_before_and_after_the_deed(
    bucket: Any, gateway: Gateway, forwarded: bool
) -> None:
    fault = Fault(reset=True, forwarded=forwarded, operation="upload")
    with gateway.faults.having(fault), pytest.raises(requests.ConnectionError):
        put(bucket, b"1", retry=None)
    assert bucket.blob(NAME).exists() is forwarded


def test_a_hook_sees_the_request_and_may_cut_it(bucket: Any, gateway: Gateway) -> None:
    seen: list[str] = []

    def hook(asked: Any) -> None:
        seen.append(asked.operation)
        assert threading.current_thread() is not threading.main_thread()
        raise CutError

    with gateway.faults.having(Fault(hook=hook, operation="download")):
        put(bucket, b"1")
        with pytest.raises(requests.ConnectionError):
            bucket.blob(NAME).download_as_bytes(retry=None)
    assert seen == ["download"]
    assert bucket.blob(NAME).download_as_bytes() == b"1"
