"""What is known of a run: as it is asked for, as it stands, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class RunState(StrEnum):
    """Where a run is; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class NewRun:
    """A run to be started.

    Attributes:
        kind: What sort of work, such as `upload`.
        title: One line for people.
        parameters: All that the work needs, as JSON values. Runs of the same kind and parameters,
            `overwrite` aside, do the same work.
        claims: What no other run may work on meanwhile.
        who: Who or what started it.
    """

    kind: str
    title: str
    parameters: Mapping[str, Any]
    claims: tuple[str, ...]
    who: str = "panel"


@dataclass(frozen=True)
class Run:
    """A run of the history; all times are UTC.

    Attributes:
        done, total, doing: Steps done, steps in all (0 while unknown) and the present one.
        result: One sentence, when it succeeded.
        error, error_type: One sentence, and the name of the error's type, when it did not.
        details: What the work left for its page, as JSON values.
    """

    id: int
    kind: str
    title: str
    parameters: Mapping[str, Any]
    claims: tuple[str, ...]
    who: str
    state: RunState
    done: int
    total: int
    doing: str
    result: str
    error: str
    error_type: str
    details: Mapping[str, Any]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def active(self) -> bool:
        """Whether it is still to end."""
        return self.state in (RunState.QUEUED, RunState.RUNNING)


class LogLine(NamedTuple):
    """A line of a run's log, at a moment in UTC."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Ending:
    """How a run ended; `error` and `error_type` where it did not succeed."""

    state: RunState
    result: str = ""
    error: str = ""
    error_type: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
