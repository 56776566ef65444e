"""The embedded schedule: its plan, and the calls that it makes as runs of the history."""

import contextlib
import functools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from core.errors import AlreadyRunningError, PlatformError
from core.generation.catalog import Window
from core.generation.windows import TIME_ZONE, check_seed, check_units, window_at
from core.messages import Message, join_sentences, message
from core.operations import jobs, scenarios
from core.operations.runs import Run, RunFilter, RunHistory, RunState, runner
from core.platform import Platform
from core.scheduler import state as plans
from core.scheduler.base import ScheduleState, cron, next_ticks
from core.scheduler.lock import ProcessLock, is_taken
from core.scheduler.state import EmbeddedState, Holder, Slot
from core.scheduler.store import PlanStore
from core.storage.object_names import manifest_name
from core.storage.publish import Request

NAME = "embedded-scheduler"
WHO = "scheduler"  # of the runs that it starts

_WORKING = RunFilter(states=(RunState.QUEUED, RunState.RUNNING), who=(WHO,))
_MOST_AT_WORK = 100  # runs of the schedule that are active
_LONGEST_S = 86_400.0  # a run takes seconds
_NEVER = message("schedule.never")
_PLACES = {"panel": message("schedule.the_panel"), "command": "python -m core.scheduler"}


class CaughtUp(NamedTuple):
    """The outcome of catching up: runs that began, and why others could not."""

    begun: list[Run]
    refused: list[str]


