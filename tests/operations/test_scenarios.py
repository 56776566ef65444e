"""A scenario is applied, released and withdrawn; afterwards nothing differs from clean data."""

import dataclasses
import re
from datetime import timedelta
from pathlib import Path

import pytest

from core import pipeline
from core.bronze.events import ObjectEvent, deliver
from core.errors import ConflictError, InputError
from core.generation.catalog import load_catalog
from core.operations import scenarios
from core.operations.scenarios import Record
from core.platform import Platform
from core.scenarios.kinds import KINDS
from core.storage.object_names import HELD_PREFIX, SCENARIO_PREFIX, parse_held_name
from core.storage.object_store import NewObject
from core.storage.request import Request
from tests.support.everything import DATES, everything, fault, kinds_hit, scenario_of
from tests.support.scenes import DAY, NOW, another, objects, request, tables

_GENERATION = re.compile(rb'"generation": \d+')
LATER = NOW + timedelta(days=1)
LUNCH = Request((DAY,), load_catalog().windows[:2], (1, 2, 3))
RECORD = Record(
    scenario_of(
        fault("window_late", 1, parameters={"windows": 2})
        + fault("object_missing", 2)
        + fault("unit_silent", 3)
        + fault("copied_under_other_name", 1)
        + fault("header_only", 2),
        "small",
    ),
    LUNCH,
)


@pytest.fixture
def clean(platform: Platform, home: Path) -> Platform:
    """A platform on the same side to which nothing was ever published but clean data."""
    return another(platform, home.with_name("clean"))


def same(platform: Platform, other: Platform) -> None:
    """Fail unless bucket and Bronze are equal."""
    assert _bucket(platform) == _bucket(other)
    assert tables(platform) == tables(other)


def _bucket(platform: Platform) -> dict[str, bytes]:
    """Every object, without the generations in reports."""
    return {
        name: _GENERATION.sub(b"", data) if name.endswith("_error.json") else data
        for name, data in objects(platform.store).items()
    }


@pytest.mark.both_sides
def test_every_kind_of_fault_comes_and_goes_without_a_trace(
    platform: Platform, clean: Platform
) -> None:
    record = everything()
    assert kinds_hit(record) == set(KINDS)
    scenarios.apply(platform, record, NOW)
    held = [parse_held_name(name) for name in objects(platform.store, HELD_PREFIX)]
    assert {one.moment is None for one in held if one} == {True, False}
    assert objects(platform.store, "quarantine/")
    assert [*objects(platform.store, SCENARIO_PREFIX)] == [record.name]
    scenarios.release(platform, NOW, everything=True)
    scenarios.withdraw(platform, record, NOW)
    pipeline.upload(clean, record.request, NOW)
    same(platform, clean)


def test_a_scenario_applied_twice_is_the_same(platform: Platform, clean: Platform) -> None:
    scenarios.apply(platform, RECORD, NOW)
    scenarios.apply(platform, RECORD, NOW)
    scenarios.apply(clean, RECORD, NOW)
    same(platform, clean)


@pytest.mark.parametrize("everything_comes", [False, True])
def test_held_objects_come_when_their_moment_has_come(
    platform: Platform, *, everything_comes: bool
) -> None:
    scenarios.apply(platform, RECORD, NOW)
    held = scenarios.list_held(platform.store)
    late = {name for name, one in held.items() if one.moment}
    moment = min(one.moment for one in held.values() if one.moment)
    early = scenarios.release(platform, NOW, moment=moment - timedelta(seconds=1))
    assert early.objects == 0
    done = scenarios.release(platform, LATER, everything=everything_comes)
    assert done.objects == (len(held) if everything_comes else len(late)) > 0
    assert done.ingested.objects == done.objects
    come = set(held) if everything_comes else late
    assert set(objects(platform.store, HELD_PREFIX)) == set(held) - come
    assert {held[name].name for name in come} <= set(objects(platform.store))
    after = objects(platform.store)
    scenarios.apply(platform, RECORD, LATER)
    assert objects(platform.store) == after


def test_a_scenario_over_clean_data_overwrites_only_when_it_may(
    platform: Platform, clean: Platform
) -> None:
    pipeline.upload(platform, LUNCH, NOW)
    before = objects(platform.store)
    with pytest.raises(
        ConflictError, match=r"nothing was written\. The scenario small spoils sales"
    ):
        scenarios.apply(platform, RECORD, NOW)
    assert objects(platform.store) == before
    scenarios.apply(platform, RECORD, NOW, overwrite=True)
    scenarios.apply(clean, RECORD, NOW)
    same(platform, clean)


