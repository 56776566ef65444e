"""Which objects of a date are expected, which belong to no cell, and which data do not mix."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.generation.catalog import load_catalog
from core.platform import Platform
from core.reconcile.day import Day
from core.reconcile.listing import Listing, Places, list_day
from core.reconcile.units import ExpectedUnits
from core.reconcile.verdicts import ALL_UNITS, UnknownObject, UnreadableEntry, Verdict
from core.storage.object_names import (
    PARQUET_PREFIX,
    PARQUET_TAG,
    day_prefix,
    manifest_name,
    parquet_manifest_name,
    parquet_name,
)
from core.storage.object_store import LocalStore, NewObject, ObjectStore
from core.storage.publish import publish
from core.storage.publish_parquet import publish_day
from core.warehouse import BronzeFile
from tests.support.scenes import DAY, NOW, ORDERS_NAME, request

LUNCH, LATE = "window_1214", "window_2224"
TAGS = [window.tag for window in load_catalog().windows]
UPLOADED, MISSING, MIXED = Verdict.UPLOADED, Verdict.MISSING, Verdict.MIXED
STRANGER = f"{day_prefix(DAY)}unit_001/window_9999/pedido.csv"

Units = dict[int, Verdict]


def read(
    platform: Platform,
    units: int | None = 2,
    now: datetime = NOW,
    bronze: Mapping[str, BronzeFile] | None = None,
    listing: Listing | None = None,
    output: LocalStore | None = None,
) -> Day:
    """DAY as it is in the bucket, and in Bronze as given; nothing by default."""
    places = Places(platform.store, platform.warehouse, platform.catalog, output)
    expected = ExpectedUnits(units, (1, 2, 3))
    return Day(places, DAY, expected, now, listing or list_day(places, DAY), bronze or {})


def units(day: Day, tag: str | None, table: str = "orders") -> Units:
    """The verdict on each unit of a window."""
    return {
        line.unit_id: line.verdict
        for line in day.lines
        if (line.window_tag, line.table) == (tag, table)
    }


def put(platform: Platform, name: str, data: bytes = b"x\n") -> None:
    platform.store.create([[NewObject(name, data)]])


def test_a_window_is_due_from_the_moment_at_which_it_begins(platform: Platform) -> None:
    found = read(platform, 1, now=datetime(2026, 2, 3, 15, tzinfo=UTC))  # noon in São Paulo
    assert [units(found, tag)[1] for tag in TAGS] == [MISSING] * 2 + [Verdict.NOT_DUE] * 5
    assert units(found, None) == {}
    assert not found.in_doubt()


def test_units_are_those_wanted_those_of_manifests_or_the_usual_ones(platform: Platform) -> None:
    assert [*units(read(platform), LUNCH)] == [1, 2]
    assert [*units(read(platform, None), LUNCH)] == [1, 2, 3]
    publish(platform.store, request(LUNCH, units=(1, 4)), platform.catalog)
    assert units(read(platform, None), LATE) == {1: MISSING, 4: MISSING}
    found = read(platform)
    assert units(found, LUNCH) == {1: UPLOADED, 4: UPLOADED}
    assert all(line.requested for line in found.lines)
    assert found.in_doubt()
    platform.store.delete(manifest_name(DAY, LUNCH))
    found = read(platform, 1)
    assert units(found, LUNCH) == {1: UPLOADED, 4: UPLOADED}
    assert {line.unit_id for line in found.lines if not line.requested} == {4}


def test_what_is_computed_is_what_a_manifest_says(platform: Platform) -> None:
    publish(platform.store, request(LUNCH), platform.catalog)
    said = [line.expected for line in read(platform).lines]
    platform.store.delete(manifest_name(DAY, LUNCH))
    assert [line.expected for line in read(platform).lines] == said
    assert all(said)


def test_a_unit_with_bulk_data_is_expected_in_no_window(platform: Platform) -> None:
    publish(platform.store, request(units=(1,)), platform.catalog)
    found = read(platform)
    assert units(found, None) == {1: UPLOADED}
    assert units(found, LUNCH) == {2: MISSING}
    platform.store.delete(manifest_name(DAY, None))
    assert {line.expected for line in read(platform).lines if line.window_tag is None} == {None}


def test_bulk_and_incremental_data_of_a_unit_are_mixed(platform: Platform) -> None:
    publish(platform.store, request(units=(1,)), platform.catalog)
    publish(platform.store, request(LUNCH), platform.catalog, force=True)
    found = read(platform)
    assert units(found, None) == {1: MIXED}
    assert units(found, LUNCH) == {1: MIXED, 2: UPLOADED}
    assert {line.detail for line in found.lines if line.verdict is MIXED} == {
        "bulk and incremental data of the same unit and date"
    }


def test_what_bronze_alone_has_counts_as_there(platform: Platform) -> None:
    bulk = f"{day_prefix(DAY)}unit_001/pedido.csv"
    publish(platform.store, request(LUNCH), platform.catalog)
    found = read(platform, bronze={bulk: BronzeFile.absent(bulk)._replace(rows=2)})
    assert units(found, None) == {1: MIXED}
    assert units(found, LUNCH) == {1: MIXED, 2: UPLOADED}


def _parquet(store: ObjectStore, *of: int) -> None:
    publish_day(store, request(LUNCH, units=of), load_catalog(), force=True)


def test_units_of_a_day_in_parquet_are_expected_in_no_window(platform: Platform) -> None:
    _parquet(platform.store, 1, 3)
    found = read(platform)
    assert units(found, PARQUET_TAG) == {ALL_UNITS: UPLOADED}
    assert all(line.expected for line in found.lines if line.window_tag == PARQUET_TAG)
    assert units(found, LUNCH) == {2: MISSING}
    publish(platform.store, request(LUNCH, units=(2,)), platform.catalog)
    assert MIXED not in {line.verdict for line in read(platform).lines}


def test_a_day_in_parquet_without_its_manifest_has_the_units_without_csv(
    platform: Platform,
) -> None:
    publish(platform.store, request(LUNCH, units=(1,)), platform.catalog)
    _parquet(platform.store, 1, 2)
    platform.store.delete(parquet_manifest_name(DAY))
    found = read(platform)
    assert units(found, PARQUET_TAG) == {ALL_UNITS: UPLOADED}
    assert units(found, LUNCH) == {1: UPLOADED}
    assert units(found, LATE) == {1: MISSING}


def test_parquet_and_csv_of_a_unit_are_mixed(platform: Platform) -> None:
    publish(platform.store, request(LUNCH, units=(1, 2)), platform.catalog)
    _parquet(platform.store, 1)
    found = read(platform)
    assert units(found, PARQUET_TAG) == {ALL_UNITS: MIXED}
    assert units(found, LUNCH) == {1: MIXED, 2: UPLOADED}
    assert units(found, LATE) == {2: MISSING}
    assert {line.detail for line in found.lines if line.verdict is MIXED} == {
        "CSV files and Parquet data of unit 1 of the same date"
    }


@pytest.mark.parametrize("where", ["one file", "ledger", "manifest"])
def test_any_part_of_a_day_in_parquet_shows_it(platform: Platform, where: str) -> None:
    name, bronze = parquet_name("orders", DAY), {}
    if where == "one file":
        put(platform, name)
    elif where == "ledger":
        bronze = {name: BronzeFile.absent(name)._replace(rows=3)}
    else:
        put(platform, parquet_manifest_name(DAY), b"broken")
    found = read(platform, bronze=bronze)
    assert [*units(found, PARQUET_TAG)] == [ALL_UNITS]
    assert units(found, LUNCH) == {}


def test_a_broken_manifest_is_a_fault_of_its_window_alone(platform: Platform) -> None:
    publish(platform.store, request(LUNCH, LATE), platform.catalog)
    platform.store.replace(NewObject(manifest_name(DAY, LUNCH), b"broken"))
    found = read(platform)
    assert units(found, LUNCH) == {1: Verdict.MISMATCH, 2: Verdict.MISMATCH}
    assert units(found, LATE) == {1: UPLOADED, 2: UPLOADED}
    fault = next(line.detail for line in found.lines if line.window_tag == LUNCH)
    assert manifest_name(DAY, LUNCH) in fault


def test_what_the_output_folder_has_is_generated_unless_the_bucket_has_another_kind(
    platform: Platform, tmp_path: Path
) -> None:
    output = LocalStore(tmp_path / "output")
    publish(output, request(LUNCH, units=(1, 2)), platform.catalog)
    assert units(read(platform, output=output), LUNCH) == {
        1: Verdict.GENERATED,
        2: Verdict.GENERATED,
    }
    publish(platform.store, request(units=(1,)), platform.catalog)
    found = read(platform, output=output)
    assert units(found, None) == {1: UPLOADED}
    assert units(found, LUNCH) == {2: Verdict.GENERATED}
    _parquet(output, 2)
    assert units(read(platform, output=output), PARQUET_TAG) == {}
    platform.store.delete(*(info.name for info in platform.store.list(day_prefix(DAY))))
    _parquet(platform.store, 1)
    assert units(read(platform, output=output), LUNCH) == {2: Verdict.GENERATED}


def test_a_generated_day_in_parquet_is_one_where_no_csv_is(
    platform: Platform, tmp_path: Path
) -> None:
    output = LocalStore(tmp_path / "output")
    output.create([[NewObject(parquet_name("orders", DAY), b"x")]])
    found = read(platform, output=output)
    assert units(found, PARQUET_TAG) == {ALL_UNITS: Verdict.GENERATED}
    assert units(found, LUNCH) == {}


def test_objects_that_belong_to_no_cell_are_named_with_what_is_known(platform: Platform) -> None:
    below = day_prefix(DAY)
    names = [STRANGER, f"{below}a.csv", f"{below}PEDIDO.CSV", f"{below}notes.txt",
             f"{PARQUET_PREFIX}{DAY:%Y/%m/%d}/a.parquet", ORDERS_NAME]  # fmt: skip
    for name in names:
        put(platform, name)
    places = Places(platform.store, platform.warehouse, platform.catalog)
    listed = list_day(places, DAY)
    closed = {f"{below}unit_009/": "no right", f"{below}unit_001/{LUNCH}/pedido.csv": "a pipe"}
    bronze = {STRANGER: BronzeFile.absent(STRANGER)._replace(reason="No such window.")}
    found = read(platform, listing=listed._replace(unreadable=closed), bronze=bronze)
    assert found.unknown_objects() == [
        UnknownObject(names[1], "not ingested yet"),
        UnknownObject(STRANGER, "No such window."),
        UnreadableEntry(f"{below}unit_009/", "no right"),
        UnknownObject(names[4], "not ingested yet"),
        UnknownObject(names[2], found.unknown_objects()[-1].detail),
    ]
    assert type(found.unknown_objects()[2]) is UnreadableEntry
    assert units(found, LUNCH)[1] is Verdict.MISMATCH
    assert "a pipe" in {line.detail for line in found.lines}
