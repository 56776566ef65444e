"""The golden file: hashes of the bytes of some hundred cells, to hold data that exists in place.

    python -m tests.support.make_golden              add cells that the file does not have yet
    python -m tests.support.make_golden --replace    write all hashes anew: data that exists changes

Without `--replace` it refuses when a cell that the file has would change.
"""

import argparse
import hashlib
import itertools
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from core.generation.catalog import MAX_UNIT, Catalog, load_catalog
from core.generation.cells import Cells, bulk_cells, window_cells
from core.generation.csv_files import cell_files
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import FIRST_DATE, LAST_DATE, MAX_SEED

FILE = Path(__file__).parent.parent / "golden" / "cells.json"

_SEEDS = (DEFAULT_SEED, 0, 1, 42, MAX_SEED)
_DATES = (
    FIRST_DATE, date(2016, 2, 29), date(2018, 11, 4), date(2026, 2, 1), date(2050, 6, 15),
    LAST_DATE,
)  # fmt: skip
_UNITS = (1, 7, 50, 51, 999, 1000, 99_999, MAX_UNIT)
_DAY_ORDERS = ((10, 50), (1, 3), (200, 220))


def golden_cells(catalog: Catalog) -> Iterator[tuple[str, Cells, int]]:
    """Each cell's name in the file, the cell, and its seed."""
    places = itertools.product(_DATES, catalog.windows[:7], _UNITS)
    for (day, window, unit), seed in zip(places, itertools.cycle(_SEEDS), strict=False):
        name = f"seed_{seed}/{day}/{window.tag}/unit_{unit:03d}"
        yield name, window_cells([day], [window], [unit]), seed
    days = zip(
        itertools.product(_DATES, _UNITS),
        itertools.cycle(_SEEDS),
        itertools.cycle(_DAY_ORDERS),
        strict=False,
    )
    for (day, unit), seed, orders in days:
        name = f"seed_{seed}/{day}/day_{orders[0]}_{orders[1]}/unit_{unit:03d}"
        yield name, bulk_cells([day], [unit], *orders), seed


def hashes() -> dict[str, str]:
    """SHA-256 of orders followed by items, of each golden cell as it is generated now."""
    catalog = load_catalog()
    made = {}
    for name, cells, seed in golden_cells(catalog):
        (file,) = cell_files(cells, seed, catalog)
        made[name] = hashlib.sha256(file.orders_csv + file.items_csv).hexdigest()
    return made


def main() -> int:
    """Write the golden file; exit code 1 when that would change what it has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replace", action="store_true")
    replace: bool = parser.parse_args().replace
    before: dict[str, str] = json.loads(FILE.read_text()) if FILE.exists() else {}
    after = hashes()
    changed = [name for name, value in before.items() if after.get(name) != value]
    if changed and not replace:
        sys.stderr.write(f"{len(changed)} cells would change, {changed[0]} among them.\n")
        return 1
    FILE.write_text(json.dumps(after, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
