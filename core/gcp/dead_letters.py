"""Look into the subscription of events that csv-processor failed to serve for hours.

Pub/Sub's REST API, since one call does not pay for another client library. What is pulled is not
acknowledged: it comes back after the subscription's deadline, some seconds later.
https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions/pull
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.errors import TransientError
from core.gcp.errors import google_errors
from core.messages import message
from core.settings import Cloud

if TYPE_CHECKING:
    from requests import Response, Session

SUBSCRIPTION = "csv-processor-dead-letter"
MOST = 10  # events that one look reads
_GOOGLE = "https://pubsub.googleapis.com"
_SCOPE = "https://www.googleapis.com/auth/pubsub"
_TIMEOUT_S = 20.0


def peek_dead_letters(cloud: Cloud) -> list[str]:
    """The objects' names of up to `MOST` events; an event that cannot be read has an empty one.

    Raises:
        StoreError: Google refuses; there is no such subscription, for example.
        TransientError: The same call may succeed later.
    """
    from google.api_core import exceptions as api

    path = f"/v1/projects/{cloud.project}/subscriptions/{SUBSCRIPTION}:pull"
    with google_errors(message("doing.look_at", name=SUBSCRIPTION)), _session(cloud) as session:
        answer = session.post(
            f"{cloud.pubsub_host or _GOOGLE}{path}",
            # Otherwise Pub/Sub waits up to 90 s for an event to come.
            json={"maxMessages": MOST, "returnImmediately": True},
            timeout=_TIMEOUT_S,
        )
        if not answer.ok:
            raise api.from_http_response(answer)  # type: ignore[no-untyped-call]
        found = _read_json(answer)
    return [_read_name(received) for received in found.get("receivedMessages", ())]


def _read_json(answer: "Response") -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = answer.json()
    except ValueError as error:  # a proxy's page, say
        doing, kind = message("doing.look_at", name=SUBSCRIPTION), type(error).__name__
        raise TransientError(message("google.connection", doing=doing, kind=kind)) from error
    return found


def _session(cloud: Cloud) -> "Session":
    if cloud.pubsub_host:
        import requests

        return requests.Session()
    import google.auth
    from google.auth.transport.requests import AuthorizedSession

    credentials, _ = google.auth.default(scopes=[_SCOPE])
    return AuthorizedSession(credentials)  # type: ignore[no-untyped-call]


def _read_name(received: Mapping[str, Any]) -> str:
    """The object's name in an event of Eventarc."""
    try:
        return str(json.loads(base64.b64decode(received["message"]["data"]))["name"])
    except (KeyError, TypeError, ValueError, binascii.Error):
        return ""
