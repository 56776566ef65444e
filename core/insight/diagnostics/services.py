"""Check the services around the platform: Google's APIs, the trigger of csv-processor."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from core.errors import PlatformError
from core.gcp.function_logs import LogLine, read_logs
from core.insight.diagnostics.arrivals import Waiting, waiting
from core.insight.diagnostics.finding import CheckContext, Finding, State
from core.messages import message
from core.operations.verify_upload import PROCESSOR
from core.scheduler.cloud import CloudSchedule
from core.settings import Cloud
from core.storage.object_names import reference_name

if TYPE_CHECKING:
    from google.api_core.exceptions import GoogleAPICallError

_LOG_LINES = 20
_LEAST_LOG = timedelta(minutes=10)
_DEPLOY = "bash cloud_function/deploy.sh"


def apis(case: CheckContext) -> Finding:
    """Check whether the project has enabled the services it needs, with a small call to each."""
    cloud = case.platform.settings.cloud
    if cloud is None:
        return Finding(State.NOT_HERE, message("diagnose.apis_none"))
    asked = _calls(case, cloud)
    refused = {service: _refusal(call) for service, call in asked.items()}
    disabled = [service for service, error in refused.items() if error and is_disabled(error)]
    if disabled:
        services = " ".join(f"{name}.googleapis.com" for name in disabled)
        return Finding(
            State.BROKEN,
            message("diagnose.apis_disabled", project=cloud.project, services=disabled),
            message("diagnose.apis_advice"),
            f"gcloud services enable {services} --project={cloud.project}",
        )
    silent = [service for service, error in refused.items() if error and not _has_answered(error)]
    if silent:
        return Finding(
            State.UNKNOWN,
            message("diagnose.apis_silent", services=silent, reason=refused[silent[0]]),
            message("diagnose.make_good"),
        )
    return Finding(State.FINE, message("diagnose.apis", services=list(asked)))


def _calls(case: CheckContext, cloud: Cloud) -> Mapping[str, Callable[[], object]]:
    """A small call to each service, by name; none to a service that the emulated cloud lacks."""
    since = case.now - _LEAST_LOG
    calls: dict[str, Callable[[], object]] = {
        "storage": lambda: case.platform.store.find(reference_name("products")),
        "bigquery": case.tables,
        "cloudscheduler": lambda: CloudSchedule(cloud).state(),
        "logging": lambda: read_logs(cloud, PROCESSOR, 1, since),
    }
    hosts = (cloud.storage_host, cloud.bigquery_host, cloud.scheduler_host, cloud.logging_host)
    if not any(hosts):
        return calls
    return {name: call for (name, call), host in zip(calls.items(), hosts, strict=True) if host}


def _refusal(call: Callable[[], object]) -> PlatformError | None:
    try:
        call()
    except PlatformError as error:
        return error
    return None


def is_disabled(error: PlatformError) -> bool:
    """Whether a sentence comes from Google's error for a service that is not enabled.

    Its words are in https://cloud.google.com/service-usage/docs/troubleshooting.
    """
    answer = _cause(error)
    if answer is None:
        return False
    words = str(answer)
    return (
        getattr(answer, "reason", None) == "SERVICE_DISABLED"
        or "accessNotConfigured" in words
        or "has not been used in project" in words
    )


def _has_answered(error: PlatformError) -> bool:
    """Whether the service itself answered, for example that something does not exist."""
    answer = _cause(error)
    return answer is not None and 400 <= int(answer.code or 0) < 500


def _cause(error: BaseException) -> "GoogleAPICallError | None":
    """Google's error that a sentence was made from."""
    from google.api_core.exceptions import GoogleAPICallError

    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, GoogleAPICallError):
        cause = cause.__cause__
    return cause


def trigger(case: CheckContext) -> Finding:
    """Check csv-processor's trigger by what happens to new objects: only gcloud shows it itself."""
    cloud = case.platform.settings.cloud
    if cloud is None:
        return Finding(State.NOT_HERE, message("diagnose.trigger_none"))
    found = waiting(case)
    if not found.overdue:
        return Finding(
            State.FINE,
            message("diagnose.trigger", dates_told=case.dates_text, function=PROCESSOR),
            "",
            _list_triggers(cloud),
        )
    if cloud.bigquery_host and not cloud.logging_host:
        return Finding(State.UNKNOWN, message("diagnose.trigger_no_log"), "", "")
    since = (found.oldest or case.now) - timedelta(seconds=1)
    return _by_effect(cloud, found, read_logs(cloud, PROCESSOR, _LOG_LINES, since))


def _by_effect(cloud: Cloud, found: Waiting, lines: list[LogLine]) -> Finding:
    """What the log says since the oldest waiting object was written."""
    what = message("diagnose.waits_since", waits=found.waits, since=found.since)
    errors = [line for line in lines if line.severity == "ERROR"]
    if not lines:
        return Finding(
            State.BROKEN,
            message("diagnose.trigger_silent", function=PROCESSOR, what=what),
            message("diagnose.trigger_silent_advice"),
            f"{_list_triggers(cloud)}\n{_DEPLOY}",
            "ingest",
        )
    if errors:
        return Finding(
            State.BROKEN,
            message("diagnose.trigger_fails", function=PROCESSOR, what=what, text=errors[0].text),
            message("diagnose.trigger_fails_advice"),
            f"python scripts/logs.py {PROCESSOR}",
            "ingest",
        )
    return Finding(
        State.ATTENTION,
        message("diagnose.trigger_slow", function=PROCESSOR, count=len(lines), what=what),
        message("diagnose.trigger_wait"),
        f"python scripts/logs.py {PROCESSOR}",
        "ingest",
    )


def _list_triggers(cloud: Cloud) -> str:
    return f"gcloud eventarc triggers list --location={cloud.region}"
