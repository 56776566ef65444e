"""The deployment: every command is one that gcloud takes, and the steps can be run again."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from cloud_function.deploy import functions
from cloud_function.deploy.__main__ import main
from cloud_function.deploy.checks import CHECKS, PANEL_CHECKS
from cloud_function.deploy.functions import function_steps
from cloud_function.deploy.job import Job, job_steps
from cloud_function.deploy.panel import panel_steps, viewer_step
from cloud_function.deploy.shell import script
from cloud_function.deploy.steps import Command, Step
from core.generation.catalog import Catalog

ROOT = Path(__file__).parent.parent.parent
VALUES = {
    "project": "my-project", "bucket": "my-bucket", "region": "us-central1",
    "prefix": "case_ficticio",
}  # fmt: skip
TOLD = {
    "number": "123456789", "storage_agent": "agent@gs-project-accounts.iam.gserviceaccount.com",
    "trigger": "projects/my-project/locations/us-central1/triggers/csv-processor-1",
    "subscription": "projects/my-project/subscriptions/eventarc-csv-processor-1",
    "generator_url": "https://data-generator-abc-uc.a.run.app",
}  # fmt: skip
JOB = Job((date(2026, 1, 1), date(2026, 12, 31)), 5000, ("12:00-14:00",), "csv", seed=7)
STEPS = [
    *function_steps(), *panel_steps(), viewer_step("user:ana@example.com"), *job_steps(JOB)
]  # fmt: skip

# Stands for gcloud and bq: writes down how it was called and answers by the words of the call.
FAKE = """#!{python} -IS
import json, os, sys
call = " ".join(sys.argv[1:])
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps([os.path.basename(sys.argv[0]), *sys.argv[1:]]) + "\\n")
for words, code, output, errors in json.load(open(os.environ["ANSWERS"])):
    if words in call:
        sys.stdout.write(output)
        sys.stderr.write(errors)
        sys.exit(code)
"""
ANSWERS = [
    ("auth list", 0, "ana@example.com\n", ""),
    ("billing projects describe", 0, "True\n", ""),
    ("value(beta)", 0, "2025.06.20\n", ""),
    ("get-ancestors", 0, "project\norganization\n", ""),
    ("value(projectNumber)", 0, TOLD["number"] + "\n", ""),
    ("storage service-agent", 0, TOLD["storage_agent"] + "\n", ""),
    ("value(eventTrigger.trigger)", 0, TOLD["trigger"] + "\n", ""),
    ("value(transport.pubsub.subscription)", 0, TOLD["subscription"] + "\n", ""),
    ("value(serviceConfig.uri)", 0, TOLD["generator_url"] + "\n", ""),
]
ABSENT = ("service-accounts describe", "iam roles describe", "buckets describe",
          "repositories describe", "topics describe", "subscriptions describe",
          "jobs describe")  # fmt: skip
NOTHING_THERE = [(words, 1, "", "ERROR: NOT_FOUND") for words in ABSENT]


class Cloud:
    """A folder with a gcloud and a bq that write down how they are called."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        for name in ("gcloud", "bq"):
            (folder / name).write_text(FAKE.format(python=sys.executable))
            (folder / name).chmod(0o755)
        (folder / "python").symlink_to(sys.executable)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        monkeypatch.setenv("CALLS", str(folder / "calls"))
        monkeypatch.setenv("ANSWERS", str(folder / "answers.json"))
        monkeypatch.setenv("GCP_PROJECT_ID", VALUES["project"])
        monkeypatch.setenv("GCS_BUCKET_NAME", VALUES["bucket"])
        self.answer()

    def answer(self, *answers: tuple[str, int, str, str]) -> None:
        """Answer so from now on, and as usual where none of these fits."""
        (self._folder / "answers.json").write_text(json.dumps([*answers, *ANSWERS]))

    def calls(self) -> list[list[str]]:
        """The calls since this was last asked."""
        file = self._folder / "calls"
        calls = [json.loads(line) for line in file.read_text().splitlines()]
        file.unlink()
        return calls


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    return Cloud(tmp_path, monkeypatch)


