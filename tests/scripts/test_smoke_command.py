"""The command line of the smoke test, and the commands of Google's CLI that it runs."""

from pathlib import Path

import pytest

from cloud_function.smoke.checks import CHECKS, COMMANDS
from tests.support.google_parsers import not_understood_by_bq, understood
from tests.support.scenes import ROOT, script

PROJECT = {"GCP_PROJECT_ID": "some-project", "GCS_BUCKET_NAME": "some-bucket"}
VALUES = {
    "project": "some-project", "region": "us-central1", "own": "mrhealth-smoke-0123456789ab",
    "bucket": "mrhealth-smoke-0123456789ab", "prefix": "mrhealth_smoke_0123456789ab",
    "generator_url": "https://x.run.app", "body": '{"units": 3, "seed": 4}', "cpu": "333m",
    "memory": "512Mi", "image": "us-central1-docker.pkg.dev/p/gcf-artifacts/g@sha256:00",
}  # fmt: skip


def filled(program: str) -> list[list[str]]:
    return [
        [part.format_map(VALUES) for part in command[1:]]
        for command in COMMANDS if command[0] == program
    ]  # fmt: skip


def test_gcloud_and_bq_understand_every_command(tmp_path: Path) -> None:
    tried = filled("gcloud")
    assert len(tried) + len(filled("bq")) == len(COMMANDS)
    codes = understood([*tried, ["scheduler", "jobs", "run", "x", "--no-such-flag"]], tmp_path)
    assert codes.pop() == 2
    wrong = [command for command, code in zip(tried, codes, strict=True) if code not in {0, 1}]
    assert wrong == []
    assert not_understood_by_bq(filled("bq"), tmp_path) == []


def test_the_plan_names_every_check_and_what_is_made_without_asking_google() -> None:
    done = script("smoke_cloud.py", "--dry-run", "--date", "2011-03-04", env=PROJECT)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(check.name in done.stdout and check.proves in done.stdout for check in CHECKS)
    assert "uses 2011-03-04 alone" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--clean", "all"), "'all' is not the token of a run"),
        (("--date", "2099-01-01"), "2099-01-01 is not past"),
        (("--date", "1999-01-01"), "1999-01-01 is out of range"),
        (("--wait", "-1"), "--wait -1 is not possible"),
        (("--speed-units", "5001"), "--speed-units 5001 is not possible"),
        (("--json", "no/such/folder/x.json"), "its folder does not exist"),
    ],
)
def test_wrong_input_is_one_sentence(arguments: tuple[str, ...], said: str) -> None:
    done = script("smoke_cloud.py", *arguments, env=PROJECT)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_a_deployment_to_try_it_says_what_to_set() -> None:
    done = script("smoke_cloud.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert "GCP_PROJECT_ID and GCS_BUCKET_NAME are not set" in done.stderr


def test_the_documents_have_every_check() -> None:
    page = (ROOT / "docs" / "smoke-test.md").read_text(encoding="utf-8")
    assert all(f"| `{check.name}` |" in page for check in CHECKS)
