"""Cloud Scheduler: the emulator keeps jobs and their state; attempts are kept here."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local_cloud.gateway.exchange import Answer, Asked, Backend, json_answer

if TYPE_CHECKING:
    from collections.abc import Callable


class Scheduler:
    """Answers requests to Cloud Scheduler.

    Attributes:
        on_run: Called, in the gateway's loop, with the resource of a job that is to run now.
        next_tick: The next moment of an enabled job, from its resource.
    """

    def __init__(self, backend: Backend, public: str) -> None:
        self._backend = backend
        self._public = public
        self._attempts: dict[str, dict[str, Any]] = {}
        self.on_run: Callable[[dict[str, Any]], None] | None = None
        self.next_tick: Callable[[dict[str, Any]], datetime | None] | None = None

    def attempted(self, name: str, at: datetime, status: dict[str, Any]) -> None:
        """Keep that a job was tried, and how it ended: an empty status is a success."""
        self._attempts[name] = {
            "lastAttemptTime": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "status": status,
        }

    async def answer(self, asked: Asked) -> Answer:
        """Do what is asked for, and add attempts to the jobs in the answer."""
        answer = await self._backend.forward(asked)
        if not answer.ok or asked.operation == "job.delete":
            return answer
        resource = answer.json()
        if asked.operation == "job.run":
            if self.on_run:
                self.on_run(resource)
            else:
                self.attempted(resource["name"], datetime.now(UTC), {})
        if asked.operation == "job.list":
            return json_answer({"jobs": [self._whole(job) for job in resource.get("jobs", ())]})
        return json_answer(self._whole(resource))

    def _whole(self, job: dict[str, Any]) -> dict[str, Any]:
        whole = {**job, **self._attempts.get(job.get("name", ""), {})}
        tick = self.next_tick(job) if self.next_tick and job.get("state") != "PAUSED" else None
        if tick:
            whole["scheduleTime"] = tick.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return whole
