"""What replaces what in a folder: files whose times are coarse, wrong, or go back."""

import os
from collections.abc import Callable

import pytest

from core import pipeline
from core.bronze.ingest import judge_object
from core.operations import repair
from core.pipeline import ingest_pending
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.storage.object_names import day_prefix, manifest_name
from core.storage.object_store import LocalStore, NewObject, times
from core.warehouse import Load
from tests.support.scenes import DAY, NOW, ingest, objects, request, rows
from tests.support.validate_files import file, order

pytestmark = pytest.mark.thorough

ORDERS = f"{day_prefix(DAY)}unit_007/window_1214/pedido.csv"
SECOND = 10**9
STEPS = {"NTFS": 100, "exFAT": 10**7, "ext3": SECOND, "FAT": 2 * SECOND}


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Makes the file system keep times in steps of so many nanoseconds."""

    def keep(step: int) -> None:
        monkeypatch.setattr(
            times, "_time_of", lambda state: state.st_mtime_ns // step * step
        )  # fmt: skip

    return keep


def loaded(platform: Platform) -> set[str]:
    """Statuses of the orders in Bronze; each file of a test has one of its own."""
    return {row["status"] for row in rows(platform, "SELECT status FROM bronze.orders")}


def orders_of(status: str) -> bytes:
    """As many bytes for each status of as many letters."""
    return file("orders", order(1, Status=status))


def verdict(platform: Platform) -> Verdict:
    (line,) = [
        line for line in pipeline.compare(platform, (DAY, DAY), NOW).lines if line.name == ORDERS
    ]  # fmt: skip
    return line.verdict


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS.keys())
def test_a_replacement_is_newer_whatever_the_steps_of_the_file_systems_times(
    platform: Platform, coarse: Callable[[int], None], step: int
) -> None:
    coarse(step)
    assert isinstance(platform.store, LocalStore)
    platform.store.create([[NewObject(ORDERS, orders_of("Finalizado"))]])
    ingest_pending(platform, NOW)
    for status in ("Pendente", "Cancelado", "Pendente"):
        before = platform.store.read(ORDERS).generation
        platform.store.replace(NewObject(ORDERS, orders_of(status)))
        assert platform.store.read(ORDERS).generation > before
        assert ingest_pending(platform, NOW).objects == 1
        assert loaded(platform) == {status}
    assert ingest_pending(platform, NOW).objects == 0


@pytest.mark.parametrize("step", [SECOND, 2 * SECOND])
def test_other_bytes_of_the_same_time_and_size_are_found_where_times_are_coarse(
    platform: Platform, coarse: Callable[[int], None], step: int
) -> None:
    coarse(step)
    ingest(platform, ORDERS, orders_of("Pendente"))
    path = platform.settings.bucket_folder / ORDERS
    state = path.stat()
    path.write_bytes(orders_of("Pendente").replace(b"Rua", b"Via"))
    os.utime(path, ns=(state.st_mtime_ns, state.st_mtime_ns))
    assert verdict(platform) is Verdict.UPLOADED
    assert ingest_pending(platform, NOW).objects == 1
    (row,) = rows(platform, "SELECT endereco_entrega FROM bronze.orders")
    assert row["endereco_entrega"].startswith("V")
    assert ingest_pending(platform, NOW).objects == 0


def test_a_file_whose_time_goes_back_is_loaded_and_changes_what_layers_are_built_from(
    platform: Platform,
) -> None:
    from core.transform import rebuild

    ingest(platform, ORDERS, orders_of("Finalizado"))
    first = rebuild.read_versions(platform.warehouse)["bronze"]
    path = platform.settings.bucket_folder / ORDERS
    path.write_bytes(orders_of("Cancelado"))
    os.utime(path, (1_000_000_000, 1_000_000_000))  # as `cp -p` of an older file
    assert verdict(platform) is Verdict.UPLOADED
    assert ingest_pending(platform, NOW).objects == 1
    assert loaded(platform) == {"Cancelado"}
    assert rebuild.read_versions(platform.warehouse)["bronze"] != first


def test_a_file_dated_ahead_can_be_loaded_again_and_replaced(platform: Platform) -> None:
    store = platform.store
    ingest(platform, ORDERS, orders_of("Finalizado"))
    path = platform.settings.bucket_folder / ORDERS
    ahead = path.stat().st_mtime_ns + 10 * 365 * 86_400 * SECOND
    os.utime(path, ns=(ahead, ahead))
    assert ingest_pending(platform, NOW).objects == 1
    assert repair.load_again(platform, [ORDERS], NOW).objects == 1
    store.replace(NewObject(ORDERS, orders_of("Pendente")))
    assert ingest_pending(platform, NOW).objects == 1
    path.write_bytes(orders_of("Cancelado"))  # now, years before the ledger's generation
    assert ingest_pending(platform, NOW).objects == 1
    assert loaded(platform) == {"Cancelado"}


def test_whoever_read_an_object_before_it_was_overwritten_does_not_undo_the_newer_load(
    platform: Platform,
) -> None:
    ingest(platform, ORDERS, orders_of("Finalizado"))
    platform.store.replace(NewObject(ORDERS, orders_of("Pendente")))
    late = _judged(platform)
    ingest(platform, ORDERS, orders_of("Cancelado"))
    assert platform.warehouse.load(platform.store.bucket, [late], NOW) == {}
    assert loaded(platform) == {"Cancelado"}
    assert ingest_pending(platform, NOW).objects == 0


def test_what_an_interrupted_race_left_is_put_right_by_the_next_ingestion(
    platform: Platform,
) -> None:
    ingest(platform, ORDERS, orders_of("Finalizado"))
    stale = _judged(platform)
    platform.warehouse.remove(platform.store.bucket, [ORDERS])
    platform.store.replace(NewObject(ORDERS, orders_of("Cancelado")))
    platform.warehouse.load(platform.store.bucket, [stale], NOW)  # the first there: none to replace
    assert loaded(platform) == {"Finalizado"}
    assert verdict(platform) is Verdict.UPLOADED
    assert ingest_pending(platform, NOW).objects == 1
    assert loaded(platform) == {"Cancelado"}


def _judged(platform: Platform) -> Load:
    return judge_object(platform.store, platform.store.read(ORDERS), platform.catalog, again=False)


def test_a_file_that_a_loss_of_power_emptied_is_found_and_written_again(platform: Platform) -> None:
    lunch = request("window_1214", units=(7,))
    pipeline.upload(platform, lunch, NOW)
    before = objects(platform.store)
    path = platform.settings.bucket_folder / ORDERS
    at = path.stat().st_mtime_ns
    path.write_bytes(b"")
    os.utime(path, ns=(at, at))
    (platform.settings.bucket_folder / manifest_name(DAY, "window_1214")).write_bytes(b"")
    assert verdict(platform) is Verdict.MISMATCH
    pipeline.upload(platform, lunch, NOW, overwrite=True)
    assert verdict(platform) is Verdict.IN_BRONZE
    assert objects(platform.store) == before


def test_a_replacement_that_no_time_can_tell_is_refused_and_writes_nothing(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.errors import StoreError

    store.create([[NewObject(ORDERS, b"one")]])
    monkeypatch.setattr(times, "_time_of", lambda _: 7)
    with pytest.raises(StoreError, match="keeps its time of modification"):
        store.replace(NewObject(ORDERS, b"two"))
    assert store.read(ORDERS).data == b"one"
