"""Google's own parsers of `gcloud` and `bq`, where the Google Cloud CLI is installed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent


def sdk() -> Path:
    """The CLI's folder; the test is skipped where there is none."""
    found = shutil.which("gcloud")
    root = Path(found).resolve().parent.parent if found else Path()
    if not found or not (root / "lib" / "googlecloudsdk").is_dir():
        pytest.skip("gcloud is not installed")
    return root


def understood(tried: list[list[str]], folder: Path) -> list[int]:
    """gcloud's exit code of each command: 2 where it does not understand it."""
    codes: list[int] = _parsed("gcloud_parser.py", tried, folder, {})
    return codes


def not_understood_by_bq(tried: list[list[str]], folder: Path) -> list[list[str]]:
    """The commands that bq does not understand."""
    # Without gcloud on PATH bq ends at once where it would look for who is signed in.
    said: list[str] = _parsed("bq_parser.py", tried, folder, {"PATH": str(folder)})
    assert all(said)
    return [command for command, text in zip(tried, said, strict=True) if "FATAL" in text]


def _parsed(
    parser: str, tried: list[list[str]], folder: Path, environment: dict[str, str]
) -> list[Any]:
    given = {
        **os.environ, "CLOUDSDK_CONFIG": str(folder), "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
        "HOME": str(folder), **environment,
    }  # fmt: skip
    given.pop("CLOUDSDK_AUTH_ACCESS_TOKEN", None)
    done = subprocess.run(
        [sys.executable, "-S", str(Path(__file__).parent / parser), str(sdk())],
        input=json.dumps(tried), env=given, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    answers: list[Any] = json.loads(done.stdout.strip().rpartition("\n")[2] or "[]")
    assert len(answers) == len(tried), done.stderr
    return answers
