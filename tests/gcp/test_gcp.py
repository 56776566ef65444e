"""Google's clients: credentials that are missing, services that do not answer, in sentences."""

# mypy: allow-untyped-calls
# Google's exceptions are made without annotations.

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.api_core import exceptions as api
from google.auth import exceptions as auth
from google.cloud.bigquery import DEFAULT_RETRY

from core.errors import MissingObjectError, PlatformError, SettingsError, StoreError, TransientError
from core.gcp.backoff import retry
from core.gcp.clients import bigquery_client, logging_client, scheduler_client, storage_client
from core.gcp.errors import SIGN_IN, google_errors
from core.settings import Cloud
from core.storage.object_store.gcs import GcsStore

GOOGLE = Cloud("my-project", "my-bucket", "us-central1", 1)
CLIENTS = [storage_client, bigquery_client, scheduler_client, logging_client]
WAYS_OUT = r"GOOGLE_APPLICATION_CREDENTIALS, or run `gcloud auth application-default login`\."


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which nobody has signed in."""
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")


@pytest.fixture
def closed() -> str:
    """`host:port` where nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{found.getsockname()[1]}"


@pytest.mark.usefixtures("nobody")
@pytest.mark.parametrize("client", CLIENTS)
def test_without_credentials_the_two_ways_to_sign_in_are_told(
    client: Callable[[Cloud], Any],
) -> None:
    with pytest.raises(SettingsError, match=WAYS_OUT):
        client(GOOGLE)


@pytest.mark.usefixtures("nobody")
@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"type": "service_account"}', "\0"])
def test_a_file_of_credentials_that_is_none_is_told_the_same_way(
    content: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "key.json"
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    if content is not None:
        file.write_text(content)
    with pytest.raises(SettingsError, match=WAYS_OUT):
        GcsStore(GOOGLE).list("raw/")


@pytest.mark.parametrize("service", ["storage", "bigquery", "scheduler", "logging"])
def test_a_service_that_does_not_answer_is_transient(closed: str, service: str) -> None:
    host = closed if service == "logging" else f"http://{closed}"
    cloud = Cloud("my-project", "my-bucket", "us-central1", 1, **{f"{service}_host": host})
    job = "projects/my-project/locations/us-central1/jobs/j"
    calls: dict[str, Callable[[], object]] = {
        "storage": lambda: GcsStore(cloud, wait_s=1).list("raw/"),
        "bigquery": lambda: bigquery_client(cloud).get_table(
            "a.b.c", retry=DEFAULT_RETRY.with_timeout(1)
        ),
        "scheduler": lambda: scheduler_client(cloud).get_job(name=job, retry=None),
        "logging": lambda: logging_client(cloud).list_log_entries(
            resource_names=["projects/my-project"], retry=None, timeout=5
        ),
    }
    with pytest.raises(TransientError, match=r"^Cannot "), google_errors("Cannot ask"):
        calls[service]()


def test_a_schedule_that_is_not_there_is_missing(cloud: Cloud) -> None:
    name = f"projects/{cloud.project}/locations/{cloud.region}/jobs/nothing"
    missing = pytest.raises(MissingObjectError, match=r"^Cannot look: Google answered 404")
    with missing, google_errors("Cannot look"):
        scheduler_client(cloud).get_job(name=name)


SIGNED = "https://host/upload?upload_id=SECRET&X-Goog-Signature=SECRET"
BODY = '{"error": {"message": "Slow down.", "errors": [{"reason": "rateLimitExceeded"}]}}'
ERRORS: list[tuple[Exception, type[PlatformError], str]] = [
    (  # as an upload has it: JSON in the message, words of the library after it
        api.Forbidden(f"POST {SIGNED}: {BODY}: ('Request failed', 403)"),
        TransientError,
        "Google answered 403 rateLimitExceeded (Slow down).",
    ),
    (api.BadRequest(f"Look at {SIGNED}\nfor more"), StoreError, "Google answered 400 (Look at)."),
    (
        auth.RefreshError("SECRET", retryable=True),
        TransientError,
        "Google's sign-in cannot be reached.",
    ),
    (
        auth.RefreshError("invalid_grant SECRET"),
        SettingsError,
        f"the credentials are not accepted. {SIGN_IN}",
    ),
    (ConnectionResetError(SIGNED), TransientError, "the connection failed (ConnectionResetError)."),
]


@pytest.mark.parametrize(("raised", "error", "sentence"), ERRORS)
def test_sentences_hold_what_google_said_and_no_secret(
    raised: Exception, error: type[PlatformError], sentence: str
) -> None:
    with pytest.raises(error) as as_told, google_errors("Cannot x"):
        raise raised
    assert str(as_told.value) == f"Cannot x: {sentence}"
    assert as_told.value.__cause__ is raised


def test_tries_that_were_all_in_vain_are_told_with_the_last_answer() -> None:
    last = api.ServiceUnavailable(f"GET {SIGNED}: busy")
    with pytest.raises(TransientError) as as_told, google_errors("Cannot x"):
        raise api.RetryError("Timeout", last)
    assert str(as_told.value) == "Cannot x, after many tries: Google answered 503 (busy)."


def test_an_answer_lost_after_a_call_longer_than_the_wait_is_fetched_by_a_second_call() -> None:
    calls = 0

    def call() -> str:
        nonlocal calls
        calls += 1
        if calls == 1:
            time.sleep(0.4)
            raise ConnectionError("reset")
        return "done"

    assert retry("Cannot begin the job x", call, wait_s=0.2) == "done"


def test_a_passing_fault_that_lasts_is_raised_once_the_wait_is_over() -> None:
    def call() -> None:
        raise ConnectionError("reset")

    with pytest.raises(TransientError, match="Cannot begin the job x"):
        retry("Cannot begin the job x", call, wait_s=0.2)
