"""One object of four good rows and two bad ones, its event, and what must hold in the end."""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient

from core.bronze.events import Delivered, ObjectEvent, deliver
from core.errors import PlatformError
from core.platform import Platform
from core.storage.object_names import quarantine_names
from core.storage.object_store import NewObject
from local_cloud.gateway import Fault, Gateway
from tests.support.scenes import NOW, ORDERS_NAME, ROOT, rows
from tests.support.validate_files import file, in_store, order, uuid

SOON = NOW + timedelta(seconds=2)
GOOD = [order(1), in_store(2), order(3), order(4)]
BAD = [order(5, Status="Perdido"), "7;torn"]
MIXED = file("orders", *GOOD[:2], BAD[0], *GOOD[2:], BAD[1])
OTHER = file("orders", order(8), order(9))


class Scene:
    """A platform, what goes wrong with it, and what became of each event.

    Attributes:
        gateway: Between the clients and the emulators; None on the side of the folder.
        answers: What each delivery that returned said: these events are acknowledged.
        refusals: Sentences of the deliveries that raised.
        generator: Calls the function `data-generator`.
    """

    def __init__(self, platform: Platform, gateway: Gateway | None, generator: FlaskClient) -> None:
        self.generator = generator
        self.platform = platform
        self.gateway = gateway
        self.answers: list[Delivered] = []
        self.refusals: list[str] = []

    # --- what happens ---

    def write(self, data: bytes = MIXED, name: str = ORDERS_NAME) -> ObjectEvent:
        """Put an object into the bucket; its event."""
        self.platform.store.replace(NewObject(name, data))
        info = self.platform.store.find(name)
        assert info is not None
        return ObjectEvent(self.platform.store.bucket, name, info.generation, NOW)

    def deliver(self, event: ObjectEvent, now: datetime = SOON) -> bool:
        """Deliver an event once; whether it is acknowledged."""
        try:
            self.answers.append(deliver(self.platform, event, now))
        except PlatformError as error:
            self.refusals.append(str(error))
            return False
        return True

    def deliver_at_last(self, event: ObjectEvent, tries: int = 12) -> None:
        """Deliver an event again and again, as Pub/Sub does, until it is acknowledged."""
        assert any(self.deliver(event) for _ in range(tries)), self.refusals

    def deliver_at_once(self, event: ObjectEvent, times: int) -> None:
        """Deliver an event many times at the same time; what was refused comes again."""
        with ThreadPoolExecutor(times) as threads:
            done = list(threads.map(lambda _: self.deliver(event), range(times)))
        for acknowledged in done:
            if not acknowledged:
                self.deliver_at_last(event)

    @contextlib.contextmanager
    def fault(self, fault: Fault) -> Iterator[Fault]:
        """A block in which requests go wrong; the rule has to have happened."""
        assert self.gateway is not None
        with self.gateway.faults.having(fault):
            yield fault
        assert fault.hits, f"nobody came by {fault}"

    def killed_at(self, event: ObjectEvent, **where: Any) -> None:
        """Deliver an event in a process that is killed when it makes a certain request."""
        assert self.platform.settings.cloud is not None
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.support.deliver_worker", event.name,
             str(event.generation), event.time.isoformat(), SOON.isoformat()],
            cwd=ROOT, env=self._environment(), stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert worker.stdout is not None
        worker.stdout.readline()  # everything is imported
        with self.fault(Fault(hook=lambda _: os.kill(worker.pid, signal.SIGKILL), **where)):
            said, _ = worker.communicate(timeout=60)
        assert worker.returncode == -signal.SIGKILL
        assert "acknowledged" not in said

    @contextlib.contextmanager
    def dying(self, target: str, *, before: bool) -> Iterator[None]:
        """A block in which the process dies before, or after, a method such as `store.read`."""
        part, method = target.split(".")
        owner = getattr(self.platform, part)
        real = getattr(owner, method)

        def dies(*args: Any, **kwargs: Any) -> Any:
            if not before:
                real(*args, **kwargs)
            raise _DiedError

        setattr(owner, method, dies)
        try:
            with contextlib.suppress(_DiedError):
                yield
        finally:
            delattr(owner, method)

    # --- what must hold in the end ---

    def assert_settled(self, ids: tuple[int, ...] = (1, 2, 3, 4), bad: int = 2) -> None:
        """Every good row is in Bronze once, every bad one in quarantine with its reason."""
        found = rows(self.platform, "SELECT id_pedido, _source_file FROM bronze.orders")
        assert sorted(row["id_pedido"] for row in found) == sorted(map(uuid, ids))
        assert {row["_source_file"] for row in found} <= {ORDERS_NAME}
        self.assert_quarantined(bad)
        ledger = rows(self.platform, "SELECT object_name, generation FROM bronze._ingested_objects")
        info = self.platform.store.find(ORDERS_NAME)
        if info:
            assert ledger == [{"object_name": ORDERS_NAME, "generation": info.generation}]

    def assert_quarantined(self, bad: int) -> None:
        """So many rows are in quarantine, each with its line and reason."""
        _, name = quarantine_names(ORDERS_NAME)
        if not bad:
            assert self.platform.store.find(name) is None
            return
        report = json.loads(self.platform.store.read(name).data)
        assert len(report["rows"]) == bad == report["rows_rejected"]
        assert all(row["line"] and row["reason"] for row in report["rows"])

    def assert_acknowledged(self, times: int, new: int = 1) -> None:
        """So many deliveries were acknowledged; so many of them loaded something."""
        assert len(self.answers) == times
        assert sum(answer.rows_loaded > 0 for answer in self.answers) == new

    def _environment(self) -> dict[str, str]:
        settings, cloud = self.platform.settings, self.platform.settings.cloud
        assert cloud is not None
        return {
            **os.environ,
            "GCP_PROJECT_ID": cloud.project, "GCS_BUCKET_NAME": cloud.bucket,
            "MRHEALTH_DATASET_PREFIX": settings.dataset_prefix, "MRHEALTH_WAIT_S": "5",
            "STORAGE_EMULATOR_HOST": cloud.storage_host,
            "BIGQUERY_EMULATOR_HOST": cloud.bigquery_host,
        }  # fmt: skip


class _DiedError(BaseException):
    """A process that dies says nothing to anybody."""


def impatient(platform: Platform) -> Platform:
    """The same platform, which gives up on a request after a second."""
    settings = dataclasses.replace(platform.settings, wait_s=1.0)
    return dataclasses.replace(Platform.of(settings), has_events=platform.has_events)
