"""The two functions on Google Cloud: `generate_data` makes sales, `process_csv` loads files.

Both are thin: they parse the call, call one function of `core`, and report the result as an answer
and as one line of the log. They read settings from the environment at each call, and keep the
clients for the next call of the same instance.
"""

import functools
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import flask
import functions_framework
from cloudevents.http import CloudEvent

from cloud_function.call_log import Call, shorten
from cloud_function.http_request import (
    SCHEDULE_HEADER,
    MethodError,
    check_form,
    read_moment,
    read_request,
)
from cloud_function.storage_event import read_object_event
from core.bronze.events import Delivered, Outcome, deliver
from core.errors import ConflictError, InputError, PlatformError, SettingsError, TransientError
from core.operations.scenarios import release
from core.pipeline import Uploaded, upload
from core.platform import Platform
from core.settings import Settings
from core.storage.publish import Request

if TYPE_CHECKING:
    from werkzeug.datastructures import Headers

SKIPPED = "Outside business hours: 10:00 to 24:00 in America/Sao_Paulo."

_LONGEST_TIME = 40  # characters of the schedule's moment in the log

_open_platform = functools.lru_cache(maxsize=4)(Platform.of)


@functions_framework.http
def generate_data(request: flask.Request) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Publish one business window; the same call again adds nothing.

    The window is the one that contains the moment of the schedule, or else the present; the body
    may name another one (see `cloud_function/http_request.py`).

    Returns:
        The answer, its HTTP status and headers: 200 generated, unchanged or skipped; 400 invalid
        request; 405 not a POST; 409 other data exists there; 503 try again; 500 refused, or not
        configured.
    """
    with Call(request.headers, os.environ.get("GCP_PROJECT_ID")) as call:
        call.fields["schedule_time"] = _schedule_time(request.headers)
        try:
            answer = _generate(request, datetime.now(UTC))
        except PlatformError as error:
            call.fail(error)
            headers = {"Allow": "POST"} if isinstance(error, MethodError) else {}
            return {"status": "error", "error": shorten(str(error))}, _http_status(error), headers
        call.say("INFO", _describe_answer(answer), **answer)
        return answer, 200, {}


@functions_framework.cloud_event
def process_csv(event: CloudEvent) -> None:
    """Load the object that was just written into Bronze, and its bad rows into quarantine.

    To return is to acknowledge. An event that can never succeed (of another type, without an
    object's name) is logged as an error and acknowledged; every other failure raises, and the event
    comes again.

    Raises:
        PlatformError: Storage or warehouse refused, or cannot be reached now.
    """
    with Call(_headers(event), os.environ.get("GCP_PROJECT_ID")) as call:
        try:
            arrived = read_object_event(event["type"], event.data)
        except InputError as error:
            call.fail(error)
            return
        call.fields |= {"object": arrived.name, "generation": arrived.generation}
        done = deliver(_platform(), arrived, datetime.now(UTC))
        call.say(_severity(done), f"{arrived.name}: {done.outcome}. {done.detail}".strip())
        call.fields |= {
            "outcome": str(done.outcome),
            "rows_in": done.rows_in,
            "rows_loaded": done.rows_loaded,
            "rows_rejected": done.rows_rejected,
        }


def _platform() -> Platform:
    return _open_platform(Settings.from_mapping(os.environ))


def _generate(request: flask.Request, now: datetime) -> dict[str, Any]:
    check_form(request.method, request.query_string)
    moment = read_moment(request.headers, now)
    platform = _platform()
    wanted = read_request(request.get_data(), moment, platform.catalog)
    if wanted is None:
        return {"status": "skipped", "reason": SKIPPED}
    released = release(platform, now).objects
    come = {"objects_released": released} if released else {}
    return _make_answer(wanted, upload(platform, wanted, now)) | come


def _schedule_time(headers: "Headers") -> str | None:
    """The schedule's moment in the call's words, for the log; None without a schedule."""
    text = headers.get(SCHEDULE_HEADER)
    return text[:_LONGEST_TIME] if text else None


def _make_answer(request: Request, uploaded: Uploaded) -> dict[str, Any]:
    done = uploaded.published
    return {
        "status": "generated" if done.created else "unchanged",
        "date": request.dates[0].isoformat(),
        "window": request.windows[0].hours,
        "units": len(request.units),
        "seed": request.seed,
        "orders": done.orders,
        "items": done.items,
        "objects_created": done.created,
        "objects_same": done.same,
    }


def _describe_answer(answer: Mapping[str, Any]) -> str:
    if answer["status"] == "skipped":
        return str(answer["reason"])
    return (
        f"{answer['date']} {answer['window']} {answer['status']}: "
        f"{answer['objects_created']} objects new, {answer['objects_same']} there already."
    )


def _http_status(error: PlatformError) -> int:
    match error:
        case SettingsError():
            return 500
        case MethodError():
            return 405
        case InputError():
            return 400
        case ConflictError():
            return 409
        case TransientError():
            return 503
        case _:
            return 500


def _severity(done: Delivered) -> str:
    if done.outcome is Outcome.IGNORED:
        return "DEBUG"
    return "WARNING" if done.rows_rejected or done.outcome is Outcome.QUARANTINED else "INFO"


def _headers(event: CloudEvent) -> "Headers | Mapping[str, str]":
    """What may name a trace: the request's headers, or the event's attributes."""
    if flask.has_request_context():
        return flask.request.headers
    return {"traceparent": event.get("traceparent") or ""}
