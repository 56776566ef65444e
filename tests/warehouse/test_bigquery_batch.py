"""Many objects into BigQuery by one job: beside single ones, at once, and cut anywhere."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import PlatformError, StoreError, TransientError
from core.settings import Cloud, Settings
from core.warehouse import Load
from core.warehouse.bigquery import loader
from local_cloud.gateway import Fault, Gateway
from tests.support.bigquery_scene import (
    BUCKET,
    LATER,
    NAMES,
    NOW,
    Bronze,
    expected_orders,
    load,
    loads,
    names_of,
)

NUMBERS = count(1)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three objects are many."""
    monkeypatch.setattr(loader, "MOST_SINGLES", 2)


@pytest.fixture
def bronze(cloud_settings: Settings, gateway: Gateway) -> Bronze:
    assert cloud_settings.cloud
    made = Bronze(cloud_settings.cloud, cloud_settings.dataset_prefix, gateway)
    gateway.journal.clear()
    return made


def test_many_objects_are_one_load_job_and_one_of_the_ledger(bronze: Bronze) -> None:
    objects = loads(NAMES)
    assert bronze.put(*objects) == dict.fromkeys(NAMES, False)
    spent = bronze.spent()
    assert spent["job.insert.load"] == 2
    # Claims, where Bronze comes from, a look into the ledger, and a passing table merged into it.
    assert spent["job.insert.query"] == len(NAMES) + 4
    bronze.has(*objects)
    bronze.spent()
    assert bronze.put(*objects, now=LATER) == {}
    assert bronze.spent()["job.insert.query"] == 2  # where Bronze comes from, and the ledger
    bronze.has(*objects)


def test_an_event_of_an_object_that_came_in_a_batch_adds_nothing(bronze: Bronze) -> None:
    bronze.put(*loads(NAMES))
    assert bronze.put(load(NAMES[0], 1)) == {}
    assert bronze.warehouse.holds(BUCKET, NAMES[0], 1)
    bronze.has(*loads(NAMES))


def test_a_batch_whose_note_was_lost_does_not_hold_its_objects_until_it_is_noted(
    bronze: Bronze,
) -> None:
    """So that the events of its objects come again, and one of them writes what is owed."""
    with bronze.fails("job.insert", "_ledger"), pytest.raises(StoreError):
        bronze.put(*loads(NAMES))
    assert not any(bronze.warehouse.holds(BUCKET, name, 1) for name in NAMES)
    for name in NAMES:  # once nobody comes any more, each by itself
        bronze.put(load(name, 1))
    assert all(bronze.warehouse.holds(BUCKET, name, 1) for name in NAMES)
    bronze.has(*loads(NAMES))


def test_a_batch_that_another_process_noted_first_is_known_as_noted(bronze: Bronze) -> None:
    other = names_of(NOW.date() - timedelta(days=1))[:1]

    def note(_: object) -> None:
        assert bronze.put(*loads([*NAMES, *other])) == dict.fromkeys(other, False)

    with bronze.having(Fault(operation="job.insert.query", path="batch.*_ledger", hook=note)):
        bronze.put(*loads(NAMES))
    bronze.has(*loads([*NAMES, *other]))
    assert all(bronze.warehouse.holds(BUCKET, name, 1) for name in NAMES)


def test_a_batch_leaves_out_what_came_singly(bronze: Bronze) -> None:
    with bronze.fails("job.insert.query", "_ledger"), pytest.raises(StoreError):
        bronze.put(load(NAMES[2], 1))  # the ledger does not know of it
    bronze.put(load(NAMES[3], 2))
    expected = {name: False for name in NAMES if name not in NAMES[2:4]}
    assert bronze.put(*loads(NAMES)) == expected
    bronze.has(*(load(name, 2 if name == NAMES[3] else 1) for name in NAMES))


def test_what_a_batch_noted_for_a_single_load_that_died_is_noted_once(bronze: Bronze) -> None:
    with bronze.fails("job.insert.query", "_ledger"), pytest.raises(StoreError):
        bronze.put(load(NAMES[2], 1))
    bronze.put(*loads(NAMES))
    assert bronze.put(load(NAMES[2], 1)) == {}  # its event again
    bronze.has(*loads(NAMES))


