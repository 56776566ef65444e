"""The embedded warehouse: Bronze, Silver and Gold as schemas of one DuckDB file."""

import contextlib
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ChangedError, DeletedError
from core.warehouse.base import NOTHING, BronzeFile, Load, Parameters
from core.warehouse.below import names_below
from core.warehouse.duckdb.answer_cache import BRONZE_FILES, UNCERTAIN, Answers, state
from core.warehouse.duckdb.connection import DuckDBFile
from core.warehouse.duckdb.layer_build import DuckDBLayerBuild, heal_ingest_dates, tables

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

BRONZE_SQL = Path(__file__).parent.parent.parent / "sql" / "bronze"

_BRONZE_FILES: Answers[BronzeFile] = Answers(most=60_000)  # some 25 MiB
_WITH_SOURCE = ("orders", "order_items")  # reference tables have no column for their object


class DuckDBWarehouse(DuckDBFile):
    """Bronze, Silver and Gold as schemas `{prefix}_bronze`, `{prefix}_silver`, `{prefix}_gold`."""

    def __init__(self, path: Path, prefix: str, wait_s: float = 30.0) -> None:
        super().__init__(path, wait_s)
        self.prefix = prefix

    def tables(self) -> set[str]:
        """The tables that exist, such as `silver.orders`."""
        if not self.exists():
            return set()
        with self.reading() as connection:
            return tables(connection, self.prefix)

    @contextlib.contextmanager
    def looking(self) -> Iterator[None]:
        """A block of queries, for which an existing file is opened once."""
        with self._connection() if self.exists() else contextlib.nullcontext():
            yield

    def ask(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        """Rows of one SELECT of GoogleSQL, with values for its `@name` parameters."""
        from core.warehouse.dialect.render import render

        return self.query(render(sql, self.prefix, "duckdb"), parameters).to_pylist()

    def bytes_read(self, sql: str) -> int | None:  # noqa: ARG002 - the protocol has it
        """None: DuckDB bills nothing."""
        return None

    @contextlib.contextmanager
    def building(self, layer: str) -> Iterator[DuckDBLayerBuild]:
        """A layer to build, in one transaction that ends with its publication."""
        with contextlib.suppress(_NotPublished), self.writing() as connection:
            if layer == "silver":
                heal_ingest_dates(connection, self.prefix)
            build = DuckDBLayerBuild(connection, self.prefix, layer)
            yield build
            if not build.published:
                raise _NotPublished

    def generations(self, bucket: str, *prefixes: str) -> dict[str, int]:
        """The generation of each of a bucket's objects in Bronze, below prefixes."""
        return self._of_ledger("generation", "TRUE", bucket, prefixes)

    def uncertain(self, bucket: str, *prefixes: str) -> dict[str, str]:
        """CRC32C of the ingested bytes of objects whose file time may hide a change."""
        return self._of_ledger("crc32c", UNCERTAIN, bucket, prefixes)

    def holds(self, bucket: str, name: str, generation: int) -> bool:
        """Whether a generation of an object is in Bronze."""
        self.create_bronze()
        with self.reading() as connection:
            known, _ = self._known(connection, bucket, [name]).get(name, (None, ""))
        return known == generation

    def load(self, bucket: str, loads: Sequence[Load], now: datetime) -> dict[str, bool]:
        """Load objects into Bronze in one transaction, as `Warehouse.load` has it.

        A new generation replaces another one's rows only while the bucket has the new one: a
        process that read an object before it was overwritten does not replace what came later.
        """
        self.create_bronze()
        with self.writing() as connection:
            before = self._known(connection, bucket, [load.name for load in loads])
            new = [load for load in loads if _is_new(load, before.get(load.name))]
            again = [load for load in new if load.name in before]
            if again:
                names, kinds = [load.name for load in again], {load.rows.kind for load in again}
                self._remove(connection, bucket, names, kinds)
            rows = [load for load in new if load.rows.columns and not load.file]
            for kind in {load.rows.kind for load in rows}:
                self._insert(
                    connection, kind, [load for load in rows if load.rows.kind == kind], now
                )
            for load in new:
                self._insert_file(connection, load, now)
            self._record(connection, bucket, new, now)
        return {load.name: load.name in before for load in new}

    def remove(
        self,
        bucket: str,
        names: Sequence[str],
        deleted: Mapping[str, int] = NOTHING,  # noqa: ARG002 - each load confirms its object
    ) -> None:
        """Remove sales objects from Bronze in one transaction."""
        self.create_bronze()
        with self.writing() as connection:
            self._remove(connection, bucket, list(names), _WITH_SOURCE)

    def bronze_files(self, bucket: str, first: str, stop: str) -> list[BronzeFile]:
        """What Bronze has of the sales objects named from `first` on and before `stop`."""
        key = (self.path, self.prefix, bucket, first, stop)
        now = state(self.path)
        kept = _BRONZE_FILES.get(key, now)
        if kept is None:
            with self.looking():
                self.create_bronze()
                rows = self.query(
                    BRONZE_FILES.format(bronze=f"{self.prefix}_bronze", uncertain=UNCERTAIN),
                    {"bucket": bucket, "first": first, "stop": stop},
                )
            kept = [BronzeFile(**row) for row in rows.to_pylist()]
            _BRONZE_FILES.keep(key, now, kept)
        return list(kept)

    def create_bronze(self) -> None:
        """Create missing Bronze tables; one look at the catalog when none is missing."""
        schema = f"{self.prefix}_bronze"
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT table_name FROM duckdb_tables() "
                "WHERE database_name = current_database() AND schema_name = ?",
                [schema],
            ).fetchall()
        if {name for (name,) in rows} >= _bronze_statements().keys():
            return
        # Late: importing sqlglot takes longer than the query above.
        from core.warehouse.dialect.render import render

        with self.writing() as connection:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            for sql in _bronze_statements().values():
                connection.execute(render(sql, self.prefix, "duckdb"))

    def _of_ledger(
        self, column: str, condition: str, bucket: str, prefixes: Sequence[str]
    ) -> dict[str, Any]:
        """A column of the ledger by object name, below prefixes, where a condition holds."""
        self.create_bronze()
        below, parameters = names_below("object_name", prefixes, "$")
        rows = self.query(
            f"SELECT object_name, {column} FROM {self.prefix}_bronze._ingested_objects "  # noqa: S608 - the prefix is checked
            f"WHERE bucket = $bucket AND {below} AND {condition}",
            {"bucket": bucket, **parameters},
        )
        return dict(zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True))

    def _known(
        self, connection: "duckdb.DuckDBPyConnection", bucket: str, names: list[str]
    ) -> dict[str, tuple[int, str]]:
        """Generation and CRC32C of objects that are in Bronze, by name."""
        rows = connection.execute(
            f"SELECT object_name, generation, crc32c FROM {self.prefix}_bronze._ingested_objects "  # noqa: S608
            "WHERE bucket = ? AND object_name IN (SELECT unnest(?))",
            [bucket, names],
        ).fetchall()
        return {name: (generation, checksum) for name, generation, checksum in rows}

    def _remove(
        self,
        connection: "duckdb.DuckDBPyConnection",
        bucket: str,
        names: list[str],
        kinds: Iterable[str],
    ) -> None:
        for kind in _bronze_statements().keys() & set(kinds):
            if kind in _WITH_SOURCE:
                where = "_source_file IN (SELECT unnest($names))"
                self._delete(connection, kind, where, {"names": names})
            else:
                self._delete(connection, kind, "TRUE", {})
        where = "bucket = $bucket AND object_name IN (SELECT unnest($names))"
        self._delete(connection, "_ingested_objects", where, {"bucket": bucket, "names": names})

    def _delete(
        self,
        connection: "duckdb.DuckDBPyConnection",
        table: str,
        where: str,
        parameters: Mapping[str, object],
    ) -> None:
        sql = f"DELETE FROM {self.prefix}_bronze.{table} WHERE {where}"  # noqa: S608 - own words
        connection.execute(sql, dict(parameters))

    def _insert(
        self,
        connection: "duckdb.DuckDBPyConnection",
        kind: str,
        loads: Sequence[Load],
        now: datetime,
    ) -> None:
        import pyarrow as pa

        columns: dict[str, list[object]] = {}
        for load in loads:
            for name, values in load.rows.columns.items():
                columns.setdefault(name, []).extend(values)
        if kind in _WITH_SOURCE:
            columns["_source_file"] = [
                name for load in loads for name in [load.name] * load.rows.rows_loaded
            ]
        moment: dict[str, date] = {"_ingest_timestamp": now.astimezone(UTC)}
        if kind in _WITH_SOURCE:
            moment["_ingest_date"] = now.astimezone(UTC).date()
        self._append(connection, kind, pa.table(columns), moment)

    def _insert_file(
        self, connection: "duckdb.DuckDBPyConnection", load: Load, now: datetime
    ) -> None:
        """Insert the rows of a Parquet object, with one batch in memory at a time."""
        if load.file is None:
            return
        import pyarrow as pa

        from core.generation.parquet_files import batches

        schema, rows = batches(load.file)
        connection.register("new_file", pa.RecordBatchReader.from_batches(schema, rows))
        connection.execute(
            f"INSERT INTO {self.prefix}_bronze.{load.rows.kind} BY NAME SELECT *, "  # noqa: S608
            "$name AS _source_file, $moment AS _ingest_timestamp, $day AS _ingest_date "
            "FROM new_file",
            {"name": load.name, "moment": now.astimezone(UTC), "day": now.astimezone(UTC).date()},
        )
        connection.unregister("new_file")

    def _record(
        self,
        connection: "duckdb.DuckDBPyConnection",
        bucket: str,
        loads: Sequence[Load],
        now: datetime,
    ) -> None:
        import pyarrow as pa

        rows = pa.table({
            "bucket": [bucket] * len(loads),
            "object_name": [load.name for load in loads],
            "generation": [load.generation for load in loads],
            "kind": [load.rows.kind for load in loads],
            "rows_in": [load.rows.rows_in for load in loads],
            "rows_loaded": [load.rows.rows_loaded for load in loads],
            "rows_rejected": [load.rows.rows_rejected for load in loads],
            "reason": [load.rows.unreadable for load in loads],
            "size_bytes": [load.size for load in loads],
            "crc32c": [load.crc32c for load in loads],
        })  # fmt: skip
        self._append(
            connection, "_ingested_objects", rows, {"_ingest_timestamp": now.astimezone(UTC)}
        )

    def _append(
        self,
        connection: "duckdb.DuckDBPyConnection",
        table: str,
        rows: "pa.Table",
        moment: Mapping[str, date],
    ) -> None:
        """Insert rows by column name; DuckDB casts text to the table's types."""
        stamps = "".join(f", ${name} AS {name}" for name in moment)
        connection.register("new_rows", rows)
        connection.execute(
            f"INSERT INTO {self.prefix}_bronze.{table} BY NAME SELECT *{stamps} FROM new_rows",  # noqa: S608 - own words
            dict(moment),
        )
        connection.unregister("new_rows")


def _is_new(load: Load, known: tuple[int, str] | None) -> bool:
    """Whether an object has to be loaded, given its generation and CRC32C in the ledger.

    An object that the ledger does not have is loaded as validated, unless it was deleted since.
    """
    if known == (load.generation, load.crc32c):
        return False
    try:
        load.confirm()
    except ChangedError as error:
        return known is None and not isinstance(error, DeletedError)
    return True


class _NotPublished(Exception):  # noqa: N818 - ends the transaction, never leaves this module
    pass


@functools.cache
def _bronze_statements() -> Mapping[str, str]:
    """The statement that makes each Bronze table, by the table's name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in BRONZE_SQL.glob("*.sql")}
