"""All findings of some dates, each fault once: what follows from another fault is left out."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime

from core.generation.windows import dates_between
from core.insight.anomalies.anomaly import Anomaly, AnomalyKind
from core.insight.findings.evidence import Evidence, gather_evidence
from core.insight.findings.files import DAMAGES, judge_files
from core.insight.findings.rows import judge_rows
from core.platform import Platform
from core.progress import Progress, silent
from core.scenarios.findings_table import FaultFinding
from core.storage.object_names import SALES_FILES, cell_prefix, parse_sales_name

_MISFITS = (
    AnomalyKind.ITEM_WITHOUT_ORDER, AnomalyKind.ORDER_WITHOUT_ITEMS, AnomalyKind.TOTAL_NOT_SUM,
)  # fmt: skip
_VOLUME = (AnomalyKind.SPIKE, AnomalyKind.ORDER_LEAK)
# Faults that change the number of orders in a cell, so that the number is no further fault.
_COUNTED = ("yesterday_again", "clock_skew")


def find_faults(
    platform: Platform, dates: tuple[date, date], now: datetime, progress: Progress = silent
) -> list[FaultFinding]:
    """What quarantine, reconcile and the checks find of some dates, both included.

    Raises:
        InputError: The dates run backwards or are out of bounds.
        TransientError: The warehouse or store cannot be reached now.
    """
    return judge_evidence(gather_evidence(platform, dates, now, progress))


def judge_evidence(evidence: Evidence) -> list[FaultFinding]:
    """The findings that some evidence shows, each once, by object and line."""
    files = judge_files(evidence)
    cut_off = {one.object for one in files if one.kind == "truncated"}
    damaged = {_folder(one.object) for one in files if one.kind in DAMAGES}
    content = [
        one
        for one in _judge_content(evidence.anomalies, damaged)
        if one.kind != "unit_silent" or not evidence.is_described(one.object)
    ]
    other_dates = {one.object for one in content if one.kind in ("yesterday_again", "clock_skew")}
    rows = [
        one
        for name, report in evidence.reports.items()
        for one in judge_rows(report, cut_off=name in cut_off)
        if one.kind != "wrong_date" or name not in other_dates
    ]
    counted = {
        _folder(one.object)
        for one in content
        if one.kind in _COUNTED or _is_all_copied(evidence, one)
    }
    volume = _judge_volume(evidence.anomalies, counted)
    return sorted({*files, *rows, *content, *volume})


def _judge_content(
    anomalies: Iterable[Anomaly], damaged: Collection[str]
) -> Iterator[FaultFinding]:
    """What is wrong in files that came as they were sent, and with units that were silent."""
    for one in anomalies:
        if one.kind in _VOLUME or (one.kind in _MISFITS and _folder(one.object) in damaged):
            continue
        if one.kind is AnomalyKind.YESTERDAY_AGAIN:  # all rows of a cell are one fault
            yield FaultFinding(_orders_of(_folder(one.object)), 0, "", one.kind)
        else:
            yield FaultFinding(one.object, one.line, one.id, one.kind)


def _judge_volume(anomalies: Iterable[Anomaly], counted: Collection[str]) -> Iterator[FaultFinding]:
    """Windows with too many orders, and units' dates with too few.

    Left out is what is known of the chain alone, which is the fault of no object, and a unit's
    dates with many orders of which no window has too many.
    """
    for one in anomalies:
        if one.kind is AnomalyKind.SPIKE and parse_sales_name(one.object):
            names = [] if _folder(one.object) in counted else [one.object]
        elif one.kind is AnomalyKind.ORDER_LEAK:
            names = [
                folder
                for folder in _folders_of_leak(one)
                if not any(cell.startswith(folder) for cell in counted)
            ]
        else:
            names = []
        yield from (FaultFinding(name, 0, "", one.kind) for name in names)


def _folders_of_leak(leak: Anomaly) -> list[str]:
    """The folders of the unit's dates on which orders are missing."""
    unit, first, last = map(leak.detail.values.get, ("unit", "first", "last"))
    if isinstance(unit, int) and isinstance(first, date) and isinstance(last, date):
        return [cell_prefix(day, unit, None) for day in dates_between(first, last)]
    return [leak.object] if leak.object else []


def _is_all_copied(evidence: Evidence, finding: FaultFinding) -> bool:
    """Whether the object was never announced, and has nothing but another window's rows."""
    copied = finding.kind == AnomalyKind.COPIED_INTO_OTHER_WINDOW
    return copied and finding.object not in evidence.described


def _folder(name: str) -> str:
    """The folder of a cell's two files."""
    return name[: name.rfind("/") + 1]


def _orders_of(folder: str) -> str:
    return folder + SALES_FILES["orders"]
