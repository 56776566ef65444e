"""A call's one line in the log: JSON on standard output, in the form that Cloud Logging parses.

https://cloud.google.com/logging/docs/structured-logging
"""

import json
import re
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from core.errors import PlatformError, TransientError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import Headers

_MOST_BYTES = 1_000
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_CLOUD_TRACE = re.compile(r"([0-9a-f]{32})(?:/\d{1,20})?(?:;o=\d)?")


class Call:
    """The log line of a call, written when its block ends, however it ends.

    Attributes:
        severity: DEBUG, INFO, WARNING or ERROR.
        message: A sentence for people.
        fields: Values for programs; those that are None are left out.
    """

    def __init__(self, headers: "Headers | Mapping[str, str]", project: str | None) -> None:
        self.severity = "INFO"
        self.message = ""
        self.fields: dict[str, object] = {}
        self._trace = find_trace(headers, project)
        self._started = time.perf_counter()

    def say(self, severity: str, message: str, **fields: object) -> None:
        """Set the line's severity and message, and add fields to it."""
        self.severity, self.message = severity, message
        self.fields |= fields

    def fail(self, error: BaseException) -> None:
        """Report an error in the line: as a warning when the call may succeed later."""
        known = isinstance(error, PlatformError)
        sentence = shorten(str(error)) if known else f"Unexpected {type(error).__name__}."
        severity = "WARNING" if isinstance(error, TransientError) else "ERROR"
        self.say(severity, sentence, error=type(error).__name__)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self.fail(error)
        line = {
            "severity": self.severity,
            "message": self.message,
            **self.fields,
            "duration_ms": round((time.perf_counter() - self._started) * 1000),
            "logging.googleapis.com/trace": self._trace,
        }
        line = {name: value for name, value in line.items() if value is not None}
        sys.stdout.write(json.dumps(line, default=str, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def shorten(text: str) -> str:
    """A sentence of at most a kilobyte: the beginning and the end of a longer one.

    An error repeats its input, which can have any size.
    """
    data = text.encode("utf-8", "replace")
    if len(data) <= _MOST_BYTES:
        return text
    parts = data[: _MOST_BYTES // 2], data[-_MOST_BYTES // 4 :]
    return " [...] ".join(part.decode("utf-8", "ignore") for part in parts)


def find_trace(headers: "Headers | Mapping[str, str]", project: str | None) -> str | None:
    """The name of a call's trace, which links the line to it; None without project or trace.

    Args:
        headers: The call's, of which `traceparent` (W3C) and `X-Cloud-Trace-Context` count.
    """
    for name, pattern in (("traceparent", _TRACEPARENT), ("X-Cloud-Trace-Context", _CLOUD_TRACE)):
        match = pattern.fullmatch(headers.get(name) or "")
        if match and project:
            return f"projects/{project}/traces/{match[1]}"
    return None
