"""The Beam pipeline in its own environment: the bytes of one machine, killed and run again."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from core.generation.windows import dates_between, parse_date
from core.operations import bulk
from core.operations.workers import Workers
from core.platform import Platform
from core.settings import Settings
from core.storage.publish import Request
from core.storage.shards import Format, ShardedRequest
from local_cloud.installs import python_of
from tests.support.missing import require_environment
from tests.support.scenes import NOW, ROOT, count, files

pytestmark = pytest.mark.processes

REQUIREMENTS = ROOT / "beam" / "requirements.txt"
DATES = ("2026-02-01", "2026-02-02")
# Parquet files name the release of Arrow that wrote them, which is an older one where Beam is.
_WRITER = re.compile(rb"parquet-cpp-arrow version [0-9.]+")


@pytest.fixture(scope="module")
def python() -> Path:
    """The Python of Beam's environment."""
    return python_of(require_environment("beam", "Tests of Beam", REQUIREMENTS))


def beam(python: Path, home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The pipeline on this machine, killed where the arguments begin with a number."""
    pipeline: tuple[str, ...] = ("-m", "beam.pipeline")
    if arguments[0].isdecimal():
        pipeline = (
            "-m",
            "tests.support.bulk_worker",
            arguments[0],
            str(ROOT / "beam" / "pipeline.py"),
        )
        arguments = arguments[1:]
    return subprocess.run(
        [python, *pipeline, "--units", "2", "--from", DATES[0], "--to", DATES[1], *arguments],
        cwd=ROOT, env={**os.environ, "MRHEALTH_HOME": str(home)},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def at(home: Path) -> Platform:
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))


def made_here(home: Path, form: Format) -> Platform:
    """The same request, uploaded by this process."""
    platform = at(home)
    dates = tuple(dates_between(*map(parse_date, DATES)))
    plan = ShardedRequest(Request(dates, platform.catalog.windows[1:2], (1, 2)), form)
    with Workers(1) as here:
        bulk.upload_all(platform, plan, here, NOW)
    return platform


def without_writer(tree: dict[str, bytes]) -> dict[str, object]:
    """A bucket without what names the release of Arrow: the name, and checksums of what has it."""
    plain: dict[str, object] = {}
    for name, data in tree.items():
        if name.endswith("parquet.json"):
            manifest = json.loads(data)
            sums = [manifest[kind].pop("crc32c") for kind in ("orders", "order_items")]
            plain[name] = (manifest, len(sums))
        else:
            plain[name] = _WRITER.sub(b"", data)
    return plain


def test_the_pipeline_writes_the_bytes_of_one_machine_also_after_a_kill(
    python: Path, tmp_path: Path
) -> None:
    lunch = ("--windows", "12:00-14:00", "--load")
    killed = beam(python, tmp_path / "beam", "2", *lunch)
    assert killed.returncode == -9
    done = beam(python, tmp_path / "beam", *lunch)
    assert done.returncode == 0, done.stderr
    here, there = made_here(tmp_path / "here", Format.CSV), at(tmp_path / "beam")
    assert files(tmp_path / "beam" / "bucket") == files(tmp_path / "here" / "bucket")
    for table in ("bronze.orders", "bronze.order_items", "bronze.units"):
        assert count(there, table) == count(here, table) > 0


def test_parquet_differs_in_the_name_of_its_writer_alone_and_counts_as_complete(
    python: Path, tmp_path: Path
) -> None:
    done = beam(python, tmp_path / "beam", "--windows", "12:00-14:00", "--format", "parquet")
    assert done.returncode == 0, done.stderr
    made = files(tmp_path / "beam" / "bucket")
    made_here(tmp_path / "here", Format.PARQUET)
    assert without_writer(made) == without_writer(files(tmp_path / "here" / "bucket"))
    made_here(tmp_path / "beam", Format.PARQUET)
    assert files(tmp_path / "beam" / "bucket") == made


def test_what_is_not_possible_is_one_sentence(python: Path, tmp_path: Path) -> None:
    done = beam(python, tmp_path / "home", "--windows", "10:00-11:00")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not a business window" in done.stderr
    assert not (tmp_path / "home").exists()
