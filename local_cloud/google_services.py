"""Cloud Scheduler over REST and Cloud Logging over gRPC, by drongo, in its own environment.

Run as `python google_services.py SCHEDULER_PORT LOGGING_PORT`; nothing else imports it.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from concurrent import futures
from datetime import datetime
from operator import contains, eq, ge
from typing import Any

import grpc
from drongo.server import create_server
from drongo.services.logging.emulator import LoggingEmulator
from google.cloud.logging_v2 import types
from google.protobuf import empty_pb2

# `path=value`, `path>=value`, `path:value` (contains), joined by AND: what the project asks with.
_CLAUSE = re.compile(r'([A-Za-z_.]+)(=|>=|:)("(?:[^"\\]|\\.)*")(?: AND (?=.)|$)')
_JUDGES: dict[str, Callable[[Any, Any], Any]] = {"=": eq, ">=": ge, ":": contains}


class Logs(LoggingEmulator):  # type: ignore[misc]
    """drongo's log, which leaves out filter, number of lines and order by time."""

    def _list(self, request: Any, context: Any) -> Any:  # noqa: ANN401 - messages of gRPC
        try:
            clauses = list(_clauses(request.filter))
        except ValueError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        entries = super()._list(request, context).entries
        found = [entry for entry in entries if all(_holds(entry, *each) for each in clauses)]
        newest_first = "desc" in request.order_by
        found.sort(key=lambda entry: entry.timestamp, reverse=newest_first)
        return types.ListLogEntriesResponse(entries=found[: request.page_size or None])


def _clauses(text: str) -> Iterator[tuple[str, str, str]]:
    place = 0
    while place < len(text):
        match = _CLAUSE.match(text, place)
        if match is None:
            raise ValueError(f"Unparseable filter: {text[place:]}")
        yield match[1], match[2], json.loads(match[3])
        place = match.end()


def _holds(entry: Any, path: str, operator: str, value: str) -> bool:  # noqa: ANN401 - as above
    found: Any = json.loads(types.LogEntry.to_json(entry, preserving_proto_field_name=False))
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    if found is not None and path == "timestamp":
        return bool(datetime.fromisoformat(found) >= datetime.fromisoformat(value))
    return found is not None and bool(_JUDGES[operator](found, value))


def serve_logs(port: int) -> Any:  # noqa: ANN401 - this environment has no types of gRPC
    """Start the log's server on a port of its own; drongo's own start takes any free one."""
    emulator = Logs()
    emulator._grpc, emulator._lg, emulator._empty = grpc, types, empty_pb2  # noqa: SLF001
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    server.add_generic_rpc_handlers(emulator._build_handlers())  # noqa: SLF001
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    return server


def main(scheduler: int, logs: int) -> None:
    """Serve both until the process is ended."""
    rest = create_server("127.0.0.1", scheduler)
    server = serve_logs(logs)
    try:
        rest.serve_forever()
    finally:
        server.stop(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
