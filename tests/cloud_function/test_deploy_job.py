"""The Cloud Run Job: its tasks run the command line that is tested, in the image that is built."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from cloud_function.deploy.__main__ import main
from cloud_function.deploy.job import USUAL_TASKS, Job, job_steps
from core.errors import InputError
from core.storage.shards import Format, ShardedRequest
from tests.cloud_function.test_deploy_panel import app  # noqa: F401 - the image's folder, a fixture
from tests.support.scenes import ROOT

WEEK = (date(2026, 2, 1), date(2026, 2, 7))
LUNCH = Job(WEEK, 3, ("12:00-14:00",), "csv", seed=7, load=False)


def deployed(job: Job) -> list[str]:
    return next(list(step.command) for step in job_steps(job) if step.name == "job")


def value(words: list[str], flag: str) -> str:
    (found,) = [word for word in words if word.startswith(f"{flag}=")]
    return found.removeprefix(f"{flag}=")


def test_what_a_task_runs_is_in_the_image_and_makes_its_share(app: Path, tmp_path: Path) -> None:  # noqa: F811
    words = deployed(LUNCH)
    assert value(words, "--command") == "python"
    (tmp_path / "home").mkdir()
    done = subprocess.run(
        [sys.executable, *value(words, "--args").split(",")], cwd=app, check=False, text=True,
        env={**os.environ, "MRHEALTH_HOME": str(tmp_path / "home"), "CLOUD_RUN_TASK_INDEX": "2",
             "CLOUD_RUN_TASK_COUNT": value(words, "--tasks")},
        capture_output=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Task 2 of 7, 1 of 7 shards: ")


@pytest.mark.parametrize("windows", [None, (), ("12:00-14:00", "18:00-20:00")])
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_shards_are_counted_as_the_plan_has_them(
    windows: tuple[str, ...] | None, form: str
) -> None:
    from core.generation.catalog import load_catalog
    from core.generation.windows import dates_between
    from core.storage.publish import Request

    every = load_catalog().windows
    chosen = () if windows is None else tuple(
        window for window in every if not windows or window.hours in windows
    )  # fmt: skip
    plan = ShardedRequest(Request(tuple(dates_between(*WEEK)), chosen, (1,)), Format(form))
    assert Job(WEEK, 1, windows, form).shards == len(plan.shards)


def test_a_large_job_has_the_usual_tasks_unless_more_are_asked_for() -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    assert value(deployed(Job(year, 5000)), "--tasks") == str(USUAL_TASKS)
    assert value(deployed(Job(year, 5000, tasks=365)), "--tasks") == "365"
    assert value(deployed(Job(WEEK, 5000)), "--tasks") == "7"


def test_its_account_is_its_own_and_reaches_bucket_and_bronze_alone() -> None:
    words = deployed(LUNCH)
    assert value(words, "--service-account").startswith("mrhealth-bulk@")
    given = [" ".join(step.command) for step in job_steps(LUNCH) if step.name.startswith("role ")]
    assert len(given) == 4
    assert not any("silver" in text or "gold" in text for text in given)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("job", "--units", "50"), "The job needs --units, --from and --to"),
        (("job", "--units", "0", "--from", "2026-02-01", "--to", "2026-02-01"), "0 units are not"),
        (("job", "--units", "5", "--from", "2026-02-02", "--to", "2026-02-01"), "before"),
        (("job", "--units", "5", "--from", "2026-02-01", "--to", "2026-02-01", "--tasks", "0"),
         "0 tasks are not possible"),
        (("job", "--units", "5", "--from", "2026-02-01", "--to", "2026-02-01", "--windows", "1-2"),
         "is not a"),
        (("panel", "--units", "5"), "are for the job: write `job` first"),
        (("functions", "--windows"), "are for the job: write `job` first"),
    ],
)  # fmt: skip
def test_what_is_not_possible_is_one_sentence(
    arguments: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("GCP_PROJECT_ID", "my-project")
    monkeypatch.setenv("GCS_BUCKET_NAME", "my-bucket")
    assert main([*arguments, "--dry-run"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert told in said.err


def test_seven_windows_are_asked_for_without_a_value() -> None:
    with pytest.raises(InputError, match="tasks are not possible"):
        Job(WEEK, 1, (), tasks=10_001)
    assert Job(WEEK, 1, ()).shards == 49
    assert Job(WEEK, 1, ()).arguments[-1] == "--windows"
    assert ROOT.joinpath(Job(WEEK, 1).arguments[0]).is_file()
