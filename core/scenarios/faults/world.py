"""The cells of a request with their hits, for faults in which one cell depends on another."""

import functools
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import numpy as np

from core.generation.catalog import Catalog
from core.generation.cells import EPOCH, MAX_ORDERS, Cells
from core.generation.csv_files import CellFiles, cell_files
from core.generation.windows import WindowOfDay, is_covered, window_start
from core.scenarios.faults.draft import files_of
from core.scenarios.scenario import Fault, Scenario
from core.scenarios.selection import Hits, Targets, find_hits
from core.storage.request import Request

# Kinds by which the window after the hit one gets rows of it.
GIVERS = ("clock_skew", "copied_into_other_window")
# Kinds that decide which rows a cell has; at most one of them does.
MOVERS = ("yesterday_again", "clock_skew", "spike", "order_leak")


class World:
    """A request under a scenario; clean files of other cells are generated when needed."""

    def __init__(self, scenario: Scenario, request: Request, catalog: Catalog) -> None:
        self.scenario, self.request, self.catalog = scenario, request, catalog
        self._days = {day: place for place, day in enumerate(request.dates)}
        self._windows = {window.tag: place for place, window in enumerate(request.windows)}
        self._units = {unit: place for place, unit in enumerate(request.units)}

    @functools.cached_property
    def _hits(self) -> list[Mapping[int, frozenset[tuple[int, int]]]]:
        """For each fault, the rows that it hits by the position of their cell."""
        targets = Targets(self.request, self.catalog)
        return [
            _by_cell(find_hits(fault, self.scenario.seed, targets))
            for fault in self.scenario.faults
        ]

    def is_requested(self, at: WindowOfDay, unit: int) -> bool:
        """Whether a cell belongs to the request."""
        return at.day in self._days and at.tag in self._windows and unit in self._units

    def rows_hit(self, fault: Fault, at: WindowOfDay, unit: int) -> frozenset[tuple[int, int]]:
        """Numbers of the orders and items that a fault hits; (0, 0) for a whole cell."""
        if not self.is_requested(at, unit):
            return frozenset()
        place = self._days[at.day] * len(self._windows) + self._windows[str(at.tag)]
        hits = self._hits[fault.position]
        return hits.get(place * len(self._units) + self._units[unit], frozenset())

    def silent(self, at: WindowOfDay, unit: int) -> Fault | None:
        """The fault for which nothing of a cell is published."""
        return next(self._hitting(("unit_silent",), at, unit), None)

    def lost_files(self, at: WindowOfDay, unit: int) -> frozenset[str]:
        """The files of a cell in which another fault leaves no row to be read."""
        return frozenset(
            file
            for fault in self.scenario.faults
            if fault.about.spoils_file and self.rows_hit(fault, at, unit)
            for file in files_of(fault)
        )

    def mover(self, at: WindowOfDay, unit: int) -> Fault | None:
        """The fault that decides which rows a cell has; None: its clean ones."""
        possible = (fault for fault in self._hitting(MOVERS, at, unit) if self.is_open(at, unit))
        return next((fault for fault in possible if self._may_move(fault, at, unit)), None)

    def _may_move(self, fault: Fault, at: WindowOfDay, unit: int) -> bool:
        """Whether there is a next file for the rows of a cell, or a day before for others."""
        if fault.kind == "clock_skew":
            return self.is_open(self.after(at), unit)
        return fault.kind != "yesterday_again" or is_covered(at.day - timedelta(days=1))

    def is_open(self, at: WindowOfDay, unit: int) -> bool:
        """Whether both files of a requested cell are published with all rows to be read."""
        if not self.is_requested(at, unit) or self.silent(at, unit):
            return False
        cut = next(self._hitting(("truncated",), at, unit), None)
        return not cut and not self.lost_files(at, unit)

    def is_clean(self, at: WindowOfDay, unit: int) -> bool:
        """Whether no fault hits a cell, or the one before it from which rows may come."""
        before = self.after(at, -1)
        cells = (at, before, WindowOfDay(at.day, before.window))
        return not any(
            self.rows_hit(fault, cell, unit)
            for fault in self.scenario.faults
            for cell in (cells if fault.kind in GIVERS else cells[:1])
        )

    def after(self, at: WindowOfDay, windows: int = 1) -> WindowOfDay:
        """The window that comes a number of windows later, or earlier, in days of all windows."""
        all_windows = self.catalog.windows
        place = [window.tag for window in all_windows].index(str(at.tag)) + windows
        days, place = divmod(place, len(all_windows))
        return WindowOfDay(at.day + timedelta(days=days), all_windows[place])

    def starts(self, at: WindowOfDay) -> datetime:
        """When a window's data is published: at its start."""
        (window,) = at.windows
        return window_start(at.day, window)

    def clean(self, at: WindowOfDay, unit: int, orders: int | None = None) -> CellFiles:
        """The clean files of a cell; with another number of orders, the first ones are equal."""
        (window,) = at.windows
        fewest, most = window.min_orders, window.max_orders
        if orders is not None:
            fewest = most = min(orders, MAX_ORDERS)
        values = ((at.day - EPOCH).days, window.start_hour, unit, fewest, most)
        cells = Cells(*(np.array([value], np.uint64) for value in values))
        return next(cell_files(cells, self.request.seed, self.catalog))

    def _hitting(self, kinds: tuple[str, ...], at: WindowOfDay, unit: int) -> Iterator[Fault]:
        """The faults of some kinds that hit a cell."""
        faults = (fault for fault in self.scenario.faults if fault.kind in kinds)
        return (fault for fault in faults if self.rows_hit(fault, at, unit))


def _by_cell(hits: Hits) -> Mapping[int, frozenset[tuple[int, int]]]:
    rows: dict[int, set[tuple[int, int]]] = {}
    columns = (hits.cell.tolist(), hits.order.tolist(), hits.item.tolist())
    for cell, order, item in zip(*columns, strict=True):
        rows.setdefault(cell, set()).add((order, item))
    return {cell: frozenset(numbers) for cell, numbers in rows.items()}
