"""The strict CSV reader: accept rows, or reject them with a reason.

    bytes -> header (is the whole file readable?) -> records (text fields) -> rules (valid rows)

For any bytes, rows in = rows loaded + rows rejected, and no exception is raised. A bad row is
rejected alone; its neighbours load. A file with a wrong header is refused whole.
"""

from collections.abc import Mapping, Sequence
from itertools import compress

from core.bronze.validation.bounds import MOST_REJECTED, rows_fault
from core.bronze.validation.codes import Code
from core.bronze.validation.header import file_fault, split_header
from core.bronze.validation.records import (
    FIRST_LINE,
    Table,
    after_header,
    count_lines,
    count_rows,
    show_value,
    split_lines,
    split_records,
    without_return,
)
from core.bronze.validation.rules import (
    KEYS,
    KINDS,
    Expected,
    Form,
    column_reason,
    forms,
    rule_reason,
    rules,
)
from core.generation.columns import HEADERS
from core.warehouse.validated import Reason, Rejected, Validated

__all__ = ["KINDS", "Expected", "count_rows", "refuse_file", "validate_csv", "validate_parquet"]

_PART = 50_000  # values of a column that are checked at a time

_Columns = Mapping[str, Sequence[str]]


def validate_csv(expected: Expected, data: bytes) -> Validated:
    """Judge a CSV file by what its name says of its rows; no bytes raise an exception."""
    if expected.kind not in KINDS:
        kinds = ", ".join(KINDS)
        return refuse_file(
            expected.kind, data,
            Reason(f"The kind is {show_value(expected.kind)}: use {kinds}.", Code.NAME),
        )  # fmt: skip
    header = HEADERS[expected.kind]
    _, body = split_header(data)
    fault = file_fault(data, header) or rows_fault(expected.kind, body)
    if fault:
        return refuse_file(expected.kind, data, fault)
    return judge_records(expected, split_records(body, header), body)


def validate_parquet(expected: Expected, data: bytes) -> Validated:
    """Judge a Parquet file of orders or items, which loads whole or not at all."""
    from core.bronze.validation.parquet_file import (
        parquet_fault,  # imported late: only Parquet needs numpy and Arrow
    )

    rows, fault, first = parquet_fault(expected, data)
    columns: dict[str, list[str | int | None]] = {
        name.lower(): [] for name in HEADERS[expected.kind]
    }
    return Validated(expected.kind, rows, columns, first, fault, whole=0 if fault else rows)


def judge_records(expected: Expected, table: Table, body: bytes) -> Validated:
    """Apply the rules of a kind to a file's records; refuse a file with too many faults.

    `table` was read from `body` by either reader of `records`; rejected rows keep their bytes.
    """
    kind_forms = forms(expected.kind)
    columns = dict(zip(kind_forms, table.columns, strict=True))
    faults = _column_faults(columns, kind_forms)
    if len(table.rejected) + len(faults) <= MOST_REJECTED:
        faults |= _rule_faults(expected, columns, faults)
        faults |= _find_repeated(KEYS[expected.kind], columns, table.lines, faults)
    if len(table.rejected) + len(faults) > MOST_REJECTED:
        return _refuse(expected.kind, body, _too_many(table, faults))
    rejected = [*table.rejected, *_reject_rows(faults, table.lines, body)]
    return Validated(
        kind=expected.kind,
        rows_in=len(table.lines) + len(table.rejected),
        columns=_convert_columns(columns, kind_forms, faults),
        rejected=tuple(sorted(rejected, key=lambda refused: refused.line)),
        unreadable=None,
    )


def refuse_file(kind: str, data: bytes, reason: Reason) -> Validated:
    """A file that is refused whole, for the caller's reason."""
    return _refuse(kind, after_header(data), reason)


def _refuse(kind: str, body: bytes, reason: Reason) -> Validated:
    columns: dict[str, list[str | int | None]] = {
        name.lower(): [] for name in HEADERS.get(kind, ())
    }
    return Validated(kind, count_lines(body), columns, (), reason)


def _too_many(table: Table, faults: Mapping[int, Reason]) -> Reason:
    first = [(refused.line, refused.reason) for refused in table.rejected[:1]]
    first += [(table.lines[row], faults[row]) for row in sorted(faults)[:1]]
    line, reason = min(first)
    return Reason(
        f"More than {MOST_REJECTED:,} rows are faulty, the first in line {line}: {reason}",
        reason.code, reason.column,
    )  # fmt: skip


def _column_faults(columns: _Columns, kind_forms: Mapping[str, Form]) -> dict[int, Reason]:
    """The reason for each row with an invalid value, until they are too many to reject singly."""
    faults: dict[int, Reason] = {}
    for name, form in kind_forms.items():
        for start in range(0, len(columns[name]), _PART):
            part = columns[name][start : start + _PART]
            # A dict keeps the file's order, in which the values are in memory: a set is slower.
            wrong = form.find_invalid(dict.fromkeys(part))
            for row, value in enumerate(part if wrong else (), start):
                if value in wrong:
                    faults.setdefault(row, column_reason(name, form, value))
            if len(faults) > MOST_REJECTED:
                return faults
    return faults


def _rule_faults(
    expected: Expected, columns: _Columns, known: Mapping[int, Reason]
) -> dict[int, Reason]:
    """The reason for each row that breaks a rule; rows with a fault are skipped."""
    faults: dict[int, Reason] = {}
    count = len(columns[KEYS[expected.kind]])
    rows = [row for row in range(count) if row not in known] if known else range(count)
    for rule in rules(expected):
        values = [columns[name] for name in rule.columns]
        if known:
            values = [[column[row] for row in rows] for column in values]
        if rule.holds(*values):
            continue
        for row, row_values in zip(rows, zip(*values, strict=True), strict=True):
            if not rule.holds(*((value,) for value in row_values)):
                faults.setdefault(row, rule_reason(rule, row_values))
    return faults


def _find_repeated(
    column: str, columns: _Columns, lines: Sequence[int], known: Mapping[int, Reason]
) -> dict[int, Reason]:
    """The reason for each row whose id an earlier accepted row has."""
    keys = columns[column]
    if len(set(keys)) == len(keys):
        return {}
    faults: dict[int, Reason] = {}
    first_lines: dict[str, int] = {}
    for row, key in enumerate(keys):
        if row in known:
            continue
        first = first_lines.setdefault(key, lines[row])
        if first != lines[row]:
            faults[row] = Reason(
                f"The id {show_value(key)} is that of line {first} too: write each id once.",
                Code.REPEATED, column,
            )  # fmt: skip
    return faults


def _reject_rows(faults: Mapping[int, Reason], lines: Sequence[int], body: bytes) -> list[Rejected]:
    if not faults:
        return []
    raw = split_lines(body)
    return [
        Rejected(lines[row], reason, without_return(raw[lines[row] - FIRST_LINE]))
        for row, reason in faults.items()
    ]


def _convert_columns(
    columns: Mapping[str, list[str]], kind_forms: Mapping[str, Form], faults: Mapping[int, Reason]
) -> dict[str, list[str | int | None]]:
    """The accepted rows by Bronze column: the file's column in lower case."""
    if faults:
        rows = len(next(iter(columns.values())))
        good = [row not in faults for row in range(rows)]
        columns = {name: [*compress(values, good)] for name, values in columns.items()}
    return {name.lower(): form.loaded(columns[name]) for name, form in kind_forms.items()}
