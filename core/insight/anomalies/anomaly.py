"""The interface of the checks of volume and content: the anomaly that each of them finds."""

from dataclasses import dataclass
from enum import StrEnum

from core.messages import Message


class AnomalyKind(StrEnum):
    """The kinds of anomalies; `core.scenarios` gives the faults the same names."""

    PRICE_DRIFT = "price_drift"
    YESTERDAY_AGAIN = "yesterday_again"
    ROW_DOUBLED = "row_doubled"
    COPIED_INTO_OTHER_WINDOW = "copied_into_other_window"
    ITEM_WITHOUT_ORDER = "item_without_order"
    ORDER_WITHOUT_ITEMS = "order_without_items"
    TOTAL_NOT_SUM = "total_not_sum"
    SPIKE = "spike"
    ORDER_LEAK = "order_leak"
    UNIT_SILENT = "unit_silent"
    CLOCK_SKEW = "clock_skew"


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something wrong, and where it is.

    Attributes:
        object: The name of the object. Of a unit's whole date it is the folder of its objects, with
            its closing slash; it is empty for the chain and for several dates.
        id: The id of the order or item; empty for an object as a whole.
        detail: What is wrong, in a sentence.
        line: The line of the row, if it is known (the header is 1). Bronze keeps no lines, so that
            rows from Bronze have 0 and their id.
    """

    kind: AnomalyKind
    object: str
    id: str
    detail: Message
    line: int = 0
