"""The history of runs: what was started, how far it is, and what came of it.

Every process can read its one SQLite file. A run claims what it works on (a window of a date, a
layer), and no other run can claim it while the run is active, so none does the same work twice.
When a run's lock shows that its process has ended (`core.operations.runs.locks`), the next
transaction marks it interrupted and releases its claims. A cancelled run keeps its claims until its
worker has stopped.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from core.errors import AlreadyRunningError
from core.messages import message, pack_messages, unpack_messages
from core.operations.runs.database import Clock, RunsFile, text_of
from core.operations.runs.models import (
    Ending,
    LogLine,
    NewRun,
    Run,
    RunFilter,
    RunState,
    cancelled_ending,
)
from core.operations.runs.stored import pack_sentence, unpack_sentence

_ACTIVE = "state IN ('queued', 'running', 'cancelling')"
_CLAIMED = """
SELECT runs.id, runs.title, claims.claim
FROM claims JOIN runs ON runs.id = run_id
WHERE claim IN (SELECT value FROM json_each(?))
ORDER BY claim
"""
# A cancelled run resolves no failure. Runs that succeeded later do, when together they claimed all
# that the failed run claimed of bucket and layers (claims on a folder have a slash), such as a
# backfill of the same windows. A reload fills no gap.
_UNRESOLVED = """
WHERE state IN ('failed', 'interrupted') AND dismissed = ''
AND NOT EXISTS (
  SELECT 1 FROM runs AS later
  WHERE later.kind = runs.kind AND later.id > runs.id
  AND later.state NOT IN ('cancelling', 'cancelled')
  AND json_remove(later.parameters, '$.overwrite') = json_remove(runs.parameters, '$.overwrite')
)
AND (
  NOT EXISTS (SELECT 1 FROM json_each(runs.claims) WHERE value NOT LIKE '%/%')
  OR EXISTS (
    SELECT 1 FROM json_each(runs.claims) WHERE value NOT LIKE '%/%' AND value NOT IN (
      SELECT taken.value FROM runs AS later, json_each(later.claims) AS taken
      WHERE later.id > runs.id AND later.state = 'succeeded'
      AND (later.kind != 'reload' OR runs.kind = 'reload')
    )
  )
)
ORDER BY id DESC LIMIT ?
"""
_SEARCHED = """(
  has_text(title) OR has_text(result) OR has_text(error) OR CAST(id AS TEXT) = :exact
)"""
# What started a run is the first word; who was signed in may follow.
_COMPARED = {"who": "substr(who, 1, instr(who || ' ', ' ') - 1)"}


class RunHistory:
    """The history in an SQLite file, which the first use makes with its folder; the clock is aware.

    Every method raises `StoreError` when the file cannot be used, `TransientError` when another
    process kept it for too long.
    """

    def __init__(self, path: Path, now: Clock) -> None:
        self.path = path
        self.now = now
        self._file = RunsFile(path, now)

    def enqueue(self, new: NewRun) -> Run:
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
                (new.kind, pack_sentence(new.title), json.dumps(dict(new.parameters)),
                 json.dumps(new.claims), new.who, moment, moment),
            ).lastrowid  # fmt: skip
            claims = [(claim, run_id) for claim in dict.fromkeys(new.claims)]
            connection.executemany("INSERT INTO claims VALUES (?, ?)", claims)
            self._file.locks.hold(int(run_id or 0))
            row = connection.execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
        return _run(row)

    def mark_running(self, run_id: int) -> bool:
        """Mark a queued run as running; False when it is not queued."""
        moment = self._moment()
        return self._change(
            "state = 'running', started_at = ?, heartbeat_at = ?", "state = 'queued'",
            (moment, moment, run_id),
        )  # fmt: skip

    def record_heartbeat(self, run_id: int) -> bool:
        """Record that a run is alive; False when it must stop or is not active."""
        self._change("heartbeat_at = ?", _ACTIVE, (self._moment(), run_id))
        found = self.find(run_id)
        return found is not None and found.state in (RunState.QUEUED, RunState.RUNNING)

    def record_progress(self, run_id: int, done: int, total: int, doing: str) -> bool:
        """Record how far a run is; False when it is not running."""
        return self._change(
            "done = ?, total = ?, doing = ?",
            "state = 'running'",
            (done, total, pack_sentence(doing), run_id),
        )

    def finish(self, run_id: int, ending: Ending) -> bool:
        """Record how a run ended; False when it had ended before.

        A run that was cancelled and did not succeed is recorded as cancelled.
        """
        with self._file.transaction() as connection:
            row = connection.execute(
                f"SELECT state FROM runs WHERE {_ACTIVE} AND id = ?",  # noqa: S608 - constants
                (run_id,),
            ).fetchone()
            if row:
                if row["state"] == "cancelling" and ending.state is not RunState.SUCCEEDED:
                    ending = cancelled_ending(ending.details)
                connection.execute(
                    "UPDATE runs SET state = ?, result = ?, error = ?, error_type = ?, "
                    "details = ?, finished_at = ? WHERE id = ?",
                    (ending.state, pack_sentence(ending.result), pack_sentence(ending.error),
                     ending.error_type, json.dumps(pack_messages(ending.details), default=str),
                     self._moment(), run_id),
                )  # fmt: skip
        self._file.locks.remove(run_id)
        return row is not None

    def cancel(self, run_id: int) -> bool:
        """Cancel a run of any process; False when it had ended before.

        It keeps its claims until its worker has stopped: before the next step, or, where it waits,
        within `HEARTBEAT_S` of `core.operations.runs.runner`. The worker completes its window and
        begins no other.
        """
        cancelling = self._change("state = ?", _ACTIVE, (RunState.CANCELLING, run_id))
        if cancelling:
            self._file.locks.ask_to_stop(run_id)
        return cancelling

    def is_to_stop(self, run_id: int) -> bool:
        """Whether a run of this process was cancelled; costs one `fstat`."""
        return self._file.locks.is_to_stop(run_id)

    def let_go(self, run_id: int) -> None:
        """Release the lock of a run; a run without an end then counts as interrupted."""
        self._file.locks.let_go(run_id)

    def add_log_line(self, run_id: int, text: str) -> None:
        """Add a line to a run's log."""
        self.add_log_lines(run_id, [LogLine(self.now(), text)])

    def add_log_lines(self, run_id: int, lines: Sequence[LogLine]) -> None:
        """Add lines to a run's log."""
        with self._file.transaction() as connection:
            connection.executemany(
                "INSERT INTO log_lines VALUES (?, ?, ?)",
                [(run_id, text_of(line.at), line.text) for line in lines],
            )

    def find(self, run_id: int) -> Run | None:
        """The run of that number; None when there is none."""
        return next(iter(self._runs("WHERE id = ?", (run_id,))), None)

    def list_active(self) -> list[Run]:
        """Runs that have not ended, the oldest first."""
        return self._runs(f"WHERE {_ACTIVE} ORDER BY id")

    def list_recent(self, limit: int, kinds: Sequence[str] = ()) -> list[Run]:
        """The newest runs, of some kinds or of all; the newest first."""
        return self.search(RunFilter(kinds=tuple(kinds)), limit)

    def search(self, wanted: RunFilter, limit: int, said: Callable[[str], str] = str) -> list[Run]:
        """The newest runs that the filter lets through, the newest first.

        `said` makes of a sentence what the reader sees, in which the text is searched.
        """
        lists = {"state": wanted.states, "kind": wanted.kinds, "who": wanted.who}
        tests = [
            f"{_COMPARED.get(column, column)} IN "  # noqa: S608 - constants
            f"(SELECT value FROM json_each(:{column}))"
            for column, values in lists.items()
            if values
        ]
        values: dict[str, object] = {name: json.dumps(chosen) for name, chosen in lists.items()}
        if wanted.text:
            tests.append(_SEARCHED)
            values["exact"] = wanted.text.lstrip("#")
        where = f"WHERE {' AND '.join(tests)} " if tests else ""
        text = wanted.text.casefold()
        return self._runs(
            f"{where}ORDER BY id DESC LIMIT :limit", {**values, "limit": limit},
            has_text=lambda kept: text in said(unpack_sentence(kept)).casefold(),
        )  # fmt: skip

    def list_unresolved(self, limit: int) -> list[Run]:
        """Runs that failed or were interrupted and still need a person, the newest first.

        Left out are those that were dismissed, whose work a later run of the same kind took up, and
        whose windows and layers later runs of any kind completed.
        """
        return self._runs(_UNRESOLVED, (limit,))

    def dismiss(self, run_id: int, who: str) -> bool:
        """Dismiss a failure; False where the run did not fail, or was dismissed before."""
        return self._change(
            "dismissed = ?", "state IN ('failed', 'interrupted') AND dismissed = ''", (who, run_id)
        )

    def read_log(self, run_id: int, last: int | None = None) -> list[LogLine]:
        """The log of a run in order: all lines, or the `last` ones."""
        with self._file.transaction() as connection:
            rows = connection.execute(
                "SELECT at, line FROM log_lines WHERE run_id = ? ORDER BY rowid DESC LIMIT ?",
                (run_id, -1 if last is None else last),
            ).fetchall()
        return [LogLine(datetime.fromisoformat(at), line) for at, line in reversed(rows)]

    def _runs(
        self,
        where: str,
        parameters: Sequence[object] | dict[str, object] = (),
        has_text: Callable[[str], bool] = bool,
    ) -> list[Run]:
        with self._file.transaction() as connection:
            connection.create_function("has_text", 1, has_text)
            rows = connection.execute(f"SELECT * FROM runs {where}", parameters).fetchall()  # noqa: S608 - constants
        return [_run(row) for row in rows]

    def _change(self, what: str, where: str, parameters: Sequence[object]) -> bool:
        """Change the run whose number comes last in the parameters, where `where` holds for it."""
        with self._file.transaction() as connection:
            sql = f"UPDATE runs SET {what} WHERE {where} AND id = ?"  # noqa: S608 - constants
            return connection.execute(sql, parameters).rowcount == 1

    def _moment(self) -> str:
        return text_of(self.now())


def _refuse_claimed(connection: sqlite3.Connection, new: NewRun) -> None:
    row = connection.execute(_CLAIMED, (json.dumps(new.claims),)).fetchone()
    if row:
        raise AlreadyRunningError(
            message(
                "run.claimed",
                run=row["id"],
                title=unpack_sentence(row["title"]),
                claim=row["claim"],
            )
        )


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
        "details": unpack_messages(json.loads(values["details"])),
        **{name: unpack_sentence(values[name]) for name in ("title", "result", "error", "doing")},
        "state": RunState(values["state"]),
    })  # fmt: skip
