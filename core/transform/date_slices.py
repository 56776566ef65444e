"""The layers' statements for some business dates: the same SQL over the rows of those dates.

If dates are independent (`core.transform.date_independence`), the sales rows of some dates depend
only on the rows of the same dates in the layer below. A statement of `core/sql` then builds them
when a sub-select replaces each sales table that it reads. Sub-selects name partitions by literals,
so that BigQuery reads no others. All other tables are small and are always built whole.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.storage.object_names import PARQUET_PREFIX, SALES_PREFIX
from core.transform.layers import dataset_of, statements
from core.warehouse.base import LEDGER, next_name

BY_ORDER_DATE = "order_date"
BY_FILE = "_source_file"
BY_OBJECT = "object_name"
# The tables with a business date in each row, and the column that holds it.
SLICED: Mapping[str, str] = {
    LEDGER: BY_OBJECT,
    "bronze.orders": BY_FILE,
    "bronze.order_items": BY_FILE,
    "silver.orders": BY_ORDER_DATE,
    "silver.order_items": BY_FILE,
    "gold.fact_sales": BY_ORDER_DATE,
    "gold.fact_order_items": BY_ORDER_DATE,
    "gold.agg_daily_sales": BY_ORDER_DATE,
}


def date_of(column: str) -> str:
    """GoogleSQL for the business date in an object's name, as `2026/02/01`; NULL without one."""
    cases = (
        f"WHEN STARTS_WITH({column}, '{prefix}') THEN SUBSTR({column}, {len(prefix) + 1}, 10)"
        for prefix in (SALES_PREFIX, PARQUET_PREFIX)
    )
    return f"CASE {' '.join(cases)} END"


def day_of(text: str | None) -> date | None:
    """The date that `date_of` gave; None for a name without a valid one."""
    try:
        return datetime.strptime(text or "", "%Y/%m/%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Slice:
    """Some business dates of the tables; none if nothing changed.

    `ingested` is every `_ingest_date` of their rows in what a layer reads, `replaced` every one in
    the published layer.
    """

    dates: tuple[date, ...]
    ingested: tuple[date, ...]
    replaced: tuple[date, ...]

    def read(self, table: str) -> str:
        """Select the rows of these dates from a table below the layer."""
        return _rows(table, self._of(table, self.ingested))

    def gone(self, table: str) -> str:
        """The condition for the rows of the layer's table that are replaced."""
        return self._of(table, self.replaced)

    def kept(self, table: str) -> str:
        """Select the rows of the layer's table that stay."""
        return _rows(table, f"NOT ({self.gone(table)})")

    def kept_beside(self, table: str) -> tuple[str, ...]:
        """The rows of `kept` in parts; only the small parts read the objects' names."""
        if SLICED[table] != BY_FILE or not self.replaced:
            return (self.kept(table),)
        same = _among("_ingest_date", self.replaced)
        return (
            _rows(table, f"NOT ({same})"),
            _rows(table, f"{same} AND NOT ({self._in_dates(table)})"),
        )

    def _of(self, table: str, ingested: Sequence[date]) -> str:
        if SLICED[table] != BY_FILE:
            return self._in_dates(table)
        if not ingested:
            return "FALSE"  # without reading the objects' names
        return f"{_among('_ingest_date', ingested)} AND {self._in_dates(table)}"

    def _in_dates(self, table: str) -> str:
        if SLICED[table] == BY_ORDER_DATE:
            return _among("order_date", self.dates)
        return _in_names(SLICED[table], self.dates)


def sliced_tables(layer: str) -> tuple[str, ...]:
    """The tables of a layer that are built by date."""
    made = (f"{dataset_of(layer)}.{name}" for name in statements(layer))
    return tuple(table for table in made if table in SLICED)


def statement(layer: str, table: str, part: Slice) -> str:
    """The CREATE of `next_name(table)`, with the rows of some dates."""
    return _statement(layer, table, _below(layer, part) | new_rows(layer))


def like_statement(layer: str, table: str, part: Slice) -> str:
    """A statement that reads as much as `statement`, but no table that must be built first."""
    own = {name: _rows(name, part.gone(name)) for name in sliced_tables(layer)}
    return _statement(layer, table, _below(layer, part) | own)


def check(layer: str, sql: str, part: Slice, *, whole: bool) -> str:
    """A data check of an incremental build; `whole` compares small tables with all sales rows."""
    from core.warehouse.dialect.render import restrict_reads, tables_read

    read = tables_read(sql)
    own = [table for table in sliced_tables(layer) if table in read]
    if not own:
        return sql
    new = new_rows(layer)
    if not (whole and read - SLICED.keys()):
        return restrict_reads(sql, _below(layer, part) | new)
    return restrict_reads(
        sql, {table: f"{part.kept(table)} UNION ALL {new[table]}" for table in own}
    )


def check_without(sql: str, dates: Collection[date]) -> str:
    """A data check without the ledger's objects of some dates."""
    from core.warehouse.dialect.render import restrict_reads

    return restrict_reads(
        sql, {LEDGER: _rows(LEDGER, f"NOT ({_in_names(BY_OBJECT, sorted(dates))})")}
    )


def bronze_rows(part: Slice) -> dict[str, str]:
    """The sub-select in place of each sales table of Bronze."""
    return {table: part.read(table) for table in SLICED if table.startswith("bronze.")}


def new_rows(layer: str) -> dict[str, str]:
    """The sub-select in place of each sales table that a layer builds."""
    return {table: _rows(next_name(table), "TRUE") for table in sliced_tables(layer)}


def _statement(layer: str, table: str, reads: Mapping[str, str]) -> str:
    from core.warehouse.dialect.render import restrict_reads

    sql = statements(layer)[table.partition(".")[2]]
    return restrict_reads(sql, reads, next_name(table).partition(".")[2])


def _below(layer: str, part: Slice) -> dict[str, str]:
    """The sub-select in place of each sales table below a layer."""
    own = sliced_tables(layer)
    return {table: part.read(table) for table in SLICED if table not in own}


def _rows(table: str, condition: str) -> str:
    return f"SELECT * FROM {table} WHERE {condition}"  # noqa: S608 - own words


def _among(column: str, days: Sequence[date]) -> str:
    literals = ", ".join(f"DATE '{day}'" for day in days)
    return f"{column} IN ({literals})" if days else "FALSE"


def _in_names(column: str, days: Sequence[date]) -> str:
    texts = ", ".join(f"'{day:%Y/%m/%d}'" for day in days)
    return f"{date_of(column)} IN ({texts})" if texts else "FALSE"
