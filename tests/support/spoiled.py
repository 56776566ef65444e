"""Scenarios, and what they make of a request, for tests."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from core.generation.catalog import load_catalog
from core.generation.csv_files import CellFiles, cell_files
from core.generation.windows import WindowOfDay
from core.scenarios.key_entry import KeyEntry
from core.scenarios.scenario import Scenario, read_scenario, scenario_text
from core.scenarios.spoiler import ScenarioSpoiler
from core.storage.delivery import Delivery
from core.storage.request import Request

FIRST = date(2026, 2, 1)
WINDOWS = load_catalog().windows


class Cell(NamedTuple):
    """A cell of a request, clean and spoiled."""

    at: WindowOfDay
    unit: int
    clean: CellFiles
    delivery: Delivery
    entries: Sequence[KeyEntry]


def scenario_of(*faults: Mapping[str, Any], seed: int = 1) -> Scenario:
    """A scenario of these faults."""
    text = scenario_text("tried", ("Tried.", "Tentado."), seed, faults)
    return read_scenario(text, "tried")


def fault(kind: str, share: float = 1.0, **parameters: object) -> dict[str, Any]:
    """A fault that hits a share of its targets."""
    return {"kind": kind, "share": share, "parameters": parameters}


def request_of(days: int = 1, windows: Sequence[int] = range(7), units: int = 2) -> Request:
    """A request for windows by their place in the day."""
    dates = tuple(FIRST + timedelta(days=day) for day in range(days))
    return Request(dates, tuple(WINDOWS[at] for at in windows), tuple(range(1, units + 1)))


def spoil_all(scenario: Scenario, request: Request) -> list[Cell]:
    """Each cell of a request under a scenario."""
    catalog = load_catalog()
    spoiler = ScenarioSpoiler(scenario, request, catalog)
    files = cell_files(request.cells(), request.seed, catalog)
    places = ((at, unit) for at in request.slices for unit in request.units)
    return [
        Cell(at, unit, clean, *spoiler.spoiled(at, unit, clean))
        for (at, unit), clean in zip(places, files, strict=True)
    ]


def sent(delivery: Delivery) -> dict[str, bytes]:
    """The bytes of each object, those that come later included."""
    held = [one.new for one in delivery.held]
    return {new.name: new.data for new in (*delivery.objects, *held)}
