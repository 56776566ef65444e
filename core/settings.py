"""The settings: one frozen value, made from a mapping such as `os.environ`.

Nothing is read at import: an entry point calls `Settings.from_mapping(os.environ)` once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from core.access import Access, allowed_emails
from core.errors import SettingsError
from core.messages import message


class Setting(NamedTuple):
    """A row of the table of settings: variable, default and meaning."""

    variable: str
    default: str
    help: str


SETTINGS = (
    Setting("MRHEALTH_HOME", "data", "Folder of the embedded default: bucket, warehouse, runs."),
    Setting("MRHEALTH_DATASET_PREFIX", "case_ficticio", "Prefix of the three datasets' names."),
    Setting("MRHEALTH_WAIT_S", "30", "Seconds to wait for a warehouse that another process uses."),
    Setting(
        "MRHEALTH_ALLOWED_EMAILS", "", "Who may sign in to the panel: addresses, @domains, commas."
    ),
    Setting("MRHEALTH_OPEN", "", "1 serves the panel without sign-in beyond this machine."),
    Setting("MRHEALTH_HIDE_KEYS", "", "1 hides the keys of scenarios in the panel: for teachers."),
    Setting("MRHEALTH_GAPS", "fill", "What the daily refresh does about gaps: fill, wait, fail."),
    Setting(
        "MRHEALTH_SCENARIOS", "", "Folder of scenarios of faults; MRHEALTH_HOME/scenarios if empty."
    ),
    Setting("MRHEALTH_AIRFLOW_URL", "", "Airflow that the panel's page Rebuild hands work to."),
    Setting("MRHEALTH_AIRFLOW_USER", "panel", "Who signs in to Airflow."),
    Setting("MRHEALTH_AIRFLOW_PASSWORD", "", "Password of that user."),
    Setting(
        "MRHEALTH_ALERTS", "", "Where alerts go: Apprise's addresses, with blanks between them."
    ),
    Setting("GCP_PROJECT_ID", "", "Google Cloud project; needs GCS_BUCKET_NAME beside it."),
    Setting("GCS_BUCKET_NAME", "", "Google Cloud Storage bucket; needs GCP_PROJECT_ID beside it."),
    Setting("GCP_REGION", "us-central1", "Region of functions, schedule and datasets."),
    Setting("MRHEALTH_MAX_BYTES", "10737418240", "Most bytes that one BigQuery query may bill."),
    Setting("STORAGE_EMULATOR_HOST", "", "Address of a Cloud Storage emulator."),
    Setting("BIGQUERY_EMULATOR_HOST", "", "Address of a BigQuery emulator."),
    Setting("CLOUD_SCHEDULER_EMULATOR_HOST", "", "Address of a Cloud Scheduler emulator."),
    Setting("LOGGING_EMULATOR_HOST", "", "Address of a Cloud Logging emulator (gRPC)."),
    Setting("PUBSUB_EMULATOR_HOST", "", "Address of a Pub/Sub emulator."),
)

GAPS = ("fill", "wait", "fail")

_DATASET_PREFIX = re.compile(r"[a-z][a-z0-9_]{0,62}")
# https://cloud.google.com/resource-manager/docs/creating-managing-projects (old ones: domain:name)
_PROJECT = re.compile(r"(?:[a-z][a-z0-9.-]*:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")  # cloud.google.com/storage/docs/buckets
# https://github.com/caronc/apprise/wiki: any scheme; some have nothing after it.
_CHANNEL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S*")
_REGION = re.compile(r"[a-z]+(?:-[a-z]+)+[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Cloud:
    """The settings of Google Cloud; a query that would bill more than `max_bytes` fails.

    The hosts are addresses of emulators, such as `http://127.0.0.1:4443`, or `127.0.0.1:4444` for
    logging's gRPC server; empty ones mean Google's services.
    """

    project: str
    bucket: str
    region: str
    max_bytes: int
    storage_host: str = ""
    bigquery_host: str = ""
    scheduler_host: str = ""
    logging_host: str = ""
    pubsub_host: str = ""


@dataclass(frozen=True, slots=True)
class AirflowSettings:
    """The address of an Airflow, such as `http://127.0.0.1:8080`, and the account for it."""

    url: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of one process.

    Attributes:
        home: Absolute folder of the embedded default.
        dataset_prefix: Datasets are `{dataset_prefix}_bronze`, `_silver` and `_gold`.
        wait_s: Longest wait, in seconds, for a warehouse that another process uses.
        cloud: Google Cloud instead of folder and DuckDB; None for the embedded default.
        gaps: What the daily refresh does about missing windows, one of `GAPS`.
        airflow: The Airflow that runs the refresh; None if the panel does.
        hide_keys: Whether the panel hides the keys of scenarios.
        scenarios: Absolute folder with the user's scenarios of faults; None for the one in `home`.
        alerts: Addresses of the channels of alerts; secret, for they have passwords and tokens.
    """

    home: Path
    dataset_prefix: str
    wait_s: float
    cloud: Cloud | None = None
    access: Access = field(default_factory=Access)
    gaps: str = "fill"
    airflow: AirflowSettings | None = None
    hide_keys: bool = False
    scenarios: Path | None = None
    alerts: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def from_mapping(cls, values: Mapping[str, str]) -> "Settings":
        """Read the settings; an absent or empty one gets its default.

        Raises:
            SettingsError: A value is not valid, or only one of the two Google names is set.
        """
        chosen = {row.variable: values.get(row.variable) or row.default for row in SETTINGS}
        return cls(
            home=_home(chosen["MRHEALTH_HOME"]),
            dataset_prefix=_dataset_prefix(chosen["MRHEALTH_DATASET_PREFIX"]),
            wait_s=_seconds("MRHEALTH_WAIT_S", chosen["MRHEALTH_WAIT_S"]),
            cloud=_cloud(chosen),
            access=_access(chosen),
            gaps=parse_gaps("MRHEALTH_GAPS", chosen["MRHEALTH_GAPS"]),
            airflow=_airflow(chosen),
            hide_keys=_is_on(chosen, "MRHEALTH_HIDE_KEYS"),
            scenarios=_folder(chosen["MRHEALTH_SCENARIOS"]),
            alerts=_alerts(chosen["MRHEALTH_ALERTS"]),
        )

    @property
    def bucket_folder(self) -> Path:
        """Folder of the bucket's objects."""
        return self.home / "bucket"

    @property
    def scenarios_folder(self) -> Path:
        """Folder of the user's scenarios of faults; it may be missing."""
        return self.scenarios or self.home / "scenarios"

    @property
    def warehouse_file(self) -> Path:
        """DuckDB file with the three datasets as schemas."""
        return self.home / "warehouse.duckdb"

    @property
    def runs_file(self) -> Path:
        """SQLite file with the history of runs."""
        return self.home / "runs.sqlite"

    @property
    def alerts_file(self) -> Path:
        """SQLite file with the incidents and what was sent about them."""
        return self.home / "alerts.sqlite"

    @property
    def schedule_file(self) -> Path:
        """SQLite file with the plan of the embedded schedule."""
        return self.home / "schedule.sqlite"


