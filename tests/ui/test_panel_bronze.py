"""The panel's Bronze page: the maps, the way down to lines and rows, and what can be done there."""

import json
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core import pipeline
from core.operations.runs import RunHistory
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.settings import Settings
from core.storage.object_names import QUARANTINE_PREFIX, SalesName, day_prefix, sales_name
from core.storage.object_store import NewObject
from core.storage.publish import Request
from tests.support.panel_pages import everything, opened, pressed
from tests.support.scenes import execute, objects, script
from ui.bronze import bronze_charts
from ui.style import theme

DAY = date(2026, 2, 1)
TAG = "window_1214"
HOURS = "12:00-14:00"


@pytest.fixture(autouse=True)
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """A platform with one window of three units, seed 5."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MRHEALTH_HOME", str(tmp_path / "home"))
    made = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path / "home")}))
    window = next(window for window in made.catalog.windows if window.tag == TAG)
    pipeline.upload(made, Request((DAY,), (window,), (1, 2, 3), 5), datetime.now(UTC))
    return made


@pytest.fixture
def history(platform: Platform) -> RunHistory:
    return RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))


def name_of(unit: int, kind: str = "orders") -> str:
    return sales_name(SalesName(kind, DAY, unit, TAG))


def bronze(unit: int | None = None, **parameters: str) -> AppTest:
    """The page with the window chosen, and a unit."""
    if unit:
        parameters["look_unit"] = f"{unit:03d}"
    return opened(
        "bronze", day="2026-02-01", days="7", look="2026-02-01", look_window=HOURS, **parameters
    )


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


def verdicts(platform: Platform) -> set[Verdict]:
    found = pipeline.compare(platform, (DAY, DAY), datetime.now(UTC)).lines
    return {line.verdict for line in found if line.window_tag == TAG}


def table(app: AppTest, column: str) -> pd.DataFrame:
    """The last table that has a column."""
    return [frame.value for frame in app.dataframe if column in frame.value][-1]


def test_a_window_that_is_fine_can_only_be_ingested_again(
    platform: Platform, history: RunHistory
) -> None:
    app = bronze()
    assert {"reload"} == {"fill", "rewrite", "reload"} & keys(app)
    before = platform.store.find(name_of(1))
    assert before is not None
    run = pressed(app, "reload", history)
    assert "6 objects ingested again" in run.result
    after = platform.store.find(name_of(1))
    assert after is not None
    assert after.generation > before.generation
    assert verdicts(platform) == {Verdict.IN_BRONZE}
    app.run()
    assert any(run.result in message.value for message in app.success)


def test_a_gap_is_filled_by_a_click(platform: Platform, history: RunHistory) -> None:
    data = platform.store.read(name_of(2)).data
    platform.store.delete(name_of(2))
    app = bronze()
    assert app.button(key="fill").label == "Fill the gap (unit 002)"
    run = pressed(app, "fill", history)
    assert "1 file written" in run.result
    assert platform.store.read(name_of(2)).data == data
    assert verdicts(platform) == {Verdict.IN_BRONZE}
    assert "fill" not in keys(bronze())


def test_a_changed_file_shows_its_quarantine_and_is_written_again_after_a_question(
    platform: Platform, history: RunHistory
) -> None:
    good = platform.store.read(name_of(3)).data
    platform.store.replace(NewObject(name_of(3), good.replace(b"Finalizado", b"Perdido", 1)))
    pipeline.ingest_pending(platform, datetime.now(UTC))
    app = bronze(3)
    assert "was rejected" in everything(app)
    report = table(app, "Reason")
    assert "Status is 'Perdido'" in report["Reason"].iloc[0]
    assert "Perdido" in report["Line as it came"].iloc[0]

    app.button(key="rewrite").click().run()
    assert "What the bucket has under these names is replaced" in everything(app)
    assert not history.list_recent(1)
    pressed(app, "rewrite_confirm", history)
    assert platform.store.read(name_of(3)).data == good
    assert verdicts(platform) == {Verdict.IN_BRONZE}
    assert not platform.store.list("quarantine/")


def test_lost_rows_stand_beside_their_lines_and_come_back(
    platform: Platform, history: RunHistory
) -> None:
    execute(
        platform,
        "DELETE FROM bronze.orders WHERE id_pedido = (SELECT MIN(id_pedido) FROM bronze.orders "
        f"WHERE _source_file = '{name_of(1)}')",
    )
    app = bronze(1)
    lines = table(app, "Line")["State"].tolist()
    assert lines.count("○ not in Bronze") == 1
    assert len(table(app, "id_pedido")) == len(lines) - 1
    assert app.button(key="reload").label == "Ingest again (unit 001)"
    pressed(app, "reload", history)
    assert set(table(bronze(1), "Line")["State"]) == {"✓ in Bronze"}


def test_items_of_a_unit_are_shown_too(platform: Platform) -> None:
    app = bronze(2, look_table="order_items")
    assert set(table(app, "Line")["State"]) == {"✓ in Bronze"}
    assert len(table(app, "id_item_pedido")) == len(table(app, "Id_Item_Pedido")) > 0
    assert name_of(2, "order_items") in everything(app)
    platform.store.delete(name_of(2, "order_items"))
    assert "The bucket has no such file." in everything(bronze(2, look_table="order_items"))


def test_a_file_that_is_no_text_is_shown_as_numbers(platform: Platform) -> None:
    platform.store.replace(NewObject(name_of(1), b"\x00\xff\x01 caf\xe9"))
    app = bronze(1)
    assert "hexadecimal" in everything(app)
    assert any(block.value.startswith("000000  00 ff 01") for block in app.code)


def test_the_commands_do_what_the_buttons_do(platform: Platform, tmp_path: Path) -> None:
    platform.store.delete(name_of(2))
    execute(platform, f"DELETE FROM bronze.orders WHERE _source_file = '{name_of(1)}'")
    shown = "\n".join(block.value for block in bronze().code)
    fill, rewrite, touch, ingest = shown.splitlines()
    assert "--units 2 --seed 5 --upload" in fill
    assert rewrite == f"{fill.replace('--units 2', '--units 1')} --overwrite"
    for command in (fill, rewrite, touch, ingest):
        python, path, *arguments = command.split()
        if python == "touch":
            subprocess.run(["sh", "-c", command], check=True)
            continue
        done = script(Path(path).name, *arguments, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert verdicts(platform) == {Verdict.IN_BRONZE}


def test_mixed_data_has_no_button_and_says_why(platform: Platform) -> None:
    bulk = Request((DAY,), (), (1,), day_orders=(2, 2))
    pipeline.upload(platform, bulk, datetime.now(UTC), force=True)
    app = bronze(1)
    assert not {"fill", "rewrite", "reload"} & keys(app)
    assert "bulk and incremental data of this day: 001" in everything(app)


def test_the_map_of_units_has_a_page_for_each_fifty(platform: Platform) -> None:
    request = Request((DAY,), platform.catalog.windows[:1], tuple(range(1, 61)))
    pipeline.upload(platform, request, datetime.now(UTC))
    app = bronze(units_page="2")
    assert "Units and windows of 2026-02-01" in [heading.value for heading in app.subheader]
    assert not app.error
    app = bronze(only="true")
    assert "Each unit of this day is in Bronze as expected." not in everything(app)


def test_marks_of_a_map_never_cover_each_other() -> None:
    marks = [
        bronze_charts.Mark(column, row, verdict, (str(column), str(row)), "")
        for column, verdict in enumerate([Verdict.IN_BRONZE, Verdict.MISSING] * 15)
        for row in range(7)
    ]
    axes = bronze_charts.Axes([str(day) for day in range(30)], [str(row) for row in range(7)])
    figure = bronze_charts.draw_unit_map(marks, axes, theme._palettes()["light"])
    boxes = [
        (x - trace.width / 2, x + trace.width / 2, base, base + height)
        for trace in figure.data
        for x, base, height in zip(trace.x, trace.base, trace.y, strict=True)
    ]
    assert len(boxes) == 210
    assert len({(left, low) for left, _, low, _ in boxes}) == 210
    assert all(right - left < 1 and high - low < 1 for left, right, low, high in boxes)
    assert len(figure.layout.xaxis.tickvals) <= 10


def test_a_link_that_names_what_is_not_there_shows_the_page(platform: Platform) -> None:
    app = opened("bronze", day="2026-02-01", look="1999-01-01", look_window="x", look_unit="999")
    assert not app.error
    platform.store.delete(*(info.name for info in platform.store.list("raw/csv_sales/")))
    assert "fill" in keys(bronze())


def test_a_window_that_never_was_made_is_no_fault_and_one_that_lost_a_file_is(
    platform: Platform,
) -> None:
    app = bronze()
    assert not app.warning
    assert "48 of these windows were never generated." in everything(app)
    platform.store.delete(name_of(2))
    assert "1 window needs attention (1 " in bronze().warning[0].value


def test_a_link_frames_the_mark_of_its_window_and_a_window_is_of_all_units() -> None:
    app = bronze()
    assert app.selectbox(key="look_unit").value is None
    assert app.selectbox(key="look_unit").placeholder == "all"
    charts = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    (frame,) = [shape for chart in charts for shape in chart["layout"].get("shapes", [])]
    assert (frame["x0"], frame["y0"]) == (5.5, 0.5)  # the seventh day, the second window


def test_a_line_that_bronze_has_with_another_value_is_marked(platform: Platform) -> None:
    assert set(table(bronze(1), "Line")["State"]) == {"✓ in Bronze"}
    execute(platform, "UPDATE bronze.orders SET vlr_pedido = vlr_pedido + 5")
    states = set(table(bronze(1), "Line")["State"])
    assert all(state.startswith("≠ Bronze has Vlr_Pedido ") for state in states)


def test_a_folder_that_nothing_requested_is_deleted_after_a_question_and_never_written(
    platform: Platform, history: RunHistory
) -> None:
    before = objects(platform.store, day_prefix(DAY))
    platform.store.replace(NewObject(name_of(999), b"a;b\n"))
    pipeline.ingest_pending(platform, datetime.now(UTC))
    app = bronze(999)
    assert not {"fill", "rewrite"} & keys(app)
    app.button(key="delete").click().run()
    assert name_of(999) in [block.value for block in app.code]
    assert "This cannot be undone" in everything(app)
    assert platform.store.find(name_of(999))
    run = pressed(app, "delete_confirm", history)
    assert (run.kind, run.error) == ("delete", "")
    assert objects(platform.store, day_prefix(DAY)) == before
    assert not platform.store.list(QUARANTINE_PREFIX)
