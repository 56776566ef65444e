"""The SQLite file of the history: its tables, and one transaction at a time.

Each transaction first marks the runs whose process has ended, so that no reader sees them as alive.
The run's lock shows it; without a lock (older versions, some file systems) a run has ended when its
last heartbeat is more than `SILENCE_S` away, in the past or, after a wrong clock, in the future.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from core.messages import Message, message
from core.operations.runs.locks import RunLocks
from core.operations.runs.stored import pack_sentence
from core.sqlite_file import open_transaction

SILENCE_S = 20.0

Clock: TypeAlias = Callable[[], datetime]

_SCHEMA = """
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  parameters TEXT NOT NULL,
  claims TEXT NOT NULL,
  who TEXT NOT NULL,
  state TEXT NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  doing TEXT NOT NULL DEFAULT '',
  result TEXT NOT NULL DEFAULT '',
  error TEXT NOT NULL DEFAULT '',
  error_type TEXT NOT NULL DEFAULT '',
  details TEXT NOT NULL DEFAULT '{}',
  created_at TEXT NOT NULL,
  heartbeat_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT
);
CREATE TABLE claims (claim TEXT PRIMARY KEY, run_id INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE log_lines (run_id INTEGER NOT NULL, at TEXT NOT NULL, line TEXT NOT NULL);
CREATE INDEX log_lines_of_run ON log_lines (run_id);
CREATE INDEX runs_by_state ON runs (state);
CREATE INDEX runs_by_work ON runs (kind, json_remove(parameters, '$.overwrite'), id);
CREATE TRIGGER release_claims AFTER UPDATE OF state ON runs
WHEN NEW.state NOT IN ('queued', 'running')
BEGIN DELETE FROM claims WHERE run_id = NEW.id; END;
PRAGMA user_version = 1;
"""
_SECOND = """
ALTER TABLE runs ADD COLUMN dismissed TEXT NOT NULL DEFAULT '';
DROP TRIGGER release_claims;
CREATE TRIGGER release_claims AFTER UPDATE OF state ON runs
WHEN NEW.state NOT IN ('queued', 'running', 'cancelling')
BEGIN DELETE FROM claims WHERE run_id = NEW.id; END;
PRAGMA user_version = 2;
"""
_VERSIONS = (_SCHEMA, _SECOND)
_ACTIVE = "SELECT id, heartbeat_at FROM runs WHERE state IN ('queued', 'running', 'cancelling')"
_MARK_ENDED = """
UPDATE runs
SET finished_at = min(heartbeat_at, :now),
  error_type = CASE state WHEN 'cancelling' THEN 'Cancelled' ELSE 'Interrupted' END,
  error = CASE state WHEN 'cancelling' THEN :cancelled ELSE :lost END,
  state = CASE state WHEN 'cancelling' THEN 'cancelled' ELSE 'interrupted' END
WHERE id = :run
"""


class RunsFile:
    """The file, which the first use makes with its folder; the clock is aware."""

    def __init__(self, path: Path, now: Clock) -> None:
        self.path = path
        self.now = now
        self.locks = RunLocks(path)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection in one transaction, which has marked the runs whose process has ended."""
        with open_transaction(self.path, _prepare, self._refusal) as connection:
            self._mark_ended(connection)
            yield connection

    def _refusal(self, reason: object) -> Message:
        return message("files.history", path=self.path, reason=reason)

    def _mark_ended(self, connection: sqlite3.Connection) -> None:
        now = self.now()
        for run_id, heartbeat in connection.execute(_ACTIVE).fetchall():
            held = self.locks.is_held(run_id)
            since = abs(now - datetime.fromisoformat(heartbeat))
            if held or (held is None and since <= timedelta(seconds=SILENCE_S)):
                continue
            values = {
                "run": run_id, "now": text_of(now),
                "cancelled": pack_sentence(message("end.cancelled")),
                "lost": pack_sentence(message("end.lost")),
            }  # fmt: skip
            connection.execute(_MARK_ENDED, values)


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the tables, or what this version adds, unless another process has just done so."""
    connection.row_factory = sqlite3.Row
    if _version(connection) == len(_VERSIONS):
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    for script in _VERSIONS[_version(connection) :]:
        for statement in _statements(script):
            connection.execute(statement)
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """Each statement of a script; `executescript` would commit before the first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def text_of(moment: datetime) -> str:
    """A moment as text that sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
