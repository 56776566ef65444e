"""Objects taken out of Bronze on BigQuery, while they are loaded and after processes died."""

from datetime import timedelta

import pytest

from core.errors import StoreError, TransientError
from core.settings import Settings
from core.warehouse.bigquery import loader
from local_cloud.gateway import Fault, Gateway
from tests.support.bigquery_scene import BUCKET, LATER, NAMES, NOW, Bronze, load, loads, names_of

NAME = NAMES[0]


@pytest.fixture
def bronze(cloud_settings: Settings, gateway: Gateway) -> Bronze:
    assert cloud_settings.cloud
    return Bronze(cloud_settings.cloud, cloud_settings.dataset_prefix, gateway)


@pytest.mark.parametrize("ahead", [0, 100])
def test_rows_go_whose_line_in_the_ledger_was_lost(bronze: Bronze, ahead: int) -> None:
    """Also those that were loaded before their business date."""
    name = names_of(NOW.date() + timedelta(days=ahead))[0]
    with bronze.fails("job.insert.query", "_ledger"), pytest.raises(StoreError):
        bronze.put(load(name, 1))
    bronze.another().remove(BUCKET, [name])
    bronze.has()
    assert bronze.put(load(name, 1)) == {}  # its event again, read before
    bronze.has()


@pytest.mark.parametrize("operation", ["job.insert.load", "job.insert.query"])
def test_what_is_removed_while_it_is_loaded_is_gone_or_was_never_there(
    bronze: Bronze, operation: str
) -> None:
    """Before its rows come, and between rows and ledger."""

    def removed(_: object) -> None:
        bronze.another().remove(BUCKET, [NAME], {NAME: 1})

    with bronze.having(Fault(operation=operation, path="^mrh_", hook=removed)):
        bronze.put(load(NAME, 1))
    bronze.has()
    assert bronze.put(load(NAME, 2))
    bronze.has(load(NAME, 2))


def test_claims_of_a_process_that_died_are_fenced_by_a_removal(
    bronze: Bronze, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "MOST_SINGLES", 2)
    with bronze.fails("job.insert.load", "mrh_batch"), pytest.raises(StoreError):
        bronze.put(*loads(NAMES[:3]))
    bronze.another().remove(BUCKET, NAMES[:1], {NAME: 1})
    left = loads(NAMES[1:3])
    try:
        bronze.put(*loads(NAMES[:3]), now=LATER)
    except TransientError:
        bronze.put(*left, now=LATER)
    bronze.has(*left)


@pytest.mark.parametrize("found", [False, True])
def test_no_note_of_a_batch_comes_behind_a_removal(
    bronze: Bronze, monkeypatch: pytest.MonkeyPatch, found: bool
) -> None:
    """Neither that of the process that loaded it nor that of one that found it without a note."""
    monkeypatch.setattr(loader, "MOST_SINGLES", 2)
    if found:
        with bronze.fails("job.insert", "_ledger"), pytest.raises(StoreError):
            bronze.put(*loads(NAMES))

    def removed(_: object) -> None:
        bronze.another().remove(BUCKET, [NAME], {NAME: 1})

    with bronze.having(Fault(operation="job.insert.query", path="batch.*_ledger", hook=removed)):
        bronze.put(*loads(NAMES[:4] if found else NAMES))
    noted = NAMES[1:4] if found else NAMES[1:]
    assert bronze.warehouse.generations(BUCKET) == dict.fromkeys(noted, 1)
    assert bronze.warehouse.holds(BUCKET, NAMES[1], 1) is not found
    bronze.put(*loads(NAMES))
    bronze.has(*loads(NAMES[1:]))


def test_no_note_of_a_batch_comes_behind_the_removal_of_what_was_noted_singly(
    bronze: Bronze, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "MOST_SINGLES", 2)

    def note_and_remove(_: object) -> None:
        assert bronze.put(load(NAME, 1)) == {}
        assert bronze.warehouse.generations(BUCKET) == {NAME: 1}
        bronze.another().remove(BUCKET, [NAME], {NAME: 1})

    late = Fault(operation="job.insert.query", path="batch.*_ledger", hook=note_and_remove)
    with bronze.having(late):
        bronze.put(*loads(NAMES))
    bronze.has(*loads(NAMES[1:]))
    assert bronze.put(*loads(NAMES)) == {}
    bronze.has(*loads(NAMES[1:]))
