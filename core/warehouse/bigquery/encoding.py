"""Encode validated rows as CSV for load jobs, and values as query parameters."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from core.warehouse.base import SALES_TABLES, Load, Parameters, Value

if TYPE_CHECKING:
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

SOURCED: Final = frozenset(SALES_TABLES)  # reference tables do not name their object

_TYPES: Final[Mapping[type, str]] = {
    bool: "BOOL", int: "INT64", str: "STRING", Decimal: "NUMERIC", datetime: "TIMESTAMP",
    date: "DATE",
}  # fmt: skip


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A header and rows, `;` between the fields, one line per row; None becomes NULL.

    A load job reads an empty field without quotes as NULL:
    cloud.google.com/bigquery/docs/loading-data-cloud-storage-csv
    """
    data = io.BytesIO()
    text = io.TextIOWrapper(data, "utf-8", newline="")  # encoded as it is written, so held once
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    text.flush()
    return data.getvalue()


def bronze_csv(columns: Sequence[str], loads: Iterable[Load], at: datetime) -> bytes:
    """The rows of objects of one kind for their Bronze table, ingested at the aware moment `at`."""
    return csv_of(columns, _rows(columns, loads, at))


def _rows(
    columns: Sequence[str], loads: Iterable[Load], at: datetime
) -> Iterator[Sequence[str | int | None]]:
    stamp, day = _stamp(at), at.astimezone(UTC).date().isoformat()
    for load in loads:
        count = load.rows.rows_loaded
        own: dict[str, Sequence[str | int | None]] = {
            "_source_file": [load.name] * count,
            "_ingest_timestamp": [stamp] * count,
            "_ingest_date": [day] * count,
        }
        yield from zip(
            *(own[name] if name in own else load.rows.columns[name] for name in columns),
            strict=True,
        )


def ledger_row(bucket: str, load: Load, at: datetime) -> dict[str, Value]:
    """The ledger's row of an ingested object."""
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
        "_ingest_timestamp": at.astimezone(UTC),
    }


def ledger_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Value]]) -> bytes:
    """Rows of the ledger as CSV."""
    plain = [[row[name] for name in columns] for row in rows]
    return csv_of(
        columns, [[_stamp(v) if isinstance(v, datetime) else v for v in row] for row in plain]
    )


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def parameters_of(values: Parameters) -> "list[ScalarQueryParameter | ArrayQueryParameter]":
    """Typed query parameters; None is a NULL STRING, an empty sequence an array of STRING."""
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

    return [
        ScalarQueryParameter(name, _type(value), value)
        if isinstance(value, str) or not isinstance(value, Sequence)
        else ArrayQueryParameter(name, _type(value[0]) if value else "STRING", list(value))
        for name, value in values.items()
    ]


def _type(value: Value) -> str:
    return _TYPES.get(type(value), "STRING")
