"""The daily refresh of MR. Health.

At 02:00 in São Paulo, for the business date that has just ended:

| Task | What it does |
|---|---|
| `windows` | compares what should be there with what is; fills gaps, waits for them, or fails |
| `ingest` | takes to Bronze what is in the bucket and not there yet |
| `silver`, `gold`, `aggregations` | rebuild; a failed check publishes nothing and tells its rows |
| `checks` | compares the date's counts from the manifests to the aggregations |
| `report` | prints them |

Each task may be done again, alone or with the rest: what is there counts as done. Only what may
pass by itself (a busy warehouse, a lost connection) is tried again.

A run for no time of the schedule takes its date from the parameter `date`; without it, the date
that ended last. Settings are those of the environment, as for the panel and the command lines.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

import pendulum
from airflow.sdk import DAG, CronTriggerTimetable, Param, chain, get_current_context, task

if TYPE_CHECKING:
    from core.operations.daily_refresh import Refresh

STEPS = ("windows", "ingest", "silver", "gold", "aggregations", "checks", "report")


def take(step: str) -> str:
    """Take a step of the refresh; all else than a passing fault fails the task for good."""
    import logging
    import os
    from datetime import UTC, datetime

    from airflow.sdk.exceptions import AirflowFailException

    from core.errors import PlatformError, TransientError
    from core.operations.jobs import take_step
    from core.operations.runs import RunHistory
    from core.platform import Platform
    from core.settings import Settings

    logger = logging.getLogger("mrhealth.daily")
    try:
        settings = Settings.from_mapping(os.environ)
        history = RunHistory(settings.runs_file, lambda: datetime.now(UTC))
        asked = asked_for(settings.gaps)
        logger.info("%s of business date %s", step, asked.day)
        done = take_step(Platform.of(settings), history, asked, step, logger.info)
    except TransientError:
        raise  # tried again
    except PlatformError as error:
        raise AirflowFailException(str(error)) from error
    except Exception as error:  # the task's last boundary: a fault of ours does not pass by itself
        message = f"Something unexpected happened ({type(error).__name__}: {error})."
        raise AirflowFailException(message) from error
    logger.info("%s", done)
    return done


def asked_for(gaps: str) -> "Refresh":
    """What this run refreshes: by its parameters, by its time, or by the settings."""
    from core.generation.windows import parse_date
    from core.operations.daily_refresh import Refresh, last_ended_day

    context = get_current_context()
    given = context["params"]
    moment = context["dag_run"].logical_date or context["dag_run"].run_after
    return Refresh(
        parse_date(given["date"]) if given["date"] else last_ended_day(moment),
        given["units"],
        given["gaps"] or gaps,
        given["full"],
    )


with DAG(
    dag_id="mrhealth_daily_pipeline",
    # By its text alone, Airflow's `create_cron_data_intervals` would date a run a day earlier.
    schedule=CronTriggerTimetable("0 2 * * *", timezone="America/Sao_Paulo"),
    start_date=pendulum.datetime(2026, 1, 1, tz="America/Sao_Paulo"),
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 4,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=15),
    },
    params={
        "date": Param(None, type=["null", "string"], format="date", title="Business date",
                      description="Without one: the date that ended last."),
        "units": Param(None, type=["null", "integer"], minimum=1, title="Units",
                       description="Without a number: those of the date's manifests."),
        "gaps": Param(None, type=["null", "string"], enum=[None, "fill", "wait", "fail"],
                      title="Gaps", description="Without a choice: as MRHEALTH_GAPS says."),
        "full": Param(default=False, type="boolean", title="Full rebuild",
                      description="All dates, not only those that changed."),
    },
    doc_md=__doc__,
    tags=["mrhealth"],
) as daily_pipeline:  # fmt: skip
    chain(*(task(task_id=step)(take)(step) for step in STEPS))
