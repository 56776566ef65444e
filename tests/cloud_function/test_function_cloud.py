"""The staged functions on the emulated cloud: from the schedule's call to rows in Bronze."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from cloud_function.http_request import SCHEDULE_HEADER
from cloud_function.staging import stage
from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import SALES_PREFIX, end_of
from core.storage.object_store import NewObject
from local_cloud.gateway import Gateway
from local_cloud.gateway.faults import Fault
from tests.cloud_function.test_function_staged import EVENT, call, last_line
from tests.support.function_servers import Server, serving

LUNCH = {SCHEDULE_HEADER: "2026-02-01T15:00:00Z"}
FEW = {"units": 2}


class Functions(NamedTuple):
    """The two functions being served, and the cloud that they work on."""

    generator: Server
    processor: Server
    platform: Platform
    settings: dict[str, str]

    def generate(self, **asked: object) -> tuple[int, dict[str, object]]:
        status, answer = call(self.generator, FEW | asked, **LUNCH)
        return status, json.loads(answer)

    def deliver(self, name: str, generation: int | None = None) -> int:
        """Tell the processor of an object as Eventarc does; its status."""
        info = self.platform.store.find(name)
        data = {
            "bucket": self.platform.store.bucket, "name": name,
            "generation": str(generation or (info.generation if info else 1)),
            "timeCreated": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        return call(self.processor, data, **EVENT)[0]

    def rows(self) -> int:
        """Rows of sales in Bronze."""
        files = self.platform.warehouse.bronze_files(
            self.platform.store.bucket, SALES_PREFIX, end_of(SALES_PREFIX)
        )
        return sum(file.rows for file in files)


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage(tmp_path_factory.mktemp("staged") / "function")


@pytest.fixture
def functions(staged: Path, cloud_settings: Settings, tmp_path: Path) -> Iterator[Functions]:
    cloud = cloud_settings.cloud
    assert cloud
    settings = {
        "GCP_PROJECT_ID": cloud.project,
        "GCS_BUCKET_NAME": cloud.bucket,
        "MRHEALTH_DATASET_PREFIX": cloud_settings.dataset_prefix,
        "STORAGE_EMULATOR_HOST": cloud.storage_host,
        "BIGQUERY_EMULATOR_HOST": cloud.bigquery_host,
        "MRHEALTH_WAIT_S": "5",
    }
    with ExitStack() as stack:
        generator, processor = [
            stack.enter_context(serving(staged, target, kind, settings, tmp_path / target))
            for target, kind in (("generate_data", "http"), ("process_csv", "cloudevent"))
        ]
        yield Functions(generator, processor, Platform.of(cloud_settings), settings)


def test_a_window_goes_from_the_schedules_call_to_bronze_once(functions: Functions) -> None:
    status, made = functions.generate()
    assert (status, made["status"], made["objects_created"]) == (200, "generated", 4)
    names = [info.name for info in functions.platform.store.list("raw/")]
    assert [functions.deliver(name) for name in names] == [200] * len(names)
    assert functions.rows() == int(str(made["orders"])) + int(str(made["items"]))

    assert functions.generate() == (
        200, made | {"status": "unchanged", "objects_created": 0, "objects_same": 4},
    )  # fmt: skip
    assert [functions.deliver(name) for name in names] == [200] * len(names)
    assert functions.rows() == int(str(made["orders"])) + int(str(made["items"]))
    told = [json.loads(line) for line in functions.processor.lines() if line.startswith("{")]
    outcomes = [line["outcome"] for line in told if line["object"].startswith(SALES_PREFIX)]
    assert outcomes == ["loaded"] * 4 + ["already in Bronze"] * 4
    assert all(line["logging.googleapis.com/labels"]["execution_id"] for line in told)


def test_a_new_instance_loads_nothing_that_a_call_does_not_need(
    functions: Functions, staged: Path, tmp_path: Path
) -> None:
    functions.generate()
    first, second, *_ = [info.name for info in functions.platform.store.list(SALES_PREFIX)]
    assert functions.deliver(first) == 200  # from here on Bronze has its tables
    told = functions.settings | {"PYTHONPROFILEIMPORTTIME": "1"}
    with serving(staged, "process_csv", "cloudevent", told, tmp_path / "told") as processor:
        assert functions._replace(processor=processor).deliver(second) == 200
        imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in processor.lines()}
    assert {"core", "google", "flask"} <= imported
    assert "sqlglot" not in imported


def test_a_bad_file_is_in_quarantine_when_it_is_acknowledged(functions: Functions) -> None:
    name = f"{SALES_PREFIX}2026/02/01/unit_001/window_1214/pedido.csv"
    functions.platform.store.create([[NewObject(name, b"nonsense\n")]])
    assert functions.deliver(name) == 200
    assert last_line(functions.processor)["outcome"] == "quarantined"
    kept = {info.name.rpartition("/")[2] for info in functions.platform.store.list("quarantine/")}
    assert kept == {"pedido.csv", "pedido_error.json"}


def test_what_may_pass_by_itself_is_not_acknowledged(
    functions: Functions, gateway: Gateway
) -> None:
    functions.generate()
    name = functions.platform.store.list(SALES_PREFIX)[0].name
    assert functions.deliver(name.replace("unit_001", "unit_009")) == 500
    rule = gateway.faults.add(
        Fault(status=403, reason="quotaExceeded", operation="job.insert", times=None)
    )
    assert functions.deliver(name) == 500
    line = last_line(functions.processor)
    assert (line["object"], line["severity"]) == (name, "WARNING")
    gateway.faults.remove(rule)
    assert functions.deliver(name) == 200
    assert last_line(functions.processor)["outcome"] == "loaded"


def test_a_missing_role_is_told_in_a_sentence(functions: Functions, gateway: Gateway) -> None:
    gateway.faults.add(
        Fault(status=403, reason="forbidden", message="No access.", service="storage", times=None)
    )
    status, answer = functions.generate()
    assert (status, answer["status"]) == (500, "error")
    assert "403 forbidden (No access)" in str(answer["error"])
    assert last_line(functions.generator)["severity"] == "ERROR"
