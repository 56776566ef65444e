"""The schedule that makes each business window's sales at its start, seven times a day."""

from core.scheduler.base import Schedule, ScheduleState, Tick, cron, next_ticks, ticks_of

__all__ = ["Schedule", "ScheduleState", "Tick", "cron", "next_ticks", "ticks_of"]
