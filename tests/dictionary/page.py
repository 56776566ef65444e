"""docs/data-dictionary.md; `python -m tests.dictionary.page` writes it, and a test compares it."""

import itertools
import operator
import re
from collections.abc import Iterator, Sequence

from core.generation.catalog import DATA_FOLDER
from tests.dictionary import files
from tests.dictionary.meanings import OF_FILES, OF_TABLES, Meanings
from tests.dictionary.tables import HEADINGS, Table, bigquery_type, build_tables
from tests.support.scenes import ROOT

PAGE = ROOT / "docs" / "data-dictionary.md"

HEAD = """\
# Data dictionary

All files and tables: columns, types, units and meaning. `python -m tests.dictionary.page` writes
this page from the schemas, the SQL, and files and tables that it makes; a test holds the page to
them. The descriptions are in `core/sql/columns.csv` and `core/generation/data/columns.csv`.

BigQuery shows those of Silver and Gold next to the columns.

Money is in Brazilian reais (R$). A business date is a day in São Paulo. Moments are in UTC.

## Files of sales

In the bucket below `raw/csv_sales/{YYYY}/{MM}/{DD}/unit_{NNN}/`, a folder `window_{HHMM}` for each
window (bulk data of a whole day has none): UTF-8, `;`, a header, `\\n`. As Parquet below
`raw/parquet_sales/{YYYY}/{MM}/{DD}/` with the same columns. In CSV a decimal is written `0.00`;
what may be empty there is null in Parquet.
"""
REFERENCE = """
## Files of reference data

In the bucket below `raw/reference_data/`, as CSV like the sales.
"""
MANIFESTS = """
## Manifests and reports

JSON. `raw/_manifests/{YYYY}/{MM}/{DD}/window_{HHMM}.json` says what was published of a window;
`day.json` next to it says the same of bulk data, `parquet.json` of a day in Parquet. A report of
quarantine has the rejected file's name and `_error.json`.
"""
BUSINESS = """
## The business as data

`core/generation/data`: UTF-8, `,`, a header. The TXT files are vocabulary, one entry a line:
"""


def content() -> str:
    """The whole page.

    Raises:
        KeyError: A column is not described.
    """
    of_files, of_tables = Meanings(OF_FILES), Meanings(OF_TABLES)
    lines = [HEAD, *_files(files.sales_files(), of_files)]
    lines += [REFERENCE, *_files(files.reference_files(), of_files)]
    lines += [MANIFESTS, *_files(files.json_files(), of_files)]
    for layer, heading in HEADINGS.items():
        lines.append(f"\n## {heading}\n")
        for table in build_tables():
            if table.layer == layer:
                lines += _table(table, of_tables)
    lines.append(
        BUSINESS + ", ".join(f"`{path.name}`" for path in sorted(DATA_FOLDER.glob("*.txt"))) + ".\n"
    )
    lines += _files(files.business_files(), of_files)
    for described in (of_files, of_tables):
        assert not described.unused, f"no such columns: {sorted(described.unused)}"
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def _files(found: Sequence[files.File], meanings: Meanings) -> Iterator[str]:
    for file in found:
        yield f"### {file.name}\n"
        first = "Key" if file.name.endswith(".json") else "Column"
        yield f"| {first} | Type | Unit | Meaning |\n|---|---|---|---|"
        described = [
            (name, (kind, *meanings.of(file.name, name))) for name, kind in file.types.items()
        ]
        for cells, columns in itertools.groupby(described, key=operator.itemgetter(1)):
            names = ", ".join(f"`{name}`" for name, _ in columns)
            yield f"| {names} | {' | '.join(cells)} |"
        yield ""


def _table(table: Table, meanings: Meanings) -> Iterator[str]:
    yield f"### {table.name}\n"
    yield table.about + (f" {table.clauses}." if table.clauses else "") + "\n"
    yield "| Column | BigQuery | DuckDB | Unit | Meaning |\n|---|---|---|---|---|"
    for column in table.columns:
        unit, text = meanings.of(table.name, column.name)
        required = "" if column.is_nullable else " NOT NULL"
        yield (
            f"| `{column.name}` | {bigquery_type(column, table.layer)}{required} | {column.type} | "
            f"{unit} | {text} |"
        )
    yield ""


if __name__ == "__main__":
    PAGE.write_text(content(), encoding="utf-8")
