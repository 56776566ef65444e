"""A large request on paper: what it makes is counted, and its time and cost follow from rates."""

import re
import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from core.generation.catalog import Catalog, load_catalog
from core.generation.orders import expected_rows
from core.generation.windows import dates_between
from core.insight.usage import estimate
from core.insight.usage.estimate import Rates
from core.insight.usage.prices import rows_of
from core.storage.publish import Request
from core.storage.shards import Format, ShardedRequest
from tests.cloud_function.test_deploy_docs import gcloud_commands
from tests.support.google_parsers import understood
from tests.support.scenes import ROOT, files, script

pytestmark = pytest.mark.processes

WEEK = tuple(dates_between(date(2026, 2, 1), date(2026, 2, 7)))
RATES = Rates(write=1e-6, judge=3e-6, insert=2e-6, bytes_a_row=100)


def plan_of(units: int, form: Format = Format.CSV, *, windows: bool = True) -> ShardedRequest:
    chosen = load_catalog().windows if windows else ()
    return ShardedRequest(Request(WEEK, chosen, tuple(range(1, units + 1))), form)


def test_a_small_plan_is_counted_row_by_row(catalog: Catalog) -> None:
    plan = plan_of(3)
    orders, items = expected_rows(plan.request.cells(), plan.request.seed, catalog)
    of = estimate.amounts(plan, catalog)
    assert (of.orders, of.items, of.exact) == (orders.sum(), items.sum(), True)
    assert (of.shards, of.objects, of.cells) == (49, 2 * 7 * 7 * 3, 147)
    assert estimate.amounts(plan_of(3, Format.PARQUET), catalog).objects == 14


@pytest.mark.parametrize("windows", [True, False])
def test_a_large_plan_is_expected_as_it_would_be_counted(
    windows: bool, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(1_000, windows=windows)
    counted = estimate.amounts(plan, catalog)
    monkeypatch.setattr(estimate, "EXACT_CELLS", 1)
    expected = estimate.amounts(plan, catalog)
    assert (counted.exact, expected.exact) == (True, False)
    assert expected.orders == pytest.approx(counted.orders, rel=0.01)
    assert expected.items == pytest.approx(counted.items, rel=0.01)


def test_more_cores_help_until_bronze_has_one_writer(catalog: Catalog) -> None:
    of = estimate.amounts(plan_of(3), catalog)
    rows = of.orders + of.items
    assert estimate.write_s(of, RATES, 4) == pytest.approx(rows * 1e-6 / 4)
    assert estimate.bronze_s(of, RATES, 2) == pytest.approx(rows * 5e-6 / 2)
    assert estimate.bronze_s(of, RATES, 64) == pytest.approx(rows * 2e-6)


def test_files_are_bounded_by_the_bucket_and_cost_what_they_cost(catalog: Catalog) -> None:
    plan = plan_of(10_000)
    of = estimate.amounts(plan, catalog)
    assert of.objects == 980_000
    assert estimate.on_cloud_run(plan, of, RATES).wall_s == pytest.approx(980)
    assert estimate.on_dataflow(plan, of, RATES).wall_s == pytest.approx(980 + 240)
    assert estimate.operations_usd(plan, of) == (980_000 + 49) * Fraction("0.000005")
    assert estimate.on_cloud_run(plan, of, RATES).usd == pytest.approx(
        980 * 20 * (0.000018 + 2 * 0.000002)
    )
    parquet = plan_of(10_000, Format.PARQUET)
    assert estimate.on_cloud_run(parquet, estimate.amounts(parquet, catalog), RATES).wall_s < 20


def test_every_price_has_its_page_and_month() -> None:
    for row in rows_of("bulk_prices.csv"):
        assert row["source"].startswith("https://cloud.google.com/")
        assert re.fullmatch(r"20\d\d-\d\d", row["read"])
        assert Fraction(row["usd"]) > 0


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_command_prints_the_plan_and_writes_nothing(form: str, tmp_path: Path) -> None:
    done = script("generate_fake_sales.py", "--plan", "--units", "2", "--days", "3", "--windows",
                  "--format", form, cwd=tmp_path, env={"MRHEALTH_HOME": "home"})  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"2 units x 3 dates, 7 windows, {form}\n")
    shards = {"csv": 21, "parquet": 3}[form]
    assert f"  shards          {shards}, each with a manifest\n" in done.stdout
    assert files(tmp_path) == {}


def test_gcloud_understands_the_documented_commands(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    page = page.replace("$image", "us-docker.pkg.dev/p/r/beam").replace("$account", "a@b.c")
    tried = gcloud_commands(page)
    assert len(tried) == 4
    codes = understood(tried, tmp_path)
    assert [command for command, code in zip(tried, codes, strict=True) if code == 2] == []


@pytest.mark.nightly  # of the commands of pages, the gate runs those of the README
def test_the_documented_commands_for_one_machine_run(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    lines = [line.split() for line in page.splitlines() if line.startswith("python scripts/")]
    small = [line for line in lines if "50" not in line]
    assert len(small) == 2
    for _, path, *arguments in small:
        done = script(path.removeprefix("scripts/"), *arguments,
                      env={"MRHEALTH_HOME": str(tmp_path)})  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")


def test_a_page_gets_what_its_commands_print(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    block = "```text\n$ python -c 'print(6 * 7)'\n{}```\n"
    part = "<!-- begin: python -c 'print(1)' -->\n\n{}\n<!-- end -->\n"
    old, new, one = "old\nolder\n", "42\n", "1\n"
    page.write_text(f"# A\n{block.format(old)}between\n{part.format('')}")
    command = [sys.executable, "-m", "benchmarks.outputs", str(page)]
    subprocess.run(command, cwd=ROOT, check=True)
    expected = f"# A\n{block.format(new)}between\n{part.format(one)}"
    assert page.read_text() == expected
    subprocess.run([*command, "--only", "nothing"], cwd=ROOT, check=True)
    assert page.read_text() == expected
