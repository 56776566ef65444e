"""The file contract as data: columns of each kind of file, and rules that join columns of a row.

Figures and ranges are those of the file contract; menu, statuses and quantities come from the
catalog. Each rule checks a whole list of values at a time, so that a clean file costs no Python per
row. Rules that need other files (repeated ids, items without order, totals of items) are not here.
"""

import functools
import operator
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.bronze.validation.codes import Code, code_of_date, code_of_money, code_of_whole
from core.bronze.validation.records import show_value
from core.bronze.validation.visible import is_visible
from core.generation.catalog import FEES_CENTS, Catalog, load_catalog
from core.generation.columns import HEADERS, IN_STORE, ONLINE
from core.warehouse.validated import Reason

KINDS = tuple(HEADERS)

# The column whose values are unique in a file.
KEYS: Mapping[str, str] = {
    "orders": "Id_Pedido",
    "order_items": "Id_Item_Pedido",
    "products": "Id_Produto",
    "units": "Id_Unidade",
    "states": "Id_Estado",
    "countries": "Id_Pais",
}

_FEES = f"{FEES_CENTS[0] / 100:.2f}", f"{FEES_CENTS[-1] / 100:.2f}"  # BRL, both ends included
_NO_FEE = "0.00"

_INT64_END = 2**63  # BigQuery and DuckDB keep integers of 64 bits
_REFERENCE_ID_END = 2**31

_INTEGER = r"0|[1-9][0-9]{0,18}"
_MONEY = r"(?:0|[1-9][0-9]{0,7})\.[0-9]{2}"  # fits NUMERIC(10,2)
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
# Version 1 to 8 and the variant of RFC 9562.
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
# One line without control characters: C0, DEL, C1, and Unicode's line and paragraph separators.
_TEXT = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]*"


@dataclass(frozen=True, slots=True)
class Expected:
    """What an object's name says about its rows (kind, unit, date); None where it says nothing."""

    kind: str
    unit_id: int | None
    business_date: date | None


@dataclass(frozen=True, slots=True)
class Form:
    """What the values of a column look like: `pattern` matches the whole of a valid value.

    Attributes:
        valid: What a person should write, for the reasons.
        check: What the pattern cannot express; called only for values that match it.
        load: Converts to the warehouse's value; `str` keeps text as it is.
        code: The code of a value that is not valid.
    """

    pattern: re.Pattern[str]
    valid: str
    check: Callable[[str], bool] | None = None
    load: Callable[[str], str | int | None] = str
    code: Callable[[str], Code] = lambda _: Code.TEXT

    def find_invalid(self, values: Collection[str]) -> set[str]:
        """The values that are not valid."""
        if self._holds(values):
            return set()
        return {value for value in values if not self._holds((value,))}

    def loaded(self, values: list[str]) -> list[str | int | None]:
        """Convert valid values for the warehouse."""
        return [*values] if self.load is str else [*map(self.load, values)]

    def _holds(self, values: Collection[str]) -> bool:
        matches = all(map(self.pattern.fullmatch, values))
        return matches and (self.check is None or all(map(self.check, values)))


@dataclass(frozen=True, slots=True)
class Rule:
    """What several columns of a row must satisfy together.

    `holds` takes one sequence of values per column, and is true when every row complies. `valid` is
    what a person should write, for the reasons; `code` is that of a row that does not comply.
    """

    columns: tuple[str, ...]
    holds: Callable[..., bool]
    valid: str
    code: Code


def forms(kind: str) -> Mapping[str, Form]:
    """The form of each column of a kind of file, by name, in the file's order."""
    return _forms()[kind]


def rules(expected: Expected) -> list[Rule]:
    """The rules for the rows of an object; only orders have any."""
    if expected.kind != "orders":
        return []
    return [*_rules_of_name(expected), *_ORDER_RULES]


def column_reason(name: str, form: Form, value: str) -> Reason:
    """Why a value is not valid."""
    sentence = f"{name} is {show_value(value)}: write {form.valid}."
    return Reason(sentence, form.code(value), name)


def rule_reason(rule: Rule, values: Sequence[str]) -> Reason:
    """Why the values of a row, in the order of the rule's columns, break the rule."""
    pairs = zip(rule.columns, values, strict=True)
    sentence = " and ".join(f"{name} is {show_value(value)}" for name, value in pairs)
    column = rule.columns[0] if len(rule.columns) == 1 else ""
    return Reason(f"{sentence}: {rule.valid}.", rule.code, column)


def _one_of(values: Iterable[str]) -> Form:
    chosen = list(values)
    return Form(re.compile("|".join(map(re.escape, chosen))), f"one of {', '.join(chosen)}",
                code=lambda _: Code.UNKNOWN)  # fmt: skip


