"""What the tests of the embedded schedule share: a schedule whose clock is set by hand."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from core.generation.windows import TIME_ZONE
from core.operations.runs import Run, RunHistory
from core.platform import Platform
from core.scheduler.local import LocalSchedule
from core.settings import Settings

DAY = date(2026, 2, 1)


def brt(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2026, 2, day, hour, minute, tzinfo=TIME_ZONE)


@dataclasses.dataclass
class Scene:
    """A schedule whose clock stands until somebody sets it."""

    platform: Platform
    present: datetime

    def __post_init__(self) -> None:
        self.history = RunHistory(self.platform.settings.runs_file, lambda: self.present)
        self.schedule = LocalSchedule(self.platform, self.history)
        self.schedule.generate(2, 7)

    def at(self, moment: datetime) -> LocalSchedule:
        self.present = moment
        return self.schedule

    def live(self, first: datetime) -> None:
        """A process makes the calls for an instant."""
        self.at(first).take(1, "command").release()

    def ticked(self, moment: datetime) -> Run:
        """The run of a tick, when it has ended."""
        slot = self.at(moment).tick()
        assert slot
        return self.schedule.ended(self.schedule.call(slot))

    def missed(self, moment: datetime) -> list[str]:
        return [f"{day} {window.hours}" for day, window in self.at(moment).missed()]


def schedule_at(home: Path, moment: datetime | None = None) -> LocalSchedule:
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))
    history = RunHistory(platform.settings.runs_file, lambda: moment or datetime.now(UTC))
    return LocalSchedule(platform, history)


def off_since(home: Path, hours: int, until: datetime) -> list[str]:
    """A schedule that ran for an instant some hours before a moment, and what it missed by then."""
    schedule = schedule_at(home, until - timedelta(hours=hours))
    schedule.generate(1, 7)
    schedule.take(1, "command").release()
    return missed_at(home, until)


def missed_at(home: Path, moment: datetime) -> list[str]:
    """The windows that a schedule has missed by a moment."""
    return [f"{day} {window.hours}" for day, window in schedule_at(home, moment).missed()]
