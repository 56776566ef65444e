"""Preview what a request would generate: counts by slice, unit and product."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from core.errors import InputError
from core.generation.catalog import Catalog, Window
from core.messages import message
from core.storage.publish import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.generation.cells import Cells

# More than a page can wait for: some 3 million rows a second and core (docs/performance.md).
MOST_CELLS: Final = 100_000
_BLOCK_CELLS = 10_000


class Count(NamedTuple):
    """Orders and items of a part of the request, and the value of the orders in cents."""

    orders: int
    items: int
    value_cents: int


class Sold(NamedTuple):
    """A product of the request: pieces, and their price in cents."""

    name: str
    quantity: int
    value_cents: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a request would generate, by slice in its order, by unit number, and by all products."""

    slices: dict[tuple[date, Window | None], Count]
    units: dict[int, Count]
    products: tuple[Sold, ...]

    @property
    def total(self) -> Count:
        """All of it."""
        return Count(*(sum(column) for column in zip(*self.units.values(), strict=True)))


def preview(request: Request, catalog: Catalog) -> Preview:
    """Count what a request would generate, exactly, from its rows.

    Raises:
        InputError: The request has more than `MOST_CELLS` cells.
    """
    import numpy as np

    count = len(request.slices) * len(request.units)
    if count > MOST_CELLS:
        raise InputError(message("request.preview", count=count, most=MOST_CELLS))
    by_cell = np.zeros((count, 3), np.int64)
    sold = np.zeros((len(catalog.products), 2), np.int64)
    for start, cells in _blocks(request.cells(), count):
        of_cells, of_products = _count(cells, request.seed, catalog)
        by_cell[start : start + len(cells)] = of_cells
        sold += of_products
    table = by_cell.reshape(len(request.slices), len(request.units), 3)
    return Preview(
        slices=dict(zip(request.slices, _counts(table.sum(axis=1)), strict=True)),
        units=dict(zip(request.units, _counts(table.sum(axis=0)), strict=True)),
        products=tuple(
            Sold(product.name, *map(int, row))
            for product, row in zip(catalog.products, sold, strict=True)
        ),
    )


def _blocks(cells: "Cells", count: int) -> "Iterator[tuple[int, Cells]]":
    """Blocks of cells, which bound the memory."""
    for start in range(0, count, _BLOCK_CELLS):
        yield start, cells.part(start, min(start + _BLOCK_CELLS, count))


def _count(cells: "Cells", seed: int, catalog: Catalog) -> tuple[Any, Any]:
    """Count orders, items and cents of each cell, and pieces and cents of each product."""
    import numpy as np

    from core.generation.orders import generate

    orders, items = generate(cells, seed, catalog)
    size, products = len(cells), len(catalog.products)
    of_cells = np.stack((
        np.bincount(orders.cell, minlength=size),
        np.bincount(orders.cell[items.order], minlength=size),
        np.bincount(orders.cell, weights=orders.value_cents, minlength=size),
    ), axis=1)  # fmt: skip
    pieces = np.bincount(items.product, weights=items.quantity, minlength=products)
    prices = np.array([product.price_cents for product in catalog.products])
    return of_cells.astype(np.int64), np.stack((pieces, pieces * prices), axis=1).astype(np.int64)


def _counts(rows: Any) -> list[Count]:  # noqa: ANN401 - an array of three columns
    return [Count(*map(int, row)) for row in rows]
