"""What the tests of the pipeline share: small requests, odd objects, and a look at all there is."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from core import bronze
from core.bronze import Ingested
from core.catalog import load_catalog
from core.generate import DEFAULT_SEED
from core.object_store import NewObject
from core.pipeline import Platform
from core.publish import Request

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 2, 3)  # the date of tests/validate_files.py
NOW = datetime(2026, 2, 4, 3, 0, tzinfo=UTC)  # midnight in São Paulo: all windows of DAY are over
ORDERS_NAME = "raw/csv_sales/2026/02/03/unit_007/window_1214/pedido.csv"
ITEMS_NAME = "raw/csv_sales/2026/02/03/unit_007/window_1214/item_pedido.csv"

# Columns with generations, which are moments of a disk, by their table.
_MOMENTS = {"_ingested_objects": "generation", "_built_layers": "bronze_version"}


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
    return bronze.ingest(platform.store, platform.warehouse, platform.catalog, [info], now)


def rows(
    platform: Platform, sql: str, parameters: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """Rows of a statement in which `bronze.`, `silver.` and `gold.` stand for the datasets."""
    for layer in ("bronze", "silver", "gold"):
        sql = sql.replace(f" {layer}.", f" {platform.warehouse.prefix}_{layer}.")
    found: list[dict[str, Any]] = platform.warehouse.query(sql, parameters).to_pylist()
    return found


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
        platform, "SELECT * FROM bronze._ingested_objects WHERE object_name = $name", {"name": name}
    )
    return row


def quarantined(platform: Platform) -> dict[str, bytes]:
    """Every object in quarantine."""
    tree = files(platform.settings.bucket_folder)
    return {name: data for name, data in tree.items() if name.startswith("quarantine/")}


def tables(platform: Platform) -> dict[str, list[str]]:
    """Every row of every table as text, without generations, which are moments of a disk."""
    names = rows(platform, "SELECT schema_name AS s, table_name AS t FROM duckdb_tables()")
    content = {}
    for name in sorted(f"{row['s']}.{row['t']}" for row in names):
        moment = _MOMENTS.get(name.partition(".")[2])
        columns = f"* EXCLUDE ({moment})" if moment else "*"
        found = platform.warehouse.query(f"SELECT {columns} FROM {name} ORDER BY ALL")
        content[name] = [str(row) for row in found.to_pylist()]
    return content


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
