"""Settings, files, packages and credentials: each check sees its fault, made for real."""

from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import pytest

from core.insight.diagnostics import checks, install
from core.insight.diagnostics.checks import State
from core.platform import Platform
from core.settings import Settings
from tests.support.diagnosed import AUTHORIZED, found
from tests.support.scenes import ROOT


@pytest.mark.parametrize(
    ("values", "state", "told"),
    [
        ({}, State.FINE, "datasets case_ficticio_*"),
        ({"GCP_PROJECT_ID": "some-project", "GCS_BUCKET_NAME": "some-bucket"}, State.FINE,
         "project some-project, bucket some-bucket"),
        ({"GCP_PROJECT_ID": "some-project"}, State.BROKEN, "GCS_BUCKET_NAME is not"),
        ({"GCS_BUCKET_NAME": "some-bucket"}, State.BROKEN, "GCP_PROJECT_ID is not"),
        ({"MRHEALTH_WAIT_S": "long"}, State.BROKEN, "MRHEALTH_WAIT_S is 'long'"),
        ({"STORAGE_EMULATOR_HOST": "127.0.0.1:1"}, State.ATTENTION, "no emulator"),
    ],
)  # fmt: skip
def test_settings(values: Mapping[str, str], state: State, told: str) -> None:
    finding = checks.configuration(values)
    assert finding.state is state
    assert told in finding.found


def test_the_command_for_half_a_configuration_makes_it_whole() -> None:
    finding = checks.configuration({"GCP_PROJECT_ID": "some-project"})
    first, _, last = finding.command.splitlines()
    assert first.startswith("export GCS_BUCKET_NAME=")
    assert last == "unset GCP_PROJECT_ID"


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("America/Sao_Paulo", State.FINE),
        ("America/Fortaleza", State.BROKEN),  # no summer time in 2018
        ("Europe/Lisbon", State.BROKEN),
        ("America/Nowhere", State.BROKEN),
    ],
)
def test_time_zones(name: str, state: State) -> None:
    assert install.zone(name).state is state


def test_a_project_that_is_not_whole_names_what_it_lacks(tmp_path: Path) -> None:
    assert install.files_of(ROOT).state is State.FINE
    for name in install.PROJECT_FILES[1:]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    finding = install.files_of(tmp_path)
    assert (finding.state, "lacks requirements.txt." in finding.found) == (State.BROKEN, True)


def test_packages_are_compared_with_their_pins() -> None:
    version = metadata.version("numpy")
    pins = f"# made by\nnumpy=={version} \\\n    --hash=sha256:0\n    # via x\n"
    elsewhere = "nothing-such==1 ; sys_platform == 'nowhere' \\\n"
    assert install.check_pins(pins + elsewhere, (3, 11)).state is State.FINE
    assert install.check_pins(pins, (3, 10)).state is State.BROKEN
    other = install.check_pins("numpy==0.1 \\\n", (3, 11))
    assert (other.state, f"numpy {version} in the place of ==0.1" in other.found) == (
        State.ATTENTION, True,
    )  # fmt: skip
    absent = install.check_pins("nothing-such==1 \\\n", (3, 11))
    assert (absent.state, "nothing-such" in absent.found) == (State.BROKEN, True)


def on_google(home: Path) -> Platform:
    values = {"GCP_PROJECT_ID": "some-project", "GCS_BUCKET_NAME": "some-bucket"}
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home), **values}))


@pytest.mark.parametrize(
    ("content", "state", "told"),
    [
        ("", State.BROKEN, "no credentials that can be used"),
        ("not json", State.BROKEN, ""),
        (AUTHORIZED, State.FINE, "Credentials were found"),
    ],
    ids=["none", "no file of credentials", "found"],
)  # fmt: skip
def test_credentials(
    content: str, state: State, told: str, home: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "none"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    if content:
        (tmp_path / "key.json").write_text(content)
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))
    finding = found(on_google(home), "credentials")
    assert finding.state is state
    assert told in finding.found
    if state is State.BROKEN:
        assert "GOOGLE_APPLICATION_CREDENTIALS" in finding.advice
        assert finding.command == "gcloud auth application-default login"
