"""An incident, and what one look at the platform found of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.operations.runs import RunHistory
from core.platform import Platform

_AT_ONCE = timedelta(0)


class Severity(StrEnum):
    """How bad an incident is: something does not work, or a person should look at it."""

    BROKEN = "broken"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True)
class Incident:
    """What is wrong now.

    Attributes:
        key: The same for each look that finds the same thing wrong; its source and a dot lead it.
        text: What is wrong, a sentence.
        page: The page of the panel that helps, such as `runs`.
        since: Aware; when it began, or when the look began that found it.
        patience: How long it has to last, over all looks meanwhile, before it opens.
    """

    key: str
    severity: Severity
    text: str
    page: str
    since: datetime
    patience: timedelta = _AT_ONCE


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the platform found.

    Attributes:
        at: When it began, aware.
        incidents: All that is wrong, of the sources that could be read.
        unsure: Beginnings of the keys about which this look knows nothing; `""` begins all.
    """

    at: datetime
    incidents: tuple[Incident, ...]
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredIncident:
    """An incident that opened; `until` is when a look no longer found it, None while it lasts."""

    id: int
    key: str
    severity: Severity
    text: str
    page: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Scene:
    """What a source of incidents reads; `known` are the keys of what the last look found."""

    platform: Platform
    history: RunHistory
    now: datetime
    known: Collection[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a source found, and the beginnings of keys about which it knows nothing now."""

    incidents: tuple[Incident, ...] = ()
    unsure: tuple[str, ...] = ()
