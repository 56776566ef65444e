"""Publishers of two kinds at once that share the bucket alone: never do both write a date."""

import itertools
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias, cast

import pytest

from core import pipeline
from core.errors import ConflictError, MixError
from core.generation.catalog import load_catalog
from core.operations import bulk
from core.operations.bulk import Place
from core.operations.workers import Workers
from core.platform import Platform
from core.storage.announcement import announced, is_announced
from core.storage.object_names import (
    ANNOUNCEMENT_PREFIX,
    SalesName,
    parse_parquet_name,
    parse_sales_name,
)
from core.storage.object_store import LocalStore, NewObject, ObjectStore
from core.storage.object_store.local import output_store
from core.storage.publish import Published, publish
from core.storage.publish_parquet import publish_day
from core.storage.shards import Format, ShardedRequest, publish_shard
from tests.support.scenes import DAY, NOW, count, objects, request

pytestmark = pytest.mark.processes

Publisher: TypeAlias = Callable[[ObjectStore], Published]
LUNCH = "window_1214"
DATES = tuple(DAY + timedelta(days=number) for number in range(3))


def _windows(store: ObjectStore) -> Published:
    return publish(store, request(LUNCH, units=(2, 3)), load_catalog())


def _days(store: ObjectStore) -> Published:
    return publish(store, request(units=(1, 2), dates=DATES[:2]), load_catalog())


def _shard(store: ObjectStore) -> Published:
    plan = ShardedRequest(request(units=(1, 2)))
    return publish_shard(store, plan, plan.shards[0], load_catalog())


def _parquet(store: ObjectStore) -> Published:
    return publish_day(store, request(LUNCH, units=(2, 4)), load_catalog())


PAIRS = [(_windows, _days), (_windows, _parquet), (_parquet, _shard)]


