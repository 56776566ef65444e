"""Looking at a DuckDB file often: what tells that it has not changed, and answers kept till then.

Opening a file of a year takes some 25 ms, and counting its rows more, while most looks find nothing
new.
"""

from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

State: TypeAlias = tuple[tuple[int, int], ...]
_Answer = TypeVar("_Answer")

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
  COALESCE(crc32c, '') AS crc32c
FROM files FULL JOIN ledger USING (object_name)
"""


class Answers(Generic[_Answer]):
    """Answers of this process, each as long as the file is as it was.

    Args:
        entries: How many are kept; those asked for longest ago go first.
    """

    def __init__(self, entries: int) -> None:
        self._entries = entries
        self._kept: OrderedDict[Hashable, tuple[State, _Answer]] = OrderedDict()

    def get(self, asked: Hashable, now: State) -> _Answer | None:
        """The answer that was kept of the same state; None where there is none."""
        before, answer = self._kept.get(asked, ((), None))
        return answer if before == now else None

    def keep(self, asked: Hashable, before: State, answer: _Answer) -> None:
        """Keep an answer; the state is that from before the question was asked."""
        self._kept.pop(asked, None)
        self._kept[asked] = (before, answer)
        while len(self._kept) > self._entries:
            self._kept.popitem(last=False)


def state(path: Path) -> State:
    """What changes whenever a transaction that wrote to a file is done: sizes and moments.

    A commit goes to the log beside the file, and whoever closes the file takes the log into it.
    """
    return tuple(map(_stamp, (path, path.with_name(f"{path.name}.wal"))))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return found.st_mtime_ns, found.st_size
