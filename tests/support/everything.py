"""A scenario with every kind of fault, each for a unit's window or day alone, and its request."""

import itertools
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from core.generation.catalog import load_catalog
from core.operations.scenarios import Record
from core.scenarios.key import answer_key
from core.scenarios.kinds import KINDS
from core.scenarios.scenario import Scenario, read_scenario
from tests.support.scenes import DAY, request

TAGS = ("window_1012", "window_1214")
DATES = (DAY, DAY + timedelta(days=1))
# Where one unit's day shows nothing of the usual parameters.
_PARAMETERS: Mapping[str, Mapping[str, float]] = {
    "order_leak": {"from": 0.9, "to": 0.9},
    "price_drift": {"products": 30},
}
# What concerns both windows of a unit's day.
_WHOLE_DAYS = {kind.name for kind in KINDS.values() if kind.target == "unit"} | {
    "copied_into_other_window", "window_late", "objects_out_of_order",
}  # fmt: skip
UNITS = range(1, 12)


def scenario_of(text: str, name: str = "everything") -> Scenario:
    """A scenario with these faults, as TOML."""
    head = f'name = "{name}"\nsentence = "A test."\nsentence_pt = "Um teste."\n'
    return read_scenario(head + text, name)


def fault(
    kind: str,
    unit: int,
    day: int = 0,
    parameters: Mapping[str, str | float] = MappingProxyType({}),
    window: str = "",
) -> str:
    """One fault of a kind for a unit on a date of the request, or in a window of it, as TOML."""
    lines = ["[[faults]]", f'kind = "{kind}"', "count = 1", f"units = [{unit}, {unit}]"]
    lines += [f'windows = ["{window}"]'] if window else []
    lines += [f"days = [{day}, {day}]", "[faults.parameters]"]
    lines += [f"{name} = {value!r}" for name, value in parameters.items()]
    return "\n".join(lines) + "\n"


def everything() -> Record:
    """A record with a fault of each kind."""
    days = itertools.product(UNITS, range(len(DATES)))
    text = ""
    for kind in sorted(_WHOLE_DAYS):
        text += fault(kind, *next(days), _PARAMETERS.get(kind, {}))
    windows = ((*day, tag) for day in days for tag in TAGS)
    for kind, (unit, day, tag) in zip(sorted(KINDS.keys() - _WHOLE_DAYS), windows, strict=False):
        text += fault(kind, unit, day, _PARAMETERS.get(kind, {}), tag)
    return Record(scenario_of(text), request(*TAGS, units=UNITS, dates=DATES))


def kinds_hit(record: Record) -> set[str]:
    """The kinds of fault that the scenario makes in the request."""
    key = answer_key(record.scenario, record.request, load_catalog())
    return {entry.kind for entry in key}
