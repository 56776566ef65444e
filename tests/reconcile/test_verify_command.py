"""The command `verify`: what it prints, and its exit codes."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from core.generation.catalog import Catalog
from core.storage.object_names import SalesName, manifest_name, sales_name
from core.storage.object_store import LocalStore
from core.storage.publish import Request, publish

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parent.parent.parent
SCRIPT = ROOT / "scripts" / "verify.py"
DAY = date(2026, 2, 1)
UNITS = tuple(range(1, 6))
ORDERS = sales_name(SalesName("orders", DAY, 2, "window_1214"))


def _run(*options: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *options],
        capture_output=True, text=True, check=False, cwd=home.parent,
        env={**os.environ, "MRHEALTH_HOME": str(home)},
    )  # fmt: skip


@pytest.fixture
def bucket(home: Path, catalog: Catalog) -> LocalStore:
    """The configured bucket, with two windows."""
    store = LocalStore(home / "bucket")
    publish(store, Request((DAY,), catalog.windows[1:3], UNITS), catalog)
    return store


@pytest.mark.usefixtures("bucket")
def test_the_command_says_that_all_is_equal(home: Path) -> None:
    done = _run(home=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "20 objects" in done.stdout
    assert done.stdout.endswith(": all are equal.\n")
    assert "Loja Online" in done.stdout
    assert _run("--bucket", "--from", "2026-02-01", "--to", "2026-02-01", home=home).returncode == 0


def test_the_command_names_what_differs(home: Path, bucket: LocalStore) -> None:
    bucket.delete(ORDERS)
    done = _run("--date", "2026-02-01", home=home)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"DIFFERENT {ORDERS}: " in done.stdout
    assert done.stdout.endswith(": 1 difference.\n")


def test_the_command_looks_into_an_output_folder(home: Path, catalog: Catalog) -> None:
    output = LocalStore(home.parent / "output", hidden="raw/")
    publish(output, Request((DAY,), catalog.windows[:1], UNITS), catalog)
    assert (home.parent / "output" / "csv_sales").is_dir()
    assert _run("--output-dir", "output", home=home).returncode == 0
    name = sales_name(SalesName("orders", DAY, 3, catalog.windows[0].tag))
    output.path(name).write_bytes(b"x")
    done = _run("--output-dir", "output", home=home)
    assert done.returncode == 1
    assert name in done.stdout


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--from", "2026-02-30"], "2026-02-30"),
        (["--from", "2026-02-02", "--to", "2026-02-01"], "runs backwards"),
        (["--from", "2100-01-01"], "dates run from"),
        (["--output-dir", "nowhere"], "is not a folder"),
        (["--bucket", "--output-dir", "output"], "not allowed with"),
        (["--nonsense"], "unrecognized arguments"),
    ],
)
def test_bad_input_is_one_sentence(
    home: Path, bucket: LocalStore, options: list[str], sentence: str
) -> None:
    before = bucket.list("raw/")
    done = _run(*options, home=home)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert bucket.list("raw/") == before
    assert not (home.parent / "nowhere").exists()


@pytest.mark.usefixtures("bucket")
def test_the_command_says_when_there_was_nothing_to_compare(home: Path) -> None:
    done = _run("--from", "2027-01-01", home=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("Nothing was compared: no manifest")


def test_the_command_fails_where_only_the_manifests_are_gone(
    home: Path, bucket: LocalStore
) -> None:
    for tag in ("window_1214", "window_1416"):
        bucket.delete(manifest_name(DAY, tag))
    done = _run("--date", "2026-02-01", home=home)
    assert done.returncode == 1
    assert done.stdout.count("No manifest names it.") == 20


def test_the_command_explains_itself(home: Path) -> None:
    done = _run("--help", home=home)
    assert done.returncode == 0
    assert "examples:" in done.stdout
    assert "python scripts/verify.py" in done.stdout
