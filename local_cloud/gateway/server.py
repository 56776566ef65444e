"""The gateway: three HTTP servers before the emulators, in a thread of their own."""

import asyncio
import functools
import socket
import struct
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from local_cloud.gateway.bigquery import BigQuery, Insert
from local_cloud.gateway.exchange import Answer, Asked, Backend, error
from local_cloud.gateway.faults import CutError, Fault, Faults
from local_cloud.gateway.journal import Counts, Entry, Journal, counted
from local_cloud.gateway.operations import operation_of
from local_cloud.gateway.scheduler import Scheduler
from local_cloud.gateway.storage import Storage
from local_cloud.servers import Addresses, ServerError

_SERVICES = ("storage", "bigquery", "scheduler")


class Gateway:
    """Stands between clients and emulators, as a context manager.

    Args:
        behind: Where the emulators listen.
        ports: Ports to listen on, by service; any free one where none is given.

    Attributes:
        faults: Rules by which requests go wrong.
        journal: What was asked.
        storage, bigquery, scheduler: What answers each service, once the gateway is up.
        addresses: Where clients find the services; the log's is the emulator's own.
    """

    storage: Storage
    bigquery: BigQuery
    scheduler: Scheduler
    addresses: Addresses

    def __init__(self, behind: Addresses, ports: dict[str, int] | None = None) -> None:
        self.faults = Faults()
        self.journal = Journal()
        self._behind = behind
        self._ports = ports or {}
        self._up: Future[None] = Future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="gateway", daemon=True)

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
        if self._loop and self._ended:
            self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    @property
    def log(self) -> list[Entry]:
        """What was asked, in the order of the answers."""
        return self.journal.entries()

    def counts(self) -> Counts:
        """Numbers of operations since the journal was last cleared."""
        return counted(self.log)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            if not self._up.done():
                self._up.set_exception(ServerError("The gateway does not start."))

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        timeout = aiohttp.ClientTimeout(total=600)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(
            timeout=timeout, connector=connector, auto_decompress=False
        ) as session:
            runners = [await self._listen(service, session) for service in _SERVICES]
            self.addresses = Addresses(
                **{s: self._address(s) for s in _SERVICES}, logging=self._behind.logging
            )
            self._up.set_result(None)
            await self._ended.wait()
            for runner in runners:
                await runner.cleanup()

    async def _listen(self, service: str, session: aiohttp.ClientSession) -> web.AppRunner:
        app = web.Application(client_max_size=0)
        app.router.add_route("*", "/{path:.*}", functools.partial(self._handle, service))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self._ports.get(service, 0)).start()
        self._ports[service] = runner.addresses[0][1]
        backend = Backend(getattr(self._behind, service), session)
        address = self._address(service)
        match service:
            case "storage":
                self.storage = Storage(backend, address)
            case "bigquery":
                objects = Backend(self._behind.storage, session)
                self.bigquery = BigQuery(backend, address, objects)
            case _:
                self.scheduler = Scheduler(backend, address)
        return runner

    def _address(self, service: str) -> str:
        return f"http://127.0.0.1:{self._ports[service]}"

    async def _handle(self, service: str, request: web.Request) -> web.StreamResponse:
        asked = await _asked(service, request)
        insert = self.bigquery.insert_of(asked) if service == "bigquery" else None
        named = insert.operation if insert else asked.operation
        asked = Asked(service, named, asked.method, asked.target, asked.headers, asked.body)
        job_id = insert.job_id if insert else ""
        fault = self.faults.take(asked, job_id)
        answer, reached = await self._answer(asked, insert, fault)
        self.journal.add(
            Entry(
                time.monotonic(),
                service,
                named,
                asked.method,
                asked.path,
                answer.status if answer else 0,
                reached,
                job_id,
                insert.changes if insert and reached else (),
            )
        )
        if answer is None:
            _break_off(request)
            return web.Response()
        return web.Response(status=answer.status, body=answer.body, headers=answer.headers)

    async def _answer(
        self, asked: Asked, insert: Insert | None, fault: Fault | None
    ) -> tuple[Answer | None, bool]:
        """The answer, None for a broken connection; and whether the emulator was asked."""
        fault = fault or Fault()
        await asyncio.sleep(fault.delay_s)
        if fault.hook:
            try:
                await asyncio.to_thread(fault.hook, asked)
            except CutError:
                return None, False
        instead = error(fault.status, fault.reason, fault.message) if fault.status else None
        if (fault.reset or instead) and not fault.forwarded:
            return instead, False
        try:
            answer = await self._ask(asked, insert, fault.running)
        except aiohttp.ClientError as problem:
            return error(503, "backendError", f"The emulator does not answer: {problem}."), True
        return (instead, True) if fault.forwarded else (answer, True)

    async def _ask(self, asked: Asked, insert: Insert | None, looks: int) -> Answer:
        match asked.service:
            case "storage":
                return await self.storage.answer(asked)
            case "bigquery":
                return await self.bigquery.answer(asked, insert, looks)
            case _:
                return await self.scheduler.answer(asked)


async def _asked(service: str, request: web.Request) -> Asked:
    operation = operation_of(service, request.method, request.path, dict(request.query))
    return Asked(
        service, operation, request.method, request.raw_path, request.headers, await request.read()
    )


def _break_off(request: web.Request) -> None:
    """End the connection by a reset, without an answer."""
    transport = request.transport
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    with suppress(OSError):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
