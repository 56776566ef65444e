"""The kinds of fault: what each hits, who made the fault, who notices it, and its parameters.

The message `scenario.kind.{name}` says what a kind is. Of a fault that the restaurant's system made
(`source`), the manifest describes the faulty file, for the system believes it. Of a fault on the
file's way (`transport`), the manifest has the facts of the right file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from core.messages import Message, message

Value: TypeAlias = int | float | str
Target: TypeAlias = Literal["cell", "file", "row", "unit"]
Origin: TypeAlias = Literal["source", "transport"]
Layer: TypeAlias = Literal["quarantine", "reconcile", "silver", "volume", "content", "none"]

ORDERS, ITEMS, BOTH = "orders", "items", "both"


class Parameter(NamedTuple):
    """A parameter of a kind: one of `choices`, or a number from `least` to `most`.

    A number is whole if its default is.
    """

    name: str
    default: Value
    choices: tuple[str, ...] = ()
    least: float = 0
    most: float = 0

    @property
    def valid(self) -> Message:
        """What may be written."""
        if self.choices:
            return message("scenario.valid.choice", choices=self.choices)
        code = "scenario.valid.whole" if self.is_whole else "scenario.valid.number"
        return message(code, least=self.least, most=self.most)

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole number."""
        return isinstance(self.default, int)

    def accepts(self, value: object) -> bool:
        """Whether a value of a scenario's file is valid."""
        if self.choices:
            return value in self.choices
        numbers = (int,) if self.is_whole else (int, float)
        return type(value) in numbers and self.least <= value <= self.most  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault.

    Attributes:
        target: What one hit is: a cell, one or both files of a cell, an order or item, or a unit.
        origin: Who made the fault, which decides what the manifest says.
        notices: The layers of this pipeline that notice it, the first one first.
        rows: Row targets: whether orders or items are hit; empty where a parameter decides.
        spoils_file: Whether no row of the file can be read afterwards.
    """

    name: str
    target: Target
    origin: Origin
    notices: tuple[Layer, ...]
    parameters: tuple[Parameter, ...] = ()
    rows: str = ""
    spoils_file: bool = False

    @property
    def sentence(self) -> Message:
        """What it is, for people."""
        return message(f"scenario.kind.{self.name}")

    @property
    def reason(self) -> Message | None:
        """Why no layer notices it; None where one does."""
        return message(f"scenario.unseen.{self.name}") if "none" in self.notices else None


def _file(default: str = ORDERS, *, both: bool = True) -> Parameter:
    return Parameter("file", default, (ORDERS, ITEMS, BOTH) if both else (ORDERS, ITEMS))


def _column(default: str, *others: str) -> Parameter:
    return Parameter("column", default, (default, *others))


_WINDOWS = Parameter("windows", 1, least=1, most=70)
_LATE = (_WINDOWS._replace(default=0, least=0), Parameter("days", 0, least=0, most=365))
_MONEY = ("Vlr_Pedido", "Taxa_Entrega", "Vlr_Item")

_TRANSPORT = (
    Kind("object_missing", "file", "transport", ("reconcile",), (_file(BOTH),), spoils_file=True),
    Kind("window_late", "cell", "transport", ("reconcile",), _LATE),
    Kind("objects_out_of_order", "cell", "transport", ("reconcile",), (_WINDOWS,)),
    Kind("delivered_again", "file", "transport", ("none",), (_file(BOTH),)),
    Kind("copied_under_other_name", "file", "transport", ("quarantine",), (_file(BOTH),)),
    Kind("copied_into_other_window", "cell", "transport", ("reconcile", "content")),
    Kind("truncated", "file", "transport", ("reconcile", "quarantine"),
         (_file(), Parameter("keep", 0.5, least=0.05, most=0.9))),
    Kind("empty", "file", "transport", ("quarantine", "reconcile"), (_file(),), spoils_file=True),
    Kind("header_only", "file", "transport", ("reconcile",), (_file(),), spoils_file=True),
    Kind("wrong_encoding", "file", "transport", ("quarantine",),
         (_file(), Parameter("encoding", "utf-16", ("utf-16", "latin-1"))), spoils_file=True),
    Kind("other_delimiter", "file", "transport", ("quarantine",),
         (_file(), Parameter("delimiter", "comma", ("comma", "tab", "bar"))), spoils_file=True),
)  # fmt: skip
_FILES = (
    Kind("column_renamed", "file", "source", ("quarantine",), (_file(),), spoils_file=True),
    Kind("column_dropped", "file", "source", ("quarantine",), (_file(),), spoils_file=True),
    Kind("column_added", "file", "source", ("quarantine",), (_file(),), spoils_file=True),
    Kind("columns_reordered", "file", "source", ("quarantine",), (_file(),), spoils_file=True),
    Kind("yesterday_again", "cell", "source", ("content",),
         (Parameter("dates", "today", ("today", "yesterday")),)),
    Kind("clock_skew", "unit", "source", ("volume",)),
)  # fmt: skip
_ROWS = (
    Kind("row_doubled", "row", "source", ("quarantine",), (_file(both=False),)),
    Kind("value_out_of_range", "row", "source", ("quarantine",),
         (_column("Qtd", "Vlr_Item", "Vlr_Pedido", "Taxa_Entrega"),)),
    Kind("value_of_wrong_type", "row", "source", ("quarantine",),
         (_column("Vlr_Pedido", "Taxa_Entrega", "Id_Produto", "Qtd", "Vlr_Item"),)),
    Kind("decimal_comma", "row", "source", ("quarantine",), (_column(*_MONEY),)),
    Kind("other_date_format", "row", "source", ("quarantine",),
         (Parameter("format", "dd/mm/yyyy", ("dd/mm/yyyy", "mm/dd/yyyy", "yyyymmdd")),),
         rows=ORDERS),
    Kind("wrong_unit", "row", "source", ("quarantine",), rows=ORDERS),
    Kind("wrong_date", "row", "source", ("quarantine",), rows=ORDERS),
    Kind("item_without_order", "row", "source", ("content",), rows=ORDERS),
    Kind("order_without_items", "row", "source", ("silver", "content"), rows=ORDERS),
    Kind("total_not_sum", "row", "source", ("silver", "content"), rows=ORDERS),
    Kind("unknown_product", "row", "source", ("quarantine",), rows=ITEMS),
    Kind("unknown_type", "row", "source", ("quarantine",), rows=ORDERS),
    Kind("unknown_status", "row", "source", ("quarantine",), rows=ORDERS),
    Kind("price_drift", "unit", "source", ("content",),
         (Parameter("products", 3, least=1, most=30),
          Parameter("percent", 10.0, least=-90, most=900))),
)  # fmt: skip
_VOLUME = (
    Kind("unit_silent", "unit", "source", ("volume",), (Parameter("days", 1, least=1, most=366),)),
    Kind("spike", "cell", "source", ("volume",), (Parameter("factor", 3.0, least=1.1, most=50),)),
    Kind("order_leak", "unit", "source", ("volume",),
         (Parameter("from", 0.0, least=0, most=1), Parameter("to", 0.5, least=0, most=1))),
)  # fmt: skip

KINDS: Mapping[str, Kind] = MappingProxyType(
    {kind.name: kind for kind in (*_TRANSPORT, *_FILES, *_ROWS, *_VOLUME)}
)
