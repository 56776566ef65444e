"""Jobs of BigQuery by their ids, which are taken once and for ever."""

import re
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_cloud.gateway.exchange import Answer

# What Google's clients turn a reason into: cloud.google.com/bigquery/docs/error-messages
STATUS_OF_REASON = {
    "accessDenied": 403, "backendError": 503, "bytesBilledLimitExceeded": 400, "duplicate": 409,
    "internalError": 500, "invalid": 400, "invalidQuery": 400, "jobBackendError": 400,
    "jobRateLimitExceeded": 400, "notFound": 404, "quotaExceeded": 403, "rateLimitExceeded": 403,
    "stopped": 200,
}  # fmt: skip
# Of a query, and of a load into a table that it must not make.
_MISSING = re.compile(
    r"Access Denied: (?P<query>(?:Table|Dataset) [^:]+:\S+?): .*(?:may|does) not exist"
    r"|Catalog Error: (?P<load>Table with name \S+) does not exist", re.DOTALL
)  # fmt: skip

Work = Callable[[], Awaitable[Answer]]


@dataclass
class Job:
    """A job: what was asked for, and what became of it.

    Attributes:
        work: What is still to be done; None once the job has ended.
        looks: How many looks at the job it will be seen running.
    """

    project: str
    id: str
    location: str
    configuration: dict[str, Any]
    created_ms: int = field(default_factory=lambda: time.time_ns() // 1_000_000)
    ended_ms: int = 0
    statistics: dict[str, Any] = field(default_factory=dict)
    error: dict[str, str] | None = None
    work: Work | None = None
    looks: int = 0

    @property
    def kind(self) -> str:
        """`load`, `query`, `copy` or `extract`."""
        return kind_of(self.configuration)

    @property
    def ended(self) -> bool:
        """Whether it is DONE, well or not."""
        return self.ended_ms > 0

    async def look(self) -> None:
        """Count a look at the job; the one after the last runs it."""
        if self.work is None or self.ended:
            return
        if self.looks > 0:
            self.looks -= 1
            return
        await self.run()

    async def run(self) -> Answer | None:
        """Do the work, and keep what became of it; None when somebody else is at it."""
        work, self.work = self.work, None
        if work is None:
            return None
        answer = await work()
        self.ended_ms = time.time_ns() // 1_000_000
        self.error = failure(answer)
        self.statistics |= answer.json().get("statistics", {})
        made = answer.json().get("configuration", {}).get("query", {})
        if "destinationTable" in made:
            asked = self.configuration["query"]
            asked.setdefault("destinationTable", made["destinationTable"])
        return answer

    def resource(self) -> dict[str, Any]:
        """The job as the REST API shows it."""
        status: dict[str, Any] = {"state": "DONE" if self.ended else "RUNNING"}
        if self.error:
            status |= {"errorResult": self.error, "errors": [self.error]}
        return {
            "kind": "bigquery#job",
            "id": f"{self.project}:{self.location}.{self.id}",
            "jobReference": {
                "projectId": self.project, "jobId": self.id, "location": self.location
            },
            "configuration": {**self.configuration, "jobType": self.kind.upper()},
            "status": status,
            "statistics": self._statistics(),
        }  # fmt: skip

    def _statistics(self) -> dict[str, Any]:
        times = {"creationTime": str(self.created_ms), "startTime": str(self.created_ms)}
        if self.ended:
            times["endTime"] = str(self.ended_ms)
        return {**self.statistics, **times}


def new_job(project: str, envelope: Mapping[str, Any]) -> Job:
    """The job that a request to insert one is about, with an id of its own where none is given.

    Its location is empty where the request leaves that to the server.
    """
    reference = envelope.get("jobReference", {})
    return Job(
        project=project,
        id=reference.get("jobId") or f"job_{uuid.uuid4().hex}",
        location=reference.get("location") or "",
        configuration=dict(envelope.get("configuration", {})),
    )


def kind_of(configuration: Mapping[str, Any]) -> str:
    """`load`, `query`, `copy` or `extract`; `unknown` for what is none of them."""
    kinds = ("load", "query", "copy", "extract")
    return next((kind for kind in kinds if kind in configuration), "unknown")


def failure(answer: Answer) -> dict[str, str] | None:
    """Why the emulator's answer to an insert is that of a failed job; None when it did its work."""
    found = answer.json()
    if not answer.ok:
        fault = found.get("error", {})
        errors = fault.get("errors") or [{"reason": "invalid", "message": str(answer.body[:500])}]
        return named_rightly({"message": fault.get("message", ""), **errors[0]})
    result = found.get("status", {}).get("errorResult")
    return named_rightly(result) if result else None


def named_rightly(fault: Mapping[str, Any]) -> dict[str, str]:
    """An error as Google names it: the emulator says that a missing table is access denied."""
    message, reason = str(fault.get("message", "")), str(fault.get("reason", "invalid"))
    found = _MISSING.search(message)
    if found:
        reason = "notFound"
        message = f"Not found: {found['query'] or found['load']} was not found in location US"
    return {"reason": reason, "message": message, "location": str(fault.get("location", ""))}
