"""Runs the steps, and says in a sentence what is in the way."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cloud_function.deploy.steps import Command, Step
from core.errors import PlatformError

ROOT = Path(__file__).resolve().parent.parent.parent

INSTALL = "https://cloud.google.com/sdk/docs/install"
# Google takes minutes to spread new accounts and rights.
_LONGEST_WAIT_S, _PAUSE_S = 300.0, 10.0
_NOT_YET = re.compile(
    r"service account .* (does not exist|was not found)"
    r"|Permission denied while using the Eventarc Service Agent"
    r"|does not have storage\.\w+\.\w+ access"
    r"|You must grant Storage Object Viewer"
    r"|unable to publish to Cloud Pub/Sub topics",
    re.IGNORECASE,
)
_BROKEN_WORD = re.compile(r"(?<=\w-)\n\s*")
_SERVICE = re.compile(r"\b[a-z]+\.googleapis\.com\b")
_LONGEST = 600


class DeployError(PlatformError):
    """The deployment stopped; what was done stays, and the same command continues."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended."""

    code: int
    output: str
    errors: str

    @property
    def said(self) -> str:
        """Both streams on one line: `bq` writes its errors to standard output, wrapped.

        It breaks lines at hyphens, too, also within an address.
        """
        return " ".join(_BROKEN_WORD.sub("", f"{self.errors} {self.output}").split())


@dataclass
class Runner:
    """Runs commands with placeholders filled in, from the project's folder.

    Attributes:
        values: What is filled in; steps add what they give.
        tell: Gets each step's sentence.
        pause: Waits some seconds before a command is tried again.
    """

    values: dict[str, str]
    tell: Callable[[str], None]
    pause: Callable[[float], None] = time.sleep
    _programs: dict[str, str] = field(default_factory=dict)

    def run(self, steps: Iterable[Step]) -> None:
        """Run steps in their order.

        Raises:
            DeployError: One of them failed; those after it were not run.
        """
        for step in steps:
            self.tell(f"{step.name}: {step.why}")
            command = step.command
            if step.describe and self.ask(step.describe).code == 0:
                if not step.update:
                    continue
                command = step.update
            output = self._insist(step, command).output.strip()
            if step.gives:
                if not output:
                    raise DeployError(f"{step.name}: nothing was said where {step.gives} is due.")
                self.values[step.gives] = output

    def ask(self, command: Command) -> Result:
        """Run one command, and say how it ended.

        Raises:
            DeployError: Its program is not installed.
        """
        filled = [part.format_map(self.values) for part in command]
        filled[0] = self._program(filled[0])
        done = subprocess.run(
            filled, cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def _insist(self, step: Step, command: Command) -> Result:
        waited = 0.0
        while (done := self.ask(command)).code:
            if waited >= _LONGEST_WAIT_S or not _NOT_YET.search(done.said):
                explained = explain(done.said, self.values["project"])
                raise DeployError(f"{step.name} failed: {explained}")
            self.tell(
                f"{step.name}: Google does not know a new account or role everywhere yet; trying "
                f"again in {_PAUSE_S:.0f} s ({waited:.0f} s waited, at most {_LONGEST_WAIT_S:.0f})."
            )
            self.pause(_PAUSE_S)
            waited += _PAUSE_S
        return done

    def _program(self, name: str) -> str:
        if name == "python":
            return sys.executable
        if name not in self._programs:
            found = shutil.which(name)
            if found is None:
                raise DeployError(
                    f"{name} is not installed, or not on PATH: {INSTALL} says how to install the "
                    "Google Cloud CLI, which brings it."
                )
            self._programs[name] = found
        return self._programs[name]


def explain(said: str, project: str) -> str:
    """What to do about a command's complaint, in a sentence or two, and the complaint itself."""
    shown = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}..."
    return f"{_advice(said, project)} It said: {shown}" if said else "It said nothing."


def _advice(said: str, project: str) -> str:
    lower = said.lower()
    if "service_disabled" in lower or "has not been used in project" in lower:
        found = _SERVICE.search(said)
        service = found[0] if found else "its service"
        return (
            f"{service} is not switched on: run `gcloud services enable {service} "
            f"--project={project}`, wait a minute, then run this again."
        )
    if "billing" in lower:
        return (
            f"Project {project} has no billing account that is open: link one at "
            f"https://console.cloud.google.com/billing/linkedaccount?project={project}."
        )
    if "gcloud auth login" in lower or "reauthentication" in lower:
        return "You are not signed in (any more): run `gcloud auth login`."
    if "permission_denied" in lower or "permission denied" in lower or "403" in lower:
        return f"Your account lacks a right: ask an owner of {project} for it."
    return "Nothing after it was run; when that is mended, the same command goes on."
