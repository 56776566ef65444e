"""Split CSV bytes into records: RFC 4180 with `;`, one record per line; no row loses its neighbour.

Two readers give the same table. `read_aligned` splits the text at once, if all lines have the right
number of unquoted fields; else it returns `None`. `read_records` goes line by line and handles
quotes, bytes that are not UTF-8 and malformed lines. It parses a quoted line break, to find the
records after it, and rejects it: a readable record is exactly one physical line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.bronze.validation.bounds import MOST_REJECTED
from core.bronze.validation.codes import Code
from core.bronze.validation.visible import is_visible
from core.warehouse.validated import Reason, Rejected

DELIMITER = ";"
FIRST_LINE = 2  # physical line of the first record: the header is line 1

# The longest record, in lines: a quote that is never closed must not swallow the file.
MAX_RECORD_LINES = 20
MAX_RECORD_BYTES = 64 * 1024

_BLOCK_BYTES = 256 * 1024  # of the lines that are split at a time

_MAX_SHOWN = 40  # characters of a value that a reason repeats

# The end of a line that is not blank.
_LF_LINE = re.compile(rb"[^ \t\r\x00\n][^\n]*")
_CR_LINE = re.compile(rb"[^ \t\r\x00\n][^\r]*")

# Possessive (*+): an unclosed field fails immediately instead of trying every split.
_FIELD = re.compile(rb'"(?P<quoted>[^"]*+(?:""[^"]*+)*+)"|(?P<plain>[^;"]*+)')


@dataclass(frozen=True, slots=True)
class Table:
    """The records of a file as text: a list of values per column, and each record's physical line.

    `rejected` are the records that do not have the right number of fields.
    """

    columns: Sequence[list[str]]
    lines: Sequence[int]
    rejected: tuple[Rejected, ...]


class _Record(NamedTuple):
    """A record: its fields, or the reason why it has none, and how many lines it covers."""

    fields: list[str]
    fault: Reason | None
    raw: bytes
    height: int


def split_records(body: bytes, header: Sequence[str]) -> Table:
    """Split the bytes after a file's header line into records; any bytes are valid input."""
    return read_aligned(body, len(header)) or read_records(body, header)


def read_aligned(body: bytes, width: int) -> Table | None:
    """The records of a body in which each line is `width` unquoted fields of UTF-8; else `None`.

    In each block of lines, every line end becomes a field. If line ends are at every (width + 1)-th
    place and nowhere else, a column is a slice with that stride. Blocks keep memory low.
    """
    end = _end_of_lines(body)
    if b'"' in body or end is None:
        return None
    columns: list[list[str]] = [[] for _ in range(width)]
    stride = width + 1
    for block in _blocks(body, end):
        text = _plain_text(block)
        if text is None:
            return None
        fields = text.replace("\n", f"{DELIMITER}\n{DELIMITER}").split(DELIMITER)
        rows = text.count("\n") + 1
        if len(fields) != rows * stride - 1 or set(fields[width::stride]) - {"\n"}:
            return None
        for position, column in enumerate(columns):
            values = fields[position::stride]
            column.extend(_share_values(values) if end > _BLOCK_BYTES else values)
    return Table(columns, range(FIRST_LINE, FIRST_LINE + len(columns[0])), ())


def read_records(body: bytes, header: Sequence[str]) -> Table:
    """The same table, record by record, until more are rejected than can be reported one by one."""
    lines = split_lines(body)
    values: list[str] = []  # in one list: a list per row would burden the garbage collector
    numbers: list[int] = []
    rejected: list[Rejected] = []
    at = 0
    while at < len(lines) and len(rejected) <= MOST_REJECTED:
        record = _record(lines, at, header)
        if record.fault:
            rejected.append(Rejected(at + FIRST_LINE, record.fault, record.raw))
        else:
            values += record.fields
            numbers.append(at + FIRST_LINE)
        at += record.height
    columns = [values[position :: len(header)] for position in range(len(header))]
    return Table(columns, numbers, tuple(rejected))


def count_rows(data: bytes) -> int:
    """Count the lines after the first one, whatever their line ends, without blank ones."""
    return count_lines(after_header(data))


def after_header(data: bytes) -> bytes:
    """All bytes after a file's first line, which ends in CR if no line ends in LF."""
    return data.partition(b"\n" if b"\n" in data else b"\r")[2]


def count_lines(body: bytes) -> int:
    """Count the lines that are not blank; they end in LF, CR and LF, or CR."""
    lines = _LF_LINE if b"\n" in body.rstrip() else _CR_LINE
    return sum(1 for _ in lines.finditer(body))


