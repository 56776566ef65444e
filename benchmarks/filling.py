"""Bronze filled faster than by way of objects: as if each window had been ingested as it began."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from core.bronze import ingest
from core.bronze.reference_data import publish_reference
from core.generation.catalog import load_catalog
from core.generation.csv_files import cell_files
from core.platform import Platform
from core.storage.object_names import SalesName, sales_name
from core.storage.publish import Request
from core.warehouse import DuckDBWarehouse

_DAYS = 30  # of a file that is loaded at once
# As if each window had been ingested when it began, three hours later in UTC.
_LOAD = """
INSERT INTO {table} BY NAME
SELECT * EXCLUDE (began), began AS _ingest_timestamp, began::DATE AS _ingest_date
FROM (
  SELECT *, INTERVAL 3 HOUR + strptime(
    _source_file[15:24] || regexp_extract(_source_file, 'window_(..)', 1), '%Y/%m/%d%H') AS began
  FROM read_csv($file, delim = ';', header = false, quote = '', columns = {columns})
)
"""
_NOTE = """
INSERT INTO {ledger} BY NAME
SELECT
  $bucket AS bucket, _source_file AS object_name, $kind AS kind,
  1000 * epoch_us(MIN(_ingest_timestamp)) AS generation, COUNT(*) AS rows_in,
  COUNT(*) AS rows_loaded, 0 AS rows_rejected, 100 * COUNT(*) AS size_bytes,
  'AAAAAA==' AS crc32c, MIN(_ingest_timestamp) AS _ingest_timestamp
FROM {table}
WHERE _source_file NOT IN (SELECT object_name FROM {ledger})
GROUP BY _source_file
"""


def fill_days(platform: Platform, units: int, days: Sequence[date]) -> None:
    """Put units' sales of some days into Bronze, with their lines in the ledger."""
    publish_reference(platform.store, platform.catalog, units)
    found = ingest.list_pending(
        platform.store, platform.warehouse.generations(platform.store.bucket)
    )
    ingest.ingest_objects(
        platform.store, platform.warehouse, platform.catalog, found, datetime.now(UTC)
    )
    windows = platform.catalog.windows
    for start in range(0, len(days), _DAYS):
        request = Request(tuple(days[start : start + _DAYS]), windows, tuple(range(1, units + 1)))
        for kind in ("orders", "order_items"):
            _load(platform, kind, request)


def objects(request: Request) -> Iterator[tuple[str, bytes]]:
    """The sales objects of a request, by their names."""
    files = cell_files(request.cells(), request.seed, load_catalog())
    for day, window in request.slices:
        tag = window.tag if window else None
        for unit in request.units:
            file = next(files)
            yield sales_name(SalesName("order_items", day, unit, tag)), file.items_csv
            yield sales_name(SalesName("orders", day, unit, tag)), file.orders_csv


def _load(platform: Platform, kind: str, request: Request) -> None:
    """Insert one kind of rows of a request into Bronze, from a file with each row's object."""
    suffix = f"/{sales_name(SalesName(kind, request.dates[0], 1, None)).rpartition('/')[2]}"
    path = platform.settings.home / "load.csv"
    header = b""
    with path.open("wb") as file:
        for name, data in objects(request):
            if name.endswith(suffix):
                header, _, rows = data.partition(b"\n")
                file.write(rows.replace(b"\n", f";{name}\n".encode()))
    columns = dict.fromkeys([*header.decode().lower().split(";"), "_source_file"], "VARCHAR")
    table = f"{platform.warehouse.prefix}_bronze.{kind}"
    with embedded(platform).writing() as connection:
        connection.execute(_LOAD.format(table=table, columns=columns), {"file": str(path)})
        ledger = f"{platform.warehouse.prefix}_bronze._ingested_objects"
        connection.execute(
            _NOTE.format(table=table, ledger=ledger),
            {"bucket": platform.store.bucket, "kind": kind},
        )
    path.unlink()


def embedded(platform: Platform) -> DuckDBWarehouse:
    """The warehouse, which has to be the file."""
    if not isinstance(platform.warehouse, DuckDBWarehouse):
        raise TypeError("The benchmarks run on the embedded default: unset GCP_PROJECT_ID.")
    return platform.warehouse
