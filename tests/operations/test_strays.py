"""Files that nothing requested: judged, never made again, deleted with what they left behind."""

from pathlib import Path

import pytest

from core import pipeline
from core.bronze.ingest import judge_object
from core.errors import ChangedError, InputError
from core.operations import backfill_plan, jobs, repair
from core.operations.backfill_plan import BackfillRequest, Mode
from core.operations.cleanup import leftovers, strays
from core.operations.cleanup.leftovers import Settled
from core.operations.runs import RunHistory, RunState
from core.platform import Platform
from core.reconcile.compare import ObjectVerdict, Verdict, summarise
from core.storage.announcement import announced
from core.storage.object_names import (
    QUARANTINE_PREFIX,
    SALES_PREFIX,
    SalesName,
    day_prefix,
    manifest_name,
    sales_name,
)
from core.storage.object_store import NewObject
from core.storage.publish import check, publish, write
from tests.support.runs import run_job
from tests.support.scenes import DAY, NOW, count, execute, objects, request, tables

TAG = "window_1012"
WINDOW = request(TAG).windows[0]


def name_of(unit: int, kind: str = "orders") -> str:
    return sales_name(SalesName(kind, DAY, unit, TAG))


def put(platform: Platform, name: str, data: bytes = b"a;b\n1;2\n") -> int:
    """An object as a person copies it into the bucket; its generation."""
    platform.store.replace(NewObject(name, data))
    found = platform.store.find(name)
    assert found
    return found.generation


def lines(platform: Platform) -> list[ObjectVerdict]:
    found = pipeline.compare(platform, (DAY, DAY), NOW).lines
    return [line for line in found if line.window_tag == TAG]


@pytest.mark.both_sides
def test_a_folder_that_nothing_requested_widens_nothing_and_can_only_be_deleted(
    platform: Platform,
) -> None:
    pipeline.upload(platform, request(TAG, units=(1, 2)), NOW)
    (before,) = summarise(lines(platform))
    put(platform, name_of(999))  # and no items, which would be made to fill the gap
    pipeline.ingest_pending(platform, NOW)
    found = repair.find_remedies(lines(platform))
    assert {line.verdict for line in lines(platform) if line.unit_id == 999} >= {
        Verdict.QUARANTINED
    }
    assert (found.fill, found.rewrite, found.delete) == ((), (), (name_of(999),))
    (after,) = summarise(lines(platform))
    assert after.expected_orders == before.expected_orders
    asked = BackfillRequest((DAY, DAY), (WINDOW,), None, None, Mode.ALL)
    (step,) = backfill_plan.plan_backfill(platform, asked, NOW).steps
    assert step.objects == 4


@pytest.mark.both_sides
def test_deleting_a_stray_takes_what_it_left_and_nothing_else(platform: Platform) -> None:
    pipeline.upload(platform, request(TAG, units=(1, 2)), NOW)
    bronze = pipeline.compare(platform, (DAY, DAY), NOW).lines
    kept = objects(platform.store, day_prefix(DAY))
    odd = f"{SALES_PREFIX}notes/list.csv"
    generations = {name: put(platform, name) for name in (name_of(999), odd)}
    pipeline.ingest_pending(platform, NOW)
    assert platform.store.list(QUARANTINE_PREFIX)
    count, settled = strays.delete_strays(platform, generations)
    assert (count, settled.objects, settled.stay) == (2, 2, 0)
    assert objects(platform.store, day_prefix(DAY)) == kept
    assert not platform.store.find(odd)
    assert not platform.store.list(QUARANTINE_PREFIX)
    assert pipeline.compare(platform, (DAY, DAY), NOW).lines == bronze
    assert leftovers.find_leftovers(platform, (DAY, DAY)) == []


@pytest.mark.both_sides
def test_what_changed_since_a_person_looked_and_what_a_manifest_names_stays(
    platform: Platform,
) -> None:
    pipeline.upload(platform, request(TAG, units=(1,)), NOW)
    ours = platform.store.find(name_of(1))
    assert ours
    with pytest.raises(InputError, match="a manifest names it"):
        strays.delete_strays(platform, {name_of(1): ours.generation})
    seen = {name_of(unit): put(platform, name_of(unit)) for unit in (998, 999)}
    put(platform, name_of(998), b"other\n")
    with pytest.raises(ChangedError, match="was written again meanwhile"):
        strays.delete_strays(platform, seen)
    assert platform.store.find(name_of(1)) == ours
    assert platform.store.find(name_of(998))
    assert not platform.store.find(name_of(999))  # the one after it is not left undone


@pytest.mark.both_sides
@pytest.mark.parametrize("both", [False, True])
def test_the_rows_of_a_stray_without_a_line_in_the_ledger_count_when_it_is_deleted(
    platform: Platform, both: bool
) -> None:
    """As a process leaves them that was killed between rows and ledger: half a cell stays."""
    publish(platform.store, request(TAG, units=(999,)), platform.catalog)
    platform.store.delete(manifest_name(DAY, TAG))
    pipeline.ingest_pending(platform, NOW)
    execute(platform, "DELETE FROM bronze._ingested_objects WHERE kind = 'orders'")
    before = tables(platform)
    orders, items = (count(platform, f"bronze.{table}") for table in ("orders", "order_items"))
    names = [name_of(999), name_of(999, "order_items")][: 1 + both]
    seen = {name: generation_of(platform, name) for name in names}
    _, settled = strays.delete_strays(platform, seen)
    if both:
        assert settled == Settled(objects=2, rows=orders + items)
        assert count(platform, "bronze.orders") == count(platform, "bronze.order_items") == 0
    else:
        assert settled == Settled(stay=1)
        assert tables(platform) == before


