"""BigQuery: job ids are taken once, jobs can be looked at, scripts may have parameters."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_cloud.gateway.analysis import Analysis
from local_cloud.gateway.exchange import Answer, Asked, Backend, error, json_answer
from local_cloud.gateway.jobs import STATUS_OF_REASON, Job, failure, kind_of, named_rightly, new_job
from local_cloud.gateway.journal import Change
from local_cloud.gateway.loads import Loaded, Loads
from local_cloud.gateway.multipart import multipart
from local_cloud.gateway.places import Places, is_at
from local_cloud.gateway.schemas import Schemas
from local_cloud.gateway.sql import changes, with_literals, with_quarters

_PROJECT = re.compile(r"/projects/([^/]+)/")
_LAST = re.compile(r"/([^/]+)$")
# What Google's client says that it sends, and what the emulator takes for it.
_CONTENT_TYPE = (b"content-type: */*\r\n", b"content-type: application/octet-stream\r\n")


@dataclass
class _Session:
    """A resumable upload of a load job: the job's description, and the bytes that came so far."""

    envelope: dict[str, Any]
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Insert:
    """What a request is to insert: the operation by its full name, and the job's description."""

    operation: str
    envelope: Mapping[str, Any]
    data: bytes = b""

    @property
    def job_id(self) -> str:
        """The id that was asked for; empty where it is left to the server."""
        return str(self.envelope.get("jobReference", {}).get("jobId", ""))

    @property
    def changes(self) -> tuple[Change, ...]:
        """The tables that the job changes."""
        configuration = self.envelope.get("configuration", {})
        if configuration.get("dryRun"):
            return ()
        if "query" in configuration:
            return changes(str(configuration["query"].get("query", "")))
        target = configuration.get(kind_of(configuration), {}).get("destinationTable", {})
        if not target:
            return ()
        return (Change("load", f"{target.get('datasetId')}.{target.get('tableId')}"),)


