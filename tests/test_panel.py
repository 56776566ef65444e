"""What each page of the panel shows and does, without a browser."""

import logging
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import jobs, pipeline, questions, runner
from core.generate import DEFAULT_SEED
from core.object_store import NewObject
from core.pipeline import Platform
from core.preview import preview
from core.publish import Request
from core.reconcile import Line
from core.runs import Run, RunHistory
from core.settings import Settings
from tests.scenes import embedded, objects, rows
from ui import data
from ui import format as fmt

ROOT = Path(__file__).parent.parent
DAY = date(2026, 2, 1)
PAGES = ("overview", "generate", "bronze", "rebuild", "schedule")

HOLDER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("BEGIN")
sys.stdout.write("held\\n")
sys.stdout.flush()
sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MRHEALTH_HOME", str(tmp_path / "home"))
    for name in ("GCP_PROJECT_ID", "GCS_BUCKET_NAME", "MRHEALTH_DATASET_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path / "home")}))


@pytest.fixture
def history(platform: Platform) -> RunHistory:
    return RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))


def opened(page: str, **parameters: str | list[str]) -> AppTest:
    """A page, reached by its own address as a browser does."""
    data.forget()  # as some seconds do, when a script and not the panel has written
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30)
    if page != "overview":
        app.switch_page(f"pages/{page}.py")
    app.query_params.update(parameters)
    app.run()
    assert not app.exception
    return app


def pressed(app: AppTest, key: str, history: RunHistory) -> Run:
    """The run that a button starts, when it has ended."""
    app.button(key=key).click().run()
    assert not app.exception
    newest = history.recent(1)[0]
    assert runner.wait(history, newest.id, 60)
    found = history.find(newest.id)
    assert found is not None
    return found


def everything(app: AppTest) -> str:
    """All sentences on a page."""
    groups = (app.title, app.markdown, app.caption, app.info, app.success, app.warning, app.error)
    return "\n".join(str(element.value) for group in groups for element in group)


def uploaded(platform: Platform, windows: int = 7, units: int = 2) -> None:
    chosen = platform.catalog.windows[:windows]
    request = Request((DAY,), chosen, tuple(range(1, units + 1)))
    pipeline.upload(platform, request, datetime.now(UTC))


