"""Quarantine is of one generation of one object, in whatever order generations are judged."""

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from core.bronze import quarantine
from core.bronze.events import Outcome, deliver
from core.bronze.ingest import judge_object
from core.errors import ChangedError
from core.generation.catalog import load_catalog
from core.pipeline import ingest_pending
from core.platform import Platform
from core.storage.object_names import (
    OTHER_PREFIX,
    REPORT_END,
    former_quarantine_names,
    quarantine_names,
    reference_name,
)
from core.storage.object_store import NewObject, ObjectStore, StoredObject
from tests.bronze.test_delivery import SOON, write
from tests.support.scenes import NOW, ORDERS_NAME, objects, quarantined
from tests.support.validate_files import file, order

pytestmark = pytest.mark.both_sides

CLEAN = file("orders", order(1), order(2))
BAD, WORSE = (file("orders", order(1), order(number, Status="Perdido")) for number in (2, 3))
DATA_NAME, REPORT_NAME = quarantine_names(ORDERS_NAME)


class Interrupted:
    """A bucket where something else happens before one of the calls, counted from 0."""

    def __init__(self, store: ObjectStore, at: int, happens: Callable[[], None]) -> None:
        self.bucket = store.bucket
        self._store, self._at, self._happens = store, at, happens
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        if self.calls == self._at:
            self._happens()
        self.calls += 1
        return getattr(self._store, name)


def judge(store: ObjectStore, stored: StoredObject) -> bool:
    """Judge as an ingestion does; whether the object is to be loaded."""
    try:
        judge_object(store, stored, load_catalog(), again=True)
    except ChangedError:
        return False
    return True


@pytest.mark.parametrize("newer", [CLEAN, BAD, WORSE], ids=["clean", "bad", "worse"])
@pytest.mark.parametrize("older", [CLEAN, BAD], ids=["clean", "bad"])
def test_quarantine_is_of_the_newer_generation_wherever_it_comes_in_between(
    store: ObjectStore, older: bytes, newer: bytes
) -> None:
    at, interrupted = 0, None
    while interrupted is None or interrupted.calls >= at:
        store.delete(DATA_NAME, REPORT_NAME)
        store.replace(NewObject(ORDERS_NAME, older))
        stored = store.read(ORDERS_NAME)

        def come_in() -> None:
            store.replace(NewObject(ORDERS_NAME, newer))
            assert judge(store, store.read(ORDERS_NAME))

        interrupted = Interrupted(store, at, come_in)
        judge(interrupted, stored)
        if interrupted.calls > at:
            found = objects(store, "quarantine/")
            if newer == CLEAN:
                assert found == {}, at
            else:
                report = json.loads(found[REPORT_NAME])
                assert report["generation"] == store.read(ORDERS_NAME).generation, at
                lines = newer.splitlines()
                assert found[DATA_NAME].splitlines() == [lines[0], lines[-1]], at
        at += 1
    assert at > 2


class KilledError(Exception):
    """A process ends."""


@pytest.mark.folder_only
@pytest.mark.parametrize(("before", "after"), [(CLEAN, BAD), (BAD, WORSE), (BAD, CLEAN)])
def test_wherever_a_process_is_killed_no_report_is_without_its_rows(
    store: ObjectStore, before: bytes, after: bytes
) -> None:
    def die() -> None:
        raise KilledError

    for call in range(50):
        judge(store, put(store, ORDERS_NAME, before))
        stored = put(store, ORDERS_NAME, after)
        dying = Interrupted(store, call, die)
        with contextlib.suppress(KilledError):
            judge(dying, stored)
        left = objects(store, "quarantine/")
        assert DATA_NAME in left or REPORT_NAME not in left, call
        judge(store, stored)
        found = objects(store, "quarantine/")
        lines = [line for line in after.splitlines() if b"Perdido" in line]
        assert [data.splitlines()[1:] for name, data in found.items() if name == DATA_NAME] == (
            [lines] if lines else []
        )
        if dying.calls < call:  # it was done before that call
            break
    assert 2 < call < 49


def test_a_generation_with_bad_rows_that_was_replaced_is_not_loaded(platform: Platform) -> None:
    old = write(platform, ORDERS_NAME, BAD)
    stored = platform.store.read(ORDERS_NAME)
    write(platform, ORDERS_NAME, CLEAN)
    assert not judge(platform.store, stored)
    assert deliver(platform, old, SOON).outcome is Outcome.SUPERSEDED
    assert quarantined(platform) == {}
    assert ingest_pending(platform, NOW).rows_loaded == 2


