"""What a scenario hits of a request, before any file is made."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from core.errors import InputError
from core.generation.catalog import Catalog, Window
from core.messages import message
from core.scenarios.scenario import Fault, Scenario
from core.scenarios.selection import Hits, Targets, find_hits
from core.storage.request import Request


class PlannedHit(NamedTuple):
    """A fault of the scenario that hits a unit's window of a date.

    Attributes:
        fault: The fault's position in the scenario.
        rows: How many orders or items it hits; 0 where it hits files or the whole unit.
    """

    fault: int
    kind: str
    day: date
    window: Window
    unit: int
    rows: int


def plan(scenario: Scenario, request: Request, catalog: Catalog) -> list[PlannedHit]:
    """What each fault hits, by fault, then date, window and unit.

    A fault that finds its file lost, or its row hit, by another one does nothing there.

    Raises:
        InputError: The request has no windows.
    """
    check_request(scenario, request)
    targets = Targets(request, catalog)
    return [
        hit
        for fault in scenario.faults
        for hit in _planned(fault, request, find_hits(fault, scenario.seed, targets))
    ]


def check_request(scenario: Scenario, request: Request) -> None:
    """Raise `InputError` if a request has no windows: whole days have no faults."""
    if not request.windows:
        raise InputError(message("bucket.scenario_windows", scenario=scenario.name))


def _planned(fault: Fault, request: Request, hits: Hits) -> Sequence[PlannedHit]:
    """The hits by cell."""
    cells, counts = np.unique(hits.cell, return_counts=True)
    per_row = bool(hits.order.any())
    shape = (len(request.dates), len(request.windows), len(request.units))
    places = zip(*(axis.tolist() for axis in np.unravel_index(cells, shape)), strict=True)
    return [
        PlannedHit(
            fault.position, fault.kind, request.dates[day], request.windows[window],
            request.units[unit], count if per_row else 0,
        )
        for (day, window, unit), count in zip(places, counts.tolist(), strict=True)
    ]  # fmt: skip
