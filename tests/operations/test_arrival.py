"""Verify upload: objects, log lines and rows of an upload, at once or after a wait."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import InputError
from core.operations import jobs
from core.operations.runs import Run, RunHistory, RunState, runner
from core.operations.verify_upload import Outcome, describe_arrival, verify_upload
from core.pipeline import ingest_pending, upload
from core.platform import Platform
from core.settings import Cloud, Settings
from core.storage.publish import Request, publish
from tests.gcp.test_logs import written
from tests.support.scenes import DAY, NOW, execute, request

LUNCH = request("window_1214", units=(1, 2))


@pytest.fixture
def eventful(cloud_settings: Settings) -> Platform:
    """Google Cloud, where nobody takes objects to Bronze unless a test does."""
    return Platform.of(cloud_settings)


def never(seconds: float) -> None:
    pytest.fail(f"It waits {seconds} s though nothing can change.")


@pytest.mark.both_sides
def test_an_upload_that_is_in_bronze_has_arrived(platform: Platform) -> None:
    uploaded = upload(platform, LUNCH, NOW).published
    found = verify_upload(platform, LUNCH, NOW, 60, never)
    assert (found.outcome, found.objects, found.size) == (Outcome.ARRIVED, 4, uploaded.size)
    assert found.rows("orders") == (uploaded.orders, uploaded.orders)
    assert found.rows("order_items") == (uploaded.items, uploaded.items)
    assert describe_arrival(found).startswith(
        "Arrived: 2026-02-03 12:00-14:00 of 2 units is in Bronze"
    )


@pytest.mark.both_sides
def test_objects_that_nobody_loaded_have_not_arrived(platform: Platform) -> None:
    publish(platform.store, LUNCH, platform.catalog)
    found = verify_upload(platform, LUNCH, NOW, 60, never)
    assert (found.outcome, found.objects) == (Outcome.NOT_YET, 4)
    assert describe_arrival(found).startswith("Not yet: ")
    assert "4 of 4 objects are in the bucket (4 uploaded)" in describe_arrival(found)
    assert "scripts/ingest_pending.py" in describe_arrival(found)
    ingest_pending(platform, NOW)
    assert verify_upload(platform, LUNCH, NOW).outcome is Outcome.ARRIVED


@pytest.mark.both_sides
def test_rows_that_are_lost_or_doubled_in_bronze_differ(platform: Platform) -> None:
    upload(platform, LUNCH, NOW)
    execute(platform, "DELETE FROM bronze.orders WHERE id_unidade = 2")
    found = verify_upload(platform, LUNCH, NOW, 60, never)
    assert found.outcome is Outcome.DIFFERS
    assert describe_arrival(found).startswith("Differs: ")
    assert "unit_002/window_1214/pedido.csv: " in describe_arrival(found)
    assert "Bronze has 0" in describe_arrival(found)


def test_what_was_never_uploaded_is_missing_and_said_to_be(platform: Platform) -> None:
    found = verify_upload(platform, LUNCH, NOW)
    assert (found.outcome, found.objects, found.size) == (Outcome.NOT_YET, 0, 0)
    assert "(4 missing)" in describe_arrival(found)
    assert "Upload the window" in describe_arrival(found)


def test_a_window_that_has_not_begun_is_said_to_be(platform: Platform) -> None:
    found = verify_upload(platform, LUNCH, NOW - timedelta(days=2))
    assert found.outcome is Outcome.NOT_YET
    assert describe_arrival(found).endswith("The window has not begun.")


def test_units_that_were_not_in_the_upload_are_missing(platform: Platform) -> None:
    upload(platform, LUNCH, NOW)
    more = dataclasses.replace(LUNCH, units=(1, 2, 3))
    found = verify_upload(platform, more, NOW)
    assert (found.outcome, len(found.lines), found.objects) == (Outcome.NOT_YET, 6, 4)
    fewer = dataclasses.replace(LUNCH, units=(2,))
    assert verify_upload(platform, fewer, NOW).outcome is Outcome.ARRIVED
    assert "of 1 unit is in Bronze" in describe_arrival(verify_upload(platform, fewer, NOW))


def test_other_windows_of_the_day_do_not_matter(platform: Platform) -> None:
    upload(platform, LUNCH, NOW)
    publish(platform.store, request("window_1820"), platform.catalog)
    assert verify_upload(platform, LUNCH, NOW).outcome is Outcome.ARRIVED
    both = request("window_1214", "window_1820")
    assert verify_upload(platform, both, NOW).outcome is Outcome.NOT_YET


def test_units_with_bulk_data_of_the_day_differ(platform: Platform) -> None:
    upload(platform, request(units=(1,)), NOW)
    found = verify_upload(platform, LUNCH, NOW)
    assert found.outcome is Outcome.DIFFERS
    assert "the unit has bulk data of that day" in describe_arrival(found)


def test_what_is_taken_to_bronze_meanwhile_is_waited_for(eventful: Platform) -> None:
    publish(eventful.store, LUNCH, eventful.catalog)
    pauses: list[float] = []
    told: list[tuple[int, int]] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            ingest_pending(eventful, NOW)

    found = verify_upload(
        eventful, LUNCH, NOW, 3600, pause, lambda done, total, _: told.append((done, total))
    )
    assert found.outcome is Outcome.ARRIVED
    assert told == [(0, 4)] * 3 + [(4, 4)]
    assert pauses == sorted(pauses)


def test_a_wait_that_was_for_nothing_ends(eventful: Platform) -> None:
    publish(eventful.store, LUNCH, eventful.catalog)
    found = verify_upload(eventful, LUNCH, NOW, 0.05)
    assert found.outcome is Outcome.NOT_YET
    assert "python scripts/logs.py csv-processor" in describe_arrival(found)


def test_the_lines_of_the_log_are_those_about_its_objects(eventful: Platform) -> None:
    upload(eventful, LUNCH, NOW, wait_for_events=False)
    names = [line.name for line in verify_upload(eventful, LUNCH, NOW).lines]
    payloads = [{"message": f"{name}: loaded.", "object": name} for name in names]
    other = "raw/csv_sales/2026/02/03/unit_009/window_1214/pedido.csv"
    written(_cloud(eventful), "csv-processor", *payloads, first=NOW)
    written(_cloud(eventful), "csv-processor", {"message": "x", "object": other}, first=NOW)
    found = verify_upload(eventful, LUNCH, NOW)
    assert {line.fields["object"] for line in found.log} == set(names)
    assert found.log_texts()[0] == "csv-processor's log has 4 lines about it: 4 INFO."


def test_a_log_that_cannot_be_read_is_a_note(eventful: Platform) -> None:
    upload(eventful, LUNCH, NOW, wait_for_events=False)
    nowhere = dataclasses.replace(_cloud(eventful), logging_host="127.0.0.1:1")
    settings = dataclasses.replace(eventful.settings, cloud=nowhere)
    found = verify_upload(dataclasses.replace(eventful, settings=settings), LUNCH, NOW)
    assert found.outcome is Outcome.ARRIVED
    assert found.log_texts()[0].startswith("Cannot read the log of csv-processor")


@pytest.mark.parametrize(
    ("asked", "wait_s", "told"),
    [
        (request(units=(1,)), 0, "name one date"),
        (request("window_1214", dates=(DAY, NOW.date())), 0, "name one date"),
        (LUNCH, -1, "A wait of -1 s is not possible: use 0 to 3600."),
        (LUNCH, float("nan"), "A wait of nan s is not possible"),
        (LUNCH, 3601, "A wait of 3601 s is not possible"),
    ],
)
def test_what_cannot_be_verified_is_a_sentence(
    platform: Platform, asked: Request, wait_s: float, told: str
) -> None:
    with pytest.raises(InputError) as refused:
        verify_upload(platform, asked, NOW, wait_s)
    assert told in str(refused.value)


def test_a_run_tells_the_verdict_and_keeps_what_it_saw(platform: Platform) -> None:
    history = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))
    failed = _ran(platform, history)
    assert (failed.state, failed.error_type) == (RunState.FAILED, "CheckError")
    assert failed.error.startswith("Not yet: ")
    upload(platform, LUNCH, NOW)
    run = _ran(platform, history)
    assert run.state is RunState.SUCCEEDED
    assert run.result == describe_arrival(verify_upload(platform, LUNCH, NOW))
    log = [line.text for line in history.read_log(run.id)]
    assert log == ["There is no csv-processor here: an upload takes its objects to Bronze itself."]


def _ran(platform: Platform, history: RunHistory) -> Run:
    run = jobs.submit(platform, history, jobs.verification(LUNCH, 5))
    assert runner.wait(history, run.id, 60)
    found = history.find(run.id)
    assert found is not None
    return found


def _cloud(platform: Platform) -> Cloud:
    assert platform.settings.cloud is not None
    return platform.settings.cloud
