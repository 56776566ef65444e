"""The store of incidents: an SQLite file that every process of this machine shares.

One row an incident. `record` opens and closes incidents in one transaction, so that processes that
look at the same time open each once. For each channel a row in `deliveries` has what became of the
message about the opening, and of the one about the end:

    claim     a process takes the message for `CLAIM`, in a transaction; no other sends it meanwhile
    send      outside of any transaction
    settle    sent, or failed and due again after a pause

A process that is killed between claim and send leaves a claim that expires: then another process
sends the message. Killed between send and settle, the message is sent a second time: the two
cases look the same, and an alert that comes twice is better than one that is lost.
"""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from core.alerts.incidents import Incident, Look, Severity, StoredIncident
from core.messages import Message, message
from core.operations.runs.stored import pack_sentence, unpack_sentence
from core.sqlite_file import open_transaction

CLAIM = timedelta(minutes=5)  # longer than any channel takes
# Pauses after the tries of a message; the last one repeats.
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
KEPT = timedelta(days=30)  # how long an incident is kept after its end
MOST_SINGLE = 5  # more messages than that at once become one

_TABLES = (
    """CREATE TABLE IF NOT EXISTS incidents (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL, severity TEXT NOT NULL, text TEXT NOT NULL, page TEXT NOT NULL,
      since TEXT NOT NULL, seen_at TEXT NOT NULL, opened_at TEXT, closed_at TEXT
    )""",
    "CREATE UNIQUE INDEX IF NOT EXISTS open_once ON incidents (key) WHERE closed_at IS NULL",
    """CREATE TABLE IF NOT EXISTS deliveries (
      incident INTEGER NOT NULL, about TEXT NOT NULL, channel TEXT NOT NULL,
      owner INTEGER NOT NULL, claimed_until TEXT, sent_at TEXT,
      tries INTEGER NOT NULL DEFAULT 0, due_at TEXT, failure TEXT NOT NULL DEFAULT '',
      PRIMARY KEY (incident, about, channel)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS looks (
      id INTEGER PRIMARY KEY CHECK (id = 1), begun_at TEXT, recorded_at TEXT
    )""",
    "INSERT OR IGNORE INTO looks VALUES (1, NULL, NULL)",
)
# A message about the end follows one about the opening, which may have failed until now; an
# incident that ended before any try at a channel is not reported there at all.
_DUE = """
SELECT incidents.*, wanted.about FROM incidents
JOIN (SELECT 'opened' AS about UNION ALL SELECT 'over') AS wanted
LEFT JOIN deliveries AS own
  ON own.incident = incidents.id AND own.about = wanted.about AND own.channel = :channel
LEFT JOIN deliveries AS first
  ON first.incident = incidents.id AND first.about = 'opened' AND first.channel = :channel
WHERE opened_at IS NOT NULL
  AND (closed_at IS NULL) = (wanted.about = 'opened')
  AND own.sent_at IS NULL
  AND COALESCE(own.claimed_until, '') <= :now AND COALESCE(own.due_at, '') <= :now
  AND (
    wanted.about = 'opened'
    OR (first.incident IS NOT NULL AND COALESCE(first.claimed_until, '') <= :now)
  )
ORDER BY incidents.id
"""
_FAILURES = """
SELECT channel, failure FROM deliveries
JOIN incidents ON incidents.id = incident
WHERE sent_at IS NULL AND failure != ''
  AND channel IN (SELECT value FROM json_each(?))
  AND (closed_at IS NULL) = (about = 'opened')
ORDER BY tries
"""


class Notice(NamedTuple):
    """A message to be sent: that an incident opened, or that it is `over`."""

    incident: StoredIncident
    about: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """Notices that one process sends in one message to one channel, until `until`."""

    channel: str
    owner: int
    until: str
    notices: tuple[Notice, ...]


