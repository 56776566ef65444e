"""A home as it stands after a year, for the panel to be measured on; made once and kept.

`python -m benchmarks.panel_home HOME UNITS DAYS` fills one in a process of its own.
"""

import functools
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from benchmarks.process import ROOT, run
from core import pipeline
from core.generation.windows import business_date, dates_between, window_start
from core.operations import jobs
from core.operations.runs import Ending, RunHistory, RunState, runner
from core.platform import Platform
from core.settings import Settings
from core.storage.publish import Request
from core.transform.rebuild import LAYERS

KEPT = ROOT / "build" / "benchmarks"


def filled_home(folder: Path, units: int, days: int) -> Path:
    """The home of that many units and days up to today; days that it lacks are added.

    Args:
        folder: Where it is. Under `KEPT` it is there the next time, too: 255,500 objects of a year
            take minutes, a day more takes seconds.
    """
    home = folder / f"panel_{units}x{days}"
    run([sys.executable, "-m", "benchmarks.panel_home", str(home), str(units), str(days)])
    return home


def fill(home: Path, units: int, days: int) -> None:
    """Bring a home up to the present business date: objects, Bronze, layers, and their runs."""
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))
    mark = home / "filled_until"
    today = business_date(datetime.now(UTC))
    first = today - timedelta(days=days - 1)
    if mark.exists():
        first = max(first, date.fromisoformat(mark.read_text(encoding="utf-8")) + timedelta(1))
    if first > today:
        return
    units_all = tuple(range(1, units + 1))
    for dates in _by_month(first, today):
        request = Request(dates, platform.catalog.windows, units_all)
        pipeline.upload(platform, request, datetime.now(UTC))
        _remember(platform, request)
    history = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))
    rebuilt = jobs.submit(platform, history, jobs.rebuild(LAYERS))
    runner.wait(history, rebuilt.id, 600)
    mark.write_text(today.isoformat(), encoding="utf-8")


def _by_month(first: date, last: date) -> Iterator[tuple[date, ...]]:
    for _, dates in groupby(dates_between(first, last), key=lambda day: (day.year, day.month)):
        yield tuple(dates)


def _remember(platform: Platform, request: Request) -> None:
    """A run in the history for each window, as a schedule would have left it."""
    for day, window in request.slices:
        assert window is not None  # noqa: S101 - the request is of windows
        moment = window_start(day, window).astimezone(UTC)
        history = RunHistory(platform.settings.runs_file, functools.partial(_same, moment))
        new = jobs.upload(Request((day,), (window,), request.units))
        run_id = history.enqueue(replace(new, who="scheduler")).id
        history.mark_running(run_id)
        history.finish(run_id, Ending(RunState.SUCCEEDED, "Published."))


def _same(moment: datetime) -> datetime:
    return moment


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
