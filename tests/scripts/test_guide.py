"""The guide's commands of sections 1, 2, 5 and 6, word for word, as processes of a shell."""

import csv
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.generation.windows import business_date
from core.platform import Platform
from core.settings import Settings
from tests.support.scenes import ROOT, count, files, rows

# Section 1, 2 and 5, the backticks of PowerShell written as the backslashes of bash.
LUNCH = r"""
python scripts/generate_incremental_sales.py \
  --window-start 12:00 --window-end 14:00
"""
DINNER = r"""
python scripts/generate_incremental_sales.py \
  --window-start 18:00 --window-end 20:00 \
  --date 2026-02-01 --seed 42
"""
UPLOAD = r"""
python scripts/generate_incremental_sales.py \
  --window-start 12:00 --window-end 14:00 --upload
"""
REBUILD = """
python scripts/build_silver_layer.py
python scripts/build_gold_layer.py
python scripts/build_aggregations.py
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project root of links, so that `output/` and `data/` land in a folder of the test."""
    root = tmp_path / "project"
    root.mkdir()
    for name in ("core", "scripts"):
        (root / name).symlink_to(ROOT / name)
    (root / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (root / "python").chmod(0o755)
    return root


def _shell(project: Path, commands: str) -> str:
    """What the commands print; they all succeed, and say nothing but that the home is new."""
    done = subprocess.run(
        ["bash", "-euc", commands], cwd=project, env={"PATH": f"{project}:/usr/bin:/bin"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stderr.splitlines()[1:] == []
    assert done.stderr.startswith("note: the home ") == (commands == UPLOAD)
    return done.stdout


def _today() -> date:
    return business_date(datetime.now(UTC))


def test_section_1_lunch_of_today_for_fifty_units(project: Path) -> None:
    before = _today()
    _shell(project, LUNCH)
    tree = files(project / "output")
    day = before if any(f"{before:%Y/%m/%d}" in name for name in tree) else _today()
    assert set(tree) - {f"_manifests/{day:%Y/%m/%d}/window_1214.json"} == {
        f"csv_sales/{day:%Y/%m/%d}/unit_{unit:03d}/window_1214/{name}.csv"
        for unit in range(1, 51)
        for name in ("pedido", "item_pedido")
    }
    orders = [data.count(b"\n") - 1 for name, data in tree.items() if name.endswith("/pedido.csv")]
    assert {*orders} <= {3, 4, 5}
    assert not (project / "data").exists()  # no upload, no platform


def test_section_1_dinner_with_date_and_seed(project: Path) -> None:
    told = _shell(project, DINNER)
    tree = {n: data for n, data in files(project / "output").items() if n.endswith("/pedido.csv")}
    assert set(tree) == {
        f"csv_sales/2026/02/01/unit_{unit:03d}/window_1820/pedido.csv" for unit in range(1, 51)
    }
    sales = [
        row
        for data in tree.values()
        for row in csv.DictReader(data.decode().splitlines(), delimiter=";")
    ]
    assert {row["Data_Pedido"] for row in sales} == {"2026-02-01"}
    assert 200 <= len(sales) <= 300
    assert f"{len(sales)} orders" in told
    before = files(project / "output")
    assert "100 already there" in _shell(project, DINNER)
    assert files(project / "output") == before


def test_sections_2_5_and_6_from_upload_to_gold(project: Path) -> None:
    _shell(project, UPLOAD)
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(project / "data")}))
    (day,) = (
        row["d"] for row in rows(platform, "SELECT DISTINCT data_pedido AS d FROM bronze.orders")
    )
    bucket = files(project / "data" / "bucket")
    # Section 6: the window's own folder below the unit's.
    assert f"raw/csv_sales/{day:%Y/%m/%d}/unit_001/window_1214/pedido.csv" in bucket
    sales = {n: data for n, data in bucket.items() if n.startswith("raw/csv_sales/")}
    assert {n.removeprefix("raw/"): data for n, data in sales.items()} == {
        n: data for n, data in files(project / "output").items() if n.startswith("csv_sales/")
    }
    # Section 2: the query of the guide, in words of the embedded warehouse.
    (fresh,) = rows(
        platform,
        "SELECT COUNT(*) AS n FROM case_ficticio_bronze.orders "
        "WHERE _ingest_date >= CURRENT_DATE() - 1",
    )
    assert 150 <= fresh["n"] <= 250
    _shell(project, REBUILD)
    assert count(platform, "gold.fact_sales") == fresh["n"]
    assert count(platform, "gold.fact_order_items") == count(platform, "bronze.order_items")
    (total,) = rows(platform, "SELECT total_orders, active_units FROM gold.agg_daily_sales")
    assert total == {"total_orders": fresh["n"], "active_units": 50}
    assert count(platform, "gold.agg_unit_performance") == 50


def test_commands_run_from_any_folder_and_write_where_they_are(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "generate_incremental_sales.py"),
         "--window-start", "22:00", "--window-end", "00:00", "--date", "2026-02-01",
         "--units", "1", "--upload"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stderr.startswith(f"note: the home {tmp_path / 'data'} does not exist yet")
    assert {path.name for path in tmp_path.iterdir()} == {"output", "data"}
    assert f"{tmp_path}/output/csv_sales" in done.stdout
    name = "csv_sales/2026/02/01/unit_001/window_2224/pedido.csv"
    assert (tmp_path / "data/bucket/raw" / name).read_bytes() == (
        tmp_path / "output" / name
    ).read_bytes()
