"""generate_shards.py as a Cloud Run Job runs it: tasks as processes, told by their environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.platform import Platform
from core.settings import Settings
from tests.scripts.test_cloud_commands import environment
from tests.support.scenes import DAY, ROOT, count, files, objects, script

WEEKEND = ("--units", "3", "--from", str(DAY), "--to", "2026-02-04", "--windows", "12:00-14:00",
           "18:00-20:00")  # fmt: skip


def tasks(home: Path, count: int, *more: str) -> list[str]:
    """What the tasks of a job say, one after the other."""
    said = []
    home.mkdir(exist_ok=True)
    for index in range(count):
        done = script("generate_shards.py", *WEEKEND, *more, env={
            "MRHEALTH_HOME": str(home), "CLOUD_RUN_TASK_INDEX": str(index),
            "CLOUD_RUN_TASK_COUNT": str(count),
        })  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        said.append(done.stdout)
    return said


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_tasks_of_a_job_write_what_one_machine_writes(form: str, tmp_path: Path) -> None:
    said = tasks(tmp_path / "job", 3, "--format", form, "--load")
    shards = {"csv": 4, "parquet": 2}[form]
    (tmp_path / "machine").mkdir()
    assert said[0].startswith(f"Task 0 of 3, {-(-shards // 3)} of {shards} shards: ")
    done = script(
        "generate_fake_sales.py", "--units", "3", "--start-date", str(DAY), "--days", "2",
        *WEEKEND[-3:], "--format", form, "--workers", "2", "--upload", "--output-dir",
        str(tmp_path / "output"), env={"MRHEALTH_HOME": str(tmp_path / "machine")},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    job, machine = tmp_path / "job", tmp_path / "machine"
    assert files(job / "bucket") == files(machine / "bucket")
    both = [Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))
            for home in (job, machine)]  # fmt: skip
    for table in ("bronze.orders", "bronze.order_items", "bronze.units"):
        assert count(both[0], table) == count(both[1], table) > 0


def test_a_task_that_is_killed_and_run_again_leaves_the_same(tmp_path: Path) -> None:
    killed = subprocess.run(
        [sys.executable, "-m", "tests.support.bulk_worker", "4",
         str(ROOT / "scripts/generate_shards.py"),
         *WEEKEND, "--task-count", "2", "--workers", "1"],
        cwd=ROOT, env={**os.environ, "MRHEALTH_HOME": str(tmp_path / "killed")}, check=False,
        capture_output=True,
    )  # fmt: skip
    assert killed.returncode == -9
    assert files(tmp_path / "killed" / "bucket")
    for history in (tmp_path / "killed").glob("runs.sqlite*"):
        history.unlink()  # the next try is in another container, which knows of no run
    tasks(tmp_path / "killed", 2)
    tasks(tmp_path / "undisturbed", 2)
    assert files(tmp_path / "killed" / "bucket") == files(tmp_path / "undisturbed" / "bucket")


@pytest.mark.cloud_at_night
def test_a_job_on_the_cloud_writes_the_same_and_loads_it(
    cloud_settings: Settings, tmp_path: Path
) -> None:
    assert cloud_settings.cloud
    where = environment(cloud_settings.cloud, cloud_settings)
    for index in ("0", "1"):
        done = script("generate_shards.py", *WEEKEND, "--load", "--task-index", index,
                      "--task-count", "2", "--workers", "1", env=where)  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
    tasks(tmp_path / "folder", 1, "--load")
    cloud = Platform.of(cloud_settings)
    folder = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path / "folder")}))
    assert objects(cloud.store) == files(tmp_path / "folder" / "bucket")
    for table in ("bronze.orders", "bronze.order_items", "bronze.units"):
        assert count(cloud, table) == count(folder, table) > 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--task-index", "2", "--task-count", "2"), "Task 2 of 2 does not exist: use 0 to 1"),
        (("--task-count", "0"), "0 tasks are not possible"),
        (("--workers", "0"), "0 workers are not possible"),
        (("--windows", "10:00-11:00"), "is not a business window"),
    ],
)
def test_what_is_not_possible_is_one_sentence(
    arguments: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    done = script("generate_shards.py", *arguments, env={"MRHEALTH_HOME": str(tmp_path / "home")})
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_load_that_takes_too_many_jobs_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    where = {"MRHEALTH_HOME": str(tmp_path), "GCP_PROJECT_ID": "my-project",
             "GCS_BUCKET_NAME": "my-bucket", "CLOUD_RUN_TASK_INDEX": "x"}  # fmt: skip
    many = ("--units", "20000", "--from", "2026-01-01", "--to", "2026-12-31", "--windows", "--load")
    done = script("generate_shards.py", *many, "--task-index", "0", env=where)
    assert done.returncode == 2
    assert "and BigQuery takes 30,000 a day: use --format parquet" in done.stderr
    done = script("generate_shards.py", *many, env=where)
    assert "CLOUD_RUN_TASK_INDEX is 'x': use a whole number." in done.stderr
