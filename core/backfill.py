"""The plan of a backfill: which windows of a range of dates are to be generated, and why.

Each window that is due is judged by the reconciliation, for the units that were asked for:

- it is *missing* when an object of one of these units is not in the bucket or not in Bronze
  (missing, generated, uploaded), or when no object of such a unit is known at all;
- it has *failed* when an object is quarantined, duplicated, or differs from what was expected, or
  when the newest run that was to publish it failed or was interrupted;
- it is left alone, whatever was asked, where a unit has bulk data on that date: its sales would
  count twice.

`missing` takes the windows that are missing, `missing and failed` takes both, `all` every one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core import pipeline
from core.catalog import Window
from core.errors import InputError
from core.generate import DEFAULT_SEED, expected_rows, window_cells
from core.names import PARQUET_TAG
from core.pipeline import Platform
from core.progress import Progress, silent
from core.reconcile import SEVERITY, TABLES, Line, Verdict
from core.runs import Run, RunState
from core.windows import check_seed, check_units, dates_between, window_start

KINDS = ("upload", "simulate", "fill", "backfill")  # runs that publish windows to the bucket

LAST_RUNS = 1_000  # as many of them are asked how the windows' last run ended

_MISSING = frozenset({Verdict.MISSING, Verdict.GENERATED})
_FAULTY = frozenset({Verdict.QUARANTINED, Verdict.MISMATCH, Verdict.DUPLICATED})
_FAILED = frozenset({RunState.FAILED, RunState.INTERRUPTED})


class Mode(StrEnum):
    """Which windows a backfill takes."""

    MISSING = "missing"
    FAILED = "missing-and-failed"
    ALL = "all"


class Reason(StrEnum):
    """What is the matter with a window, the first that is true."""

    BULK = "units with bulk data"  # of a whole day, in CSV files or in Parquet
    FAULTY = "objects not as expected"
    MISSING = "objects missing"
    NEVER = "units never generated"
    PENDING = "objects not in Bronze yet"
    LAST_FAILED = "its last run failed"
    FINE = "as expected"


_TAKEN: Mapping[Mode, frozenset[Reason]] = {
    Mode.MISSING: frozenset({Reason.MISSING, Reason.NEVER, Reason.PENDING}),
    Mode.FAILED: frozenset(Reason) - {Reason.BULK, Reason.FINE},
    Mode.ALL: frozenset(Reason) - {Reason.BULK},
}


@dataclass(frozen=True)
class Asked:
    """What a person wants to be there.

    Attributes:
        dates: First and last business date, both included.
        windows: Of each date.
        units: How many, from unit 1.
        seed: None for that of each window's manifest, and the project's own where there is none.

    Raises:
        InputError: A part of it is not possible.
    """

    dates: tuple[date, date]
    windows: tuple[Window, ...]
    units: int
    seed: int | None = None
    mode: Mode = Mode.MISSING

    def __post_init__(self) -> None:
        """Refuse what cannot be planned."""
        dates_between(*self.dates)
        check_units(self.units)
        if not self.windows:
            raise InputError("A backfill needs at least one window.")
        if self.seed is not None:
            check_seed(self.seed)


@dataclass(frozen=True, slots=True)
class Step:
    """A window of a date, as it is and as it would be treated.

    Attributes:
        verdict: The worst of its objects; None where none of them is known or expected.
        count: Objects or units that the reason is about.
        chosen: Whether it would be generated.
        objects, orders, items: What it holds when it is complete.
    """

    day: date
    window: Window
    verdict: Verdict | None
    reason: Reason
    count: int
    chosen: bool
    objects: int
    orders: int
    items: int

    @property
    def why(self) -> str:
        """The reason in words, such as `6 objects missing`."""
        counted = self.reason not in (Reason.LAST_FAILED, Reason.FINE)
        return f"{self.count} {self.reason}" if counted else str(self.reason)


@dataclass(frozen=True)
class Plan:
    """What a backfill would do: a step for each window that is due, by date and window."""

    asked: Asked
    steps: tuple[Step, ...]

    @property
    def chosen(self) -> list[Step]:
        """The windows that would be generated."""
        return [step for step in self.steps if step.chosen]


def plan(
    platform: Platform,
    asked: Asked,
    now: datetime,
    runs: Iterable[Run] = (),
    progress: Progress = silent,
) -> Plan:
    """Judge each window of what is asked.

    Args:
        now: The aware present: windows that begin later are left out.
        runs: Of `KINDS`, the newest first, to tell which windows' last run failed.

    Raises:
        TransientError: The warehouse or store cannot be reached now.
    """
    lines = pipeline.compare(platform, asked.dates, now, asked.units, progress=progress)
    by_window: defaultdict[tuple[date, str | None], list[Line]] = defaultdict(list)
    for line in lines:
        if line.unit_id <= asked.units:
            by_window[line.day, line.window_tag].append(line)
    failed = last_failed(runs)
    steps = []
    for (day, window), rows in _expected(platform, asked).items():
        if window_start(day, window) <= now:
            bulk = {line.unit_id for line in by_window.get((day, None), ())}
            if (day, PARQUET_TAG) in by_window:
                bulk = set(range(1, asked.units + 1))
            of_window = by_window.get((day, window.tag), [])
            last = claim(day, window) in failed
            steps.append(_step(asked, (day, window), of_window, len(bulk), rows, last_failed=last))
    return Plan(asked, tuple(steps))


def claim(day: date, window: Window) -> str:
    """What a run that publishes a window claims."""
    return f"{day} {window.hours}"


def last_failed(runs: Iterable[Run]) -> frozenset[str]:
    """Claims of the windows whose newest run failed or was interrupted.

    A backfill speaks for those windows alone that its details name: one that was interrupted says
    nothing, for what it did not reach is missing anyway. Nor do runs that are at work, and those
    that were cancelled.

    Args:
        runs: The newest first.
    """
    failed: dict[str, bool] = {}
    for run in runs:
        for window, ended_badly in _outcomes(run).items():
            failed.setdefault(window, ended_badly)
    return frozenset(window for window, ended_badly in failed.items() if ended_badly)


def _outcomes(run: Run) -> dict[str, bool]:
    if run.kind == "backfill":
        return {each["claim"]: bool(each["error"]) for each in run.details.get("windows", ())}
    if run.active or run.state is RunState.CANCELLED:
        return {}
    return dict.fromkeys(run.claims, run.state in _FAILED)


def _expected(platform: Platform, asked: Asked) -> dict[tuple[date, Window], tuple[int, int]]:
    """Orders and items of each window under the seed that is asked for, or the default one."""
    days, units = dates_between(*asked.dates), range(1, asked.units + 1)
    seed = DEFAULT_SEED if asked.seed is None else asked.seed
    found: dict[tuple[date, Window], tuple[int, int]] = {}
    for day in days:  # a date at a time, so that memory does not grow with the range
        cells = window_cells([day], asked.windows, units)
        orders, items = (
            rows.reshape(-1, asked.units).sum(axis=1).tolist()
            for rows in expected_rows(cells, seed, platform.catalog)
        )
        for window, *rows in zip(asked.windows, orders, items, strict=True):
            found[day, window] = (rows[0], rows[1])
    return found


def _step(
    asked: Asked,
    at: tuple[date, Window],
    lines: Sequence[Line],
    bulk_units: int,
    rows: tuple[int, int],
    *,
    last_failed: bool,
) -> Step:
    reason, count = _reason(asked, lines, bulk_units, last_failed=last_failed)
    verdicts = [line.verdict for line in lines]
    if reason is Reason.NEVER:
        verdicts.append(Verdict.MISSING)
    if asked.seed is None and len(lines) == 2 * asked.units:
        orders, items = (
            sum(line.expected or 0 for line in lines if line.table == table) for table in TABLES
        )
        rows = (orders, items)  # by the manifest, where each unit may have a seed of its own
    return Step(
        *at, max(verdicts, key=SEVERITY.__getitem__, default=None), reason, count,
        reason in _TAKEN[asked.mode], 2 * asked.units, *rows,
    )  # fmt: skip


def _reason(
    asked: Asked, lines: Sequence[Line], bulk_units: int, *, last_failed: bool
) -> tuple[Reason, int]:
    """The first thing that is the matter that the mode takes, else the first of all."""
    counts = {
        Reason.BULK: bulk_units,
        Reason.FAULTY: sum(line.verdict in _FAULTY for line in lines),
        Reason.MISSING: sum(line.verdict in _MISSING for line in lines),
        Reason.NEVER: asked.units - len({line.unit_id for line in lines}),
        Reason.PENDING: sum(line.verdict is Verdict.UPLOADED for line in lines),
        Reason.LAST_FAILED: int(last_failed),
    }
    found = [(reason, count) for reason, count in counts.items() if count]
    if bulk_units or not found:
        return found[0] if found else (Reason.FINE, len(lines))
    taken = [each for each in found if each[0] in _TAKEN[asked.mode]]
    return (taken or found)[0]
