"""A window put right: gaps filled by the manifest's seeds, changed objects, lost rows."""

import itertools
from datetime import UTC, datetime

import pytest

from core import pipeline
from core.errors import ConflictError, InputError
from core.generation.windows import WindowOfDay
from core.insight import bronze_rows
from core.operations import jobs, repair
from core.operations.runs import RunHistory, runner
from core.platform import Platform
from core.reconcile.compare import ObjectVerdict, Verdict
from core.storage.object_names import day_prefix
from core.storage.object_store import NewObject
from tests.support.scenes import DAY, NOW, count, execute, ingest, objects, request, rows

LUNCH = WindowOfDay(DAY, request("window_1214").windows[0])


def lines(platform: Platform, tag: str | None = "window_1214") -> list[ObjectVerdict]:
    found = pipeline.compare(platform, (DAY, DAY), NOW).lines
    return [line for line in found if line.window_tag == tag]


def verdicts(platform: Platform) -> set[Verdict]:
    return {line.verdict for line in lines(platform)}


def of_unit(platform: Platform, unit: int, table: str = "orders") -> ObjectVerdict:
    (line,) = [line for line in lines(platform) if (line.unit_id, line.table) == (unit, table)]
    return line


@pytest.mark.both_sides
def test_a_gap_is_filled_with_each_units_own_seed(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214", units=(1,), seed=5), NOW)
    pipeline.upload(platform, request("window_1214", units=(2, 3)), NOW)
    before = objects(platform.store, day_prefix(DAY))
    for unit in (1, 2):
        platform.store.delete(of_unit(platform, unit).name)
    found = repair.find_remedies(lines(platform))
    assert (found.fill, found.rewrite) == ((1, 2), ())
    done = repair.write_units(platform, LUNCH, found.fill, NOW)
    assert (done.published.created, done.published.same) == (2, 2)
    assert objects(platform.store, day_prefix(DAY)) == before
    assert verdicts(platform) == {Verdict.IN_BRONZE}


@pytest.mark.both_sides
def test_lost_and_doubled_rows_are_put_right_by_loading_again(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214"), NOW)
    whole = count(platform, "bronze.orders")
    first, second = of_unit(platform, 1).name, of_unit(platform, 2).name
    execute(platform, f"DELETE FROM bronze.orders WHERE _source_file = '{first}'")
    execute(
        platform,
        f"INSERT INTO bronze.orders SELECT * FROM bronze.orders WHERE _source_file = '{second}'",
    )
    assert verdicts(platform) == {Verdict.MISMATCH, Verdict.DUPLICATED, Verdict.IN_BRONZE}
    found = repair.find_remedies(lines(platform))
    assert {first, second} <= set(found.reload)
    done = repair.load_again(platform, [first, second], NOW)
    assert done.objects == 2
    assert count(platform, "bronze.orders") == whole
    assert verdicts(platform) == {Verdict.IN_BRONZE}


def test_loading_again_what_is_pending_writes_nothing(platform: Platform) -> None:
    from core.storage.publish import publish

    publish(platform.store, request("window_1214"), platform.catalog)
    names = [line.name for line in lines(platform)]
    before = [platform.store.find(name) for name in names]
    repair.load_again(platform, [*names, f"{names[0][:-4]}".replace("001", "009") + ".csv"], NOW)
    assert [platform.store.find(name) for name in names] == before
    assert verdicts(platform) == {Verdict.IN_BRONZE}
    with pytest.raises(InputError, match="is not the name of a sales object"):
        repair.load_again(platform, ["quarantine/x.csv"], NOW)


def test_a_changed_object_is_written_again_only_when_asked(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214", seed=5), NOW)
    before = objects(platform.store, day_prefix(DAY))
    name = of_unit(platform, 2).name
    ingest(platform, name, before[name].replace(b"Finalizado", b"Perdido"))
    assert of_unit(platform, 2).verdict is Verdict.QUARANTINED
    found = repair.find_remedies(lines(platform))
    assert (found.fill, found.rewrite) == ((), (2,))
    with pytest.raises(ConflictError):
        repair.write_units(platform, LUNCH, found.rewrite, NOW)
    repair.write_units(platform, LUNCH, found.rewrite, NOW, overwrite=True)
    assert objects(platform.store, day_prefix(DAY)) == before
    assert verdicts(platform) == {Verdict.IN_BRONZE}
    assert not objects(platform.store, "quarantine/")


def test_bulk_data_is_made_again_with_its_own_range_of_orders(platform: Platform) -> None:
    pipeline.upload(platform, request(units=(1, 2), day_orders=(3, 3)), NOW)
    lost = next(line for line in lines(platform, None) if line.table == "orders")
    platform.store.delete(lost.name)
    found = repair.find_remedies(lines(platform, None))
    repair.write_units(platform, WindowOfDay(DAY), found.fill, NOW)
    assert {line.verdict for line in lines(platform, None)} == {Verdict.IN_BRONZE}


def test_nothing_is_offered_for_what_cannot_be_put_right(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214", units=(1,)), NOW)
    bulk = request(units=(1,))
    pipeline.upload(platform, bulk, NOW, force=True)
    found = repair.find_remedies(lines(platform))
    assert (found.fill, found.rewrite, found.reload, found.mixed) == ((), (), (), (1,))
    with pytest.raises(InputError, match="name at least one unit"):
        repair.write_units(platform, LUNCH, [], NOW)


def test_a_broken_manifest_is_replaced_by_overwriting(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214"), NOW)
    manifest = next(iter(objects(platform.store, "raw/_manifests/")))
    platform.store.replace(NewObject(manifest, b"{"))
    found = repair.find_remedies(lines(platform))
    repair.write_units(platform, LUNCH, found.rewrite, NOW, overwrite=True)
    assert verdicts(platform) == {Verdict.IN_BRONZE}


def test_both_are_runs_that_can_be_started_and_tried_again(platform: Platform) -> None:
    history = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))
    pipeline.upload(platform, request("window_1214"), NOW)
    platform.store.delete(of_unit(platform, 2).name)
    filled = jobs.submit(platform, history, jobs.filling(LUNCH, [2]))
    assert runner.wait(history, filled.id, 60)
    assert verdicts(platform) == {Verdict.IN_BRONZE}
    before = rows(platform, "SELECT * FROM bronze.orders WHERE id_unidade = 1")
    again = jobs.submit(platform, history, jobs.reloading(LUNCH, [1]))
    assert runner.wait(history, again.id, 60)
    once_more = jobs.retry(platform, history, again.id)
    assert runner.wait(history, once_more.id, 60)
    results = [run.result for run in history.list_recent(3)]
    assert all("2 objects ingested again" in result for result in results[:2])
    assert "1 file written, 1 there already" in results[2]
    after = rows(platform, "SELECT * FROM bronze.orders WHERE id_unidade = 1")
    assert [row["id_pedido"] for row in after] == [row["id_pedido"] for row in before]
    assert not set(jobs.filling(LUNCH, [2]).claims) - set(
        jobs.upload(request("window_1214")).claims
    )


def test_writing_again_restores_rows_of_files_that_are_right(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214"), NOW)
    name = of_unit(platform, 1).name
    execute(platform, f"DELETE FROM bronze.orders WHERE _source_file = '{name}'")
    found = repair.find_remedies(lines(platform))
    repair.write_units(platform, LUNCH, found.rewrite, NOW, overwrite=True)
    assert verdicts(platform) == {Verdict.IN_BRONZE}


@pytest.mark.both_sides
def test_what_bronze_has_of_an_object(platform: Platform) -> None:
    name = "raw/csv_sales/2026/02/03/unit_001/window_1214/pedido.csv"
    bucket = platform.store.bucket
    assert bronze_rows.ingestion(platform.warehouse, bucket, name) is None
    assert bronze_rows.bronze_rows(platform.warehouse, name) == bronze_rows.BronzeRows(
        "orders", 0, []
    )
    pipeline.upload(platform, request("window_1214"), NOW)
    found = bronze_rows.ingestion(platform.warehouse, bucket, name)
    info = platform.store.find(name)
    assert found is not None
    assert info is not None
    assert (found.generation, found.ingested_at, found.reason) == (info.generation, NOW, "")
    assert found.crc32c == platform.store.checksum(name)
    in_bronze = bronze_rows.bronze_rows(platform.warehouse, name)
    assert in_bronze is not None
    assert in_bronze.count == len(in_bronze.rows) == found.rows_loaded
    ids = [row[in_bronze.key] for row in in_bronze.rows]
    assert all(one < other for one, other in itertools.pairwise(ids))
    assert bronze_rows.bronze_rows(platform.warehouse, "raw/reference_data/produto.csv") is None
