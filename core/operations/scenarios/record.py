"""The record of a scenario that was applied: all that its key, release and withdrawal need."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.errors import ConflictError, InputError
from core.generation.catalog import MAX_UNIT, Catalog
from core.generation.csv_files import cell_files
from core.generation.windows import MAX_SEED, find_windows
from core.messages import message
from core.scenarios.scenario import NAME, Scenario, read_scenario
from core.scenarios.spoiler import ScenarioSpoiler
from core.storage.delivery import CellOfWindow, Delivery, deliveries
from core.storage.object_names import SCENARIO_PREFIX, scenario_record_name
from core.storage.object_store import NewObject, ObjectStore, look, look_at_all
from core.storage.request import Request
from core.strict_json import (
    Content,
    MalformedError,
    as_content,
    read_content,
    read_list,
    read_text,
    read_whole,
)

_VERSION = 1
_ANY = re.compile(r".*", re.DOTALL)


@dataclass(frozen=True)
class Record:
    """A scenario and the request that it was applied to."""

    scenario: Scenario
    request: Request

    @property
    def name(self) -> str:
        """The record's object name."""
        digest = hashlib.sha256(self.to_bytes()).hexdigest()[:16]
        return scenario_record_name(self.scenario.name, digest)

    def to_bytes(self) -> bytes:
        """The record as JSON: equal records are equal bytes."""
        request = {
            "dates": [day.isoformat() for day in self.request.dates],
            "windows": [window.hours for window in self.request.windows],
            "units": list(self.request.units),
            "seed": self.request.seed,
        }
        content = {
            "version": _VERSION,
            "scenario": self.scenario.name,
            "text": self.scenario.text,
            "request": request,
        }
        return json.dumps(content, ensure_ascii=False).encode() + b"\n"

    def spoiler(self, catalog: Catalog) -> ScenarioSpoiler:
        """What makes the scenario's faults in the request.

        Raises:
            InputError: The request has no windows.
        """
        return ScenarioSpoiler(self.scenario, self.request, catalog)

    def deliveries(self, catalog: Catalog) -> Iterator[tuple[CellOfWindow, Delivery]]:
        """What is delivered of each cell of the request."""
        spoiler, request = self.spoiler(catalog), self.request
        files = cell_files(request.cells(), request.seed, catalog)
        for at in request.slices:
            block = ((unit, next(files)) for unit in request.units)
            yield from deliveries(spoiler, at, block, batched=request.batched)

    def cells(self) -> set[tuple[date, str | None, int]]:
        """Dates, windows and units of the request."""
        slices, units = self.request.slices, self.request.units
        return {(at.day, at.tag, unit) for at in slices for unit in units}


def read_record(name: str, data: bytes, catalog: Catalog) -> Record:
    """Read a record.

    Raises:
        InputError: This version cannot read it.
    """
    try:
        content = read_content(data)
        version = read_whole(content, "version")
        if version != _VERSION:
            raise InputError(message("bucket.version", name=name, version=version, known=_VERSION))
        scenario = read_text(content, "scenario", NAME, "the name of a scenario")
        text = read_text(content, "text", _ANY, "the scenario's file")
        request = _request(as_content(content.get("request"), "'request'"), catalog)
        return Record(read_scenario(text, scenario), request)
    except (MalformedError, ValueError, TypeError) as error:
        raise InputError(message("scenario.no_record", name=name, reason=str(error))) from error


def get_record(store: ObjectStore, name: str, catalog: Catalog) -> Record | None:
    """The record of that object name; None if it was withdrawn.

    Raises:
        InputError: This version cannot read it.
    """
    stored = look(store, name)
    return read_record(name, stored.data, catalog) if stored else None


def list_records(store: ObjectStore, catalog: Catalog) -> list[Record]:
    """The records of the scenarios that are applied.

    Raises:
        InputError: This version cannot read one of them.
    """
    names = [info.name for info in store.list(SCENARIO_PREFIX)]
    found = look_at_all(store, names)
    return [read_record(stored.name, stored.data, catalog) for stored in found if stored]


def find_record(store: ObjectStore, name: str, catalog: Catalog) -> Record:
    """The record of that object name, or the only one of the scenario of that name.

    Raises:
        InputError: There is none, or the scenario was applied to several requests.
    """
    records = list_records(store, catalog)
    found = [one for one in records if name in (one.name, one.scenario.name)]
    if len(found) == 1:
        return found[0]
    if not records:
        raise InputError(message("scenario.none_applied"))
    code = "scenario.several_records" if found else "scenario.not_applied"
    raise InputError(message(code, name=name, known=name_records(found or records)))


def name_records(records: Sequence[Record]) -> list[str]:
    """What `find_record` finds each of them by: the scenario where it was applied once."""
    count = Counter(one.scenario.name for one in records)
    return [
        one.scenario.name if count[one.scenario.name] == 1 else one.name for one in records
    ]  # fmt: skip


def write_record(store: ObjectStore, record: Record) -> None:
    """Write a record; nothing happens if it exists."""
    store.create([[NewObject(record.name, record.to_bytes())]])


def refuse_other_record(store: ObjectStore, record: Record, catalog: Catalog) -> None:
    """Refuse to spoil a cell twice.

    Raises:
        ConflictError: Another record has one of the cells.
        InputError: This version cannot read a record.
    """
    cells = record.cells()
    for other in list_records(store, catalog):
        shared = cells & other.cells() if other.name != record.name else None
        if shared:
            day, tag, unit = min(shared, key=str)
            raise ConflictError(
                message(
                    "scenario.applied_already", scenario=other.scenario.name, name=other.name,
                    unit=unit, day=day, window=tag or "",
                )
            )  # fmt: skip


def _request(content: Content, catalog: Catalog) -> Request:
    dates = [date.fromisoformat(day) for day in _texts(content, "dates")]
    windows = find_windows(_texts(content, "windows"), catalog)
    units = read_list(content, "units")
    if any(type(unit) is not int or not 1 <= unit <= MAX_UNIT for unit in units):
        raise MalformedError(message("malformed.units"))
    seed = read_whole(content, "seed", 0, MAX_SEED)
    return Request(tuple(dates), windows, tuple(units), seed)


def _texts(content: Content, key: str) -> list[Any]:
    return [str(each) for each in read_list(content, key)]
