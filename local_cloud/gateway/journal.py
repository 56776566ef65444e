"""What was asked of the gateway, and what Google would count of it."""

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from local_cloud.gateway.operations import billed_as


class Change(NamedTuple):
    """A table that a job changes: `load`, `dml` or `ddl`, and `dataset.table`."""

    kind: str
    table: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A request that was answered.

    Attributes:
        at: Seconds of a monotonic clock.
        status: 0 where the connection was broken off.
        reached: Whether the emulator was asked; a rule may have answered in its place.
        job_id: Of a job that was inserted.
        changes: Tables that the job changes.
    """

    at: float
    service: str
    operation: str
    method: str
    path: str
    status: int
    reached: bool
    job_id: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of operations.

    Attributes:
        class_a, class_b, free: Of Cloud Storage, by the class that they are billed as.
        operations: Of every service, by `service:operation`.
        load_jobs, query_jobs: Jobs that were inserted.
        loads, dml, ddl: Jobs that change a table, by `dataset.table`.
    """

    class_a: int = 0
    class_b: int = 0
    free: int = 0
    operations: Counter[str] = field(default_factory=Counter)
    load_jobs: int = 0
    query_jobs: int = 0
    loads: Counter[str] = field(default_factory=Counter)
    dml: Counter[str] = field(default_factory=Counter)
    ddl: Counter[str] = field(default_factory=Counter)


class Journal:
    """Everything that was asked since it was last cleared."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[Entry] = []

    def add(self, entry: Entry) -> None:
        """Write an entry."""
        with self._lock:
            self._entries.append(entry)

    def clear(self) -> None:
        """Forget what was asked so far."""
        with self._lock:
            self._entries = []

    def entries(self) -> list[Entry]:
        """What was asked, in the order of the answers."""
        with self._lock:
            return list(self._entries)


def counted(entries: Iterable[Entry]) -> Counts:
    """Count requests.

    All that reached a server count, those that it refused as well: Google bills most of these not,
    so the numbers are upper bounds.
    """
    reached = [entry for entry in entries if entry.reached]
    classes = Counter(billed_as(e.operation) for e in reached if e.service == "storage")
    changes = [change for entry in reached for change in entry.changes]
    return Counts(
        class_a=classes["A"],
        class_b=classes["B"],
        free=classes["free"],
        operations=Counter(f"{entry.service}:{entry.operation}" for entry in reached),
        load_jobs=sum(entry.operation == "job.insert.load" for entry in reached),
        query_jobs=sum(entry.operation in {"job.insert.query", "job.query"} for entry in reached),
        loads=_tables(changes, "load"),
        dml=_tables(changes, "dml"),
        ddl=_tables(changes, "ddl"),
    )


def _tables(changes: Iterable[Change], kind: str) -> Counter[str]:
    return Counter(change.table for change in changes if change.kind == kind)
