"""Rules by which requests go wrong.

The operations that a rule can name (all of them: `operations.py`):

    storage     upload, upload.begin, upload.chunk, download, get, list, delete, copy, patch
    bigquery    job.insert.load, job.insert.query, job.query, job.get, query.results,
                table.get, table.list, table.create, table.patch, dataset.create
    scheduler   job.get, job.pause, job.resume, job.run

A rule with the beginning of a name up to a dot, such as `job.insert`, is about all of them.
"""

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from local_cloud.gateway.exchange import Asked


class CutError(Exception):
    """Raised by a hook: the connection breaks, and the server never sees the request."""


@dataclass
class Fault:
    """What goes wrong, and for which requests.

    A rule without any of the first group lets requests through; `hook` and `delay_s` come first.

    Attributes:
        status: Answer this instead, in Google's form, with `reason` and `message`.
        reset: The connection breaks instead of an answer.
        forwarded: The server has done what was asked for before `status` or `reset`.
        running: A job stays RUNNING for so many looks at it, and does its work at the next.
        hook: Called in a thread before anything else; it may raise `CutError`.
        delay_s: Seconds before the request is handled.
        service: `storage`, `bigquery` or `scheduler`; empty for each.
        operation: An operation's name, or its beginning up to a dot; empty for each.
        method: An HTTP method; empty for each.
        path: A regular expression that is found in the decoded path, or in a load's or query's
            job id; empty for each.
        times: How often it happens; None for ever.
        after: How many matching requests are spared first.
        hits: How often it has happened.
    """

    status: int = 0
    reason: str = "backendError"
    message: str = "A fault that a rule of the gateway asked for."
    reset: bool = False
    forwarded: bool = False
    running: int = 0
    hook: Callable[[Asked], None] | None = None
    delay_s: float = 0.0
    service: str = ""
    operation: str = ""
    method: str = ""
    path: str = ""
    times: int | None = 1
    after: int = 0
    hits: int = field(default=0, init=False)

    def fits(self, asked: Asked, job_id: str) -> bool:
        """Whether it is about a request."""
        return (
            self.service in {"", asked.service}
            and f"{asked.operation}.".startswith(f"{self.operation}." if self.operation else "")
            and self.method in {"", asked.method}
            and any(re.search(self.path, text) for text in (asked.path, job_id))
        )


class Faults:
    """The rules that hold now; the first that fits a request happens."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Let a rule hold from now on."""
        with self._lock:
            self._rules.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Let a rule hold no longer."""
        with self._lock:
            self._rules = [rule for rule in self._rules if rule is not fault]

    def clear(self) -> None:
        """Let no rule hold any longer."""
        with self._lock:
            self._rules = []

    @contextlib.contextmanager
    def having(self, fault: Fault) -> Iterator[Fault]:
        """A block in which a rule holds."""
        self.add(fault)
        try:
            yield fault
        finally:
            self.remove(fault)

    def take(self, asked: Asked, job_id: str = "") -> Fault | None:
        """The rule that happens to a request, if any, counted as having happened."""
        with self._lock:
            for rule in self._rules:
                if not rule.fits(asked, job_id) or rule.times == rule.hits:
                    continue
                if rule.after:
                    rule.after -= 1
                    continue
                rule.hits += 1
                return rule
        return None