class Stepped:
    """A store whose user waits before each operation until a test lets it go on."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._turns, self._waits = threading.Semaphore(0), threading.Semaphore(0)
        self._free = False

    def __getattr__(self, name: str) -> Any:
        there = getattr(self._store, name)
        if name in ("bucket", "session"):
            return there

        def step(*arguments: Any, **named: Any) -> Any:
            if not self._free:
                self._waits.release()
                self._turns.acquire()
            return there(*arguments, **named)

        return step


class Run:
    """A publisher in a thread that takes as many steps as it is let."""

    def __init__(self, store: ObjectStore, work: Publisher) -> None:
        self.stepped = Stepped(store)
        self.error: ConflictError | None = None
        self.ended = False
        self._thread = threading.Thread(target=self._do, args=(work,), daemon=True)
        self._thread.start()

    def _do(self, work: Publisher) -> None:
        try:
            work(cast("ObjectStore", self.stepped))
        except ConflictError as error:
            self.error = error
        finally:
            self.ended = True
            self.stepped._waits.release()

    def take(self, steps: int) -> int:
        """Let it take some steps; how many there were."""
        for taken in range(steps):
            self.stepped._waits.acquire(timeout=30)
            if self.ended:
                self.stepped._waits.release()
                return taken
            self.stepped._turns.release()
        return steps

    def end(self) -> None:
        self.stepped._free = True
        self.stepped._turns.release(2)
        self._thread.join(30)
        assert not self._thread.is_alive()


def _kinds(store: ObjectStore) -> set[str]:
    """The kinds of data of unit 2 on the first date."""
    kinds = set()
    for name in objects(store):
        cell = parse_sales_name(name)
        if parse_parquet_name(name):
            kinds.add("Parquet")
        elif cell and (cell.unit_id, cell.day) == (2, DAY):
            kinds.add("incremental" if cell.window_tag else "bulk")
    return kinds


def _interleave(store: ObjectStore, works: tuple[Publisher, Publisher], first: int, second: int
) -> int:  # fmt: skip
    """One takes some steps, the other takes some, the first ends, the second ends."""
    runs = [Run(store, work) for work in works]
    steps = runs[0].take(first)
    runs[1].take(second)
    for run in runs:
        run.end()
    refused = [run for run in runs if run.error]
    assert all(isinstance(run.error, MixError) for run in refused)
    assert len(refused) >= 1
    assert len(_kinds(store)) == 2 - len(refused)
    assert store.list(ANNOUNCEMENT_PREFIX) == []
    return steps


@pytest.mark.parametrize(
    "works", PAIRS, ids=lambda works: f"{works[0].__name__}-{works[1].__name__}"
)
def test_of_publishers_of_two_kinds_at_most_one_succeeds_however_their_steps_follow(
    works: tuple[Publisher, Publisher], tmp_path: Path
) -> None:
    for order, second in itertools.product((works, works[::-1]), (0, 1, 3, 6)):
        for first in itertools.count():
            store = LocalStore(tmp_path / f"{order[0].__name__}{first}-{second}")
            if _interleave(store, order, first, second) < first:
                break


@pytest.mark.both_sides
@pytest.mark.parametrize("steps", [1, 4, 7])
def test_a_publisher_that_comes_while_one_of_another_kind_is_at_work_is_refused(
    store: ObjectStore, steps: int
) -> None:
    for works in ((_windows, _days), (_parquet, _windows)):
        _interleave(store, works, steps, 99)
        store.delete(*objects(store))


@pytest.mark.parametrize("written_as", Format)
def test_a_window_of_a_date_that_a_large_request_has_still_to_write_is_refused(
    platform: Platform, written_as: Format
) -> None:
    refused: list[str] = []

    def tell(done: int, _: int, doing: str) -> None:
        if done == 1 and "looking" not in doing:
            with pytest.raises(MixError) as found:
                pipeline.upload(platform, request(LUNCH, dates=DATES[-1:]), NOW)
            refused.append(str(found.value))

    plan = ShardedRequest(request(dates=DATES), written_as)
    with Workers(1) as here:
        done = bulk.upload_all(platform, plan, here, NOW, tell)
    assert len(refused) == 1
    assert f"on {DATES[-1]} is being published" in refused[0]
    assert count(platform, "bronze.orders") == done.published.orders


def test_the_same_holds_in_an_output_folder(platform: Platform, tmp_path: Path) -> None:
    folder = str(tmp_path / "output")
    refused: list[MixError] = []

    def tell(done: int, _: int, doing: str) -> None:
        if done == 1 and "looking" not in doing:
            with pytest.raises(MixError) as found:
                publish(output_store(folder), request(LUNCH, dates=DATES[-1:]), platform.catalog)
            refused.append(found.value)

    with Workers(1) as here:
        bulk.publish_all(
            Place(platform.settings, folder), ShardedRequest(request(dates=DATES)), here, tell
        )
    assert len(refused) == 1


@pytest.mark.both_sides
def test_what_a_killed_publisher_announced_is_told_and_taken_back_by_the_same_request(
    store: ObjectStore,
) -> None:
    catalog, days = load_catalog(), request(units=(1, 2))
    killed = announced(store, days)
    killed.__enter__()
    (name,) = objects(store)
    with pytest.raises(MixError, match=f"{name}.*If it was killed"):
        publish(store, request(LUNCH, units=(2, 3)), catalog)
    assert list(objects(store)) == [name]
    publish(store, request(LUNCH, units=(3, 4)), catalog)  # other units
    publish(store, request(LUNCH, units=(2,), dates=DATES[1:2]), catalog)  # another date
    publish(store, request(units=(1, 2, 5)), catalog)
    assert store.list(ANNOUNCEMENT_PREFIX) == []
    publish(store, request(LUNCH, units=(2, 3)), catalog, force=True)


@pytest.mark.both_sides
def test_a_forced_publication_takes_back_what_a_killed_one_of_its_kind_announced(
    store: ObjectStore,
) -> None:
    """It passes over announcements of another kind, and those that it cannot read."""
    days, faulty = request(units=(1, 2)), NewObject(f"{ANNOUNCEMENT_PREFIX}bulk-0-1.json", b"{")
    with announced(store, request(LUNCH, units=(2, 3))):
        store.replace(faulty)
        left = list(objects(store))
        killed = announced(store, days, force=True)
        killed.__enter__()
        assert list(objects(store)) != left
        publish(store, days, load_catalog(), force=True)
        assert [info.name for info in store.list(ANNOUNCEMENT_PREFIX)] == left


@pytest.mark.both_sides
def test_a_publication_takes_back_no_announcement_of_other_windows(store: ObjectStore) -> None:
    with announced(store, request(LUNCH)):
        publish(store, request("window_1012"), load_catalog())
        assert is_announced(store, SalesName("orders", DAY, 1, LUNCH))
        assert not is_announced(store, SalesName("orders", DAY, 1, "window_1012"))
    assert store.list(ANNOUNCEMENT_PREFIX) == []


def test_an_announcement_that_cannot_be_read_is_named(store: LocalStore) -> None:
    name = f"{ANNOUNCEMENT_PREFIX}bulk-0-1.json"
    for data in (b"", b"{}", b"[" * 100_000, b'{"version": 9}', b"\xff"):
        store.replace(NewObject(name, data))
        with pytest.raises(MixError, match=name):
            publish(store, request(LUNCH), load_catalog())
        assert list(objects(store)) == [name]


def _other_seed(store: ObjectStore, day: int) -> None:
    publish_day(store, request(LUNCH, dates=DATES[day : day + 1], seed=7), load_catalog())


def test_a_conflict_on_any_date_of_a_parquet_request_is_found_before_anything_is_written(
    platform: Platform,
) -> None:
    _other_seed(platform.store, 1)
    before = objects(platform.store)
    place, plan = (
        Place(platform.settings),
        ShardedRequest(request(LUNCH, dates=DATES), Format.PARQUET),
    )
    with pytest.raises(ConflictError, match="nothing of that date was written"), Workers(1) as here:
        bulk.publish_all(place, plan, here)
    assert objects(platform.store) == before
    with Workers(1) as here:
        replaced = bulk.publish_all(
            place, ShardedRequest(plan.request, Format.PARQUET, overwrite=True), here
        )
    assert (replaced.created, replaced.replaced) == (4, 2)


@pytest.mark.parametrize("written_as", Format)
def test_a_conflict_that_comes_after_the_check_says_which_dates_were_written(
    platform: Platform, written_as: Format
) -> None:
    plan = ShardedRequest(request(LUNCH, dates=DATES), written_as)

    def tell(done: int, _: int, doing: str) -> None:
        if done == 1 and "looking" not in doing:
            other = ShardedRequest(request(LUNCH, dates=DATES[1:2], seed=7), written_as)
            publish_shard(platform.store, other, other.shards[0], platform.catalog)

    with pytest.raises(ConflictError) as found, Workers(1) as here:
        bulk.upload_all(platform, plan, here, NOW, tell)
    assert f"Written before that: {plan.shards[0]}." in str(found.value)
    assert "nothing was written" not in str(found.value)
    assert platform.store.list(ANNOUNCEMENT_PREFIX) == []
