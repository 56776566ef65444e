"""The history of runs; see `core.runs.history` for what it promises."""

from core.runs.file import SILENCE_S, Clock
from core.runs.history import RunHistory
from core.runs.records import WHO, Ending, LogLine, NewRun, Run, RunState, Wanted, cancelled, left_s

__all__ = [
    "SILENCE_S", "WHO", "Clock", "Ending", "LogLine", "NewRun", "Run", "RunHistory", "RunState",
    "Wanted", "cancelled", "left_s",
]  # fmt: skip