def test_what_is_left_to_events_ends_as_what_is_loaded_at_once(
    platform: Platform, clean: Platform
) -> None:
    by_events = dataclasses.replace(platform, has_events=True)
    done = scenarios.apply(by_events, RECORD, NOW)
    assert done.uploaded.left_to_events
    _deliver(by_events)
    assert scenarios.release(by_events, NOW, everything=True).left_to_events
    _deliver(by_events)
    scenarios.apply(clean, RECORD, NOW)
    scenarios.release(clean, NOW, everything=True)
    pipeline.ingest_pending(clean, NOW)
    same(platform, clean)
    scenarios.withdraw(by_events, RECORD, NOW)
    scenarios.withdraw(clean, RECORD, NOW)
    _deliver(by_events)
    same(platform, clean)


def _deliver(platform: Platform) -> None:
    """Deliver the event of each object, those of held ones included."""
    for info in platform.store.list("raw/"):
        event = ObjectEvent(platform.store.bucket, info.name, info.generation, NOW, size=info.size)
        deliver(platform, event, NOW)


def test_a_withdrawal_leaves_what_was_published_clean_since(platform: Platform) -> None:
    scenarios.apply(platform, RECORD, NOW)
    other = dataclasses.replace(LUNCH, seed=99, windows=LUNCH.windows[:1])
    pipeline.upload(platform, other, NOW, overwrite=True)
    folder = f"raw/csv_sales/{DAY:%Y/%m/%d}/unit_001/window_1012/"
    kept = {name: data for name, data in objects(platform.store, folder).items()
            if "copy" not in name}  # fmt: skip
    scenarios.withdraw(platform, RECORD, NOW)
    assert objects(platform.store, folder) == kept
    assert not objects(platform.store, HELD_PREFIX)
    assert not objects(platform.store, SCENARIO_PREFIX)


def test_an_object_that_has_other_bytes_by_now_is_not_replaced_by_a_late_one(
    platform: Platform,
) -> None:
    scenarios.apply(platform, RECORD, NOW)
    name = next(one.name for one in scenarios.list_held(platform.store).values() if one.moment)
    platform.store.create([[NewObject(name, b"newer")]])
    done = scenarios.release(platform, LATER)
    assert done.late == 1
    assert platform.store.read(name).data == b"newer"


def test_a_cell_is_spoiled_by_one_scenario_at_a_time(platform: Platform) -> None:
    scenarios.apply(platform, RECORD, NOW)
    before = objects(platform.store)
    other = Record(scenario_of(fault("empty", 1), "other"), LUNCH)
    with pytest.raises(ConflictError, match="small is applied"):
        scenarios.apply(platform, other, NOW, overwrite=True)
    assert objects(platform.store) == before
    tomorrow = dataclasses.replace(other, request=dataclasses.replace(LUNCH, dates=DATES[1:]))
    scenarios.apply(platform, tomorrow, NOW)
    assert len(scenarios.list_records(platform.store, platform.catalog)) == 2


def test_a_record_reads_back_and_is_found_by_the_scenarios_name(platform: Platform) -> None:
    store, catalog = platform.store, platform.catalog
    with pytest.raises(InputError, match="No scenario is applied"):
        scenarios.find_record(store, "small", catalog)
    scenarios.apply(platform, RECORD, NOW)
    assert scenarios.read_record(RECORD.name, RECORD.to_bytes(), catalog) == RECORD
    for name in ("small", RECORD.name):
        assert scenarios.find_record(store, name, catalog) == RECORD
    with pytest.raises(InputError, match="No scenario large is applied"):
        scenarios.find_record(store, "large", catalog)
    tomorrow = dataclasses.replace(RECORD, request=dataclasses.replace(LUNCH, dates=DATES[1:]))
    scenarios.apply(platform, tomorrow, NOW)
    with pytest.raises(InputError, match="several requests"):
        scenarios.find_record(store, "small", catalog)


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b'{"version": 2}', RECORD.to_bytes().replace(b"10:00-12:00", b"10:00-11:00"),
     RECORD.to_bytes().replace(b"2026-02-03", b"2026-02-30"),
     RECORD.to_bytes().replace(b'"units": [', b'"units": [0, ')],
)  # fmt: skip
def test_what_is_no_record_is_refused(platform: Platform, data: bytes) -> None:
    with pytest.raises(InputError):
        scenarios.read_record(RECORD.name, data, platform.catalog)


def test_whole_days_cannot_be_spoiled(platform: Platform) -> None:
    with pytest.raises(InputError, match="window"):
        scenarios.apply(platform, dataclasses.replace(RECORD, request=request()), NOW)
    assert objects(platform.store) == {}
