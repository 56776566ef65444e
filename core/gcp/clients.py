"""Google's client libraries, made from the settings alone.

With the address of an emulator a client goes there without credentials. Otherwise the credentials
are found by Google's own rules. Nothing is contacted before a client is used.
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

THREADS = 16  # most requests of one store or warehouse at a time


def storage_client(cloud: Cloud) -> "StorageClient":
    """A client of Cloud Storage whose connections are enough for `THREADS` threads."""
    from google.cloud import storage

    with _signing_in("Cloud Storage"):
        client = storage.Client(cloud.project, **_at(cloud.storage_host))
    # Else it looks at the bucket behind our back, for traces: a Class B operation.
    client._bucket_metadata_cache = None  # noqa: SLF001 - the other switch is an environment's
    _widen(client._http)  # noqa: SLF001 - the library has no option for its pool
    return client


def bigquery_client(cloud: Cloud) -> "BigQueryClient":
    """A client of BigQuery whose connections are enough for `THREADS` threads."""
    from google.cloud import bigquery

    with _signing_in("BigQuery"):
        client = bigquery.Client(cloud.project, location=cloud.region, **_at(cloud.bigquery_host))
    _widen(client._http)  # noqa: SLF001 - as above
    return client


def scheduler_client(cloud: Cloud) -> "CloudSchedulerClient":
    """A client of Cloud Scheduler, over REST."""
    from google.cloud.scheduler_v1 import CloudSchedulerClient
    from google.cloud.scheduler_v1.services.cloud_scheduler.transports import (
        CloudSchedulerRestTransport,
    )

    with _signing_in("Cloud Scheduler"):
        if not cloud.scheduler_host:
            return CloudSchedulerClient(transport="rest")
        scheme, _, host = cloud.scheduler_host.partition("://")
        transport = CloudSchedulerRestTransport(host=host, credentials=_nobody(), url_scheme=scheme)
        return CloudSchedulerClient(transport=transport)


def logging_client(cloud: Cloud) -> "LoggingServiceV2Client":
    """A client of Cloud Logging, over gRPC."""
    from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2Client

    with _signing_in("Cloud Logging"):
        if not cloud.logging_host:
            return LoggingServiceV2Client()
        import grpc
        from google.cloud.logging_v2.services.logging_service_v2.transports import (
            LoggingServiceV2GrpcTransport,
        )

        channel = grpc.insecure_channel(cloud.logging_host)
        return LoggingServiceV2Client(transport=LoggingServiceV2GrpcTransport(channel=channel))


@contextlib.contextmanager
def _signing_in(service: str) -> Iterator[None]:
    """Clients are made; what Google's library does not expect in a file of credentials is told."""
    with google_errors(message("doing.use", name=service)):
        try:
            yield
        except (AttributeError, KeyError, TypeError, ValueError, PermissionError) as error:
            raise SettingsError(
                message("google.file_is_none", service=service, sign_in=SIGN_IN)
            ) from error


def _at(host: str) -> dict[str, Any]:
    """Options of a client: none for Google's own servers."""
    return {"credentials": _nobody(), "client_options": {"api_endpoint": host}} if host else {}


def _nobody() -> "Credentials":
    from google.auth.credentials import AnonymousCredentials

    return AnonymousCredentials()  # type: ignore[no-untyped-call]


def _widen(session: "Session") -> None:
    """Let a session keep as many connections as there are threads, or it would drop some."""
    from requests.adapters import HTTPAdapter

    session.hooks["response"].append(_read_refusal)
    if getattr(session, "is_mtls", False):
        return  # its own adapter carries the certificate of the client
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_connections=THREADS, pool_maxsize=4 * THREADS))


def _read_refusal(response: "Response", **_: object) -> None:
    """Read what is no success, or a download that is tried again would leave its connection."""
    if not response.ok:
        response.content  # noqa: B018 - reading it is what closes it