def folder_path(text: str) -> Path:
    """The absolute path of a folder that a person named; `~` is the home folder.

    Raises:
        SettingsError: The path is empty or not valid on this machine.
    """
    fault = SettingsError(message("settings.no_folder", text=text))
    if not text.strip() or "\0" in text:
        raise fault
    try:
        text.encode()
        return Path(text).expanduser().absolute()
    except FileNotFoundError:
        raise SettingsError(message("settings.folder_gone", text=text)) from None
    except (RuntimeError, UnicodeEncodeError):  # no such user; no text
        raise fault from None


def _folder(text: str) -> Path | None:
    return folder_path(text) if text else None


def _home(text: str) -> Path:
    home = folder_path(text)
    if "?" in str(home):  # DuckDB would put `.wal` into another folder
        raise SettingsError(message("settings.question_mark", home=str(home)))
    return home


def _cloud(chosen: Mapping[str, str]) -> Cloud | None:
    project, bucket = chosen["GCP_PROJECT_ID"], chosen["GCS_BUCKET_NAME"]
    if bool(project) != bool(bucket):
        present, absent = (
            ("GCP_PROJECT_ID", "GCS_BUCKET_NAME")
            if project
            else ("GCS_BUCKET_NAME", "GCP_PROJECT_ID")
        )
        raise SettingsError(message("settings.half_cloud", present=present, absent=absent))
    if not project:
        return None
    return Cloud(
        project=_fitting(chosen, "GCP_PROJECT_ID", _PROJECT, "a project's id such as my-project"),
        bucket=_fitting(chosen, "GCS_BUCKET_NAME", _BUCKET, "a bucket's name such as my-bucket"),
        region=_fitting(chosen, "GCP_REGION", _REGION, "a region such as us-central1"),
        max_bytes=_bytes("MRHEALTH_MAX_BYTES", chosen["MRHEALTH_MAX_BYTES"]),
        storage_host=_address(chosen, "STORAGE_EMULATOR_HOST"),
        bigquery_host=_address(chosen, "BIGQUERY_EMULATOR_HOST"),
        scheduler_host=_address(chosen, "CLOUD_SCHEDULER_EMULATOR_HOST"),
        logging_host=_address(chosen, "LOGGING_EMULATOR_HOST").removeprefix("http://"),
        pubsub_host=_address(chosen, "PUBSUB_EMULATOR_HOST"),
    )