def commands(steps: Iterable[Step]) -> list[Command]:
    """Every command that steps may run."""
    return [
        command for step in steps for command in (step.describe, step.command, step.update)
        if command
    ]  # fmt: skip


def filled(command: Command) -> list[str]:
    return [part.format_map(VALUES | TOLD) for part in command]


def test_a_new_project_gets_everything_in_order(cloud: Cloud) -> None:
    cloud.answer(*NOTHING_THERE)
    assert main([]) == 0
    calls = [" ".join(call) for call in cloud.calls()]
    positions = [
        next(number for number, call in enumerate(calls) if words in call)
        for words in (
            "services enable", "service-accounts create mrhealth-build",
            "roles/cloudbuild.builds.builder", "service-accounts create mrhealth-generator",
            "buckets create gs://my-bucket", "CREATE SCHEMA", "GRANT",
            "functions deploy data-generator", "functions deploy csv-processor",
            "run services add-iam-policy-binding", "--max-delivery-attempts=50",
            "scheduler jobs create http continuous-data-generator",
        )
    ]  # fmt: skip
    assert positions == sorted(positions)
    assert not [call for call in calls if "jobs update http" in call]
    assert (ROOT / "build" / "function" / "main.py").exists()
    (job,) = [call for call in calls if "jobs create http" in call]
    assert f"--uri={TOLD['generator_url']} " in job
    assert f"--oidc-token-audience={TOLD['generator_url']} " in job


def test_the_second_time_nothing_is_made_that_is_there(cloud: Cloud) -> None:
    for what in ("functions", "panel"):
        assert main([what]) == 0
        calls = [" ".join(call) for call in cloud.calls()]
        made = [call for call in calls if " create " in call and "services identity" not in call]
        assert made == []
    assert main([]) == 0
    (job,) = [call for call in cloud.calls() if call[1:4] == ["scheduler", "jobs", "update"]]
    assert "--schedule=0 10,12,14,16,18,20,22 * * *" in job


