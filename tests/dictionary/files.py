"""The files of the platform, made now or read, with the types of their columns or keys."""

import csv
import functools
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from core.bronze.reference_data import reference_csv
from core.generation.catalog import DATA_FOLDER, load_catalog
from core.generation.columns import HEADERS
from core.generation.parquet_files import schemas
from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import (
    REFERENCE_FILES,
    SALES_FILES,
    manifest_name,
    parquet_manifest_name,
    quarantine_names,
)
from core.storage.object_store import look
from core.storage.publish import publish
from core.storage.publish_parquet import publish_day
from tests.support.faults import Faults
from tests.support.scenes import DAY, ORDERS_NAME, ingest, request

if TYPE_CHECKING:
    import pyarrow as pa

ARROW = {"int64": "integer", "string": "text", "date32[day]": "date"}
JSON = {int: "integer", str: "text", dict: "object", list: "list"}
MAY_BE_NULL = {"window": "text", "unreadable": "text", "slices[].window_tag": "text"}


class File(NamedTuple):
    """A file by its name, or the end of its name, with the type of each column or key."""

    name: str
    types: dict[str, str]


def sales_files() -> list[File]:
    """The two files of sales, whose columns are the same in CSV and in Parquet."""
    made = []
    for kind, name in SALES_FILES.items():
        types = {field.name: _arrow(field) for field in schemas()[kind]}
        assert tuple(types) == HEADERS[kind]
        made.append(File(name.removesuffix(".csv"), types))
    return made


def reference_files() -> list[File]:
    """The four files of reference data."""
    made = []
    for kind, name in REFERENCE_FILES.items():
        text = reference_csv(kind, load_catalog(), 3).decode()
        made.append(File(name, _csv_types(text, ";")))
        assert tuple(made[-1].types) == HEADERS[kind]
    return made


def business_files() -> list[File]:
    """The CSV files of the business's data."""
    return [
        File(path.name, _csv_types(path.read_text("utf-8"), ","))
        for path in sorted(DATA_FOLDER.glob("*.csv"))
    ]


@functools.cache
def json_files() -> tuple[File, ...]:
    """Both manifests and a report of quarantine, as the platform writes them."""
    with tempfile.TemporaryDirectory() as folder:
        platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": folder}))
        store = platform.store
        sales = request("window_1214")
        publish(store, sales, platform.catalog, spoiler=Faults("clean-week", sales))
        publish_day(store, request("window_1214", dates=[date(2026, 2, 5)]), platform.catalog)
        ingest(platform, ORDERS_NAME, (";".join(HEADERS["orders"]) + "\nno row\n").encode())
        names = {
            "window_HHMM.json": manifest_name(DAY, "window_1214"),
            "parquet.json": parquet_manifest_name(date(2026, 2, 5)),
            "_error.json": quarantine_names(ORDERS_NAME)[1],
        }
        made = []
        for name, stored in ((name, look(store, there)) for name, there in names.items()):
            assert stored is not None, name
            made.append(File(name, dict(_keys(json.loads(stored.data)))))
    return tuple(made)


def _keys(value: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Each key of a JSON value with its type; `[]` stands for the entries of a list."""
    for key, inner in value.items():
        name = f"{path}{key}"
        optional = MAY_BE_NULL.get(name)
        yield name, f"{optional} or null" if optional else JSON[type(inner)]
        if isinstance(inner, dict):
            yield from _keys(inner, f"{name}.")
        if isinstance(inner, list):
            yield from _keys(inner[0], f"{name}[].")


def _arrow(field: "pa.Field[Any]") -> str:
    name = str(field.type)
    return (ARROW.get(name) or name.replace("128", "")) + " or empty" * field.nullable


def _csv_types(text: str, delimiter: str) -> dict[str, str]:
    rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    return {column: _type_of([row[column] for row in rows]) for column in rows[0]}


def _type_of(values: list[str]) -> str:
    """The narrowest type that all values have, and whether some are empty."""
    filled = [value for value in values if value]
    for name, has_form in _FORMS.items():
        if all(map(has_form, filled)):
            return name if len(filled) == len(values) else f"{name} or empty"
    return "text"


_FORMS: dict[str, Callable[[str], object]] = {
    "integer": re.compile(r"-?\d+").fullmatch,
    "date": re.compile(r"\d{4}-\d\d-\d\d").fullmatch,
    "text": bool,
}
