"""What Google's libraries raise, as the platform's errors: retryable or final, in a sentence."""

import contextlib
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.errors import MissingObjectError, PlatformError, SettingsError, StoreError, TransientError

if TYPE_CHECKING:
    from google.api_core import exceptions as api

SIGN_IN = "Set GOOGLE_APPLICATION_CREDENTIALS, or run `gcloud auth application-default login`."

# https://cloud.google.com/bigquery/docs/error-messages; Storage gives rateLimitExceeded as 429.
TRANSIENT_REASONS = frozenset((
    "rateLimitExceeded", "quotaExceeded", "userRateLimitExceeded", "backendError",
    "internalError", "jobBackendError", "jobInternalError", "jobRateLimitExceeded",
    "tableUnavailable",
))  # fmt: skip
_TRANSIENT_STATUS = frozenset((408, 429, 500, 502, 503, 504))
_LONGEST = 300  # characters of Google's own words in a sentence


@contextlib.contextmanager
def told(doing: str) -> Iterator[None]:
    """Turn what Google's libraries raise in the block into a sentence.

    Args:
        doing: What was being done, such as `Cannot read gs://bucket/name`.

    Raises:
        TransientError: The same call may succeed later.
        MissingObjectError: It answered 404.
        SettingsError: There are no credentials, or they are not accepted.
        StoreError: It refused for another reason.
    """
    import requests
    from google.api_core import exceptions as api
    from google.auth import exceptions as auth

    try:
        yield
    except api.RetryError as error:
        raise TransientError(f"{doing}: {_cause(error)}.") from error
    except api.GoogleAPICallError as error:
        raise _of_answer(doing, error) from error
    except auth.TransportError as error:
        raise TransientError(f"{doing}: Google's sign-in cannot be reached.") from error
    except auth.DefaultCredentialsError as error:
        raise SettingsError(f"{doing}: there are no credentials. {SIGN_IN}") from error
    except auth.GoogleAuthError as error:
        raise SettingsError(f"{doing}: the credentials are not accepted. {SIGN_IN}") from error
    except (requests.ConnectionError, requests.Timeout, ConnectionError, TimeoutError) as error:
        raise TransientError(f"{doing}: the connection failed ({type(error).__name__}).") from error


def _of_answer(doing: str, error: "api.GoogleAPICallError") -> PlatformError:
    status, reasons = error.code or 0, reasons_of(error)
    sentence = f"{doing}: Google answered {int(status)} {' '.join(sorted(reasons))}".rstrip()
    words = _words(error.message or "")
    sentence += f" ({words})." if words else "."
    if int(status) in _TRANSIENT_STATUS or reasons & TRANSIENT_REASONS:
        return TransientError(sentence)
    if int(status) == 401:
        return SettingsError(f"{sentence} {SIGN_IN}")
    if int(status) == 403:
        return StoreError(f"{sentence} Grant the roles of docs/security.md.")
    return MissingObjectError(sentence) if int(status) == 404 else StoreError(sentence)


def _words(message: str) -> str:
    """Google's message without address and JSON around it, in its first line."""
    text = re.sub(r"^(GET|PUT|POST|PATCH|DELETE) https?://\S+: ", "", message)
    with contextlib.suppress(ValueError, KeyError, TypeError):
        text = json.loads(text)["error"]["message"]
    return re.sub(r"https?://\S+", "", text).split("\n")[0].strip()[:_LONGEST].rstrip(".")


def reasons_of(error: "api.GoogleAPICallError") -> set[str]:
    """Google's own words for why, such as `rateLimitExceeded`."""
    return {str(entry["reason"]) for entry in error.errors if "reason" in entry}


def _cause(error: "api.RetryError") -> str:
    cause = str(error.cause or error).split("\n")[0]
    return f"tried again for as long as is sensible, the last answer was {cause[:_LONGEST]}"
