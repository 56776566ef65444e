"""The plan of a backfill: which windows of a range of dates to generate, and why.

The reconciliation judges each window that is due, for the units of the request. A window

- is *missing* when an object of these units is not in the bucket or not in Bronze, or when no
  object of such a unit is known;
- has *failed* when an object is quarantined, duplicated or not as expected, or when the newest run
  that was to publish it failed or was interrupted;
- is left alone where a unit has bulk data on that date, whose sales would count twice.

Without a number of units, each window is judged for those of its manifest, or else of the date's
other manifests. A date without any is left alone: the platform never generates sales for a guess.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from core import pipeline
from core.errors import InputError
from core.generation.catalog import Window
from core.generation.cells import window_cells
from core.generation.orders import DEFAULT_SEED, expected_rows
from core.generation.windows import (
    WHOLE_DAY,
    WindowOfDay,
    check_seed,
    check_units,
    dates_between,
    window_start,
)
from core.messages import Message, message
from core.operations.runs import Run, RunState
from core.platform import Platform
from core.progress import Progress, silent
from core.reconcile.compare import SEVERITY, ObjectVerdict, Verdict
from core.storage.object_names import PARQUET_TAG
from core.warehouse.base import SALES_TABLES

KINDS = ("upload", "simulate", "fill", "backfill")  # runs that publish windows to the bucket

LAST_RUNS = 1_000  # as many of them are read to find how the windows' last run ended

_MISSING = frozenset({Verdict.MISSING, Verdict.GENERATED})
_FAULTY = frozenset({Verdict.QUARANTINED, Verdict.MISMATCH, Verdict.DUPLICATED})
_ALL_UNITS = -1  # of a count: all that there are
_FAILED = frozenset({RunState.FAILED, RunState.INTERRUPTED})


class Mode(StrEnum):
    """Which windows a backfill takes."""

    MISSING = "missing"
    FAILED = "missing-and-failed"
    ALL = "all"


class Reason(StrEnum):
    """Why a window is, or is not, as expected: the first reason that is true."""

    BULK = "units with bulk data"  # of a whole day, in CSV files or in Parquet
    FAULTY = "objects not as expected"
    MISSING = "objects missing"
    NEVER = "units never generated"
    UNKNOWN = "no manifest says for which units"
    PENDING = "objects not in Bronze yet"
    LAST_FAILED = "its last run failed"
    FINE = "as expected"


_TAKEN: Mapping[Mode, frozenset[Reason]] = {
    Mode.MISSING: frozenset({Reason.MISSING, Reason.NEVER, Reason.PENDING}),
    Mode.FAILED: frozenset(Reason) - {Reason.BULK, Reason.UNKNOWN, Reason.FINE},
    Mode.ALL: frozenset(Reason) - {Reason.BULK, Reason.UNKNOWN},
}


@dataclass(frozen=True)
class BackfillRequest:
    """What a backfill is to complete.

    Attributes:
        dates: First and last business date, both included.
        units: How many, from unit 1; None for those that each date's manifests name.
        seed: None for that of each window's manifest, and the default one without a manifest.

    Raises:
        InputError: A part of it is not possible.
    """

    dates: tuple[date, date]
    windows: tuple[Window, ...]
    units: int | None
    seed: int | None = None
    mode: Mode = Mode.MISSING

    def __post_init__(self) -> None:
        dates_between(*self.dates)
        if self.units is not None:
            check_units(self.units)
        if not self.windows:
            raise InputError(message("request.backfill_no_window"))
        if self.seed is not None:
            check_seed(self.seed)


@dataclass(frozen=True, slots=True)
class Step:
    """A window of a date: its state, and whether the backfill would generate it.

    Attributes:
        verdict: The worst of its objects; None where none is known or expected.
        count: Objects or units that the reason is about.
        units: Those that it is judged for, ascending.
        objects, orders, items: What it holds when it is complete.
    """

    day: date
    window: Window
    verdict: Verdict | None
    reason: Reason
    count: int
    chosen: bool
    units: Sequence[int]
    objects: int
    orders: int
    items: int

    @property
    def why(self) -> Message:
        """The reason in words, such as `6 objects missing`."""
        code = f"why.{self.reason.name.lower()}"
        if self.reason in (Reason.UNKNOWN, Reason.LAST_FAILED, Reason.FINE):
            return message(code)
        return message(code, count=message("why.all") if self.count == _ALL_UNITS else self.count)


@dataclass(frozen=True)
class BackfillPlan:
    """What a backfill would do: a step for each window that is due, by date and window."""

    asked: BackfillRequest
    steps: tuple[Step, ...]

    @property
    def chosen(self) -> list[Step]:
        """The windows that would be generated."""
        return [step for step in self.steps if step.chosen]

    @property
    def unknown(self) -> list[Step]:
        """The windows whose units neither a number nor a manifest gives."""
        return [step for step in self.steps if step.reason is Reason.UNKNOWN]

    def check_units(self) -> None:
        """Raise `InputError` if the units of a window are unknown."""
        if self.unknown:
            days = sorted({step.day for step in self.unknown})
            of = message("request.day_and_more", day=days[0], count=len(days) - 1)
            raise InputError(
                message(
                    "request.units_unknown", count=len(self.unknown),
                    days=of if len(days) > 1 else days[0],
                )
            )  # fmt: skip


def plan_backfill(
    platform: Platform,
    asked: BackfillRequest,
    now: datetime,
    runs: Iterable[Run] = (),
    progress: Progress = silent,
) -> BackfillPlan:
    """Judge the windows of a request that have begun at the aware moment `now`.

    `runs` of `KINDS`, the newest first, show which windows' last run failed.

    Raises:
        TransientError: The warehouse or store cannot be reached now.
    """
    lines = pipeline.compare(
        platform, asked.dates, now, asked.units, progress=progress, guess=False
    ).lines
    by_window: defaultdict[tuple[date, str | None], list[ObjectVerdict]] = defaultdict(list)
    for line in lines:
        if not (line.requested or line.window_tag is None):
            continue  # of a unit that nothing requested: a folder's name widens no plan
        if asked.units is None or line.unit_id <= asked.units:
            by_window[line.day, line.window_tag].append(line)
    failed = last_failed(runs)
    steps = []
    for day, window in itertools.product(dates_between(*asked.dates), asked.windows):
        if window_start(day, window) <= now:
            of_window = by_window.get((day, window.tag), [])
            found = _Found(
                of_window, _list_units(asked, of_window), _count_bulk_units(asked, by_window, day),
                last_failed=str(WindowOfDay(day, window)) in failed,
            )  # fmt: skip
            steps.append(_make_step(platform, asked, (day, window), found))
    return BackfillPlan(asked, tuple(steps))


def last_failed(runs: Iterable[Run]) -> frozenset[str]:
    """Claims of the windows whose newest run failed or was interrupted; the newest run comes first.

    A backfill counts only for the windows that its details name: what an interrupted one did not
    reach is missing anyway. Active and cancelled runs do not count, nor do runs of whole days: they
    claim their windows without publishing them.
    """
    failed: dict[str, bool] = {}
    for run in runs:
        for window, ended_badly in _read_outcomes(run).items():
            failed.setdefault(window, ended_badly)
    return frozenset(window for window, ended_badly in failed.items() if ended_badly)


def _read_outcomes(run: Run) -> dict[str, bool]:
    if run.kind == "backfill":
        return {each["claim"]: bool(each["error"]) for each in run.details.get("windows", ())}
    if run.is_active or run.state is RunState.CANCELLED:
        return {}
    whole = {name.removesuffix(f" {WHOLE_DAY}") for name in run.claims if name.endswith(WHOLE_DAY)}
    own = [name for name in run.claims if name.rpartition(" ")[0] not in whole]
    return dict.fromkeys(own, run.state in _FAILED)


def _list_units(asked: BackfillRequest, lines: Sequence[ObjectVerdict]) -> Sequence[int]:
    if asked.units is not None:
        return range(1, asked.units + 1)
    return sorted({line.unit_id for line in lines})


def _count_bulk_units(
    asked: BackfillRequest,
    by_window: Mapping[tuple[date, str | None], Sequence[ObjectVerdict]],
    day: date,
) -> int:
    """How many units have bulk data, which a window would count twice; for Parquet, all of them."""
    if (day, PARQUET_TAG) in by_window:
        return asked.units or _ALL_UNITS
    return len({line.unit_id for line in by_window.get((day, None), ())})


class _Found(NamedTuple):
    """What the reconciliation found of a window: its lines, and what they are judged with."""

    lines: Sequence[ObjectVerdict]
    units: Sequence[int]
    bulk_units: int
    last_failed: bool


def _make_step(
    platform: Platform, asked: BackfillRequest, at: tuple[date, Window], found: _Found
) -> Step:
    reason, count = _find_reason(asked, found)
    verdicts = [line.verdict for line in found.lines]
    if reason is Reason.NEVER:
        verdicts.append(Verdict.MISSING)
    return Step(
        *at, max(verdicts, key=SEVERITY.__getitem__, default=None), reason, count,
        reason in _TAKEN[asked.mode], found.units, 2 * len(found.units),
        *_count_rows(platform, asked, at, found),
    )  # fmt: skip


def _count_rows(
    platform: Platform, asked: BackfillRequest, at: tuple[date, Window], found: _Found
) -> tuple[int, int]:
    """Orders and items of a window: from its lines, or else from the seed that it would get."""
    if asked.seed is None and len(found.lines) == 2 * len(found.units):
        orders, items = (
            sum(line.expected or 0 for line in found.lines if line.table == table)
            for table in SALES_TABLES
        )
        return orders, items  # from the manifest, where units may have different seeds
    if not found.units:
        return 0, 0
    day, window = at
    seed = DEFAULT_SEED if asked.seed is None else asked.seed
    rows = expected_rows(window_cells([day], [window], found.units), seed, platform.catalog)
    return int(rows[0].sum()), int(rows[1].sum())


def _find_reason(asked: BackfillRequest, found: _Found) -> tuple[Reason, int]:
    """The first reason that the mode takes, else the first of all."""
    lines, units = found.lines, found.units
    counts = {
        Reason.BULK: found.bulk_units,
        Reason.FAULTY: sum(line.verdict in _FAULTY for line in lines),
        Reason.MISSING: sum(line.verdict in _MISSING for line in lines),
        Reason.NEVER: len(units) - len({line.unit_id for line in lines}),
        Reason.UNKNOWN: int(not units),
        Reason.PENDING: sum(line.verdict is Verdict.UPLOADED for line in lines),
        Reason.LAST_FAILED: int(found.last_failed),
    }
    is_matter = [(reason, count) for reason, count in counts.items() if count]
    if found.bulk_units or not units or not is_matter:
        return is_matter[0] if is_matter else (Reason.FINE, len(lines))
    taken = [each for each in is_matter if each[0] in _TAKEN[asked.mode]]
    return (taken or is_matter)[0]
