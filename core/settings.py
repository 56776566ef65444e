"""Where things are: one frozen value, made from a mapping such as `os.environ`.

Nothing is read at import. An entry point calls `Settings.from_mapping(os.environ)` once and hands
the result on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from core.errors import SettingsError


class Setting(NamedTuple):
    """A row of the table of settings: its variable, its default and what it means."""

    variable: str
    default: str
    help: str


SETTINGS = (
    Setting("MRHEALTH_HOME", "data", "Folder of the embedded default: bucket, warehouse, runs."),
    Setting("MRHEALTH_DATASET_PREFIX", "case_ficticio", "Prefix of the three datasets' names."),
    Setting("MRHEALTH_WAIT_S", "30", "Seconds to wait for a warehouse that another process uses."),
    Setting("GCP_PROJECT_ID", "", "Google Cloud project; needs GCS_BUCKET_NAME beside it."),
    Setting("GCS_BUCKET_NAME", "", "Google Cloud Storage bucket; needs GCP_PROJECT_ID beside it."),
)

_DATASET_PREFIX = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of one process.

    Attributes:
        home: Absolute folder of the embedded default.
        dataset_prefix: Datasets are `{dataset_prefix}_bronze`, `_silver` and `_gold`.
        wait_s: Longest wait, in seconds, for a warehouse that another process uses.
    """

    home: Path
    dataset_prefix: str
    wait_s: float

    @classmethod
    def from_mapping(cls, values: Mapping[str, str]) -> "Settings":
        """Read the settings, with the table's default for each that is absent or empty.

        Raises:
            SettingsError: A value is not valid, or only one of the two Google names is set.
        """
        chosen = {row.variable: values.get(row.variable) or row.default for row in SETTINGS}
        _refuse_cloud(chosen["GCP_PROJECT_ID"], chosen["GCS_BUCKET_NAME"])
        return cls(
            home=folder_path(chosen["MRHEALTH_HOME"]).absolute(),
            dataset_prefix=_dataset_prefix(chosen["MRHEALTH_DATASET_PREFIX"]),
            wait_s=_seconds("MRHEALTH_WAIT_S", chosen["MRHEALTH_WAIT_S"]),
        )

    @property
    def bucket_folder(self) -> Path:
        """Folder that holds the objects under their own names."""
        return self.home / "bucket"

    @property
    def warehouse_file(self) -> Path:
        """DuckDB file with the three datasets as schemas."""
        return self.home / "warehouse.duckdb"

    @property
    def runs_file(self) -> Path:
        """SQLite file with the history of runs."""
        return self.home / "runs.sqlite"


def folder_path(text: str) -> Path:
    """A folder that a person named, with `~` in the place of a home folder.

    Raises:
        SettingsError: It is empty, or no path that this machine can have.
    """
    fault = SettingsError(
        f"{text!r} is not the path of a folder: use one such as data or ~/mrhealth."
    )
    if not text.strip() or "\0" in text:
        raise fault
    try:
        text.encode()
        return Path(text).expanduser()
    except (RuntimeError, UnicodeEncodeError):  # no such user; no text
        raise fault from None


def _refuse_cloud(project: str, bucket: str) -> None:
    if bool(project) != bool(bucket):
        present, absent = (
            ("GCP_PROJECT_ID", "GCS_BUCKET_NAME")
            if project
            else ("GCS_BUCKET_NAME", "GCP_PROJECT_ID")
        )
        raise SettingsError(
            f"{present} is set and {absent} is not: set both for Google Cloud, "
            "or neither for the embedded default."
        )
    if project:
        raise SettingsError(
            "GCP_PROJECT_ID and GCS_BUCKET_NAME are set, and this version has the embedded "
            "default only: unset both to use it."
        )


def _dataset_prefix(value: str) -> str:
    if not _DATASET_PREFIX.fullmatch(value):
        raise SettingsError(
            f"MRHEALTH_DATASET_PREFIX is {value!r}: use lower-case letters, digits and "
            "underscores, starting with a letter, at most 63 characters."
        )
    return value


def _seconds(variable: str, value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 3600:
        raise SettingsError(f"{variable} is {value!r}: use seconds from 0 to 3600.")
    return seconds
