"""GoogleSQL, the language of `core/sql`, rendered for the engine that runs it.

The files are GoogleSQL because BigQuery is where the warehouse grows; sqlglot turns them into
DuckDB's dialect. sqlglot repairs what would crash, not what would silently differ: `DAYOFWEEK`
counts from 0, `1 / 0` is infinite, the mean of a NUMERIC is a float. So what a file may use is a
list: each name on it is known to give the same value on both engines, by itself or by a rule of
this module, and `tests/test_dialect.py` has its case. Everything else is refused on both engines.

Left out on purpose: floats (no FLOAT64, no `/`, no `AVG`), so that a cent is a cent. A mean is
`SAFE_DIVIDE(CAST(sum AS NUMERIC), count)`, exact to nine decimals. `SUM` of an INT64 is wider on
DuckDB: write `CAST(SUM(x) AS INT64)`. Sessions run in UTC on both engines.
"""

import functools
import re
from typing import TYPE_CHECKING, Literal

from core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlglot import exp

Engine = Literal["duckdb", "bigquery"]

DATASETS = ("bronze", "silver", "gold")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names of sqlglot's node classes. Add one together with its case in tests/test_dialect.py.
_STRUCTURE = _names(
    "Alias Boolean CTE Case ClusterProperty Column ColumnConstraint ColumnDef Create DataType "
    "DataTypeParam Distinct From Group Having Identifier If Interval Join Literal "
    "NotNullColumnConstraint Null Order Ordered Paren PartitionedByProperty Properties Qualify "
    "Schema Select Star Subquery Table TableAlias Tuple Union Unnest Var Where Window With",
)
_OPERATORS = _names(
    "Add And Between DPipe EQ Exists GT GTE In Is LT LTE Mul NEQ Neg Not NullSafeNEQ Or Sub",
)
_FUNCTIONS = _names(
    "Abs Cast Coalesce Concat Count CountIf Date DateAdd DateDiff DateSub DateTrunc DenseRank "
    "Extract GenerateDateArray Greatest IntDiv LastDay Least Length Lower Max Min Mod Nullif Rank "
    "Round RowNumber SafeDivide StartsWith Substring Sum TimeToStr TsOrDsToDate Upper",
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

# What DuckDB's EXTRACT gives under another name, another count or not at all. GoogleSQL's WEEK
# starts on Sunday and calls the days before the first Sunday week 0; DOW is 0 on Sunday.
_EXTRACT = {
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
_FORMAT_PARTS = "YmdAaBbj"  # of FORMAT_DATE, besides %Q
_TRUNC_UNITS = ("DAY", "MONTH", "QUARTER", "YEAR")

# NUMERIC has nine decimals and rounds half away from zero. DuckDB divides decimals as floats, so
# the quotient is taken of whole numbers: nanos of the two sides, the dividend with nine more
# zeros. Larger than DECIMAL(28, 9) raises, it never wraps.
_NANOS = "CAST(CAST({} AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS HUGEINT)"
_DIVIDEND = _NANOS.format(":a") + " * 1000000000"
_DIVISOR = _NANOS.format(":b")
_SAFE_DIVIDE = (
    f"CASE WHEN {_DIVISOR} = 0 THEN NULL ELSE "
    f"CAST((2 * ABS({_DIVIDEND}) + ABS({_DIVISOR})) // (2 * ABS({_DIVISOR})) "
    f"* SIGN({_DIVIDEND}) * SIGN({_DIVISOR}) AS DECIMAL(28, 0)) "
    "* CAST('0.000000001' AS DECIMAL(10, 9)) END"
)


@functools.cache
def render(sql: str, prefix: str, engine: Engine) -> str:
    """One GoogleSQL statement of `core/sql` as the text that an engine runs.

    Args:
        sql: A SELECT, or a CREATE TABLE, over the datasets `bronze`, `silver` and `gold`.
        prefix: Datasets become `{prefix}_bronze`, `{prefix}_silver` and `{prefix}_gold`.
        engine: `bigquery` keeps the statement; `duckdb` drops partitions and clusters.

    Raises:
        InputError: The statement uses something that is not known to mean the same on both.
    """
    from sqlglot import ErrorLevel
    from sqlglot.errors import UnsupportedError

    tree = _parse(sql)
    _check(tree)
    _place(tree, prefix)
    if engine == "duckdb":
        tree = _to_duckdb(tree)
    try:
        return tree.sql(engine, pretty=True, comments=False, unsupported_level=ErrorLevel.RAISE)
    except UnsupportedError as error:
        raise InputError(f"sqlglot cannot write this for {engine}: {error}.") from error


@functools.cache
def tables_read(sql: str) -> frozenset[str]:
    """Tables that a statement reads, such as `silver.orders`; not the one it makes."""
    from sqlglot import exp

    tree = _parse(sql)
    made = tree.find(exp.Table) if isinstance(tree, exp.Create) else None
    return frozenset(
        f"{table.db}.{table.name}"
        for table in tree.find_all(exp.Table)
        if table.db and table is not made
    )


def _parse(sql: str) -> "exp.Expr":
    import sqlglot
    from sqlglot.errors import ParseError, TokenError

    try:
        statements = [tree for tree in sqlglot.parse(sql, read="bigquery") if tree is not None]
    except (ParseError, TokenError) as error:
        raise InputError(f"This is not a GoogleSQL statement: {error}") from error
    if len(statements) != 1:
        raise InputError(f"{len(statements)} statements came: write one statement a file.")
    return statements[0]


def _check(tree: "exp.Expr") -> None:
    """Refuse what is not on the lists above."""
    for node in tree.walk():
        name = type(node).__name__
        if name not in _KNOWN:
            raise _refused(node, "is not on the list of what both engines agree on")
        why = _CHECKS.get(name, _nothing_wrong)(node)
        if why:
            raise _refused(node, why)


def _refused(node: "exp.Expr", why: str) -> InputError:
    return InputError(
        f"{node.sql(dialect='bigquery')} {why}: write it another way, or add a rule to "
        "core/dialect.py with its case in tests/test_dialect.py."
    )


def _nothing_wrong(_: "exp.Expr") -> str:
    return ""


def _wrong_literal(node: "exp.Expr") -> str:
    if not node.is_string and not node.this.isdigit():
        return "is a FLOAT64 in GoogleSQL (write NUMERIC '1.5')"
    return ""


def _wrong_type(node: "exp.Expr") -> str:
    # ARRAY<DATE> is what sqlglot notes on GENERATE_DATE_ARRAY by itself.
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
    return "" if part in _EXTRACT else f"has a part other than {', '.join(_EXTRACT)}"


def _wrong_format(node: "exp.Expr") -> str:
    specifiers = re.findall(r"%(.?)", node.args["format"].name)
    if all(letter and letter in _FORMAT_PARTS + "Q" for letter in specifiers):
        return ""
    return f"has a format other than %Q and %{', %'.join(_FORMAT_PARTS)}"


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
    "SafeDivide": _wrong_divide,
    "Substring": _wrong_start,
    "TimeToStr": _wrong_format,
    "Window": _wrong_window,
}


def _place(tree: "exp.Expr", prefix: str) -> None:
    """Put the prefix before each dataset; every other table must be a name of WITH."""
    from sqlglot import exp

    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if table.db in DATASETS and not table.catalog:
            table.set("db", exp.to_identifier(f"{prefix}_{table.db}"))
        elif table.db or table.name not in own:
            raise _refused(table, f"is not a table of {', '.join(DATASETS)}")


def _to_duckdb(tree: "exp.Expr") -> "exp.Expr":
    if tree.args.get("properties"):  # PARTITION BY and CLUSTER BY: DuckDB has neither
        tree.set("properties", None)
    # Deepest first, so that a rule sees its operands as they have become.
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
    return _template(_EXTRACT[node.this.name.upper()], d=node.expression)


def _format_date(node: "exp.Expr") -> "exp.Expr":
    """%Q is unknown to strftime: the quarter goes between the texts before and after it."""
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
    """Arithmetic on a DATE gives a TIMESTAMP on DuckDB."""
    return _template("CAST(:d AS DATE)", d=node)


def _as_bigint(node: "exp.Expr") -> "exp.Expr":
    return _template("CAST(:n AS BIGINT)", n=node)


def _numeric(node: "exp.Expr") -> "exp.Expr":
    """A bare NUMERIC has nine decimals; DuckDB would take three."""
    from sqlglot import exp

    if node.this.value == "DECIMAL" and not node.expressions:
        return exp.DataType.build("DECIMAL(38, 9)", dialect="duckdb")
    return node


def _safe_divide(node: "exp.Expr") -> "exp.Expr":
    return _template(_SAFE_DIVIDE, a=node.this, b=node.expression)


def _substring(node: "exp.Expr") -> "exp.Expr":
    """Position 0 is position 1 in GoogleSQL; DuckDB would lose a character."""
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
