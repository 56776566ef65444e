"""The job of the daily refresh: its steps one by one, or a DAG run of Airflow that is followed."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.errors import CheckError, InputError, TransientError
from core.generation.catalog import Catalog, load_catalog
from core.generation.windows import WindowOfDay, parse_date
from core.messages import message
from core.operations import daily_refresh
from core.operations.airflow import Airflow, DagRun, TaskState, make_conf
from core.operations.daily_refresh import STEPS, Refresh
from core.operations.jobs.backfill import backfill
from core.operations.jobs.ingest import ingestion, layer_claims, rebuild
from core.operations.jobs.submit import Action, Job, submit_here
from core.operations.runs import RunHistory
from core.operations.runs.runner import Context
from core.platform import Platform
from core.transform.rebuild import LAYERS

_POLL_S = 2.0
_UNREACHED = 30  # polls without an answer, one minute, before the job gives up
_RAISED = "AirflowFailException:"  # what a task of the DAG raises to fail without a retry


def refresh(asked: Refresh, *, airflow: bool = False) -> Job:
    """Refresh a business date: all steps, or a run of the DAG in the configured Airflow."""
    title = message("title.refresh_by_airflow" if airflow else "title.refresh", day=asked.day)
    if asked.full:
        title = message("title.refresh_whole", refresh=title)
    windows = (str(WindowOfDay(asked.day, window)) for window in load_catalog().windows)
    claims = (*windows, "the bucket's pending objects", *layer_claims(LAYERS))
    return Job(
        "refresh",
        title,
        {
            "date": asked.day.isoformat(),
            "units": asked.units,
            "gaps": str(asked.gaps),
            "full": asked.full,
            "airflow": airflow,
        },
        (f"the refresh of {asked.day}", *(() if airflow else claims)),
        action=functools.partial(_follow if airflow else _refresh, asked),
    )


def read_refresh(stored: Mapping[str, Any], _: Catalog) -> Action:
    """The action in a run's parameters."""
    asked = Refresh(parse_date(stored["date"]), stored["units"], stored["gaps"], stored["full"])
    return functools.partial(_follow if stored["airflow"] else _refresh, asked)


def take_step(
    platform: Platform, history: RunHistory, asked: Refresh, step: str, tell: Callable[[str], None]
) -> str:
    """Take one of `STEPS`, as a run where it changes something; what it did, in a sentence.

    `tell` gets the rows that fail a check, and the lines of the report.

    Raises:
        TransientError: The same step may succeed later.
        PlatformError: It will not.
    """
    if step in ("checks", "report"):
        return _check_or_report(platform, asked, step, history.now(), tell)
    job = _job_of(platform, asked, step, history.now())
    if job is None:
        return message("result.windows_there", day=asked.day)
    with submit_here(history, replace(job, who="airflow")) as context:
        try:
            context.result = job.action(platform, context)
        finally:
            for line in list_failing_rows(context.details):
                tell(line)
    return context.result


def list_failing_rows(details: Mapping[str, Any]) -> list[str]:
    """Each failed check of a rebuild's details, and the rows that fail it, as lines."""
    return [
        line
        for layer in details.get("layers", ())
        for check in layer["checks"]
        if check["failing_rows"]
        for line in (
            f"FAILED {check['name']}: {check['sentence']} {check['failing_rows']} rows, such as:",
            *(f"    {row}" for row in check["sample"]),
        )
    ]


def _refresh(asked: Refresh, platform: Platform, context: Context) -> str:
    """Take all steps in order; the first one that fails ends the run."""
    for number, step in enumerate(STEPS):
        context.step(number, len(STEPS), step)
        context.log(f"{step}: {_take_in_run(platform, asked, step, context)}")
    context.progress(len(STEPS), len(STEPS), message("step.done"))
    return daily_refresh.check_counts(platform, asked, context.now())


def _take_in_run(platform: Platform, asked: Refresh, step: str, context: Context) -> str:
    if step in ("checks", "report"):
        return _check_or_report(platform, asked, step, context.now(), context.log)
    job = _job_of(platform, asked, step, context.now())
    if job is None:
        return message("result.windows_there", day=asked.day)
    before = context.details.pop("layers", [])
    try:
        return job.action(platform, context)
    finally:
        context.details["layers"] = [*before, *context.details.get("layers", [])]


