"""Findings about whole files: lost, late, cut off, in another form, with other columns, copied."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from core.bronze.quarantine import Report
from core.bronze.validation.codes import Code
from core.insight.findings.evidence import Evidence
from core.scenarios.findings_table import FaultFinding
from core.storage.object_names import SALES_FILES, parse_sales_name

# The kind of a file that cannot be read, by the code in its error report. Columns that differ are
# the source's fault; where the file is not the one that its manifest describes, it was cut off.
_FORMS: Mapping[str, str] = MappingProxyType({
    Code.EMPTY: "empty",
    Code.ENCODING: "wrong_encoding",
    Code.DELIMITER: "other_delimiter",
})  # fmt: skip
_COLUMNS: Mapping[str, str] = MappingProxyType({
    Code.COLUMNS_RENAMED: "column_renamed",
    Code.COLUMNS_MISSING: "column_dropped",
    Code.COLUMNS_UNKNOWN: "column_added",
    Code.COLUMNS_ORDER: "columns_reordered",
})  # fmt: skip
DAMAGES = ("object_missing", "empty", "header_only", "truncated", "wrong_encoding",
           "other_delimiter", *_COLUMNS.values())  # fmt: skip


def judge_files(evidence: Evidence) -> list[FaultFinding]:
    """One finding for each fault of a whole object, by name."""
    found = [FaultFinding(name, 0, "", "object_missing") for name in evidence.absent]
    for name in sorted(evidence.objects):
        found += (FaultFinding(name, 0, "", kind) for kind in _judge(evidence, name))
    return found


def _judge(evidence: Evidence, name: str) -> Iterator[str]:
    """The kinds of fault of an object that is there."""
    report = evidence.reports.get(name)
    if parse_sales_name(name) is None:
        if report and report.code == Code.NAME:
            yield "copied_under_other_name"
        return
    kind = _kind_of_form(evidence, name, report)
    if kind:
        yield kind
    late = _kind_of_delay(evidence, name)
    if late:
        yield late


def _kind_of_form(evidence: Evidence, name: str, report: Report | None) -> str | None:
    code = report.code if report else ""
    if code in _FORMS:
        return _FORMS[code]
    if evidence.is_as_described(name):
        return _COLUMNS.get(code)
    expected, found = evidence.described[name].file, evidence.objects[name]
    if found.size >= expected.size:  # rows were added, which the check of copies finds
        return _COLUMNS.get(code)
    data = evidence.store.read(name).data
    if data.count(b"\n") == 1 and data.endswith(b"\n"):
        return "header_only"
    in_other_encoding = (
        report and not code and all(row.code == Code.ENCODING for row in report.rows)
    )
    return "wrong_encoding" if in_other_encoding and data.endswith(b"\n") else "truncated"


def _kind_of_delay(evidence: Evidence, name: str) -> str | None:
    """Whether an object came after the manifest that names it, which is written last.

    Items that came after the manifest, and after their orders, came out of order.
    """
    orders, items = (name.rpartition("/")[0] + f"/{file}" for file in SALES_FILES.values())
    if not _is_late(evidence, items) or not _is_late(evidence, name):
        return None
    if _is_late(evidence, orders):
        return "window_late"
    return "objects_out_of_order"


def _is_late(evidence: Evidence, name: str) -> bool:
    found, described = evidence.objects.get(name), evidence.described.get(name)
    return bool(found and described and found.generation > described.generation)
