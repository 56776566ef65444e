"""The panel on the data of a year, beside the least that Streamlit can show.

Both run in the same minutes on the same machine: a server in a process of its own, with Chromium or
with sessions that draw nothing in another. What is printed is milliseconds, but the ratio says more
on a machine that others use too.
"""

import functools
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.job import Job
from benchmarks.panel_home import KEPT, filled_home
from benchmarks.process import run
from benchmarks.report import Row

DAYS, UNITS, SESSIONS = 365, 50, 25
_APP, _BARE = "app.py", "benchmarks/panel_bare.py"
# Whether a page has a chart that is always there.
PAGES = {
    "Overview": True, "Generate": True, "Bronze": True, "Rebuild": True, "Schedule": False,
    "Storage": False, "Runs": False, "Usage": True, "Diagnostics": False,
}  # fmt: skip
_BARE_PAGES = {"One": True, "Two": True}
_BRONZE = ("bronze", "rows", (("Orders", "Orders of"), ("Items", "Items of")))
_BARE_CONTROL = ("", "rows", (("Few", "Few of"), ("Many", "Many of")))
_Control = tuple[str, str, tuple[tuple[str, str], ...]]
_ROUNDS, _CLICKS, _LOADS = 5, 10, 3


def panel(job: Job) -> Row:
    """One of the parts, by its number."""
    return PARTS[round(job.factor)](job)


def _crowd_on_bronze(job: Job) -> Row:
    sessions = max(2, round(SESSIONS * job.scale))
    ours, bare = _crowd(job, _BRONZE, sessions), _crowd(job, _BARE_CONTROL, sessions)
    figure, baseline = median(ours["ms"]), median(bare["ms"])
    return Row(
        "panel", f"{sessions} sessions, each clicking once a second on Bronze", _size(job), "ms",
        figure, baseline, figure / baseline, "median < 100 ms", figure < 100, ours["rss_mib"],
        f"{_spread(ours['ms'])}; server {ours['cpu_ms']:.0f} CPU ms a click against "
        f"{bare['cpu_ms']:.0f}",
    )  # fmt: skip


def _memory(job: Job) -> Row:
    sessions = max(2, round(SESSIONS * job.scale))
    ours, bare = _crowd(job, _BRONZE, sessions), _crowd(job, _BARE_CONTROL, sessions)
    figure, baseline = ours["mib"], max(bare["mib"], 0.01)
    return Row(
        "panel", "memory of the server for each session more, on Bronze", _size(job), "MiB",
        figure, baseline, figure / baseline, peak_mib=ours["rss_mib"],
        besides=f"resident, of {sessions} sessions",
    )  # fmt: skip


def _switch(job: Job) -> Row:
    rounds = _ROUNDS if job.scale == 1 else 1
    ours = _browser("switches", _home(job), _APP, titles=PAGES, rounds=rounds)
    bare = _browser("switches", _home(job), _BARE, titles=_BARE_PAGES, rounds=2 * rounds)
    pages = {title: median(times) for title, times in ours["ms"].items()}
    times = [each for found in ours["ms"].values() for each in found]
    figure = median(times)
    baseline = median([each for found in bare["ms"].values() for each in found])
    told = ", ".join(f"{title} {ms:,.0f}" for title, ms in pages.items())
    return Row(
        "panel", "page switch until the chart shows", _size(job), "ms", figure, baseline,
        figure / baseline, "median < 700 ms, no outside request",
        figure < 700 and _inside(ours), besides=f"{told}; {_spread(times)}; {_hosts(ours)}",
    )  # fmt: skip


def _click(job: Job) -> Row:
    path, _, labels = _BRONZE
    rounds = _CLICKS if job.scale == 1 else 2
    ours = _browser("clicks", _home(job), _APP, path=path, labels=labels, rounds=rounds)
    bare = _browser(
        "clicks", _home(job), _BARE, path="", labels=_BARE_CONTROL[2], rounds=rounds
    )  # fmt: skip
    figure, baseline = median(ours["ms"]), median(bare["ms"])
    return Row(
        "panel", "click on Bronze until the page says otherwise", _size(job), "ms", figure,
        baseline, figure / baseline, "median < 100 ms, no outside request",
        figure < 100 and _inside(ours), besides=f"{_spread(ours['ms'])}; {_hosts(ours)}",
    )  # fmt: skip


def _first_load(job: Job) -> Row:
    loads = _LOADS if job.scale == 1 else 1
    ours = [_browser("first_load", _home(job), _APP) for _ in range(loads)]
    bare = [_browser("first_load", _home(job), _BARE) for _ in range(loads)]
    figure = median(found["ms"] for found in ours)
    baseline = median(found["ms"] for found in bare)
    inside = all(map(_inside, ours))
    return Row(
        "panel", "first load on a cold server until the chart shows", _size(job), "ms", figure,
        baseline, figure / baseline, "< 2,500 ms, no outside request", figure < 2500 and inside,
        besides=f"{_spread([found['ms'] for found in ours])}; {_hosts(ours[0])}",
    )  # fmt: skip


# The first needs no browser, so that the quick look at all cases needs none.
PARTS = (_crowd_on_bronze, _memory, _switch, _click, _first_load)


def _home(job: Job) -> str:
    days, units = max(2, round(DAYS * job.scale)), max(2, round(UNITS * job.scale))
    kept = KEPT if job.scale == 1 else job.folder
    return str(_filled(kept, units, days))


@functools.cache
def _filled(kept: Path, units: int, days: int) -> Path:
    return filled_home(kept, units, days)


def _size(job: Job) -> str:
    home = Path(_home(job)).name.removeprefix("panel_")
    units, _, days = home.partition("x")
    return f"{days} days x {units} units"


def _crowd(job: Job, control: _Control, sessions: int) -> dict[str, Any]:
    clicks = _CLICKS if job.scale == 1 else 2
    script = _BARE if control is _BARE_CONTROL else _APP
    return _crowd_once(_home(job), script, control, sessions, clicks)


@functools.cache
def _crowd_once(
    home: str, script: str, control: _Control, sessions: int, clicks: int
) -> dict[str, Any]:
    path, key, labels = control
    return _measured("benchmarks.panel_sessions", {
        "home": home, "script": script, "path": path, "control": key, "labels": labels,
        "sessions": sessions, "clicks": clicks,
    })  # fmt: skip


def _browser(name: str, home: str, script: str, **more: object) -> dict[str, Any]:
    return _measured("benchmarks.panel_browser", {"home": home, "script": script, **more}, name)


def _measured(module: str, arguments: dict[str, object], *names: str) -> dict[str, Any]:
    usage = run([sys.executable, "-m", module, *names, json.dumps(arguments)])
    found: dict[str, Any] = json.loads(usage.output)
    return found


def _spread(times: Sequence[float]) -> str:
    slow = quantiles(times, n=10, method="inclusive")[-1] if len(times) > 1 else times[0]
    return f"nine of ten within {slow:,.0f} ms, the slowest {max(times):,.0f} ms"


def _inside(found: dict[str, Any]) -> bool:
    return set(found["hosts"]) <= {"127.0.0.1"}


def _hosts(found: dict[str, Any]) -> str:
    outside = sorted(set(found["hosts"]) - {"127.0.0.1"})
    return f"asked outside: {', '.join(outside) or 'nothing'}"
