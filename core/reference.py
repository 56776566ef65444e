"""The reference files: products, units, states and countries, as the platform publishes them."""

import functools

from core.catalog import Catalog
from core.columns import header_line
from core.errors import InputError
from core.names import REFERENCE_FILES, reference_name
from core.object_store import ObjectStore, look, update


def publish_reference(store: ObjectStore, catalog: Catalog, units: int) -> int:
    """Write the reference objects that are missing or out of date; say how many were.

    The units' file never shrinks: it covers the units asked for and those it has already.
    """
    return sum(
        update(store, reference_name(kind), functools.partial(_reference, kind, catalog, units))
        for kind in REFERENCE_FILES
    )


def _reference(kind: str, catalog: Catalog, units: int, before: bytes | None) -> bytes:
    covered = max(units, _data_lines(before or b"")) if kind == "units" else units
    return reference_csv(kind, catalog, covered)


def known_units(store: ObjectStore) -> int:
    """How many units the published reference data has; 0 when there is none yet."""
    stored = look(store, reference_name("units"))
    return _data_lines(stored.data) if stored else 0


def reference_csv(kind: str, catalog: Catalog, units: int) -> bytes:
    """The bytes of one reference file; `units` is the number of units in the units' file.

    Raises:
        InputError: There is no reference file of that kind.
    """
    rows: list[tuple[object, ...]]
    match kind:
        case "products":
            rows = [(product.product_id, product.name) for product in catalog.products]
        case "units":
            rows = [(unit.unit_id, unit.name, unit.state_id) for unit in catalog.units(units)]
        case "states":
            states = catalog.states.values()
            rows = [(state.state_id, state.country_id, state.name) for state in states]
        case "countries":
            rows = list(catalog.countries.items())
        case _:
            raise InputError(f"{kind!r} is not reference data: use {', '.join(REFERENCE_FILES)}.")
    lines = "".join(";".join(map(str, row)) + "\n" for row in rows)
    return header_line(kind) + lines.encode()


def _data_lines(data: bytes) -> int:
    return max(0, data.count(b"\n") - 1)
