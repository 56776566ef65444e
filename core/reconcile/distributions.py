"""Compare observed and expected shares: how often each value occurs, and how far off that is.

Shares that move with date, window and unit are expected as the mean of the chances of the very
orders that are compared. A z-score is the distance in standard deviations of chance. Among 60
correct figures one beyond 2.6 or so is usual, and none beyond 5. Customers are an exception: orders
are dealt evenly to their rounds, so correct tiers have scores with a standard deviation of 0.8.
"""

import functools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from core.bronze.validation.csv_file import Expected, validate_csv
from core.generation.catalog import Catalog
from core.generation.cells import BULK_HOUR, Cells
from core.generation.columns import ONLINE
from core.generation.contents.baskets import size_chances
from core.generation.contents.channels import online_chances
from core.generation.contents.menus import menu_chances, menu_keys
from core.generation.customers import address_parts
from core.generation.rhythm.level import levels
from core.generation.windows import WHOLE_DAY
from core.storage.object_names import SalesName
from core.warehouse.validated import Validated

_SUBJECTS = ("order_type", "status", "items", "quantity", "note")  # those of the catalog's mixes
_FLAT = ("status", "quantity", "note")  # those that are the same in each window of each date
_TITLES = {"order_type": "order type", "items": "items an order"}


@dataclass(frozen=True, slots=True)
class Share:
    """One figure of the report, such as the share of the value `Finalizado` of `status`.

    Attributes:
        observed, expected: Per cent of the subject; means, as for `orders a cell`, if `mean`.
        count: Rows, or cells, behind the figure.
        z: Standard deviations between the two; infinite if no deviation is possible.
    """

    subject: str
    value: str
    observed: float
    expected: float
    count: int
    z: float
    mean: bool = False


class CellChances(NamedTuple):
    """What is likely in a cell: level and chance to be online, per mille; and its menu."""

    level: int
    online: int
    menu: int


def cell_chances(cells: Cells, seed: int, catalog: Catalog) -> list[CellChances]:
    """The chances of each cell."""
    columns = (
        levels(cells, seed, catalog), online_chances(cells, seed, catalog),
        menu_keys(cells, catalog),
    )  # fmt: skip
    return [CellChances(*of_cell) for of_cell in zip(*(c.tolist() for c in columns), strict=True)]


@dataclass
class _Volume:
    """Cells of a window: their orders, with the mean and variance by their levels."""

    cells: int = 0
    orders: int = 0
    mean: float = 0.0
    variance: float = 0.0


@dataclass
class Tally:
    """Counts what the files of cells hold; `shares` is the report."""

    catalog: Catalog
    _mixes: dict[str, Counter[str]] = field(
        default_factory=lambda: {subject: Counter() for subject in _SUBJECTS}
    )
    _families: Counter[str] = field(default_factory=Counter)
    _menus: Counter[int] = field(default_factory=Counter)
    _kinds: Counter[tuple[int, int]] = field(default_factory=Counter)
    _tiers: Counter[str] = field(default_factory=Counter)
    _volumes: dict[str, _Volume] = field(default_factory=dict)

    def add(
        self,
        cell: SalesName,
        limits: tuple[int, int],
        chances: CellChances,
        files: tuple[bytes, bytes],
    ) -> None:
        """Count the orders and items in a cell's files; rows that Bronze rejects do not count.

        `cell` is either of its names; `limits` are the fewest and the most orders that it can have.
        """
        orders, items = (
            validate_csv(Expected(kind, cell.unit_id, cell.day), data)
            for kind, data in zip(("orders", "order_items"), files, strict=True)
        )
        self._add_volume(cell, limits, chances.level / 1000, orders.rows_loaded)
        self._add_orders(cell.unit_id, orders)
        self._add_items(items)
        self._kinds[chances.online, start_hour(cell.window_tag)] += orders.rows_loaded
        self._menus[chances.menu] += items.rows_loaded

    def shares(self) -> tuple[Share, ...]:
        """Each figure that was or should have been observed; none for a subject without rows."""
        tiers = {tier.name: tier.share for tier in self.catalog.customers}
        return (
            *self._volume_shares(),
            *self._mix_shares(),
            *self._family_shares(),
            *_flat_shares("customers", self._tiers, tiers),
        )

    def _add_volume(
        self, cell: SalesName, limits: tuple[int, int], level: float, orders: int
    ) -> None:
        fewest, most = limits
        volume = self._volumes.setdefault(cell.window_tag or WHOLE_DAY, _Volume())
        volume.cells += 1
        volume.orders += orders
        volume.mean += fewest + (most - fewest) * level
        volume.variance += (most - fewest) * level * (1 - level)

    def _add_orders(self, unit_id: int, orders: Validated) -> None:
        kinds, addresses = orders.columns["tipo_pedido"], orders.columns["endereco_entrega"]
        self._mixes["order_type"].update(map(str, kinds))
        self._mixes["status"].update(map(str, orders.columns["status"]))
        tiers = _tier_of_address(self.catalog, unit_id) if ONLINE in kinds else {}
        self._tiers.update(tiers[text] for text in map(str, addresses) if text in tiers)

    def _add_items(self, items: Validated) -> None:
        columns = items.columns
        family_of = _families(self.catalog)
        sizes = Counter(columns["id_pedido"]).values()
        self._mixes["items"].update(map(str, sizes))
        self._mixes["quantity"].update(map(str, columns["qtd"]))
        self._mixes["note"].update("filled" if note else "empty" for note in columns["observacao"])
        products = map(str, columns["id_produto"])
        self._families.update(family_of[product] for product in products if product in family_of)

    def _volume_shares(self) -> Iterator[Share]:
        for tag, volume in sorted(self._volumes.items()):
            z = _z(volume.orders, volume.mean, volume.variance)
            yield Share(
                "orders a cell", tag, volume.orders / volume.cells, volume.mean / volume.cells,
                volume.cells, z, mean=True,
            )  # fmt: skip

    def _mix_shares(self) -> Iterator[Share]:
        expected = self._expected_kinds()
        for subject, counts in self._mixes.items():
            title = _TITLES.get(subject, subject)
            if subject in _FLAT:
                yield from _flat_shares(title, counts, self.catalog.mixes[subject])
            else:
                yield from _shares(title, counts, expected[subject])

    def _expected_kinds(self) -> dict[str, "_Sums"]:
        """Order types and sizes, by the chances of each order."""
        mixes = self.catalog.mixes
        sums = {subject: _Sums(mixes[subject]) for subject in ("order_type", "items")}
        for (per_mille, hour), count in self._kinds.items():
            chance = per_mille / 1000
            in_store, online = size_chances(np.array([hour]), self.catalog)[0] / 100
            sizes = (1 - chance) * in_store + chance * online
            sums["order_type"].add(count, (chance, 1 - chance))
            sums["items"].add(count, sizes.tolist())
        return sums

    def _family_shares(self) -> Iterator[Share]:
        sums = _Sums(dict.fromkeys(product.family for product in self.catalog.products))
        for menu, count in self._menus.items():
            sums.add(count, _family_chances(menu, self.catalog).values())
        yield from _shares("product family", self._families, sums)


