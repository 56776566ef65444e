"""Every query job meets Google's own analyser before the emulator runs it.

The emulator is DuckDB inside and accepts what BigQuery refuses. A script that the analyser accepted
once, over tables of the same columns, is remembered in build/googlesql: it costs 50 ms once a
machine, and a fraction of one afterwards.
"""

import asyncio
import hashlib
import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local_cloud.gateway.schemas import Fields, Schemas
from local_cloud.gateway.sql import tokens
from local_cloud.googlesql_files import FOLDER, RELEASES

_UNKNOWN_TABLE = "unknown table"  # which the emulator refuses better
_TABLE_PARTS = 2  # dataset and table; a project may come before them


class Analysis:
    """What Google's analyser says of query jobs.

    Args:
        schemas: The tables that exist.

    Attributes:
        accepted: The text of each script that the analyser accepted, as it came.
    """

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._remembered = _Remembered()
        self.accepted: set[str] = set()

    async def refusal(self, project: str, query: Mapping[str, Any]) -> str | None:
        """Why BigQuery would refuse a query, as the analyser says it; None where it would not.

        A script that names a table that does not exist is parsed alone: the emulator answers that
        the table is not found.

        Args:
            query: The `query` of a job's configuration, or the body of `jobs.query`.
        """
        if query.get("useLegacySql", True):
            return "Legacy SQL is not supported here: set useLegacySql to false."
        sql = str(query.get("query", ""))
        parameters = [
            {"name": p.get("name", ""), "parameterType": p["parameterType"]}
            for p in query.get("queryParameters") or ()
        ]
        tables = await self._schemas.tables(project, dict.fromkeys(dotted(sql)))
        key = _key(sql, tables, parameters)
        if key not in self._remembered:
            refused = await asyncio.to_thread(_analyse, sql, tables, parameters)
            if refused is _UNKNOWN_TABLE:
                return None
            if refused:
                return refused
            self._remembered.add(key)
        self.accepted.add(sql)
        return None


def _analyse(
    sql: str, tables: Mapping[str, Fields | None], parameters: Sequence[Mapping[str, Any]]
) -> str | None:
    """What the analyser says of a script: nothing, its refusal, or that a table is unknown."""
    from local_cloud import googlesql

    try:
        named = {path for statement in googlesql.parse(sql) for path in statement.tables}
        known = {path: fields for path in named if (fields := tables.get(".".join(path)))}
        googlesql.analyse(googlesql.Script(sql, known, parameters))
    except googlesql.UnknownTableError:
        return _UNKNOWN_TABLE
    except googlesql.InvalidQueryError as error:
        return str(error)
    return None


def dotted(sql: str) -> Iterator[str]:
    """Each path of a script that may be a table's: dataset.table, or project.dataset.table."""
    path = ""
    for kind, text in (*tokens(sql), ("other", "")):
        if kind in {"word", "name"} and (not path or path.endswith(".")):
            path += text.strip("`")
        elif text == "." and path:
            path += text
        else:
            if path.count(".") + 1 >= _TABLE_PARTS:
                yield path
            path = text.strip("`") if kind in {"word", "name"} else ""


def _key(
    sql: str, tables: Mapping[str, Fields | None], parameters: Sequence[Mapping[str, Any]]
) -> str:
    """The same for scripts that differ in the names of their tables alone."""
    longest_first = sorted(tables, key=len, reverse=True)
    for number, path in enumerate(longest_first):
        quoted = re.escape(path).replace(r"\.", r"`?\.`?")
        sql = re.sub(rf"`?(?<![\w.]){quoted}`?(?![\w.])", f"\0{number}", sql)
    content = [RELEASES, sql, [tables[path] for path in longest_first], parameters]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


class _Remembered:
    """Keys of accepted scripts, in a file that processes append to."""

    def __init__(self) -> None:
        self._file = FOLDER / "accepted.txt"
        self._lock = threading.Lock()
        lines = self._file.read_text(encoding="ascii").split() if self._file.exists() else []
        self._keys = set(lines)

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def add(self, key: str) -> None:
        with self._lock:
            self._keys.add(key)
            FOLDER.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="ascii") as file:
                file.write(f"{key}\n")
