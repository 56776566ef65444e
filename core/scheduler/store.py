"""The file of the embedded schedule's plan: SQLite, which one process at a time changes.

A change is one transaction: a pause from the command line and a tick of the schedule never undo
each other, and a killed process leaves the plan whole.
"""

import json
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from core.errors import StoreError
from core.messages import Message, message
from core.scheduler.state import Call, EmbeddedState, Holder, Slot
from core.sqlite_file import open_transaction


class PlanStore:
    """The plan in a file, which the first change creates.

    Every method raises `StoreError` when the file cannot be used, `TransientError` when another
    process locked it for too long.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> EmbeddedState:
        """The plan; the default one before the first change."""
        if not self.path.exists():
            return EmbeddedState()
        with self._transaction() as connection:
            return _read(connection)

    def change(self, change: Callable[[EmbeddedState], EmbeddedState]) -> EmbeddedState:
        """Replace the plan, and return the new one."""
        with self._transaction() as connection:
            plan = change(_read(connection))
            content = json.dumps(_content(plan))
            connection.execute("INSERT OR REPLACE INTO plan VALUES (1, ?)", (content,))
        return plan

    def _transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        return open_transaction(self.path, _prepare, self._refusal)

    def _refusal(self, reason: object) -> Message:
        return message("files.schedule_plan", path=self.path, reason=reason)


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS plan "
        "(id INTEGER PRIMARY KEY CHECK (id = 1), content TEXT NOT NULL)"
    )


def _read(connection: sqlite3.Connection) -> EmbeddedState:
    row = connection.execute("SELECT content FROM plan").fetchone()
    try:
        return _plan(json.loads(row[0])) if row else EmbeddedState()
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise StoreError(message("files.schedule_version", error=repr(error))) from error


def _content(plan: EmbeddedState) -> dict[str, Any]:
    """The plan as JSON values."""
    content = asdict(plan)
    content["settled_until"] = plan.settled_until and plan.settled_until.isoformat()
    content["missed"] = [[slot.day.isoformat(), slot.tag] for slot in plan.missed]
    content["calls"] = [
        [slot.day.isoformat(), slot.tag, tries, due and due.isoformat()]
        for slot, tries, due in plan.calls
    ]
    if plan.holder:
        content["holder"] = [plan.holder.process, plan.holder.since.isoformat(), plan.holder.place]
    return content


def _plan(content: dict[str, Any]) -> EmbeddedState:
    until, holder = content["settled_until"], content["holder"]
    values = {
        **content,
        "settled_until": datetime.fromisoformat(until) if until else None,
        "missed": tuple(Slot(date.fromisoformat(day), tag) for day, tag in content["missed"]),
        "calls": tuple(
            Call(Slot(date.fromisoformat(day), tag), tries, due and datetime.fromisoformat(due))
            for day, tag, tries, due in content.get("calls", ())
        ),
        "holder": Holder(holder[0], datetime.fromisoformat(holder[1]), holder[2])
        if holder
        else None,
    }
    return EmbeddedState(**values)
