"""The codes of reasons: what is wrong with a row or file, for programs that read error reports.

Codes are stable: a new reason gets a new code, and no code changes its meaning.
"""

import re
from enum import StrEnum


class Code(StrEnum):
    """What is wrong; the first ones are about a whole file, the others about a row or value."""

    NAME = "name"
    WINDOW = "window"
    DATE_RANGE = "date_range"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    COMPRESSED = "compressed"
    LINE_ENDS = "line_ends"
    DELIMITER = "delimiter"
    COLUMNS = "columns"
    COLUMNS_RENAMED = "columns_renamed"
    COLUMNS_MISSING = "columns_missing"
    COLUMNS_UNKNOWN = "columns_unknown"
    COLUMNS_ORDER = "columns_order"
    NOT_PARQUET = "not_parquet"

    ENCODING = "encoding"  # of a file or a row
    QUOTES = "quotes"
    BLANK = "blank"
    LINE_BREAK = "line_break"
    FIELDS = "fields"
    REPEATED = "repeated"
    OTHER_UNIT = "other_unit"
    OTHER_DATE = "other_date"
    DELIVERY = "delivery"
    BELOW_FEE = "below_fee"

    TYPE = "type"
    RANGE = "range"
    FORMAT = "format"
    DECIMAL_COMMA = "decimal_comma"
    DATE_FORMAT = "date_format"
    UNKNOWN = "unknown"
    TEXT = "text"


_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)", re.ASCII)
_AMOUNT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]{2}", re.ASCII)
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)", re.ASCII)
_COMMA = re.compile(r"-?[0-9]{1,3}(?:\.?[0-9]{3})*,[0-9]+", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_OTHER_DATE = re.compile(
    r"[0-9]{1,2}([./ -])(?:[0-9]{1,2}|[A-Za-z]{3,9})\1[0-9]{2,4}"
    r"|[0-9]{4}([./ ])[0-9]{1,2}\2[0-9]{1,2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[T ].*)?|[0-9]{8}",
    re.ASCII,
)


def code_of_whole(value: str, outside: Code = Code.RANGE) -> Code:
    """The code of a value that is not valid as a whole number, `outside` if it is a number."""
    if _WHOLE.fullmatch(value):
        return outside
    return Code.FORMAT if _NUMBER.fullmatch(value) else Code.TYPE


def code_of_money(value: str) -> Code:
    """The code of a value that is not valid as an amount."""
    if _AMOUNT.fullmatch(value):
        return Code.RANGE
    if _COMMA.fullmatch(value):
        return Code.DECIMAL_COMMA
    return Code.FORMAT if _NUMBER.fullmatch(value) else Code.TYPE


def code_of_date(value: str) -> Code:
    """The code of a value that is not valid as a date."""
    if _DATE.fullmatch(value):
        return Code.RANGE
    return Code.DATE_FORMAT if _OTHER_DATE.fullmatch(value) else Code.TYPE