@contextmanager
def held_by_another_process(file: Path) -> Iterator[None]:
    command = [sys.executable, "-c", HOLDER, str(file)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.communicate("go\n", timeout=30)


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_home_is_a_page_that_says_what_to_do_next(page: str) -> None:
    app = opened(page, day="2026-02-01")
    assert [title.value for title in app.title] == [page.capitalize()]
    assert not app.error
    assert "Local: home" in everything(app)
    if page != "generate":
        assert "**Generate**" in everything(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_filled_home_shows_no_error(page: str, platform: Platform) -> None:
    uploaded(platform)
    pipeline.rebuild(platform)
    app = opened(page, day="2026-02-01")
    assert not app.error
    assert not app.warning or page == "bronze"  # where the other days of the range are missing


def test_the_preview_is_what_generation_makes(platform: Platform) -> None:
    app = opened("generate", day="2026-02-01", window=["12:00-14:00", "18:00-20:00"], units="3")
    shown = {metric.label: metric.value for metric in app.metric}
    uploaded(platform, units=3)
    lines = pipeline.compare(platform, (DAY, DAY), datetime.now(UTC))
    chosen = [line for line in lines if line.window_tag in ("window_1214", "window_1820")]
    found = {
        table: sum(line.bronze for line in chosen if line.table == table)
        for table in ("orders", "order_items")
    }
    revenue = money_of(platform, "window_1214", "window_1820")
    assert shown == {
        "Files": "12", "Orders": str(found["orders"]), "Items": str(found["order_items"]),
        "Revenue": fmt.money(revenue),
    }  # fmt: skip
    names = [frame.value.columns[1] for frame in app.dataframe if "Id_Pedido" in frame.value]
    assert names == ["Id_Pedido", "Id_Item_Pedido"]


def money_of(platform: Platform, *tags: str) -> Decimal:
    """What the orders of windows are worth, as Bronze has them."""
    sales = rows(platform, "SELECT vlr_pedido AS value, _source_file AS file FROM bronze.orders")
    return sum((row["value"] for row in sales if row["file"].split("/")[-2] in tags), Decimal(0))


def test_a_preview_is_told_by_window_unit_and_product(platform: Platform) -> None:
    app = opened("generate", day="2026-02-01", window="12:00-14:00", units="3", dates="2")
    uploaded(platform, windows=2, units=3)
    wanted = preview(
        Request((DAY, date(2026, 2, 2)), platform.catalog.windows[1:2], (1, 2, 3)),
        platform.catalog,
    )
    windows, units, products = (frame.value for frame in app.dataframe[:3])
    assert windows["Orders"].sum() == units["Orders"].sum() == wanted.total.orders
    assert units["Name"].tolist() == [platform.catalog.unit(n).name for n in (1, 2, 3)]
    assert products["Pieces"].sum() == sum(sold.quantity for sold in wanted.products)
    assert products["Pieces"].is_monotonic_decreasing


def test_a_dry_run_says_what_an_upload_would_do_and_writes_nothing(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, windows=1, units=1)
    before = objects(platform.store)
    link = {"day": "2026-02-01", "window": "10:00-12:00", "units": "2"}
    same = pressed(opened("generate", **link), "dry_run", history)
    assert "2 objects would be new, 2 are there already, 0 have other content" in same.result
    other = pressed(opened("generate", **link, seed="5"), "dry_run", history)
    assert "2 objects would be new, 0 are there already, 2 have other content" in other.result
    assert "refused until you confirm" in other.result
    assert objects(platform.store) == before


def test_several_days_are_uploaded_by_one_click(platform: Platform, history: RunHistory) -> None:
    app = opened("generate", day="2026-02-01", window="12:00-14:00", units="1", dates="3")
    run = pressed(app, "upload", history)
    assert run.error == ""
    found = questions.bronze_days(platform.warehouse, DAY, date(2026, 2, 28))
    assert [day.day.day for day in found] == [1, 2, 3]
    shown = next(block.value for block in app.code if "generate_incremental" in block.value)
    dates = [line.split("--date ")[1].split()[0] for line in shown.splitlines()]
    assert dates == ["2026-02-01", "2026-02-02", "2026-02-03"]


def test_uploading_ends_in_bronze_and_says_so(platform: Platform, history: RunHistory) -> None:
    app = opened("generate", day="2026-02-01", window="12:00-14:00", units="3")
    shown = {metric.label: metric.value for metric in app.metric}
    run = pressed(app, "upload", history)
    (figures,) = questions.bronze_days(platform.warehouse, DAY, DAY)
    assert (str(figures.orders), str(figures.items)) == (shown["Orders"], shown["Items"])
    app.run()
    assert [message.value for message in app.success] == [run.result]
    assert "✓ in Bronze" in everything(app)


def test_generating_writes_to_the_output_folder_only(
    platform: Platform, history: RunHistory, tmp_path: Path
) -> None:
    app = opened("generate", day="2026-02-01", window="12:00-14:00", units="3")
    pressed(app, "to_folder", history)
    assert len(list((tmp_path / "output").rglob("pedido.csv"))) == 3
    assert not platform.settings.bucket_folder.exists()
    app.run()
    assert "□ generated" in everything(app)


def test_other_data_is_overwritten_only_after_a_question(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, windows=1)
    app = opened("generate", day="2026-02-01", window="10:00-12:00", units="2", seed="5")
    refused = pressed(app, "upload", history)
    assert refused.error_type == "ConflictError"
    app.run()
    assert refused.error in app.error[0].value
    app.button(key=f"overwrite_latest_{refused.id}").click().run()
    assert "Bronze then holds the new rows" in everything(app)
    assert len(history.recent(5)) == 1

    replaced = pressed(app, "overwrite_confirm", history)
    assert replaced.id != refused.id
    assert not replaced.error


def test_the_shown_command_does_what_the_page_does(
    platform: Platform, history: RunHistory, tmp_path: Path
) -> None:
    app = opened("generate", day="2026-02-01", window="10:00-12:00", units="2", seed="77")
    pressed(app, "upload", history)
    (command,) = [block.value for block in app.code if "generate_incremental" in block.value]
    python, script, *arguments = shlex.split(command)
    assert python == "python"
    done = subprocess.run(
        [sys.executable, ROOT / script, *arguments],
        cwd=tmp_path, check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {line.verdict.value for line in _of_first_window(platform)} == {"in Bronze"}
    assert "--seed 77" in command
    default = opened("generate", day="2026-02-01", seed=str(DEFAULT_SEED))
    assert all("--seed" not in block.value for block in default.code)


def _of_first_window(platform: Platform) -> list[Line]:
    lines = pipeline.compare(platform, (DAY, DAY), datetime.now(UTC))
    return [line for line in lines if line.window_tag == "window_1012"]


def test_without_a_window_nothing_can_be_started() -> None:
    app = opened("generate", window="")
    assert "Choose at least one window." in everything(app)
    assert [button.key for button in app.button] == ["language_pt-BR"]


def test_simulating_a_day_fills_bronze_and_gold_once(
    platform: Platform, history: RunHistory
) -> None:
    app = opened("overview", day="2026-02-01", sim_units="2", sim_length="0 s")
    run = pressed(app, "simulate", history)
    assert not run.error
    (gold,) = questions.daily_sales(platform.warehouse, 7)
    app.run()
    assert app.success[0].value == run.result
    assert {metric.label: metric.value for metric in app.metric}["Orders"] == str(gold.orders)
    assert everything(app).count("✓ in Bronze") == 7


def test_what_a_simulation_made_goes_by_one_click(platform: Platform, history: RunHistory) -> None:
    uploaded(platform, windows=1, units=1)
    played = opened("overview", day="2026-02-01", sim_units="1", sim_length="0 s")
    pressed(played, "simulate", history)
    app = opened("overview", day="2026-02-01")
    run = pressed(app, "remove", history)
    assert "14 objects and their rows removed; Silver, Gold, Aggregations rebuilt" in run.result
    assert questions.bronze_days(platform.warehouse, DAY, DAY) == []
    assert questions.daily_sales(platform.warehouse, 7) == []
    assert not app.run().error
    with pytest.raises(KeyError):
        app.button(key="remove")


def test_a_simulation_that_meets_other_data_offers_to_overwrite_it(
    platform: Platform, history: RunHistory
) -> None:
    other = Request((DAY,), platform.catalog.windows[3:4], (1,), 5)
    pipeline.upload(platform, other, datetime.now(UTC))
    app = opened("overview", day="2026-02-01", sim_units="1", sim_length="0 s")
    refused = pressed(app, "simulate", history)
    assert refused.error_type == "ConflictError"
    app.run()
    app.button(key=f"overwrite_failures_{refused.id}").click().run()
    assert "Bronze then holds the new rows" in everything(app)
    played = pressed(app, "overwrite_confirm", history)
    assert not played.error
    app.run()
    assert not app.error
    assert everything(app).count("✓ in Bronze") == 7


def test_a_day_that_is_played_is_not_played_twice(history: RunHistory) -> None:
    app = opened("overview", day="2026-02-01", sim_units="1", sim_length="10 s")
    app.button(key="simulate").click().run()
    app.button(key="simulate").click().run()
    assert "wait until it ends" in app.warning[0].value
    (run,) = history.recent(5)
    assert runner.wait(history, run.id, 60)


def test_overview_says_how_layers_and_schedule_stand(platform: Platform) -> None:
    uploaded(platform)
    pipeline.rebuild(platform)
    shown = everything(opened("overview", day="2026-02-01"))
    for sentence in ("Silver: up to date", "Aggregations: up to date", "Schedule: not running"):
        assert sentence in shown
    uploaded(platform, windows=1, units=3)
    assert "Silver: behind" in everything(opened("overview", day="2026-02-01"))


def test_a_failure_comes_first_until_it_is_made_good(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, windows=1)
    page = opened("generate", day="2026-02-01", window="10:00-12:00", units="2", seed="5")
    failed = pressed(page, "upload", history)
    app = opened("overview", day="2026-02-01")
    assert failed.error in app.error[0].value
    pressed(app, f"retry_failures_{failed.id}", history)
    app.run()
    assert len(app.error) == 1  # the newer failure stands for the older one


def test_a_run_whose_process_died_is_shown_and_can_be_retried(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, windows=1)
    long_ago = RunHistory(history.path, lambda: datetime(2026, 2, 1, tzinfo=UTC))
    lost = long_ago.begin(jobs.rebuild(["silver"]))
    long_ago.start(lost.id)
    app = opened("overview")
    assert "**Rebuild Silver** interrupted." in app.error[0].value
    retried = pressed(app, f"retry_failures_{lost.id}", history)
    assert retried.id != lost.id
    app.run()
    assert not app.error
    assert "silver.orders" in platform.warehouse.tables()


def test_a_rebuild_shows_its_tables_and_checks(platform: Platform, history: RunHistory) -> None:
    uploaded(platform)
    app = opened("rebuild")
    assert "not built" in everything(app)
    run = pressed(app, "rebuild_all", history)
    app.run()
    assert app.success[0].value == run.result
    tables, checks = (frame.value for frame in app.dataframe[:2])
    assert {"silver.orders", "gold.fact_sales", "gold.agg_daily_sales"} <= set(tables["Table"])
    assert set(checks["Failing rows"]) == {0}
    assert everything(app).count("up to date") == 3
    uploaded(platform, units=3)
    assert everything(opened("rebuild")).count("behind") == 3


def test_gold_is_looked_into_by_day_state_product_and_table(platform: Platform) -> None:
    uploaded(platform, units=30)
    pipeline.rebuild(platform)
    app = opened("rebuild", gold_table="dim_unit")
    shown = {next(iter(frame.value.columns)): frame.value for frame in app.dataframe}
    revenue = {
        name: round(shown[name]["Revenue (R$)"].sum(), 2) for name in ("Day", "State", "Product")
    }
    assert revenue["Day"] == revenue["State"] > revenue["Product"] > 0  # the best of them, no fees
    assert len(shown["unit_key"]) == 30
    lineage = shown["Table"]
    made_from = dict(zip(lineage["Table"], lineage["Made from"], strict=True))
    assert made_from["gold.dim_product"] == "silver.products"
    uploaded(platform, windows=1, units=31)
    assert "2 objects came to Bronze since it was built" in everything(opened("rebuild"))


def test_a_failed_check_shows_its_rows(platform: Platform, history: RunHistory) -> None:
    uploaded(platform, windows=1)
    with embedded(platform).writing() as connection:
        connection.execute("UPDATE case_ficticio_bronze.orders SET vlr_pedido = vlr_pedido + 1")
    app = opened("rebuild")
    pressed(app, "rebuild_silver", history)
    app.run()
    assert "Silver stayed as it was" in app.error[0].value
    assert "docs/bronze.md" in app.error[0].value
    checks = app.dataframe[1].value
    assert checks["Failing rows"].iloc[0] > 0
    assert app.expander[1].label.startswith("Failing rows of: The value of each order")


def test_pending_objects_are_named_and_ingested(platform: Platform, history: RunHistory) -> None:
    from core.publish import publish

    request = Request((DAY,), platform.catalog.windows[:1], (1, 2))
    publish(platform.store, request, platform.catalog)
    assert "4 objects of these days wait" in everything(opened("bronze", day="2026-02-01"))
    run = jobs.start(platform, history, jobs.ingestion())
    assert runner.wait(history, run.id, 60)
    assert "wait to be ingested" not in everything(opened("bronze", day="2026-02-01"))


def test_a_window_of_the_map_shows_its_objects_the_worst_first(platform: Platform) -> None:
    uploaded(platform, windows=1)
    lost = _of_first_window(platform)[0].name
    platform.store.delete(lost)
    app = opened("bronze", day="2026-02-01", look="2026-02-01", look_window="window_1012")
    lines = app.dataframe[-1].value
    assert lines["State"].iloc[0] == "○ missing"
    assert lines["Detail"].iloc[0].startswith("no object, yet")
    assert set(lines["State"].iloc[1:]) >= {"✓ in Bronze"}


def test_an_object_that_belongs_to_no_window_is_told(platform: Platform) -> None:
    uploaded(platform, windows=1)
    name = "raw/csv_sales/2026/02/01/unit_x/pedido.csv"
    platform.store.replace(NewObject(name, b"x"))
    told = [warning.value for warning in opened("bronze", day="2026-02-01").warning]
    assert f"Objects that belong to no window, and so go to quarantine: 1, such as {name}." in told


def test_wrong_settings_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GCP_PROJECT_ID", "somewhere")
    app = opened("overview")
    (message,) = app.error
    assert message.value.startswith("GCP_PROJECT_ID is set and GCS_BUCKET_NAME is not")


@pytest.mark.parametrize("page", ["overview", "bronze", "rebuild"])
def test_a_busy_warehouse_is_a_sentence_and_another_try(
    page: str, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploaded(platform, windows=1)
    monkeypatch.setenv("MRHEALTH_WAIT_S", "0.2")
    with held_by_another_process(platform.settings.warehouse_file):
        app = opened(page, day="2026-02-01")
        assert "is in use by process" in app.warning[0].value
        assert any(button.label == "Try again" for button in app.button)
    app = opened(page, day="2026-02-01")
    assert "is in use" not in everything(app)


def test_the_unexpected_is_a_sentence_with_its_traceback_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("core.questions.layers", broken)
    with caplog.at_level(logging.ERROR):
        app = opened("rebuild")
    assert "Something unexpected happened" in app.error[0].value
    assert "secret detail" not in everything(app)
    assert any(record.exc_info for record in caplog.records)
