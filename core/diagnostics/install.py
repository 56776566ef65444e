"""What is installed: the settings, the project's files, Python, packages and time zones."""

import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.diagnostics.base import Case, Finding, State
from core.errors import SettingsError
from core.settings import Settings

ROOT = Path(__file__).parent.parent.parent
PYTHON = (3, 11)
INSTALL = "python -m pip install -r requirements.txt"

# What the guide's command lines and the loading of Bronze cannot do without.
PROJECT_FILES = (
    "requirements.txt", "app.py", "scripts/_cli.py", "scripts/generate_fake_sales.py",
    "scripts/generate_incremental_sales.py", "core/data/windows.csv", "core/sql/bronze",
    "core/sql/silver", "core/sql/gold",
)  # fmt: skip
ZONE = "America/Sao_Paulo"
# Offsets by https://data.iana.org/time-zones/tzdb/southamerica: summer time until February 2019.
OFFSETS_H = (
    (datetime(2018, 12, 1, 12, tzinfo=UTC), -2), (datetime(2026, 1, 1, 12, tzinfo=UTC), -3),
)  # fmt: skip

_EMULATORS = (
    "STORAGE_EMULATOR_HOST", "BIGQUERY_EMULATOR_HOST", "CLOUD_SCHEDULER_EMULATOR_HOST",
    "LOGGING_EMULATOR_HOST",
)  # fmt: skip
_GOOGLE_NAMES = ("GCP_PROJECT_ID", "GCS_BUCKET_NAME")


def configuration(values: Mapping[str, str]) -> Finding:
    """Whether the settings in an environment are valid, which no platform is needed for."""
    try:
        settings = Settings.from_mapping(values)
    except SettingsError as error:
        return Finding(
            State.BROKEN, error.sentence,
            "Set what is missing, or take away what is not valid, and start the panel anew.",
            _way_to_set(values),
        )  # fmt: skip
    idle = [name for name in _EMULATORS if values.get(name)]
    if settings.cloud is None and idle:
        return Finding(
            State.ATTENTION,
            f"{', '.join(idle)} is set, but not {' and '.join(_GOOGLE_NAMES)}: the folder "
            f"{settings.home} is used, and no emulator.",
            "Set the two for the emulated cloud, or take the address away.",
            f"unset {' '.join(idle)}",
        )
    cloud = settings.cloud
    place = f"the folder {settings.home}"
    if cloud:
        place = f"project {cloud.project}, bucket {cloud.bucket}, region {cloud.region}"
    return Finding(
        State.FINE, f"The settings are valid: {place}, datasets {settings.dataset_prefix}_*."
    )


def settings(case: Case) -> Finding:
    """Whether the settings are valid."""
    return configuration(case.variables)


def project(_: Case) -> Finding:
    """Whether the project's files stand together, so that commands find them."""
    return files_of(ROOT)


def files_of(root: Path) -> Finding:
    """Whether a folder has the project's files."""
    absent = [name for name in PROJECT_FILES if not (root / name).exists()]
    if absent:
        return Finding(
            State.BROKEN, f"{root} lacks {', '.join(absent)}.",
            "Get the project whole again, and call its commands as they are documented.",
            "git status --short\ngit checkout -- .",
        )  # fmt: skip
    return Finding(
        State.FINE,
        f"The project is whole in {root}: its commands run from any folder by their path, such as "
        f"python {root / 'scripts' / 'generate_incremental_sales.py'}.",
    )


def packages(_: Case) -> Finding:
    """Whether Python and packages are those of requirements.txt."""
    return pinned((ROOT / "requirements.txt").read_text(encoding="utf-8"), sys.version_info[:2])


def pinned(requirements: str, python: tuple[int, int]) -> Finding:
    """Whether what is installed is what a compiled requirements file pins."""
    from packaging.requirements import Requirement

    pins = [
        Requirement(line.removesuffix("\\").strip())
        for line in requirements.splitlines()
        if re.match(r"[A-Za-z0-9]", line)
    ]
    wanted = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    have = {pin.name: _version(pin.name) for pin in wanted}
    absent = [pin.name for pin in wanted if have[pin.name] is None]
    other = [
        f"{pin.name} {have[pin.name]} in the place of {pin.specifier}"
        for pin in wanted
        if (version := have[pin.name]) and not pin.specifier.contains(version, prereleases=True)
    ]
    return _installed(absent, other, len(wanted), python)


def _installed(absent: list[str], other: list[str], count: int, python: tuple[int, int]) -> Finding:
    version = ".".join(map(str, python))
    if python < PYTHON:
        return Finding(
            State.BROKEN, f"Python is {version}: it has to be 3.11 or newer.",
            "Install a newer Python, and the packages into it.", INSTALL,
        )  # fmt: skip
    if absent:
        return Finding(
            State.BROKEN, f"Packages are not installed: {', '.join(absent)}.",
            "Install them into the Python that runs this.", INSTALL,
        )  # fmt: skip
    if other:
        return Finding(
            State.ATTENTION, f"Packages are of other releases: {', '.join(other)}.",
            "The project is tested with the pinned ones: install those.", INSTALL,
        )  # fmt: skip
    return Finding(
        State.FINE, f"Python is {version}, and all {count} packages are of the pinned releases."
    )


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def time_zone(_: Case) -> Finding:
    """Whether the time zone database knows São Paulo, with and without summer time."""
    return zone(ZONE)


def zone(name: str) -> Finding:
    """Whether a time zone is known, with the offsets of São Paulo."""
    try:
        found = [moment.astimezone(ZoneInfo(name)) for moment, _ in OFFSETS_H]
    except (ZoneInfoNotFoundError, ValueError):
        return Finding(
            State.BROKEN, f"The time zone database does not have {name}.",
            "Install the database, and start the panel anew.", "python -m pip install tzdata",
        )  # fmt: skip
    wrong = [
        f"{moment:%Y-%m} has {moment:%z}, not {hours:+03d}00"
        for moment, (_, hours) in zip(found, OFFSETS_H, strict=True)
        if moment.utcoffset() is None or f"{moment:%z}" != f"{hours:+03d}00"
    ]
    if wrong:
        return Finding(
            State.BROKEN, f"The time zone {name} is not right: {'; '.join(wrong)}.",
            "Bring the time zone database up to date, and start the panel anew.",
            "python -m pip install --upgrade tzdata",
        )  # fmt: skip
    told = ", ".join(f"{moment:%Y-%m} {moment:%z}" for moment in found)
    return Finding(State.FINE, f"{name} is known with its summer time until 2019: {told}.")


def _way_to_set(values: Mapping[str, str]) -> str:
    """The commands for one Google name without the other; else none that is sure to be right."""
    present = [name for name in _GOOGLE_NAMES if values.get(name)]
    if len(present) != 1:
        return ""
    (absent,) = set(_GOOGLE_NAMES) - set(present)
    example = "your-bucket-name" if absent == "GCS_BUCKET_NAME" else "your-project-id"
    return f"export {absent}={example}\n# or, for the folder and DuckDB:\nunset {present[0]}"
