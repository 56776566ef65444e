"""A process of its own beside others at the same platform: `python -m tests.support.process_worker
ROLE`.

Roles print a line of JSON when they are done; a failure is the process's own traceback.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.pipeline import rebuild, upload
from core.platform import Platform
from core.settings import Settings
from tests.support.scenes import DAY, NOW, embedded, request

UNITS = (1, 2, 3)
WINDOWS = ("window_1214", "window_1820")
_WHOLE = """
WITH counted AS (
  SELECT _source_file AS name, COUNT(*) AS n FROM {b}.orders GROUP BY 1
  UNION ALL
  SELECT _source_file, COUNT(*) FROM {b}.order_items GROUP BY 1
)
SELECT
  COUNT(*) AS objects,
  COALESCE(SUM(rows_loaded), 0) AS loaded,
  COALESCE(SUM(n), 0) AS n,
  COUNT(*) FILTER (rows_loaded IS DISTINCT FROM COALESCE(n, 0)) AS torn
FROM (SELECT * FROM {b}._ingested_objects WHERE kind IN ('orders', 'order_items')) AS ledger
FULL JOIN counted ON name = object_name
"""
_SILVER = """
SELECT COUNT(*) FILTER (o.order_id IS NULL) AS orphans
FROM {s}.order_items AS i LEFT JOIN {s}.orders AS o USING (order_id)
"""


def read(platform: Platform, stop: Path, threads: int) -> dict[str, Any]:
    """Look again and again, as a panel does, and check each look in itself.

    Looks are in order within a thread only: of two threads, either may note its own first.
    """

    def look(_: int) -> list[tuple[int, int]]:
        seen, last = [], False
        while not last:
            last = stop.exists()
            seen.append(_look(platform))
        return seen

    with ThreadPoolExecutor(threads) as pool:
        looks = list(pool.map(look, range(threads)))
    objects = [[objects for objects, _ in seen] for seen in looks]
    return {
        "looks": [len(seen) for seen in looks],
        "torn": sum(torn for seen in looks for _, torn in seen),
        "grows": all(seen == sorted(seen) for seen in objects),
        "most": [max(seen, default=0) for seen in objects],
    }


def _look(platform: Platform) -> tuple[int, int]:
    platform.warehouse.create_bronze()
    names = {"b": f"{platform.warehouse.prefix}_bronze", "s": f"{platform.warehouse.prefix}_silver"}
    (row,) = embedded(platform).query(_WHOLE.format(**names)).to_pylist()
    torn = row["torn"] + (row["loaded"] != row["n"])
    there = embedded(platform).query(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = $s AND table_name = 'orders'",
        {"s": names["s"]},
    )
    if there.num_rows:
        (silver,) = embedded(platform).query(_SILVER.format(**names)).to_pylist()
        torn += silver["orphans"]
    return row["objects"], torn


def write(platform: Platform, first_day: int, count: int) -> dict[str, Any]:
    """Upload some dates, one after the other."""
    loaded = 0
    for number in range(count):
        day = DAY + timedelta(days=first_day + number)
        wanted = request(*WINDOWS, units=UNITS, dates=[day])
        loaded += upload(platform, wanted, NOW).ingested.rows_loaded
    return {"loaded": loaded}


def build(platform: Platform, count: int) -> dict[str, Any]:
    """Rebuild every layer some times."""
    reports = [report for _ in range(count) for report in rebuild(platform)]
    return {"published": sum(report.published for report in reports), "layers": len(reports)}


def meet(homes: Path, count: int) -> dict[str, Any]:
    """Open new warehouses, each at about the same time as other processes do."""
    for number in range(count):
        platform_at(homes / str(number)).warehouse.create_bronze()
    return {"opened": count}


def platform_at(home: Path) -> Platform:
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))


def hold(platform: Platform, release: Path) -> dict[str, Any]:
    """Keep the warehouse open for writing until a file appears."""
    with embedded(platform).writing():
        sys.stdout.write("holding\n")
        sys.stdout.flush()
        while not release.exists():
            time.sleep(0.01)
    return {}


def main(role: str, home: str, *arguments: str) -> None:
    platform = platform_at(Path(home))
    match role:
        case "read":
            answer = read(platform, Path(arguments[0]), int(arguments[1]))
        case "write":
            answer = write(platform, int(arguments[0]), int(arguments[1]))
        case "meet":
            answer = meet(Path(home), int(arguments[0]))
        case "build":
            answer = build(platform, int(arguments[0]))
        case _:
            answer = hold(platform, Path(arguments[0]))
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
