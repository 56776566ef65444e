"""The reference files that the platform publishes: products, units, states and countries."""

import functools
from collections.abc import Iterable, Sequence

from core.bronze.validation.csv_file import Expected, validate_csv
from core.errors import InputError
from core.generation.catalog import DEFAULT_UNITS, MAX_UNIT, Catalog
from core.generation.columns import header_line
from core.messages import message
from core.storage.object_names import REFERENCE_FILES, reference_name
from core.storage.object_store import ObjectStore, look, update


def publish_reference(store: ObjectStore, catalog: Catalog, units: int) -> int:
    """Write the reference objects that are missing or out of date; return how many there were.

    The units' file never shrinks: it covers `units` and every unit that it lists already.
    """
    return sum(
        update(store, reference_name(kind), functools.partial(_reference, kind, catalog, units))
        for kind in REFERENCE_FILES
    )


def _reference(kind: str, catalog: Catalog, units: int, before: bytes | None) -> bytes:
    if kind != "units":
        return reference_csv(kind, catalog, units)
    return _units_csv(catalog, {*range(1, units + 1), *_parse_units(before or b"")})


def list_units(store: ObjectStore) -> tuple[int, ...]:
    """The units that Bronze accepts from the published units' file, ascending; none without it."""
    stored = look(store, reference_name("units"))
    return tuple(sorted(_parse_units(stored.data))) if stored else ()


def usual_units(store: ObjectStore) -> Sequence[int]:
    """The units of the chain: those of `list_units`, or 1 to `DEFAULT_UNITS` without any."""
    return list_units(store) or range(1, DEFAULT_UNITS + 1)


def reference_csv(kind: str, catalog: Catalog, units: int) -> bytes:
    """The bytes of one reference file; the units' file has the units 1 to `units`.

    Raises:
        InputError: There is no reference file of that kind.
    """
    rows: list[tuple[object, ...]]
    match kind:
        case "products":
            rows = [(product.product_id, product.name) for product in catalog.products]
        case "units":
            return _units_csv(catalog, range(1, units + 1))
        case "states":
            states = catalog.states.values()
            rows = [(state.state_id, state.country_id, state.name) for state in states]
        case "countries":
            rows = list(catalog.countries.items())
        case _:
            raise InputError(message("request.reference", kind=kind, kinds=REFERENCE_FILES))
    return _csv(kind, rows)


def _units_csv(catalog: Catalog, numbers: Iterable[int]) -> bytes:
    units = map(catalog.unit, sorted(numbers))
    return _csv("units", [(unit.unit_id, unit.name, unit.state_id) for unit in units])


def _csv(kind: str, rows: Iterable[tuple[object, ...]]) -> bytes:
    lines = "".join(";".join(map(str, row)) + "\n" for row in rows)
    return header_line(kind) + lines.encode()


def _parse_units(data: bytes) -> set[int]:
    """The possible unit numbers in the accepted rows of a units' file."""
    numbers = validate_csv(Expected("units", None, None), data).columns["id_unidade"]
    return {int(number) for number in numbers if number and int(number) <= MAX_UNIT}
