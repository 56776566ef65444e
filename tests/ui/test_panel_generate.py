"""Generate: what is previewed is what is written, uploaded or only tried."""

import shlex
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core import pipeline
from core.generation.orders import DEFAULT_SEED
from core.insight import layer_figures
from core.insight.preview import preview
from core.operations.runs import RunHistory
from core.platform import Platform
from core.storage.manifest import read_manifest
from core.storage.object_names import manifest_name
from core.storage.publish import Request
from tests.support.panel_pages import (
    DAY,
    ROOT,
    everything,
    history,
    of_first_window,
    opened,
    platform,
    pressed,
    uploaded,
)
from tests.support.scenes import objects, rows
from ui.style import format as fmt

__all__ = ["history", "platform"]  # fixtures


def test_the_preview_is_what_generation_makes(platform: Platform) -> None:
    app = opened("generate", day="2026-02-01", window=["12:00-14:00", "18:00-20:00"], units="3")
    shown = {metric.label: metric.value for metric in app.metric}
    uploaded(platform, units=3)
    lines = pipeline.compare(platform, (DAY, DAY), datetime.now(UTC)).lines
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
        Request((DAY, date(2026, 2, 2)), platform.catalog.windows[1:2], (1, 2, 3)), platform.catalog
    )
    _, windows, units, products = (frame.value for frame in app.dataframe[:4])
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
    found = layer_figures.bronze_days(platform.warehouse, DAY, date(2026, 2, 28))
    assert [day.day.day for day in found] == [1, 2, 3]
    shown = next(block.value for block in app.code if "generate_incremental" in block.value)
    dates = [line.split("--date ")[1].split()[0] for line in shown.splitlines()]
    assert dates == ["2026-02-01", "2026-02-02", "2026-02-03"]


def test_uploading_ends_in_bronze_and_says_so(platform: Platform, history: RunHistory) -> None:
    app = opened("generate", day="2026-02-01", window="12:00-14:00", units="3")
    shown = {metric.label: metric.value for metric in app.metric}
    run = pressed(app, "upload", history)
    (figures,) = layer_figures.bronze_days(platform.warehouse, DAY, DAY)
    assert (str(figures.orders), str(figures.items)) == (shown["Orders"], shown["Items"])
    app.run()
    assert [message.value for message in app.success] == [f"**{run.title}** · {run.result}"]
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
    assert not app.error
    assert "nothing was written, for other data is there" in app.warning[0].value
    app.button(key=f"overwrite_latest_{refused.id}").click().run()
    assert "Bronze then holds the new rows" in everything(app)
    assert len(history.list_recent(5)) == 1

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
    assert {line.verdict.value for line in of_first_window(platform)} == {"in Bronze"}
    assert "--seed 77" in command
    default = opened("generate", day="2026-02-01", seed=str(DEFAULT_SEED))
    assert all("--seed" not in block.value for block in default.code)


def test_without_a_window_nothing_can_be_started() -> None:
    app = opened("generate", window="")
    assert "Choose at least one window." in everything(app)
    assert [button.key for button in app.button] == ["language_pt-BR"]


def test_cards_expect_what_the_request_would_make() -> None:
    app = opened("generate", day="2026-02-01", window="12:00-14:00", units="3", seed="5")
    orders = {metric.label: metric.value for metric in app.metric}["Orders"]
    assert f"0 / {orders} orders" in everything(app)


def test_a_conflict_names_the_seed_of_what_is_there_and_offers_it(
    platform: Platform, history: RunHistory
) -> None:
    uploaded(platform, windows=1)
    app = opened("generate", day="2026-02-01", window="10:00-12:00", units="2", seed="5")
    refused = pressed(app, "upload", history)
    app.run()
    name = manifest_name(DAY, "window_1012")
    manifest = read_manifest(name, platform.store.read(name).data)
    there = sum(cell.orders.rows for cell in manifest.cells.values())
    instead = {metric.label: metric.value for metric in app.metric}["Orders"]
    assert f"{there} orders, made with seed {DEFAULT_SEED}" in app.warning[0].value
    labels = {button.key: button.label for button in app.button}
    assert f"retry_latest_{refused.id}" not in labels
    assert labels[f"overwrite_latest_{refused.id}"] == f"Replace {there} orders by {instead}…"
    app.button(key=f"use_seed_latest_{refused.id}").click().run()
    assert app.number_input(key="seed").value == DEFAULT_SEED
    assert not pressed(app, "upload", history).error


def test_a_result_of_other_fields_is_no_result_of_these(history: RunHistory) -> None:
    link = {"day": "2026-02-01", "window": "10:00-12:00", "units": "2"}
    run = pressed(opened("generate", **link), "dry_run", history)
    same, other = opened("generate", **link), opened("generate", **(link | {"units": "3"}))
    assert [message.value for message in same.success] == [f"**{run.title}** · {run.result}"]
    assert not other.success
    assert run.title in everything(other)


def test_a_result_of_a_while_ago_is_told_with_its_age(
    history: RunHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = {"day": "2026-02-01", "window": "10:00-12:00", "units": "2"}
    run = pressed(opened("generate", **link), "dry_run", history)
    assert run.finished_at
    later = run.finished_at + timedelta(minutes=11)
    monkeypatch.setattr("ui.shell.session.now", lambda: later)
    app = opened("generate", **link)
    assert not app.success
    assert f"{run.title} · done 11 min ago. {run.result}" in [line.value for line in app.caption]
