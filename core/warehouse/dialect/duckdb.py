"""Turn GoogleSQL's tree into DuckDB's: a rule for each name that DuckDB reads differently."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlglot import exp

# DuckDB's EXTRACT has other names or counts for some parts, or lacks them. GoogleSQL's WEEK starts
# on Sunday, with week 0 before the first Sunday; DuckDB's DOW is 0 on Sunday.
EXTRACT = {
    "YEAR": "EXTRACT(YEAR FROM :d)",
    "QUARTER": "EXTRACT(QUARTER FROM :d)",
    "MONTH": "EXTRACT(MONTH FROM :d)",
    "DAY": "EXTRACT(DAY FROM :d)",
    "DAYOFYEAR": "EXTRACT(DOY FROM :d)",
    "DAYOFWEEK": "(EXTRACT(DOW FROM :d) + 1)",
    "WEEK": "((EXTRACT(DOY FROM :d) + 6 - EXTRACT(DOW FROM :d)) // 7)",
    "ISOWEEK": "EXTRACT(WEEK FROM :d)",
    "ISOYEAR": "EXTRACT(ISOYEAR FROM :d)",
}
FORMAT_PARTS = "YmdAaBbj"  # of FORMAT_DATE, besides %Q

# NUMERIC has nine decimals and rounds half away from zero. DuckDB divides decimals as floats, so
# this divides whole numbers: billionths of both sides, the dividend with nine more zeros. A value
# beyond DECIMAL(28, 9) raises an error, it never wraps.
_NANOS = "CAST(CAST({} AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS HUGEINT)"
_DIVIDEND = _NANOS.format(":a") + " * 1000000000"
_DIVISOR = _NANOS.format(":b")
_SAFE_DIVIDE = (
    f"CASE WHEN {_DIVISOR} = 0 THEN NULL ELSE "
    f"CAST((2 * ABS({_DIVIDEND}) + ABS({_DIVISOR})) // (2 * ABS({_DIVISOR})) "
    f"* SIGN({_DIVIDEND}) * SIGN({_DIVISOR}) AS DECIMAL(28, 0)) "
    "* CAST('0.000000001' AS DECIMAL(10, 9)) END"
)


def to_duckdb(tree: "exp.Expr") -> "exp.Expr":
    """The statement for DuckDB; it changes the tree in place."""
    if tree.args.get("properties"):  # PARTITION BY and CLUSTER BY, which DuckDB lacks
        tree.set("properties", None)
    # Deepest first, so that a rule sees its rewritten operands.
    for node in reversed(list(tree.walk())):
        rule = _RULES.get(type(node).__name__)
        if rule is not None:
            node.replace(rule(node.copy()))
    return tree


def _template(sql: str, **operands: "exp.Expr") -> "exp.Expr":
    import sqlglot
    from sqlglot import exp

    return exp.replace_placeholders(sqlglot.parse_one(sql, read="duckdb"), **operands)


def _extract(node: "exp.Expr") -> "exp.Expr":
    return _template(EXTRACT[node.this.name.upper()], d=node.expression)


def _format_date(node: "exp.Expr") -> "exp.Expr":
    """Concatenate the quarter with the texts around it: strftime has no %Q."""
    pieces = list(_format_pieces(node))
    joined = pieces[0]
    for piece in pieces[1:]:
        joined = _template(":l || :r", l=joined, r=piece)
    return joined


def _format_pieces(node: "exp.Expr") -> "Iterator[exp.Expr]":
    from sqlglot import exp

    for part in re.split("(%Q)", node.args["format"].name):
        if part == "%Q":
            yield _template("CAST(EXTRACT(QUARTER FROM :d) AS TEXT)", d=node.this)
        elif part:
            yield _template("STRFTIME(:d, :f)", d=node.this, f=exp.Literal.string(part))


def _as_date(node: "exp.Expr") -> "exp.Expr":
    """Cast date arithmetic, which gives a TIMESTAMP on DuckDB."""
    return _template("CAST(:d AS DATE)", d=node)


def _as_bigint(node: "exp.Expr") -> "exp.Expr":
    return _template("CAST(:n AS BIGINT)", n=node)


def _numeric(node: "exp.Expr") -> "exp.Expr":
    """NUMERIC without a precision has nine decimals; DuckDB would use three."""
    from sqlglot import exp

    if node.this.value == "DECIMAL" and not node.expressions:
        return exp.DataType.build("DECIMAL(38, 9)", dialect="duckdb")
    return node


def _safe_divide(node: "exp.Expr") -> "exp.Expr":
    return _template(_SAFE_DIVIDE, a=node.this, b=node.expression)


def _substring(node: "exp.Expr") -> "exp.Expr":
    """Position 0 means 1 in GoogleSQL; DuckDB would return one character less."""
    from sqlglot import exp

    if node.args["start"].name == "0":
        node.set("start", exp.Literal.number(1))
    return node


_RULES: "dict[str, Callable[[exp.Expr], exp.Expr]]" = {
    "CountIf": _as_bigint,
    "DataType": _numeric,
    "DateAdd": _as_date,
    "DateSub": _as_date,
    "DateTrunc": _as_date,
    "Extract": _extract,
    "SafeDivide": _safe_divide,
    "Substring": _substring,
    "TimeToStr": _format_date,
}
