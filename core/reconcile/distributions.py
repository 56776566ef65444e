"""Compare observed and specified shares: how often each value occurs, and how far off that is.

A z-score is the distance from the specification in standard deviations of chance. Among 60 correct
figures one beyond 2.6 or so is usual, and none beyond 5.
"""

import functools
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from core.bronze.validation.csv_file import Expected, validate_csv
from core.generation.catalog import Catalog
from core.generation.cells import BULK_HOUR
from core.generation.columns import ONLINE
from core.generation.customers import address_parts
from core.generation.orders import menu_weights
from core.generation.windows import WHOLE_DAY
from core.storage.object_names import SalesName
from core.warehouse.validated import Validated

_SUBJECTS = ("order_type", "status", "items", "quantity", "note")  # those of the catalog's mixes
_TITLES = {"order_type": "order type", "items": "items an order"}


@dataclass(frozen=True, slots=True)
class Share:
    """One figure of the report, such as the share of the value `Finalizado` of `status`.

    Attributes:
        observed, specified: Per cent of the subject; means, as for `orders a cell`, if `mean`.
        count: Rows, or cells, behind the figure.
        z: Standard deviations between the two; infinite if no deviation is possible.
    """

    subject: str
    value: str
    observed: float
    specified: float
    count: int
    z: float
    mean: bool = False


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
    _menus: Counter[tuple[date, int]] = field(default_factory=Counter)
    _tiers: Counter[str] = field(default_factory=Counter)
    _volumes: dict[str, _Volume] = field(default_factory=dict)

    def add(
        self, cell: SalesName, limits: tuple[int, int], level: int, files: tuple[bytes, bytes]
    ) -> None:
        """Count the orders and items in a cell's files; rows that Bronze rejects do not count.

        `cell` is either of its names; `limits` are the fewest and the most orders that it can have,
        `level` says where between them the mean is, per mille.
        """
        orders, items = (
            validate_csv(Expected(kind, cell.unit_id, cell.day), data)
            for kind, data in zip(("orders", "order_items"), files, strict=True)
        )
        self._add_volume(cell, limits, level / 1000, orders.rows_loaded)
        self._add_orders(cell.unit_id, orders)
        self._add_items(cell, items)

    def shares(self) -> tuple[Share, ...]:
        """Each figure that was or should have been observed; none for a subject without rows."""
        tiers = {tier.name: tier.share for tier in self.catalog.customers}
        return (
            *self._volume_shares(),
            *self._mix_shares(),
            *self._family_shares(),
            *_shares("customers", self._tiers, tiers),
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

    def _add_items(self, cell: SalesName, items: Validated) -> None:
        columns = items.columns
        family_of = _families(self.catalog)
        sizes = Counter(columns["id_pedido"]).values()
        self._mixes["items"].update(map(str, sizes))
        self._mixes["quantity"].update(map(str, columns["qtd"]))
        self._mixes["note"].update("filled" if note else "empty" for note in columns["observacao"])
        products = map(str, columns["id_produto"])
        self._families.update(family_of[product] for product in products if product in family_of)
        self._menus[cell.day, start_hour(cell.window_tag)] += items.rows_loaded

    def _volume_shares(self) -> Iterator[Share]:
        for tag, volume in sorted(self._volumes.items()):
            z = _z(volume.orders, volume.mean, volume.variance)
            yield Share(
                "orders a cell", tag, volume.orders / volume.cells, volume.mean / volume.cells,
                volume.cells, z, mean=True,
            )  # fmt: skip

    def _mix_shares(self) -> Iterator[Share]:
        for subject, counts in self._mixes.items():
            yield from _shares(_TITLES.get(subject, subject), counts, self.catalog.mixes[subject])

    def _family_shares(self) -> Iterator[Share]:
        """Shares of the product families; they differ by window, so means and variances add up."""
        total = self._families.total()
        means: defaultdict[str, float] = defaultdict(float)
        variances: defaultdict[str, float] = defaultdict(float)
        for (day, hour), count in self._menus.items():
            for family, share in _family_shares(self.catalog, day, hour).items():
                means[family] += count * share
                variances[family] += count * share * (1 - share)
        for family, mean in means.items() if total else ():
            observed = self._families[family]
            z = _z(observed, mean, variances[family])
            yield Share("product family", family, 100 * observed / total, 100 * mean / total,
                        total, z)  # fmt: skip


def start_hour(window_tag: str | None) -> int:
    """The hour in a cell's coordinates: the window's first hour, or `BULK_HOUR`."""
    return int(window_tag.removeprefix("window_")[:2]) if window_tag else BULK_HOUR


def _shares(subject: str, counts: Counter[str], weights: Mapping[str, int]) -> Iterator[Share]:
    total = counts.total()
    for value in [*weights, *sorted(set(counts) - set(weights))] if total else ():
        share = weights.get(value, 0) / sum(weights.values())
        z = _z(counts[value], total * share, total * share * (1 - share))
        yield Share(subject, value, 100 * counts[value] / total, 100 * share, total, z)


def _z(observed: float, mean: float, variance: float) -> float:
    distance = observed - mean
    if variance > 0:
        return distance / math.sqrt(variance)
    return math.copysign(math.inf, distance) if abs(distance) > 1e-6 else 0.0


@functools.cache
def _families(catalog: Catalog) -> dict[str, str]:
    return {str(product.product_id): product.family for product in catalog.products}


@functools.lru_cache(maxsize=4096)
def _family_shares(catalog: Catalog, day: date, hour: int) -> dict[str, float]:
    weights = menu_weights(catalog, day, hour)
    shares = dict.fromkeys((product.family for product in catalog.products), 0.0)
    for product, weight in zip(catalog.products, weights, strict=True):
        shares[product.family] += weight / sum(weights)
    return shares


@functools.lru_cache(maxsize=1024)
def _tier_of_address(catalog: Catalog, unit_id: int) -> dict[str, str]:
    """The tier of each customer of a unit, by the address in orders."""
    tiers = [tier.name for tier in catalog.customers for _ in range(tier.customers)]
    count = len(tiers)
    units = np.full(count, unit_id, np.uint64)
    parts = address_parts(units, np.arange(1, count + 1), catalog)
    texts = (b"".join(row).decode() for row in zip(*parts.values(), strict=True))
    return dict(zip(texts, tiers, strict=True))
