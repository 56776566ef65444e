"""What the tests of alerts share: an installation whose clock is set by hand, and a web hook."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.alerts.check import check, open_store
from core.alerts.store import IncidentStore
from core.operations.runs import Ending, NewRun, RunHistory, RunState
from core.platform import Platform
from tests.support.small_server import Function

WORK = NewRun("rebuild", "Rebuild Silver", {"layers": ["silver"]}, ("silver",))


@dataclass
class Installation:
    """A platform with its history and incidents; the clock does not move until a test sets it."""

    platform: Platform
    present: datetime

    def __post_init__(self) -> None:
        self.platform.settings.home.mkdir(parents=True, exist_ok=True)
        self.history = RunHistory(self.platform.settings.runs_file, lambda: self.present)

    @property
    def store(self) -> IncidentStore:
        return open_store(self.platform.settings)

    def reports_to(self, *urls: str) -> "Installation":
        settings = replace(self.platform.settings, alerts=urls)
        return Installation(replace(self.platform, settings=settings), self.present)

    def later(self, **length: float) -> None:
        self.present += timedelta(**length)

    def check(self) -> list[str]:
        """Check; why messages could not be sent."""
        return check(self.platform, self.history)

    def open(self) -> list[str]:
        """The keys of the open incidents, after a check."""
        self.check()
        return sorted(incident.key for incident in self.store.list_open())

    def begin(self, work: NewRun = WORK) -> int:
        """Begin a run that does nothing; its number."""
        run = self.history.enqueue(work)
        self.history.mark_running(run.id)
        return run.id

    def end(self, run_id: int, error: str = "") -> None:
        """End a run, as failed where there is an error."""
        state = RunState.FAILED if error else RunState.SUCCEEDED
        self.history.finish(run_id, Ending(state, error=error))

    def fail(self, work: NewRun = WORK) -> int:
        run_id = self.begin(work)
        self.end(run_id, "The disk is full.")
        return run_id

    def succeed(self, work: NewRun = WORK) -> None:
        self.end(self.begin(work))


def hook(url: str) -> str:
    """A server's address as a channel."""
    return url.replace("http://", "json://")


def titles(server: Function) -> list[str]:
    """The titles of the messages that came, in order."""
    return [message["title"] for message in _messages(server)]


def bodies(server: Function) -> list[str]:
    return [message["message"] for message in _messages(server)]


def _messages(server: Function) -> Sequence[dict[str, str]]:
    return [json.loads(posted.body) for posted in server.posted]
