"""The staged source in a clean virtual environment under functions-framework, called over HTTP."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cloud_function.http_request import SCHEDULE_HEADER
from cloud_function.staging import stage
from tests.support.function_servers import Server, clean_environment, serving

EVENT = {
    "ce-id": "1", "ce-specversion": "1.0", "ce-type": "google.cloud.storage.object.v1.finalized",
    "ce-source": "//storage.googleapis.com/projects/_/buckets/my-bucket",
    "ce-subject": "objects/raw/_manifests/2026/02/01/day.json", "ce-time": "2026-02-01T15:00:00Z",
}  # fmt: skip
MANIFEST = {
    "bucket": "my-bucket", "name": "raw/_manifests/2026/02/01/day.json", "generation": "1",
    "timeCreated": "2026-02-01T15:00:00Z",
}  # fmt: skip
NOWHERE = {
    "GCP_PROJECT_ID": "my-project", "GCS_BUCKET_NAME": "my-bucket",
    "STORAGE_EMULATOR_HOST": "http://127.0.0.1:9", "BIGQUERY_EMULATOR_HOST": "http://127.0.0.1:9",
}  # fmt: skip


def call(server: Server, body: object = None, **headers: str) -> tuple[int, str]:
    """POST to a function: its status and its answer."""
    data = b"" if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(server.url, data, sent)  # noqa: S310 - a server of ours
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def last_line(server: Server) -> dict[str, Any]:
    """The newest line of a call; after it there may be a traceback for people."""
    lines = [json.loads(line) for line in server.lines() if line.startswith("{")]
    found: dict[str, Any] = [line for line in lines if "duration_ms" in line][-1]
    return found


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage(tmp_path_factory.mktemp("staged") / "function")


@pytest.fixture(scope="module")
def generator(staged: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("generator") / "log"
    with serving(staged, "generate_data", "http", NOWHERE, log) as server:
        yield server


@pytest.fixture(scope="module")
def processor(staged: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("processor") / "log"
    with serving(staged, "process_csv", "cloudevent", NOWHERE, log) as server:
        yield server


def test_the_staged_folder_holds_the_functions_and_nothing_else(staged: Path) -> None:
    assert {path.name for path in staged.iterdir()} == {
        "main.py", "requirements.txt", "cloud_function", "core",
    }  # fmt: skip
    names = [path.name for path in staged.rglob("*")]
    assert not [name for name in names if "test" in name or name.endswith(".pyc")]
    assert "__pycache__" not in names
    assert (staged / "core" / "generation" / "data" / "windows.csv").exists()


def test_staging_again_leaves_nothing_of_before(tmp_path: Path) -> None:
    folder = stage(tmp_path / "function")
    (folder / "core" / "old.py").write_text("")
    assert stage(folder) == folder
    assert not (folder / "core" / "old.py").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["function"]


def test_outside_business_hours_the_generator_skips(generator: Server) -> None:
    status, answer = call(generator, **{SCHEDULE_HEADER: "2026-02-01T06:00:00Z"})
    assert (status, json.loads(answer)["status"]) == (200, "skipped")
    assert last_line(generator)["severity"] == "INFO"


def test_wrong_input_is_refused_in_a_sentence(generator: Server) -> None:
    status, answer = call(generator, {"window": "11:00-13:00"})
    assert status == 400
    assert "choose one of 10:00-12:00" in json.loads(answer)["error"]


def test_an_event_arrives_in_binary_and_in_structured_mode(processor: Server) -> None:
    assert call(processor, MANIFEST, **EVENT)[0] == 200
    first = last_line(processor)
    structured = {name.removeprefix("ce-"): value for name, value in EVENT.items()}
    status, _ = call(
        processor, structured | {"data": MANIFEST}, Content_Type="application/cloudevents+json"
    )
    assert status == 200
    lines = [json.loads(line) for line in processor.lines() if line.startswith("{")]
    told = [line for line in lines if line.get("object") == MANIFEST["name"]]
    assert [line["outcome"] for line in told] == ["ignored", "ignored"]
    assert first["object"] == MANIFEST["name"]


def test_what_is_no_cloud_event_is_refused(processor: Server) -> None:
    assert call(processor, MANIFEST)[0] == 400


def test_the_clean_environment_has_nothing_of_the_panels() -> None:
    installed = {path.name for path in clean_environment().parents[1].glob("lib/*/*/*")}
    assert {"flask", "google", "numpy"} <= installed
    assert not {"streamlit", "duckdb", "pandas", "pyarrow", "faker"} & installed
