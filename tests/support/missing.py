"""What a test needs and a machine may lack: one rule for all of them.

A person's run skips the test and says why. Where `CI` is set the test fails, for the gate must have
run it.
"""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from local_cloud.installs import InstallError, environment


def is_gate() -> bool:
    """Whether this is a run of the gate: `CI` is set to anything."""
    return bool(os.environ.get("CI"))


def skip_or_fail(reason: str) -> NoReturn:
    """End a test that this machine cannot run.

    Args:
        reason: A sentence: which tests need what, and why it is missing.
    """
    if is_gate():
        pytest.fail(f"{reason} CI must run these tests.", pytrace=False)
    pytest.skip(reason)


def require_environment(name: str, tests: str, requirements: Path | None = None) -> Path:
    """Folder of a virtual environment of `local_cloud.installs`.

    Args:
        tests: Which tests need it, as the reason names them: "Tests of Airflow".
    """
    try:
        return environment(name, requirements)
    except InstallError as problem:
        skip_or_fail(f"{tests} need an environment of their own. {problem}")