class IncidentStore:
    """The incidents in a file, which the first look creates.

    Every method raises `StoreError` when the file cannot be used, `TransientError` when another
    process kept it for too long.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin_look(self, now: datetime, pace: timedelta) -> bool:
        """Whether a look is due: none of any process began within the pace before."""
        with self._transaction() as connection:
            (begun,) = connection.execute("SELECT begun_at FROM looks").fetchone()
            # A moment in the future is that of a wrong clock.
            if begun and _text(now - pace) < begun <= _text(now):
                return False
            connection.execute("UPDATE looks SET begun_at = ?", (_text(now),))
        return True

    def record(self, look: Look, now: datetime) -> None:
        """Open what the look found, and close what it no longer found.

        A look that began before the last one recorded is out of date: nothing happens.
        """
        with self._transaction() as connection:
            (last,) = connection.execute("SELECT recorded_at FROM looks").fetchone()
            if last and _text(look.at) < last <= _text(now):
                return
            connection.execute("UPDATE looks SET recorded_at = ?", (_text(look.at),))
            for incident in look.incidents:
                _record_one(connection, incident, look.at)
            _close_others(connection, look)
            _forget_old(connection, look.at)

    def list_open(self) -> list[StoredIncident]:
        """The open incidents, the newest first."""
        return self._list("opened_at IS NOT NULL AND closed_at IS NULL")

    def list_known(self) -> set[str]:
        """The keys of all that was wrong at the last look, opened or not yet."""
        return {found.key for found in self._list("closed_at IS NULL")}

    def list_failures(self, channels: Sequence[str]) -> dict[str, str]:
        """Why the last try at a channel failed, by channel, of those that still owe a message."""
        if not self.path.exists() or not channels:
            return {}
        with self._transaction() as connection:
            rows = connection.execute(_FAILURES, (json.dumps(list(channels)),)).fetchall()
        return {row["channel"]: unpack_sentence(row["failure"]) for row in rows}

    def claim(self, channel: str, owner: int, now: datetime) -> Claimed | None:
        """Claim the next message to a channel: one notice, or all where many are due; or None."""
        until = _text(now + CLAIM)
        with self._transaction() as connection:
            rows = connection.execute(_DUE, {"channel": channel, "now": _text(now)}).fetchall()
            notices = tuple(Notice(_incident(row), row["about"]) for row in rows)
            taken = notices if len(notices) > MOST_SINGLE else notices[:1]
            connection.executemany(
                "INSERT INTO deliveries (incident, about, channel, owner, claimed_until) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (incident, about, channel) DO UPDATE "
                "SET owner = excluded.owner, claimed_until = excluded.claimed_until",
                [(one.incident.id, one.about, channel, owner, until) for one in taken],
            )
        return Claimed(channel, owner, until, taken) if taken else None

    def settle(self, claimed: Claimed, now: datetime, failure: str) -> None:
        """Note that the message was sent, or why not: then it is due again after a pause."""
        with self._transaction() as connection:
            for incident, about in claimed.notices:
                place = (incident.id, about, claimed.channel)
                if failure:
                    _note_failure(connection, claimed, place, now, failure)
                else:
                    connection.execute(
                        "UPDATE deliveries SET sent_at = ?, claimed_until = NULL, failure = '' "
                        "WHERE incident = ? AND about = ? AND channel = ?",
                        (_text(now), *place),
                    )

    def _list(self, which: str) -> list[StoredIncident]:
        if not self.path.exists():
            return []
        with self._transaction() as connection:
            rows = connection.execute(
                f"SELECT * FROM incidents WHERE {which} ORDER BY id DESC"  # noqa: S608 - constants
            ).fetchall()
        return [_incident(row) for row in rows]

    def _transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        return open_transaction(self.path, _prepare, self._refusal)

    def _refusal(self, reason: object) -> Message:
        return message("files.alerts", path=self.path, reason=reason)


def _prepare(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    if connection.execute("PRAGMA user_version").fetchone()[0] == 1:
        return
    for statement in _TABLES:  # each does nothing where another process was first
        connection.execute(statement)
    connection.execute("PRAGMA user_version = 1")


def _record_one(connection: sqlite3.Connection, incident: Incident, at: datetime) -> None:
    seen = connection.execute(
        "SELECT id, seen_at FROM incidents WHERE key = ? AND closed_at IS NULL", (incident.key,)
    ).fetchone()
    columns = (incident.severity, pack_sentence(incident.text), incident.page)
    since = datetime.fromisoformat(seen["seen_at"]) if seen else at
    opened = _text(at) if at - since >= incident.patience else None
    if seen:
        connection.execute(
            "UPDATE incidents SET severity = ?, text = ?, page = ?, "
            "opened_at = COALESCE(opened_at, ?) WHERE id = ?",
            (*columns, opened, seen["id"]),
        )
        return
    connection.execute(
        "INSERT INTO incidents (key, severity, text, page, since, seen_at, opened_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (incident.key, *columns, _text(incident.since), _text(at), opened),
    )


def _close_others(connection: sqlite3.Connection, look: Look) -> None:
    """Close what the look did not find; forget what had not opened yet."""
    found = {incident.key for incident in look.incidents}
    for row in connection.execute("SELECT * FROM incidents WHERE closed_at IS NULL").fetchall():
        if row["key"] in found or row["key"].startswith(look.unsure):
            continue
        if row["opened_at"] is None:
            connection.execute("DELETE FROM incidents WHERE id = ?", (row["id"],))
        else:
            connection.execute(
                "UPDATE incidents SET closed_at = ? WHERE id = ?", (_text(look.at), row["id"])
            )


def _forget_old(connection: sqlite3.Connection, at: datetime) -> None:
    connection.execute("DELETE FROM incidents WHERE closed_at < ?", (_text(at - KEPT),))
    connection.execute(
        "DELETE FROM deliveries WHERE incident NOT IN (SELECT id FROM incidents)"
    )  # fmt: skip


def _note_failure(
    connection: sqlite3.Connection,
    claimed: Claimed,
    place: tuple[int, str, str],
    now: datetime,
    failure: str,
) -> None:
    """Note a failed try, unless the claim had expired and another process has the message."""
    where = "WHERE incident = ? AND about = ? AND channel = ?"
    row = connection.execute(f"SELECT * FROM deliveries {where}", place).fetchone()  # noqa: S608
    if row is None or (row["owner"], row["claimed_until"]) != (claimed.owner, claimed.until):
        return
    pause = PAUSES[min(row["tries"], len(PAUSES) - 1)]
    connection.execute(
        f"UPDATE deliveries SET tries = tries + 1, due_at = ?, claimed_until = NULL, failure = ? "  # noqa: S608
        f"{where}",
        (_text(now + pause), pack_sentence(failure), *place),
    )


def _incident(row: sqlite3.Row) -> StoredIncident:
    return StoredIncident(
        row["id"], row["key"], Severity(row["severity"]), unpack_sentence(row["text"]), row["page"],
        datetime.fromisoformat(row["since"]),
        datetime.fromisoformat(row["closed_at"]) if row["closed_at"] else None,
    )  # fmt: skip


def _text(moment: datetime) -> str:
    """A moment as text that sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