def test_what_a_single_call_noted_for_a_batch_that_died_is_noted_once(bronze: Bronze) -> None:
    with bronze.fails("job.insert", "_ledger"), pytest.raises(StoreError):
        bronze.put(*loads(NAMES))
    assert bronze.put(load(NAMES[2], 1)) == {}
    assert bronze.put(*loads(NAMES)) == {}
    bronze.has(*loads(NAMES))


@pytest.mark.parametrize("with_newer", [1, 4])
def test_a_late_note_does_not_stand_beside_that_of_a_newer_generation(
    bronze: Bronze, with_newer: int
) -> None:
    newer = loads(NAMES[:with_newer], 2)

    def put_newer(_: object) -> None:
        bronze.put(*newer)

    meanwhile = Fault(operation="job.insert.query", path="_ledger", hook=put_newer)
    with bronze.having(meanwhile):
        bronze.put(load(NAMES[0], 1))
    bronze.has(*newer)


def test_a_late_note_of_a_batch_leaves_newer_generations_in_the_ledger(bronze: Bronze) -> None:
    old, newer = loads(NAMES[:3]), loads(NAMES[:1], 2)

    def put_newer(_: object) -> None:
        bronze.put(*newer)

    meanwhile = Fault(operation="job.insert.query", path="_ledger", hook=put_newer)
    with bronze.having(meanwhile):
        bronze.put(*old)
    bronze.has(*newer, *old[1:])


def test_newer_generations_take_the_places_of_older_ones_together(bronze: Bronze) -> None:
    bronze.put(*loads(NAMES[:3]))
    bronze.put(load(NAMES[3], 1), now=NOW - timedelta(days=1))
    bronze.spent()
    newer = loads(NAMES, 2)
    assert bronze.put(*newer) == {name: name in NAMES[:4] for name in NAMES}
    bronze.has(*newer)
    empty = [load(name, 3, orders=()) for name in NAMES]
    assert bronze.put(*empty) == dict.fromkeys(NAMES, True)
    bronze.has(*empty)
    tables = bronze.warehouse._bigquery.client.list_tables(
        bronze.warehouse._bigquery.dataset("bronze")
    )
    assert not [table.table_id for table in tables if table.table_id.startswith("_load_")]


def test_the_same_batch_twice_at_once_is_loaded_once(bronze: Bronze) -> None:
    objects = loads(NAMES)
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda s: _tried(bronze, s), (objects, objects)))
    assert [answer for answer in answers if answer] in ([dict.fromkeys(NAMES, False)], [])
    bronze.put(*objects)
    bronze.has(*objects)


def test_batches_that_overlap_load_each_object_once(bronze: Bronze) -> None:
    parts = loads(NAMES[:5]), loads(NAMES[2:])
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda s: _tried(bronze, s), (*parts, [load(NAMES[3], 1)])))
    bronze.put(*loads(NAMES), now=LATER)
    bronze.has(*loads(NAMES))


def _tried(bronze: Bronze, objects: list[Load]) -> dict[str, bool]:
    try:
        return bronze.put(*objects)
    except TransientError:
        return {}


def test_a_batch_that_died_after_its_claims_is_completed_by_the_same_call(bronze: Bronze) -> None:
    with bronze.fails("job.insert.load", "mrh_batch"), pytest.raises(StoreError):
        bronze.put(*loads(NAMES))
    bronze.has()
    assert bronze.put(*loads(NAMES)) == dict.fromkeys(NAMES, False)
    bronze.has(*loads(NAMES))


def test_a_batch_that_is_completed_on_the_next_day_can_be_replaced(bronze: Bronze) -> None:
    with bronze.fails("job.insert.load", "mrh_batch"), pytest.raises(StoreError):
        bronze.put(*loads(NAMES), now=NOW - timedelta(days=1))
    bronze.put(*loads(NAMES))  # these rows are of today, though their claims are of yesterday
    newer = loads(NAMES[:4], 2)
    bronze.put(*newer)
    bronze.put(load(NAMES[4], 2))
    bronze.has(*newer, load(NAMES[4], 2), *loads(NAMES[5:]))


