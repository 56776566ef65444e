"""The deployment's runner and its checks: what Google says, and what a person reads of it."""

import textwrap
from pathlib import Path

import pytest

from cloud_function.deploy.__main__ import main
from cloud_function.deploy.run import DeployError, Runner
from cloud_function.deploy.steps import Step, query
from tests.cloud_function.test_deploy import NOTHING_THERE, VALUES, Cloud

GRANT = Step("role", "", query("GRANT `roles/x` ON SCHEMA d TO 'serviceAccount:a@b';"))
ACCOUNT = "mrhealth-generator@my-project.iam.gserviceaccount.com"
SOURCES = "gcf-v2-sources-123456789-us-central1"
# As Google writes it of an account or role that is not known everywhere yet.
NOT_YET = (
    f"IAM setPolicy failed for Dataset p:d: Service account {ACCOUNT} does not exist.",
    f"INVALID_ARGUMENT: Service account {ACCOUNT} was not found, so the policy was not changed.",
    f"HTTPError 403: {ACCOUNT} does not have storage.objects.get access to the object.",
    f"Access to bucket {SOURCES} denied. You must grant Storage Object Viewer to {ACCOUNT}.",
    "The service account for your bucket is unable to publish to Cloud Pub/Sub topics.",
    "Invalid resource state: Permission denied while using the Eventarc Service Agent.",
)


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    return Cloud(tmp_path, monkeypatch)


class Waits:
    """A clock that only counts, and a place for what is said; Google knows all after some waits."""

    def __init__(self, cloud: Cloud, enough: int | None) -> None:
        self.cloud, self.enough = cloud, enough
        self.seconds: list[float] = []
        self.said: list[str] = []

    def pause(self, seconds: float) -> None:
        self.seconds.append(seconds)
        if len(self.seconds) == self.enough:
            self.cloud.answer()

    def run(self, step: Step) -> None:
        Runner(dict(VALUES), self.said.append, self.pause).run([step])


def wrapped(text: str) -> str:
    """As bq writes an error."""
    return textwrap.fill(f"BigQuery error in query operation: {text}", 80) + "\n"


@pytest.mark.parametrize("text", NOT_YET)
@pytest.mark.parametrize("stream", ["output", "errors"])
def test_what_google_does_not_know_everywhere_yet_is_waited_for(
    cloud: Cloud, text: str, stream: str
) -> None:
    lines = wrapped(text)
    assert "\n" in lines.strip()
    cloud.answer(("", 1, lines, "") if stream == "output" else ("", 1, "", lines))
    waits = Waits(cloud, enough=3)
    waits.run(GRANT)
    assert len(waits.seconds) == 3
    assert "(20 s waited, at most 300)" in waits.said[-1]


def test_it_waits_five_minutes_and_no_longer(cloud: Cloud) -> None:
    cloud.answer(("", 1, wrapped(NOT_YET[0]), ""))
    waits = Waits(cloud, enough=None)
    with pytest.raises(DeployError, match=f"Service account {ACCOUNT} does not exist"):
        waits.run(GRANT)
    assert sum(waits.seconds) == 300
    assert len(waits.said) == 1 + len(waits.seconds)


def test_an_error_of_bq_is_read_and_never_waited_for_in_vain(cloud: Cloud) -> None:
    cloud.answer(("", 1, wrapped("Access Denied: Dataset my-project:d: Permission denied"), ""))
    waits = Waits(cloud, enough=None)
    with pytest.raises(DeployError, match=r"Your account lacks a right.* It said: BigQuery error"):
        waits.run(GRANT)
    assert waits.seconds == []


def test_without_the_beta_component_nothing_is_made(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.answer(("value(beta)", 0, "\n", ""), *NOTHING_THERE)
    assert main(["panel"]) == 2
    assert "gcloud components install beta" in capsys.readouterr().err
    words = {word for call in cloud.calls() for word in call}
    assert not words & {"create", "enable", "deploy", "add-iam-policy-binding"}
    assert main(["functions"]) == 0  # they need no beta command
    assert not any("beta" in call for call in cloud.calls())


@pytest.mark.parametrize(
    ("ancestors", "noted"), [("project\nfolder\norganization\n", False), ("project\n", True)]
)
def test_a_project_without_an_organisation_is_noted_before_the_first_step(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], ancestors: str, noted: bool
) -> None:
    cloud.answer(("get-ancestors", 0, ancestors, ""))
    assert main(["panel"]) == 0
    shown = capsys.readouterr().out
    assert ("belongs to no organisation" in shown.partition("apis: ")[0]) == noted


@pytest.mark.usefixtures("cloud")
def test_the_panels_plan_says_what_to_check_before_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["panel", "--dry-run"]) == 0
    before = capsys.readouterr().out.partition("# apis: ")[0]
    assert "`gcloud projects get-ancestors my-project --format=value(type)`" in before
    assert "gcloud components install beta" in before