class _Sums:
    """For each value, the mean and variance of how often it occurs in rows of unequal chances."""

    def __init__(self, values: Iterable[str]) -> None:
        self.means = dict.fromkeys(values, 0.0)
        self.variances = dict(self.means)

    def add(self, rows: int, chances: Iterable[float]) -> None:
        """Add rows that have the same chances, one a value."""
        for value, chance in zip(self.means, chances, strict=True):
            self.means[value] += rows * chance
            self.variances[value] += rows * chance * (1 - chance)


def start_hour(window_tag: str | None) -> int:
    """The hour in a cell's coordinates: the window's first hour, or `BULK_HOUR`."""
    return int(window_tag.removeprefix("window_")[:2]) if window_tag else BULK_HOUR


def _flat_shares(subject: str, counts: Counter[str], weights: Mapping[str, int]) -> Iterator[Share]:
    sums = _Sums(weights)
    sums.add(counts.total(), [weight / sum(weights.values()) for weight in weights.values()])
    return _shares(subject, counts, sums)


def _shares(subject: str, counts: Counter[str], sums: _Sums) -> Iterator[Share]:
    total = counts.total()
    for value in [*sums.means, *sorted(set(counts) - set(sums.means))] if total else ():
        mean = sums.means.get(value, 0.0)
        z = _z(counts[value], mean, sums.variances.get(value, 0.0))
        yield Share(subject, value, 100 * counts[value] / total, 100 * mean / total, total, z)


def _z(observed: float, mean: float, variance: float) -> float:
    distance = observed - mean
    if variance > 0:
        return distance / math.sqrt(variance)
    return math.copysign(math.inf, distance) if abs(distance) > 1e-6 else 0.0


@functools.cache
def _families(catalog: Catalog) -> dict[str, str]:
    return {str(product.product_id): product.family for product in catalog.products}


@functools.lru_cache(maxsize=4096)
def _family_chances(menu: int, catalog: Catalog) -> dict[str, float]:
    chances = dict.fromkeys((product.family for product in catalog.products), 0.0)
    for product, chance in zip(catalog.products, menu_chances(menu, catalog), strict=True):
        chances[product.family] += chance
    return chances


@functools.lru_cache(maxsize=1024)
def _tier_of_address(catalog: Catalog, unit_id: int) -> dict[str, str]:
    """The tier of each customer of a unit, by the address in orders."""
    tiers = [tier.name for tier in catalog.customers for _ in range(tier.customers)]
    count = len(tiers)
    units = np.full(count, unit_id, np.uint64)
    parts = address_parts(units, np.arange(1, count + 1), catalog)
    texts = (b"".join(row).decode() for row in zip(*parts.values(), strict=True))
    return dict(zip(texts, tiers, strict=True))
