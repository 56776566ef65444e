"""A database file put aside goes with what belongs to it, and never over another copy."""

import shutil
import sqlite3
from pathlib import Path

import duckdb
import pytest

from core import aside
from core.errors import InputError, StoreError, TransientError
from core.insight.diagnostics.checks import State
from core.platform import Platform
from tests.support.diagnosed import found, reached, uploaded
from tests.support.panel_pages import held_by_another_process
from tests.support.scenes import count


def with_log(file: Path, rows: int) -> None:
    """A DuckDB file whose newest rows are in its log alone, as a killed process leaves it."""
    work = file.with_name("work.duckdb")
    with duckdb.connect(str(work)) as connection:
        connection.execute("PRAGMA disable_checkpoint_on_shutdown")
        connection.execute("CREATE TABLE t AS SELECT 1 AS a")
        connection.execute("CHECKPOINT")
        connection.execute(f"INSERT INTO t SELECT range FROM range({rows})")
    work.replace(file)
    Path(f"{work}.wal").replace(f"{file}.wal")


def rows_of(file: Path) -> int:
    with duckdb.connect(str(file)) as connection:
        (found_rows,) = connection.execute("SELECT COUNT(*) FROM t").fetchall()
    return int(found_rows[0])


def test_copies_have_all_their_rows_each_in_a_folder_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "a[b]*.duckdb"
    for rows in (3, 5):
        with_log(file, rows)
        aside.put_aside(file)
        assert not file.exists()
        assert not Path(f"{file}.wal").exists()
    for number, rows in ((1, 3), (2, 5)):
        assert rows_of(tmp_path / f"{file.name}.aside-{number}" / file.name) == rows + 1


def test_an_sqlite_file_goes_with_its_log(tmp_path: Path) -> None:
    file = tmp_path / "runs.sqlite"
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t (a)")
    connection.commit()
    for path in (file, *tmp_path.glob("runs.sqlite-*")):  # as a killed process leaves them
        shutil.copy(path, path.with_name(f"copy.{path.name}"))
    connection.close()
    folder = aside.put_aside(tmp_path / "copy.runs.sqlite")
    assert len(list(folder.iterdir())) == 3
    assert not list(tmp_path.glob("copy.runs.sqlite-*"))


def test_a_file_in_use_stays(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    with held_by_another_process(file), pytest.raises(TransientError, match="in use"):
        aside.put_aside(file)
    assert file.exists()


def test_nothing_to_put_aside_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to put aside"):
        aside.put_aside(tmp_path / "warehouse.duckdb")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("file_is", ["gone", "another"])
def test_a_log_of_another_file_is_put_aside_and_the_file_stays(
    platform: Platform, file_is: str
) -> None:
    file = platform.settings.warehouse_file
    uploaded(platform)
    orders = count(platform, "bronze.orders")
    if file_is == "gone":
        file.unlink()
    other = file.with_name("other.duckdb")
    with_log(other, 3)
    other.unlink()
    Path(f"{other}.wal").replace(f"{file}.wal")
    with pytest.raises(StoreError):
        platform.warehouse.generations(platform.store.bucket)
    for key in ("warehouse", "warehouse_file"):
        finding = found(platform, key)
        assert finding.state is State.BROKEN
        assert "put_aside.py warehouse-log" in finding.command
    reached(platform, finding.command)
    assert found(platform, "warehouse").state is State.FINE
    assert count(platform, "bronze.orders") == orders
    assert list(file.parent.glob("*.aside-1/*.wal"))
