"""The schedule on Google Cloud: the job `continuous-data-generator` of Cloud Scheduler."""

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from core.errors import SettingsError
from core.gcp.clients import scheduler_client
from core.gcp.errors import google_errors
from core.messages import message
from core.scheduler.base import JOB, ScheduleState
from core.settings import Cloud

if TYPE_CHECKING:
    from google.api_core.exceptions import GoogleAPICallError
    from google.cloud.scheduler_v1 import CloudSchedulerClient
    from google.cloud.scheduler_v1.types import Job

ENABLE = "`gcloud services enable cloudscheduler.googleapis.com`"
DEPLOY = "`bash cloud_function/deploy.sh`"

_TIMEOUT_S = 20.0  # of one request; a person waits for the answer
_NEVER = message("schedule.never")
_SUCCEEDED = message("schedule.succeeded")


class CloudSchedule:
    """The schedule's job of a project and region; it contacts Google at the first call."""

    def __init__(self, cloud: Cloud) -> None:
        self.name = f"projects/{cloud.project}/locations/{cloud.region}/jobs/{JOB}"
        self._cloud = cloud

    def state(self) -> ScheduleState:
        """The state of the job."""
        return self._ask("see", lambda client: client.get_job(
            name=self.name, retry=None, timeout=_TIMEOUT_S))  # fmt: skip

    def pause(self) -> ScheduleState:
        """Pause the job."""
        return self._ask("pause", lambda client: client.pause_job(
            name=self.name, retry=None, timeout=_TIMEOUT_S))  # fmt: skip

    def resume(self) -> ScheduleState:
        """Resume the job."""
        return self._ask("resume", lambda client: client.resume_job(
            name=self.name, retry=None, timeout=_TIMEOUT_S))  # fmt: skip

    def run(self) -> ScheduleState:
        """Make the job call now."""
        return self._ask("run", lambda client: client.run_job(
            name=self.name, retry=None, timeout=_TIMEOUT_S))  # fmt: skip

    def _ask(self, doing: str, ask: "Callable[[CloudSchedulerClient], Job]") -> ScheduleState:
        """The job in the answer; `SettingsError` without such a job, or without Cloud Scheduler."""
        with (
            google_errors(message(f"doing.{doing}_schedule", name=JOB)),
            self._require_job(),
            scheduler_client(self._cloud) as client,
        ):
            return _state(ask(client))

    @contextlib.contextmanager
    def _require_job(self) -> Iterator[None]:
        from google.api_core.exceptions import Forbidden, NotFound

        project, region = self._cloud.project, self._cloud.region
        try:
            yield
        except NotFound as error:
            raise SettingsError(
                message(
                    "schedule.none", job=JOB, region=region, project=project, deploy=DEPLOY,
                    enable=ENABLE,
                )
            ) from error  # fmt: skip
        except Forbidden as error:
            if not _is_disabled(error):
                raise
            raise SettingsError(
                message("schedule.not_enabled", project=project, enable=ENABLE, deploy=DEPLOY)
            ) from error


def _is_disabled(error: "GoogleAPICallError") -> bool:
    return error.reason == "SERVICE_DISABLED" or "has not been used in project" in str(error)


def _state(job: "Job") -> ScheduleState:
    return ScheduleState(
        name=job.name.rpartition("/")[2],
        state=job.state.name.lower(),
        schedule=job.schedule,
        time_zone=job.time_zone,
        next_run=job.schedule_time,
        last_run=job.last_attempt_time,
        last_status=_status(job),
        target=job.http_target.uri,
    )


def _status(job: "Job") -> str:
    if job.last_attempt_time is None:
        return _NEVER
    if not job.status.code:
        return _SUCCEEDED
    from google.rpc.code_pb2 import Code

    reason = Code.Name(job.status.code) if job.status.code in Code.values() else job.status.code
    words = f" ({job.status.message})" if job.status.message else ""
    return message("schedule.failed", reason=f"{reason}{words}")
