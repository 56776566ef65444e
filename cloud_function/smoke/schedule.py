"""Cloud Scheduler and Pub/Sub, by the Google Cloud CLI: a forced run, and the dead letters."""

import base64
import binascii
import json
from datetime import timedelta
from typing import TYPE_CHECKING

from cloud_function.deploy.functions import DEAD_LETTER
from cloud_function.deploy.roles import SCHEDULER, address
from cloud_function.deploy.steps import Command
from cloud_function.http_request import SCHEDULE_HEADER, read_moment
from cloud_function.smoke import resources
from cloud_function.smoke.calls import find_address, make_body
from cloud_function.smoke.check import Check
from cloud_function.smoke.errors import NotCheckedError, require
from cloud_function.smoke.functions import read_lines
from cloud_function.smoke.scene import Scene
from core.scheduler.base import JOB

if TYPE_CHECKING:
    from core.gcp.function_logs import LogLine

_WHERE = ("--project={project}", "--location={region}")
# It calls on the first of January, unless it is forced to; and only for the run's own date.
CREATE_JOB: Command = (
    "gcloud", "scheduler", "jobs", "create", "http", "{own}", *_WHERE, "--schedule=0 0 1 1 *",
    "--time-zone=America/Sao_Paulo", "--uri={generator_url}", "--http-method=post",
    "--message-body={body}",
    f"--oidc-service-account-email={address(SCHEDULER)}",
    "--oidc-token-audience={generator_url}", "--max-retry-attempts=0",
)  # fmt: skip
# The deployed schedule: an account that can see it can remove another job.
DESCRIBE_JOB: Command = (
    "gcloud", "scheduler", "jobs", "describe", JOB, *_WHERE, "--format=value(state)",
)  # fmt: skip
RUN_JOB: Command = ("gcloud", "scheduler", "jobs", "run", "{own}", *_WHERE)
DELETE_JOB: Command = ("gcloud", "scheduler", "jobs", "delete", "{own}", *_WHERE, "--quiet")
# Without --auto-ack what is pulled comes back a few seconds later.
PULL: Command = (
    "gcloud", "pubsub", "subscriptions", "pull", DEAD_LETTER, "--project={project}", "--limit=10",
    "--format=json",
)  # fmt: skip
_NEAR = timedelta(minutes=5)  # between the forced run and the moment that its header names


def force_run(scene: Scene) -> str:
    """Force a run of a job of the run's own, and read which moment its call named."""
    url, begun = find_address(scene), scene.now()
    known = len(_find_calls(scene))
    scene.tool(DESCRIBE_JOB)
    resources.note_resource(scene.cloud, scene.run, resources.JOB)
    scene.tool(CREATE_JOB, generator_url=url, body=json.dumps(make_body(scene)))
    scene.tool(RUN_JOB)
    found: list[LogLine] = []

    def is_called() -> bool:
        found[:] = _find_calls(scene)
        return len(found) > known

    require(scene.wait_for(is_called), "data-generator has no line of a call with the header.")
    said = str(found[0].fields["schedule_time"])
    require("error" not in found[0].fields, f"The call with {said} failed: {found[0].text}")
    moment = read_moment({SCHEDULE_HEADER: said}, begun)
    served = f"The header of a forced run says {said}, which the function takes for"
    require(abs(moment - begun) <= _NEAR, f"{served} {moment:%Y-%m-%d %H:%M} UTC.")
    return f"{served} the present."


def find_no_dead_letter(scene: Scene) -> str:
    """Look into the subscription of events that were given up; they stay there."""
    try:
        messages = json.loads(scene.tool(PULL) or "[]")
    except ValueError:
        raise NotCheckedError("gcloud's answer is not JSON.") from None
    names = ", ".join(sorted({_object_of(message) for message in messages}))
    require(not messages, f"{len(messages)} events or more were given up: {names}.")
    return "No event was given up."


def _find_calls(scene: Scene) -> "list[LogLine]":
    """Lines of calls by a schedule, the newest first: those of this run, and those that failed."""
    return [
        line
        for line in read_lines(scene, "data-generator")
        if "schedule_time" in line.fields
        and (line.fields.get("seed") == scene.run.seed or "error" in line.fields)
    ]


def _object_of(pulled: object) -> str:
    """The object's name in a message of Eventarc, as far as it can be read."""
    try:
        data = pulled["message"]["data"]  # type: ignore[index]
        return str(json.loads(base64.b64decode(data))["name"])
    except (KeyError, TypeError, ValueError, binascii.Error):
        return "an unreadable event"


DEAD_LETTERS = Check(
    "functions.dead letter", "No event was given up.",
    "csv-processor's log says why; then python scripts/ingest_pending.py takes the objects to "
    "Bronze, and the same pull with --auto-ack takes the events off.",
    f"gcloud pubsub subscriptions pull {DEAD_LETTER} --limit=10", find_no_dead_letter,
)  # fmt: skip
FORCED_RUN = Check(
    "schedule.forced run", "A forced run of the schedule serves the present window.",
    "Do not use `schedule.py run`: name the window, gcloud functions call data-generator --gen2 "
    "--data '{\"window\": \"12:00-14:00\"}'; and send this report.",
    "python scripts/schedule.py run, then python scripts/logs.py data-generator --limit 1.",
    force_run, ("functions.generate",),
)  # fmt: skip