class LocalSchedule:
    """The schedule of a home folder: its plan is in a file, and one process makes the calls.

    Methods raise `StoreError` where plan, lock or history cannot be used, `TransientError` where
    another process locked them for too long. The history's clock is the schedule's; `person` is
    who is signed in and begins runs by hand, empty without sign-in.
    """

    def __init__(self, platform: Platform, history: RunHistory, person: str = "") -> None:
        self.home = platform.settings.home
        self.now = history.now
        self.store = PlanStore(platform.settings.schedule_file)
        self._lock = self.home / "schedule-lock.sqlite"
        self._platform = platform
        self._catalog = platform.catalog
        self._history = history
        self._by_hand = f"{WHO} {person}".strip()

    @property
    def files(self) -> tuple[Path, Path]:
        """Its plan, and the lock of the process that makes the calls."""
        return self.store.path, self._lock

    def state(self) -> ScheduleState:
        """The state of the schedule; `not running` where no process makes its calls."""
        plan, running = self.store.read(), is_taken(self._lock)
        following = next_ticks(self.now(), 1, self._catalog)
        last = next(iter(self.attempts(1)), None)
        enabled = running and not plan.paused
        return ScheduleState(
            name=NAME,
            state="paused" if plan.paused else "enabled" if running else "not running",
            schedule=cron(self._catalog),
            time_zone=TIME_ZONE.key,
            next_run=following[0].at if enabled and following else None,
            last_run=last.created_at if last else None,
            last_status=_status(last),
            target=str(self.home),
        )

    def pause(self) -> ScheduleState:
        """Make no calls until it is resumed, in any process, also after a restart."""
        self.store.change(functools.partial(
            plans.mark_paused, now=self.now(), catalog=self._catalog))  # fmt: skip
        return self.state()

    def resume(self) -> ScheduleState:
        """Make calls again; ticks during the pause were not missed."""
        self.store.change(functools.partial(plans.mark_resumed, now=self.now()))
        return self.state()

    def run(self) -> ScheduleState:
        """Begin a run for the window that contains the present; outside of windows do nothing.

        Raises:
            AlreadyRunningError: A run works on that window.
        """
        slot = self._find_present()
        if slot:
            self._begin([slot], self._by_hand)
        return self.state()

    def tick(self) -> Slot | None:
        """The window that a tick calls for; None when paused, or outside business hours.

        A late tick serves the window that contains the present, as a call on Google Cloud does.
        """
        return None if self.store.read().paused else self._find_present()

    def due(self) -> list[Slot]:
        """The windows whose call failed or was cut off, and is to be repeated now."""
        return plans.find_due(self.store.read(), self.now())

    def call(self, slot: Slot) -> Run:
        """Begin a run for a window; the call stays noted until the run succeeds or `fail`s.

        Raises:
            AlreadyRunningError: A run works on that window.
        """
        self.store.change(functools.partial(
            plans.mark_called, slot=slot, now=self.now(), catalog=self._catalog))  # fmt: skip
        return self._begin([slot], WHO)

    def fail(self, slot: Slot, *, passes: bool) -> datetime | None:
        """Note that a call failed; when it is repeated, or None where the window counts as missed.

        `passes` says whether the same call may succeed later.
        """
        plan = self.store.change(functools.partial(
            plans.mark_failed, slot=slot, now=self.now(), passes=passes))  # fmt: skip
        return next((call.due for call in plan.calls if call.slot == slot), None)

    def plan(self) -> EmbeddedState:
        """The stored plan."""
        return self.store.read()

    def generate(self, units: int, seed: int) -> EmbeddedState:
        """From now on generate sales of that many units with that seed.

        Raises:
            InputError: One of them is not possible; nothing was changed.
        """
        check_units(units)
        check_seed(seed)
        return self.store.change(lambda plan: replace(plan, units=units, seed=seed))

    def stay_in_panel(self, *, wanted: bool) -> None:
        """Set whether a panel makes the calls, also after a restart."""
        self.store.change(lambda plan: replace(plan, in_panel=wanted))

    def missed(self) -> list[tuple[date, Window]]:
        """The open windows of the last days for which no call is active, the oldest first."""
        return [self._find_window(slot) for slot in self._list_missed(self.store.read())]

    def catch_up(self) -> CaughtUp:
        """Begin runs for the missed windows; dates that miss the same windows share a run.

        Raises:
            PlatformError: None could begin, because runs work on them, say; they stay missed.
        """
        begun: list[Run] = []
        refused: list[PlatformError] = []
        for slots in self._group_missed():
            try:
                begun.append(self._begin(slots, self._by_hand))
            except PlatformError as error:
                refused.append(error)
        if refused and not begun:
            raise type(refused[0])(" ".join(map(str, refused)))
        return CaughtUp(begun, [error.sentence for error in refused])

    def dismiss_missed(self) -> None:
        """Dismiss the windows missed up to now: they are not offered again."""
        self.store.change(functools.partial(
            plans.mark_dismissed, now=self.now(), catalog=self._catalog,
            running=is_taken(self._lock)
        ))  # fmt: skip

    def attempts(self, limit: int) -> list[Run]:
        """The newest runs that the schedule started, by itself or by hand, the newest first."""
        return self._history.search(RunFilter(who=(WHO,)), limit)

    def ended(self, run: Run) -> Run:
        """A run that was begun in this process, when it has ended."""
        runner.wait(self._history, run.id, _LONGEST_S)
        return self._history.find(run.id) or run

    def holder(self) -> Holder | None:
        """The process that makes the calls; None when none does."""
        return self.store.read().holder if is_taken(self._lock) else None

    def take(self, process: int, place: str) -> ProcessLock:
        """Become the process that makes the calls.

        Raises:
            AlreadyRunningError: Another process makes them; the sentence names it.
        """
        instance, now = ProcessLock(self._lock), self.now()
        if not instance.take():
            raise AlreadyRunningError(self._describe_holder())
        holder = Holder(process, now, place)
        with contextlib.ExitStack() as undo:
            undo.callback(instance.release)
            self.store.change(lambda plan: replace(plans.mark_started(plan, now), holder=holder))
            undo.pop_all()
        return instance

    def _describe_holder(self) -> Message:
        holder = self.store.read().holder
        if holder is None:  # it has just begun
            return message("schedule.taken_now", home=self.home)
        since = holder.since.astimezone(TIME_ZONE)
        return message(
            "schedule.taken", process=holder.process, place=_PLACES[holder.place], home=self.home,
            day=since.date(), time=f"{since:%H:%M:%S}",
        )  # fmt: skip

    def _find_present(self) -> Slot | None:
        found = window_at(self.now(), self._catalog)
        return Slot(found[0], found[1].tag) if found else None

    def _begin(self, slots: Sequence[Slot], who: str) -> Run:
        """Begin a run for some windows of some dates; they are settled when it succeeds."""
        plan, tags = self.store.read(), {slot.tag for slot in slots}
        request = Request(
            tuple(dict.fromkeys(slot.day for slot in slots)),
            tuple(window for window in self._catalog.windows if window.tag in tags),
            tuple(range(1, plan.units + 1)),
            plan.seed,
        )
        job = jobs.upload(request)

        def upload_and_settle(platform: Platform, context: runner.Context) -> str:
            # What a scenario holds comes when its time has come, with the schedule's next call.
            come = jobs.describe_released(scenarios.release(platform, context.now()))
            result = join_sentences(job.action(platform, context), come)
            with contextlib.suppress(PlatformError):  # the bucket shows that they are settled
                self.store.change(functools.partial(
                    plans.mark_served, slots=slots, now=self.now(),
                    catalog=self._catalog))  # fmt: skip
            return result

        scheduled = replace(job, who=who, action=upload_and_settle)
        return jobs.submit(self._platform, self._history, scheduled)

    def _list_missed(self, plan: EmbeddedState) -> list[Slot]:
        slots = plans.find_missed(plan, self.now(), self._catalog)
        if not slots:
            return []
        called = {call.slot for call in plan.calls} if is_taken(self._lock) else set()
        working = {
            claim for run in self._history.search(_WORKING, _MOST_AT_WORK) for claim in run.claims
        }
        return [
            slot for slot in slots
            if slot not in called
            and self._claim(slot) not in working
            and not self._is_uploaded(slot)
        ]  # fmt: skip

    def _claim(self, slot: Slot) -> str:
        """What a run that works on a window claims."""
        day, window = self._find_window(slot)
        return f"{day} {window.hours}"

    def _is_uploaded(self, slot: Slot) -> bool:
        """Whether the bucket has the window, or bulk data of its whole day."""
        names = (manifest_name(slot.day, tag) for tag in (slot.tag, None))
        return any(self._platform.store.find(name) for name in names)

    def _group_missed(self) -> Iterable[list[Slot]]:
        """The missed windows, grouped by dates that miss the same ones."""
        tags: dict[date, list[str]] = {}
        for slot in self._list_missed(self.store.read()):
            tags.setdefault(slot.day, []).append(slot.tag)
        alike: dict[tuple[str, ...], list[Slot]] = {}
        for day, missed in tags.items():
            alike.setdefault(tuple(missed), []).extend(Slot(day, tag) for tag in missed)
        return alike.values()

    def _find_window(self, slot: Slot) -> tuple[date, Window]:
        windows = {window.tag: window for window in self._catalog.windows}
        return slot.day, windows[slot.tag]


def _status(last: Run | None) -> str:
    if last is None:
        return _NEVER
    if last.is_active:
        return message("schedule.at_work", run=last.id)
    if last.state is RunState.SUCCEEDED:
        return message("schedule.result", run=last.id, result=last.result)
    state = message(f"state.{last.state}")
    return message("schedule.error", run=last.id, state=state, error=last.error)
