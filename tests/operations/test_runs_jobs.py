"""What a person starts from the panel does what its sentence says, and answers questions truly."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core import pipeline
from core.errors import AlreadyRunningError, InputError
from core.insight import layer_figures
from core.operations import jobs
from core.operations.runs import Ending, Run, RunHistory, RunState, runner
from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import SalesName, sales_name
from core.storage.object_store import NewObject
from core.storage.publish import Request
from tests.support.runs import run_job
from tests.support.scenes import embedded

DAY = date(2026, 2, 1)
NOW = datetime(2026, 2, 2, 12, 0, tzinfo=UTC)


class Ticking:
    """A clock that goes on by a millisecond whenever it is asked."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    monkeypatch.chdir(tmp_path)
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path / "home")}))


@pytest.fixture
def history(platform: Platform) -> RunHistory:
    return RunHistory(platform.settings.runs_file, Ticking())


def request(platform: Platform, windows: int = 7, units: int = 2, seed: int = 7) -> Request:
    return Request((DAY,), platform.catalog.windows[:windows], tuple(range(1, units + 1)), seed)


def waited(history: RunHistory, run: Run) -> Run:
    assert runner.wait(history, run.id, 60)
    found = history.find(run.id)
    assert found is not None
    return found


def test_a_simulated_day_of_50_units_is_the_contracts_day_in_gold(
    platform: Platform, history: RunHistory
) -> None:
    run = run_job(platform, history, jobs.simulation(request(platform, units=50), 0.0))
    assert run.state is RunState.SUCCEEDED, run.error
    (day,) = layer_figures.daily_sales(platform.warehouse, 30)
    assert day.day == DAY
    assert 750 <= day.orders <= 1200
    assert f"{day.orders} orders of 50 units in 7 windows" in run.result
    assert len(history.read_log(run.id)) == 7
    (bronze,) = layer_figures.bronze_days(platform.warehouse, DAY, DAY)
    assert (bronze.orders, bronze.revenue) == (day.orders, day.revenue)
    again = run_job(platform, history, jobs.simulation(request(platform, units=50), 0.0))
    assert again.state is RunState.SUCCEEDED
    assert layer_figures.bronze_days(platform.warehouse, DAY, DAY) == [bronze]


def test_an_upload_of_other_data_fails_until_it_is_overwritten(
    platform: Platform, history: RunHistory
) -> None:
    run_job(platform, history, jobs.upload(request(platform, windows=1, seed=7)))
    refused = run_job(platform, history, jobs.upload(request(platform, windows=1, seed=8)))
    assert (refused.state, refused.error_type) == (RunState.FAILED, "ConflictError")
    assert "nothing was written" in refused.error
    assert [run.id for run in history.list_unresolved(5)] == [refused.id]

    replaced = waited(history, jobs.retry(platform, history, refused.id, overwrite=True))
    assert replaced.state is RunState.SUCCEEDED, replaced.error
    assert history.list_unresolved(5) == []
    lines = pipeline.compare(platform, (DAY, DAY), NOW).lines
    of_window = [line for line in lines if line.window_tag == "window_1012"]
    assert {line.verdict.value for line in of_window} == {"in Bronze"}


def test_a_day_with_other_data_in_it_is_played_whole_or_not_at_all(
    platform: Platform, history: RunHistory
) -> None:
    last = Request((DAY,), platform.catalog.windows[6:], (1, 2), 8)
    run_job(platform, history, jobs.upload(last))
    before = platform.store.list("raw/")
    refused = run_job(platform, history, jobs.simulation(request(platform, seed=7), 0.0))
    assert (refused.state, refused.error_type) == (RunState.FAILED, "ConflictError")
    assert "nothing was written" in refused.error
    assert platform.store.list("raw/") == before

    played = waited(history, jobs.retry(platform, history, refused.id, overwrite=True))
    assert played.state is RunState.SUCCEEDED, played.error
    assert history.list_unresolved(5) == []
    lines = pipeline.compare(platform, (DAY, DAY), NOW).lines
    assert {line.verdict.value for line in lines} == {"in Bronze"}
    assert not any(state.behind for state in layer_figures.layers(platform.warehouse))


def test_a_failure_is_not_made_good_by_other_windows(
    platform: Platform, history: RunHistory
) -> None:
    windows = platform.catalog.windows
    failing, other = (Request((DAY,), chosen, (1,), 8) for chosen in (windows[:3:2], windows[3:5]))
    run_job(platform, history, jobs.upload(request(platform, windows=1, seed=7)))
    refused = run_job(platform, history, jobs.upload(failing))
    fine = run_job(platform, history, jobs.upload(other))
    assert fine.state is RunState.SUCCEEDED, fine.error
    assert [run.id for run in history.list_unresolved(5)] == [refused.id]
    assert "2026-02-01 10:00-12:00, 14:00-16:00," in refused.title
    assert "2026-02-01 16:00-20:00," in fine.title


