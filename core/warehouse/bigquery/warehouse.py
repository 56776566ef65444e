"""The warehouse on Google Cloud: Bronze, Silver and Gold as datasets of BigQuery."""

import contextlib
import functools
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from core.settings import Cloud
from core.warehouse.base import DATASETS, NOTHING, BronzeFile, Load, Parameters
from core.warehouse.bigquery.client import BigQuery
from core.warehouse.bigquery.jobs import Jobs
from core.warehouse.bigquery.layer_build import BigQueryLayerBuild
from core.warehouse.bigquery.loaded.ledger import Ledger
from core.warehouse.bigquery.loaded.load_log import LoadLog
from core.warehouse.bigquery.loader import Loader
from core.warehouse.bigquery.removal import remove

_BRONZE_SQL = Path(__file__).parent.parent.parent / "sql" / "bronze"
_DATASET_OF = {"aggregations": "gold"}


class BigQueryWarehouse:
    """Bronze, Silver and Gold in three datasets, usable from many threads.

    The first load binds a Bronze to its bucket; calls with another bucket raise StoreError then.

    Args:
        cloud: The project, and the region of new datasets.
        wait_s: How long, in seconds, one call repeats requests after passing faults, or waits for
            another process's job.
    """

    def __init__(self, cloud: Cloud, prefix: str, wait_s: float = 30.0) -> None:
        self.prefix = prefix
        self._cloud = cloud
        self._bigquery = BigQuery(cloud, prefix, wait_s)
        self._jobs = Jobs(self._bigquery)
        self._making = threading.Lock()
        self._ready = False

    def tables(self) -> set[str]:
        """The tables that exist, such as `silver.orders`."""
        return set().union(*map(self._tables_of, DATASETS))

    def looking(self) -> contextlib.AbstractContextManager[None]:
        """Nothing to share: each query is a job."""
        return contextlib.nullcontext()

    def ask(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        """Rows of one SELECT of GoogleSQL, with values for its `@name` parameters."""
        from core.warehouse.dialect.render import render

        return self._bigquery.rows(render(sql, self.prefix, "bigquery"), parameters)

    def bytes_read(self, sql: str) -> int | None:
        """Bytes that a statement would be billed for; the dry run is free."""
        from core.warehouse.dialect.render import render

        return self._bigquery.bytes_read(render(sql, self.prefix, "bigquery"))

    def create_bronze(self) -> None:
        """Create missing datasets and Bronze tables, once per process."""
        with self._making:
            if not self._ready:
                self._create_missing()
                self._ready = True

    def _create_missing(self) -> None:
        missing = {f"bronze.{name}" for name in _bronze_statements()} - self._tables_of("bronze")
        if missing:
            from core.warehouse.dialect.render import render

            for layer in DATASETS:
                self._bigquery.create_dataset(layer)
            self._bigquery.run("".join(
                render(_bronze_statements()[table.partition(".")[2]], self.prefix, "bigquery")
                + ";\n"
                for table in sorted(missing)
            ))  # fmt: skip

    def generations(self, bucket: str, *prefixes: str) -> dict[str, int]:
        """The generation of each of a bucket's objects in Bronze, below prefixes."""
        self._open(bucket)
        return Ledger(self._jobs, bucket).generations(*prefixes)

    def uncertain(self, bucket: str, *prefixes: str) -> dict[str, str]:  # noqa: ARG002 - the protocol has it
        """Empty: a generation of Google Cloud Storage is one state of an object for ever."""
        return {}

    def holds(self, bucket: str, name: str, generation: int) -> bool:
        """Whether a generation of an object, or a newer one, is in Bronze and in its ledger.

        It reads jobs only. It does not find an object that another process noted together with
        others after the loading process died.
        """
        self._open(bucket)
        entry = LoadLog(self._jobs, bucket).find_loaded(name, generation)
        return entry is not None and Ledger(self._jobs, bucket).is_noted(entry)

    def load(self, bucket: str, loads: Sequence[Load], now: datetime) -> dict[str, bool]:
        """Put objects into Bronze, each generation once, as `Warehouse.load` has it."""
        self.create_bronze()
        return Loader(self._jobs, bucket, now).load(loads) if loads else {}

    def remove(
        self, bucket: str, names: Sequence[str], deleted: Mapping[str, int] = NOTHING
    ) -> None:
        """Remove sales objects from Bronze: their rows, then their lines in the ledger."""
        self._open(bucket)
        if names:
            remove(self._jobs, bucket, names, deleted)

    def bronze_files(self, bucket: str, first: str, stop: str) -> list[BronzeFile]:
        """What Bronze has of the sales objects named from `first` on and before `stop`."""
        self._open(bucket)
        return Ledger(self._jobs, bucket).files(first, stop)

    @contextlib.contextmanager
    def building(self, layer: str) -> Iterator[BigQueryLayerBuild]:
        """A layer to build; its temporary tables are dropped when the block ends."""
        self._bigquery.create_dataset(_DATASET_OF.get(layer, layer))
        with contextlib.closing(BigQueryLayerBuild(self._bigquery, layer)) as build:
            yield build

    def _open(self, bucket: str) -> None:
        """Create Bronze if it is missing; StoreError if it is loaded from another bucket."""
        self.create_bronze()
        self._jobs.origins.look(bucket)

    def _tables_of(self, layer: str) -> set[str]:
        return {f"{layer}.{name}" for name in self._bigquery.list_tables(layer)}


@functools.cache
def _bronze_statements() -> Mapping[str, str]:
    """The statement that makes each Bronze table, by the table's name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in _BRONZE_SQL.glob("*.sql")}
