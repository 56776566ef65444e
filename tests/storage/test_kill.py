"""kill -9 at any moment of publish, ingest or rebuild, then the same again: nothing differs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.bronze.ingest import list_pending
from core.pipeline import compare
from core.reconcile.compare import Verdict
from tests.support.kill_worker import BAD_NAME, STEPS, WINDOWS, platform_at
from tests.support.scenes import DAY, NOW, ROOT, files, held_open, tables

pytestmark = pytest.mark.processes

# Two lanes at a time; how often each platform's work is killed at random moments.
SHORT = [[2], [2]]
LONG = [[4, 5, 1, 3, 5, 4, 3], [5, 2, 5, 4, 3, 1, 5]]


def _tree(home: Path) -> dict[str, bytes]:
    """Every file of a platform's bucket, without the generations in reports."""
    tree = files(home / "bucket")
    for name, data in tree.items():
        if name.endswith("_error.json"):
            report = json.loads(data)
            report.pop("generation")
            tree[name] = json.dumps(report).encode()
    return tree


@pytest.mark.parametrize(
    ("times", "lanes_kills"),
    [
        pytest.param(1, SHORT, id="short"),
        pytest.param(3, LONG, id="long", marks=pytest.mark.nightly),
    ],
)
def test_after_any_kill_the_same_command_gives_the_undisturbed_result(
    times: int, lanes_kills: list[list[int]], tmp_path: Path
) -> None:
    lanes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.support.kill_worker", str(tmp_path), str(number),
             str(times), *map(str, kills)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number, kills in enumerate(lanes_kills)
    ]  # fmt: skip
    answers = []
    for lane in lanes:
        out, errors = lane.communicate(timeout=900)
        assert lane.returncode == 0, errors
        answers.append(json.loads(out))
        assert all(answers[-1]["endings"]), errors
    assert sum(answer["kills"] for answer in answers) == sum(map(sum, lanes_kills))
    assert {step for answer in answers for step in answer["steps"]} == STEPS

    undisturbed = platform_at(tmp_path / "lane0")
    tree, content = _tree(tmp_path / "lane0"), tables(undisturbed)
    assert {name.partition(".")[0] for name in content} == {"bronze", "silver", "gold"}
    assert any(name.startswith("quarantine/") for name in tree)
    for home in sorted(path for path in tmp_path.iterdir() if path.is_dir()):
        platform = platform_at(home)
        assert _tree(home) == tree, home.name
        assert not (home / "bucket" / ".staging").exists()
        with held_open(platform):
            assert tables(platform) == content, home.name
            ingested = platform.warehouse.generations(platform.store.bucket)
            assert list_pending(platform.store, ingested) == []
            wrong = {
                line.name
                for line in compare(platform, (DAY, DAY), NOW, 2).lines
                if line.verdict is not Verdict.IN_BRONZE
                and line.window_tag in (*WINDOWS, "window_1012")
            }
        assert BAD_NAME in wrong
        assert not any(tag in name for name in wrong for tag in WINDOWS)