def test_claims_that_nobody_kept_are_waited_for_and_then_fenced(bronze: Bronze) -> None:
    with bronze.fails("job.insert.load", "mrh_batch"), pytest.raises(StoreError):
        bronze.put(*loads(NAMES[:4]))
    with pytest.raises(TransientError, match="not begun"):
        bronze.put(load(NAMES[0], 1))
    with pytest.raises(TransientError, match=r"4 objects could not be loaded now: .*not begun"):
        bronze.put(*loads(NAMES))  # another batch; what nobody claimed comes at once
    bronze.has(*loads(NAMES[4:]))
    assert bronze.put(load(NAMES[0], 1), now=LATER) == {NAMES[0]: False}
    # The batch that was fenced begins after all, and finds its id taken.
    assert bronze.put(*loads(NAMES[:4])) == dict.fromkeys(NAMES[1:4], False)
    bronze.has(*loads(NAMES))


def test_a_batch_that_died_before_the_ledger_is_noted_by_the_next_call(bronze: Bronze) -> None:
    for names in (NAMES[:3], NAMES[3:]):
        with bronze.fails("job.insert", "_ledger"), pytest.raises(StoreError):
            bronze.put(*loads(names))
    assert bronze.warehouse.generations(BUCKET) == {}
    assert bronze.put(*loads(NAMES[:3]), now=LATER) == {}  # the same batch
    assert bronze.put(*loads(NAMES), now=LATER) == {}  # another one
    bronze.has(*loads(NAMES))
    rows = bronze.warehouse.ask("SELECT _ingest_timestamp AS t FROM bronze._ingested_objects")
    assert {row["t"] for row in rows} == {NOW}


def test_a_batch_whose_job_bigquery_refused_can_be_mended(bronze: Bronze) -> None:
    client = bronze.warehouse._bigquery.client
    table = bronze.warehouse._bigquery.table("bronze.orders")
    client.query(f"ALTER TABLE `{table}` DROP COLUMN status").result()
    with pytest.raises(StoreError):
        bronze.put(*loads(NAMES[:3]))
    client.delete_table(table)
    bronze.another().create_bronze()
    assert bronze.put(*loads(NAMES)) == dict.fromkeys(NAMES, False)
    bronze.has(*loads(NAMES))


# What a process does, and where it dies: (operation, job id, whether it is done by then).
DEATHS = [
    None,
    ("job.insert.query", "_[0-9]+$", False),
    ("job.insert.query", "_[0-9]+$", True),
    ("job.insert.load", "mrh_[0-9a-f]+_", False),
    ("job.insert.load", "mrh_[0-9a-f]+_", True),
    ("job.insert", "mrh_batch_[0-9a-f]+$", False),
    ("job.insert", "mrh_batch_[0-9a-f]+$", True),
    ("job.insert", "_ledger", False),
    ("job.insert", "_ledger", True),
]
CALLS = st.lists(
    st.tuples(
        st.lists(
            st.tuples(st.sampled_from(NAMES[:5]), st.integers(1, 3)),
            min_size=1, max_size=5, unique_by=lambda pair: pair[0],
        ),
        st.sampled_from(DEATHS),
        st.integers(0, 2),
        st.sampled_from([timedelta(0), timedelta(days=-1), timedelta(minutes=30)]),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


def _death(where: tuple[str, str, bool] | None, after: int) -> Fault:
    if where is None:
        return Fault(times=0)
    operation, path, done = where
    return Fault(
        operation=operation, path=path, forwarded=done, after=after, times=None,
        status=400, reason="invalid",
    )  # fmt: skip


@pytest.fixture
def cloud_and_gateway(cloud: Cloud, gateway: Gateway) -> tuple[Cloud, Gateway]:
    return cloud, gateway


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=CALLS)
def test_whatever_processes_do_and_wherever_they_die_each_row_comes_once(
    cloud_and_gateway: tuple[Cloud, Gateway], calls: list[Any]
) -> None:
    cloud, gateway = cloud_and_gateway
    bronze = Bronze(cloud, f"any_{cloud.bucket.replace('-', '_')}_{next(NUMBERS)}", gateway)
    newest: dict[str, int] = {}
    for wanted, death, after, shift in calls:
        for name, generation in wanted:
            newest[name] = max(newest.get(name, 0), generation)
        try:
            with gateway.faults.having(_death(death, after)):
                bronze.put(*(load(*each) for each in wanted), now=NOW + shift)
        except PlatformError:
            continue
    left = [load(*each) for each in newest.items()]
    for _ in range(3):  # as events and people do
        try:
            bronze.put(*left, now=LATER)
        except TransientError:
            continue
    assert bronze.orders() == expected_orders(left)
    assert bronze.warehouse.generations(BUCKET) == newest
