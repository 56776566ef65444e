"""Quarantine: the rejected rows of an object, and a report with the reason of each.

A report is about one generation of one object. Two generations may be ingested in any order and at
the same time, so each step acts only for the generation that the object has now, and only if the
report is still in the state that the step saw:

    write    rows, then report; both are removed if the object was written again meanwhile
    clear    report, then rows; a writer that finds its report gone starts over with its rows
"""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from core.errors import ChangedError, ConflictError, InputError, TransientError
from core.messages import message
from core.storage.object_names import REPORT_END, former_quarantine_names, quarantine_names
from core.storage.object_store import NewObject, ObjectStore, StoredObject, look
from core.warehouse.validated import Validated

_TRIES = 100
_LONGEST_PART, _LONGEST_NAME = 255, 1_024  # bytes that a folder and Cloud Storage take

_Seen: TypeAlias = tuple[StoredObject | None, StoredObject | None]  # rows and report


class Refused(NamedTuple):
    """A line of an error report; reports of earlier versions have no code and no column."""

    line: int
    reason: str
    raw: str
    code: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """An error report about one generation of an object.

    `unreadable` says why the whole file was refused, `code` is its code of `Code`; both are empty
    if only single rows were refused.
    """

    name: str
    generation: int
    rows_in: int
    rows_loaded: int
    rows_rejected: int
    unreadable: str
    rows: tuple[Refused, ...]
    code: str = ""


def is_report(name: str) -> bool:
    """Whether a name in quarantine is that of an error report."""
    return name.endswith(REPORT_END)


