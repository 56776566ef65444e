"""Which rows a cell has: those of another day or window, more than there can be, or fewer."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from core.generation.windows import WindowOfDay
from core.scenarios.faults.draft import Draft, Mark, Row, read_rows
from core.scenarios.faults.world import World
from core.scenarios.kinds import ORDERS
from core.scenarios.scenario import Fault
from core.storage.object_names import cell_prefix


def choose_rows(draft: Draft, world: World) -> None:
    """Give a cell the rows that its fault decides, and those that come from the window before."""
    clean = len(draft.orders.rows)
    fault = world.mover(draft.at, draft.unit)
    if fault:
        _MOVES[fault.kind](draft, fault, world)
    received = _receive(draft, world)
    marked = [one for one in (fault, received) if one and one.kind != "yesterday_again"]
    for one in marked[:1] if fault is received else marked:
        _mark_count(draft, one, clean)


def _repeat_yesterday(draft: Draft, fault: Fault, world: World) -> None:
    yesterday = draft.at.day - timedelta(days=1)
    files = world.clean(WindowOfDay(yesterday, draft.at.window), draft.unit)
    draft.orders.rows, draft.items.rows = read_rows(files, foreign=True)
    if fault.parameters["dates"] == "today":
        for row in draft.orders.rows:
            draft.orders.set_value(row, "Data_Pedido", str(draft.at.day))
    draft.marks.append(Mark(fault, ORDERS, None, "", str(draft.at.day), str(yesterday)))


def _send_on(draft: Draft, fault: Fault, world: World) -> None:  # noqa: ARG001 - as all have it
    """The next window gets the rows, see `_receive`."""
    draft.orders.rows, draft.items.rows = [], []


def _receive(draft: Draft, world: World) -> Fault | None:
    """Add the rows of the window before where its unit's clock is fast; return that fault."""
    before = world.after(draft.at, -1)
    fault = world.mover(before, draft.unit)
    if fault is None or fault.kind != "clock_skew":
        return None
    orders, items = read_rows(world.clean(before, draft.unit), foreign=True)
    draft.orders.rows = [*orders, *draft.orders.rows]
    draft.items.rows = [*items, *draft.items.rows]
    return fault


def _add_orders(draft: Draft, fault: Fault, world: World) -> None:
    (window,) = draft.at.windows
    clean = len(draft.orders.rows)
    wanted = round(clean * float(fault.parameters["factor"]))
    orders = max(window.max_orders + 1, wanted)
    more = world.clean(draft.at, draft.unit, orders)
    draft.orders.rows, draft.items.rows = read_rows(more)


def _leak(draft: Draft, fault: Fault, world: World) -> None:
    gone = {order for order, _ in world.rows_hit(fault, draft.at, draft.unit)}
    draft.orders.rows = _without(draft.orders.rows, gone)
    draft.items.rows = _without(draft.items.rows, gone)


def _without(rows: list[Row], orders: set[int]) -> list[Row]:
    return [row for row in rows if row.order not in orders]


def _mark_count(draft: Draft, fault: Fault, clean: int) -> None:
    """Note that a file, or a leaking unit's date, has another number of orders."""
    name = cell_prefix(draft.at.day, draft.unit, None) if fault.kind == "order_leak" else ""
    draft.marks.append(Mark(fault, ORDERS, None, "", str(clean), name=name, counts=True))


_MOVES: Mapping[str, Callable[[Draft, Fault, World], None]] = {
    "yesterday_again": _repeat_yesterday,
    "clock_skew": _send_on,
    "spike": _add_orders,
    "order_leak": _leak,
}
