"""Large requests in shards: the same bytes however they are shared out, resumed where cut off."""

import dataclasses
import functools
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import pipeline
from core.bronze.reference_data import publish_reference
from core.errors import ConflictError, InputError, MixError, TransientError
from core.generation.catalog import Catalog, load_catalog
from core.operations import bulk
from core.operations.bulk import Place
from core.operations.workers import Workers
from core.platform import Platform
from core.storage.object_names import day_prefix
from core.storage.object_store import LocalStore, NewObject
from core.storage.publish import Published, Request, publish
from core.storage.shards import Format, Shard, ShardedRequest, State, publish_shard, share, states
from tests.support.bulk_worker import publish_or_die
from tests.support.scenes import NOW, files, tables

DATES = (date(2026, 2, 1), date(2026, 2, 2))
BULK = Request(DATES, (), (1, 2, 3), day_orders=(2, 4))
WINDOWS = Request(DATES, load_catalog().windows[1:3], (1, 2, 3))
PLANS = [
    ShardedRequest(BULK),
    ShardedRequest(WINDOWS),
    ShardedRequest(WINDOWS, Format.PARQUET),
    ShardedRequest(BULK, Format.PARQUET),
]


def name_of(plan: ShardedRequest) -> str:
    return f"{plan.format}-{'windows' if plan.request.windows else 'days'}"


def write(place: Place, plan: ShardedRequest, workers: int = 1) -> Published:
    with Workers(workers) as crew:
        return bulk.publish_all(place, plan, crew)


def bucket(platform: Platform) -> dict[str, bytes]:
    return files(platform.settings.bucket_folder)


@pytest.fixture
def place(platform: Platform) -> Place:
    return Place(platform.settings)


def test_a_csv_shard_is_what_has_a_manifest_and_a_parquet_shard_is_a_date() -> None:
    assert ShardedRequest(BULK).shards == [Shard(day) for day in DATES]
    assert ShardedRequest(WINDOWS, Format.PARQUET).shards == [Shard(day) for day in DATES]
    assert ShardedRequest(WINDOWS).shards == [
        Shard(day, window.tag) for day in DATES for window in WINDOWS.windows
    ]


@given(st.integers(1, 40), st.integers(1, 60))
def test_tasks_share_all_shards_and_none_is_made_twice(days: int, count: int) -> None:
    shards = [Shard(date(2026, 2, 1), f"window_{number}") for number in range(days)]
    shared = [one for index in range(count) for one in share(shards, index, count)]
    assert sorted(shared) == sorted(shards)


@pytest.mark.parametrize(("index", "count"), [(-1, 2), (2, 2), (0, 0)])
def test_a_task_that_is_none_is_refused(index: int, count: int) -> None:
    with pytest.raises(InputError, match="use"):
        share([Shard(DATES[0])], index, count)


@pytest.mark.parametrize("plan", PLANS[:2], ids=name_of)
def test_shards_are_what_one_publication_writes(
    plan: ShardedRequest, place: Place, platform: Platform, catalog: Catalog, tmp_path: Path
) -> None:
    whole = LocalStore(tmp_path / "whole")
    expected = publish(whole, plan.request, catalog)
    assert write(place, plan) == expected
    assert bucket(platform) == files(whole.root)


@pytest.mark.parametrize("plan", [PLANS[1], PLANS[2]], ids=name_of)
def test_two_processes_write_what_one_writes(
    plan: ShardedRequest, place: Place, platform: Platform, tmp_path: Path
) -> None:
    alone = Place(platform.settings, str(tmp_path / "alone"))
    one, two = write(alone, plan), write(place, plan, workers=2)
    assert one == two
    assert {name.removeprefix("raw/"): data for name, data in bucket(platform).items()} == files(
        tmp_path / "alone"
    )


@pytest.mark.parametrize("plan", PLANS, ids=name_of)
def test_a_complete_shard_is_left_and_counts_as_it_did(
    plan: ShardedRequest, place: Place, platform: Platform
) -> None:
    first = write(place, plan)
    before = {info.name: info.generation for info in platform.store.list("raw/")}
    again = write(place, plan)
    assert again == dataclasses.replace(first, created=0, same=first.created)
    assert {info.name: info.generation for info in platform.store.list("raw/")} == before


@pytest.mark.parametrize("plan", PLANS, ids=name_of)
def test_what_is_missing_of_a_shard_is_made_and_nothing_else(
    plan: ShardedRequest, place: Place, platform: Platform
) -> None:
    write(place, plan)
    expected, sales = bucket(platform), platform.store.list("raw/")
    lost = next(info.name for info in sales if "item_pedido" in info.name)
    platform.store.delete(lost)
    done = write(place, plan)
    assert (done.created, done.replaced) == (1, 0)
    assert bucket(platform) == expected


