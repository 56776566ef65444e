"""Whether an upload arrived: its objects in the bucket, its log lines, its rows in Bronze.

The manifest says what to expect. Where the bucket's events load the objects, `verify_upload` checks
repeatedly, at growing intervals, until everything is settled or the wait is over.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from core.errors import InputError, PlatformError
from core.gcp.function_logs import MAX_LINES, LogLine, read_logs
from core.messages import Message, join_sentences, list_parts, message
from core.progress import Progress, silent
from core.reconcile.compare import (
    FAULTS,
    ExpectedUnits,
    ObjectVerdict,
    Places,
    Verdict,
    verdict_text,
)
from core.reconcile.day import Day
from core.reconcile.listing import list_day
from core.storage.object_names import day_prefix, end_of
from core.storage.publish import Request
from core.warehouse.base import SALES_TABLES

if TYPE_CHECKING:
    from core.platform import Platform

MAX_WAIT_S = 3600.0
PROCESSOR = "csv-processor"

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 2.0, 15.0
_LOG_DAYS = timedelta(days=1)  # how far back lines are looked for
_LOG_SHOWN = 10
_NAMED = 3  # objects that a sentence names
_NO_PROCESSOR = "There is no csv-processor here: an upload takes its objects to Bronze itself."


class Outcome(StrEnum):
    """What verifying an upload finds."""

    ARRIVED = "arrived"
    NOT_YET = "not yet"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What arrived of an upload.

    Attributes:
        objects, size: How many objects are in the bucket, and their bytes.
        lines: The reconciliation's line of each object to arrive, two per window and unit.
        log: Lines of csv-processor about these objects, the newest first.
        log_note: Why there are none; empty where the log was read.
        has_events: Whether csv-processor loads the objects into Bronze.
    """

    day: date
    windows: tuple[str, ...]
    units: int
    objects: int
    size: int
    lines: tuple[ObjectVerdict, ...]
    log: tuple[LogLine, ...]
    log_note: str
    has_events: bool

    @property
    def outcome(self) -> Outcome:
        """Whether everything is in Bronze, something is still to come, or something is wrong."""
        if any(line.verdict in FAULTS for line in self.lines):
            return Outcome.DIFFERS
        return Outcome.NOT_YET if self.wrong() else Outcome.ARRIVED

    @property
    def settled(self) -> bool:
        """Whether waiting cannot change anything."""
        return all(line.verdict in FAULTS for line in self.wrong())

    def rows(self, table: str) -> tuple[int, int]:
        """Rows of `orders` or `order_items`: in Bronze, and expected."""
        lines = [line for line in self.lines if line.table == table]
        return sum(line.bronze for line in lines), sum(line.due for line in lines)

    def log_texts(self) -> list[str]:
        """csv-processor's log lines about it: how many, and the newest; or why there are none."""
        if self.log_note:
            return [self.log_note]
        counts = Counter(line.severity for line in self.log)
        parts = ", ".join(f"{count:,} {severity}" for severity, count in sorted(counts.items()))
        first = f"{PROCESSOR}'s log has {len(self.log):,} lines about it{parts and f': {parts}'}."
        return [first, *(f"{line.severity} {line.text}" for line in self.log[:_LOG_SHOWN])]

    def wrong(self) -> list[ObjectVerdict]:
        """The objects that are not in Bronze as expected; faults first."""
        lines = [line for line in self.lines if line.verdict is not Verdict.IN_BRONZE]
        return sorted(lines, key=lambda line: line.verdict not in FAULTS)


def verify_upload(
    platform: "Platform",
    request: Request,
    now: datetime,
    wait_s: float = 0.0,
    pause: Callable[[float], None] = time.sleep,
    progress: Progress = silent,
) -> Arrival:
    """Check what arrived of the windows of one date, until it is settled or `wait_s` is over.

    It waits only where the bucket's events load objects: an upload that loads them itself leaves
    nothing to come. The progress counts objects in Bronze; `now` is the aware present.

    Raises:
        InputError: More than one date, no window, or a wait outside 0 to `MAX_WAIT_S`.
        StoreError: Bucket or warehouse refuse.
        TransientError: The same call may succeed later.
    """
    if len(request.dates) != 1 or not request.windows:
        raise InputError(message("request.verify_one_date"))
    check_wait(wait_s)
    until = time.monotonic() + (wait_s if platform.has_events else 0.0)
    seconds = _FIRST_PAUSE_S
    while True:
        found = _look(platform, request, now)
        in_bronze = sum(line.verdict is Verdict.IN_BRONZE for line in found.lines)
        progress(in_bronze, len(found.lines), message("step.in_bronze"))
        left = until - time.monotonic()
        if found.settled or left <= 0:
            return _add_log(found, platform, now)
        pause(min(seconds, left))
        seconds = min(seconds * 1.5, _LONGEST_PAUSE_S)


