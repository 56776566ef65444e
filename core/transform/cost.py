"""Estimate what a rebuild would read, by the warehouse's dry runs; nothing is built."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from core.transform import date_independence, date_slices, staleness
from core.transform.layers import LAYERS, PARENT, build_order, dataset_of, in_order, statements
from core.warehouse.base import LEDGER

if TYPE_CHECKING:
    from core.transform.staleness import RebuildPlan, States
    from core.warehouse import Warehouse

_NOTES = {"bronze._built_dates", LEDGER}


def bytes_read(
    warehouse: "Warehouse", layers: Sequence[str] = LAYERS, *, full: bool = False
) -> int | None:
    """Bytes that a rebuild would be billed for; None where nothing is billed.

    The statements that make the tables count, for all business dates if `full`, and those that
    check whether dates can be built separately; the data checks and the publication do not.

    Raises:
        InputError: A layer is unknown.
        StoreError: A table that a layer reads is not built yet.
    """
    chosen = in_order(layers)
    billed = [warehouse.bytes_read(sql) for sql in _statements(warehouse, chosen, full=full)]
    return None if None in billed else sum(filter(None, billed))


def _statements(warehouse: "Warehouse", layers: Sequence[str], *, full: bool) -> Iterator[str]:
    if full or not warehouse.tables() >= _NOTES:
        yield from chain.from_iterable(map(_whole, layers))
        return
    for layer, plan in _plans(warehouse, layers):
        yield from _whole(layer) if plan.part is None else _of_part(layer, plan.part)


def _plans(warehouse: "Warehouse", layers: Sequence[str]) -> Iterator[tuple[str, "RebuildPlan"]]:
    """The plan of each layer, assuming that the layers before it are built first."""
    below: dict[str | None, States] = {None: staleness.read_ledger_states(warehouse.ask)}
    below.update(staleness.read_noted_states(warehouse.ask))
    for layer in layers:
        shown = below.get(layer, {})
        plan = staleness.compare_states(layer, below.get(PARENT.get(layer), {}), shown, full=False)
        plan = plan if layer in PARENT else staleness.find_bronze_partitions(warehouse.ask, plan)
        below[layer] = plan.notes
        yield layer, plan


def _whole(layer: str) -> Iterable[str]:
    made = statements(layer).values()
    return [*made, *date_independence.WITHIN] if layer == "silver" else made


def _of_part(layer: str, part: date_slices.Slice) -> Iterator[str]:
    for name in build_order(layer):
        table = f"{dataset_of(layer)}.{name}"
        by_date = table in date_slices.SLICED
        yield date_slices.like_statement(layer, table, part) if by_date else statements(layer)[name]
    if layer == "silver":
        yield from date_independence.within(part)
        yield from date_independence.across(part)
