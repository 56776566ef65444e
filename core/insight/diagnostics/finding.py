"""A check, its context, and its finding."""

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
    """The state that a check finds, from the worst to fine."""

    BROKEN = "broken"
    ATTENTION = "needs attention"
    UNKNOWN = "could not be looked at"
    FINE = "fine"
    NOT_HERE = "not applicable here"


NEED_SOMEBODY = (State.BROKEN, State.ATTENTION, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found and what to do about it, in sentences; all but `found` may be empty.

    `command` has commands for a terminal, one per line. `action` is what a button does: `ingest`
    what is pending, `rebuild` the layers, `reload` the first of the objects, `settle` what is left
    of them, or open the page `runs`, `schedule` or `storage`. `objects` are the names of those
    concerned.
    """

    state: State
    found: str
    advice: str = ""
    command: str = ""
    action: str = ""
    objects: tuple[str, ...] = ()


class _Once(Generic[_Answer]):
    """An answer, or its error, that several checks share and one of them fetches."""

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
    """What the checks examine, with the environment of the settings.

    `now` is the aware moment at the start; later ones come from the history's clock. Expensive
    checks cover the last `days` business dates.
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
        """First and last business date of the expensive checks."""
        last = max(business_date(self.now), FIRST_DATE)
        return max(FIRST_DATE, last - timedelta(days=self.days - 1)), last

    @property
    def dates_text(self) -> Message:
        """The dates in words."""
        first, last = self.dates
        return (
            message("diagnose.of_date", day=last)
            if first == last
            else message("diagnose.of_dates", first=first, last=last)
        )

    def tables(self) -> set[str]:
        """The warehouse's tables, read once; a `PlatformError` is raised again by each call."""
        return self.once("tables", self.platform.warehouse.tables)

    def lines(self) -> list[ObjectVerdict]:
        """The comparison of these dates; empty if Bronze has no tables; raises as `tables` does."""
        return self.once("lines", self._compare)

    def once(self, name: str, ask: "Callable[[], _Answer]") -> _Answer:
        """An answer, or a `PlatformError`, that several checks share; the first one fetches it."""
        with self._lock:
            kept = self._kept.setdefault(name, _Once(ask))
        answer: _Answer = kept()
        return answer

    def has_bronze(self) -> bool:
        """Whether Bronze has its tables and its ledger; raises as `tables` does."""
        return {"bronze.orders", "bronze.order_items", LEDGER} <= self.tables()

    def _compare(self) -> list[ObjectVerdict]:
        if not self.has_bronze():  # a comparison would create the tables
            return []
        return pipeline.compare(self.platform, self.dates, self.now).lines


@dataclass(frozen=True, slots=True)
class Check:
    """A check of one subject, explained by its key; `find` may raise a `PlatformError`."""

    key: str
    subject: str
    find: Callable[[CheckContext], Finding]

    def look(self, case: CheckContext) -> Finding:
        """Run the check; an error becomes a finding, so that other checks still run."""
        try:
            return self.find(case)
        except PlatformError as error:
            return Finding(
                State.UNKNOWN, message("diagnose.not_looked_at", reason=error),
                message("diagnose.make_good"),
            )  # fmt: skip
        except Exception as error:  # a fault of one check must not hide the others
            _LOGGER.exception("The check %s failed unexpectedly", self.key)
            return Finding(
                State.UNKNOWN,
                message("diagnose.unexpected", kind=type(error).__name__),
                message("diagnose.unexpected_advice"),
            )
