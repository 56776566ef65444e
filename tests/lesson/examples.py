"""An example of each kind of fault: what a clean and a spoiled window deliver."""

import difflib
import itertools
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from core.generation.catalog import load_catalog
from core.generation.csv_files import cell_files
from core.scenarios.kinds import Kind
from core.scenarios.scenario import Scenario, read_scenario
from core.scenarios.spoiler import ScenarioSpoiler
from core.storage.delivery import clean_delivery
from core.storage.object_names import SALES_PREFIX
from core.storage.publish import Request

_REQUEST = Request((date(2026, 2, 6), date(2026, 2, 7)), load_catalog().windows, (1, 2, 3))
_MOST_LINES, _MOST_OBJECTS = 2, 4
_FIELD, _LINE = 14, 110  # characters that are shown


class _Delivered(NamedTuple):
    """Objects by their names, and the moments at which others come; None: never."""

    objects: Mapping[str, bytes]
    later: Mapping[str, datetime | None]


def describe_example(kind: Kind) -> str:
    """What a fault of a kind changes, as a diff of objects: changed, gone, new, or later."""
    text = (
        'name = "example"\nsentence = "An example."\nsentence_pt = "Um exemplo."\n'
        f'[[faults]]\nkind = "{kind.name}"\ncount = 1\n'
    )
    # A leak grows from the first date on; of all others the second date shows one.
    day = "" if kind.name == "order_leak" else "days = [1, 1]\n"
    scenario = read_scenario(text + day, "example")
    return "\n".join(_describe(_deliver(None), _deliver(scenario)))


def _deliver(scenario: Scenario | None) -> _Delivered:
    catalog = load_catalog()
    spoiler = ScenarioSpoiler(scenario, _REQUEST, catalog) if scenario else None
    objects, later = dict[str, bytes](), dict[str, datetime | None]()
    cells = itertools.product(_REQUEST.slices, _REQUEST.units)
    files = cell_files(_REQUEST.cells(), _REQUEST.seed, catalog)
    for (at, unit), clean in zip(cells, files, strict=True):
        delivery = (
            spoiler.spoil(at, unit, clean)
            if spoiler
            else clean_delivery(at, unit, _REQUEST.seed, clean)
        )
        objects.update((new.name, new.data) for new in delivery.objects)
        later.update((held.new.name, held.moment) for held in delivery.held)
    return _Delivered(objects, later)


def _describe(clean: _Delivered, spoiled: _Delivered) -> Iterator[str]:
    """Lines of a diff; of many objects the first ones."""
    names = sorted({*clean.objects, *spoiled.objects})
    changed = [name for name in names if clean.objects.get(name) != spoiled.objects.get(name)]
    for name in changed[:_MOST_OBJECTS]:
        place = f"@@ {name.removeprefix(SALES_PREFIX)} @@"
        before, after = clean.objects.get(name, b""), spoiled.objects.get(name)
        if after is None:
            moment = spoiled.later.get(name)
            yield place + (f" comes at {moment:%Y-%m-%d %H:%M} UTC" if moment else " never comes")
        else:
            yield place + ("" if before else " a new object")
            yield from _differ(before, after)
    if len(changed) > _MOST_OBJECTS:
        yield f"… and {len(changed) - _MOST_OBJECTS} more objects"
    if not changed:
        yield "  the same objects with the same bytes, written again"


def _differ(before: bytes, after: bytes) -> Iterator[str]:
    """Lines that were and lines that are instead, the first ones of each."""
    old, new = before.split(b"\n"), after.split(b"\n")
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changes = [step for step in steps if step[0] != "equal"]
    gone = [line for _, start, stop, _, _ in changes for line in old[start:stop] if line]
    come = [line for *_, start, stop in changes for line in new[start:stop] if line]
    for sign, lines in (("-", gone), ("+", come)):
        yield from (f"{sign} {_shorten(line)}" for line in lines[:_MOST_LINES])
        if len(lines) > _MOST_LINES:
            yield f"{sign} … {len(lines) - _MOST_LINES} more"


def _shorten(line: bytes) -> str:
    """A line with long fields cut; one that is no text as its bytes."""
    try:
        fields = line.decode().split(";")
    except UnicodeDecodeError:
        fields = [repr(line)[2:-1]]
    if len(fields) > 2:
        fields = [_cut(field, _FIELD) for field in fields]
    return _cut(";".join(fields), _LINE)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
