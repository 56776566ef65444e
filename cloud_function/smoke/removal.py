"""Remove what a run wrote to the deployed bucket and to its Bronze, and nothing else.

It deletes an object that has exactly the bytes of the run's seed, in the generation that was
compared, and the object's rows and lines in the ledger that were ingested since the run began: it
reads no partitions of earlier days.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from cloud_function.smoke.run import Run
from core.errors import InputError
from core.generation.catalog import Catalog
from core.generation.csv_files import cell_files
from core.platform import Platform
from core.storage.manifest import read_manifest
from core.storage.object_names import SALES_FILES, cell_prefix, day_prefix, manifest_name
from core.storage.object_store import look
from core.storage.object_store.checksums import crc32c
from core.storage.publish import Request
from core.warehouse.bigquery.client import BigQuery
from core.warehouse.bigquery.jobs import Jobs
from core.warehouse.bigquery.removal import close_loads

if TYPE_CHECKING:
    from core.warehouse.base import Parameters

_SKEW = timedelta(minutes=10)  # between this machine's clock and the functions'
_REMOVE = """
DELETE FROM `{orders}` WHERE _ingest_date >= @since AND _source_file IN UNNEST(@names);
DELETE FROM `{items}` WHERE _ingest_date >= @since AND _source_file IN UNNEST(@names);
DELETE FROM `{ledger}`
WHERE bucket = @bucket AND object_name IN UNNEST(@names) AND _ingest_timestamp >= @begun;
"""


def remove_sales(platform: Platform, jobs: Jobs, run: Run) -> list[str]:
    """Remove the run's objects, manifests, rows and lines of the ledger.

    No delivery that read an object before loads it afterwards.

    Returns:
        What stays, each in a sentence; empty when nothing is left.

    Raises:
        TransientError: It cannot be done now; the same call continues.
        StoreError: The bucket or the warehouse refuse.
    """
    store, requests = platform.store, list_requests(run, platform.catalog)
    made = {
        name: data for request in requests for name, data in make_files(request, platform.catalog)
    }
    present = {info.name: info for info in store.list(day_prefix(run.day)) if info.name in made}
    mine = {
        name: info.generation for name, info in present.items()
        if (info.crc32c or store.checksum(name)) == crc32c(made[name])
    }  # fmt: skip
    for request in requests:
        _remove_manifest(platform, request, made.keys() - (present.keys() - mine))
    stay = (present.keys() - mine) | store.delete_generations(mine)
    names = sorted(made.keys() - stay)
    deleted = {name: mine[name] for name in names if name in mine}
    close_loads(jobs, store.bucket, names, deleted)
    _remove_rows(platform, jobs.bigquery, run, names)
    return [f"{name} has other bytes than this run wrote, and stays." for name in sorted(stay)]


def list_requests(run: Run, catalog: Catalog) -> list[Request]:
    """All requests of a run to the deployed bucket."""
    return [run.generated_request(catalog), run.announced_request(catalog)]


def make_files(request: Request, catalog: Catalog) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the objects of a request of one date and window, items first."""
    (day,), (window,) = request.dates, request.windows
    made = cell_files(request.cells(), request.seed, catalog)
    for unit, file in zip(request.units, made, strict=True):
        folder = cell_prefix(day, unit, window.tag)
        yield folder + SALES_FILES["order_items"], file.items_csv
        yield folder + SALES_FILES["orders"], file.orders_csv


def _remove_manifest(platform: Platform, request: Request, mine: set[str]) -> None:
    """Remove a manifest that names only objects of this run."""
    name = manifest_name(request.dates[0], request.windows[0].tag)
    stored = look(platform.store, name)
    if stored is None:
        return
    try:
        cells = read_manifest(name, stored.data).cells.values()
    except InputError:
        return
    named = {file for cell in cells for file in (cell.orders.name, cell.order_items.name)}
    if named <= mine and all(cell.seed == request.seed for cell in cells):
        platform.store.delete_generation(name, stored.generation)


def _remove_rows(platform: Platform, bigquery: BigQuery, run: Run, names: list[str]) -> None:
    begun = run.begun - _SKEW
    sql = _REMOVE.format(
        orders=bigquery.table("bronze.orders"), items=bigquery.table("bronze.order_items"),
        ledger=bigquery.table("bronze._ingested_objects"),
    )  # fmt: skip
    values: Parameters = {
        "since": begun.date(), "begun": begun, "names": names, "bucket": platform.store.bucket,
    }  # fmt: skip
    bigquery.run(sql, values)
