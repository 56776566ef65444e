"""Who may do what on Google Cloud: the service accounts, and each role that one of them has.

`docs/security.md` shows this table, and a test compares the two.
"""

from typing import NamedTuple


class Account(NamedTuple):
    """A service account: the first part of its address, and what acts as it."""

    name: str
    acts: str


class Role(NamedTuple):
    """A role of an account.

    Attributes:
        account: Name of an account, or the address of one of Google's own, the `AGENTS`.
        role: As Google writes it; `projects/{project}/roles/...` is one of `CUSTOM_ROLES`.
        place: What the role is on: `project`, `bucket`, `dataset bronze` and so on, `service
            NAME`, `topic NAME` or `subscription NAME`.
        why: What it is needed for.
        folder: Objects below this prefix only; the whole bucket by default.
    """

    account: str
    role: str
    place: str
    why: str
    folder: str = ""


GENERATOR = "mrhealth-generator"
PROCESSOR = "mrhealth-processor"
TRIGGER = "mrhealth-trigger"
SCHEDULER = "mrhealth-scheduler"
BUILD = "mrhealth-build"
PANEL = "mrhealth-panel"
BULK = "mrhealth-bulk"

ACCOUNTS = (
    Account(GENERATOR, "the function data-generator"),
    Account(PROCESSOR, "the function csv-processor"),
    Account(TRIGGER, "Eventarc, when it calls csv-processor"),
    Account(SCHEDULER, "Cloud Scheduler, when it calls data-generator"),
    Account(BUILD, "Cloud Build, when it builds functions, panel and job"),
)
PANEL_ACCOUNT = Account(PANEL, "the panel on Cloud Run")
BULK_ACCOUNT = Account(BULK, "the Cloud Run Job for large requests")

# What Google's own roles give only together with much more.
CUSTOM_ROLES = {
    "mrhealthJobs": ("MR. Health: look at load jobs", ("bigquery.jobs.get",)),
    "mrhealthSchedule": (
        "MR. Health: steer the schedule",
        (
            "cloudscheduler.jobs.enable",
            "cloudscheduler.jobs.get",
            "cloudscheduler.jobs.pause",
            "cloudscheduler.jobs.run",
        ),
    ),
}
_JOBS = "projects/{project}/roles/mrhealthJobs"
_SCHEDULE = "projects/{project}/roles/mrhealthSchedule"
_SEE_JOBS = "sees the load jobs that others made"

PUBSUB_AGENT = "service-{number}@gcp-sa-pubsub.iam.gserviceaccount.com"
IAP_AGENT = "service-{number}@gcp-sa-iap.iam.gserviceaccount.com"
STORAGE_AGENT = "{storage_agent}"
AGENTS = {
    PUBSUB_AGENT: "Pub/Sub's agent",
    IAP_AGENT: "Identity-Aware Proxy's agent",
    STORAGE_AGENT: "Cloud Storage's agent",
}

ROLES = (
    Role(GENERATOR, "roles/storage.objectUser", "bucket", "writes objects and manifests"),
    Role(GENERATOR, "roles/bigquery.dataEditor", "dataset bronze", "loads a large window at once"),
    Role(GENERATOR, "roles/bigquery.jobUser", "project", "starts load jobs and queries"),
    Role(GENERATOR, _JOBS, "project", _SEE_JOBS),
    Role(PROCESSOR, "roles/storage.objectViewer", "bucket", "reads the new object"),
    Role(PROCESSOR, "roles/storage.objectUser", "bucket", "writes bad rows", "quarantine/"),
    Role(PROCESSOR, "roles/bigquery.dataEditor", "dataset bronze", "loads rows"),
    Role(PROCESSOR, "roles/bigquery.jobUser", "project", "starts load jobs and queries"),
    Role(PROCESSOR, _JOBS, "project", _SEE_JOBS),
    Role(TRIGGER, "roles/eventarc.eventReceiver", "project", "receives the bucket's events"),
    Role(BUILD, "roles/cloudbuild.builds.builder", "project", "builds and stores the images"),
    Role(STORAGE_AGENT, "roles/pubsub.publisher", "project", "tells of new objects"),
)
# These are on what is only there after the functions are.
LATE_ROLES = (
    Role(SCHEDULER, "roles/run.invoker", "service data-generator", "calls the function"),
    Role(TRIGGER, "roles/run.invoker", "service csv-processor", "calls the function"),
    Role(
        PUBSUB_AGENT, "roles/pubsub.publisher", "topic csv-processor-dead-letter",
        "puts aside what cannot be delivered",
    ),
    Role(
        PUBSUB_AGENT, "roles/pubsub.subscriber", "subscription {subscription}",
        "takes what was put aside off the trigger's subscription",
    ),
)  # fmt: skip
PANEL_ROLES = (
    Role(PANEL, "roles/storage.objectUser", "bucket", "uploads, browses, ingests"),
    Role(PANEL, "roles/bigquery.dataEditor", "dataset bronze", "ingests, reads"),
    Role(PANEL, "roles/bigquery.dataEditor", "dataset silver", "rebuilds, reads"),
    Role(PANEL, "roles/bigquery.dataEditor", "dataset gold", "rebuilds, reads"),
    Role(PANEL, "roles/bigquery.jobUser", "project", "starts load jobs and queries"),
    Role(PANEL, _JOBS, "project", _SEE_JOBS),
    Role(PANEL, "roles/logging.viewer", "project", "shows the functions' logs"),
    Role(PANEL, _SCHEDULE, "project", "pauses, resumes and runs the schedule"),
    Role(
        PANEL,
        "roles/pubsub.subscriber",
        "subscription csv-processor-dead-letter",
        "sees events that were given up",
    ),
)
PANEL_LATE_ROLES = (
    Role(IAP_AGENT, "roles/run.invoker", "service mrhealth-panel", "lets in who is signed in"),
)
BULK_ROLES = (
    Role(BULK, "roles/storage.objectUser", "bucket", "writes objects and manifests"),
    Role(BULK, "roles/bigquery.dataEditor", "dataset bronze", "loads what it wrote"),
    Role(BULK, "roles/bigquery.jobUser", "project", "starts load jobs and queries"),
    Role(BULK, _JOBS, "project", _SEE_JOBS),
)


def address(account: str) -> str:
    """An account's address, in which `{project}` is still to be filled in."""
    return account if "{" in account else f"{account}@{{project}}.iam.gserviceaccount.com"


def member(account: str) -> str:
    """An account as a member of a policy."""
    return f"serviceAccount:{address(account)}"