def _menu(catalog: Catalog) -> Form:
    ids = {str(product.product_id) for product in catalog.products}
    return Form(re.compile(_INTEGER), f"the id of one of the {len(ids)} products",
                ids.__contains__, int,
                lambda value: code_of_whole(value, Code.UNKNOWN))  # fmt: skip


def _integer(end: int) -> Form:
    valid = f"an integer from 1 to {end - 1} without leading zeros"
    return Form(re.compile(_INTEGER), valid, lambda value: 0 < int(value) < end, int,
                code_of_whole)  # fmt: skip


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_fee(value: str) -> bool:
    return value == _NO_FEE or float(_FEES[0]) <= float(value) <= float(_FEES[1])


def _or_none(value: str) -> str | None:
    return value or None


_ID = Form(re.compile(_UUID), "a UUID of RFC 9562 in lower case", code=lambda _: Code.TYPE)
_NAME = Form(re.compile(_TEXT), "a name with a visible character, without control characters",
             is_visible)  # fmt: skip
_NOTE = Form(re.compile(_TEXT), "one line without control characters", load=_or_none)
_PRICE = Form(
    re.compile(rf"(?!0\.00){_MONEY}"), "an amount from 0.01 to 99999999.99 with two decimals",
    code=code_of_money,
)  # fmt: skip
_FEE = Form(
    re.compile(_MONEY), f"{_NO_FEE} or an amount from {_FEES[0]} to {_FEES[1]}",
    _is_fee, code=code_of_money,
)  # fmt: skip
_DAY = Form(re.compile(_DATE), "a date of the calendar as YYYY-MM-DD", _is_date, code=code_of_date)


@functools.cache
def _forms() -> Mapping[str, Mapping[str, Form]]:
    """The forms of all kinds; built on first use, so that an import reads no catalog."""
    catalog = load_catalog()
    reference_id = _integer(_REFERENCE_ID_END)
    types, status = _one_of((ONLINE, IN_STORE)), _one_of(catalog.mixes["status"])
    quantity = _one_of(catalog.mixes["quantity"])
    quantity = Form(quantity.pattern, quantity.valid, load=int, code=code_of_whole)
    in_order = {
        "orders": (_integer(_INT64_END), _ID, types, _DAY, _PRICE, _NOTE, _FEE, status),
        "order_items": (_ID, _ID, _menu(catalog), quantity, _PRICE, _NOTE),
        "products": (reference_id, _NAME),
        "units": (reference_id, _NAME, reference_id),
        "states": (reference_id, reference_id, _NAME),
        "countries": (reference_id, _NAME),
    }
    return {kind: dict(zip(HEADERS[kind], in_order[kind], strict=True)) for kind in KINDS}


def _rules_of_name(expected: Expected) -> list[Rule]:
    """The rules that follow from the object's name."""
    wanted = (
        ("Id_Unidade", expected.unit_id, Code.OTHER_UNIT),
        ("Data_Pedido", expected.business_date, Code.OTHER_DATE),
    )
    return [
        Rule((column,), functools.partial(_all_are, str(value)), f"the object's name says {value}",
             code)
        for column, value, code in wanted
        if value is not None
    ]  # fmt: skip


def _all_are(wanted: str, values: Iterable[str]) -> bool:
    return set(values) <= {wanted}


def _is_delivered(types: Iterable[str], addresses: Sequence[str], fees: Iterable[str]) -> bool:
    """Online orders have an address and a fee, orders in store have neither."""
    has_address, has_fee = map(bool, addresses), map(_NO_FEE.__ne__, fees)
    found = set(zip(types, has_address, has_fee, strict=True))
    fits = found <= {(ONLINE, True, True), (IN_STORE, False, False)}
    return fits and all(map(is_visible, filter(None, addresses)))


def _covers_fee(values: Iterable[str], fees: Iterable[str]) -> bool:
    """Whether no value is below its fee; amounts of ten digits keep their order as floats."""
    return all(map(operator.ge, map(float, values), map(float, fees)))


_ORDER_RULES = (
    Rule(
        ("Tipo_Pedido", "Endereco_Entrega", "Taxa_Entrega"), _is_delivered,
        f"{ONLINE} needs a visible address and a fee, {IN_STORE} an empty address and {_NO_FEE}",
        Code.DELIVERY,
    ),
    Rule(
        ("Vlr_Pedido", "Taxa_Entrega"), _covers_fee,
        "the order's value includes the fee and cannot be less", Code.BELOW_FEE,
    ),
)  # fmt: skip
