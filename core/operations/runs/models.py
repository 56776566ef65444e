"""A run to be started, a run of the history, and how a run ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from core.messages import message


class RunState(StrEnum):
    """The state of a run, the last four final; a cancelling run's worker has not stopped yet."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"


WHO = ("panel", "script", "scheduler", "function", "airflow")


@dataclass(frozen=True)
class NewRun:
    """A run to be started.

    Attributes:
        kind: What sort of work, such as `upload`.
        parameters: All that the work needs, as JSON values. Runs of the same kind and parameters,
            `overwrite` aside, do the same work.
        claims: What no other run may work on at the same time.
        who: What started it, one of `WHO`; a space and who was signed in may follow.
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
        dismissed: Who dismissed its failure; empty while it counts.
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
    dismissed: str = ""

    @property
    def is_active(self) -> bool:
        """Whether it has not ended."""
        return self.state in (RunState.QUEUED, RunState.RUNNING, RunState.CANCELLING)

    @property
    def has_failed(self) -> bool:
        """Whether it ended without success and was not cancelled."""
        return self.state in (RunState.FAILED, RunState.INTERRUPTED)

    def left_s(self, now: datetime) -> float | None:
        """Seconds until a running run ends, by the rate of its steps so far."""
        if self.state is not RunState.RUNNING or self.started_at is None:
            return None
        return left_s(self.done, self.total, (now - self.started_at).total_seconds())


def left_s(done: int, total: int, elapsed_s: float) -> float | None:
    """Seconds that the remaining steps take at the rate of those done; None where it is unknown."""
    if not 0 < done < total or elapsed_s <= 0:
        return None
    return (total - done) * elapsed_s / done


@dataclass(frozen=True)
class RunFilter:
    """Which runs to find; an empty attribute leaves none out.

    `text` is part of the title, result or error, in upper or lower case, or the run's number.
    """

    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    text: str = ""


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


def cancelled_ending(details: Mapping[str, Any]) -> Ending:
    """The end of a run that was cancelled."""
    return Ending(RunState.CANCELLED, "", message("end.cancelled"), "Cancelled", details)
