"""A request: which sales to generate."""

from dataclasses import dataclass, replace
from datetime import date

from core.errors import InputError
from core.generation import windows
from core.generation.catalog import Window
from core.generation.cells import MAX_ORDERS, Cells, bulk_cells, window_cells
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import WindowOfDay
from core.messages import message

DAY_ORDERS = (10, 50)  # per unit and day of bulk data, both included

# Requests of more cells are loaded into Bronze in batches, not object by object. A day of seven
# windows of 100 units would be 700 load jobs per table, each a change of the table's metadata, of
# which BigQuery allows 50 in 10 s (cloud.google.com/bigquery/quotas#partitioned_tables).
EVENT_CELLS = 100


@dataclass(frozen=True)
class Request:
    """What to generate: windows of dates for units, under a seed; without windows, whole days.

    Attributes:
        day_orders: Bulk only: fewest and most orders per unit and day, both included.
        part: Whether it is a part of a request with more than `EVENT_CELLS` cells.

    Raises:
        InputError: A value is not valid.
    """

    dates: tuple[date, ...]
    windows: tuple[Window, ...]
    units: tuple[int, ...]
    seed: int = DEFAULT_SEED
    day_orders: tuple[int, int] = DAY_ORDERS
    part: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be generated."""
        if not self.dates or not self.units:
            raise InputError(message("request.empty"))
        for day in self.dates:
            windows.check_date(day)
        windows.check_units(min(self.units))
        windows.check_units(max(self.units))
        windows.check_seed(self.seed)
        fewest, most = self.day_orders
        if not 0 <= fewest <= most <= MAX_ORDERS:
            raise InputError(message("request.orders", fewest=fewest, most=most, limit=MAX_ORDERS))

    @property
    def slices(self) -> list[WindowOfDay]:
        """Each date and window with a manifest; bulk data has one manifest per date."""
        windows = self.windows or (None,)
        return [WindowOfDay(day, window) for day in self.dates for window in windows]

    @property
    def batched(self) -> bool:
        """Whether it has too many objects to load them one by one."""
        return self.part or len(self.slices) * len(self.units) > EVENT_CELLS

    def cells(self) -> Cells:
        """The request's cells: by date, then window, then unit."""
        if self.windows:
            return window_cells(self.dates, self.windows, self.units)
        return bulk_cells(self.dates, self.units, *self.day_orders)

    def on(self, day: date) -> "Request":
        """The part of the request for one date."""
        return replace(self, dates=(day,))