def read_report(name: str, data: bytes) -> Report:
    """Read the bytes of an error report.

    Raises:
        InputError: The bytes are no report.
    """
    try:
        found = json.loads(data)
        rows = tuple(_parse_refused(row) for row in found["rows"])
        return Report(
            str(found["object"]), int(found["generation"]), int(found["rows_in"]),
            int(found["rows_loaded"]), int(found["rows_rejected"]),
            str(found["unreadable"] or ""), rows, str(found.get("code", "")),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(message("bucket.no_report", name=name, error=repr(error))) from error


def find_report(store: ObjectStore, name: str) -> Report | None:
    """The report about an object, of any generation; None without one."""
    for _, report_name in _places(name):
        about = _about(look(store, report_name))
        if about and about.name == name:
            return about
    return None


def data_name(report_name: str, report: Report) -> str:
    """The name of the object with the rejected rows of a report."""
    for data, of_report in _places(report.name):
        if of_report == report_name:
            return data
    return quarantine_names(report.name)[0]


def write(store: ObjectStore, stored: StoredObject, rows: Validated) -> None:
    """Write the rejected rows of one generation of an object, and the report with the reasons.

    Raises:
        ChangedError: The object was written again meanwhile. Nothing of this generation is left
            in quarantine, and it must not be loaded.
        TransientError: Other writers kept changing the same report.
    """
    names = quarantine_names(stored.name)
    data = NewObject(names[0], _rejected_bytes(stored.data, rows))
    report = NewObject(names[1], _report_bytes(store.bucket, stored, rows))
    for _ in range(_TRIES):
        # Read before the object: a report that is written later is of a newer generation.
        seen = look(store, data.name), look(store, report.name)
        if is_superseded(store, stored.name, stored.generation):
            withdraw(store, stored.name, stored.generation)
            raise ChangedError(message("bucket.written_again", name=stored.name))
        with contextlib.suppress(ChangedError, ConflictError):
            _write_once(store, (data, report), seen, stored.name)
            if not is_superseded(store, stored.name, stored.generation):
                _clear_former(store, stored.name, stored.generation)
                return
    raise TransientError(message("bucket.written_all_the_time", name=report.name))


def clear(store: ObjectStore, name: str, generation: int) -> None:
    """Remove the quarantine of this and older generations, unless the object has another by now.

    Raises:
        TransientError: Other writers kept changing the same report.
    """
    for names in _places(name):
        _clear_place(store, names, name, generation, withdrawn=False)


def withdraw(store: ObjectStore, name: str, generation: int) -> None:
    """Remove what exactly this generation, which was replaced, has in quarantine.

    Raises:
        TransientError: Other writers kept changing the same report.
    """
    for names in _places(name):
        _clear_place(store, names, name, generation, withdrawn=True)


def is_superseded(store: ObjectStore, name: str, generation: int) -> bool:
    """Whether the object exists in another generation."""
    found = store.find(name)
    return found is not None and found.generation != generation


def _places(name: str) -> list[tuple[str, str]]:
    """Where an object's rows may be: the place of this version, and that of earlier versions."""
    own, former = quarantine_names(name), former_quarantine_names(name)
    parts = [part.encode("utf-8", "surrogatepass") for part in former[1].split("/")]
    could_be = max(map(len, parts)) <= _LONGEST_PART and len(b"/".join(parts)) <= _LONGEST_NAME
    return [own, former] if could_be and own != former else [own]


def _about(stored: StoredObject | None) -> Report | None:
    """The content of a report; None without one, or if it cannot be read."""
    if stored is None:
        return None
    with contextlib.suppress(InputError):
        return read_report(stored.name, stored.data)
    return None


def _write_once(
    store: ObjectStore, both: tuple[NewObject, NewObject], seen: _Seen, name: str
) -> None:
    """Write rows and report, unless both exist; raise if another writer changed them meanwhile."""
    if [stored.data for stored in seen if stored] == [new.data for new in both]:
        return
    about = _about(seen[1])
    if about and about.name != name:
        _take_home(store, about.name, seen)
    # Rows are written again even if the bytes are the same: their new generation shows a process
    # that clears another generation's report that these rows are not its own.
    for new, stored in zip(both, seen, strict=True):
        _put(store, new, stored)


def _put(store: ObjectStore, new: NewObject, seen: StoredObject | None) -> None:
    if seen is not None:
        store.replace(new, if_generation=seen.generation)
    elif not store.create([[new]]):  # of another writer, with the same bytes; it may be cleared
        raise ChangedError(message("bucket.written_by_others", name=new.name))


def _take_home(store: ObjectStore, name: str, seen: _Seen) -> None:
    """Copy rows that earlier versions stored under another object's name to their own place."""
    for own, stored in zip(quarantine_names(name), seen, strict=True):
        if stored is not None:
            with contextlib.suppress(ConflictError):
                store.create([[NewObject(own, stored.data)]])


def _clear_former(store: ObjectStore, name: str, generation: int) -> None:
    for names in _places(name)[1:]:
        _clear_place(store, names, name, generation, withdrawn=False)


def _clear_place(
    store: ObjectStore, names: tuple[str, str], name: str, generation: int, *, withdrawn: bool
) -> None:
    for _ in range(_TRIES):
        # The report first: rows that are written later belong to a later report.
        report = look(store, names[1]) if store.find(names[1]) else None
        about, data = _about(report), store.find(names[0])
        if about:
            here = about.name == name
        else:  # rows without a readable report belong to the object that this place is for
            here = names == quarantine_names(name) and (report or data) is not None
        if not here:
            return
        same = about is not None and about.generation == generation
        if not (same if withdrawn else _may_clear(store, name, generation, about)):
            return
        with contextlib.suppress(ChangedError):
            for seen in (report, data):
                if seen is not None:
                    store.delete_generation(seen.name, seen.generation)
            return
    raise TransientError(message("bucket.written_all_the_time", name=names[1]))


def _may_clear(store: ObjectStore, name: str, generation: int, about: Report | None) -> bool:
    found = store.find(name)
    if found is not None:
        return found.generation == generation
    return about is None or about.generation <= generation


def _rejected_bytes(data: bytes, rows: Validated) -> bytes:
    """The header and the rejected lines as they came; the whole file if it is unreadable."""
    if rows.unreadable:
        return data
    header = data.partition(b"\n")[0].rstrip(b"\r")
    return b"\n".join([header, *(row.raw for row in rows.rejected)]) + b"\n"


def _report_bytes(bucket: str, stored: StoredObject, rows: Validated) -> bytes:
    report = {
        "bucket": bucket,
        "object": stored.name,
        "generation": stored.generation,
        "rows_in": rows.rows_in,
        "rows_loaded": rows.rows_loaded,
        "rows_rejected": rows.rows_rejected,
        "unreadable": rows.unreadable,
        "code": rows.unreadable.code if rows.unreadable else "",
        "rows": [
            {
                "line": row.line,
                "code": row.reason.code,
                "column": row.reason.column,
                "reason": row.reason,
                "raw": row.raw.decode("utf-8", "replace"),
            }
            for row in rows.rejected
        ],
    }
    return json.dumps(report, indent=1, ensure_ascii=False).encode() + b"\n"


def _parse_refused(row: Mapping[str, Any]) -> Refused:
    return Refused(
        int(row["line"]), str(row["reason"]), str(row["raw"]),
        str(row.get("code", "")), str(row.get("column", "")),
    )  # fmt: skip
