"""Google's prices and free limits, and costs in whole micro-dollars, computed from exact fractions.

All projects of a billing account share its free limits.
"""

import csv
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final

from core.errors import InputError
from core.messages import message

MICRO: Final = 1_000_000  # micro-dollars a dollar
FOLDER: Final = Path(__file__).parent
_REGION: Final = re.compile(r"[a-z]+(?:-[a-z]+)+[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Quantities:
    """What is used in a month: scheduler jobs that exist, calls, operations and bytes.

    The bytes of the bucket and the logical bytes of BigQuery's tables are those at the end of the
    month, counted for the whole month. Bytes of queries are the billed ones.
    """

    scheduler_jobs: int = 0
    generator_calls: int = 0
    processor_calls: int = 0
    storage_bytes: int = 0
    class_a: int = 0
    class_b: int = 0
    table_bytes: int = 0
    query_bytes: int = 0

    @property
    def function_calls(self) -> int:
        """Calls of both functions, which share a limit."""
        return self.generator_calls + self.processor_calls

    def of(self, resource: str) -> int:
        """The quantity of a resource of `prices`."""
        return int(getattr(self, resource))


@dataclass(frozen=True, slots=True)
class Price:
    """A resource: its free quantity per month, and the price beyond it.

    Attributes:
        unit: The unit of sale, such as `GiB`; it is `size` counted pieces.
        free: Free units per month, only in `free_regions` if there are any.
        minimum: The least billed bytes for each table of a query.
        usd: Dollars for `per` units in the free regions; others differ.
        source, read: The page with the price, and year and month in which it was read.
    """

    resource: str
    unit: str
    size: int
    free: int
    free_regions: frozenset[str]
    minimum: int
    usd: Decimal
    per: int
    source: str
    read: str

    def free_quantity(self, *, free_region: bool) -> int:
        """The free quantity in counted pieces: calls, operations, bytes, jobs."""
        given = free_region or not self.free_regions
        return self.free * self.size if given else 0


@dataclass(frozen=True, slots=True)
class Line:
    """A quantity, its free limit (0 if the region has none), and the cost beyond it."""

    price: Price
    quantity: int
    free: int
    micro_usd: int

    @property
    def share(self) -> Fraction | None:
        """The used share of the limit, 1 for all of it; None without a limit."""
        return Fraction(self.quantity, self.free) if self.free else None

    @property
    def over(self) -> bool:
        """Whether the quantity exceeds the limit."""
        return self.quantity > self.free


@dataclass(frozen=True, slots=True)
class GuideRow:
    """A row of the guide's table "Free Tier Usage", word for word."""

    resource: str
    name: str
    this_feature: str
    total_platform: str
    limit: str


@functools.cache
def prices() -> tuple[Price, ...]:
    """All prices, in display order."""
    return tuple(
        Price(
            row["resource"], row["unit"], int(row["size"]), int(row["free"]),
            frozenset(row["free_regions"].split()), int(row["minimum"]), Decimal(row["usd"]),
            int(row["per"]), row["source"], row["read"],
        )
        for row in rows_of("prices.csv")
    )  # fmt: skip


@functools.cache
def guide() -> tuple[GuideRow, ...]:
    """The guide's table, for 50 units and 30 days."""
    return tuple(GuideRow(**row) for row in rows_of("guide.csv"))


@functools.cache
def price(resource: str) -> Price:
    """The price of a resource."""
    return next(each for each in prices() if each.resource == resource)


def is_free_region(region: str) -> bool:
    """Whether Cloud Storage has a free limit in a region such as `us-central1`.

    Raises:
        InputError: The text is not a region's name.
    """
    if not _REGION.fullmatch(region):
        raise InputError(message("request.region", region=region))
    return all(region in each.free_regions for each in prices() if each.free_regions)


def compare_with_limits(quantities: Quantities, *, free_region: bool) -> tuple[Line, ...]:
    """Compare each quantity with its limit; `free_region`: the bucket's region has a free limit."""
    return tuple(_line(each, quantities.of(each.resource), free_region) for each in prices())


def total(lines: Sequence[Line]) -> int:
    """The total cost, in micro-dollars."""
    return sum(line.micro_usd for line in lines)


def billed_bytes(size: int) -> int:
    """The billed bytes of a query for one table of that many bytes."""
    return max(size, price("query_bytes").minimum)


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of this folder."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _line(of: Price, quantity: int, free_region: bool) -> Line:  # noqa: FBT001 - handed on
    free = of.free_quantity(free_region=free_region)
    beyond = max(quantity - free, 0)
    cost = Fraction(beyond, of.size) * Fraction(of.usd) / of.per
    return Line(of, quantity, free, round(cost * MICRO))
