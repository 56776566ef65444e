"""What the tests of the pipeline share: small requests, odd objects, and a look at all there is."""

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from core.bronze.ingest import Ingested, ingest_objects
from core.gcp.clients import storage_client
from core.generation.catalog import load_catalog
from core.generation.orders import DEFAULT_SEED
from core.platform import Platform
from core.settings import Cloud
from core.storage.object_store import NewObject, ObjectStore
from core.storage.publish import Request
from core.warehouse import DuckDBWarehouse
from core.warehouse.base import Parameters

ROOT = Path(__file__).resolve().parent.parent.parent
DAY = date(2026, 2, 3)  # the date of tests/support/validate_files.py
NOW = datetime(2026, 2, 4, 3, 0, tzinfo=UTC)  # midnight in São Paulo: all windows of DAY are over
ORDERS_NAME = "raw/csv_sales/2026/02/03/unit_007/window_1214/pedido.csv"
ITEMS_NAME = "raw/csv_sales/2026/02/03/unit_007/window_1214/item_pedido.csv"

# Columns of what belongs to one bucket alone: its name, and generations, which are moments.
_OF_A_BUCKET = {"bucket", "generation", "bronze_version", "version"}


def request(
    *tags: str,
    units: Sequence[int] = (1, 2),
    dates: Sequence[date] = (DAY,),
    seed: int = DEFAULT_SEED,
    day_orders: tuple[int, int] = (2, 4),
) -> Request:
    """A small request; without windows, bulk data."""
    by_tag = {window.tag: window for window in load_catalog().windows}
    chosen = tuple(by_tag[tag] for tag in tags)
    return Request(tuple(dates), chosen, tuple(units), seed, day_orders)


def ingest(platform: Platform, name: str, data: bytes, now: datetime = NOW) -> Ingested:
    """Put an object into the bucket and take it to Bronze, as its event would."""
    platform.store.replace(NewObject(name, data))
    info = platform.store.find(name)
    assert info is not None
    return ingest_objects(platform.store, platform.warehouse, platform.catalog, [info], now)


def embedded(platform: Platform) -> DuckDBWarehouse:
    """The warehouse of a platform in a folder."""
    assert isinstance(platform.warehouse, DuckDBWarehouse)
    return platform.warehouse


def rows(
    platform: Platform, sql: str, parameters: Parameters | None = None
) -> list[dict[str, Any]]:
    """Rows of any statement in which `bronze.`, `silver.` and `gold.` stand for the datasets."""
    sql = _placed(platform, sql)
    if platform.settings.cloud is None:
        found = embedded(platform).query(sql.replace("@", "$"), parameters).to_pylist()
        return [dict(row) for row in found]
    return _cloud_rows(platform.settings.cloud, sql, parameters or {})


def _cloud_rows(cloud: Cloud, sql: str, parameters: Parameters) -> list[dict[str, Any]]:
    from google.cloud import bigquery

    from core.gcp.clients import bigquery_client

    config = bigquery.QueryJobConfig(
        query_parameters=[
            bigquery.ScalarQueryParameter(name, "STRING", str(value))
            for name, value in parameters.items()
        ]
    )
    client = bigquery_client(cloud)
    return [dict(row) for row in client.query(sql, job_config=config).result()]


def execute(platform: Platform, sql: str) -> None:
    """Run any statement that changes rows, in the form that `rows` takes."""
    if platform.settings.cloud is not None:
        rows(platform, sql)
        return
    with embedded(platform).writing() as connection:
        connection.execute(_placed(platform, sql))


def _placed(platform: Platform, sql: str) -> str:
    return re.sub(r"\b(bronze|silver|gold)\.", rf"{platform.warehouse.prefix}_\1.", sql)


def count(platform: Platform, table: str) -> int:
    """Number of rows of a table such as `bronze.orders`."""
    (row,) = rows(platform, f"SELECT COUNT(*) AS n FROM {table}")
    return int(row["n"])


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its name from there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def ledger(platform: Platform, name: str) -> dict[str, Any]:
    """The ledger's row of an object."""
    (row,) = rows(
        platform, "SELECT * FROM bronze._ingested_objects WHERE object_name = @name", {"name": name}
    )
    return row


def quarantined(platform: Platform) -> dict[str, bytes]:
    """Every object in quarantine."""
    return objects(platform.store, "quarantine/")


def objects(store: ObjectStore, prefix: str = "") -> dict[str, bytes]:
    """Every object below a prefix, by its name."""
    return {info.name: store.read(info.name).data for info in store.list(prefix)}


def tables(platform: Platform) -> dict[str, list[str]]:
    """Every row of every table as text, without what belongs to one bucket alone."""
    content = {}
    with held_open(platform):
        for table in sorted(platform.warehouse.tables() - {"bronze._origin"}):
            found = rows(platform, f"SELECT * FROM {table}")
            plain = [{k: v for k, v in row.items() if k not in _OF_A_BUCKET} for row in found]
            content[table] = sorted(map(str, plain))
    return content


@contextmanager
def held_open(platform: Platform) -> Iterator[None]:
    """The embedded warehouse's file is opened once for a block, not for each of its statements."""
    if platform.settings.cloud is not None:
        yield
        return
    with embedded(platform).reading():
        yield


def another(platform: Platform, home: Path) -> Platform:
    """An empty platform on the same side as another one."""
    settings, cloud = platform.settings, platform.settings.cloud
    if cloud:
        cloud = dataclasses.replace(cloud, bucket=f"{cloud.bucket}-other")
        storage_client(cloud).create_bucket(cloud.bucket)
    prefix = f"{settings.dataset_prefix}_other"
    new = dataclasses.replace(settings, home=home, dataset_prefix=prefix, cloud=cloud)
    return dataclasses.replace(Platform.of(new), has_events=platform.has_events)


def script(
    name: str,
    *arguments: str,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    mighty: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run a command line of the project as a process of its own.

    Not `mighty`, a root's process may only do what a folder's mode allows it.
    """
    weaker = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    return subprocess.run(
        [*(() if mighty or os.getuid() else weaker),
         sys.executable, str(ROOT / "scripts" / name), *arguments],
        cwd=cwd, env={**os.environ, **(env or {})},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
