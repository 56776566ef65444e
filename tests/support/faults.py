"""A spoiler for tests: faults that a test writes by hand."""

from collections.abc import Callable
from dataclasses import dataclass

from core.generation.csv_files import CellFiles
from core.generation.windows import WindowOfDay
from core.storage.delivery import Delivery, clean_delivery
from core.storage.publish import Request


def _no_change(_: WindowOfDay, __: int, delivery: Delivery) -> Delivery:
    return delivery


@dataclass(frozen=True)
class Faults:
    """What `change` makes of each delivery, under the name of a scenario; by default, nothing."""

    name: str
    request: Request
    change: Callable[[WindowOfDay, int, Delivery], Delivery] = _no_change

    def spoil(self, at: WindowOfDay, unit: int, files: CellFiles) -> Delivery:
        """The changed delivery; its manifest names the scenario."""
        clean = clean_delivery(at, unit, self.request.seed, files)
        assert clean.entry
        named = clean._replace(entry=clean.entry._replace(scenario=self.name))
        return self.change(at, unit, named)
