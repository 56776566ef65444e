"""Create Google's clients from the settings; a client contacts no server before its first use.

With an emulator's address a client needs no credentials; otherwise Google's library finds them.
"""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.errors import SettingsError
from core.gcp.errors import SIGN_IN, google_errors
from core.messages import message
from core.settings import Cloud

if TYPE_CHECKING:
    from google.auth.credentials import Credentials
    from google.cloud.bigquery import Client as BigQueryClient
    from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2Client
    from google.cloud.scheduler_v1 import CloudSchedulerClient
    from google.cloud.storage import Client as StorageClient
    from requests import Response, Session

THREADS = 16  # most concurrent requests of one store or warehouse


def storage_client(cloud: Cloud) -> "StorageClient":
    """A client of Cloud Storage with connections for `THREADS` threads."""
    from google.cloud import storage

    with _translated_errors("Cloud Storage"):
        client = storage.Client(cloud.project, **_emulator_options(cloud.storage_host))
    # Otherwise the client reads the bucket for its traces: a Class B operation.
    client._bucket_metadata_cache = None  # noqa: SLF001 - the public switch is an environment variable
    _prepare_session(client._http)  # noqa: SLF001 - the library has no option for its pool
    return client


def bigquery_client(cloud: Cloud) -> "BigQueryClient":
    """A client of BigQuery with connections for `THREADS` threads."""
    from google.cloud import bigquery

    with _translated_errors("BigQuery"):
        client = bigquery.Client(
            cloud.project, location=cloud.region, **_emulator_options(cloud.bigquery_host)
        )
    _prepare_session(client._http)  # noqa: SLF001 - as above
    return client


def scheduler_client(cloud: Cloud) -> "CloudSchedulerClient":
    """A client of Cloud Scheduler, over REST."""
    from google.cloud.scheduler_v1 import CloudSchedulerClient
    from google.cloud.scheduler_v1.services.cloud_scheduler.transports import (
        CloudSchedulerRestTransport,
    )

    with _translated_errors("Cloud Scheduler"):
        if not cloud.scheduler_host:
            return CloudSchedulerClient(transport="rest")
        scheme, _, host = cloud.scheduler_host.partition("://")
        transport = CloudSchedulerRestTransport(
            host=host, credentials=_anonymous(), url_scheme=scheme
        )
        return CloudSchedulerClient(transport=transport)


def logging_client(cloud: Cloud) -> "LoggingServiceV2Client":
    """A client of Cloud Logging, over gRPC."""
    from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2Client

    with _translated_errors("Cloud Logging"):
        if not cloud.logging_host:
            return LoggingServiceV2Client()
        import grpc
        from google.cloud.logging_v2.services.logging_service_v2.transports import (
            LoggingServiceV2GrpcTransport,
        )

        channel = grpc.insecure_channel(cloud.logging_host)
        return LoggingServiceV2Client(transport=LoggingServiceV2GrpcTransport(channel=channel))


@contextlib.contextmanager
def _translated_errors(service: str) -> Iterator[None]:
    """Translate errors of creating a client; SettingsError for unusable or missing credentials."""
    with google_errors(message("doing.use", name=service)):
        try:
            yield
        except (AttributeError, KeyError, TypeError, ValueError, PermissionError) as error:
            raise SettingsError(
                message("google.file_is_none", service=service, sign_in=SIGN_IN)
            ) from error


def _emulator_options(host: str) -> dict[str, Any]:
    """A client's options for an emulator's address; none for Google's servers."""
    return {"credentials": _anonymous(), "client_options": {"api_endpoint": host}} if host else {}


def _anonymous() -> "Credentials":
    from google.auth.credentials import AnonymousCredentials

    return AnonymousCredentials()  # type: ignore[no-untyped-call]


def _prepare_session(session: "Session") -> None:
    """Let a session keep a connection for each thread, and read what the server refuses."""
    from requests.adapters import HTTPAdapter

    session.hooks["response"].append(_read_refusal)
    if getattr(session, "is_mtls", False):
        return  # its adapter carries the client's certificate
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_connections=THREADS, pool_maxsize=4 * THREADS))


def _read_refusal(response: "Response", **_: object) -> None:
    """Read error answers: a repeated download would leave its connection open otherwise."""
    if not response.ok:
        response.content  # noqa: B018 - reading it is what closes it
