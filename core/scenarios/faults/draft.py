"""A cell's two files while faults are made in them, and what the answer key will say of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from core.generation.columns import HEADERS
from core.generation.csv_files import CellFiles
from core.generation.windows import WindowOfDay
from core.scenarios.kinds import BOTH, ITEMS, ORDERS
from core.scenarios.scenario import Fault

DELIMITER = ";"
KIND_OF_FILE: Mapping[str, str] = {ORDERS: "orders", ITEMS: "order_items"}  # in HEADERS and names


@dataclass(eq=False, slots=True)
class Row:
    """A row of a file; rows are the same if they are one object.

    Attributes:
        order, item: Its numbers in the clean files of this cell, from 1; the order of a row from
            another cell, and the item of an order, is 0.
        hit: Whether a fault was made in it.
    """

    fields: list[str]
    order: int = 0
    item: int = 0
    hit: bool = False


@dataclass
class Sheet:
    """A file's rows, by the file's kind: orders or items."""

    kind: str
    header: list[str]
    rows: list[Row]

    def value(self, row: Row, column: str) -> str:
        """A value of a row."""
        return row.fields[self.header.index(column)]

    def set_value(self, row: Row, column: str, value: str) -> None:
        """Write a value of a row."""
        row.fields[self.header.index(column)] = value

    def id_of(self, row: Row) -> str:
        """The identifier of an order or item."""
        return row.fields[HEADERS[KIND_OF_FILE[self.kind]].index(_KEYS[self.kind])]

    def line_of(self, row: Row) -> str:
        """A row as it is written."""
        return DELIMITER.join(row.fields)

    def to_bytes(self) -> bytes:
        """The file."""
        lines = [DELIMITER.join(self.header), *map(self.line_of, self.rows)]
        return ("\n".join(lines) + "\n").encode()


_KEYS = {ORDERS: "Id_Pedido", ITEMS: "Id_Item_Pedido"}


class Mark(NamedTuple):
    """What the key will say of a fault: in a row of a file, or of the file without a row.

    `name` is the object's where it is none of the cell's two, and `line` that of its row. What is
    now there is the number of orders where the mark `counts` them.
    """

    fault: Fault
    file: str
    row: Row | None
    column: str = ""
    was: str = ""
    now: str = ""
    name: str = ""
    line: int = 0
    counts: bool = False


@dataclass
class Draft:
    """The two files of a cell, and the faults in them so far."""

    at: WindowOfDay
    unit: int
    orders: Sheet
    items: Sheet
    marks: list[Mark] = field(default_factory=list)

    def sheet(self, file: str) -> Sheet:
        """The orders or the items."""
        return self.orders if file == ORDERS else self.items

    def count_orders(self) -> None:
        """Write how many orders there are now into the marks that count them."""
        now = str(len(self.orders.rows))
        self.marks = [mark._replace(now=now) if mark.counts else mark for mark in self.marks]

    def items_of(self, order: Row) -> list[Row]:
        """The items of an order of this cell."""
        return [row for row in self.items.rows if row.order == order.order]


def read_rows(files: CellFiles, *, foreign: bool = False) -> tuple[list[Row], list[Row]]:
    """The rows of a cell's clean orders and items; those of another cell have no numbers."""
    orders = [
        Row(fields, 0 if foreign else number)
        for number, fields in enumerate(_records(files.orders_csv), 1)
    ]
    if foreign:
        return orders, [Row(fields) for fields in _records(files.items_csv)]
    number_of = {row.fields[1]: row.order for row in orders}
    items, before = list[Row](), dict[int, int]()
    for fields in _records(files.items_csv):
        order = number_of[fields[0]]
        before[order] = before.get(order, 0) + 1
        items.append(Row(fields, order, before[order]))
    return orders, items


def start_draft(at: WindowOfDay, unit: int, files: CellFiles) -> Draft:
    """A draft of a cell's clean files."""
    orders, items = read_rows(files)
    return Draft(
        at, unit, Sheet(ORDERS, [*HEADERS["orders"]], orders),
        Sheet(ITEMS, [*HEADERS["order_items"]], items),
    )  # fmt: skip


def files_of(fault: Fault) -> Sequence[str]:
    """The files of a cell that a fault of a file or cell hits."""
    file = str(fault.parameters.get("file", BOTH))
    return (ORDERS, ITEMS) if file == BOTH else (file,)


def _records(data: bytes) -> Iterator[list[str]]:
    """The fields of each row after the header; clean files quote nothing."""
    for line in data.decode().split("\n")[1:-1]:
        yield line.split(DELIMITER)