def parse_gaps(variable: str, value: str) -> str:
    """Return the value of a variable; raise `SettingsError` if it is none of `GAPS`."""
    if value not in GAPS:
        raise SettingsError(
            message("settings.choice", variable=variable, value=value, choices=GAPS)
        )
    return value


def _airflow(chosen: Mapping[str, str]) -> AirflowSettings | None:
    url = _address(chosen, "MRHEALTH_AIRFLOW_URL", "https://airflow.example.com")
    if not url:
        return None
    if not chosen["MRHEALTH_AIRFLOW_PASSWORD"]:
        raise SettingsError(message("settings.airflow_password"))
    return AirflowSettings(
        url, chosen["MRHEALTH_AIRFLOW_USER"], chosen["MRHEALTH_AIRFLOW_PASSWORD"]
    )


def _alerts(text: str) -> tuple[str, ...]:
    """The addresses; an error names the place of one, never the address."""
    addresses = tuple(text.split())
    for place, address in enumerate(addresses, 1):
        if not _CHANNEL.fullmatch(address):
            raise SettingsError(message("settings.alerts", place=place))
    return addresses


def _access(chosen: Mapping[str, str]) -> Access:
    emails = allowed_emails("MRHEALTH_ALLOWED_EMAILS", chosen["MRHEALTH_ALLOWED_EMAILS"])
    return Access(emails, _is_on(chosen, "MRHEALTH_OPEN"))


def _is_on(chosen: Mapping[str, str], variable: str) -> bool:
    value = chosen[variable]
    if value not in ("", "0", "1"):
        raise SettingsError(message("settings.switch", variable=variable, value=value))
    return value == "1"


def _fitting(
    chosen: Mapping[str, str], variable: str, pattern: re.Pattern[str], example: str
) -> str:
    if not pattern.fullmatch(chosen[variable]):
        raise SettingsError(
            message("settings.example", variable=variable, value=chosen[variable], example=example)
        )
    return chosen[variable]


def _address(chosen: Mapping[str, str], variable: str, example: str = "127.0.0.1:4443") -> str:
    """An address with its scheme; Google's clients accept those of emulators with and without."""
    value = chosen[variable]
    full = value if not value or "://" in value else f"http://{value}"
    if full and not re.fullmatch(r"https?://[A-Za-z0-9.\[\]:-]+(?:/[A-Za-z0-9._/-]*)?", full):
        raise SettingsError(
            message("settings.url", variable=variable, value=mask_address(value), example=example)
        )
    return full.rstrip("/")


def mask_address(address: str) -> str:
    """An address without what may be secret: user, password and parameters."""
    scheme, mark, rest = address.rpartition("://")
    _, at, place = rest.rpartition("@")
    place, *parameters = re.split(r"(?=[?#])", place, maxsplit=1)
    shown = f"{scheme}{mark}{'***@' if at else ''}{place}"
    return f"{shown}{parameters[0][0]}***" if parameters else shown


def variables_in(sentence: str) -> list[str]:
    """The variables of settings that a sentence names."""
    words = re.findall(r"\w+", sentence)
    return [row.variable for row in SETTINGS if row.variable in words]


def _bytes(variable: str, value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,17}", value):
        raise SettingsError(message("settings.bytes", variable=variable, value=value))
    return int(value)


def _dataset_prefix(value: str) -> str:
    if not _DATASET_PREFIX.fullmatch(value):
        raise SettingsError(message("settings.prefix", value=value))
    return value


def _seconds(variable: str, value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 3600:
        raise SettingsError(message("settings.seconds", variable=variable, value=value))
    return seconds