def test_the_printed_script_does_what_the_command_does(cloud: Cloud) -> None:
    for answers, what in ((NOTHING_THERE, "functions"), ([], "panel")):
        cloud.answer(*answers)
        assert main([what]) == 0
        run = [call for call in cloud.calls() if call[0] != "python"]
        for check in (*CHECKS, *(PANEL_CHECKS if what == "panel" else ())):
            run.remove(filled(check))
        printed = subprocess.run(
            [sys.executable, "-m", "cloud_function.deploy", what, "--dry-run"],
            cwd=ROOT, env=os.environ | {"PATH": ""}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        subprocess.run(
            ["bash", "-eu", "-c", printed.stdout], cwd=ROOT, check=True, capture_output=True
        )
        assert cloud.calls() == run


def _powershell_words(line: str) -> list[str]:
    """The arguments of a call as PowerShell takes them; variables stay as `$(...)`."""
    words = re.findall(r"'((?:[^']|'')*)'|\"((?:[^\"`]|`.)*)\"|(\S+)", line)
    return [
        single.replace("''", "'") or re.sub(r"`(.)", r"\1", double) or bare
        for single, double, bare in words
    ]


def test_powershell_gets_the_same_arguments() -> None:
    lines = [
        line for line in script(STEPS, VALUES, powershell=True) if line and not line.startswith("#")
    ]
    seen = {shlex.join(_powershell_words(line)) for line in lines}
    plain = [step for step in STEPS if not (step.gives or step.describe)]
    names = {name: f"$(${name.upper()})" for name in TOLD}
    for step in plain:
        assert shlex.join(part.format_map(VALUES | names) for part in step.command) in seen
    (described,) = [line for line in lines if line.startswith("$SUBSCRIPTION = ")]
    assert 'triggers describe "$($TRIGGER)"' in described


def test_the_schedule_is_the_catalogs(catalog: Catalog) -> None:
    hours = ",".join(str(window.start_hour) for window in catalog.windows)
    assert f"0 {hours} * * *" == functions.SCHEDULE


def test_nothing_is_open_to_everybody() -> None:
    said = [" ".join(command) for command in commands(STEPS)]
    assert not [words for words in said if "allUsers" in words or "allAuthenticatedUsers" in words]
    deployed = [words for words in said if re.search(r"(functions|run) deploy", words)]
    assert len(deployed) == 3
    assert all("--no-allow-unauthenticated" in words for words in deployed)
    assert all("--service-account=mrhealth-" in words for words in deployed)


def test_a_slow_call_is_not_called_a_failure_by_the_schedule() -> None:
    assert functions.GENERATOR_TIMEOUT_S < functions.ATTEMPT_DEADLINE_S <= 30 * 60


DISABLED = (
    "ERROR: Cloud Scheduler API has not been used in project 123 before or it is disabled. Enable "
    "it by visiting https://console.developers.google.com/apis/api/cloudscheduler.googleapis.com."
)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (("auth list", 0, "", ""), "run `gcloud auth login`"),
        (
            ("value(projectId)", 1, "", "ERROR: PERMISSION_DENIED: no"),
            "ana@example.com cannot see the project my-project",
        ),
        (("billing projects describe", 0, "False\n", ""), "no billing account that is open"),
        (("value(location)", 0, "EUROPE-WEST1\n", ""), "is in europe-west1"),
        (
            ("scheduler jobs", 1, "", DISABLED),
            "gcloud services enable cloudscheduler.googleapis.com --project=my-project",
        ),
        (("buckets create", 1, "", "ERROR: 403 PERMISSION_DENIED"), "Your account lacks a right"),
        (("storage service-agent", 0, "", ""), "nothing was said"),
        (("deploy csv-processor", 1, "", "ERROR: odd\n  and\n"), "It said: ERROR: odd and"),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_in_a_sentence(
    cloud: Cloud, capsys: pytest.CaptureFixture[str],
    answer: tuple[str, int, str, str], says: str,
) -> None:  # fmt: skip
    cloud.answer(answer, *NOTHING_THERE)
    assert main([]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert (error.startswith("error: "), error.count("\n")) == (True, 1)


def test_after_a_failure_nothing_more_is_run_and_the_same_command_goes_on(cloud: Cloud) -> None:
    cloud.answer(("deploy data-generator", 1, "", "ERROR: no"), *NOTHING_THERE)
    assert main([]) == 2
    assert "data-generator" in cloud.calls()[-1]
    cloud.answer()
    assert main([]) == 0


@pytest.mark.usefixtures("cloud")
def test_without_gcloud_it_says_where_gcloud_comes_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert main([]) == 2
    assert "gcloud is not installed" in capsys.readouterr().err


def test_where_to_deploy_has_to_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--dry-run"]) == 2
    assert "GCP_PROJECT_ID and GCS_BUCKET_NAME are not set" in capsys.readouterr().err


def test_who_may_see_the_panel_is_checked(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["panel", "--viewer", "allUsers"]) == 2
    assert main(["--viewer", "user:ana@example.com"]) == 2
    assert capsys.readouterr().err.count("error: ") == 2
    assert main(["panel", "--viewer", "user:ana@example.com"]) == 0
    assert "--member=user:ana@example.com" in cloud.calls()[-1]


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize("folder", ["cloud_function", "cloud_functions/data_generator"])
def test_the_shell_script_works_from_any_folder(folder: str, tmp_path: Path) -> None:
    command = ["bash", str(ROOT / folder / "deploy.sh"), "--dry-run"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "gcloud functions deploy data-generator --gen2 " in done.stdout


def test_powershell_and_bash_start_the_same_program() -> None:
    for folder, program in (
        ("cloud_function", "-m cloud_function.deploy"),
        ("cloud_functions/data_generator", "cloud_function"),
    ):
        for name in ("deploy.sh", "deploy.ps1"):
            assert program in (ROOT / folder / name).read_text(encoding="utf-8")
            assert "gcloud" not in (ROOT / folder / name).read_text(encoding="utf-8")
