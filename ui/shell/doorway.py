"""Which requests the server answers, and which sites may frame its pages.

Streamlit answers any host name and any page of this machine, and lets every site frame the panel.
Each request, also a WebSocket's, passes here before Streamlit gets it.
"""

import functools
import os
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any, Final

from core.access import Access, Entry, Visit
from core.errors import SettingsError
from core.settings import Settings
from ui.shell import language, signin

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

# No site may frame the panel; pictures load from this server alone, whatever a text names.
_HEADERS: Final = [
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy",
     b"frame-ancestors 'none'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]  # fmt: skip
_POLICY_VIOLATED = 1008  # RFC 6455, section 7.4.1


class Doorway:
    """Middleware that refuses foreign requests before the application gets them."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = [(name.decode("latin-1"), value.decode("latin-1"))
                   for name, value in scope["headers"]]  # fmt: skip
        why = signin.find_refusal(_access(), Visit.of(headers), datetime.now(UTC))
        if why is None:
            await self._app(scope, receive, _framed(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATED})
        else:
            await _answer(send, _sentence(why, headers))


@functools.cache  # the environment does not change while the server runs
def _access() -> Access:
    try:
        return Settings.from_mapping(os.environ).access
    except SettingsError:  # local visitors see the error on the page
        return Access()


def _framed(send: Send) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *_HEADERS]
        await send(message)

    return answer


def _sentence(why: Entry, headers: list[tuple[str, str]]) -> str:
    wanted = dict(headers).get("accept-language", "").partition(",")[0]
    sentences: dict[Entry, str] = language.load_texts(language.find_closest(wanted)).SIGNIN_REFUSALS
    return sentences[why]


async def _answer(send: Send, sentence: str) -> None:
    body = sentence.encode()
    await send({
        "type": "http.response.start", "status": 403,
        "headers": [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()), *_HEADERS,
        ],
    })  # fmt: skip
    await send({"type": "http.response.body", "body": body})
