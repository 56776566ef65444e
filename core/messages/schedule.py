"""The schedule and Airflow."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "airflow.answers": "Airflow at {url} answers {status}.",
    "airflow.refuses": "Airflow at {url} refuses: {reason}",
    "airflow.no_token": "{url} is no Airflow 3: it gives no token at /auth/token.",
    "airflow.no_json": "{url} is no Airflow 3: it does not answer in JSON.",
    "airflow.not_let_in": "Airflow at {url} does not let {user!r} in ({status}): see "
    "MRHEALTH_AIRFLOW_USER and MRHEALTH_AIRFLOW_PASSWORD.",
    "airflow.none": "There is no Airflow: set MRHEALTH_AIRFLOW_URL, or refresh here.",
    "airflow.switched_off": "The DAG is switched off in Airflow at {url}: switch it on there, or "
    "on the page Rebuild, and retry.",
    "schedule.on_cloud": "On Google Cloud the schedule is Cloud Scheduler's: see it with `python "
    "scripts/schedule.py`, or unset GCP_PROJECT_ID and GCS_BUCKET_NAME.",
    "schedule.none": "There is no schedule {job} in {region} of {project}: create it with "
    "{deploy}, and enable Cloud Scheduler with {enable} if that fails.",
    "schedule.not_enabled": "{project} does not use Cloud Scheduler: enable it with {enable}, "
    "then create the schedule with {deploy}.",
    "airflow.unreachable": "Airflow at {url} cannot be reached ({kind}): start it, or see "
    "MRHEALTH_AIRFLOW_URL.",
    "airflow.no_run": "Airflow at {url} does not have that run of {dag} (any more).",
    "airflow.no_dag": "Airflow at {url} does not have the DAG {dag} (yet): docs/AIRFLOW_SETUP.md "
    "says where it looks for it.",
    "schedule.taken_now": "Another process makes the calls of the schedule in {home}.",
    "schedule.taken": "Process {process} ({place}) makes the calls of the schedule in {home} "
    "since {day} {time} BRT: stop it there first.",
    "schedule.the_panel": "the panel",
    "schedule.never": "It has not called yet.",
    "schedule.succeeded": "The last call succeeded.",
    "schedule.failed": "The last call failed: {reason}.",
    "schedule.at_work": "Run {run} is at work.",
    "schedule.result": "Run {run}: {result}",
    "schedule.error": "Run {run} {state}: {error}",
}
