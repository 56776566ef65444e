"""`process_csv` under functions-framework, over the embedded default: what is acknowledged."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.platform import Platform
from core.storage.object_names import SALES_PREFIX
from core.storage.object_store import NewObject
from core.storage.publish import Request, publish
from tests.cloud_function.test_function_calls import client, lines


@pytest.fixture
def processor(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("MRHEALTH_HOME", str(platform.settings.home))
    return client("process_csv", "cloudevent")


def event(platform: Platform, name: str, **changed: object) -> dict[str, Any]:
    """Data of the event of an object that stands in the bucket."""
    info = platform.store.find(name)
    generation = str(info.generation) if info else "1"
    data = {
        "bucket": platform.store.bucket, "name": name, "generation": generation,
        "timeCreated": "2026-02-01T15:00:01.123Z",
    }  # fmt: skip
    return {key: value for key, value in (data | changed).items() if value is not None}


def tell(processor: FlaskClient, data: object, **headers: str) -> TestResponse:
    """Deliver a CloudEvent in binary mode."""
    given_headers = {
        "ce-id": "1", "ce-specversion": "1.0", "ce-source": "//storage.googleapis.com",
        "ce-type": "google.cloud.storage.object.v1.finalized",
    }  # fmt: skip
    return processor.post("/", json=data, headers=given_headers | headers)


def test_an_object_is_taken_to_bronze_once(
    processor: FlaskClient, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    windows = platform.catalog.windows[:1]
    publish(platform.store, Request((date(2026, 2, 1),), windows, (1,)), platform.catalog)
    name = platform.store.list(SALES_PREFIX)[0].name
    for _ in range(2):
        assert tell(processor, event(platform, name)).status_code == 200
    first, second = lines(capsys)
    assert (first["outcome"], second["outcome"]) == ("loaded", "already in Bronze")
    assert first["rows_in"] == first["rows_loaded"] > 0
    assert first["object"] == second["object"] == name
    assert first["duration_ms"] >= 0


def test_a_bad_file_goes_to_quarantine_and_is_acknowledged(
    processor: FlaskClient, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"{SALES_PREFIX}2026/02/01/unit_001/window_1214/pedido.csv"
    platform.store.create([[NewObject(name, b"nonsense\n")]])
    assert tell(processor, event(platform, name)).status_code == 200
    (line,) = lines(capsys)
    assert (line["severity"], line["outcome"]) == ("WARNING", "quarantined")
    assert platform.store.list("quarantine/")


def test_an_object_that_is_nobodys_is_acknowledged_and_left(
    processor: FlaskClient, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    for changed in ({"name": "raw/_manifests/2026/02/01/day.json"}, {"bucket": "another"}):
        data = event(platform, f"{SALES_PREFIX}x.csv") | changed
        assert tell(processor, data).status_code == 200
    assert [line["outcome"] for line in lines(capsys)] == ["ignored", "ignored"]
    assert not platform.settings.home.exists()


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        ([], {}),
        ("text", {}),
        ({"bucket": "b"}, {}),
        ({"bucket": "b", "name": "n", "generation": "x"}, {}),
        ({"bucket": "b", "name": "n", "generation": "9" * 5000}, {}),
        ({"bucket": "b", "name": "n" * 1025, "generation": "1"}, {}),
        ({"bucket": ["b"], "name": "n", "generation": "1"}, {}),
        ({"bucket": "b", "name": "n", "generation": "1", "timeCreated": "now"}, {}),
        ({"bucket": "b", "name": "n", "generation": "1", "timeCreated": "2026-02-01T00:00:00"}, {}),
        ({}, {"ce-type": "google.cloud.storage.object.v1.deleted"}),
    ],
)
def test_what_will_never_be_an_event_is_told_and_acknowledged(
    processor: FlaskClient,
    capsys: pytest.CaptureFixture[str],
    data: object,
    headers: dict[str, str],
) -> None:
    assert tell(processor, data, **headers).status_code == 200
    (line,) = lines(capsys)
    assert (line["severity"], line["error"]) == ("ERROR", "InputError")
    assert len(line["message"]) < 300


def test_an_object_that_cannot_be_seen_yet_comes_again(
    processor: FlaskClient, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"{SALES_PREFIX}2026/02/01/unit_001/window_1214/pedido.csv"
    written = datetime.now(UTC).isoformat()
    assert tell(processor, event(platform, name, timeCreated=written)).status_code == 500
    (line,) = lines(capsys)
    assert (line["severity"], line["error"]) == ("WARNING", "TransientError")
