"""Publishing at the same time: whoever comes second adds what is missing, and nothing is lost."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.generation.catalog import Catalog, load_catalog
from core.storage.manifest import read_manifest
from core.storage.object_names import manifest_name
from core.storage.object_store import LocalStore, ObjectStore
from core.storage.publish import publish
from tests.support.scenes import DAY, objects, request

if TYPE_CHECKING:
    import threading

pytestmark = [pytest.mark.both_sides, pytest.mark.processes]

LUNCH = "window_1214"


def _publish_one_unit(root: Path, unit: int, start: "threading.Barrier") -> None:
    start.wait()
    for days in range(6):
        one = request(LUNCH, units=(unit,), dates=(DAY + timedelta(days=days),))
        publish(LocalStore(root), one, load_catalog())


def test_processes_that_publish_units_of_a_window_at_once_all_stand_in_its_manifest(
    tmp_path: Path,
) -> None:
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(4)
    publishers = [
        spawn.Process(target=_publish_one_unit, args=(tmp_path / "bucket", unit, start))
        for unit in (1, 2, 3, 4)
    ]
    for publisher in publishers:
        publisher.start()
    for publisher in publishers:
        publisher.join(60)
    assert [publisher.exitcode for publisher in publishers] == [0] * 4
    store = LocalStore(tmp_path / "bucket")
    for days in range(6):
        name = manifest_name(DAY + timedelta(days=days), LUNCH)
        assert list(read_manifest(name, store.read(name).data).cells) == [1, 2, 3, 4]


def test_two_calls_for_the_same_window_at_once_leave_what_one_leaves(
    store: ObjectStore, catalog: Catalog, tmp_path: Path
) -> None:
    wanted = request(LUNCH, units=range(1, 21))
    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(publish, store, wanted, catalog) for _ in range(2)]
        assert sum(done.result().created for done in both) == 40
    alone = LocalStore(tmp_path / "alone")
    publish(alone, wanted, catalog)
    assert objects(store) == objects(alone)


def test_calls_for_units_of_a_window_at_once_all_stand_in_its_manifest(
    store: ObjectStore, catalog: Catalog
) -> None:
    with ThreadPoolExecutor(4) as threads:
        for done in [
            threads.submit(publish, store, request(LUNCH, units=(unit,)), catalog)
            for unit in range(1, 9)
        ]:
            done.result()
    name = manifest_name(DAY, LUNCH)
    assert list(read_manifest(name, store.read(name).data).cells) == list(range(1, 9))
