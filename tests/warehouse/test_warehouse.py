"""The embedded warehouse: transactions, errors in a sentence, tables as the contract has them."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from core.errors import StoreError, TransientError
from core.platform import Platform
from core.settings import Settings
from core.warehouse import DuckDBWarehouse
from core.warehouse.duckdb.answer_cache import Answers
from tests.support.scenes import ORDERS_NAME, ROOT, count, embedded, ingest, rows, script
from tests.support.validate_files import file, order

MONEY, TEXT, WHOLE, MOMENT = "DECIMAL(10,2)", "VARCHAR", "BIGINT", "TIMESTAMP WITH TIME ZONE"
BRONZE = {
    "orders": {
        "id_unidade": WHOLE, "id_pedido": TEXT, "tipo_pedido": TEXT, "data_pedido": "DATE",
        "vlr_pedido": MONEY, "endereco_entrega": TEXT, "taxa_entrega": MONEY, "status": TEXT,
        "_source_file": TEXT, "_ingest_timestamp": MOMENT, "_ingest_date": "DATE",
    },
    "order_items": {
        "id_pedido": TEXT, "id_item_pedido": TEXT, "id_produto": WHOLE, "qtd": WHOLE,
        "vlr_item": MONEY, "observacao": TEXT, "_source_file": TEXT, "_ingest_timestamp": MOMENT,
        "_ingest_date": "DATE",
    },
    "products": {"id_produto": WHOLE, "nome_produto": TEXT, "_ingest_timestamp": MOMENT},
    "units": {"id_unidade": WHOLE, "nome_unidade": TEXT, "id_estado": WHOLE,
              "_ingest_timestamp": MOMENT},
    "states": {"id_estado": WHOLE, "id_pais": WHOLE, "nome_estado": TEXT,
               "_ingest_timestamp": MOMENT},
    "countries": {"id_pais": WHOLE, "nome_pais": TEXT, "_ingest_timestamp": MOMENT},
}  # fmt: skip
REQUIRED = {"orders": ["id_unidade", "id_pedido"], "order_items": ["id_pedido", "id_item_pedido"]}


@pytest.mark.parametrize("table", BRONZE)
def test_bronze_tables_are_those_of_the_contract(platform: Platform, table: str) -> None:
    platform.warehouse.create_bronze()
    columns = rows(
        platform,
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() "
        "WHERE schema_name = 'case_ficticio_bronze' AND table_name = @table ORDER BY column_index",
        {"table": table},
    )
    assert {row["column_name"]: row["data_type"] for row in columns} == BRONZE[table]
    required = [row["column_name"] for row in columns if not row["is_nullable"]]
    assert required == REQUIRED.get(table, required)


def test_the_prefix_names_the_datasets(tmp_path: Path) -> None:
    platform = Platform.of(
        Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path), "MRHEALTH_DATASET_PREFIX": "mine"})
    )
    ingest(platform, ORDERS_NAME, file("orders", order(1)))
    found = rows(platform, "SELECT DISTINCT schema_name AS s FROM duckdb_tables()")
    assert found == [{"s": "mine_bronze"}]


def test_a_block_that_fails_leaves_nothing(platform: Platform) -> None:
    platform.warehouse.create_bronze()
    table = f"{platform.warehouse.prefix}_bronze.countries"

    def fail() -> None:
        with embedded(platform).writing() as connection:
            connection.execute(f"INSERT INTO {table} VALUES (1, 'Brasil', NULL)")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert count(platform, "bronze.countries") == 0


def test_a_reader_sees_one_state_and_cannot_write(platform: Platform) -> None:
    import duckdb

    platform.warehouse.create_bronze()
    table = f"{platform.warehouse.prefix}_bronze.countries"
    with embedded(platform).reading() as reader:
        counted = reader.execute(f"SELECT COUNT(*) FROM {table}").fetchall()
        with embedded(platform).writing() as writer:
            writer.execute(f"INSERT INTO {table} VALUES (1, 'Brasil', NULL)")
        assert reader.execute(f"SELECT COUNT(*) FROM {table}").fetchall() == counted
        with pytest.raises(duckdb.Error):
            reader.execute(f"DELETE FROM {table}")
    assert count(platform, "bronze.countries") == 1


def test_moments_are_kept_in_utc_whatever_the_zone(platform: Platform) -> None:
    brt = datetime(2026, 2, 3, 21, 30, tzinfo=timezone(timedelta(hours=-3)))
    ingest(platform, ORDERS_NAME, file("orders", order(1)), brt)
    (row,) = rows(platform, "SELECT _ingest_timestamp AS t FROM bronze.orders")
    assert row["t"] == brt
    assert row["t"].astimezone(UTC).hour == 0


def test_the_file_is_free_between_two_actions(platform: Platform) -> None:
    platform.warehouse.create_bronze()
    code = f"import duckdb; duckdb.connect('{platform.settings.warehouse_file}')"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert count(platform, "bronze.orders") == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes are forked here")
@pytest.mark.processes
def test_a_forked_process_uses_the_warehouse_as_its_parent_does(platform: Platform) -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from core.warehouse.duckdb.connection import DuckDBFile\n"
        "file = DuckDBFile(Path(sys.argv[1]))\n"
        "many = 'SELECT count(*) AS n FROM range(3000000) t(i) WHERE i % 3 = 0'\n"
        "ask = lambda: file.query(many)['n'][0].as_py()\n"
        "first, child = ask(), os.fork()\n"
        "if not child: os._exit(0 if ask() == first else 1)\n"
        "sys.exit(os.waitpid(child, 0)[1] or ask() != first)\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", code, str(platform.settings.warehouse_file)]
    subprocess.run(command, check=True, timeout=60, cwd=ROOT)


def test_a_file_that_is_no_warehouse_is_told(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(b"something else " * 1000)
    with pytest.raises(StoreError, match=r"^Cannot use the warehouse .*\.$"):
        DuckDBWarehouse(path, "p").query("SELECT 1")
    assert path.read_bytes() == b"something else " * 1000


def _large(tmp_path: Path) -> tuple[DuckDBWarehouse, bytes]:
    """A warehouse with a table of more than one block, and the file's bytes."""
    warehouse = DuckDBWarehouse(tmp_path / "warehouse.duckdb", "p")
    with warehouse.writing() as connection:
        connection.execute(
            "CREATE TABLE large AS SELECT md5(range::VARCHAR) AS t FROM range(50000)"
        )
    return warehouse, warehouse.path.read_bytes()


