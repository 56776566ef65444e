"""The history of runs; see `core.runs.history` for what it promises."""

from core.runs.history import SILENCE_S, Clock, RunHistory
from core.runs.records import Ending, LogLine, NewRun, Run, RunState

__all__ = [
    "SILENCE_S", "Clock", "Ending", "LogLine", "NewRun", "Run", "RunHistory", "RunState",
]  # fmt: skip
