"""Check the installation: settings, project files, Python, packages and time zones."""

import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.errors import SettingsError
from core.insight.diagnostics.finding import CheckContext, Finding, State
from core.messages import Message, list_parts, message
from core.settings import Settings

ROOT = Path(__file__).parent.parent.parent.parent
PYTHON = (3, 11)
INSTALL = "python -m pip install -r requirements.txt"

# Files that the command lines and the loading of Bronze need.
PROJECT_FILES = (
    "requirements.txt", "app.py", "scripts/_cli.py", "scripts/generate_fake_sales.py",
    "scripts/generate_incremental_sales.py", "core/generation/data/windows.csv", "core/sql/bronze",
    "core/sql/silver", "core/sql/gold",
)  # fmt: skip
ZONE = "America/Sao_Paulo"
# Offsets from https://data.iana.org/time-zones/tzdb/southamerica: summer time until February 2019.
OFFSETS_H = (
    (datetime(2018, 12, 1, 12, tzinfo=UTC), -2), (datetime(2026, 1, 1, 12, tzinfo=UTC), -3),
)  # fmt: skip

_EMULATORS = (
    "STORAGE_EMULATOR_HOST", "BIGQUERY_EMULATOR_HOST", "CLOUD_SCHEDULER_EMULATOR_HOST",
    "LOGGING_EMULATOR_HOST",
)  # fmt: skip
_GOOGLE_NAMES = ("GCP_PROJECT_ID", "GCS_BUCKET_NAME")


def configuration(values: Mapping[str, str]) -> Finding:
    """Check whether the settings in an environment are valid, without a platform."""
    try:
        settings = Settings.from_mapping(values)
    except SettingsError as error:
        return Finding(
            State.BROKEN, error.sentence,
            message("diagnose.settings_advice"),
            _way_to_set(values),
        )  # fmt: skip
    idle = [name for name in _EMULATORS if values.get(name)]
    if settings.cloud is None and idle:
        return Finding(
            State.ATTENTION,
            message(
                "diagnose.emulators",
                names=idle,
                google=" and ".join(_GOOGLE_NAMES),
                home=settings.home,
            ),
            message("diagnose.emulators_advice"),
            f"unset {' '.join(idle)}",
        )
    cloud = settings.cloud
    place = message("diagnose.place_folder", home=settings.home)
    if cloud:
        place = message(
            "diagnose.place_cloud", project=cloud.project, bucket=cloud.bucket, region=cloud.region
        )
    return Finding(
        State.FINE, message("diagnose.settings", place=place, prefix=settings.dataset_prefix)
    )


def settings(case: CheckContext) -> Finding:
    """Check whether the settings are valid."""
    return configuration(case.variables)


def project(_: CheckContext) -> Finding:
    """Check whether the project's files are complete, so that commands find them."""
    return files_of(ROOT)


def files_of(root: Path) -> Finding:
    """Check whether a folder has the project's files."""
    absent = [name for name in PROJECT_FILES if not (root / name).exists()]
    if absent:
        return Finding(
            State.BROKEN, message("diagnose.project_lacks", root=root, names=absent),
            message("diagnose.project_advice"),
            "git status --short\ngit checkout -- .",
        )  # fmt: skip
    return Finding(
        State.FINE,
        message(
            "diagnose.project",
            root=root,
            command=root / "scripts" / "generate_incremental_sales.py",
        ),
    )


def packages(_: CheckContext) -> Finding:
    """Check whether Python and packages match requirements.txt."""
    return check_pins((ROOT / "requirements.txt").read_text(encoding="utf-8"), sys.version_info[:2])


def check_pins(requirements: str, python: tuple[int, int]) -> Finding:
    """Check whether the installed packages are those that a compiled requirements file pins."""
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
        message(
            "diagnose.package", name=pin.name, version=have[pin.name], wanted=str(pin.specifier)
        )
        for pin in wanted
        if (version := have[pin.name]) and not pin.specifier.contains(version, prereleases=True)
    ]
    return _report_packages(absent, other, len(wanted), python)


def _report_packages(
    absent: list[str], other: list[Message], count: int, python: tuple[int, int]
) -> Finding:
    version = ".".join(map(str, python))
    if python < PYTHON:
        return Finding(
            State.BROKEN, message("diagnose.python_old", version=version),
            message("diagnose.python_advice"), INSTALL,
        )  # fmt: skip
    if absent:
        return Finding(
            State.BROKEN, message("diagnose.packages_absent", names=absent),
            message("diagnose.packages_absent_advice"), INSTALL,
        )  # fmt: skip
    if other:
        return Finding(
            State.ATTENTION, message("diagnose.packages_other", names=other),
            message("diagnose.packages_other_advice"), INSTALL,
        )  # fmt: skip
    return Finding(State.FINE, message("diagnose.packages", version=version, count=count))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def time_zone(_: CheckContext) -> Finding:
    """Check whether the time zone database knows São Paulo, with and without summer time."""
    return zone(ZONE)


def zone(name: str) -> Finding:
    """Check whether a time zone is known and has the offsets of São Paulo."""
    try:
        found = [moment.astimezone(ZoneInfo(name)) for moment, _ in OFFSETS_H]
    except (ZoneInfoNotFoundError, ValueError):
        return Finding(
            State.BROKEN, message("diagnose.zone_absent", name=name),
            message("diagnose.zone_absent_advice"), "python -m pip install tzdata",
        )  # fmt: skip
    wrong = [
        message(
            "diagnose.zone_offset_wrong",
            month=moment.date(),
            offset=f"{moment:%z}",
            right=f"{hours:+03d}00",
        )
        for moment, (_, hours) in zip(found, OFFSETS_H, strict=True)
        if moment.utcoffset() is None or f"{moment:%z}" != f"{hours:+03d}00"
    ]
    if wrong:
        return Finding(
            State.BROKEN, message("diagnose.zone_wrong", name=name, faults=list_parts(wrong)),
            message("diagnose.zone_wrong_advice"),
            "python -m pip install --upgrade tzdata",
        )  # fmt: skip
    offsets = [
        message("diagnose.zone_offset", month=moment.date(), offset=f"{moment:%z}")
        for moment in found
    ]
    return Finding(State.FINE, message("diagnose.zone", name=name, offsets=offsets))


def _way_to_set(values: Mapping[str, str]) -> str:
    """The commands that complete one Google name without the other; else none."""
    present = [name for name in _GOOGLE_NAMES if values.get(name)]
    if len(present) != 1:
        return ""
    (absent,) = set(_GOOGLE_NAMES) - set(present)
    example = "your-bucket-name" if absent == "GCS_BUCKET_NAME" else "your-project-id"
    return f"export {absent}={example}\n# or, for the folder and DuckDB:\nunset {present[0]}"
