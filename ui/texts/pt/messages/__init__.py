"""What the platform says, in Portuguese: a template for each code of `core.messages`."""

from collections.abc import Mapping
from types import MappingProxyType

from ui.texts.pt.messages import (
    alerts,
    anomalies,
    bucket,
    calendar,
    diagnose,
    grades,
    requests,
    runs,
    scenarios,
    schedule,
    settings,
    warehouse,
)
from ui.texts.pt.messages.checks import CHECKS

__all__ = ["CHECKS", "SENTENCES", "TEMPLATES"]

_SUBJECTS = (
    runs, requests, bucket, warehouse, settings, schedule, diagnose, calendar, scenarios, grades,
    alerts, anomalies,
)  # fmt: skip
TEMPLATES: Mapping[str, str] = MappingProxyType(
    {code: text for subject in _SUBJECTS for code, text in subject.TEMPLATES.items()}
)
SENTENCES: Mapping[str, str] = MappingProxyType(
    {**TEMPLATES, **{f"check.{name}": sentence for name, sentence in CHECKS.items()}}
)
