"""What a check is, what it is given, and what it finds."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from core import pipeline
from core.errors import PlatformError
from core.generation.windows import FIRST_DATE, business_date
from core.messages import Message, message
from core.operations.runs import RunHistory
from core.platform import Platform
from core.reconcile.compare import ObjectVerdict
from core.warehouse.base import LEDGER

USUAL_DAYS = 7


_LOGGER = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


class State(StrEnum):
    """What a check comes to, from the worst to what needs nobody."""

    BROKEN = "broken"
    ATTENTION = "needs attention"
    UNKNOWN = "could not be looked at"
    FINE = "fine"
    NOT_HERE = "not applicable here"


NEED_SOMEBODY = (State.BROKEN, State.ATTENTION, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        found: What there is, in a sentence.
        advice: What to do, in a sentence; empty where nothing is to be done.
        command: What to copy to a terminal for that, a command a line; empty for none.
        action: What a button can do: `ingest` what is pending, `rebuild` the layers, `reload` the
            first of the objects, `settle` what is left of them, or open the page `runs`,
            `schedule` or `storage`; empty for nothing.
        objects: The objects that it is about, by name.
    """

    state: State
    found: str
    advice: str = ""
    command: str = ""
    action: str = ""
    objects: tuple[str, ...] = ()


class _Once(Generic[_Answer]):
    """An answer, or the error in its place, that several checks need and only one asks for."""

    def __init__(self, ask: Callable[[], _Answer]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._answers: list[_Answer] = []
        self._error: PlatformError | None = None

    def __call__(self) -> _Answer:
        with self._lock:
            if self._error is not None:
                raise self._error
            if not self._answers:
                try:
                    self._answers.append(self._ask())
                except PlatformError as error:
                    self._error = error
                    raise
            return self._answers[0]


@dataclass(frozen=True)
class CheckContext:
    """What the checks look at.

    Attributes:
        now: The aware present. The history's clock tells what it is while the checks run.
        days: How many business dates up to the present the costlier checks look at.
        variables: The environment, in which settings stand.
    """

    platform: Platform
    history: RunHistory
    now: datetime
    days: int = USUAL_DAYS
    variables: Mapping[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _kept: "dict[str, _Once[Any]]" = field(default_factory=dict, repr=False)

    @property
    def dates(self) -> tuple[date, date]:
        """First and last business date that are looked at."""
        last = max(business_date(self.now), FIRST_DATE)
        return max(FIRST_DATE, last - timedelta(days=self.days - 1)), last

    @property
    def dates_told(self) -> Message:
        """These dates in words."""
        first, last = self.dates
        return (
            message("diagnose.of_date", day=last)
            if first == last
            else message("diagnose.of_dates", first=first, last=last)
        )

    def tables(self) -> set[str]:
        """The warehouse's tables, asked for once.

        Raises:
            PlatformError: The warehouse cannot be reached; said at once to whoever asks again.
        """
        return self.once("tables", self.platform.warehouse.tables)

    def lines(self) -> list[ObjectVerdict]:
        """Expected against actual on these dates; none where Bronze has no tables yet.

        Raises:
            PlatformError: As `tables`, or the bucket cannot be reached.
        """
        return self.once("lines", self._compared)

    def once(self, name: str, ask: "Callable[[], _Answer]") -> _Answer:
        """An answer that several checks need, from the first of them that asks.

        Raises:
            PlatformError: What asking raised, said at once to whoever asks again.
        """
        with self._lock:
            kept = self._kept.setdefault(name, _Once(ask))
        answer: _Answer = kept()
        return answer

    def has_bronze(self) -> bool:
        """Whether Bronze has its tables and its ledger.

        Raises:
            PlatformError: As `tables`.
        """
        return {"bronze.orders", "bronze.order_items", LEDGER} <= self.tables()

    def _compared(self) -> list[ObjectVerdict]:
        if not self.has_bronze():  # comparing would make the tables
            return []
        return pipeline.compare(self.platform, self.dates, self.now).lines


@dataclass(frozen=True, slots=True)
class Check:
    """A look at one thing.

    Attributes:
        key: Its name, by which docs/troubleshooting.md explains it.
        subject: What is looked at, for people.
        find: Looks, and says what it found. It may raise a `PlatformError`.
    """

    key: str
    subject: str
    find: Callable[[CheckContext], Finding]

    def look(self, case: CheckContext) -> Finding:
        """What it finds; an error is a finding, too, and hides no other check."""
        try:
            return self.find(case)
        except PlatformError as error:
            return Finding(
                State.UNKNOWN, message("diagnose.not_looked_at", reason=error),
                message("diagnose.make_good"),
            )  # fmt: skip
        except Exception as error:  # of one check: the others have to be seen
            _LOGGER.exception("The check %s failed unexpectedly", self.key)
            return Finding(
                State.UNKNOWN,
                message("diagnose.unexpected", kind=type(error).__name__),
                message("diagnose.unexpected_advice"),
            )