@pytest.mark.parametrize("first", ["the newer", "the killed"])
def test_what_a_killed_delivery_left_goes_when_its_event_comes_again(
    platform: Platform, first: str
) -> None:
    old = write(platform, ORDERS_NAME, BAD)
    judge(platform.store, platform.store.read(ORDERS_NAME))  # killed before it loaded
    new = write(platform, ORDERS_NAME, CLEAN)
    platform.warehouse.create_bronze()
    events = [new, old] if first == "the newer" else [old, new]
    outcomes = {deliver(platform, event, SOON).outcome for event in events}
    assert outcomes == {Outcome.LOADED, Outcome.SUPERSEDED}
    assert quarantined(platform) == {}


def test_a_late_event_leaves_what_bronze_has_of_its_generation_explained(
    platform: Platform,
) -> None:
    old = write(platform, ORDERS_NAME, BAD)
    deliver(platform, old, SOON)
    new = write(platform, ORDERS_NAME, CLEAN)
    deliver(platform, old, SOON)
    assert len(quarantined(platform)) == 2
    deliver(platform, new, SOON)
    assert quarantined(platform) == {}


def test_names_that_shared_a_place_have_each_its_own(platform: Platform) -> None:
    names = [reference_name("products"), "raw/csv_sales/reference_data/produto.csv"]
    bad = b"Id_Produto;Nome_Produto\nx;Y\n"
    for name in names:
        platform.store.replace(NewObject(name, bad))
    ingest_pending(platform, NOW)
    for name in names:
        report = quarantine.find_report(platform.store, name)
        assert report is not None
        assert report.name == name
        assert quarantined(platform)[quarantine_names(name)[0]] == bad
    assert len(quarantined(platform)) == 4


@pytest.mark.parametrize(
    "name",
    [
        f"raw/csv_sales/{'n' * 230}.csv",  # the emulator adds 21 to each
        f"raw/csv_sales/{'ã' * 115}.csv",
        f"raw/csv_sales/{'/'.join(['n' * 199] * 5)}.csv",
        "raw/csv_sales/a b/ã;'.csv",
    ],
)
def test_any_name_that_a_bucket_can_hold_is_quarantined(platform: Platform, name: str) -> None:
    platform.store.replace(NewObject(name, CLEAN))
    assert ingest_pending(platform, NOW).unreadable == 1
    report = quarantine.find_report(platform.store, name)
    assert report is not None
    assert report.name == name
    assert all(place.startswith(OTHER_PREFIX) for place in quarantined(platform))


# --- homes of earlier versions, where names of no layout shared the places of others ---


def test_a_report_in_a_place_of_earlier_versions_is_found_and_cleared(store: ObjectStore) -> None:
    name = "raw/csv_sales/2026/02/03/unit_007/window_1214/Pedido.csv"
    stored = put(store, name, BAD)
    judge(store, stored)
    move_to_former_place(store, name)
    report = quarantine.find_report(store, name)
    assert report is not None
    for data_name, report_name in (quarantine_names(name), former_quarantine_names(name)):
        assert quarantine.data_name(report_name, report) == data_name
    judge(store, stored)
    assert set(objects(store, "quarantine/")) == set(quarantine_names(name))


def test_a_report_in_anothers_place_is_taken_to_its_own(store: ObjectStore) -> None:
    name, stray = reference_name("products"), "raw/csv_sales/reference_data/produto.csv"
    judge(store, put(store, stray, b"one\n"))
    move_to_former_place(store, stray)
    judge(store, put(store, name, b"two\n"))
    for of, data in ((name, b"two\n"), (stray, b"one\n")):
        assert store.read(quarantine_names(of)[0]).data == data
        report = quarantine.find_report(store, of)
        assert report is not None
        assert report.name == of


def put(store: ObjectStore, name: str, data: bytes) -> StoredObject:
    store.replace(NewObject(name, data))
    return store.read(name)


def move_to_former_place(store: ObjectStore, name: str) -> None:
    for now, before in zip(quarantine_names(name), former_quarantine_names(name), strict=True):
        store.replace(NewObject(before, store.read(now).data))
        store.delete(now)


@pytest.mark.parametrize("data", [b"", b"[]", b"[" * 100_000, b'{"rows": 3}', b"\xff"])
def test_a_report_that_cannot_be_read_gives_way(store: ObjectStore, data: bytes) -> None:
    store.replace(NewObject(REPORT_NAME, data))
    judge(store, put(store, ORDERS_NAME, BAD))
    assert store.read(REPORT_NAME).data.startswith(b"{")
    assert REPORT_NAME.endswith(REPORT_END)
    store.replace(NewObject(REPORT_NAME, data))
    judge(store, put(store, ORDERS_NAME, CLEAN))
    assert objects(store, "quarantine/") == {}
