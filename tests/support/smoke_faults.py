"""A fault for each check of the smoke test, planted for a block, and what the check then says."""

import base64
import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

from cloud_function.smoke.removal import make_files, remove_sales
from cloud_function.smoke.run import new_run
from cloud_function.smoke.scene import Scene
from core.platform import Platform
from local_cloud.emulated import EmulatedCloud
from local_cloud.gateway import Fault
from tests.support.small_server import answering
from tests.support.smoke_scene import Gcloud, without_rows

MERGED, DAY, TABLE = 700, 600, 2_000  # bytes
OTHER = "00000000000c"  # the token of another run


@dataclass
class World:
    """An emulated deployment with data of its user's, and a run on it."""

    running: EmulatedCloud
    users: Platform
    before: object
    scene: Scene
    bytes_of: dict[str, int]

    @property
    def gcloud(self) -> Gcloud:
        assert isinstance(self.scene.tools, Gcloud)
        return self.scene.tools

    def other_run(self, token: str, days: int) -> Scene:
        """The same with another run, which has a seed and dates of its own."""
        run = new_run(token, self.scene.run.begun - timedelta(days=days),
                      self.scene.run.bucket, self.scene.run.prefix)  # fmt: skip
        return replace(self.scene, run=run, wait_s=1.0)


Planted = Callable[[World], contextlib.AbstractContextManager[Scene]]


def _rule(**what: Any) -> Planted:
    @contextlib.contextmanager
    def planted(world: World) -> Iterator[Scene]:
        fault = Fault(status=403, reason="accessDenied", service="bigquery", times=None, **what)
        with world.running.gateway.faults.having(fault):
            yield world.other_run("00000000000d", 30)
        assert fault.hits

    return planted


@contextlib.contextmanager
def a_kind_is_not_noted(world: World) -> Iterator[Scene]:
    with without_rows(world.scene, "_ingested_objects", "kind = 'countries'"):
        yield world.scene


@contextlib.contextmanager
def an_object_is_lost(world: World) -> Iterator[Scene]:
    name = next(i.name for i in world.scene.own.store.list("raw/csv_sales/")
                if f"{world.scene.run.walk_days[1]:%Y/%m/%d}" in i.name)  # fmt: skip
    world.scene.own.store.delete(name)
    yield world.scene


@contextlib.contextmanager
def a_row_is_lost(world: World) -> Iterator[Scene]:
    day = world.scene.run.walk_days[0]
    first = (
        f"SELECT MIN(id_pedido) FROM `{_table(world, 'orders')}` WHERE data_pedido = DATE '{day}'"
    )
    one = f"id_pedido = ({first})"
    with without_rows(world.scene, "orders", one):
        yield world.scene


@contextlib.contextmanager
def a_former_row_stays(world: World) -> Iterator[Scene]:
    """In a partition where no load of the ledger put it, as after a wrong MERGE."""
    table, day = _table(world, "orders"), world.scene.run.walk_days[0]
    bigquery = world.scene.own_jobs.bigquery
    bigquery.run(
        f"INSERT INTO `{table}` (id_unidade, id_pedido, _source_file, _ingest_date) "
        f"SELECT id_unidade, 'former', _source_file, DATE '2020-01-01' FROM `{table}` "
        f"WHERE data_pedido = DATE '{day}' AND _source_file LIKE '%window_1214%' LIMIT 1"
    )
    run = replace(world.scene.run, token=OTHER)
    yield replace(world.scene, run=run)
    bigquery.run(f"DELETE FROM `{table}` WHERE id_pedido = 'former'")


@contextlib.contextmanager
def dates_are_not_noted(world: World) -> Iterator[Scene]:
    world.scene.own_jobs.bigquery.run(f"DELETE FROM `{_table(world, '_built_dates')}` WHERE TRUE")
    yield world.scene


@contextlib.contextmanager
def an_id_is_forgotten(world: World) -> Iterator[Scene]:
    jobs = world.running.gateway.bigquery._jobs

    def forget(_: object) -> None:
        for key in [key for key in jobs if key[1].startswith(world.scene.run.own_prefix)]:
            del jobs[key]

    fault = Fault(hook=forget, operation="job.insert.query", path=world.scene.run.own_prefix,
                  times=None)  # fmt: skip
    with world.running.gateway.faults.having(fault):
        yield world.scene


def _billing(statement: str, size: int) -> Planted:
    @contextlib.contextmanager
    def planted(world: World) -> Iterator[Scene]:
        with mock.patch.dict(world.bytes_of, {statement: size}):
            yield world.scene

    return planted


