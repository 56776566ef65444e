"""What ledger and rows know of objects whose logs BigQuery may have forgotten after 180 days.

An object with an old business date may have been loaded so long ago that its log has lost the
entry. Then the ledger has its generation or, where its line is missing or older, the object's rows
have the day of their ingestion. So a later generation replaces them.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from core.storage.object_names import parse_parquet_name, parse_sales_name
from core.warehouse.base import Load
from core.warehouse.bigquery.encoding import SOURCED
from core.warehouse.bigquery.jobs import Jobs
from core.warehouse.bigquery.loaded.ledger import Ledger
from core.warehouse.bigquery.loaded.load_log import LoadEntry, newest
from core.warehouse.bigquery.loaded.origin import AHEAD, LOGGED, Origin

# Bounded by partitions: a backfill of old dates must not scan all of Bronze for each object.
_ROWS: Final = """
SELECT DISTINCT _source_file AS object_name, _ingest_timestamp AS loaded_at
FROM `{table}` WHERE _ingest_date < @stop AND _source_file IN UNNEST(@names)
"""


class Past:
    """Finds entries of objects by ledger and rows; `origin` was read on the day of `now` (UTC)."""

    def __init__(self, jobs: Jobs, ledger: Ledger, origin: Origin, now: datetime) -> None:
        self._bigquery = jobs.bigquery
        self._ledger = ledger
        self._ahead = origin.ahead
        # Logs have what was loaded from the first of these dates on, and are complete for business
        # dates from the second on, except the dates ahead.
        self._logged = self._young = now.astimezone(UTC).date() - LOGGED
        if origin.since:
            whole = origin.since.astimezone(UTC).date() + timedelta(days=1)
            self._logged = max(self._logged, whole)
            self._young = max(self._young, whole + AHEAD)

    def is_aged(self, load: Load) -> bool:
        """Whether an object's log may have lost an entry."""
        parsed = parse_sales_name(load.name) or parse_parquet_name(load.name)
        return parsed is None or parsed.day < self._young or parsed.day in self._ahead

    def find_entries(self, loads: Sequence[Load]) -> dict[str, tuple[LoadEntry, ...]]:
        """Entries of some objects by ledger and rows, without a place in a log.

        It reads rows only of aged objects whose generation the ledger does not have.
        """
        noted = self._ledger.find_entries([load.name for load in loads]) if loads else {}
        found: dict[str, tuple[LoadEntry, ...]] = {name: (entry,) for name, entry in noted.items()}
        unsure = [
            load for load in loads
            if self.is_aged(load) and newest(found.get(load.name, ())) < load.generation
        ]  # fmt: skip
        for kind in sorted(SOURCED & {load.rows.kind for load in unsure}):
            names = [load.name for load in unsure if load.rows.kind == kind]
            # The log of a noted name may have lost its first places and hide later ones.
            stop = self._logged if noted.keys().isdisjoint(names) else date.max
            for name, at in self._rows(f"bronze.{kind}", names, stop):
                found[name] = (*found.get(name, ()), LoadEntry("", -1, at))
        return found

    def _rows(self, table: str, names: list[str], stop: date) -> Iterator[tuple[str, datetime]]:
        sql = _ROWS.format(table=self._bigquery.table(table))
        for row in self._bigquery.rows(sql, {"names": names, "stop": stop}):
            yield row["object_name"], row["loaded_at"]
