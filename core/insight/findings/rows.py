"""Findings about rows that Bronze rejected, from the codes of their error reports."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from core.bronze.quarantine import Refused, Report
from core.bronze.validation.codes import Code
from core.bronze.validation.records import split_fields
from core.bronze.validation.rules import KEYS
from core.generation.columns import HEADERS
from core.scenarios.findings_table import FaultFinding
from core.storage.object_names import parse_sales_name

_KINDS: Mapping[str, str] = MappingProxyType({
    Code.REPEATED: "row_doubled",
    Code.RANGE: "value_out_of_range",
    Code.TYPE: "value_of_wrong_type",
    Code.DECIMAL_COMMA: "decimal_comma",
    Code.DATE_FORMAT: "other_date_format",
    Code.OTHER_UNIT: "wrong_unit",
    Code.OTHER_DATE: "wrong_date",
})  # fmt: skip
_UNKNOWN: Mapping[str, str] = MappingProxyType({
    "Id_Produto": "unknown_product",
    "Tipo_Pedido": "unknown_type",
    "Status": "unknown_status",
})  # fmt: skip


def judge_rows(report: Report, *, cut_off: bool) -> list[FaultFinding]:
    """The rejected rows of an object; of one that is cut off, the last line is no whole row."""
    return [*_judge_rows(report, report.rows_in + 1 if cut_off else 0)]


def _judge_rows(report: Report, torn_line: int) -> Iterator[FaultFinding]:
    for row in report.rows:
        kind = _UNKNOWN.get(row.column) if row.code == Code.UNKNOWN else _KINDS.get(row.code)
        if kind and row.line != torn_line:
            yield FaultFinding(report.name, row.line, _id_of(report.name, row), kind)


def _id_of(name: str, row: Refused) -> str:
    """The id of a rejected order or item; empty if the row has none."""
    parsed = parse_sales_name(name)
    fields = split_fields(row.raw.encode())
    if parsed is None or fields is None:
        return ""
    place = HEADERS[parsed.kind].index(KEYS[parsed.kind])
    return fields[place].decode() if place < len(fields) else ""
