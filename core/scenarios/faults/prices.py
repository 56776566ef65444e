"""Prices that drift: a unit sells some products at another price, and its totals follow."""

import numpy as np

from core.generation.draws import Words, key, mix, pack
from core.scenarios.faults.draft import Draft, Mark, Row
from core.scenarios.faults.rows import cents_of, money
from core.scenarios.faults.world import World
from core.scenarios.kinds import ITEMS
from core.scenarios.scenario import Fault
from core.scenarios.selection import FIRST_DOMAIN


def drift_prices(draft: Draft, fault: Fault, world: World) -> None:
    """Change the price of the unit's drifting products in each order without another fault.

    The key has the items; the orders' totals add up.
    """
    if world.lost_files(draft.at, draft.unit):
        return
    drifting = _drifting(fault, draft.unit, world)
    for order in draft.orders.rows:
        items = draft.items_of(order) if order.order else []
        touched = [row for row in items if draft.items.value(row, "Id_Produto") in drifting]
        if not touched or order.hit or any(row.hit for row in items):
            continue
        added = sum(_change_price(draft, fault, row) for row in touched)
        for row in (order, *items):
            row.hit = True
        total = cents_of(draft.orders.value(order, "Vlr_Pedido")) + added
        draft.orders.set_value(order, "Vlr_Pedido", money(total))


def _change_price(draft: Draft, fault: Fault, row: Row) -> int:
    """Write a row's drifted price; return what the order's total gains, in cents."""
    sheet = draft.items
    was = sheet.value(row, "Vlr_Item")
    right = cents_of(was)
    percent = float(fault.parameters["percent"])
    drifted = max(1, round(right * (100 + percent) / 100))
    drifted += drifted == right
    sheet.set_value(row, "Vlr_Item", money(drifted))
    draft.marks.append(Mark(fault, ITEMS, row, "Vlr_Item", was, money(drifted)))
    return (drifted - right) * int(sheet.value(row, "Qtd"))


def _drifting(fault: Fault, unit: int, world: World) -> set[str]:
    """The ids of the products whose price drifts in a unit: those with the smallest hashes."""
    ids = [product.product_id for product in world.catalog.products]
    place: Words = np.array(ids, np.uint64)
    none = np.zeros_like(place)
    coordinates = pack(none, none, none + np.uint64(unit)) | place
    hashes = mix(coordinates ^ key(world.scenario.seed, FIRST_DOMAIN + fault.position))
    smallest = np.argsort(hashes, kind="stable")[: int(fault.parameters["products"])]
    return {str(ids[position]) for position in smallest.tolist()}