def _job_of(platform: Platform, asked: Refresh, step: str, now: datetime) -> Job | None:
    """The job that takes a step; None where nothing is to be done."""
    if step == "windows":
        plan = daily_refresh.plan_windows(platform, asked, now)
        return backfill(plan) if plan.chosen else None
    if step == "ingest":
        return ingestion()
    if step in LAYERS:
        return rebuild((step,), full=asked.full)
    raise InputError(message("request.step", step=step, steps=STEPS))


def _check_or_report(
    platform: Platform, asked: Refresh, step: str, now: datetime, tell: Callable[[str], None]
) -> str:
    if step == "checks":
        return daily_refresh.check_counts(platform, asked, now)
    for line in daily_refresh.format_counts(daily_refresh.count_sales(platform, asked, now)):
        tell(line)
    return message("result.refreshed", day=asked.day)


def _follow(asked: Refresh, platform: Platform, context: Context) -> str:
    at = platform.settings.airflow
    if at is None:
        raise InputError(message("airflow.none"))
    airflow = Airflow(at)
    if airflow.paused():
        raise InputError(message("airflow.switched_off", url=at.url))
    run_id = airflow.start(make_conf(asked.day, asked.units, asked.gaps, full=asked.full))
    context.details["airflow"] = {"run_id": run_id, "address": airflow.address(run_id)}
    context.log(f"Airflow runs it as {run_id}: {airflow.address(run_id)}")
    return _FollowedRun(airflow, run_id, context).follow(asked)


class _FollowedRun:
    """A DAG run that is followed: changes of its tasks are logged, and what the tasks wrote."""

    def __init__(self, airflow: Airflow, run_id: str, context: Context) -> None:
        self._airflow = airflow
        self._run_id = run_id
        self._context = context
        self._states: dict[str, tuple[str, int]] = {}

    def follow(self, asked: Refresh) -> str:
        """Follow the run to its end; where Airflow cannot be reached, the run continues there."""
        unreached = 0
        while True:
            try:
                found = self._airflow.run(self._run_id)
                self._log_tasks(found)
                unreached = 0
                if found.ended:
                    return self._read_ending(found, asked)
            except TransientError:
                unreached += 1
                if unreached > _UNREACHED:
                    raise
            self._context.pause(_POLL_S)

    def _log_tasks(self, found: DagRun) -> None:
        for task in found.tasks:
            if self._states.get(task.name, ("", 0)) == (task.state, task.tried):
                continue
            self._states[task.name] = (task.state, task.tried)
            self._context.log(f"{task.name}: {task.state or 'not begun'}{_try_text(task)}")
            if task.state in ("success", "failed", "up_for_retry"):
                for line in self._airflow.log(self._run_id, task):
                    self._context.log(f"    {line}")
        self._context.details["tasks"] = [[task.name, task.state] for task in found.tasks]
        done = [task.name for task in found.tasks if task.ended]
        at_work = [task.name for task in found.tasks if task.state == "running"]
        doing = ", ".join(at_work) or message("step.airflow", state=found.state)
        self._context.progress(len(done), max(len(found.tasks), 1), doing)

    def _read_ending(self, found: DagRun, asked: Refresh) -> str:
        address = self._airflow.address(self._run_id)
        if found.succeeded:
            return message("result.airflow", day=asked.day, count=len(found.tasks))
        failed = next((task for task in found.tasks if task.state == "failed"), None)
        name = failed.name if failed else message("end.airflow_a_task")
        reason = self._read_reason(failed)
        raise CheckError(
            message("end.airflow", day=asked.day, task=name, reason=reason, address=address)
        )

    def _read_reason(self, failed: TaskState | None) -> str:
        """The last error that a failed task logged."""
        lines = self._airflow.log(self._run_id, failed) if failed else []
        errors = [line for line in lines if _RAISED in line]
        return errors[-1].partition(_RAISED)[2].strip() if errors else ""


def _try_text(task: TaskState) -> str:
    return f" (try {task.tried})" if task.tried > 1 else ""
