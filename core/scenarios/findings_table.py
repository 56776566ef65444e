"""Read a table of findings: what a pipeline says is wrong, as CSV or JSON.

The columns are `object` (the object's name), `line` (of the file; its header is line 1), `id` (of
the order or item) and `kind` (of `core.scenarios.kinds`). `line` and `id` may be empty or absent.
"""

import csv
import io
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from core.errors import InputError
from core.messages import message
from core.storage.object_names import SALES_PREFIX

COLUMNS = ("object", "line", "id", "kind")
_NEEDED = ("object", "kind")
_MAX_SHOWN = 40  # characters of a value that an error repeats


class FaultFinding(NamedTuple):
    """A fault that a pipeline reports.

    `line` is 0 and `id` is empty where the finding has none; with neither it is about the object.
    """

    object: str
    line: int
    id: str
    kind: str


class FindingsTable(NamedTuple):
    """The findings of a table, and the names of its other columns, which nothing reads."""

    findings: tuple[FaultFinding, ...]
    ignored: tuple[str, ...]


def read_findings(name: str, data: bytes, kinds: Collection[str]) -> FindingsTable:
    """Read the bytes of a table; `name` is the file's for the errors.

    The table is JSON if its first visible character is `[` or `{`, else CSV, whose delimiter is a
    comma or a semicolon.

    Raises:
        InputError: The table is not valid; the sentence has the line, or the number of the entry.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(message("grade.not_utf8", name=name, line=line)) from error
    rows, columns = (
        _read_json(name, text) if text.lstrip().startswith(("[", "{")) else _read_csv(name, text)
    )
    ignored = tuple(column for column in columns if column not in COLUMNS)
    return FindingsTable(tuple(_parse(name, row, place, kinds) for place, row in rows), ignored)


def findings_csv(findings: Iterable[FaultFinding]) -> str:
    """Findings as CSV, which `read_findings` reads."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows((one.object, one.line or "", one.id, one.kind) for one in findings)
    return text.getvalue()


def findings_json(findings: Iterable[FaultFinding]) -> str:
    """Findings as JSON, which `read_findings` reads."""
    return json.dumps([one._asdict() for one in findings], indent=1)


_Rows = list[tuple[int, Mapping[str, Any]]]  # each with its line in a CSV, its number in JSON


def _read_csv(name: str, text: str) -> tuple[_Rows, list[str]]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: _Rows = []
    columns: list[str] = []
    at = 1
    try:
        for fields in reader:
            if fields and columns:
                rows.append((at, _record(name, columns, fields, at)))
            elif fields:
                columns = [field.strip() for field in fields]
                _check_columns(name, columns, at)
            at = reader.line_num + 1
    except csv.Error as error:
        raise InputError(message("grade.no_csv", name=name, line=at, reason=error)) from error
    if not columns:
        _check_columns(name, columns)
    return rows, columns


def _record(name: str, columns: Sequence[str], fields: Sequence[str], at: int) -> Mapping[str, str]:
    if len(fields) == len(columns):
        return dict(zip(columns, fields, strict=True))
    raise InputError(
        message("grade.fields", name=name, line=at, count=len(fields), right=len(columns))
    )


def _read_json(name: str, text: str) -> tuple[_Rows, list[str]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(message("grade.no_json", name=name, reason=error)) from error
    if not isinstance(found, list):
        raise InputError(message("grade.no_list", name=name))
    for place, row in enumerate(found, 1):
        if not isinstance(row, dict):
            raise InputError(message("grade.no_entry", name=name, line=place))
        _check_columns(name, row, place)
    columns = dict.fromkeys(key for row in found for key in row)
    return list(enumerate(found, 1)), list(columns)


def _check_columns(name: str, columns: Collection[str], line: int = 1) -> None:
    missing = [column for column in _NEEDED if column not in columns]
    if missing:
        raise InputError(message("grade.no_column", name=name, line=line, missing=missing))
    doubled = [column for column in COLUMNS if list(columns).count(column) > 1]
    if doubled:
        raise InputError(message("grade.column_twice", name=name, line=line, column=doubled[0]))


def _parse(name: str, row: Mapping[str, Any], place: int, kinds: Collection[str]) -> FaultFinding:
    values = {column: _text(row.get(column)) for column in COLUMNS}
    line = values["line"] or "0"
    if not (line.isascii() and line.isdecimal() and len(line) < 10):
        raise InputError(message("grade.no_line", name=name, line=place, value=_show(line)))
    if values["kind"] not in kinds:
        raise InputError(
            message(
                "grade.no_kind", name=name, line=place, value=_show(values["kind"]),
                kinds=sorted(kinds),
            )
        )  # fmt: skip
    if not values["object"] and not values["id"]:
        raise InputError(message("grade.about_nothing", name=name, line=place))
    return FaultFinding(
        _object_name(values["object"]), int(line), values["id"].lower(), values["kind"]
    )


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _object_name(written: str) -> str:
    """The object's name in the bucket, also where the path of a folder or bucket precedes it."""
    written = written.replace("\\", "/")
    start = written.find(SALES_PREFIX)
    return written[start:] if start > 0 else written


def _show(value: str) -> str:
    return repr(value if len(value) <= _MAX_SHOWN else f"{value[:_MAX_SHOWN]}...")