def _scrambled(data: bytes) -> bytes:
    at = len(data) // 2
    return data[:at] + bytes(byte ^ 255 for byte in data[at : at + 99]) + data[at + 99 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda data: data[:0],
    "cut in its header": lambda data: data[:5000],
    "cut in its tables": lambda data: data[: len(data) // 2],
    "with other bytes": _scrambled,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_told_and_a_restored_one_works(tmp_path: Path, damage: str) -> None:
    warehouse, data = _large(tmp_path)
    warehouse.path.write_bytes(DAMAGES[damage](data))

    def copy() -> None:
        with warehouse.writing() as connection:
            connection.execute("CREATE TABLE copy AS SELECT * FROM large")

    for use in (lambda: warehouse.query("SELECT MAX(t) FROM large"), copy):
        with pytest.raises(StoreError, match=r"^Cannot use the warehouse [^\n]*\w\.$"):
            use()
    warehouse.path.write_bytes(data)
    copy()
    (row,) = warehouse.query("SELECT COUNT(*) AS n FROM copy").to_pylist()
    assert row["n"] == 50_000


def test_commands_say_that_the_warehouse_is_damaged(platform: Platform) -> None:
    ingest(platform, ORDERS_NAME, file("orders", order(1)))
    path = platform.settings.warehouse_file
    path.write_bytes(path.read_bytes()[:10_000])
    for name in ("ingest_pending.py", "build_silver_layer.py", "reconcile.py"):
        told = script(name, env={"MRHEALTH_HOME": str(platform.settings.home)})
        assert (told.returncode, told.stdout) == (2, "")
        assert told.stderr.startswith(f"error: Cannot use the warehouse {path}: ")
        assert told.stderr.count("\n") == 1


def test_too_little_memory_is_told(platform: Platform) -> None:
    def gather() -> None:
        with embedded(platform).reading() as connection:
            connection.execute("SET memory_limit = '20MB'")
            connection.execute("SET max_temp_directory_size = '0KB'")
            connection.execute("SELECT list(md5(range::VARCHAR)) FROM range(5000000)")

    try:
        with pytest.raises(StoreError, match=r"^Cannot use the warehouse [^\n]*\.$"):
            gather()
        assert embedded(platform).query("SELECT 1").num_rows == 1
    finally:  # the settings are those of the process's instance
        with embedded(platform).reading() as connection:
            connection.execute("RESET memory_limit")
            connection.execute("RESET max_temp_directory_size")


def test_a_conflict_of_two_writers_may_be_tried_again(platform: Platform) -> None:
    platform.warehouse.create_bronze()
    table = f"{platform.warehouse.prefix}_bronze.countries"

    def clash() -> None:
        with embedded(platform).writing() as one, embedded(platform).writing() as other:
            one.execute(f"UPDATE {table} SET nome_pais = 'one'")
            other.execute(f"UPDATE {table} SET nome_pais = 'other'")

    with embedded(platform).writing() as connection:
        connection.execute(f"INSERT INTO {table} VALUES (1, 'Brasil', NULL)")
    with pytest.raises(TransientError, match=r"^Cannot use the warehouse [^\n]*\.$"):
        clash()
    assert rows(platform, "SELECT nome_pais FROM bronze.countries") == [{"nome_pais": "Brasil"}]


def test_a_wrong_statement_is_not_taken_for_a_fault_of_the_machine(platform: Platform) -> None:
    import duckdb

    with pytest.raises(duckdb.BinderException):
        embedded(platform).query("SELECT nothing")
    with pytest.raises(duckdb.ParserException):
        embedded(platform).query("nothing")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="Cannot make the folder"):
        DuckDBWarehouse(tmp_path / "file" / "warehouse.duckdb", "p").query("SELECT 1")


def test_deleting_the_home_is_a_full_reset(platform: Platform) -> None:
    import shutil

    ingest(platform, ORDERS_NAME, file("orders", order(1)))
    shutil.rmtree(platform.settings.home)
    platform.warehouse.create_bronze()
    assert count(platform, "bronze.orders") == 0
    assert ingest(platform, ORDERS_NAME, file("orders", order(1))).rows_loaded == 1


def test_no_extension_is_fetched_from_outside(platform: Platform) -> None:
    found = rows(
        platform, "SELECT name, value FROM duckdb_settings() WHERE name LIKE 'auto%known%'"
    )
    assert {row["value"] for row in found} == {"false"}
    assert len(found) == 2


def test_answers_are_kept_by_their_rows_together_not_by_their_number() -> None:
    now = ((1, 1), (0, 0))
    answers: Answers[int] = Answers(most=100)
    for number in range(9):
        answers.keep(number, now, [number] * 20)
    found = [answers.get(number, now) for number in range(9)]
    assert found[:5] == [None] * 5
    assert found[5:] == [[number] * 20 for number in range(5, 9)]
    answers.keep("large", now, [0] * 100)  # alone it is more than all that are kept
    assert answers.get("large", now) is None
    assert answers.get(8, now) == [8] * 20
    for number in range(1000):
        answers.keep(("empty", number), now, [])
    assert [answers.get(("empty", number), now) for number in (899, 900, 999)] == [None, [], []]


def test_a_kept_answer_is_that_of_the_same_state() -> None:
    before, after = ((1, 1), (0, 0)), ((2, 1), (0, 0))
    answers: Answers[int] = Answers(most=10)
    answers.keep("asked", before, [1])
    assert answers.get("asked", before) == [1]
    assert answers.get("asked", after) is None
    answers.keep("asked", after, [2])
    assert answers.get("asked", after) == [2]
