"""Cloud Storage: preconditions and checksums that the emulator ignores, and events of new objects.

Whatever changes an object waits for its turn at the object's name, so that a precondition and what
it guards are one step. Generations are the emulator's own: microseconds, which grow.
"""

import asyncio
import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from weakref import WeakValueDictionary

import google_crc32c

from local_cloud.gateway.exchange import Answer, Asked, Backend, error
from local_cloud.gateway.multipart import multipart

_OBJECT = re.compile(r"^(?:/download)?/storage/v1/b/([^/]+)/o/(.+)$")
_BUCKET = re.compile(r"^/upload/storage/v1/b/([^/]+)/o$")
_COPY = re.compile(r"^/storage/v1/b/([^/]+)/o/(.+)/(?:copyTo|rewriteTo)/b/([^/]+)/o/(.+)$")
_COMPOSE = re.compile(r"^/storage/v1/b/([^/]+)/o/(.+)/compose$")

Place = tuple[str, str]
Listener = Callable[[dict[str, Any]], None]


@dataclass
class _Session:
    """A resumable upload: where it goes, under which precondition, and its checksum so far."""

    place: Place
    if_generation: str | None
    crc32c: str | None
    received: int = 0
    so_far: int = 0


class Storage:
    """Answers requests to Cloud Storage.

    Attributes:
        listeners: Called, in the gateway's loop, with the resource of each new object.
    """

    def __init__(self, backend: Backend, public: str) -> None:
        self._backend = backend
        self._public = public
        self._locks: WeakValueDictionary[Place, asyncio.Lock] = WeakValueDictionary()
        self._sessions: dict[str, _Session] = {}
        self.listeners: list[Listener] = []

    async def answer(self, asked: Asked) -> Answer:
        """Do what is asked for."""
        ways = {
            "upload": self._upload,
            "upload.begin": self._begin,
            "upload.chunk": self._chunk,
            "download": self._read,
            "get": self._read,
            "copy": self._copy,
            "compose": self._compose,
            "delete": self._change_one,
            "patch": self._change_one,
        }
        return await ways.get(asked.operation, self._backend.forward)(asked)

    async def _compose(self, asked: Asked) -> Answer:
        return await self._change(asked, _place(_COMPOSE, asked))

    async def _change_one(self, asked: Asked) -> Answer:
        return await self._change(asked, _place(_OBJECT, asked))

    async def _upload(self, asked: Asked) -> Answer:
        described, data = multipart(asked)
        if asked.query.get("uploadType") == "media":
            data = asked.body
        found = _BUCKET.match(asked.path)
        place = (found[1] if found else "", described.get("name") or asked.query.get("name", ""))
        wanted = described.get("crc32c") or _hash_of(asked)
        if wanted and wanted != _base64(google_crc32c.value(data)):
            return _damaged(wanted)
        return await self._change(asked, place)

    async def _begin(self, asked: Asked) -> Answer:
        found, described = _BUCKET.match(asked.path), asked.json()
        place = (found[1] if found else "", described.get("name") or asked.query.get("name", ""))
        wanted = asked.query.get("ifGenerationMatch")
        refused = await self._refused(place, wanted)
        if refused:
            return refused
        answer = await self._backend.forward(asked)
        location = answer.headers.get("Location", "")
        upload = re.search(r"upload_id=([^&]+)", location)
        if upload:
            self._sessions[upload[1]] = _Session(place, wanted, described.get("crc32c"))
        return answer.at(location.replace(self._backend.origin, self._public))

    async def _chunk(self, asked: Asked) -> Answer:
        session = self._sessions.get(asked.query.get("upload_id", ""))
        if session is None:
            return error(404, "notFound", "There is no such upload session.")
        session.crc32c = _hash_of(asked) or session.crc32c
        start, total = _range(asked)
        if asked.body and start in {None, session.received}:
            session.so_far = google_crc32c.extend(session.so_far, asked.body)
            session.received += len(asked.body)
        if total is None or session.received < total:
            return await self._backend.forward(asked)
        if session.crc32c and session.crc32c != _base64(session.so_far):
            return _damaged(session.crc32c)
        return await self._change(asked, session.place, session.if_generation)

    async def _change(self, asked: Asked, place: Place, if_generation: str | None = None) -> Answer:
        """Forward what changes an object, under its precondition, and tell of a new object."""
        wanted = asked.query.get("ifGenerationMatch", if_generation)
        async with self._locks.setdefault(place, asyncio.Lock()):
            refused = await self._refused(place, wanted)
            if refused:
                return refused
            answer = await self._backend.forward(asked)
        if answer.ok and asked.operation not in {"delete", "patch"}:
            self._tell(answer.json())
        return answer

    async def _copy(self, asked: Asked) -> Answer:
        found = _COPY.match(asked.path)
        if found is None:
            return await self._backend.forward(asked)
        refused = await self._refused(
            (found[1], found[2]), asked.query.get("ifSourceGenerationMatch")
        )
        return refused or await self._change(asked, (found[3], found[4]))

    async def _read(self, asked: Asked) -> Answer:
        """Forward, and compare the generation that came with the one that was asked for."""
        answer = await self._backend.forward(asked)
        wanted = asked.query.get("ifGenerationMatch")
        if not answer.ok or wanted is None:
            return answer
        there = answer.headers.get("X-Goog-Generation") or answer.json().get("generation")
        return answer if str(there) == wanted else _unmet(wanted)

    async def _refused(self, place: Place, wanted: str | None) -> Answer | None:
        if wanted is None:
            return None
        path = f"/storage/v1/b/{quote(place[0])}/o/{quote(place[1], safe='')}"
        answer = await self._backend.send("GET", path)
        there = answer.json().get("generation", "0") if answer.ok else "0"
        return None if str(there) == wanted else _unmet(wanted)

    def _tell(self, answer: dict[str, Any]) -> None:
        resource = answer.get("resource") or answer  # a rewrite wraps it
        if resource.get("generation"):
            for listener in list(self.listeners):
                listener(resource)


def _place(pattern: re.Pattern[str], asked: Asked) -> Place:
    found = pattern.match(asked.path)
    return (found[1], found[2]) if found else ("", "")


def _hash_of(asked: Asked) -> str | None:
    found = re.search(r"crc32c=([^,\s]+)", asked.headers.get("X-Goog-Hash", ""))
    return found[1] if found else None


def _range(asked: Asked) -> tuple[int | None, int | None]:
    """First byte and total length of a chunk; None for what is not known."""
    text = asked.headers.get("Content-Range")
    if text is None:
        return 0, len(asked.body)
    found = re.fullmatch(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)", text)
    if not found or (found[1] is None and found[2] != "0"):
        return None, None  # a question of how much has come
    return int(found[1] or 0), None if found[2] == "*" else int(found[2])


def _base64(crc32c: int) -> str:
    return base64.b64encode(crc32c.to_bytes(4, "big")).decode()


def _damaged(wanted: str) -> Answer:
    return error(400, "invalid", f'Provided CRC32C "{wanted}" does not match the upload.')


def _unmet(wanted: str) -> Answer:
    message = f"At least one of the pre-conditions you specified did not hold: generation {wanted}."
    return error(412, "conditionNotMet", message)
