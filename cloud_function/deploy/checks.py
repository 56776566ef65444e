"""What has to be there before the first step: sign-in, project, billing, a bucket in the region."""

from collections.abc import Iterable

from cloud_function.deploy.run import DeployError, Runner, explain
from cloud_function.deploy.steps import Command, Step

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
BETA: Command = ("gcloud", "version", "--format=value(beta)")
ANCESTORS: Command = ("gcloud", "projects", "get-ancestors", "{project}", "--format=value(type)")
PANEL_CHECKS = (BETA, ANCESTORS)

NO_ORGANISATION = (
    "note: {project} belongs to no organisation, so Google's own OAuth client lets in no viewer: "
    "give Identity-Aware Proxy an OAuth client of your own, as docs/deployment.md says."
)


def check(runner: Runner, steps: Iterable[Step]) -> None:
    """Look whether the steps can begin; nothing is changed.

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
            + explain(seen.said, project)
        )
    # An account that cannot see billing may still deploy, so only a clear no stops the deployment.
    if runner.ask(BILLING).output.strip().lower() == "false":
        raise DeployError(explain("billing is disabled", project))
    location = runner.ask(LOCATION).output.strip().lower()
    if location and location != region:
        raise DeployError(
            f"The bucket {bucket} is in {location}, the functions go to {region} (GCP_REGION), and "
            "events do not travel: set GCP_REGION to a region with a bucket of its own, or "
            "GCS_BUCKET_NAME to a new name."
        )
    if any(step.needs_beta for step in steps):
        _check_beta(runner)


def check_organisation(runner: Runner) -> None:
    """Say so where the project has no organisation, for then viewers need one step more."""
    seen = runner.ask(ANCESTORS)
    if seen.code == 0 and "organization" not in seen.output.split():
        runner.tell(NO_ORGANISATION.format_map(runner.values))


def _check_beta(runner: Runner) -> None:
    if not runner.ask(BETA).output.strip():
        raise DeployError(
            "The beta commands of gcloud are not installed, and it cannot install them by itself "
            "here: run `gcloud components install beta`, then this again. Nothing was made."
        )
