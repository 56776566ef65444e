"""Check whether the schedule calls and runs succeed: schedule, business hours, failed runs."""

from core.errors import SettingsError, StoreError
from core.generation.windows import TIME_ZONE, window_at
from core.insight.diagnostics.databases import faults
from core.insight.diagnostics.finding import CheckContext, Finding, State
from core.messages import join_sentences, list_parts, message
from core.operations.runs import RunState
from core.scheduler import ScheduleState, cron, next_ticks
from core.scheduler.base import JOB
from core.scheduler.cloud import CloudSchedule
from core.scheduler.local import LocalSchedule
from core.settings import Cloud

_DEPLOY = "bash cloud_function/deploy.sh"
_ENABLE = "gcloud services enable cloudscheduler.googleapis.com"
_RUN_HERE = "python -m core.scheduler"


def schedule(case: CheckContext) -> Finding:
    """Check whether the schedule exists and calls at the right times."""
    cloud = case.platform.settings.cloud
    if cloud is None:
        return _local(case)
    if cloud.storage_host and not cloud.scheduler_host:
        return Finding(State.NOT_HERE, message("diagnose.schedule_emulated"))
    try:
        found = CloudSchedule(cloud).state()
    except (SettingsError, StoreError) as error:
        return Finding(
            State.BROKEN,
            error.sentence,
            message("diagnose.schedule_enable"),
            f"{_ENABLE} --project={cloud.project}\n{_DEPLOY}",
        )
    return _calls(case, cloud, found)


def _calls(case: CheckContext, cloud: Cloud, found: ScheduleState) -> Finding:
    usual = cron(case.platform.catalog)
    told = message(
        "diagnose.schedule",
        name=found.name,
        state=found.state,
        times=found.schedule,
        zone=found.time_zone,
    )
    if (found.schedule, found.time_zone) != (usual, TIME_ZONE.key):
        return Finding(
            State.BROKEN,
            message("diagnose.schedule_other", schedule=told, usual=usual, zone=TIME_ZONE.key),
            message("diagnose.schedule_deploy"),
            _DEPLOY,
        )
    if found.state != "enabled":
        return Finding(
            State.ATTENTION,
            message("diagnose.schedule_paused_cloud", schedule=told),
            message("diagnose.resume"),
            f"gcloud scheduler jobs resume {JOB} --location={cloud.region}",
            "schedule",
        )
    if "failed" in found.last_status:
        return Finding(
            State.ATTENTION,
            message("diagnose.schedule_status", schedule=told, status=found.last_status),
            message("diagnose.schedule_failed"),
            "python scripts/logs.py data-generator",
            "schedule",
        )
    return Finding(
        State.FINE, message("diagnose.schedule_status", schedule=told, status=found.last_status)
    )


def _local(case: CheckContext) -> Finding:
    if not case.platform.settings.home.is_dir():  # a query would create it
        return _nobody(case)
    schedule = LocalSchedule(case.platform, case.history)
    damage = _damage(schedule)
    if damage:
        return damage
    found, missed = schedule.state(), schedule.missed()
    if found.state == "paused":
        return Finding(
            State.ATTENTION,
            message("diagnose.schedule_paused"),
            message("diagnose.resume_here"),
            "",
            "schedule",
        )
    if missed:
        day, window = missed[0]
        return Finding(
            State.ATTENTION,
            message("diagnose.schedule_missed", count=len(missed), day=day, hours=window.hours),
            message("diagnose.catch_up"),
            "",
            "schedule",
        )
    if found.state == "enabled":
        following = _next(case) if found.next_run else ""
        return Finding(State.FINE, join_sentences(message("diagnose.schedule_calls"), following))
    return _nobody(case)


def _damage(schedule: LocalSchedule) -> Finding | None:
    """The faults of the schedule's files."""
    plan, lock = schedule.files
    wrong = faults(plan, message("files.schedule_plan_name")) if plan.exists() else []
    file = plan
    if not wrong:
        try:
            schedule.plan()
            file = lock
            schedule.holder()
        except StoreError as error:
            wrong = [error.sentence]
    if not wrong:
        return None
    return Finding(
        State.BROKEN,
        message("diagnose.file_damaged", file=file, faults=list_parts(wrong)),
        message("diagnose.plan_advice"),
        f"python scripts/put_aside.py {file.stem}",
    )


def _nobody(case: CheckContext) -> Finding:
    return Finding(
        State.NOT_HERE,
        message("diagnose.schedule_nobody", tick=_next(case)),
        message("diagnose.schedule_start"),
        _RUN_HERE,
        "schedule",
    )


def _next(case: CheckContext) -> str:
    """The next tick in words."""
    for tick in next_ticks(case.now, 1, case.platform.catalog):
        local = tick.at.astimezone(TIME_ZONE)
        return message(
            "diagnose.tick", day=local.date(), time=f"{local:%H:%M}", hours=tick.window.hours
        )
    return message("diagnose.tick_none")


def hours(case: CheckContext) -> Finding:
    """Check what a call would return now: a window, or `skipped` outside business hours."""
    local = case.now.astimezone(TIME_ZONE)
    found = window_at(case.now, case.platform.catalog)
    if found is None:
        return Finding(State.FINE, message("diagnose.hours_outside", time=f"{local:%H:%M}"))
    day, window = found
    return Finding(
        State.FINE, message("diagnose.hours", time=f"{local:%H:%M}", day=day, hours=window.hours)
    )


_MOST = 50


def runs(case: CheckContext) -> Finding:
    """Check whether a run failed or was interrupted and no later run took up its work."""
    found = case.history.list_unresolved(_MOST) if case.history.path.exists() else []
    if not found:
        return Finding(State.FINE, message("diagnose.runs_none"))
    lost = sum(run.state is RunState.INTERRUPTED for run in found)
    newest = found[0]
    return Finding(
        State.ATTENTION,
        message(
            "diagnose.runs",
            failed=len(found) - lost,
            lost=lost,
            run=newest.id,
            title=newest.title,
            error=newest.error,
        ),
        message("diagnose.runs_advice"),
        "",
        "runs",
    )
