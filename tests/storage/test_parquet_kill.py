"""kill -9 on the way of a day in Parquet to Bronze, then the same again: nothing differs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.bronze.ingest import list_pending
from tests.support.parquet_kill_worker import STEPS, platform_at, work
from tests.support.scenes import ROOT, files, tables

pytestmark = pytest.mark.processes


def test_after_a_kill_at_any_step_the_same_gives_the_undisturbed_result(tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.parquet_kill_worker", str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["steps"] == [*STEPS]
    assert not any(answer["endings"]), done.stderr
    assert len(answer["endings"]) == len(STEPS) + sum(STEPS.values())

    undisturbed = tmp_path / "undisturbed"
    work(undisturbed)
    tree, content = files(undisturbed / "bucket"), tables(platform_at(undisturbed))
    assert len(tree) == 3
    assert len(content["bronze._ingested_objects"]) == 2
    for number, step in enumerate(STEPS):
        platform = platform_at(folder / str(number))
        assert files(folder / str(number) / "bucket") == tree, step
        assert tables(platform) == content, step
        assert (
            list_pending(platform.store, platform.warehouse.generations(platform.store.bucket))
            == []
        )
