"""The history of runs; see `core.operations.runs.history` for what it promises."""

from core.operations.runs.database import SILENCE_S, Clock
from core.operations.runs.history import RunHistory
from core.operations.runs.models import (
    WHO,
    Ending,
    LogLine,
    NewRun,
    Run,
    RunFilter,
    RunState,
    cancelled_ending,
    left_s,
)

__all__ = [
    "SILENCE_S",
    "WHO",
    "Clock",
    "Ending",
    "LogLine",
    "NewRun",
    "Run",
    "RunFilter",
    "RunHistory",
    "RunState",
    "cancelled_ending",
    "left_s",
]
