"""The SQL that a file of `core/sql` may use: it means the same on both engines."""

import re
from typing import TYPE_CHECKING

from core.errors import InputError
from core.messages import message
from core.warehouse.dialect.duckdb import EXTRACT, FORMAT_PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlglot import exp


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names of sqlglot's node classes. Add one together with its case in
# tests/warehouse/test_dialect.py.
_STRUCTURE = _names(
    "Alias Boolean CTE Case ClusterProperty Column ColumnConstraint ColumnDef Create DataType "
    "DataTypeParam Distinct From Group Having Identifier If Interval Join Limit Literal "
    "NotNullColumnConstraint Null Order Ordered Parameter Paren PartitionedByProperty Properties "
    "Qualify Schema Select Star Subquery Table TableAlias Tuple Union Unnest Var Where Window With"
)
_OPERATORS = _names(
    "Add And Between DPipe EQ Exists GT GTE In Is LT LTE Mul NEQ Neg Not NullSafeNEQ Or Sub"
)
_FUNCTIONS = _names(
    "Abs Cast Coalesce Concat Count CountIf Date DateAdd DateDiff DateSub DateTrunc DenseRank "
    "Extract GenerateDateArray Greatest IntDiv LastDay Least Length Lower Max Min Mod Nullif Rank "
    "Replace Right Round RowNumber SafeDivide StartsWith Substring Sum TimeToStr TsOrDsToDate Upper"
)
_KNOWN = _STRUCTURE | _OPERATORS | _FUNCTIONS

_TYPES = frozenset(["BIGINT", "BOOLEAN", "DATE", "DECIMAL", "INTERVAL", "TEXT", "TIMESTAMPTZ"])
_CAST_TYPES = frozenset(["BIGINT", "BOOLEAN", "DATE", "DECIMAL", "TIMESTAMPTZ"])
_LITERALS = {
    "BIGINT": r"-?\d{1,18}",
    "DATE": r"\d{4}-\d\d-\d\d",
    "DECIMAL": r"-?\d{1,28}(\.\d{1,9})?",
    "TIMESTAMPTZ": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?(\+00)?",
}
_TRUNC_UNITS = ("DAY", "MONTH", "QUARTER", "YEAR")


def check(tree: "exp.Expr") -> None:
    """Refuse what is not on the lists above.

    Raises:
        InputError: It names the part, and where to add a rule for it.
    """
    for node in tree.walk():
        name = type(node).__name__
        if name not in _KNOWN:
            raise refused(node, "is not on the list of what both engines agree on")
        why = _CHECKS.get(name, _nothing_wrong)(node)
        if why:
            raise refused(node, why)


def refused(node: "exp.Expr", why: str) -> InputError:
    """The error for a part of a statement that may not be used."""
    return InputError(message("sql.refused", sql=node.sql(dialect="bigquery"), why=why))


def _nothing_wrong(_: "exp.Expr") -> str:
    return ""


def _wrong_literal(node: "exp.Expr") -> str:
    if not node.is_string and not node.this.isdigit():
        return "is a FLOAT64 in GoogleSQL (write NUMERIC '1.5')"
    return ""


def _wrong_type(node: "exp.Expr") -> str:
    # sqlglot adds ARRAY<DATE> to GENERATE_DATE_ARRAY.
    return "" if node.this.value in _TYPES else "is a type the engines do not share"


def _wrong_cast(node: "exp.Expr") -> str:
    target = node.args["to"].this.value
    if target not in _CAST_TYPES:
        return "is a cast to a type that the engines write differently"
    text = node.this
    if text.is_string and not re.fullmatch(_LITERALS.get(target, "(?!)"), text.name):
        return "has a literal that is not in its plain form"
    return ""


def _wrong_divide(node: "exp.Expr") -> str:
    from sqlglot import exp

    if isinstance(node.this, exp.Cast) and node.this.to.is_type(exp.DataType.Type.DECIMAL):
        return ""
    return "is a FLOAT64 unless its dividend is CAST(... AS NUMERIC)"


def _wrong_extract(node: "exp.Expr") -> str:
    part = node.this.name.upper() if type(node.this).__name__ == "Var" else ""
    return "" if part in EXTRACT else f"has a part other than {', '.join(EXTRACT)}"


def _wrong_format(node: "exp.Expr") -> str:
    specifiers = re.findall(r"%(.?)", node.args["format"].name)
    if all(letter and letter in FORMAT_PARTS + "Q" for letter in specifiers):
        return ""
    return f"has a format other than %Q and %{', %'.join(FORMAT_PARTS)}"


def _wrong_unit(*units: str) -> "Callable[[exp.Expr], str]":
    def check(node: "exp.Expr") -> str:
        unit = node.args.get("unit")
        if unit is None or unit.name.upper() in units:
            return ""
        return f"has a unit other than {', '.join(units)}"

    return check


def _wrong_start(node: "exp.Expr") -> str:
    literal = type(node.args["start"]).__name__ == "Literal"
    return "" if literal else "has a start that is not a number from 0"


def _wrong_length(node: "exp.Expr") -> str:
    literal = type(node.expression).__name__ == "Literal"
    return "" if literal else "has a length that is not a number from 0"


def _wrong_step(node: "exp.Expr") -> str:
    step = node.args["step"]
    return "" if (step.name, step.unit.name) == ("1", "DAY") else "has another step than a day"


def _wrong_window(node: "exp.Expr") -> str:
    return "is an INT64 that cannot be taken over a window" if node.this.key == "countif" else ""


_CHECKS: "dict[str, Callable[[exp.Expr], str]]" = {
    "Cast": _wrong_cast,
    "DataType": _wrong_type,
    "DateAdd": _wrong_unit("DAY", "MONTH", "QUARTER", "YEAR"),
    "DateDiff": _wrong_unit("DAY"),
    "DateSub": _wrong_unit("DAY", "MONTH", "QUARTER", "YEAR"),
    "DateTrunc": _wrong_unit(*_TRUNC_UNITS),
    "Extract": _wrong_extract,
    "GenerateDateArray": _wrong_step,
    "LastDay": _wrong_unit("MONTH"),
    "Literal": _wrong_literal,
    "Right": _wrong_length,
    "SafeDivide": _wrong_divide,
    "Substring": _wrong_start,
    "TimeToStr": _wrong_format,
    "Window": _wrong_window,
}
