"""Where incidents come from: facts that the platform has already, read within bounds."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypeAlias

from core.alerts.dead_letters import find_dead_letters
from core.alerts.incidents import Found, Incident, Look, Scene, Severity
from core.alerts.overdue import find_overdue
from core.bronze.quarantine import is_report
from core.errors import PlatformError
from core.insight.diagnostics.checks import CHECKS, CheckContext, Finding, State, run_checks
from core.messages import message
from core.operations.runs import Run, RunHistory, RunState
from core.platform import Platform
from core.storage.object_names import QUARANTINE_PREFIX, day_of

RECENT = timedelta(days=7)  # an older failure opens no incident
_MOST_RUNS = 50
_DAYS, _CLOUD_DAYS = 7, 2  # that checks read; on Google Cloud each listing and query has a price


class Watched(NamedTuple):
    """A check of Diagnostics that opens an incident: after what time, and the page that helps."""

    patience: timedelta = timedelta(0)
    page: str = "diagnostics"
    on_cloud_only: bool = False


# Each upload leaves the layers behind until the daily refresh. The embedded schedule's windows are
# those of `overdue`.
WATCHED: Mapping[str, Watched] = {
    "warehouse": Watched(timedelta(minutes=10)),
    "disk": Watched(),
    "schedule": Watched(timedelta(minutes=10), "schedule", on_cloud_only=True),
    "trigger": Watched(timedelta(minutes=10)),
    "pending": Watched(timedelta(minutes=10)),
    "volume": Watched(timedelta(minutes=10)),  # a date may be loading
    "content": Watched(timedelta(minutes=10)),
    "layers": Watched(timedelta(hours=26), "rebuild"),
}
_SEVERITIES = {State.BROKEN: Severity.BROKEN, State.ATTENTION: Severity.ATTENTION}
_Source: TypeAlias = Callable[[Scene], Found]


def look_for_incidents(
    platform: Platform, history: RunHistory, now: datetime, known: Collection[str]
) -> Look:
    """Everything that is wrong now; what cannot be read leaves its incidents as they are.

    Args:
        known: Keys of what was wrong at the last look, which may be older than what is new.
    """
    if platform.settings.cloud is None and not platform.settings.home.is_dir():
        return Look(now, (), ("",))
    scene = Scene(platform, history, now, known)
    incidents: list[Incident] = []
    unsure: list[str] = []
    for source, find in _SOURCES.items():
        try:
            found = find(scene)
        except PlatformError:
            unsure.append(f"{source}.")
            continue
        incidents += found.incidents
        unsure += found.unsure
    return Look(now, tuple(incidents), tuple(unsure))


def find_failed_runs(scene: Scene) -> Found:
    """Failed runs that no later run made good; one incident for its work, also over retries."""
    if not scene.history.path.exists():
        return Found()
    runs = scene.history.list_unresolved(_MOST_RUNS)
    unsure = [key_of_work(run) for run in scene.history.list_active()]
    if len(runs) == _MOST_RUNS:  # older ones were not read
        unsure.append("run.")
    newest = {key_of_work(run): run for run in reversed(runs)}
    found = [
        _of_run(key, run)
        for key, run in newest.items()
        if key in scene.known or scene.now - _ended(run) <= RECENT
    ]
    return Found(tuple(found), tuple(unsure))


def key_of_work(run: Run) -> str:
    """The key of an incident for a run: the same for runs that do the same work."""
    parameters = {name: value for name, value in run.parameters.items() if name != "overwrite"}
    work = json.dumps([run.kind, parameters], sort_keys=True)
    return f"run.{run.kind}.{hashlib.sha256(work.encode()).hexdigest()[:16]}"


def _ended(run: Run) -> datetime:
    return run.finished_at or run.created_at


def _of_run(key: str, run: Run) -> Incident:
    code = "alerts.run" if run.state is RunState.FAILED else "alerts.run_interrupted"
    text = message(code, run=run.id, title=run.title, error=run.error)
    return Incident(key, Severity.BROKEN, text, "runs", _ended(run))


def find_quarantine(scene: Scene) -> Found:
    """The dates of which files or rows are in quarantine: all dates, with one listing."""
    listed = scene.platform.store.list(QUARANTINE_PREFIX)
    reports = [info.name for info in listed if is_report(info.name)]
    first = {day_of(name): name for name in reversed(reports)}
    return Found(
        tuple(
            Incident(
                f"quarantine.{day or 'other'}",
                Severity.ATTENTION,
                message("alerts.quarantine", count=count, name=first[day]),
                "storage",
                scene.now,
            )
            for day, count in Counter(map(day_of, reports)).items()
        )
    )


def find_findings(scene: Scene) -> Found:
    """The findings of the watched checks that need a person."""
    on_cloud = scene.platform.settings.cloud is not None
    checks = [
        check
        for check in CHECKS
        if check.key in WATCHED and (on_cloud or not WATCHED[check.key].on_cloud_only)
    ]
    days = _CLOUD_DAYS if on_cloud else _DAYS
    context = CheckContext(scene.platform, scene.history, scene.now, days)
    found = {check.key: finding for check, finding in run_checks(context, checks)}
    unsure = tuple(f"check.{key}" for key, one in found.items() if one.state is State.UNKNOWN)
    bad = {key: finding for key, finding in found.items() if finding.state in _SEVERITIES}
    return Found(tuple(_of_finding(scene, *pair) for pair in bad.items()), unsure)


def _of_finding(scene: Scene, key: str, finding: Finding) -> Incident:
    patience, page, _ = WATCHED[key]
    severity = _SEVERITIES[finding.state]
    return Incident(f"check.{key}", severity, finding.found, page, scene.now, patience)


_SOURCES: Final[Mapping[str, _Source]] = {
    "run": find_failed_runs,
    "overdue": find_overdue,
    "quarantine": find_quarantine,
    "check": find_findings,
    "letters": find_dead_letters,
}
