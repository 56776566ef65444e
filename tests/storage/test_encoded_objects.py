"""Objects of Cloud Storage with `Content-Encoding: gzip`: compared as what they decode to."""

import gzip

import pytest

from core import pipeline
from core.gcp.clients import storage_client
from core.insight import bucket
from core.pipeline import ingest_pending
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.settings import Cloud, Settings
from core.storage.manifest import read_manifest
from core.storage.object_names import day_prefix, manifest_name
from core.storage.publish import publish
from tests.support.scenes import DAY, NOW, request

LUNCH = "window_1214"


def _encode(cloud: Cloud, name: str, data: bytes) -> None:
    blob = storage_client(cloud).bucket(cloud.bucket).blob(name)
    blob.content_encoding = "gzip"
    blob.upload_from_string(gzip.compress(data), content_type="text/csv")


@pytest.fixture
def side(cloud_settings: Settings) -> str:
    assert cloud_settings.cloud
    return "cloud"


def _verdicts(platform: Platform) -> set[Verdict]:
    lines = pipeline.compare(platform, (DAY, DAY), NOW).lines
    return {line.verdict for line in lines if line.window_tag == LUNCH}


def test_a_compressed_object_is_in_bronze_as_its_manifest_says(platform: Platform) -> None:
    cloud = platform.settings.cloud
    assert cloud
    store = platform.store
    publish(store, request(LUNCH), platform.catalog)
    for info in store.list(day_prefix(DAY)):
        _encode(cloud, info.name, store.read(info.name).data)
    listed = store.list(day_prefix(DAY))
    assert all(info.encoded and not info.crc32c for info in listed)
    assert _verdicts(platform) == {Verdict.UPLOADED}
    assert ingest_pending(platform, NOW).objects == 4
    assert _verdicts(platform) == {Verdict.IN_BRONZE}
    again = publish(store, request(LUNCH), platform.catalog)
    assert (again.created, again.same) == (0, 4)
    name = manifest_name(DAY, LUNCH)
    manifest = read_manifest(name, store.read(name).data)
    compared = bucket.compare_manifest(store, manifest, listed)
    assert [line.fault for line in compared] == [""] * 4


def test_a_compressed_object_of_other_bytes_is_found(platform: Platform) -> None:
    cloud = platform.settings.cloud
    assert cloud
    pipeline.upload(platform, request(LUNCH), NOW)
    first = platform.store.list(day_prefix(DAY))[0].name
    _encode(cloud, first, platform.store.read(first).data + b"\n")
    assert _verdicts(platform) == {Verdict.MISMATCH, Verdict.IN_BRONZE}
