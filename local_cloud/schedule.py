"""What Cloud Scheduler does beside keeping the job: it calls, at its ticks and on demand."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, Self

import requests

from core.gcp.clients import scheduler_client
from core.generation.catalog import Catalog
from core.scheduler import cron, next_ticks, ticks_of
from core.scheduler.base import JOB
from core.settings import Cloud
from local_cloud.gateway import Gateway

TIME_ZONE = "America/Sao_Paulo"
_LOOK_S = 0.5
_CALL_S = 320.0  # the deadline of a call, as it is deployed
# google.rpc.Code, as Cloud Scheduler derives it from an HTTP status.
_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 409: 6, 429: 8, 500: 13, 503: 14, 504: 4}
_UNKNOWN = 2
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Called:
    """A call: the tick it was for, and the status of its last answer; 0 where none came."""

    tick: datetime
    status: int
    answer: str


class LocalSchedule:
    """Calls the job's target, as a context manager with a thread that keeps to the ticks.

    Args:
        target: The function that the job calls.
        body: What the calls say; nothing by default, as deployed.
        now: The present moment, aware.
        waits_s: Seconds before each further try of a call that fails.
    """

    def __init__(
        self,
        gateway: Gateway,
        cloud: Cloud,
        catalog: Catalog,
        target: str,
        now: Callable[[], datetime],
        body: bytes = b"",
        waits_s: tuple[float, ...] = (1.0, 2.0, 4.0),
    ) -> None:
        self.name = f"projects/{cloud.project}/locations/{cloud.region}/jobs/{JOB}"
        self._gateway = gateway
        self._cloud = cloud
        self._catalog = catalog
        self._target = {"uri": target, "http_method": "POST", "body": body}
        self._now = now
        self._waits_s = waits_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="schedule", daemon=True)

    def __enter__(self) -> Self:
        self._create()
        self._gateway.scheduler.next_tick = self._next_tick
        self._gateway.scheduler.on_run = self._run_now
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()
        self._gateway.scheduler.next_tick = None
        self._gateway.scheduler.on_run = None

    def play(self, day: date, pace_s: float) -> list[Called]:
        """Call for each tick of a business date in turn, so many seconds apart."""
        called: list[Called] = []
        for tick in ticks_of(day, self._catalog):
            if called and self._ended.wait(pace_s):
                break
            called.append(self.call(tick.at))
        return called

    def call(self, tick: datetime) -> Called:
        """Call for a tick, again where it fails, and keep in the job how that ended."""
        with scheduler_client(self._cloud) as client:
            target = client.get_job(name=self.name, timeout=10).http_target
        headers = {
            **dict(target.headers),
            "X-CloudScheduler": "true",
            "X-CloudScheduler-JobName": JOB,
            "X-CloudScheduler-ScheduleTime": _text(tick),
            "User-Agent": "Google-Cloud-Scheduler",
        }
        method = target.http_method.name
        called = _post(target.uri, method, headers, target.body, tick)
        for wait_s in self._waits_s:
            if called.status and called.status < 500 and called.status != 429:
                break
            if self._ended.wait(wait_s):
                break
            called = _post(target.uri, method, headers, target.body, tick)
        self._gateway.scheduler.attempted(self.name, self._now(), _status(called))
        _log.info("%s: %s %s", _text(tick), called.status, called.answer)
        return called

    def _create(self) -> None:
        from google.api_core.exceptions import AlreadyExists

        job = {
            "name": self.name,
            "schedule": cron(self._catalog),
            "time_zone": TIME_ZONE,
            "http_target": self._target,
            "attempt_deadline": {"seconds": int(_CALL_S)},
        }
        parent = self.name.partition("/jobs/")[0]
        with scheduler_client(self._cloud) as client:
            try:
                client.create_job({"parent": parent, "job": job}, timeout=10)
            except AlreadyExists:
                client.update_job({"job": job}, timeout=10)

    def _next_tick(self, job: Mapping[str, Any]) -> datetime | None:
        if job.get("name") != self.name:
            return None
        return next((tick.at for tick in next_ticks(self._now(), 1, self._catalog)), None)

    def _run_now(self, job: Mapping[str, Any]) -> None:
        """Call in a thread, for this is the gateway's loop and the call comes back to it."""
        if job.get("name") == self.name:
            moment = self._now()
            threading.Thread(target=self.call, args=(moment,), name="run", daemon=True).start()

    def _keep(self) -> None:
        """Call at each tick; of several that passed while the machine slept, at the last."""
        last = self._now()
        while not self._ended.wait(_LOOK_S):
            now = self._now()
            ticks = next_ticks(last, len(self._catalog.windows), self._catalog)
            due = [tick.at for tick in ticks if tick.at <= now]
            last = now
            if due and self._is_enabled():
                self.call(due[-1])

    def _is_enabled(self) -> bool:
        with scheduler_client(self._cloud) as client:
            return bool(client.get_job(name=self.name, timeout=10).state.name == "ENABLED")


def _post(url: str, method: str, headers: Mapping[str, str], body: bytes, tick: datetime) -> Called:
    try:
        answer = requests.request(method, url, data=body, headers=headers, timeout=_CALL_S)
    except requests.RequestException as error:
        return Called(tick, 0, str(error))
    return Called(tick, answer.status_code, answer.text)


def _status(called: Called) -> dict[str, Any]:
    """How a call ended, as the job shows it."""
    if 200 <= called.status < 300:
        return {}
    if not called.status:
        return {"code": 14, "message": called.answer}
    return {"code": _CODES.get(called.status, _UNKNOWN), "message": called.answer[:300]}


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
