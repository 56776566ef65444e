"""What Eventarc and Pub/Sub do: each new object becomes an event, told until it is acknowledged."""

import asyncio
import itertools
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp

EVENT_TYPE = "google.cloud.storage.object.v1.finalized"
# https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/storage/v1/data.proto
_FIELDS = (
    "kind", "id", "selfLink", "name", "bucket", "generation", "metageneration", "contentType",
    "timeCreated", "updated", "storageClass", "timeStorageClassUpdated", "size", "md5Hash",
    "mediaLink", "metadata", "crc32c", "etag",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Retries:
    """How an event is told again: waits double from the first to the longest.

    Attributes:
        attempts: After so many the event is a dead letter.
    """

    first_s: float = 10.0
    longest_s: float = 600.0
    attempts: int = 50


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it is posted: CloudEvents headers, and the object as JSON."""

    headers: Mapping[str, str]
    data: Mapping[str, Any]


@dataclass
class Letters:
    """What became of the events.

    Attributes:
        told: Attempts, acknowledged or not.
        acknowledged: Events that were acknowledged.
        dead: Events that were given up.
    """

    told: int = 0
    acknowledged: int = 0
    dead: list[Event] = field(default_factory=list)


def event_of(resource: Mapping[str, Any], event_id: str) -> Event:
    """The event of a new object, from the object's resource."""
    name, bucket = str(resource["name"]), str(resource["bucket"])
    headers = {
        "ce-id": event_id,
        "ce-specversion": "1.0",
        "ce-type": EVENT_TYPE,
        "ce-source": f"//storage.googleapis.com/projects/_/buckets/{bucket}",
        "ce-subject": f"objects/{quote(name, safe='/=:')}",
        "ce-time": str(resource["updated"]),
        "ce-bucket": bucket,
    }
    return Event(headers, {name: resource[name] for name in _FIELDS if name in resource})


class Relay:
    """Tells a function of new objects, as a context manager with a thread of its own.

    Args:
        url: The function.
        bucket: Objects of other buckets are left out; of this one none are, as with Eventarc.
        at_once: Most events that are being told at the same time.
    """

    def __init__(
        self, url: str, bucket: str, retries: Retries | None = None, at_once: int = 10
    ) -> None:
        self.letters = Letters()
        self._url = url
        self._bucket = bucket
        self._retries = retries or Retries()
        self._at_once = at_once
        self._numbers = itertools.count(1)
        self._pending = 0
        self._lock = threading.Lock()
        self._idle = threading.Event()
        self._idle.set()
        self._up: Future[asyncio.AbstractEventLoop] = Future()
        self._ended: asyncio.Event | None = None
        self._turns: asyncio.Semaphore | None = None
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._up.result()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._ended is not None:
            self._up.result().call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def offer(self, resource: Mapping[str, Any]) -> None:
        """Take a new object's resource from any thread; the event is told soon."""
        if resource.get("bucket") != self._bucket:
            return
        event = event_of(resource, f"{resource['generation']}-{next(self._numbers)}")
        with self._lock:
            self._pending += 1
            self._idle.clear()
        self._up.result().call_soon_threadsafe(self._begin, event)

    def wait_until_idle(self, timeout_s: float) -> bool:
        """Wait until each event is acknowledged or dead; whether that came to pass in time."""
        return self._idle.wait(timeout_s)

    def _run(self) -> None:
        asyncio.run(self._live())

    async def _live(self) -> None:
        self._ended, self._turns = asyncio.Event(), asyncio.Semaphore(self._at_once)
        timeout = aiohttp.ClientTimeout(total=600)
        async with aiohttp.ClientSession(timeout=timeout) as self._session:
            self._up.set_result(asyncio.get_running_loop())
            await self._ended.wait()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, event: Event) -> None:
        task = asyncio.create_task(self._tell(event))
        self._tasks.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        with self._lock:
            self._pending -= 1
            if not self._pending:
                self._idle.set()

    async def _tell(self, event: Event) -> None:
        wait_s = self._retries.first_s
        for attempt in range(1, self._retries.attempts + 1):
            if await self._acknowledged(event):
                self.letters.acknowledged += 1
                return
            if attempt < self._retries.attempts:
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, self._retries.longest_s)
        self.letters.dead.append(event)

    async def _acknowledged(self, event: Event) -> bool:
        assert self._turns is not None  # noqa: S101 - events come when the thread lives
        assert self._session is not None  # noqa: S101 - as above
        async with self._turns:
            self.letters.told += 1
            try:
                posted = self._session.post(self._url, json=event.data, headers=event.headers)
                async with posted as answer:
                    return answer.status < 300
            except (aiohttp.ClientError, TimeoutError):
                return False
