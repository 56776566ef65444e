"""Settings: one table, checked once, nothing read at import."""

import os
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from core.errors import SettingsError
from core.settings import SETTINGS, Cloud, Settings, mask_address
from tests.support.scenes import ROOT


def test_defaults_are_those_of_the_table() -> None:
    settings = Settings.from_mapping({})
    defaults = {row.variable: row.default for row in SETTINGS}
    assert settings.home == Path(defaults["MRHEALTH_HOME"]).absolute() == Path.cwd() / "data"
    assert settings.dataset_prefix == defaults["MRHEALTH_DATASET_PREFIX"] == "case_ficticio"
    assert settings.wait_s == float(defaults["MRHEALTH_WAIT_S"])
    assert Settings.from_mapping(dict.fromkeys(defaults, "")) == settings


def test_everything_lives_in_the_home(tmp_path: Path) -> None:
    settings = Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path)})
    assert settings.bucket_folder == tmp_path / "bucket"
    assert settings.warehouse_file == tmp_path / "warehouse.duckdb"
    assert settings.runs_file.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_a_relative_home_stays_where_it_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_mapping({"MRHEALTH_HOME": "there"})
    monkeypatch.chdir("/")
    assert settings.home == tmp_path / "there"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings.from_mapping({"MRHEALTH_HOME": "~/x"}).home == tmp_path / "x"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        *(("MRHEALTH_DATASET_PREFIX", text) for text in ("1a", "A", "a-b", "a;b", "a b", "a" * 64)),
        *(("MRHEALTH_WAIT_S", text) for text in ("-1", "3601", "soon", "nan", "inf", "1,5")),
    ],
)
def test_what_is_not_valid_is_told_with_its_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{variable} is '{value}': use .*\.$"):
        Settings.from_mapping({variable: value})


def test_a_home_that_duckdb_cannot_use_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^MRHEALTH_HOME is '.*a\?b': use a path without a"):
        Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path / "a?b")})


@pytest.mark.parametrize("value", ["0", "0.5", "3600"])
def test_bounds_of_the_wait_are_included(value: str) -> None:
    assert Settings.from_mapping({"MRHEALTH_WAIT_S": value}).wait_s == float(value)


@pytest.mark.parametrize("present", ["GCP_PROJECT_ID", "GCS_BUCKET_NAME"])
def test_one_name_of_the_cloud_without_the_other_is_told(present: str) -> None:
    (absent,) = {"GCP_PROJECT_ID", "GCS_BUCKET_NAME"} - {present}
    with pytest.raises(SettingsError, match=f"^{present} is set and {absent} is not"):
        Settings.from_mapping({present: "x", absent: ""})


CLOUD = {"GCP_PROJECT_ID": "my-project", "GCS_BUCKET_NAME": "my-bucket"}


def test_both_names_of_the_cloud_are_google_cloud() -> None:
    cloud = Settings.from_mapping(CLOUD).cloud
    assert cloud == Cloud("my-project", "my-bucket", "us-central1", 10 * 2**30)
    assert Settings.from_mapping({}).cloud is None


@pytest.mark.parametrize("address", ["127.0.0.1:4443", "http://127.0.0.1:4443"])
def test_addresses_of_emulators_may_have_a_scheme(address: str) -> None:
    hosts = {f"{name}_EMULATOR_HOST": address for name in
             ("STORAGE", "BIGQUERY", "CLOUD_SCHEDULER", "LOGGING")}  # fmt: skip
    cloud = Settings.from_mapping({**CLOUD, **hosts}).cloud
    assert cloud is not None
    assert {cloud.storage_host, cloud.bigquery_host, cloud.scheduler_host} == {
        "http://127.0.0.1:4443"
    }
    assert cloud.logging_host == "127.0.0.1:4443"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        *(("GCP_PROJECT_ID", text) for text in ("P", "a b", "x;drop", "a" * 40, "-my-project")),
        *(("GCS_BUCKET_NAME", text) for text in ("B", "a/b", "gs://b", "a b", "..", "x`y")),
        *(("GCP_REGION", text) for text in ("us", "us-central1; rm", "US-CENTRAL1")),
        *(("MRHEALTH_MAX_BYTES", text) for text in ("0", "-1", "1e9", "many", "9" * 19)),
        *(("STORAGE_EMULATOR_HOST", text) for text in ("ftp://x", "http://x/y?z", "a b")),
    ],
)
def test_what_is_no_name_of_the_cloud_is_told(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{variable} is .*: use .*\.$"):
        Settings.from_mapping({**CLOUD, variable: value})


@pytest.mark.parametrize("path", [" ", "~nobody-of-this-name/x", "a\0b", "\udcff"])
def test_what_is_no_path_of_a_folder_is_told(path: str) -> None:
    with pytest.raises(SettingsError, match="is not the path of a folder: use one such as"):
        Settings.from_mapping({"MRHEALTH_HOME": path})


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(Settings.from_mapping({}), "wait_s", 1.0)  # noqa: B010 - mypy knows it fails


def test_nothing_is_read_at_import(tmp_path: Path) -> None:
    code = "import core.settings, core.pipeline; print('loaded')"
    wrong = {"MRHEALTH_WAIT_S": "soon", "GCP_PROJECT_ID": "alone", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, **wrong},
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout == "loaded\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://panel:s3cret@airflow.example.com/x", "https://***@airflow.example.com/x"),
        ("panel:s3/cr@et@host:80", "***@host:80"),
        ("http://host/?token=s3cret#x", "http://host/?***"),
        ("http://host#s3cret", "http://host#***"),
        ("not an address", "not an address"),
    ],
)
def test_an_address_is_shown_without_its_secrets(address: str, shown: str) -> None:
    assert mask_address(address) == shown
    with pytest.raises(SettingsError) as refused:
        Settings.from_mapping({"MRHEALTH_AIRFLOW_URL": address, "MRHEALTH_AIRFLOW_PASSWORD": "x"})
    assert repr(shown) in str(refused.value)