class BigQuery:
    """Answers requests to BigQuery.

    Attributes:
        query_bytes: What a dry run says that a query reads, and what `maximumBytesBilled` is held
            against; None leaves both to the emulator.
        analysis: What Google's analyser says of each query.
        loads: What load jobs are held to.
    """

    def __init__(self, backend: Backend, public: str, storage: Backend) -> None:
        self._backend = backend
        self._public = public
        self._jobs: dict[tuple[str, str], Job] = {}
        self._sessions: dict[str, _Session] = {}
        self._schemas = Schemas(backend)
        self._places = Places(self._schemas)
        self.query_bytes: int | None = None
        self.analysis = Analysis(self._schemas)
        self.loads = Loads(self._schemas, storage)

    def job_ids(self) -> set[str]:
        """The ids that are taken."""
        return {job_id for _, job_id in self._jobs}

    def forget(self, *job_ids: str) -> None:
        """Forget jobs, as BigQuery does one by one after 180 days; all without any id."""
        gone = set(job_ids) or self.job_ids()
        self._jobs = {key: job for key, job in self._jobs.items() if key[1] not in gone}

    def insert_of(self, asked: Asked) -> Insert | None:
        """The job that a request inserts; None where it inserts none."""
        match asked.operation:
            case "job.insert.load":
                envelope, data = multipart(asked)
                return Insert(asked.operation, envelope, data)
            case "job.insert":
                envelope = asked.json()
                kind = kind_of(envelope.get("configuration", {}))
                return Insert(f"job.insert.{kind}", envelope)
            case "job.query":
                envelope = {"configuration": {"query": asked.json()}}
                return Insert(asked.operation, envelope)
            case "job.upload.chunk":
                return self._last_chunk(asked)
            case _:
                return None

    async def answer(self, asked: Asked, insert: Insert | None, looks: int) -> Answer:
        """Do what is asked for.

        Args:
            insert: What `insert_of` said of the request.
            looks: How many looks at a job that is inserted it will be seen running.
        """
        if insert is not None and asked.operation != "job.query":
            return await self._insert(asked, insert, looks)
        ways = {
            "job.upload.begin": self._begin,
            "job.upload.chunk": self._chunk,
            "job.get": self._get,
            "job.list": self._list,
            "query.results": self._results,
            "job.query": self._query,
        }
        return await ways.get(asked.operation, self._pass_on)(asked)

    async def _pass_on(self, asked: Asked) -> Answer:
        answer = _rightly(await self._backend.forward(asked))
        if asked.method != "GET":
            self._schemas.forget()
        return answer

    async def _insert(self, asked: Asked, insert: Insert, looks: int) -> Answer:
        job = new_job(_project(asked), insert.envelope)
        refused = await self._refused(job)
        if job.configuration.get("dryRun"):
            return refused or await self._dry_run(asked)
        brought = await self.loads.brought(job, insert.data)
        taken = self._jobs.setdefault((job.project, job.id), job)
        if taken is not job:
            return _taken(job)
        refused = refused or self._over_limit(job.configuration.get("query", {}))
        refused = refused or self.loads.refusal(brought)
        if refused:
            job.work, job.looks = _answering(refused), 0
        else:
            job.work, job.looks = lambda: self._send(asked, job, insert.data, brought), looks
        if not looks or refused:
            await self._run(job)
        else:
            job.statistics |= {job.kind: {}}
        return json_answer(job.resource())

    async def _run(self, job: Job) -> None:
        """Run a job; when the emulator cannot be reached, nobody has taken its id."""
        try:
            await job.run()
        except BaseException:
            self._jobs.pop((job.project, job.id), None)
            raise

    async def _send(self, asked: Asked, job: Job, data: bytes, brought: Loaded | None) -> Answer:
        if job.kind != "query":
            answer = await self._backend.forward(asked, asked.body.replace(*_CONTENT_TYPE, 1))
            if brought and brought.rows is not None and failure(answer) is None:
                return _with_rows(answer, brought.rows, len(data))
            return answer
        envelope = {**asked.json(), "jobReference": {"projectId": job.project, "jobId": job.id}}
        query = envelope["configuration"]["query"]
        envelope["configuration"]["query"] = _written_out(query)
        answer = await self._backend.forward(asked, json.dumps(envelope).encode())
        self._schemas.forget_changed(str(query.get("query", "")))
        return answer

    async def _dry_run(self, asked: Asked) -> Answer:
        answer = _rightly(await self._backend.forward(asked))
        if self.query_bytes is None or not answer.ok:
            return answer
        resource, size = answer.json(), str(self.query_bytes)
        statistics = resource.setdefault("statistics", {})
        statistics["totalBytesProcessed"] = size
        statistics.setdefault("query", {})["totalBytesProcessed"] = size
        return json_answer(resource)

    async def _refused(self, job: Job) -> Answer | None:
        """The error of a job that is in another place than its tables, or no GoogleSQL."""
        job.location, misplaced = await self._places.of(job)
        if misplaced or job.kind != "query":
            return misplaced
        refusal = await self.analysis.refusal(job.project, job.configuration["query"])
        return error(400, "invalidQuery", refusal) if refusal else None

    def _over_limit(self, query: Mapping[str, Any]) -> Answer | None:
        most = query.get("maximumBytesBilled")
        if most is None or self.query_bytes is None or self.query_bytes <= int(most):
            return None
        needed = f"{self.query_bytes} or higher required"
        message = f"Query exceeded limit for bytes billed: {most}. {needed}."
        return error(400, "bytesBilledLimitExceeded", message)

    async def _begin(self, asked: Asked) -> Answer:
        envelope = asked.json()
        job = new_job(_project(asked), envelope)
        if (job.project, job.id) in self._jobs:
            return _taken(job)
        answer = await self._backend.forward(asked)
        upload = answer.headers.get("X-GUploader-UploadID")
        if not upload:
            return _rightly(answer)
        self._sessions[upload] = _Session(envelope)
        location = answer.headers.get("Location", "")
        return answer.at(location.replace(self._backend.origin, self._public))

    def _last_chunk(self, asked: Asked) -> Insert | None:
        session = self._sessions.get(asked.query.get("upload_id", ""))
        found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", asked.headers.get("Content-Range", ""))
        if session is None or not found or int(found[2]) + 1 != int(found[3]):
            return None
        return Insert("job.insert.load", session.envelope, session.data + asked.body)

    async def _chunk(self, asked: Asked) -> Answer:
        session = self._sessions.get(asked.query.get("upload_id", ""))
        answer = await self._backend.forward(asked)
        if session is not None and answer.status == 308:
            session.data += asked.body
        return answer

    async def _get(self, asked: Asked) -> Answer:
        job = self._job(asked)
        if job is None or not is_at(job.location, asked.query.get("location")):
            return _no_job(asked)
        await job.look()
        return json_answer(job.resource())

    async def _list(self, asked: Asked) -> Answer:
        state = asked.query.get("stateFilter", "").upper()
        most = int(asked.query.get("maxResults") or 1000)
        found = [j.resource() for j in self._jobs.values() if j.project == _project(asked)]
        newest = [job for job in reversed(found) if state in {"", job["status"]["state"]}]
        for job in newest:
            job["state"] = job["status"]["state"]
        return json_answer({"kind": "bigquery#jobList", "jobs": newest[:most]})

    async def _results(self, asked: Asked) -> Answer:
        job = self._job(asked)
        if job is not None:
            if not is_at(job.location, asked.query.get("location")):
                return _no_job(asked)
            await job.look()
            if not job.ended:
                reference = job.resource()["jobReference"]
                return json_answer({"jobComplete": False, "jobReference": reference})
            if job.error:
                status = STATUS_OF_REASON.get(job.error["reason"], 400)
                return error(status, job.error["reason"], job.error["message"])
        return await self._backend.forward(asked)

    async def _query(self, asked: Asked) -> Answer:
        query = asked.json()
        job = new_job(_project(asked), {"configuration": {"query": query}, "jobReference": query})
        refused = await self._refused(job) or self._over_limit(query)
        if refused:
            return refused
        body = json.dumps(_written_out(query)).encode()
        answer = _rightly(await self._backend.forward(asked, body))
        self._schemas.forget_changed(str(query.get("query", "")))
        fault = (answer.json().get("errors") or [None])[0]
        if answer.ok and fault:
            named = named_rightly(fault)
            return error(
                STATUS_OF_REASON.get(named["reason"], 400), named["reason"], named["message"]
            )
        return answer

    def _job(self, asked: Asked) -> Job | None:
        return self._jobs.get((_project(asked), _last(asked)))


