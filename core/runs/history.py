"""The history of runs: what was started, how far it is, and what came of it.

One SQLite file, so that it outlives the process that does the work and every process can look at
it. A run claims what it works on (a window of a date, a layer), and while it is active nobody else
can claim the same: two tabs or two processes never do the same work twice. A run tells every few
seconds that it is alive; one that has been silent for `SILENCE_S` has lost its process, is marked
interrupted when somebody looks, and lets go of its claims.
"""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from core.errors import AlreadyRunningError
from core.runs.file import Clock, RunsFile, text_of
from core.runs.records import Ending, LogLine, NewRun, Run, RunState, Wanted

_ACTIVE = "state IN ('queued', 'running')"
_CLAIMED = """
SELECT runs.id, runs.title, claims.claim
FROM claims JOIN runs ON runs.id = run_id
WHERE claim IN (SELECT value FROM json_each(?))
ORDER BY claim
"""
# A run that was cancelled took nothing up: the failure before it stands.
_UNRESOLVED = """
WHERE state IN ('failed', 'interrupted') AND NOT EXISTS (
  SELECT 1 FROM runs AS later
  WHERE later.kind = runs.kind AND later.id > runs.id AND later.state != 'cancelled'
  AND json_remove(later.parameters, '$.overwrite') = json_remove(runs.parameters, '$.overwrite')
)
ORDER BY id DESC LIMIT ?
"""
_SEARCHED = """(
  title LIKE :text ESCAPE '!' OR result LIKE :text ESCAPE '!' OR error LIKE :text ESCAPE '!'
  OR CAST(id AS TEXT) = :exact
)"""
# What started a run is the first word; who was signed in may follow.
_COMPARED = {"who": "substr(who, 1, instr(who || ' ', ' ') - 1)"}


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
        self._file = RunsFile(path, now)

    def begin(self, new: NewRun) -> Run:
        """Enter a run as queued, with its claims.

        Raises:
            AlreadyRunningError: An active run has one of the claims.
        """
        moment = self._moment()
        with self._file.transaction() as connection:
            _refuse_claimed(connection, new)
            run_id = connection.execute(
                "INSERT INTO runs (kind, title, parameters, claims, who, state, created_at, "
                "heartbeat_at) VALUES (?, ?, ?, ?, ?, 'queued', ?, ?)",
                (new.kind, new.title, json.dumps(dict(new.parameters)), json.dumps(new.claims),
                 new.who, moment, moment),
            ).lastrowid  # fmt: skip
            claims = [(claim, run_id) for claim in dict.fromkeys(new.claims)]
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

    def cancel(self, run_id: int) -> bool:
        """End a queued or running run, of whichever process; False when it had ended before.

        It lets go of its claims at once. Its worker learns of it when it tells its next step, or
        within `HEARTBEAT_S` of `core.runner` where it waits, and stops there: the window that it
        is at is completed, and no other is begun.
        """
        return self._change(
            "state = ?, error = ?, error_type = 'Cancelled', finished_at = ?", _ACTIVE,
            (RunState.CANCELLED, "It was cancelled: what was done until then counts.",
             self._moment(), run_id),
        )  # fmt: skip

    def log(self, run_id: int, text: str) -> None:
        """Add a line to a run's log."""
        self.log_all(run_id, [LogLine(self.now(), text)])

    def log_all(self, run_id: int, lines: Sequence[LogLine]) -> None:
        """Add lines to a run's log."""
        with self._file.transaction() as connection:
            connection.executemany(
                "INSERT INTO log_lines VALUES (?, ?, ?)",
                [(run_id, text_of(line.at), line.text) for line in lines],
            )

    def find(self, run_id: int) -> Run | None:
        """The run of that number; None when there is none."""
        return next(iter(self._runs("WHERE id = ?", (run_id,))), None)

    def active(self) -> list[Run]:
        """Runs that are still to end, the oldest first."""
        return self._runs(f"WHERE {_ACTIVE} ORDER BY id")

    def recent(self, limit: int, kinds: Sequence[str] = ()) -> list[Run]:
        """The newest runs, the newest first; of some kinds, or of all."""
        return self.search(Wanted(kinds=tuple(kinds)), limit)

    def search(self, wanted: Wanted, limit: int) -> list[Run]:
        """The newest runs that are as wanted, the newest first."""
        lists = {"state": wanted.states, "kind": wanted.kinds, "who": wanted.who}
        tests = [
            f"{_COMPARED.get(column, column)} IN "  # noqa: S608 - own words
            f"(SELECT value FROM json_each(:{column}))"
            for column, values in lists.items()
            if values
        ]
        values: dict[str, object] = {name: json.dumps(chosen) for name, chosen in lists.items()}
        if wanted.text:
            tests.append(_SEARCHED)
            values |= {"text": f"%{_literally(wanted.text)}%", "exact": wanted.text.lstrip("#")}
        where = f"WHERE {' AND '.join(tests)} " if tests else ""
        return self._runs(f"{where}ORDER BY id DESC LIMIT :limit", {**values, "limit": limit})

    def unresolved(self, limit: int) -> list[Run]:
        """Runs that failed or were interrupted, and whose work no later run began, newest first."""
        return self._runs(_UNRESOLVED, (limit,))

    def log_lines(self, run_id: int, last: int | None = None) -> list[LogLine]:
        """The log of a run, in order.

        Args:
            last: Only so many of the newest lines; the others are not read.
        """
        with self._file.transaction() as connection:
            rows = connection.execute(
                "SELECT at, line FROM log_lines WHERE run_id = ? ORDER BY rowid DESC LIMIT ?",
                (run_id, -1 if last is None else last),
            ).fetchall()
        return [LogLine(datetime.fromisoformat(at), line) for at, line in reversed(rows)]

    def _runs(self, where: str, parameters: Sequence[object] | dict[str, object] = ()) -> list[Run]:
        with self._file.transaction() as connection:
            rows = connection.execute(f"SELECT * FROM runs {where}", parameters).fetchall()  # noqa: S608 - own words
        return [_run(row) for row in rows]

    def _change(self, what: str, where: str, parameters: Sequence[object]) -> bool:
        """Change the run whose number is the last of the parameters, where it is as it must be."""
        with self._file.transaction() as connection:
            sql = f"UPDATE runs SET {what} WHERE {where} AND id = ?"  # noqa: S608 - own words
            return connection.execute(sql, parameters).rowcount == 1

    def _moment(self) -> str:
        return text_of(self.now())


def _refuse_claimed(connection: sqlite3.Connection, new: NewRun) -> None:
    row = connection.execute(_CLAIMED, (json.dumps(new.claims),)).fetchone()
    if row:
        raise AlreadyRunningError(
            f"Run {row['id']} ({row['title']}) works on {row['claim']}: wait until it ends."
        )


def _literally(text: str) -> str:
    """A text for LIKE in which no character stands for others."""
    for sign in "!%_":
        text = text.replace(sign, f"!{sign}")
    return text


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
