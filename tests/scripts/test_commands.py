"""The command lines as processes: flags and defaults, errors in a sentence, exit codes, quiet."""

import os
import pty
import re
import select
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from core.pipeline import ingest_pending, upload
from core.platform import Platform
from core.storage.object_store import NewObject
from tests.support.scenes import DAY, NOW, ORDERS_NAME, ROOT, files, request, rows, script
from tests.support.validate_files import file, order

INCREMENTAL = "generate_incremental_sales.py"
BULK = "generate_fake_sales.py"
LUNCH = ("--window-start", "12:00", "--window-end", "14:00")
SCRIPTS = [INCREMENTAL, BULK, "build_silver_layer.py", "build_gold_layer.py",
           "build_aggregations.py", "ingest_pending.py", "reconcile.py"]  # fmt: skip


def _fails(done: "subprocess.CompletedProcess[str]", code: int = 2) -> str:
    """The one sentence on standard error of a command that fails; a new home is named before."""
    assert (done.returncode, done.stdout) == (code, "")
    found = re.fullmatch(r"(?:note: the home [^\n]+\n)?(error: [^\n]+\.\n)", done.stderr)
    assert found, done.stderr
    return found[1]


@pytest.mark.parametrize("name", SCRIPTS)
def test_help_has_examples_that_name_the_script(name: str) -> None:
    done = script(name, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"python scripts/{name}" in done.stdout.partition("examples:")[2]


def test_help_shows_the_guide_s_flags_and_defaults() -> None:
    shown = " ".join(script(INCREMENTAL, "--help").stdout.split())
    for flag in ("--window-start HH:MM", "--window-end HH:MM", "--date YYYY-MM-DD", "--units N",
                 "--output-dir DIR", "--upload", "--seed N"):  # fmt: skip
        assert flag in shown
    assert "units (default: 50)" in shown
    assert "output folder (default: output)" in shown
    assert "default: today" in shown


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((*LUNCH, "--date", "2026-02-30"), "'2026-02-30' is not a date: write YYYY-MM-DD"),
        ((*LUNCH, "--date", "03/02/2026"), "'03/02/2026' is not a date"),
        ((*LUNCH, "--date", "1999-01-01"), "1999-01-01 is out of range"),
        ((*LUNCH, "--units", "0"), "0 units are not possible: ask for 1 to"),
        ((*LUNCH, "--units", "-3"), "-3 units are not possible"),
        ((*LUNCH, "--units", "many"), "'many' is not a number of units"),
        ((*LUNCH, "--seed", "-1"), "Seed -1 is not possible"),
        ((*LUNCH, "--seed", "1.5"), "'1.5' is not a seed"),
        ((*LUNCH, "--unit", "3"), "unrecognized arguments: --unit 3"),
        (("--window-start", "11:00", "--window-end", "14:00"), "12:00-14:00"),
        (("--window-start", "12:00", "--window-end", "12:30"), "22:00-24:00"),
        (("--window-start", "14:00", "--window-end", "12:00"), "14:00-12:00 is not a business"),
        (("--window-start", "noon", "--window-end", "14:00"), "noon-14:00 is not a business"),
        (("--window-start", "12:00"), "required: --window-end"),
        ((*LUNCH, "--date", "2026-2-1"), "'2026-2-1' is not a date"),
        ((*LUNCH, "--output-dir", ""), "'' is not the path of a folder"),
        ((*LUNCH, "--output-dir", "~nobody-of-this-name/x"), "is not the path of a folder"),
        ((*LUNCH, "--output-dir", "/proc/none"), "Cannot write to /proc/none"),
    ],
)
def test_wrong_input_is_a_sentence_and_no_file(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    assert told in _fails(script(INCREMENTAL, *arguments, "--upload", cwd=tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--days", "0"), "--days 0 is not possible"),
        (("--start-date", "2026-02-30"), "is not a date"),
        (("--start-date", "2026-02-03", "--end-date", "2026-02-01"), "runs backwards"),
        (("--start-date", "2026-02-01", "--end-date", "2026-02-03", "--days", "2"), "--days does"),
        (("--min-orders", "9", "--max-orders", "8", "--days", "1"), "9 to 8 orders"),
        (("--min-orders", "-1", "--days", "1"), "-1 to 50 orders"),
    ],
)
def test_wrong_input_of_the_bulk_command_is_a_sentence_and_no_file(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    assert told in _fails(script(BULK, *arguments, "--units", "1", cwd=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_folder_is_a_sentence_and_no_file(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    told = _fails(script(INCREMENTAL, *LUNCH, "--output-dir", str(closed), mighty=False))
    assert told == f"error: Cannot write to {closed}: Permission denied.\n"
    upload_there = (*LUNCH, "--output-dir", str(tmp_path / "out"), "--upload")
    home = {"MRHEALTH_HOME": str(closed)}
    uploaded = script(INCREMENTAL, *upload_there, mighty=False, env=home)
    assert uploaded.returncode == 2
    assert re.fullmatch(r"error: Cannot write to [^\n]+: Permission denied\.\n", uploaded.stderr)
    assert files(closed) == {}


def test_a_file_in_the_place_of_a_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("a file")
    assert "Cannot write to" in _fails(script(INCREMENTAL, *LUNCH, cwd=tmp_path))
    assert files(tmp_path) == {"output": b"a file"}


def test_a_full_disk_is_a_sentence_and_no_file(tmp_path: Path) -> None:
    limited = ["bash", "-c", 'ulimit -f 1; exec "$@"', "bash", sys.executable]
    done = subprocess.run(
        [*limited, str(ROOT / "scripts" / BULK), "--units", "2", "--days", "2",
         "--min-orders", "40", "--output-dir", str(tmp_path / "out")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "Cannot write to" in _fails(done)
    assert files(tmp_path) == {}


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"GCP_PROJECT_ID": "p"}, "GCP_PROJECT_ID is set and GCS_BUCKET_NAME is not"),
        ({"GCS_BUCKET_NAME": "b"}, "GCS_BUCKET_NAME is set and GCP_PROJECT_ID is not"),
        ({"MRHEALTH_WAIT_S": "soon"}, "MRHEALTH_WAIT_S is 'soon'"),
        ({"MRHEALTH_DATASET_PREFIX": "a-b"}, "MRHEALTH_DATASET_PREFIX is 'a-b'"),
    ],
)
def test_wrong_settings_are_a_sentence_and_no_file(
    tmp_path: Path, environment: dict[str, str], told: str
) -> None:
    done = script(INCREMENTAL, *LUNCH, "--upload", cwd=tmp_path, env=environment)
    assert told in _fails(done)
    assert list(tmp_path.iterdir()) == []


def test_half_the_cloud_settings_do_not_disturb_what_stays_local(tmp_path: Path) -> None:
    done = script(INCREMENTAL, *LUNCH, "--units", "1", cwd=tmp_path, env={"GCP_PROJECT_ID": "p"})
    assert (done.returncode, done.stderr) == (0, "")


def test_a_conflict_in_the_bucket_is_found_before_the_output_is_written(
    platform: Platform, tmp_path: Path
) -> None:
    upload(platform, request("window_1214", units=(1,), seed=1), NOW)
    before = files(platform.settings.home / "bucket")
    arguments = (*LUNCH, "--date", str(DAY), "--units", "1", "--upload")
    home = {"MRHEALTH_HOME": str(platform.settings.home)}
    told = _fails(script(INCREMENTAL, *arguments, "--seed", "2", cwd=tmp_path, env=home))
    assert "nothing was written" in told
    assert not (tmp_path / "output").exists()
    assert files(platform.settings.home / "bucket") == before
    replaced = script(INCREMENTAL, *arguments, "--seed", "2", "--overwrite", cwd=tmp_path, env=home)
    assert (replaced.returncode, "2 replaced" in replaced.stdout) == (0, True)


def test_bulk_data_and_their_refusal_to_mix(tmp_path: Path) -> None:
    bulk = ("--units", "2", "--start-date", "2026-02-01", "--end-date", "2026-02-02",
            "--min-orders", "0", "--max-orders", "0")  # fmt: skip
    done = script(BULK, *bulk, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    tree = files(tmp_path / "output")
    assert {name for name in tree if name.endswith(".csv")} == {
        f"csv_sales/2026/02/0{day}/unit_00{unit}/{name}.csv"
        for day in (1, 2) for unit in (1, 2) for name in ("pedido", "item_pedido")
    } | {
        "reference_data/produto.csv", "reference_data/unidade.csv", "reference_data/estado.csv",
        "reference_data/pais.csv",
    }  # fmt: skip
    mixed = (*LUNCH, "--date", "2026-02-02", "--units", "3")
    assert "Unit 1 has bulk data" in _fails(script(INCREMENTAL, *mixed, cwd=tmp_path))
    assert files(tmp_path / "output") == tree
    assert script(INCREMENTAL, *mixed, "--force", cwd=tmp_path).returncode == 0


def test_the_days_of_the_bulk_command_end_yesterday_or_start_where_told(tmp_path: Path) -> None:
    script(BULK, "--units", "1", "--days", "3", "--output-dir", "a", cwd=tmp_path)
    script(BULK, "--units", "1", "--days", "3", "--start-date", "2026-02-27", "--output-dir", "b",
           cwd=tmp_path)  # fmt: skip
    dates = [path.parent.parent.relative_to(tmp_path / "b/csv_sales").as_posix()
             for path in (tmp_path / "b").rglob("pedido.csv")]  # fmt: skip
    assert sorted(dates) == ["2026/02/27", "2026/02/28", "2026/03/01"]
    assert len(list((tmp_path / "a").rglob("pedido.csv"))) == 3


def test_pending_objects_are_ingested_and_bad_ones_told(platform: Platform) -> None:
    platform.settings.home.mkdir()
    home = {"MRHEALTH_HOME": str(platform.settings.home)}
    empty = script("ingest_pending.py", env=home)
    assert (empty.returncode, empty.stdout) == (0, "Bronze: nothing is pending.\n")
    platform.store.create([[NewObject(ORDERS_NAME, file("orders", order(1), "7;torn"))]])
    done = script("ingest_pending.py", env=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == ("Bronze: 1 object, 1 row loaded, 1 row in quarantine (0 files whole).\n")


def test_reconciliation_tells_each_difference_and_ends_with_1(platform: Platform) -> None:
    every = [window.tag for window in platform.catalog.windows]
    upload(platform, request(*every), NOW)
    home = {"MRHEALTH_HOME": str(platform.settings.home)}
    fine = script("reconcile.py", "--date", str(DAY), env=home)
    assert (fine.returncode, fine.stderr) == (0, "")
    assert fine.stdout.endswith("28 of 28 objects are as expected.\n")
    gone = "raw/csv_sales/2026/02/03/unit_002/window_1214/pedido.csv"
    platform.store.delete(gone)
    wrong = script("reconcile.py", "--from", str(DAY), "--to", str(DAY), "--details", env=home)
    assert (wrong.returncode, wrong.stderr) == (1, "")
    assert f"missing: {gone}: " in wrong.stdout
    assert wrong.stdout.endswith("27 of 28 objects are as expected.\n")


def test_a_layer_whose_checks_fail_is_not_published_and_ends_with_1(platform: Platform) -> None:
    upload(platform, request("window_1214"), NOW)
    home = {"MRHEALTH_HOME": str(platform.settings.home)}
    fine = script("build_silver_layer.py", env=home)
    assert (fine.returncode, fine.stderr) == (0, "")
    before = rows(platform, "SELECT * FROM silver.orders ORDER BY ALL")
    platform.store.create([[NewObject(ORDERS_NAME, file("orders", order(1)))]])
    ingest_pending(platform, NOW)
    failed = script("build_silver_layer.py", env=home)
    assert (failed.returncode, failed.stderr) == (1, "")
    assert "FAILED order_value_adds_up" in failed.stdout
    assert "NOT published" in failed.stdout
    assert rows(platform, "SELECT * FROM silver.orders ORDER BY ALL") == before


def test_a_layer_without_the_one_below_is_a_sentence(platform: Platform) -> None:
    platform.settings.home.mkdir()
    home = {"MRHEALTH_HOME": str(platform.settings.home)}
    told = _fails(script("build_gold_layer.py", env=home))
    assert "run `python scripts/build_silver_layer.py` first" in told


def test_progress_is_shown_on_a_terminal_alone(platform: Platform, tmp_path: Path) -> None:
    upload(platform, request("window_1214"), NOW)
    command = [sys.executable, str(ROOT / "scripts" / "build_silver_layer.py")]
    environment = {**os.environ, "MRHEALTH_HOME": str(platform.settings.home), "TERM": "xterm"}
    terminal, side = pty.openpty()
    termios.tcsetwinsize(side, (24, 100))  # a terminal without width shows no bar
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=side, check=True,
        timeout=60,
    )  # fmt: skip
    ready, _, _ = select.select([terminal], [], [], 0)
    shown = os.read(terminal, 100_000).decode() if ready else ""
    os.close(side)
    os.close(terminal)
    assert re.search(r"\d+%\|", shown), shown
    assert "%|" not in done.stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--date", "2026-02-01", "--from", "2026-02-02"), "--date does not go with"),
        (("--output-dir", "/nonexistent"), "'/nonexistent' is not a folder"),
        (("--from", "2026-02-02", "--to", "2026-02-01"), "The range runs backwards"),
    ],
)
def test_a_reconciliation_that_is_not_possible_is_told(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    assert told in _fails(script("reconcile.py", *arguments, cwd=tmp_path))


def test_objects_that_belong_to_no_window_are_told_and_end_with_1(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "bucket" / "raw" / "csv_sales" / "2026" / "02" / "03" / "unit_x"
    folder.mkdir(parents=True)
    (folder / "pedido.csv").write_bytes(b"Id\n1\n")
    script("ingest_pending.py", cwd=tmp_path)
    done = script("reconcile.py", "--date", "2026-02-03", cwd=tmp_path)
    assert done.returncode == 1
    assert "belongs to no window: raw/csv_sales/2026/02/03/unit_x/pedido.csv" in done.stdout
