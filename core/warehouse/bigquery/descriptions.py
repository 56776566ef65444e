"""What each column of a table says, as BigQuery shows it next to the column's type."""

import csv
import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from google.cloud.bigquery import SchemaField

_FILE = Path(__file__).parent.parent.parent / "sql" / "columns.csv"
_ANY = "*"


def describe_columns(table: str, schema: Iterable["SchemaField"]) -> list["SchemaField"]:
    """The columns of a table such as `silver.orders`, those that the file knows with a description.

    Args:
        table: Its layer and name.
        schema: Its columns; other descriptions are replaced.
    """
    from google.cloud.bigquery import SchemaField

    return [
        SchemaField.from_api_repr({**field.to_api_repr(), "description": text})
        if (text := _describe(table, field.name))
        else field
        for field in schema
    ]


def _describe(table: str, column: str) -> str:
    """A column's meaning and unit; a row of the file without a table is for all of them."""
    places = ((table, column), ("", column), (table, _ANY))
    return next((_meanings()[place] for place in places if place in _meanings()), "")


@functools.cache
def _meanings() -> Mapping[tuple[str, str], str]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {
            (row["table"], row["column"]): row["meaning"]
            + (f" ({row['unit']})" if row["unit"] else "")
            for row in csv.DictReader(file)
        }