def _project(asked: Asked) -> str:
    found = _PROJECT.search(asked.path)
    return found[1] if found else ""


def _last(asked: Asked) -> str:
    found = _LAST.search(asked.path)
    return found[1] if found else ""


def _no_job(asked: Asked) -> Answer:
    return error(404, "notFound", f"Not found: Job {_project(asked)}:{_last(asked)}")


def _taken(job: Job) -> Answer:
    return error(409, "duplicate", f"Already Exists: Job {job.project}:{job.location}.{job.id}")


def _answering(answer: Answer) -> Any:  # noqa: ANN401 - a coroutine function
    async def work() -> Answer:
        return answer

    return work


def _written_out(query: Mapping[str, Any]) -> dict[str, Any]:
    """A query's description that the emulator understands."""
    text = with_quarters(str(query.get("query", "")))
    script = with_literals(text, query.get("queryParameters") or ())
    if script is None:
        return {**query, "query": text}
    kept = {key: value for key, value in query.items() if key != "queryParameters"}
    return {**kept, "query": script}


def _with_rows(answer: Answer, rows: int, size: int) -> Answer:
    """The emulator counts the table's rows; a job's are those that it brought."""
    resource = answer.json()
    statistics = resource.setdefault("statistics", {})
    statistics["load"] = {
        **statistics.get("load", {}), "outputRows": str(rows), "inputFiles": "1",
        "inputFileBytes": str(size), "badRecords": "0",
    }  # fmt: skip
    return json_answer(resource)


def _rightly(answer: Answer) -> Answer:
    """An error of the emulator under the name that Google has for it."""
    if answer.ok or not answer.json().get("error"):
        return answer
    fault = failure(answer) or {}
    if fault.get("reason") != "notFound" or answer.status == 404:
        return answer
    return error(404, "notFound", fault["message"])