def test_a_shard_is_only_taken_for_complete_as_the_very_same(
    platform: Platform, catalog: Catalog
) -> None:
    plan, shard = ShardedRequest(WINDOWS), Shard(DATES[0], WINDOWS.windows[0].tag)
    store = platform.store
    assert states(store, plan, [shard]) == {shard: State.FRESH}
    publish_shard(store, plan, shard, catalog)
    assert states(store, plan, [shard]) == {shard: State.COMPLETE}
    for other in (
        dataclasses.replace(plan, overwrite=True),  # whoever overwrites wants to be sure
        ShardedRequest(dataclasses.replace(WINDOWS, units=(1, 2, 3, 4))),
        ShardedRequest(dataclasses.replace(WINDOWS, seed=7)),
    ):
        assert states(store, other, [shard]) == {shard: State.OPEN}
    first = store.list(day_prefix(DATES[0]))[0]
    store.replace(NewObject(first.name, b"cut"))
    assert states(store, plan, [shard]) == {shard: State.OPEN}


def test_a_conflict_anywhere_is_found_before_anything_is_written(
    place: Place, platform: Platform, catalog: Catalog
) -> None:
    other = dataclasses.replace(WINDOWS.on(DATES[1]), seed=7)
    publish(platform.store, other, catalog)
    before = bucket(platform)
    with pytest.raises(ConflictError, match="exist with other content"):
        write(place, ShardedRequest(WINDOWS))
    assert bucket(platform) == before
    done = write(place, ShardedRequest(WINDOWS, overwrite=True))
    assert done.replaced == 2 * 2 * 3


def test_data_of_the_other_kind_is_refused_unless_forced(
    place: Place, platform: Platform, catalog: Catalog
) -> None:
    publish(platform.store, BULK.on(DATES[1]), catalog)
    before = bucket(platform)
    with pytest.raises(MixError, match="would count its sales twice"):
        write(place, ShardedRequest(WINDOWS))
    assert bucket(platform) == before
    assert write(place, ShardedRequest(WINDOWS, force=True)).created == 2 * 2 * 2 * 3


@pytest.mark.parametrize("workers", [1, 2])
def test_an_upload_in_shards_fills_bronze_as_one_upload_does(
    workers: int, platform: Platform, tmp_path: Path
) -> None:
    with Workers(workers) as crew:
        done = bulk.upload_all(platform, ShardedRequest(WINDOWS), crew, NOW)
        again = bulk.upload_all(platform, ShardedRequest(WINDOWS), crew, NOW)
    other = dataclasses.replace(platform.settings, home=tmp_path / "other")
    expected = pipeline.upload(Platform.of(other), WINDOWS, NOW)
    assert (done.published, done.ingested) == (expected.published, expected.ingested)
    assert (again.published.created, again.ingested.objects) == (0, 0)
    assert tables(platform) == tables(Platform.of(other))


def test_progress_counts_each_shard_written_and_loaded(platform: Platform) -> None:
    told: list[tuple[int, int, str]] = []
    with Workers(1) as here:
        bulk.upload_all(
            platform, ShardedRequest(WINDOWS), here, NOW, lambda *step: told.append(step)
        )
    steps = [(done, total) for done, total, doing in told if "looking" not in doing]
    assert steps == [(done, 8) for done in (1, 2, 3, 4, 8)]


def test_load_jobs_are_foreseen() -> None:
    year = tuple(date(2026, 1, 1 + number) for number in range(28))
    many = Request(year, load_catalog().windows, tuple(range(1, 3001)))
    assert bulk.count_load_jobs(ShardedRequest(many, Format.PARQUET)) == 28
    assert bulk.count_load_jobs(ShardedRequest(many)) == 28 * 7 * 2


def test_reference_data_is_there_for_whoever_reads(platform: Platform) -> None:
    with Workers(1) as here:
        bulk.upload_all(platform, ShardedRequest(WINDOWS), here, NOW)
    assert publish_reference(platform.store, platform.catalog, 3) == 0


def test_after_a_process_was_killed_in_a_shard_the_same_again_gives_the_same(
    place: Place, platform: Platform, tmp_path: Path
) -> None:
    plan = ShardedRequest(WINDOWS)
    fatal = functools.partial(publish_or_die, place, plan, plan.shards[2])
    with pytest.raises(TransientError, match="was killed"), Workers(2) as workers:
        list(workers.map(fatal, plan.shards))
    undisturbed = Place(platform.settings, str(tmp_path / "undisturbed"))
    expected = write(undisturbed, plan)
    assert 0 < write(place, plan, workers=2).created < expected.created
    assert {name.removeprefix("raw/"): data for name, data in bucket(platform).items()} == files(
        tmp_path / "undisturbed"
    )