def test_a_deletion_is_a_run_also_where_nothing_was_ever_published(
    platform: Platform, tmp_path: Path
) -> None:
    new = jobs.deletion({name_of(999): put(platform, name_of(999))})
    pipeline.ingest_pending(platform, NOW)
    assert new.title == f"Delete {name_of(999)}"
    assert f"{DAY} 10:00-12:00" in new.claims
    history = RunHistory(tmp_path / "runs.sqlite", lambda: NOW)
    done = run_job(platform, history, new)
    assert done.state is RunState.SUCCEEDED, done.error
    assert objects(platform.store, SALES_PREFIX) == {}
    assert not platform.store.list(QUARANTINE_PREFIX)
    with pytest.raises(InputError, match="name at least one file"):
        jobs.deletion({})


def generation_of(platform: Platform, name: str) -> int:
    found = platform.store.find(name)
    assert found, name
    return found.generation


@pytest.mark.both_sides
@pytest.mark.parametrize(("tags", "force"), [((TAG,), False), ((), False), ((), True)])
def test_what_a_publication_is_still_writing_is_no_stray(
    platform: Platform, tags: tuple[str, ...], force: bool
) -> None:
    """Its manifest comes last, so none names its files yet."""
    store, asked = platform.store, request(*tags, units=(998, 999))
    name = sales_name(SalesName("orders", DAY, 999, tags[0] if tags else None))
    with announced(store, asked, force=force):
        plan = check(store, asked, platform.catalog, overwrite=False, force=force)
        seen = {name: put(platform, name), name_of(997): put(platform, name_of(997))}
        assert [each for each in seen if strays.is_stray(store, each)] == [name_of(997)]
        with pytest.raises(InputError, match="a publication writes it"):
            strays.delete_strays(platform, seen)
        store.delete(name)
        write(store, asked, platform.catalog, plan)
    assert not strays.is_stray(store, name)
    assert objects(store, name)


@pytest.mark.both_sides
def test_a_stray_that_is_published_while_others_are_deleted_stays(platform: Platform) -> None:
    """Also where the publication finds its very bytes, so that the generation is the same."""
    asked, seen = request(TAG, units=(999,)), {name_of(998): put(platform, name_of(998))}
    publish(platform.store, asked, platform.catalog)
    platform.store.delete(manifest_name(DAY, TAG))
    seen[name_of(999)] = generation_of(platform, name_of(999))

    def progress(_: int, __: int, doing: str) -> None:
        if doing == name_of(999):
            publish(platform.store, asked, platform.catalog)

    with pytest.raises(ChangedError, match="is being published, and stays"):
        strays.delete_strays(platform, seen, progress)
    assert generation_of(platform, name_of(999)) == seen[name_of(999)]
    assert not platform.store.find(name_of(998))


@pytest.mark.parametrize("tag", [TAG, None])
def test_a_file_of_the_chains_units_without_any_manifest_is_no_stray(
    platform: Platform, tag: str | None
) -> None:
    """The manifest may have been lost: nothing can tell, and nothing can make bulk data again."""
    pipeline.upload(platform, request(*filter(None, [tag]), units=(1, 70)), NOW)
    names = [sales_name(SalesName("orders", DAY, unit, tag)) for unit in (1, 70, 71)]
    put(platform, names[2])
    platform.store.delete(manifest_name(DAY, tag))
    assert [strays.is_stray(platform.store, name) for name in names] == [False, False, True]
    odd = [names[0].replace("2026/", "2109/"), names[0].replace("/pedido", "/window_0102/pedido")]
    assert all(strays.is_stray(platform.store, name) for name in odd)


@pytest.mark.both_sides
def test_what_was_read_before_a_stray_was_deleted_is_not_loaded_after(platform: Platform) -> None:
    publish(platform.store, request(TAG, units=(999,)), platform.catalog)
    platform.store.delete(manifest_name(DAY, TAG))
    read = [platform.store.read(name) for name in objects(platform.store, SALES_PREFIX)]
    loads = [judge_object(platform.store, one, platform.catalog, again=False) for one in read]
    assert len(loads[0].rows.columns["id_pedido"]) > 0
    count_of, _ = strays.delete_strays(platform, {one.name: one.generation for one in read})
    assert count_of == 2
    assert platform.warehouse.load(platform.store.bucket, loads, NOW) == {}
    assert count(platform, "bronze.orders") == count(platform, "bronze.order_items") == 0


@pytest.mark.both_sides
def test_strays_of_dates_that_the_platform_does_not_cover_are_deleted(platform: Platform) -> None:
    pipeline.upload(platform, request(TAG, units=(1,)), NOW)
    before = objects(platform.store), tables(platform)
    days = ("0001/01/01", "1999/02/03", "2109/02/03")
    names = [f"{SALES_PREFIX}{day}/unit_001/{TAG}/pedido.csv" for day in days]
    generations = {name: put(platform, name) for name in names}
    by_hand = names[-1].replace("pedido", "item_pedido")
    put(platform, by_hand)
    pipeline.ingest_pending(platform, NOW)
    history = RunHistory(platform.settings.runs_file, lambda: NOW)
    done = run_job(platform, history, jobs.deletion(generations))
    assert (done.state, done.error) == (RunState.SUCCEEDED, "")
    assert not any(map(platform.store.find, names))
    platform.store.delete(by_hand)
    assert [one.name for one in leftovers.find_leftovers(platform, (DAY, DAY))] == [by_hand]
    assert leftovers.settle(platform, (DAY, DAY)).objects == 1
    assert (objects(platform.store), tables(platform)) == before
