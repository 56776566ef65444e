"""Cache answers of a DuckDB file until the file changes.

Opening a file with a year of data takes about 25 ms, and counting its rows more, while most
queries find nothing new.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

State: TypeAlias = tuple[tuple[int, int], ...]
_Row = TypeVar("_Row")

# Two writes may have the same time if it has no part below a millisecond, as on file systems with
# coarse times, and is not earlier than two seconds (FAT's step) before the ingestion. The ledger
# stores all times beyond its range as one value.
UNCERTAIN = """(
  generation % 1000000 = 0
  AND generation NOT BETWEEN -9000000000000000000
    AND epoch_us(_ingest_timestamp) * 1000 - 2000000000
)"""
BRONZE_FILES = """
WITH counted AS (
  SELECT _source_file, id_pedido AS id FROM {bronze}.orders
  WHERE _source_file >= $first AND _source_file < $stop
  UNION ALL
  SELECT _source_file, id_item_pedido FROM {bronze}.order_items
  WHERE _source_file >= $first AND _source_file < $stop
),
doubled AS (
  SELECT id_pedido AS id FROM {bronze}.orders
  WHERE id_pedido IN (SELECT id FROM counted) GROUP BY 1 HAVING COUNT(*) > 1
  UNION ALL
  SELECT id_item_pedido FROM {bronze}.order_items
  WHERE id_item_pedido IN (SELECT id FROM counted) GROUP BY 1 HAVING COUNT(*) > 1
),
files AS (
  SELECT _source_file AS object_name, COUNT(*) AS row_count, COUNT(doubled.id) AS duplicates
  FROM counted LEFT JOIN doubled USING (id)
  GROUP BY 1
),
ledger AS (
  SELECT * FROM {bronze}._ingested_objects
  WHERE bucket = $bucket AND object_name >= $first AND object_name < $stop
)
SELECT
  COALESCE(files.object_name, ledger.object_name) AS name,
  generation,
  COALESCE(row_count, 0) AS "rows",
  COALESCE(duplicates, 0) AS duplicates,
  COALESCE(rows_loaded, 0) AS loaded,
  COALESCE(rows_rejected, 0) AS rejected,
  reason,
  COALESCE(size_bytes, -1) AS size,
  COALESCE(crc32c, '') AS crc32c,
  COALESCE({uncertain}, FALSE) AS uncertain
FROM files FULL JOIN ledger USING (object_name)
"""


class Answers(Generic[_Row]):
    """Caches answers, each a list of rows, for all threads of this process until the file changes.

    `most` bounds the rows of all answers together, where each answer counts as one more row. The
    oldest answers are dropped first; a larger answer is not kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[State, list[_Row]]] = OrderedDict()

    def get(self, key: Hashable, now: State) -> list[_Row] | None:
        """The answer kept for the same state; None when there is none."""
        with self._lock:
            before, answer = self._kept.get(key, ((), None))
        return answer if before == now else None

    def keep(self, key: Hashable, before: State, answer: list[_Row]) -> None:
        """Keep an answer, with the file's state from before the query."""
        with self._lock:
            self._kept.pop(key, None)
            if len(answer) < self._most:
                self._kept[key] = (before, answer)
            while self._count() > self._most:
                self._kept.popitem(last=False)

    def _count(self) -> int:
        return sum(len(answer) + 1 for _, answer in self._kept.values())


def state(path: Path) -> State:
    """Sizes and times of a file and its log; every commit changes one of them."""
    return tuple(map(_stamp, (path, path.with_name(f"{path.name}.wal"))))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return found.st_mtime_ns, found.st_size
