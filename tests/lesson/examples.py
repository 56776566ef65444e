"""An example of each kind of fault: the objects of a clean and of a spoiled publication."""

import difflib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from core.generation.catalog import load_catalog
from core.scenarios.kinds import Kind
from core.scenarios.scenario import Scenario, read_scenario
from core.storage.object_names import SALES_PREFIX, parse_held_name
from core.storage.object_store.local import output_store
from core.storage.publish import Request, publish

_DATES = (date(2026, 2, 6), date(2026, 2, 7))
_MOST_LINES, _MOST_OBJECTS = 2, 4
_FIELD, _LINE = 14, 110  # characters that are shown
# A fault of one target seldom shows what these do.
_AMOUNT = {"order_leak": "share = 1.0", "unit_silent": "count = 1"}


def example_scenario(kind: Kind) -> Scenario:
    """A scenario with a single fault of a kind, on the second of two dates."""
    amount = _AMOUNT.get(kind.name, "count = 1")
    text = (
        'name = "example"\nsentence = "An example."\nsentence_pt = "Um exemplo."\n'
        f'[[faults]]\nkind = "{kind.name}"\n{amount}\ndays = [1, 1]\n'
    )
    return read_scenario(text, "example")


def example_of(kind: Kind, folder: Path) -> str:
    """What a fault of a kind changes, as a diff: objects that changed, went, came or come later."""
    request = Request(_DATES, load_catalog().windows, (1, 2, 3))
    clean = _publish(request, None, folder / "clean")
    spoiled = _publish(request, example_scenario(kind), folder / kind.name)
    return "\n".join(_describe(clean, spoiled))


def _publish(request: Request, scenario: Scenario | None, folder: Path) -> dict[str, bytes]:
    """The objects of a publication, by name."""
    store, catalog = output_store(str(folder)), load_catalog()
    spoiler = ScenarioSpoiler(scenario, request, catalog) if scenario else None
    publish(store, request, catalog, spoiler=spoiler)
    return {info.name: store.read(info.name).data for info in store.list("raw/")}


def _describe(clean: Mapping[str, bytes], spoiled: Mapping[str, bytes]) -> Iterator[str]:
    """Lines of a diff of two publications; of many objects the first ones."""
    held = {found.name: found.moment for found in map(parse_held_name, spoiled) if found}
    changed = [
        name for name in sorted({*clean, *spoiled})
        if name.startswith(SALES_PREFIX) and clean.get(name) != spoiled.get(name)
    ]  # fmt: skip
    for name in changed[:_MOST_OBJECTS]:
        short = name.removeprefix(SALES_PREFIX)
        before, after = clean.get(name), spoiled.get(name)
        if after is None:
            comes = f"comes at {held[name]:%Y-%m-%d %H:%M} UTC" if held.get(name) else "never comes"
            yield f"@@ {short} @@ {comes}"
        else:
            yield f"@@ {short} @@" + ("" if before else " a new object")
            yield from _differ(before or b"", after)
    if len(changed) > _MOST_OBJECTS:
        yield f"… and {len(changed) - _MOST_OBJECTS} more objects"
    if not changed:
        yield "  the same objects with the same bytes, written again"


def _differ(before: bytes, after: bytes) -> Iterator[str]:
    """Lines that were and lines that are instead, the first ones of each."""
    old, new = before.split(b"\n"), after.split(b"\n")
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changes = [step for step in steps if step[0] != "equal"]
    for sign, lines in (
        ("-", [line for _, start, stop, _, _ in changes for line in old[start:stop]]),
        ("+", [line for *_, start, stop in changes for line in new[start:stop]]),
    ):
        lines = [line for line in lines if line]
        yield from (f"{sign} {_shorten(line)}" for line in lines[:_MOST_LINES])
        if len(lines) > _MOST_LINES:
            yield f"{sign} … {len(lines) - _MOST_LINES} more"


def _shorten(line: bytes) -> str:
    """A line with long fields cut; one that is no text as its bytes."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = repr(line)[2:-1]
    fields = text.split(";")
    if len(fields) > 2:
        text = ";".join(f if len(f) <= _FIELD else f[: _FIELD - 1] + "…" for f in fields)
    return text if len(text) <= _LINE else text[: _LINE - 1] + "…"
