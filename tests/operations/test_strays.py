"""Files that nothing requested: judged, never made again, deleted with what they left behind."""

from pathlib import Path

import pytest

from core import pipeline
from core.errors import ChangedError, InputError
from core.operations import backfill_plan, jobs, leftovers, repair, strays
from core.operations.backfill_plan import Asked, Mode
from core.operations.runs import RunHistory, RunState
from core.platform import Platform
from core.reconcile.compare import ObjectVerdict, Verdict, summarise
from core.storage.object_names import (
    QUARANTINE_PREFIX,
    SALES_PREFIX,
    SalesName,
    day_prefix,
    sales_name,
)
from core.storage.object_store import NewObject
from tests.support.scenes import DAY, NOW, objects, request

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
    found = pipeline.compare(platform, (DAY, DAY), NOW)
    return [line for line in found if line.window_tag == TAG]


@pytest.mark.both_sides
def test_a_folder_that_nothing_requested_widens_nothing_and_can_only_be_deleted(
    platform: Platform,
) -> None:
    pipeline.upload(platform, request(TAG, units=(1, 2)), NOW)
    (before,) = summarise(lines(platform))
    put(platform, name_of(999))  # and no items, which would be made to fill the gap
    pipeline.ingest_pending(platform, NOW)
    found = repair.remedies(lines(platform))
    assert {line.verdict for line in lines(platform) if line.unit_id == 999} >= {
        Verdict.QUARANTINED
    }
    assert (found.fill, found.rewrite, found.delete) == ((), (), (name_of(999),))
    (after,) = summarise(lines(platform))
    assert after.expected_orders == before.expected_orders
    asked = Asked((DAY, DAY), (WINDOW,), None, None, Mode.ALL)
    (step,) = backfill_plan.plan(platform, asked, NOW).steps
    assert step.objects == 4


@pytest.mark.both_sides
def test_deleting_a_stray_takes_what_it_left_and_nothing_else(platform: Platform) -> None:
    pipeline.upload(platform, request(TAG, units=(1, 2)), NOW)
    bronze = pipeline.compare(platform, (DAY, DAY), NOW)
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
    assert pipeline.compare(platform, (DAY, DAY), NOW) == bronze
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


def test_a_deletion_is_a_run_also_where_nothing_was_ever_published(
    platform: Platform, tmp_path: Path
) -> None:
    new = jobs.deletion({name_of(999): put(platform, name_of(999))})
    pipeline.ingest_pending(platform, NOW)
    assert new.title == f"Delete {name_of(999)}"
    assert f"{DAY} 10:00-12:00" in new.claims
    history = RunHistory(tmp_path / "runs.sqlite", lambda: NOW)
    done = jobs.run(platform, history, new)
    assert done.state is RunState.SUCCEEDED, done.error
    assert objects(platform.store, SALES_PREFIX) == {}
    assert not platform.store.list(QUARANTINE_PREFIX)
    with pytest.raises(InputError, match="name at least one file"):
        jobs.deletion({})
