"""Remove objects from Bronze: first prevent further loads of them, then delete their rows.

A delivery that read an object before it was deleted may be about to load it. So the removal writes
to the object's log, as a load would: later deliveries find the generation closed, and the removal
waits for loads under way. The log has the days of ingestion even where the ledger has no line.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import chain
from typing import Final

from core.gcp.clients import THREADS
from core.warehouse.base import LEDGER
from core.warehouse.bigquery.jobs import Jobs
from core.warehouse.bigquery.loaded.ledger import Ledger, business_day
from core.warehouse.bigquery.loaded.load_log import LoadEntry, LoadLog

_REMOVE: Final = """
DELETE FROM `{orders}` WHERE _ingest_date >= @since AND _source_file IN UNNEST(@names);
DELETE FROM `{items}` WHERE _ingest_date >= @since AND _source_file IN UNNEST(@names);
DELETE FROM `{ledger}` WHERE bucket = @bucket AND object_name IN UNNEST(@names);
"""


def close_loads(
    jobs: Jobs, bucket: str, names: Sequence[str], deleted: Mapping[str, int]
) -> list[LoadEntry]:
    """Prevent loads of the generations of deleted objects; return all entries in the names' logs.

    Raises:
        TransientError: One of them is being loaded.
    """
    logs = LoadLog(jobs, bucket)

    def close(name: str) -> list[LoadEntry]:
        if name in deleted:
            return logs.close(name, deleted[name])
        return logs.entries(name)

    with ThreadPoolExecutor(THREADS, thread_name_prefix="removal") as threads:
        entries = list(chain.from_iterable(threads.map(close, names)))
    Ledger(jobs, bucket).close(entries)
    return entries


def remove(jobs: Jobs, bucket: str, names: Sequence[str], deleted: Mapping[str, int]) -> None:
    """Remove objects from Bronze, their lines in the ledger last.

    Their logs stay: a generation that was loaded or removed once is never loaded again.

    Raises:
        TransientError: One of them is being loaded; nothing was removed.
    """
    entries = close_loads(jobs, bucket, names, deleted)
    known = (*entries, *Ledger(jobs, bucket).find_entries(names).values())
    days = [entry.day for entry in known if not entry.removed]
    since = min([*days, *chain.from_iterable(map(business_day, names))], default=date.min)
    sql = _REMOVE.format(
        orders=jobs.bigquery.table("bronze.orders"),
        items=jobs.bigquery.table("bronze.order_items"), ledger=jobs.bigquery.table(LEDGER),
    )  # fmt: skip
    jobs.bigquery.run(sql, {"bucket": bucket, "names": list(names), "since": since})
