"""The answer key: every fault of a scenario in a request, with the right value where there is one.

It is a pure function of scenario, request and catalog: each cell is spoiled once more, and what was
done to it is the key. Nothing that was published is read.
"""

import csv
import io
import json
from collections.abc import Iterable

from core.generation.catalog import Catalog
from core.generation.csv_files import cell_files
from core.scenarios.key_entry import KeyEntry
from core.scenarios.scenario import Scenario
from core.scenarios.spoiler import ScenarioSpoiler
from core.storage.request import Request

__all__ = ["COLUMNS", "KeyEntry", "answer_key", "key_csv", "key_json"]

COLUMNS = tuple(name.removesuffix("_") for name in KeyEntry._fields)


def answer_key(scenario: Scenario, request: Request, catalog: Catalog) -> list[KeyEntry]:
    """Every fault, by date, window and unit, then in the order in which the faults were made.

    Raises:
        InputError: The request has no windows.
    """
    spoiler = ScenarioSpoiler(scenario, request, catalog)
    files = cell_files(request.cells(), request.seed, catalog)
    cells = ((at, unit) for at in request.slices for unit in request.units)
    return _merged(
        entry
        for (at, unit), clean in zip(cells, files, strict=True)
        for entry in spoiler.spoiled(at, unit, clean).entries
    )


def key_csv(entries: Iterable[KeyEntry]) -> str:
    """The key as CSV with a header line, separated by commas; moments are ISO 8601."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_values(entry) for entry in entries)
    return text.getvalue()


def key_json(entries: Iterable[KeyEntry]) -> str:
    """The key as a JSON list with an object for each entry; moments are ISO 8601."""
    rows = [dict(zip(COLUMNS, _values(entry), strict=True)) for entry in entries]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


def _values(entry: KeyEntry) -> tuple[str | int, ...]:
    return tuple(entry._replace(appears=entry.appears.isoformat()))  # type: ignore[arg-type]


def _merged(entries: Iterable[KeyEntry]) -> list[KeyEntry]:
    """One entry for a unit's folder of a date, which counts the orders of all its windows."""
    folders: dict[tuple[int, str], int] = {}
    merged = list[KeyEntry]()
    for entry in entries:
        place = folders.get((entry.fault, entry.object))
        if place is None:
            if entry.object.endswith("/"):
                folders[entry.fault, entry.object] = len(merged)
            merged.append(entry)
        else:
            merged[place] = _added(merged[place], entry)
    return merged


def _added(one: KeyEntry, other: KeyEntry) -> KeyEntry:
    return one._replace(
        was=str(int(one.was) + int(other.was)), is_=str(int(one.is_) + int(other.is_))
    )
