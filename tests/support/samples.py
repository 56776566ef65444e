"""What several tests make and measure: files of cells, tables of sales, and shares of them."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.generation.catalog import Catalog
from core.generation.cells import Cells, window_cells
from core.generation.csv_files import CellFiles, cell_files
from core.storage.object_store.checksums import crc32c

if TYPE_CHECKING:
    import pandas as pd

# A test of a share fails for one in a million seeds when the share is as claimed. The seeds are
# fixed, so a test that passes once passes always, until the shares change.
ERROR_PROBABILITY = 1e-6


def days(first: date, count: int) -> list[date]:
    """So many dates from the first on."""
    return [first + timedelta(days=n) for n in range(count)]


def files_of(cells: Cells, seed: int, catalog: Catalog) -> list[tuple[bytes, bytes]]:
    """Orders and items of each cell, as bytes."""
    return [(file.orders_csv, file.items_csv) for file in cell_files(cells, seed, catalog)]


def digest(cells: Cells, seed: int, catalog: Catalog) -> list[str]:
    """SHA-256 of orders and items of each cell; plain values, so that processes can hand it on."""
    return [
        hashlib.sha256(orders + items).hexdigest()
        for orders, items in files_of(cells, seed, catalog)
    ]


@dataclass(frozen=True)
class Sales:
    """Tables read back from CSV, with the cell's `day`, `hour` and `unit` on each row."""

    orders: "pd.DataFrame"
    items: "pd.DataFrame"


def read_sales(cells: Cells, files: Sequence[CellFiles]) -> Sales:
    """The rows of many cells' files as two tables, in their order."""
    return Sales(
        _read(cells, [file.orders_csv for file in files], [file.orders for file in files]),
        _read(cells, [file.items_csv for file in files], [file.items for file in files]),
    )


def window_sales(catalog: Catalog, dates: Sequence[date], units: Sequence[int], seed: int) -> Sales:
    """All windows of dates and units as tables."""
    cells = window_cells(dates, catalog.windows, units)
    return read_sales(cells, list(cell_files(cells, seed, catalog)))


def _read(cells: Cells, texts: Sequence[bytes], rows: Sequence[int]) -> "pd.DataFrame":
    import pandas as pd

    header, _, _ = texts[0].partition(b"\n")
    body = b"".join(text.partition(b"\n")[2] for text in texts)
    table = pd.read_csv(io.BytesIO(header + b"\n" + body), sep=";", keep_default_na=False)
    assert len(table) == sum(rows)
    return table.assign(
        day=np.repeat(cells.day, rows),
        hour=np.repeat(cells.hour, rows),
        unit=np.repeat(cells.unit, rows),
    )


def assert_shares(observed: Mapping[Any, int], specified: Mapping[Any, float]) -> None:
    """Chi-square: counts agree with weights, and nothing else was counted."""
    assert set(observed) <= {value for value, weight in specified.items() if weight}
    counts = np.array([observed.get(value, 0) for value in specified], float)
    weights = np.array(list(specified.values()), float)
    kept = weights > 0
    assert kept.sum() > 1, "one choice alone has no shares"
    expected = weights[kept] / weights.sum() * counts.sum()
    assert expected.min() >= 5, "too few for a chi-square"
    from scipy import stats  # heavy

    result = stats.chisquare(counts[kept], expected)
    assert result.pvalue > ERROR_PROBABILITY, dict(zip(specified, counts.tolist(), strict=True))


def assert_independent(one: NDArray[Any], other: NDArray[Any]) -> None:
    """Chi-square on the table of two aligned columns: neither tells about the other."""
    _, rows = np.unique(one, return_inverse=True)
    _, columns = np.unique(other, return_inverse=True)
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    assert min(table.shape) > 1, "a constant is independent of everything"
    from scipy import stats  # heavy

    assert stats.chi2_contingency(table).pvalue > ERROR_PROBABILITY, table.tolist()


def assert_uniform(values: NDArray[Any], choices: Sequence[Any]) -> None:
    """Chi-square: each choice is as likely as any other, and nothing else occurs."""
    found, counts = np.unique(values, return_counts=True)
    observed = dict(zip(found.tolist(), counts.tolist(), strict=True))
    assert_shares(observed, dict.fromkeys(choices, 1))


def with_equal_checksum(data: bytes) -> bytes:
    """Other bytes with the CRC32C and size of some bytes, five of them changed in the middle.

    Added to a text, the polynomial of CRC32C (x^32 first, bits of a byte from the lowest) leaves
    the remainder as it is.
    """
    polynomial = (1 | 0x82F63B78 << 1).to_bytes(5, "little")
    middle = len(data) // 2
    changed = bytes(a ^ b for a, b in zip(data[middle : middle + 5], polynomial, strict=True))
    other = data[:middle] + changed + data[middle + 5 :]
    assert crc32c(other) == crc32c(data)
    return other