def check_wait(wait_s: float) -> float:
    """The seconds to wait; raises `InputError` outside 0 to `MAX_WAIT_S`."""
    if not 0 <= wait_s <= MAX_WAIT_S:
        raise InputError(message("request.wait", wait_s=wait_s, most=MAX_WAIT_S))
    return wait_s


def describe_arrival(arrival: Arrival) -> str:
    """What arrived, and what to do where something did not."""
    what = message(
        "arrival.what", day=arrival.day, windows=arrival.windows, units=arrival.units
    )  # fmt: skip
    (orders, all_orders), (items, all_items) = arrival.rows("orders"), arrival.rows("order_items")
    if arrival.outcome is Outcome.ARRIVED:
        return message(
            "arrival.arrived", what=what, orders=orders, items=items, objects=arrival.objects,
            size=arrival.size,
        )  # fmt: skip
    counts = Counter(line.verdict for line in arrival.lines)
    state = message(
        "arrival.state", what=what, objects=arrival.objects, all_objects=len(arrival.lines),
        verdicts=[
            message("arrival.count", count=count, verdict=verdict_text(verdict))
            for verdict, count in sorted(counts.items())
        ],
        orders=orders, all_orders=all_orders, items=items, all_items=all_items,
    )  # fmt: skip
    if arrival.outcome is Outcome.DIFFERS:
        return message("arrival.differs", state=state, objects=list_parts(_name_faults(arrival)))
    return join_sentences(message("arrival.not_yet", state=state), _advise(arrival))


def _look(platform: "Platform", request: Request, now: datetime) -> Arrival:
    (day,) = request.dates
    first = day_prefix(day)
    places = Places(platform.store, platform.warehouse, platform.catalog)
    listing = list_day(places, day)
    bronze = platform.warehouse.bronze_files(platform.store.bucket, first, end_of(first))
    units = ExpectedUnits(max(request.units))
    found = Day(places, day, units, now, listing, {file.name: file for file in bronze})
    lines = _select_lines(found, request)
    present = [found.objects[line.name] for line in lines if line.name in found.objects]
    windows = tuple(window.hours for window in request.windows)
    size = sum(info.size for info in present)
    return Arrival(
        day, windows, len(request.units), len(present), size, lines, (), "", platform.has_events
    )


def _select_lines(found: Day, request: Request) -> tuple[ObjectVerdict, ...]:
    """A line for each object of the request, also of one that reconciliation does not expect."""
    known = {(line.window_tag, line.unit_id, line.table): line for line in found.lines}
    return tuple(
        known.get((window.tag, unit, table)) or _judge_unexpected(found, window.tag, unit, table)
        for window in request.windows
        for unit in request.units
        for table in SALES_TABLES
    )


def _judge_unexpected(found: Day, tag: str, unit: int, table: str) -> ObjectVerdict:
    if unit in found.bulk_units:
        verdict, detail = Verdict.MIXED, message("line.of_bulk_unit")
    elif unit in found.parquet_units:
        verdict, detail = Verdict.MIXED, message("line.of_parquet_unit")
    else:
        verdict, detail = Verdict.MISSING, message("line.without_unit")
    return ObjectVerdict(found.day, tag, unit, table, None, 0, 0, verdict, detail)


def _add_log(found: Arrival, platform: "Platform", now: datetime) -> Arrival:
    """The same with csv-processor's lines about its objects, or why there are none."""
    cloud = platform.settings.cloud
    if cloud is None:
        return replace(found, log_note=_NO_PROCESSOR)
    names = {line.name for line in found.lines}
    try:
        lines = read_logs(cloud, PROCESSOR, MAX_LINES, now - _LOG_DAYS, day_prefix(found.day))
    except PlatformError as error:
        return replace(found, log_note=error.sentence)
    return replace(found, log=tuple(line for line in lines if line.fields.get("object") in names))


def _name_faults(arrival: Arrival) -> list[Message]:
    wrong = [line for line in arrival.wrong() if line.verdict in FAULTS]
    named = [message("arrival.object", name=one.name, detail=one.detail) for one in wrong[:_NAMED]]
    if len(wrong) > _NAMED:
        named.append(message("arrival.more", count=len(wrong) - _NAMED))
    return named


def _advise(arrival: Arrival) -> Message:
    verdicts = {line.verdict for line in arrival.lines}
    if Verdict.UPLOADED in verdicts:
        if arrival.has_events:
            return message("arrival.wait_longer", function=PROCESSOR)
        return message("arrival.ingest")
    code = "arrival.upload" if Verdict.MISSING in verdicts else "arrival.not_begun"
    return message(code)
