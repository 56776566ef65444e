"""Translate errors of Google's libraries into the platform's: passing or final, in a sentence."""

import contextlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.errors import MissingObjectError, PlatformError, SettingsError, StoreError, TransientError
from core.messages import message

if TYPE_CHECKING:
    from google.api_core import exceptions as api
    from google.auth import exceptions as auth

SIGN_IN = message("google.sign_in")

# https://cloud.google.com/bigquery/docs/error-messages; Storage gives rateLimitExceeded as 429.
TRANSIENT_REASONS = frozenset((
    "rateLimitExceeded", "quotaExceeded", "userRateLimitExceeded", "backendError",
    "internalError", "jobBackendError", "jobInternalError", "jobRateLimitExceeded",
    "tableUnavailable",
))  # fmt: skip
_ADDRESS = re.compile(r"^(?:GET|PUT|POST|PATCH|DELETE) https?://\S+: ")
_LONGEST = 300  # characters of Google's message in a sentence


@contextlib.contextmanager
def google_errors(doing: str) -> Iterator[None]:
    """Translate errors of Google's libraries; `doing` is such as `Cannot read gs://bucket/name`.

    Raises:
        TransientError: The same call may succeed later.
        MissingObjectError: Google answered 404.
        SettingsError: There are no credentials, or Google does not accept them.
        StoreError: Google refused for another reason.
    """
    from google.api_core import exceptions as api
    from google.auth import exceptions as auth

    try:
        yield
    except api.GoogleAPIError as error:
        raise _of_answer(doing, error) from error
    except auth.GoogleAuthError as error:
        raise _of_sign_in(doing, error) from error
    except _broken() as error:
        raise TransientError(
            message("google.connection", doing=doing, kind=type(error).__name__)
        ) from error


def _broken() -> tuple[type[Exception], ...]:
    """The exceptions of a broken connection, or of bytes that arrived damaged."""
    import requests
    import urllib3

    broken: tuple[type[Exception], ...] = (
        requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError,
        urllib3.exceptions.ProtocolError, urllib3.exceptions.TimeoutError,
        ConnectionError, TimeoutError,
    )  # fmt: skip
    # Loaded only where Storage is used.
    if storage := sys.modules.get("google.cloud.storage.exceptions"):
        broken += (storage.DataCorruption,)
    return broken


def _of_answer(doing: str, error: "api.GoogleAPIError") -> PlatformError:
    from google.api_core import exceptions as api

    if isinstance(error, api.RetryError):
        return TransientError(message("google.tries", doing=doing, answer=_last(error)))
    if not isinstance(error, api.GoogleAPICallError):
        return StoreError(message("google.words", doing=doing, words=_words(str(error))))
    status = int(error.code or 0)
    sentence = message("google.answer", doing=doing, answer=_answer(error))
    if is_transient(error):
        return TransientError(sentence)
    if status == 401:
        return SettingsError(message("google.sign_in_again", sentence=sentence, sign_in=SIGN_IN))
    if status == 403:
        return StoreError(message("google.roles", sentence=sentence))
    return MissingObjectError(sentence) if status == 404 else StoreError(sentence)


def _of_sign_in(doing: str, error: "auth.GoogleAuthError") -> PlatformError:
    from google.auth import exceptions as auth

    if isinstance(error, auth.TransportError) or error.retryable:
        return TransientError(message("google.unreachable", doing=doing))
    if isinstance(error, auth.DefaultCredentialsError):
        return SettingsError(message("google.no_credentials", doing=doing, sign_in=SIGN_IN))
    return SettingsError(message("google.not_accepted", doing=doing, sign_in=SIGN_IN))


def _last(error: "api.RetryError") -> str:
    """The answer to the last try, which uploads and downloads keep as a raw response."""
    from google.api_core import exceptions as api

    cause, response = error.cause, getattr(error.cause, "response", None)
    if not isinstance(cause, api.GoogleAPICallError) and hasattr(response, "status_code"):
        cause = api.from_http_response(response)  # type: ignore[no-untyped-call]
    if isinstance(cause, api.GoogleAPICallError):
        return _answer(cause)
    return message("google.connection_failed", kind=type(cause).__name__)


def is_transient(error: "api.GoogleAPICallError") -> bool:
    """Whether the same call may succeed later, by the status or Google's reasons."""
    status = int(error.code or 0)
    busy = status in (408, 429) or (status >= 500 and status != 501)  # 501: there is no such call
    return busy or bool(reasons_of(error) & TRANSIENT_REASONS)


def _answer(error: "api.GoogleAPICallError") -> str:
    """Google's answer: status, reasons and message."""
    reasons, words = " ".join(sorted(reasons_of(error))), _words(error.message or "")
    said = f"{int(error.code or 0)} {reasons}".rstrip()
    return message("google.said", said=f"{said} ({words})" if words else said)


def reasons_of(error: "api.GoogleAPICallError") -> set[str]:
    """Google's reasons, such as `rateLimitExceeded`."""
    details = [*error.errors, *(_body(error.message or "").get("errors") or ())]
    entries = [entry for entry in details if isinstance(entry, Mapping)]  # gRPC has others
    return {str(entry["reason"]) for entry in entries if "reason" in entry}


def _words(message: str) -> str:
    """The first line of Google's message, without addresses and JSON."""
    text = str(_body(message).get("message") or _ADDRESS.sub("", message))
    return re.sub(r"https?://\S+", "", text).split("\n")[0].strip()[:_LONGEST].rstrip(".")


def _body(message: str) -> Mapping[str, Any]:
    """The JSON error of an answer, which uploads and downloads leave in the message."""
    with contextlib.suppress(ValueError, KeyError, TypeError):
        error = json.JSONDecoder().raw_decode(_ADDRESS.sub("", message))[0]["error"]
        if isinstance(error, Mapping):
            return error
    return {}
