"""Sessions of the panel without a browser: Streamlit's own websocket and messages, nothing drawn.

Two dozen browsers would keep a small machine so busy that they, not the server, were measured. A
session here does what a browser's does: it opens the page, lets the parts that are drawn anew ask
for it when it is time, and sends a click as a browser sends it.
"""

import asyncio
import json
import sys
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil

from benchmarks.process import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.asyncio.client import ClientConnection

_LONGEST_S = 120.0


class Session:
    """One person's session, of whom nobody draws anything."""

    def __init__(self, connection: "ClientConnection", page: str, query: str) -> None:
        self._connection = connection
        self._page, self._query = page, query
        self._hash = ""
        self._values: dict[str, list[str]] = {}
        self._ids: dict[str, str] = {}
        self._awaited, self._to_the_end = "", False
        self._seen_at = 0.0  # when the heading that is awaited came; 0 before
        self._answered = asyncio.Event()
        self._repeats: dict[str, asyncio.Task[None]] = {}

    async def open(self, heading: str) -> None:
        """Run the page for the first time, to the end of the run that has such a heading."""
        await self._answer(heading, to_the_end=True)

    async def click(self, key: str, value: str, heading: str) -> float:
        """Choose a value of a segmented control by its key, and wait for a heading to say so.

        Returns:
            Milliseconds from the click until the heading's message arrived.
        """
        self._values[self._ids[key]] = [value]
        started = time.perf_counter()
        return (await self._answer(heading, to_the_end=False) - started) * 1000

    async def _answer(self, heading: str, *, to_the_end: bool) -> float:
        self._awaited, self._to_the_end, self._seen_at = heading, to_the_end, 0.0
        self._answered.clear()
        await self._ask()
        async with asyncio.timeout(_LONGEST_S):
            await self._answered.wait()
        return self._seen_at

    async def listen(self) -> None:
        """Take in what the server says, until the connection is closed."""
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        async for data in self._connection:
            message = ForwardMsg()
            message.ParseFromString(data if isinstance(data, bytes) else data.encode())
            self._take(message)

    def _take(self, message: "ForwardMsg") -> None:
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self._hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "script_finished":
            if self._to_the_end and self._seen_at:
                self._answered.set()
        elif kind == "auto_rerun":
            self._repeat(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "heading":
                self._hear(element.heading.body)
            elif element.WhichOneof("type") == "button_group":
                self._ids[element.button_group.id.rpartition("-")[2]] = element.button_group.id

    def _hear(self, heading: str) -> None:
        if not self._seen_at and heading.startswith(self._awaited):
            self._seen_at = time.perf_counter()
            if not self._to_the_end:
                self._answered.set()

    def _repeat(self, fragment: str, every_s: float) -> None:
        """Ask for a part anew from now on; a page has one such part, so others are over."""
        for task in self._repeats.values():
            task.cancel()
        self._repeats = {fragment: asyncio.create_task(self._asking(fragment, every_s))}

    async def _asking(self, fragment: str, every_s: float) -> None:
        while True:
            await asyncio.sleep(every_s)
            await self._ask(fragment)

    async def _ask(self, fragment: str = "") -> None:
        from streamlit.proto.BackMsg_pb2 import BackMsg

        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self._query
        asked.page_script_hash = self._hash
        asked.page_name = "" if self._hash else self._page
        asked.fragment_id = fragment
        asked.is_auto_rerun = bool(fragment)
        asked.context_info.locale = "en-US"
        for name, values in self._values.items():
            state = asked.widget_states.widgets.add(id=name)
            state.string_array_value.data.extend(values)
        await self._connection.send(message.SerializeToString())

    async def close(self) -> None:
        """End what repeats itself."""
        for task in self._repeats.values():
            task.cancel()


@asynccontextmanager
async def opened(
    url: str, heading: str, page: str = "", query: str = ""
) -> "AsyncIterator[Session]":
    """A session on a page of the panel at an address, once the page with that heading has run."""
    from websockets.asyncio.client import connect
    from websockets.typing import Subprotocol

    address = urlsplit(url)._replace(scheme="ws", path="/_stcore/stream").geturl()
    talking = connect(
        address, subprotocols=[Subprotocol("streamlit")], max_size=None, max_queue=None,
        close_timeout=1,
    )  # fmt: skip
    async with talking as connection:
        session = Session(connection, page, query)
        listening = asyncio.create_task(session.listen())
        try:
            await session.open(heading)
            yield session
        finally:
            await session.close()
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening


def crowd(
    home: str,
    script: str,
    path: str,
    control: str,
    labels: list[list[str]],
    sessions: int,
    clicks: int,
) -> dict[str, Any]:
    """Sessions that each click once a second, none at the same moment as another.

    Args:
        path: Of the page that all of them are on.
        control: Key of the segmented control that they click on.
        labels: Of each of its values the name, and how a heading then begins.

    Returns:
        `ms`, of each click until its heading's message arrived; `cpu_ms`, of the server for each
        click, the parts that are drawn anew meanwhile included; `mib`, by which the server's
        memory grew with each session after the first; `rss_mib`, its memory in the end.
    """
    from tests.browser.support import serving

    with (
        tempfile.TemporaryDirectory(prefix="panel-") as folder,
        serving(Path(folder), script=ROOT / script, MRHEALTH_HOME=home) as server,
    ):
        process = psutil.Process(server.process.pid)
        return asyncio.run(_crowd(server.url, path, control, labels, sessions, clicks, process))


async def _crowd(
    url: str, path: str, control: str, labels: list[list[str]], sessions: int, clicks: int,
    process: psutil.Process,
) -> dict[str, Any]:  # fmt: skip
    async with AsyncExitStack() as stack:
        first = labels[0][1]
        people = [await stack.enter_async_context(opened(url, first, path))]
        before = process.memory_info().rss
        others = [opened(url, first, path) for _ in range(sessions - 1)]
        people += [await stack.enter_async_context(other) for other in others]
        grown = process.memory_info().rss - before
        cpu_s = _cpu_s(process)
        times = await asyncio.gather(*(
            _clicking(person, control, labels, number / sessions, clicks)
            for number, person in enumerate(people)
        ))  # fmt: skip
        spent_ms = (_cpu_s(process) - cpu_s) * 1000
    ms = [each for found in times for each in found]
    return {
        "ms": ms, "cpu_ms": spent_ms / len(ms), "mib": grown / 2**20 / max(1, sessions - 1),
        "rss_mib": process.memory_info().rss / 2**20,
    }  # fmt: skip


async def _clicking(
    person: Session, control: str, labels: list[list[str]], delay_s: float, clicks: int
) -> list[float]:
    """Click once a second, at moments of one's own; a click waits for the answer to the last."""
    found = []
    start = time.perf_counter() + delay_s
    for number in range(1, clicks + 1):
        await asyncio.sleep(max(0.0, start + number - time.perf_counter()))
        label, heading = labels[number % len(labels)]
        found.append(await person.click(control, label, heading))
    return found


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    print(json.dumps(crowd(**json.loads(sys.argv[1]))))