def split_lines(body: bytes) -> list[bytes]:
    """Split bytes at line feeds, without the blank lines at the end."""
    lines = body.split(b"\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def without_return(line: bytes) -> bytes:
    """A line without the carriage return of a Windows line end."""
    return line.removesuffix(b"\r")


def split_fields(raw: bytes) -> list[bytes] | None:
    """Split one record into unquoted fields; `None` if its quotes do not follow RFC 4180."""
    fields = []
    at = 0
    while field := _FIELD.match(raw, at):
        quoted = field["quoted"]
        fields.append(field["plain"] if quoted is None else quoted.replace(b'""', b'"'))
        at = field.end()
        if at == len(raw):
            return fields
        if raw[at] != ord(DELIMITER):  # a quote in plain text or never closed, text after a quote
            break
        at += 1
    return None


def show_value(value: str) -> str:
    """A value as a reason shows it: quoted, invisible characters escaped, shortened if long."""
    written = repr if is_visible(value) else ascii
    return written(value if len(value) <= _MAX_SHOWN else f"{value[:_MAX_SHOWN]}...")


def _end_of_lines(body: bytes) -> int | None:
    """Where the trailing line ends of a body begin; `None` if only `read_records` can tell."""
    end = len(body.rstrip(b"\r\n"))
    return None if b"\r" in body[end:].replace(b"\r\n", b"") else end


def _blocks(body: bytes, end: int) -> Iterator[bytes]:
    """Blocks of whole lines up to a position, each without its last line feed."""
    start = 0
    while start < end:
        cut = body.find(b"\n", start + _BLOCK_BYTES, end)
        cut = end if cut < 0 else cut
        yield body[start:cut]
        start = cut + 1


def _plain_text(block: bytes) -> str | None:
    """Text without carriage returns; `None` if only `read_records` can tell."""
    try:
        text = without_return(block).decode()
    except UnicodeDecodeError:
        return None
    text = text.replace("\r\n", "\n")
    return None if "\r" in text else text


def _share_values(values: list[str]) -> list[str]:
    """The same values, equal ones as one object, which saves memory."""
    seen: dict[str, str] = {}
    return [*map(seen.setdefault, values, values)]


def _record(lines: Sequence[bytes], at: int, header: Sequence[str]) -> _Record:
    raw = without_return(lines[at])
    if b'"' in raw:
        return _quoted_record(lines, at, header)
    if not raw.strip():
        return _Record([], Reason("The line is blank: write one row a line.", Code.BLANK), raw, 1)
    return _decode_record(raw.split(b";"), raw, header)


def _quoted_record(lines: Sequence[bytes], at: int, header: Sequence[str]) -> _Record:
    height = _height(lines, at)
    raw = without_return(b"\n".join(lines[at : at + height]))
    fields = split_fields(raw)
    if fields is None or (height > 1 and len(fields) != len(header)):
        fault = "The quotes are not balanced: write a quote inside a quoted field twice."
        return _Record([], Reason(fault, Code.QUOTES), without_return(lines[at]), 1)
    if height > 1:
        broken = next(i for i, field in enumerate(fields) if b"\n" in field)
        fault = f"{header[broken]} has a line break: it must be one line."
        return _Record([], Reason(fault, Code.LINE_BREAK, header[broken]), raw, height)
    return _decode_record(fields, raw, header)


def _height(lines: Sequence[bytes], at: int) -> int:
    """Number of lines until the quotes are even; 1 if that is longer than a record may be."""
    quotes = size = 0
    for height, line in enumerate(lines[at : at + MAX_RECORD_LINES], start=1):
        quotes += line.count(b'"')
        size += len(line) + 1
        if height > 1 and size > MAX_RECORD_BYTES:
            break
        if quotes % 2 == 0:
            return height
    return 1


def _decode_record(fields: list[bytes], raw: bytes, header: Sequence[str]) -> _Record:
    """A record of one line, after checking its encoding and number of fields."""
    if len(fields) != len(header):
        fault = f"The row has {len(fields)} fields: write {len(header)}, separated by `;`."
        if b"\r" in raw:
            fault = f"{fault} It has a CR that ends no line: end each row with LF."
        return _Record([], Reason(fault, Code.FIELDS), raw, 1)
    try:  # no field contains a line feed, so one call decodes all
        return _Record(b"\n".join(fields).decode().split("\n"), None, raw, 1)
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        fault = f"The row has the byte 0x{byte:02x}, which is not UTF-8: save the file as UTF-8."
        return _Record([], Reason(fault, Code.ENCODING), raw, 1)
