"""The diagnostics as a command: what it prints, and its exit codes."""

import re
from pathlib import Path

import pytest

from core import pipeline
from core.insight.diagnostics.checks import CHECKS
from core.platform import Platform
from tests.support.scenes import NOW, request, script

# Those of requirements-dev.txt may be others, so `packages` is left out where all must be fine.
FINE = [check.key for check in CHECKS if check.key != "packages"]


def test_all_fine_is_exit_code_0_and_makes_nothing(home: Path) -> None:
    done = script("diagnose.py", *FINE, env={"MRHEALTH_HOME": str(home)})
    assert done.returncode == 0
    assert done.stderr.startswith(f"note: the home {home} does not exist yet")
    assert done.stdout.splitlines()[-1] == "Needing attention: 0 of 25 checks; 21 are fine."
    assert not home.exists()


def test_what_needs_attention_is_exit_code_1_and_comes_first(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214"), NOW)
    env = {"MRHEALTH_HOME": str(platform.settings.home)}
    done = script("diagnose.py", *FINE, env=env)
    assert done.returncode == 1
    first, second, third, *_ = done.stdout.splitlines()
    assert first.startswith("ATTENTION  layers: Silver is not built")
    assert second.strip() == "Rebuild the layers."
    assert third.strip() == "python scripts/build_silver_layer.py"
    only = script("diagnose.py", *FINE, "--attention", env=env)
    assert "fine       " not in only.stdout
    assert only.stdout.count("ATTENTION") == 1


def test_settings_that_are_not_valid_are_exit_code_2() -> None:
    done = script("diagnose.py", env={"GCP_PROJECT_ID": "some-project"})
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.startswith("BROKEN     configuration: GCP_PROJECT_ID is set and")
    assert "export GCS_BUCKET_NAME=" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nothing",), "'nothing' is not a check: choose from configuration, project"),
        (("--days", "0"), "0 days are not possible: look at 1 to 366"),
        (("--days", "week"), "'week' is not a number of days"),
    ],
)
def test_what_cannot_be_asked_for_is_one_sentence(arguments: tuple[str, ...], told: str) -> None:
    done = script("diagnose.py", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"error: [^\n]+\.\n", done.stderr)
    assert told in done.stderr


def test_help_has_examples_that_name_the_script() -> None:
    done = script("diagnose.py", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "python scripts/diagnose.py" in done.stdout.partition("examples:")[2]
