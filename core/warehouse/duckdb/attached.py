"""Attach DuckDB files to one instance of DuckDB that lives as long as the process.

To make an instance takes 14 ms, since DuckDB fills its catalog of functions; to attach a file and
detach it again takes 2 ms (DuckDB 2.0, December 2026, `python -m benchmarks --only turns`).
"""

import contextlib
import itertools
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# The product must work without a network, so DuckDB may not download extensions.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_NUMBERS = itertools.count(1)


class _Engine:
    """The process's instance of DuckDB, made at its first use."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._instance: duckdb.DuckDBPyConnection | None = None
        self._of_parent: duckdb.DuckDBPyConnection | None = None

    def instance(self, spill_to: Path) -> "duckdb.DuckDBPyConnection":
        """The instance; the one that is made spills into a folder."""
        import duckdb

        with self._guard:
            if self._instance is None:
                config = _CONFIG | {"temp_directory": str(spill_to)}
                self._instance = duckdb.connect(":memory:", config=config)
                # Cursors inherit global settings only.
                self._instance.execute("SET GLOBAL TimeZone = 'UTC'")
            return self._instance

    def drop(self) -> None:
        """Let the next file have a new instance."""
        self._instance = None

    def drop_after_fork(self) -> None:
        """Let a forked process have its own: it lacks the instance's threads and its lock's holder.

        The parent's instance stays in memory, since to end it is to wait for its threads.
        """
        self._of_parent = self._instance
        self._guard = threading.Lock()
        self._instance = None


_ENGINE = _Engine()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_ENGINE.drop_after_fork)


class AttachedFile:
    """A DuckDB file, created if it does not exist, which this process has until `close`.

    Args:
        spill_to: A folder for what does not fit into memory, made when it is needed; the first
            file of a process decides.

    Raises:
        duckdb.Error: As DuckDB does: another process has the file, or it is damaged.
    """

    def __init__(self, path: Path, spill_to: Path) -> None:
        self._instance = _ENGINE.instance(spill_to)
        self._name = f"warehouse_{next(_NUMBERS)}"
        quoted = str(path).replace("'", "''")
        self._run(f"ATTACH '{quoted}' AS {self._name}")

    def connect(self) -> "duckdb.DuckDBPyConnection":
        """A connection whose statements are about this file."""
        connection = self._instance.cursor()
        try:
            connection.execute(f"USE {self._name}")
        except BaseException:  # Ctrl-C, too: no connection may stay open
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Detach the file, which writes DuckDB's log into it; no connection may be open."""
        import duckdb

        try:
            self._run(f"DETACH {self._name}")
        except duckdb.Error:
            # What was committed is in the log. The instance may still have the file, so nobody
            # uses the instance again.
            _ENGINE.drop()

    def _run(self, sql: str) -> None:
        with contextlib.closing(self._instance.cursor()) as connection:
            connection.execute(sql)


def drop_engine() -> None:
    """Make a new instance for the next file: after some errors the old one does nothing more."""
    _ENGINE.drop()
