"""The benchmarks run, and their baseline makes what the product makes. No figure is judged here."""

import csv
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from benchmarks.baseline import baseline_files
from benchmarks.cases import CASES
from benchmarks.report import COLUMNS, Row, markdown_page, text_table, write_page
from core.generation.catalog import Catalog
from core.generation.cells import window_cells
from core.generation.csv_files import cell_files

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parent.parent.parent
NAMES = [case.name for case in CASES]


def benchmarks(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the project's folder."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.mark.nightly
def test_each_case_gives_a_figure_beside_its_baseline(tmp_path: Path) -> None:
    rows_file, page_file, room = tmp_path / "rows.json", tmp_path / "page.md", tmp_path / "room"
    room.mkdir()
    done = benchmarks(
        "--quick", "--scale", "0.005", "--json", str(rows_file), "--write", str(page_file),
        "--folder", str(room),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = [Row(**row) for row in json.loads(rows_file.read_text())["rows"]]
    assert [row.name for row in rows] == NAMES
    assert all(row.figure and row.baseline and row.ratio for row in rows)
    assert all(row.peak_mib for row in rows if row.name != "import")
    assert done.stdout == text_table(rows) + "\n"
    assert all(f"| {row.what} | {row.size} |" in page_file.read_text() for row in rows)
    assert list(room.iterdir()) == []


def test_importing_core_loads_nothing_heavy(tmp_path: Path) -> None:
    rows_file = tmp_path / "rows.json"
    assert benchmarks("--only", "import", "--json", str(rows_file)).returncode == 0
    rows = json.loads(rows_file.read_text())["rows"]
    assert [row["besides"] for row in rows] == ["heavy modules loaded: none"] * 3
    assert len({row["size"] for row in rows}) == 3


def test_the_list_says_what_is_measured_and_measures_nothing() -> None:
    done = benchmarks("--list")
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == NAMES


def test_an_unknown_case_is_refused_with_those_that_exist() -> None:
    done = benchmarks("--only", "generation")
    assert done.returncode == 2
    assert all(name in done.stderr for name in NAMES)


def test_a_size_left_out_and_a_goal_missed_show() -> None:
    rows = [
        Row("a", "work", "one", "s", 3.0, 2.0, 1.5, "< 2 s", met=False, peak_mib=1234.4),
        Row("a", "work", "10 times", besides="left out: would take about 150 s"),
    ]
    page = markdown_page(rows, {"Processor": "one"}, {"a": "Work."})
    assert f"| {' | '.join(COLUMNS)} |" in page
    assert "| work | one | 3 s | 2 s | 1.5x | < 2 s | NO | 1,234 |  |" in page
    assert "| work | 10 times |  |  |  |  |  |  | left out: would take about 150 s |" in page


def test_the_panel_is_written_to_its_section_and_the_rest_stays(tmp_path: Path) -> None:
    page, notes = tmp_path / "page.md", {"a": "Work.", "panel": "How the panel is measured."}
    work, panel = Row("a", "work", "one", "s", 3.0), Row("panel", "a click", "a year", "ms", 50.0)
    write_page(page, [work, panel], {"Processor": "one"}, notes)
    page.write_text(page.read_text() + "Found by hand.\n")
    write_page(page, [Row("panel", "a click", "a year", "ms", 40.0)], {}, notes)
    write_page(page, [Row("a", "work", "one", "s", 2.0)], {}, notes)
    text = page.read_text()
    assert "| work | one | 2 s |" in text
    assert "| a click | a year | 40 ms |" in text
    assert "3 s" not in text
    assert "50 ms" not in text
    assert text.endswith("### What was found\nFound by hand.\n")


@pytest.mark.parametrize("whole_days", [False, True])
def test_the_baseline_makes_the_same_files(catalog: Catalog, *, whole_days: bool) -> None:
    day, units = date(2026, 2, 1), range(1, 13)
    windows = [(window.min_orders, window.max_orders) for window in catalog.windows]
    orders = [(15, 24)] if whole_days else windows
    ours = next(cell_files(window_cells([day], catalog.windows, units), 1, catalog))
    files = list(baseline_files([day], orders, units, catalog))
    assert len(files) == len(orders) * len(units)
    for number, (order_text, item_text, rows) in enumerate(files):
        assert order_text.splitlines()[0] == ours.orders_csv.decode().splitlines()[0]
        assert item_text.splitlines()[0] == ours.items_csv.decode().splitlines()[0]
        order_rows = list(csv.DictReader(order_text.splitlines(), delimiter=";"))
        item_rows = list(csv.DictReader(item_text.splitlines(), delimiter=";"))
        fewest, most = orders[number // len(units)]
        assert fewest <= len(order_rows) <= most
        assert len(order_rows) + len(item_rows) == rows
        assert {row["Id_Pedido"] for row in order_rows} == {row["Id_Pedido"] for row in item_rows}


@pytest.mark.nightly
def test_growth_is_a_table_and_a_plot_below_what_stands_on_the_page(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n\nfigures\n\n## Growth\n\nolder ones\n")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.growth", "--quick", "--write", str(page)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = done.stdout.splitlines()[2:]
    assert [row.split(" | ")[1] for row in rows] == [
        "generate", "write", "ingest", "rebuild", "rebuild a day",
    ]  # fmt: skip
    text = page.read_text()
    assert text.startswith("# Performance\n\nfigures\n\n## Growth\n")
    assert "older ones" not in text
    assert done.stdout.strip() in text
    assert (tmp_path / "images" / "growth.png").read_bytes().startswith(b"\x89PNG")
