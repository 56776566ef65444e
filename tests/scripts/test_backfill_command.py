"""Command lines that change anything are runs, one at a time on a window; and backfill.py."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import pipeline
from core.operations import jobs
from core.operations.runs import Ending, Run, RunHistory, RunState
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.storage.publish import Request, publish
from tests.support.scenes import DAY, NOW, ROOT, count, files, request, script

INCREMENTAL = ("generate_incremental_sales.py", "--window-start", "12:00", "--window-end", "14:00",
               "--date", str(DAY), "--units", "2")  # fmt: skip
BACKFILL = ("backfill.py", "--date", str(DAY), "--units", "2")


def home(platform: Platform) -> dict[str, str]:
    platform.settings.home.mkdir(exist_ok=True)
    return {"MRHEALTH_HOME": str(platform.settings.home)}


def history(platform: Platform) -> RunHistory:
    return RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))


def newest(platform: Platform) -> Run:
    return history(platform).list_recent(1)[0]


def started(platform: Platform, cwd: Path, *arguments: str) -> "subprocess.Popen[str]":
    name, *rest = arguments
    return subprocess.Popen(
        [sys.executable, str(ROOT / "scripts" / name), *rest], cwd=cwd,
        env={**os.environ, **home(platform)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def in_bronze_once(platform: Platform, tags: set[str]) -> None:
    """Every object of these windows, exactly once."""
    lines = [line for line in pipeline.compare(platform, (DAY, DAY), NOW, 2).lines
             if line.window_tag in tags]  # fmt: skip
    assert {line.verdict for line in lines} == {Verdict.IN_BRONZE}
    expected = sum(line.expected or 0 for line in lines if line.table == "orders")
    assert count(platform, "bronze.orders") == expected > 0


def test_help_has_examples_that_name_the_script() -> None:
    done = script("backfill.py", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "python scripts/backfill.py" in done.stdout.partition("examples:")[2]


def test_a_dry_run_prints_the_plan_and_starts_nothing(platform: Platform) -> None:
    done = script(*BACKFILL, "--windows", "12:00-14:00", "18:00-20:00", "--dry-run",
                  env=home(platform))  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    heading, *rows, total = done.stdout.splitlines()
    assert heading.split()[:3] == ["date", "window", "state"]
    assert [row.split()[:3] for row in rows] == [
        [str(DAY), "12:00-14:00", "missing"], [str(DAY), "18:00-20:00", "missing"]
    ]  # fmt: skip
    assert total.startswith("2 of 2 windows are to be generated: 8 objects, ")
    assert not platform.settings.runs_file.exists()
    assert not platform.settings.bucket_folder.exists()


def test_a_backfill_fills_and_is_kept_as_a_run_of_a_script(platform: Platform) -> None:
    done = script(*BACKFILL, "--windows", "12:00-14:00", env=home(platform))
    assert (done.returncode, done.stderr) == (0, "")
    run = newest(platform)
    assert (run.kind, run.who, run.state) == ("backfill", "script", RunState.SUCCEEDED)
    assert done.stdout == f"{run.result}\n"
    in_bronze_once(platform, {"window_1214"})
    again = script(*BACKFILL, "--windows", "12:00-14:00", env=home(platform))
    assert again.stdout == "None of 1 windows is to be generated (1 as expected).\n"
    assert newest(platform).id == run.id


def test_windows_that_fail_are_told_and_end_with_1(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214", seed=1), NOW)
    arguments = (*BACKFILL, "--windows", "10:00-12:00", "12:00-14:00", "--mode", "all",
                 "--seed", "2")  # fmt: skip
    done = script(*arguments, env=home(platform))
    assert done.returncode == 1
    assert done.stdout.startswith(f"FAILED {DAY} 12:00-14:00: 4 objects exist with other content")
    assert done.stderr.startswith("error: 1 of 2 windows failed")
    assert newest(platform).state is RunState.FAILED
    replaced = script(*arguments, "--overwrite", env=home(platform))
    assert (replaced.returncode, replaced.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--windows", "12:00-15:00"), "12:00-15:00 is not a business window"),
        (("--mode", "some"), "argument --mode: invalid choice: 'some'"),
        (("--from", "2026-02-02"), "--date does not go with --from"),
    ],
)
def test_wrong_input_is_a_sentence(
    platform: Platform, arguments: tuple[str, ...], told: str
) -> None:
    done = script(*BACKFILL, *arguments, env=home(platform))
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [BACKFILL, (*INCREMENTAL, "--upload")], ids=lambda a: a[0])
def test_two_processes_at_once_do_the_work_exactly_once(
    platform: Platform, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    both = [started(platform, folder, *arguments) for folder in folders]
    told = [(each.communicate(timeout=120), each.returncode) for each in both]
    codes = sorted(code for _, code in told)
    assert codes in ([0, 0], [0, 75])
    for (_, errors), code in told:
        assert ("works on" in errors and "wait until it ends." in errors) == (code == 75)
    tags = {window.tag for window in platform.catalog.windows}
    in_bronze_once(platform, tags if arguments is BACKFILL else {"window_1214"})


@pytest.mark.parametrize(
    ("arguments", "claimed"),
    [
        (BACKFILL, "12:00"),
        ((*INCREMENTAL, "--upload"), "12:00"),
        (INCREMENTAL, "output"),
        (("build_silver_layer.py",), "silver"),
        (("ingest_pending.py",), "pending"),
        (("generate_fake_sales.py", "--start-date", str(DAY), "--end-date", str(DAY), "--units",
          "1", "--upload"), "whole day"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)  # fmt: skip
def test_what_another_run_works_on_is_refused_with_75(
    platform: Platform, tmp_path: Path, arguments: tuple[str, ...], claimed: str
) -> None:
    window = Request((DAY,), platform.catalog.windows[1:2], (1, 2))
    running = {
        "12:00": jobs.upload(window),
        "whole day": jobs.upload(Request((DAY,), (), (1,))),
        "output": jobs.generation(window, str(tmp_path / "output")),
        "silver": jobs.rebuild(["silver"]),
        "pending": jobs.ingestion(),
    }[claimed]
    holder = history(platform).enqueue(running)
    done = script(*arguments, cwd=tmp_path, env=home(platform))
    assert (done.returncode, done.stdout) == (75, "")
    assert done.stderr.startswith(f"error: Run {holder.id} ({running.title}) works on ")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.glob("output/**/*.csv")) == []
    assert history(platform).finish(holder.id, Ending(RunState.SUCCEEDED))


def test_each_command_that_changes_anything_is_kept_with_its_result(
    platform: Platform, tmp_path: Path
) -> None:
    said = []
    for arguments in (
        (*INCREMENTAL, "--upload"), ("ingest_pending.py",), ("build_silver_layer.py",), INCREMENTAL,
    ):  # fmt: skip
        done = script(*arguments, cwd=tmp_path, env=home(platform))
        assert (done.returncode, done.stderr) == (0, "")
        said.append(" ".join(done.stdout.splitlines()))
    runs = history(platform).list_recent(10)[::-1]
    assert [run.kind for run in runs] == ["upload", "ingest", "rebuild", "generate"]
    assert {run.who for run in runs} == {"script"}
    assert {run.state for run in runs} == {RunState.SUCCEEDED}
    kept = [run.result for run in runs]
    assert [kept[0], kept[1], kept[3]] == [said[0], said[1], said[3]]
    assert kept[2].startswith("Silver rebuilt: ")


def test_a_command_that_fails_is_kept_with_its_sentence(platform: Platform, tmp_path: Path) -> None:
    pipeline.upload(platform, request("window_1214", seed=1), NOW)
    done = script(*INCREMENTAL, "--seed", "2", "--upload", cwd=tmp_path, env=home(platform))
    run = newest(platform)
    assert (done.returncode, run.state, run.error_type) == (2, RunState.FAILED, "ConflictError")
    assert done.stderr == f"error: {run.error}\n"
    assert [failed.id for failed in history(platform).list_unresolved(5)] == [run.id]


def test_files_are_generated_without_a_platform_and_beside_a_closed_one(tmp_path: Path) -> None:
    alone = script(*INCREMENTAL, cwd=tmp_path)
    assert (alone.returncode, alone.stderr) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["output"]
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    where = {"MRHEALTH_HOME": str(closed)}
    done = script(*INCREMENTAL, "--output-dir", "other", cwd=tmp_path, env=where, mighty=False)
    assert done.returncode == 0
    assert done.stderr.startswith("note: this is not in the history of runs. Cannot use the run")
    assert files(tmp_path / "other") == files(tmp_path / "output")
    assert list(closed.iterdir()) == []


def test_several_processes_fill_what_one_fills(platform: Platform, tmp_path: Path) -> None:
    tags = {"window_1214", "window_1820"}
    chosen = ("--windows", "12:00-14:00", "18:00-20:00")
    done = script(*BACKFILL, *chosen, "--workers", "2", env=home(platform))
    assert (done.returncode, done.stderr) == (0, "")
    in_bronze_once(platform, tags)
    alone = script(*BACKFILL, *chosen, env={"MRHEALTH_HOME": str(tmp_path / "alone")})
    assert done.stdout == alone.stdout == f"{newest(platform).result}\n"
    assert files(platform.settings.bucket_folder) == files(tmp_path / "alone" / "bucket")


def test_a_window_that_fails_in_a_process_does_not_stop_the_others(platform: Platform) -> None:
    publish(platform.store, request("window_1214", seed=7), platform.catalog)
    done = script(*BACKFILL, "--windows", "12:00-14:00", "18:00-20:00", "--seed", "8",
                  "--mode", "all", "--workers", "2", env=home(platform))  # fmt: skip
    assert done.returncode == 1
    assert f"FAILED {DAY} 12:00-14:00: " in done.stdout
    assert "1 of 2 windows failed" in done.stderr
    in_bronze_once(platform, {"window_1214", "window_1820"})  # what stood there is loaded, too
