"""The two functions as processes, as Cloud Run has them; what they say goes to Cloud Logging."""

import contextlib
import json
import logging
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.errors import PlatformError
from core.gcp.clients import logging_client
from core.gcp.errors import google_errors
from core.settings import Cloud
from local_cloud.servers import free_port, listens, process, wait_until

GENERATOR, PROCESSOR = "data-generator", "csv-processor"
_TARGETS = {GENERATOR: ("generate_data", "http"), PROCESSOR: ("process_csv", "cloudevent")}
_LOOK_S = 0.2
_MOST_LINES = 500  # of one call to Cloud Logging
# Cloud Logging takes these out of a line that is JSON.
_SPECIAL = ("severity", "logging.googleapis.com/trace", "logging.googleapis.com/labels")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Functions:
    """Addresses of the two functions."""

    generator: str
    processor: str


@contextlib.contextmanager
def functions(
    source: Path, cloud: Cloud, settings: Mapping[str, str], folder: Path
) -> Iterator[Functions]:
    """Both functions under functions-framework, ended with the block.

    Args:
        source: The staged source; see `cloud_function/staging.py`.
        settings: Environment of the functions.
        folder: Where their logs go as files.

    Raises:
        ServerError: One of them does not start.
    """
    with contextlib.ExitStack() as stack:
        ports = {}
        for name in _TARGETS:
            ports[name] = free_port()
            log, command = folder / f"{name}.log", _command(source, name, ports[name])
            started = stack.enter_context(process(command, log, settings, folder))
            wait_until(lambda name=name: listens(ports[name]), started, log)  # type: ignore[misc]
            stack.enter_context(_forwarded(log, name, cloud))
        yield Functions(*(f"http://127.0.0.1:{ports[name]}" for name in (GENERATOR, PROCESSOR)))


def _command(source: Path, name: str, port: int) -> list[str]:
    target, kind = _TARGETS[name]
    return [
        sys.executable, "-m", "functions_framework", f"--source={source / 'main.py'}",
        f"--target={target}", f"--signature-type={kind}", "--host=127.0.0.1", f"--port={port}",
    ]  # fmt: skip


@contextlib.contextmanager
def _forwarded(log: Path, name: str, cloud: Cloud) -> Iterator[None]:
    """A block in which each new line of a file goes to Cloud Logging, in a thread."""
    ended = threading.Event()
    thread = threading.Thread(
        target=_forward, args=(log, name, cloud, ended), name=f"log-{name}", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _forward(log: Path, name: str, cloud: Cloud, ended: threading.Event) -> None:
    with logging_client(cloud) as client, log.open("rb") as file:
        while True:
            last = ended.wait(_LOOK_S)
            for lines in _batches(file.readlines()):
                entries = [_entry(line, name, cloud) for line in lines]
                try:
                    with google_errors("Cannot write to Cloud Logging"):
                        client.write_log_entries({"entries": entries}, timeout=10)
                except PlatformError as error:
                    _log.warning("%s", error)
            if last:
                return


def _batches(lines: list[bytes]) -> Iterator[list[str]]:
    texts = [line.decode("utf-8", errors="replace").rstrip("\n") for line in lines if line.strip()]
    for start in range(0, len(texts), _MOST_LINES):
        yield texts[start : start + _MOST_LINES]


def _entry(line: str, name: str, cloud: Cloud) -> dict[str, Any]:
    """A line as Cloud Run's agent hands it to Cloud Logging."""
    entry: dict[str, Any] = {
        "log_name": f"projects/{cloud.project}/logs/run.googleapis.com%2Fstdout",
        "timestamp": datetime.now(UTC),
        "resource": {
            "type": "cloud_run_revision",
            "labels": {
                "project_id": cloud.project, "service_name": name, "location": cloud.region,
                "configuration_name": name, "revision_name": f"{name}-00001-emu",
            },
        },
    }  # fmt: skip
    try:
        google_errors = json.loads(line)
    except ValueError:
        google_errors = None
    if not isinstance(google_errors, dict):
        return {**entry, "text_payload": line}
    severity, trace, labels = (google_errors.pop(field, None) for field in _SPECIAL)
    return {
        **entry,
        "json_payload": google_errors,
        "severity": severity or "DEFAULT",
        "trace": trace or "",
        "labels": labels or {},
    }
