"""The history of runs: what was started, how far it is, and what came of it.

One SQLite file, so that it outlives the process that does the work and every process can look at
it. A run claims what it works on (a window of a date, a layer), and while it is active nobody else
can claim the same: two tabs or two processes never do the same work twice. A run tells every few
seconds that it is alive; one that has been silent for `SILENCE_S` has lost its process, is marked
interrupted when somebody looks, and lets go of its claims.
"""

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from core.errors import AlreadyRunningError, StoreError, TransientError
from core.runs.records import Ending, LogLine, NewRun, Run, RunState

SILENCE_S = 20.0
_WAIT_S = 10.0  # longest wait for another process that writes to the file

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
_ACTIVE = "state IN ('queued', 'running')"
_CLAIMED = """
SELECT runs.id, runs.title, claims.claim
FROM claims JOIN runs ON runs.id = run_id
WHERE claim IN ({marks})
ORDER BY claim
"""
_MARK_SILENT = """
UPDATE runs
SET state = 'interrupted', error = ?, error_type = 'Interrupted', finished_at = heartbeat_at
WHERE state IN ('queued', 'running') AND heartbeat_at < ?
"""
_LOST = "The process that did the work ended before it was done. Retry it: what is done counts."


class RunHistory:
    """The history in a file.

    Every method raises `StoreError` when the file cannot be used, `TransientError` when another
    process kept it for too long.

    Args:
        path: The SQLite file; it and its folder are made when first used.
        now: The clock, aware.
    """

    def __init__(self, path: Path, now: Clock) -> None:
        self.path = path
        self.now = now

    def begin(self, new: NewRun) -> Run:
        """Enter a run as queued, with its claims.

        Raises:
            AlreadyRunningError: An active run has one of the claims.
        """
        moment = self._moment()
        with self._transaction() as connection:
            self._refuse_claimed(connection, new)
            run_id = connection.execute(
                "INSERT INTO runs (kind, title, parameters, claims, who, state, created_at, "
                "heartbeat_at) VALUES (?, ?, ?, ?, ?, 'queued', ?, ?)",
                (new.kind, new.title, json.dumps(dict(new.parameters)), json.dumps(new.claims),
                 new.who, moment, moment),
            ).lastrowid  # fmt: skip
            claims = [(claim, run_id) for claim in new.claims]
            connection.executemany("INSERT INTO claims VALUES (?, ?)", claims)
            row = connection.execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
        return _run(row)

    def start(self, run_id: int) -> bool:
        """Mark a queued run as running; False when it is not queued (any more)."""
        moment = self._moment()
        return self._change(
            "state = 'running', started_at = ?, heartbeat_at = ?", "state = 'queued'",
            (moment, moment, run_id),
        )  # fmt: skip

    def heartbeat(self, run_id: int) -> bool:
        """Tell that a run is alive; False when it is not active (any more)."""
        return self._change("heartbeat_at = ?", _ACTIVE, (self._moment(), run_id))

    def progress(self, run_id: int, done: int, total: int, doing: str) -> bool:
        """Tell how far a run is; False when it is not running (any more)."""
        return self._change(
            "done = ?, total = ?, doing = ?", "state = 'running'", (done, total, doing, run_id)
        )

    def finish(self, run_id: int, ending: Ending) -> bool:
        """Write down how a run ended; False when it had ended before."""
        return self._change(
            "state = ?, result = ?, error = ?, error_type = ?, details = ?, finished_at = ?",
            _ACTIVE,
            (ending.state, ending.result, ending.error, ending.error_type,
             json.dumps(dict(ending.details), default=str), self._moment(), run_id),
        )  # fmt: skip

    def log(self, run_id: int, text: str) -> None:
        """Add a line to a run's log."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO log_lines VALUES (?, ?, ?)", (run_id, self._moment(), text)
            )

    def find(self, run_id: int) -> Run | None:
        """The run of that number; None when there is none."""
        return next(iter(self._runs("WHERE id = ?", (run_id,))), None)

    def active(self) -> list[Run]:
        """Runs that are still to end, the oldest first."""
        return self._runs(f"WHERE {_ACTIVE} ORDER BY id")

    def recent(self, limit: int, kinds: Sequence[str] = ()) -> list[Run]:
        """The newest runs, the newest first; of some kinds, or of all."""
        marks = ", ".join("?" * len(kinds))
        where = f"WHERE kind IN ({marks}) " if kinds else ""
        return self._runs(f"{where}ORDER BY id DESC LIMIT ?", (*kinds, limit))

    def unresolved(self, limit: int) -> list[Run]:
        """Runs that did not succeed, and whose work no later run began, the newest first."""
        return self._runs(
            "WHERE state IN ('failed', 'interrupted') AND NOT EXISTS "
            "(SELECT 1 FROM runs AS later WHERE later.kind = runs.kind AND "
            "json_remove(later.parameters, '$.overwrite') = "
            "json_remove(runs.parameters, '$.overwrite') AND later.id > runs.id) "
            "ORDER BY id DESC LIMIT ?",
            (limit,),
        )

    def log_lines(self, run_id: int) -> list[LogLine]:
        """The log of a run, in order."""
        with self._transaction() as connection:
            rows = connection.execute(
                "SELECT at, line FROM log_lines WHERE run_id = ? ORDER BY rowid", (run_id,)
            ).fetchall()
        return [LogLine(datetime.fromisoformat(at), line) for at, line in rows]

    def _runs(self, where: str, parameters: Sequence[object] = ()) -> list[Run]:
        with self._transaction() as connection:
            rows = connection.execute(f"SELECT * FROM runs {where}", parameters).fetchall()  # noqa: S608 - own words
        return [_run(row) for row in rows]

    def _change(self, what: str, where: str, parameters: Sequence[object]) -> bool:
        """Change the run whose number is the last of the parameters, where it is as it must be."""
        with self._transaction() as connection:
            sql = f"UPDATE runs SET {what} WHERE {where} AND id = ?"  # noqa: S608 - own words
            return connection.execute(sql, parameters).rowcount == 1

    def _refuse_claimed(self, connection: sqlite3.Connection, new: NewRun) -> None:
        marks = ", ".join("?" * len(new.claims))
        row = connection.execute(_CLAIMED.format(marks=marks), new.claims).fetchone()
        if row:
            raise AlreadyRunningError(
                f"Run {row['id']} ({row['title']}) works on {row['claim']}: wait until it ends."
            )

    def _moment(self) -> str:
        return _text(self.now())

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection in one transaction, after runs that fell silent are marked."""
        try:
            with contextlib.closing(self._connect()) as connection, connection:
                connection.execute("BEGIN IMMEDIATE")
                self._mark_interrupted(connection)
                yield connection
        except sqlite3.OperationalError as error:
            kind = TransientError if "locked" in str(error) else StoreError
            raise kind(f"Cannot use the run history {self.path}: {error}.") from error
        except (sqlite3.DatabaseError, OSError) as error:
            raise StoreError(f"Cannot use the run history {self.path}: {error}.") from error

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=_WAIT_S, isolation_level=None)
        connection.row_factory = sqlite3.Row
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                _create(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _mark_interrupted(self, connection: sqlite3.Connection) -> None:
        silent_since = _text(self.now() - timedelta(seconds=SILENCE_S))
        connection.execute(_MARK_SILENT, (_LOST, silent_since))


def _create(connection: sqlite3.Connection) -> None:
    """Make the tables, unless another process has just done so."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
        for statement in _statements(_SCHEMA):
            connection.execute(statement)
    connection.execute("COMMIT")


def _statements(script: str) -> Iterator[str]:
    """Each statement of a script; `executescript` would commit before the first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _text(moment: datetime) -> str:
    """A moment as text that sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _run(row: sqlite3.Row) -> Run:
    values = dict(row)
    values.pop("heartbeat_at")
    moments = {
        name: datetime.fromisoformat(values[name]) if values[name] else None
        for name in ("created_at", "started_at", "finished_at")
    }
    return Run(**{
        **values, **moments,
        "parameters": json.loads(values["parameters"]),
        "claims": tuple(json.loads(values["claims"])),
        "details": json.loads(values["details"]),
        "state": RunState(values["state"]),
    })  # fmt: skip
