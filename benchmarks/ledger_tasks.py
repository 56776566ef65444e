"""Work beside a long ledger, each task in a process of its own: see `benchmarks.ledger`."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from statistics import median

from benchmarks.filling import embedded
from benchmarks.tasks import Clock, Figures
from core.pipeline import upload
from core.platform import Platform
from core.settings import Settings
from core.storage.publish import Request

_UPLOADS = 5
_FIRST = date(2026, 1, 1)  # of the ledger: 700 objects a date, those of 50 units in 7 windows
_NEW = date(2030, 1, 1)  # of what is uploaded
_FILL = """
INSERT INTO {ledger} BY NAME
SELECT
  $bucket AS bucket, 'orders' AS kind, 5 AS rows_in, 5 AS rows_loaded, 0 AS rows_rejected,
  n + 1 AS generation, 600 AS size_bytes, 'AAAAAA==' AS crc32c, $now AS _ingest_timestamp,
  strftime($first + CAST(n // 700 AS INTEGER), 'raw/csv_sales/%Y/%m/%d/')
    || printf('unit_%03d/window_%04d/', n // 14 % 50 + 1, 1012 + n // 2 % 7 * 202)
    || CASE n % 2 WHEN 0 THEN 'item_pedido.csv' ELSE 'pedido.csv' END AS object_name
FROM range($count) AS numbered(n)
"""


def upload_windows(home: str, objects: int) -> Figures:
    """Upload windows one by one beside a ledger of so many objects; the median of one."""
    platform = _filled(home, objects)
    found = []
    for number in range(_UPLOADS + 1):  # the first one loads modules and writes reference data
        day, window = _NEW + timedelta(number), platform.catalog.windows[0]
        with Clock() as clock:
            upload(platform, Request((day,), (window,), (1,)), datetime.now(UTC))
        found.append(clock)
    wall_s = median(clock.wall_s for clock in found[1:])
    return {"wall_s": wall_s, "cpu_s": median(clock.cpu_s for clock in found[1:])}


def ask_ranges(home: str, objects: int, ranges: int) -> Figures:
    """Ask for what Bronze has of all objects, eight times, in so many different ranges."""
    platform = _filled(home, objects)
    rows = 0
    with Clock() as clock:
        for number in range(8):
            last = f"raw/csv_sales/9{number % ranges}"
            found = platform.warehouse.bronze_files(platform.store.bucket, "raw/csv_sales/", last)
            rows = len(found)
            del found
    return clock.figures(rows=rows)


def _filled(home: str, objects: int) -> Platform:
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": home}))
    platform.warehouse.create_bronze()
    with embedded(platform).writing() as connection:
        connection.execute(
            _FILL.format(ledger=f"{platform.warehouse.prefix}_bronze._ingested_objects"),
            {"bucket": platform.store.bucket, "now": datetime.now(UTC), "first": _FIRST,
             "count": objects},
        )  # fmt: skip
    return platform


TASKS: dict[str, Callable[..., Figures]] = {
    "upload_windows": upload_windows,
    "ask_ranges": ask_ranges,
}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](**json.loads(sys.argv[2]))))
