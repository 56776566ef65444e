"""A request that came to the gateway, and an answer, as plain values."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import aiohttp
from multidict import CIMultiDict
from yarl import URL

# What concerns one connection alone, or what aiohttp writes itself.
_HOP = frozenset(("connection", "host", "content-length", "transfer-encoding", "keep-alive"))
_STATUS_NAMES = {
    400: "INVALID_ARGUMENT", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 409: "ALREADY_EXISTS",
    412: "FAILED_PRECONDITION", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A request.

    Attributes:
        service: `storage`, `bigquery` or `scheduler`.
        operation: Its name in Google's terms, such as `download` or `job.insert.load`.
        target: Path and query as they were sent.
    """

    service: str
    operation: str
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path, decoded."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def json(self) -> dict[str, Any]:
        """The body's JSON object; empty where it is none."""
        return json_of(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether what was asked for was done."""
        return self.status < 300

    def json(self) -> dict[str, Any]:
        """The body's JSON object; empty where it is none."""
        return json_of(self.body)

    def at(self, location: str) -> "Answer":
        """The same answer with another `Location`."""
        headers = CIMultiDict(self.headers)
        headers["Location"] = location
        return Answer(self.status, self.body, headers)


def json_of(body: bytes) -> dict[str, Any]:
    """A JSON object; empty where the bytes are none."""
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def json_answer(value: object, status: int = 200) -> Answer:
    """An answer with a JSON body."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status, body, {"Content-Type": "application/json; charset=UTF-8"})


def error(status: int, reason: str, message: str) -> Answer:
    """An error in the form that Google's APIs have."""
    return json_answer(
        {
            "error": {
                "code": status,
                "message": message,
                "errors": [{"message": message, "domain": "global", "reason": reason}],
                "status": _STATUS_NAMES.get(status, "UNKNOWN"),
            }
        },
        status,
    )


class Backend:
    """The emulator behind a service; it is used from the gateway's loop alone."""

    def __init__(self, origin: str, session: aiohttp.ClientSession) -> None:
        self.origin = origin
        self._session = session

    async def forward(self, asked: Asked, body: bytes | None = None) -> Answer:
        """Hand a request on as it came, or with another body, and bring the answer."""
        headers = {name: value for name, value in asked.headers.items() if name.lower() not in _HOP}
        return await self.send(
            asked.method, asked.target, asked.body if body is None else body, headers
        )

    async def send(
        self, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """A request of the gateway's own."""
        url = URL(self.origin + target, encoded=True)
        async with self._session.request(
            method,
            url,
            data=io.BytesIO(body) if body else None,
            headers=headers,
            allow_redirects=False,
        ) as answer:
            kept = [(n, v) for n, v in answer.headers.items() if n.lower() not in _HOP]
            return Answer(answer.status, await answer.read(), CIMultiDict(kept))
