"""The layers above Bronze: their statements in `core/sql`, in build order."""

import functools
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from core.errors import InputError
from core.messages import message

LAYERS = ("silver", "gold", "aggregations")
PARENT: Mapping[str, str] = MappingProxyType({"gold": "silver", "aggregations": "gold"})
SQL_FOLDER = Path(__file__).parent.parent / "sql"

_DATASET = {"silver": "silver", "gold": "gold", "aggregations": "gold"}


def in_order(layers: Sequence[str]) -> list[str]:
    """Some of `LAYERS`, in their order.

    Raises:
        InputError: A layer is unknown, or none is named.
    """
    unknown = sorted(set(layers) - set(LAYERS))
    if unknown or not layers:
        raise InputError(message("request.layers", given=list(layers), layers=LAYERS))
    return [layer for layer in LAYERS if layer in layers]


def dataset_of(layer: str) -> str:
    """The dataset of a layer's tables; the aggregations are in `gold`."""
    return _DATASET[layer]


@functools.cache
def build_order(layer: str) -> tuple[str, ...]:
    """Names of a layer's tables, each after the tables that it reads."""
    from graphlib import TopologicalSorter

    from core.warehouse.dialect.render import tables_read

    dataset = dataset_of(layer)
    found = statements(layer)
    graph = {
        name: sorted(other for other in found if f"{dataset}.{other}" in tables_read(sql))
        for name, sql in found.items()
    }
    return tuple(TopologicalSorter(graph).static_order())


def inputs() -> frozenset[str]:
    """Tables that the layers read from each other; they exist once all layers are built."""
    return frozenset[str]().union(*map(inputs_of, LAYERS))


@functools.cache
def inputs_of(layer: str) -> frozenset[str]:
    """Tables that a layer reads and does not build itself, Bronze aside."""
    from core.warehouse.dialect.render import tables_read

    read = frozenset[str]().union(*(tables_read(sql) for sql in statements(layer).values()))
    made = {f"{dataset_of(layer)}.{name}" for name in statements(layer)}
    return frozenset(table for table in read - made if not table.startswith("bronze."))


@functools.cache
def statements(folder: str) -> Mapping[str, str]:
    """The text of each `.sql` file in a folder of `core/sql`, by the file's stem, in name order."""
    files = sorted((SQL_FOLDER / folder).glob("*.sql"))
    return MappingProxyType({file.stem: file.read_text(encoding="utf-8") for file in files})


@functools.cache
def digest(layer: str) -> str:
    """A short text that changes with the SQL of a layer's tables or checks."""
    found = [*statements(layer).items(), *statements(f"checks/{layer}").items()]
    return hashlib.sha256(repr(found).encode()).hexdigest()[:12]