def test_overwriting_is_no_way_out_of_a_mix(platform: Platform, history: RunHistory) -> None:
    bulk = sales_name(SalesName("orders", DAY, 1, None))
    platform.store.create([[NewObject(bulk, b"Id_Unidade\n")]])
    run = run_job(platform, history, jobs.upload(request(platform, windows=1)))
    assert (run.state, run.error_type) == (RunState.FAILED, "MixError")


def test_generating_files_leaves_bucket_and_warehouse_alone(
    platform: Platform, history: RunHistory, tmp_path: Path
) -> None:
    new = jobs.generation(request(platform, windows=1), str(tmp_path / "output"))
    run = run_job(platform, history, new)
    assert run.state is RunState.SUCCEEDED, run.error
    written = {path.name for path in (tmp_path / "output" / "csv_sales").rglob("*.csv")}
    assert written == {"pedido.csv", "item_pedido.csv"}
    assert not platform.settings.bucket_folder.exists()
    assert not platform.settings.warehouse_file.exists()


def test_pending_objects_are_ingested_once(platform: Platform, history: RunHistory) -> None:
    from core.storage.publish import publish

    publish(platform.store, request(platform, windows=1), platform.catalog)
    assert run_job(platform, history, jobs.ingestion()).result.startswith("4 objects ingested")
    assert run_job(platform, history, jobs.ingestion()).result.startswith("Nothing was pending")


def test_a_failed_check_is_told_and_kept_with_its_rows(
    platform: Platform, history: RunHistory
) -> None:
    run_job(platform, history, jobs.upload(request(platform, windows=1)))
    run_job(platform, history, jobs.rebuild(["silver"]))
    with embedded(platform).writing() as connection:
        connection.execute(
            "UPDATE case_ficticio_bronze.orders SET vlr_pedido = vlr_pedido + 0.01 "
            "WHERE id_unidade = 1"
        )
    run = run_job(platform, history, jobs.rebuild(["silver", "gold"], full=True))
    assert (run.state, run.error_type) == (RunState.FAILED, "CheckError")
    assert run.error.startswith("Silver stayed as it was")
    (silver,) = run.details["layers"]
    failing = [check for check in silver["checks"] if check["failing_rows"]]
    assert [check["name"] for check in failing] == ["order_value_adds_up"]
    assert failing[0]["sample"]


def test_a_day_that_is_played_cannot_be_uploaded_or_rebuilt_meanwhile(
    platform: Platform, history: RunHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "HEARTBEAT_S", 0.05)
    running = jobs.submit(platform, history, jobs.simulation(request(platform), 30.0))
    for new in (jobs.upload(request(platform, windows=1)), jobs.rebuild(["gold"])):
        with pytest.raises(AlreadyRunningError, match="Simulate 2026-02-01"):
            jobs.submit(platform, history, new)
    with pytest.raises(InputError, match="cannot be retried"):
        jobs.retry(platform, history, running.id)

    history.finish(running.id, Ending(RunState.INTERRUPTED))  # its worker sees that, and stops
    assert waited(history, running).state is RunState.INTERRUPTED


@pytest.mark.parametrize("pause_s", [-1.0, 60.5, float("nan")])
def test_an_impossible_pause_is_refused(platform: Platform, pause_s: float) -> None:
    with pytest.raises(InputError, match="use 0 to 60"):
        jobs.simulation(request(platform), pause_s)


@pytest.mark.parametrize("layers", [[], ["bronze"], ["silver", "tin"]])
def test_layers_that_are_none_are_refused(layers: list[str]) -> None:
    with pytest.raises(InputError, match="choose from silver, gold, aggregations"):
        jobs.rebuild(layers)


def test_an_empty_home_answers_with_nothing_and_stays_empty(platform: Platform) -> None:
    assert layer_figures.bronze_days(platform.warehouse, DAY, DAY) == []
    assert layer_figures.daily_sales(platform.warehouse, 7) == []
    assert not any(state.built for state in layer_figures.layers(platform.warehouse))
    assert not platform.settings.home.exists()


def test_a_business_day_is_the_orders_date_not_that_of_ingestion(
    platform: Platform, history: RunHistory
) -> None:
    run_job(platform, history, jobs.upload(request(platform, windows=1)))
    ingested_on = NOW.date()
    (figures,) = layer_figures.bronze_days(platform.warehouse, DAY, ingested_on)
    assert figures.day == DAY != ingested_on
    assert figures.revenue > Decimal(0)
