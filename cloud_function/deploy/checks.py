"""What has to be there before the first step: sign-in, project, billing, a bucket in the region."""

from cloud_function.deploy.run import DeployError, Runner, explain
from cloud_function.deploy.steps import Command

SIGNED_IN: Command = (
    "gcloud", "auth", "list", "--filter=status:ACTIVE", "--format=value(account)",
)  # fmt: skip
PROJECT: Command = ("gcloud", "projects", "describe", "{project}", "--format=value(projectId)")
BILLING: Command = (
    "gcloud", "billing", "projects", "describe", "{project}", "--format=value(billingEnabled)",
)  # fmt: skip
LOCATION: Command = (
    "gcloud", "storage", "buckets", "describe", "gs://{bucket}", "--format=value(location)",
)  # fmt: skip
CHECKS = (SIGNED_IN, PROJECT, BILLING, LOCATION)


def check(runner: Runner) -> None:
    """Look whether the deployment can begin; nothing is changed.

    Raises:
        DeployError: Something is missing; the message says what, and how it comes.
    """
    project, bucket, region = (runner.values[name] for name in ("project", "bucket", "region"))
    account = runner.ask(SIGNED_IN).output.strip()
    if not account:
        raise DeployError("You are not signed in: run `gcloud auth login`, then this again.")
    seen = runner.ask(PROJECT)
    if seen.code:
        raise DeployError(
            f"{account} cannot see the project {project} (GCP_PROJECT_ID). "
            + explain(seen.errors, project)
        )
    # Whoever may not ask about billing may still deploy, so only a clear no stands in the way.
    if runner.ask(BILLING).output.strip().lower() == "false":
        raise DeployError(explain("billing is disabled", project))
    location = runner.ask(LOCATION).output.strip().lower()
    if location and location != region:
        raise DeployError(
            f"The bucket {bucket} is in {location}, the functions go to {region} (GCP_REGION), and "
            "events do not travel: set GCP_REGION to a region with a bucket of its own, or "
            "GCS_BUCKET_NAME to a new name."
        )
