"""The steps that bring the panel to Cloud Run, behind Identity-Aware Proxy.

`--iap`, viewers of a Cloud Run service and `services identity` are beta in gcloud 528; `checks.py`
asks for that component before the first step.
"""

from cloud_function.deploy.roles import (
    CUSTOM_ROLES,
    PANEL,
    PANEL_ACCOUNT,
    PANEL_LATE_ROLES,
    PANEL_ROLES,
    address,
)
from cloud_function.deploy.steps import (
    Step,
    account_step,
    apis_step,
    build_account,
    custom_role_step,
    environment,
    number_step,
    role_step,
)

APIS = ("artifactregistry", "cloudbuild", "iap", "run")


def panel_steps() -> list[Step]:
    """The panel on Cloud Run behind Identity-Aware Proxy; bucket and datasets are there before."""
    return [
        apis_step(APIS),
        number_step(),
        account_step(PANEL_ACCOUNT),
        *map(custom_role_step, CUSTOM_ROLES),
        *map(role_step, PANEL_ROLES),
        Step(
            "agent of iap",
            "Google's own account of the service gets a role below, so it has to exist.",
            (
                "gcloud", "beta", "services", "identity", "create",
                "--service=iap.googleapis.com", "--project={project}",
            ),
        ),
        Step(
            "panel",
            "The panel runs as its own account; nobody reaches it but through IAP.",
            (
                "gcloud", "beta", "run", "deploy", PANEL, "--project={project}",
                "--region={region}", "--source=.", "--no-allow-unauthenticated", "--iap",
                f"--service-account={address(PANEL)}", build_account(), "--memory=2Gi",
                "--cpu=1", "--max-instances=1", "--session-affinity", "--timeout=3600",
                # A run continues when the last tab is closed; docs/usage.md has the price.
                "--no-cpu-throttling",
                # Nobody comes in but by way of Identity-Aware Proxy, which has signed them in.
                f"{environment()},MRHEALTH_OPEN=1",
            ),
        ),
        *map(role_step, PANEL_LATE_ROLES),
    ]  # fmt: skip


def viewer_step(viewer: str) -> Step:
    """Let a person see the panel, such as `user:ana@example.com`."""
    return Step(
        f"viewer {viewer}",
        f"{viewer} may open the panel.",
        (
            "gcloud", "beta", "iap", "web", "add-iam-policy-binding", "--project={project}",
            "--resource-type=cloud-run", f"--service={PANEL}", "--region={region}",
            f"--member={viewer}", "--role=roles/iap.httpsResourceAccessor", "--condition=None",
        ),
    )  # fmt: skip
