"""Read what the two functions wrote to Cloud Logging, newest first."""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.gcp.clients import logging_client
from core.gcp.errors import google_errors
from core.messages import message
from core.settings import Cloud

if TYPE_CHECKING:
    from google.cloud.logging_v2.types import LogEntry

FUNCTIONS = ("data-generator", "csv-processor")
MAX_LINES = 1_000

# The fields that the functions write for people; no others are shown.
FIELDS = (
    "status", "date", "window", "units", "seed", "orders", "items", "objects_created",
    "objects_same", "object", "generation", "outcome", "rows_in", "rows_loaded", "rows_rejected",
    "error", "schedule_time", "duration_ms",
)  # fmt: skip
_TIMEOUT_S = 20.0  # of one request, while a person waits


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a function's log, with its aware time and those of `FIELDS` that it has.

    `severity` is DEBUG, INFO, WARNING, ERROR, or DEFAULT for a line without one.
    """

    time: datetime
    severity: str
    text: str
    fields: Mapping[str, Any]


def read_logs(
    cloud: Cloud, function: str, limit: int, since: datetime, under: str = ""
) -> list[LogLine]:
    """Read the newest lines of the log of one of `FUNCTIONS`, newest first.

    Args:
        limit: Most lines, from 1 to `MAX_LINES`.
        since: Aware; older lines are left out.
        under: Only lines about an object whose name contains this.

    Raises:
        InputError: There is no such function, or the limit is out of bounds.
        StoreError: Google refuses access to the log.
        TransientError: The same call may succeed later.
    """
    if function not in FUNCTIONS:
        raise InputError(message("request.function", function=function, functions=FUNCTIONS))
    check_limit(limit)
    with google_errors(message("doing.read_log", name=function)), logging_client(cloud) as client:
        entries = client.list_log_entries(
            {
                "resource_names": [f"projects/{cloud.project}"],
                "filter": log_filter(cloud, function, since, under),
                "order_by": "timestamp desc",
                "page_size": limit,
            },
            retry=None,
            timeout=_TIMEOUT_S,
        )
        return [_line(entry) for entry in itertools.islice(entries, limit)]


def check_limit(limit: int) -> int:
    """Return `limit`; raise InputError if it is not from 1 to `MAX_LINES`."""
    if not 1 <= limit <= MAX_LINES:
        raise InputError(message("request.lines", limit=limit, most=MAX_LINES))
    return limit


def log_filter(cloud: Cloud, function: str, since: datetime, under: str = "") -> str:
    """The filter, in the language of https://cloud.google.com/logging/docs/view/logging-query-language."""
    wanted = [
        # A function of the second generation is a service of Cloud Run.
        f"resource.type={_quoted('cloud_run_revision')}",
        f"resource.labels.service_name={_quoted(function)}",
        f"resource.labels.location={_quoted(cloud.region)}",
        f"timestamp>={_quoted(since.astimezone(UTC).isoformat())}",
    ]
    if under:
        wanted.append(f"jsonPayload.object:{_quoted(under)}")
    return " AND ".join(wanted)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _line(entry: "LogEntry") -> LogLine:
    from google.logging.type.log_severity_pb2 import LogSeverity
    from google.protobuf.json_format import MessageToDict

    payload = MessageToDict(type(entry).pb(entry).json_payload)
    return LogLine(
        time=entry.timestamp,
        severity=LogSeverity.Name(int(entry.severity)),
        text=str(payload.get("message") or entry.text_payload or _request(entry)).strip(),
        fields={name: _plain(payload[name]) for name in FIELDS if name in payload},
    )


def _request(entry: "LogEntry") -> str:
    """The text of a line that Cloud Run wrote about a call, without the address."""
    request = entry.http_request
    return f"{request.request_method} {request.status}".strip() if request.status else ""


def _plain(value: object) -> object:
    """A number as it was written: the log stores whole numbers as floats."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
