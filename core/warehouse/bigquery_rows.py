"""Validated rows as the CSV that a load job takes, and values as the parameters of a query."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from core.warehouse.base import Load, Parameters, Value

if TYPE_CHECKING:
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

SOURCED = frozenset(("orders", "order_items"))  # reference tables do not name their object

# A field that is empty and has no quotes is NULL to a load job, and empty text is NULL to Bronze:
# cloud.google.com/bigquery/docs/loading-data-cloud-storage-csv
_TYPES: Mapping[type, str] = {
    bool: "BOOL", int: "INT64", str: "STRING", Decimal: "NUMERIC", datetime: "TIMESTAMP",
    date: "DATE",
}  # fmt: skip


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A header and rows, `;` between the fields, one line a row."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def bronze_csv(columns: Sequence[str], loads: Iterable[Load], now: datetime) -> bytes:
    """The rows of objects of one kind, with the columns of their Bronze table in its order.

    Args:
        now: The aware moment of ingestion.
    """
    day = now.astimezone(UTC).date().isoformat()
    return csv_of(columns, _rows(columns, loads, _stamp(now), day))


def _stamp(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def _rows(
    columns: Sequence[str], loads: Iterable[Load], stamp: str, day: str
) -> Iterator[Sequence[Value]]:
    for load in loads:
        count = load.rows.rows_loaded
        if not count:
            continue  # an object that cannot be read has no columns
        own: dict[str, Sequence[Value]] = {
            "_source_file": [load.name] * count,
            "_ingest_timestamp": [stamp] * count,
            "_ingest_date": [day] * count,
        }
        yield from zip(
            *(own[name] if name in own else load.rows.columns[name] for name in columns),
            strict=True,
        )


def ledger_row(bucket: str, load: Load, now: datetime) -> dict[str, Value]:
    """What the ledger says of an object that was ingested."""
    return {
        "bucket": bucket,
        "object_name": load.name,
        "generation": load.generation,
        "kind": load.rows.kind,
        "rows_in": load.rows.rows_in,
        "rows_loaded": load.rows.rows_loaded,
        "rows_rejected": load.rows.rows_rejected,
        "reason": load.rows.unreadable,
        "size_bytes": load.size,
        "crc32c": load.crc32c,
        "_ingest_timestamp": now.astimezone(UTC),
    }


def ledger_csv(bucket: str, loads: Iterable[Load], now: datetime) -> tuple[list[str], bytes]:
    """The ledger's rows of objects: their columns, and the CSV."""
    rows = [ledger_row(bucket, load, now) for load in loads]
    stamp = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    columns = list(rows[0])
    return columns, csv_of(
        columns, [[*({**row, "_ingest_timestamp": stamp}).values()] for row in rows]
    )


def parameters_of(
    values: Parameters,
) -> "list[ScalarQueryParameter | ArrayQueryParameter]":
    """Typed parameters of a query; None is a NULL STRING, an empty array one of STRING."""
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

    return [
        ScalarQueryParameter(name, _type(value), value)
        if isinstance(value, str) or not isinstance(value, Sequence)
        else ArrayQueryParameter(name, _type(value[0]) if value else "STRING", list(value))
        for name, value in values.items()
    ]


def _type(value: Value) -> str:
    return _TYPES.get(type(value), "STRING")