def _answering(code: int, **body: object) -> Planted:
    @contextlib.contextmanager
    def planted(world: World) -> Iterator[Scene]:
        with answering(code, json.dumps(body).encode()) as url:
            yield replace(world.scene, function_url=url)

    return planted


@contextlib.contextmanager
def an_object_is_not_noted(world: World) -> Iterator[Scene]:
    request = world.scene.run.generated_request(world.users.catalog)
    name, _ = next(iter(make_files(request, world.users.catalog)))
    with without_rows(world.scene, "_ingested_objects", f"object_name = '{name}'", deployed=True):
        yield replace(world.scene, wait_s=1.0)


@contextlib.contextmanager
def labels_are_hidden(world: World) -> Iterator[Scene]:
    scene = world.other_run("00000000000e", 0)
    fault = Fault(status=403, reason="accessDenied", operation="job.get", path="mrh_", times=None)
    with world.running.gateway.faults.having(fault):
        yield scene
    assert fault.hits
    assert world.running.relay.wait_until_idle(60)
    assert remove_sales(scene.deployed, scene.deployed_jobs, scene.run) == []


@contextlib.contextmanager
def nothing_is_logged(world: World) -> Iterator[Scene]:
    yield world.other_run("00000000000f", 0)


@contextlib.contextmanager
def an_event_was_given_up(world: World) -> Iterator[Scene]:
    data = base64.b64encode(json.dumps({"name": "raw/reference_data/pais.csv"}).encode()).decode()
    with mock.patch.object(world.gcloud, "dead", [{"message": {"data": data}}]):
        yield world.scene


@contextlib.contextmanager
def the_header_is_of_yesterday(world: World) -> Iterator[Scene]:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with mock.patch.object(world.gcloud, "forced_at", yesterday):
        yield world.scene


@contextlib.contextmanager
def it_is_slow(world: World) -> Iterator[Scene]:
    run = replace(world.scene.run, day=world.scene.run.day + timedelta(days=10))
    yield replace(world.scene, run=run, speed_limit_s=0.0)


def _table(world: World, name: str) -> str:
    return world.scene.own_jobs.bigquery.table(f"bronze.{name}")


FAULTS: dict[str, Planted] = {
    "walk.singles": a_kind_is_not_noted,
    "walk.second call": an_object_is_lost,
    "walk.batch": _rule(operation="job.insert.load"),
    "walk.rebuild": _rule(operation="job.insert.query"),
    "walk.overwrite": a_former_row_stays,
    "walk.rebuild by date": dates_are_not_noted,
    "walk.reconcile": a_row_is_lost,
    "bigquery.job id": an_id_is_forgotten,
    "bigquery.claim": _billing("SELECT", 10_485_760),
    "bigquery.ledger": _billing("INSERT", 10_485_760),
    "bigquery.overwrite": _billing("MERGE", TABLE),
    "functions.identity": _answering(403),
    "functions.generate": _answering(409, error="6 objects exist with other content."),
    "functions.second call": _answering(200, status="generated", objects_created=6),
    "functions.ledger": an_object_is_not_noted,
    "functions.labels": labels_are_hidden,
    "functions.logs": nothing_is_logged,
    "functions.dead letter": an_event_was_given_up,
    "schedule.forced run": the_header_is_of_yesterday,
    "speed.units": it_is_slow,
}
SAYS = {
    "walk.singles": "no line of the kind countries",
    "walk.second call": "wrote or loaded 2 objects",
    "walk.batch": "accessDenied",
    "walk.rebuild": "accessDenied",
    "walk.overwrite": "orders instead of",
    "walk.rebuild by date": "silver built all dates",
    "walk.reconcile": "of 42 objects differ",
    "bigquery.job id": "twice",
    "bigquery.claim": "billed",
    "bigquery.ledger": "billed",
    "bigquery.overwrite": "An overwrite read 2,000 bytes; a day of the table has 600, all of it",
    "functions.identity": "answered 403 to your identity",
    "functions.generate": "answered 409 6 objects exist",
    "functions.second call": "answered generated, with 6 new objects",
    "functions.ledger": "the ledger lacks objects: order_items",
    "functions.labels": "does not find what this account loaded",
    "functions.logs": "0 lines of this run, csv-processor of 0 of 6",
    "functions.dead letter": "1 events or more were given up: raw/reference_data/pais.csv",
    "schedule.forced run": "which the function takes for",
    "speed.units": "and 0 s are promised",
}
