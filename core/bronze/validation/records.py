"""CSV bytes to records: RFC 4180 with `;`, one record a line, and no row lost to its neighbour.

Two readers give the same table. `read_aligned` cuts the whole text at once and serves every file
whose lines all have the right number of unquoted fields; it answers `None` for any other.
`read_records` goes line by line and knows quotes, bytes that are not UTF-8 and crooked lines.

A readable record always fills exactly one physical line: a quoted line break is understood, so
that the records after it stay in step, and then refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.bronze.validation.bounds import MOST_REJECTED
from core.bronze.validation.visible import is_visible
from core.warehouse.validated import Rejected

DELIMITER = ";"
FIRST_LINE = 2  # physical line of the first record: the header is line 1

# A quote that is never closed must not swallow the file: the longest record that is looked for.
MAX_RECORD_LINES = 20
MAX_RECORD_BYTES = 64 * 1024

_BLOCK_BYTES = 256 * 1024  # of the lines that are cut at once

_MAX_SHOWN = 40  # characters of a value that a reason repeats

# Of a line that is not blank, its end.
_LF_LINE = re.compile(rb"[^ \t\r\x00\n][^\n]*")
_CR_LINE = re.compile(rb"[^ \t\r\x00\n][^\r]*")

# Possessive (*+), so that a field that does not close fails at once instead of trying every cut.
_FIELD = re.compile(rb'"(?P<quoted>[^"]*+(?:""[^"]*+)*+)"|(?P<plain>[^;"]*+)')


@dataclass(frozen=True, slots=True)
class Table:
    """The records of a file as text.

    Attributes:
        columns: One list of values a column, all of the length of `lines`.
        lines: Physical line of each record.
        rejected: Records that could not be cut into the right number of fields.
    """

    columns: Sequence[list[str]]
    lines: Sequence[int]
    rejected: tuple[Rejected, ...]


class _Record(NamedTuple):
    """A record that starts at a line: its fields, or why it has none, and the lines it fills."""

    fields: list[str]
    fault: str
    raw: bytes
    height: int


def read(body: bytes, header: Sequence[str]) -> Table:
    """Cut what follows the header line into records; any bytes are valid input.

    Args:
        body: The file's bytes after the header's line end.
        header: Names of the columns, for their number and for the reasons.
    """
    return read_aligned(body, len(header)) or read_records(body, header)


def read_aligned(body: bytes, width: int) -> Table | None:
    """The records of a body whose every line is `width` unquoted fields of UTF-8; else `None`.

    The text is cut a block of lines at a time, so that little of it is in memory twice. Each line
    end becomes a field of its own. A block is aligned when those stand at every (width + 1)-th
    place and nowhere else; a column is then a slice with that stride.
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
            column.extend(_shared(values) if end > _BLOCK_BYTES else values)
    return Table(columns, range(FIRST_LINE, FIRST_LINE + len(columns[0])), ())


def read_records(body: bytes, header: Sequence[str]) -> Table:
    """The same table record by record, with every record that cannot be cut in `rejected`.

    It ends early once more are rejected than one by one can be.
    """
    lines = split_lines(body)
    values: list[str] = []  # row after row; a list a row would keep the garbage collector busy
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
    """The lines of a file after its first one, however they end, without those that are blank."""
    return count_lines(after_header(data))


def after_header(data: bytes) -> bytes:
    """All bytes after a file's first line, which ends in CR where no line ends in LF."""
    return data.partition(b"\n" if b"\n" in data else b"\r")[2]


def count_lines(body: bytes) -> int:
    """The lines that are not blank, whether they end in LF, in CR and LF or in CR."""
    lines = _LF_LINE if b"\n" in body.rstrip() else _CR_LINE
    return sum(1 for _ in lines.finditer(body))


def split_lines(body: bytes) -> list[bytes]:
    """Physical lines as cut at line feeds, without the blank ones at the end."""
    lines = body.split(b"\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def without_return(line: bytes) -> bytes:
    """A physical line without the carriage return of a Windows line end."""
    return line.removesuffix(b"\r")


def split_fields(raw: bytes) -> list[bytes] | None:
    """Unquoted fields of one record; `None` where its quotes do not follow RFC 4180."""
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


def shown(value: str) -> str:
    """A value as a reason repeats it: quoted, what shows nothing escaped, cut when long."""
    written = repr if is_visible(value) else ascii
    return written(value if len(value) <= _MAX_SHOWN else f"{value[:_MAX_SHOWN]}...")


def _end_of_lines(body: bytes) -> int | None:
    """Where the line ends at the end of a body begin; `None` when `read_records` must look."""
    end = len(body.rstrip(b"\r\n"))
    return None if b"\r" in body[end:].replace(b"\r\n", b"") else end


def _blocks(body: bytes, end: int) -> Iterator[bytes]:
    """Runs of whole lines up to a place, without the line feed behind each run."""
    start = 0
    while start < end:
        cut = body.find(b"\n", start + _BLOCK_BYTES, end)
        cut = end if cut < 0 else cut
        yield body[start:cut]
        start = cut + 1


def _plain_text(block: bytes) -> str | None:
    """Text without carriage returns; `None` when `read_records` must look."""
    try:
        text = without_return(block).decode()
    except UnicodeDecodeError:
        return None
    text = text.replace("\r\n", "\n")
    return None if "\r" in text else text


def _shared(values: list[str]) -> list[str]:
    """The same values, equal ones as one object: a column of few different ones takes little."""
    seen: dict[str, str] = {}
    return [*map(seen.setdefault, values, values)]


def _record(lines: Sequence[bytes], at: int, header: Sequence[str]) -> _Record:
    raw = without_return(lines[at])
    if b'"' in raw:
        return _quoted_record(lines, at, header)
    if not raw.strip():
        return _Record([], "The line is blank: write one row a line.", raw, 1)
    return _decoded(raw.split(b";"), raw, header)


def _quoted_record(lines: Sequence[bytes], at: int, header: Sequence[str]) -> _Record:
    height = _height(lines, at)
    raw = without_return(b"\n".join(lines[at : at + height]))
    fields = split_fields(raw)
    if fields is None or (height > 1 and len(fields) != len(header)):
        fault = "The quotes are not balanced: write a quote inside a quoted field twice."
        return _Record([], fault, without_return(lines[at]), 1)
    if height > 1:
        broken = next(i for i, field in enumerate(fields) if b"\n" in field)
        fault = f"{header[broken]} has a line break: it must be one line."
        return _Record([], fault, raw, height)
    return _decoded(fields, raw, header)


def _height(lines: Sequence[bytes], at: int) -> int:
    """Number of lines until the quotes are even; 1 when that is further than a record may go."""
    quotes = size = 0
    for height, line in enumerate(lines[at : at + MAX_RECORD_LINES], start=1):
        quotes += line.count(b'"')
        size += len(line) + 1
        if height > 1 and size > MAX_RECORD_BYTES:
            break
        if quotes % 2 == 0:
            return height
    return 1


def _decoded(fields: list[bytes], raw: bytes, header: Sequence[str]) -> _Record:
    """A record of one line, with its number of fields and their encoding looked at."""
    if len(fields) != len(header):
        fault = f"The row has {len(fields)} fields: write {len(header)}, separated by `;`."
        if b"\r" in raw:
            fault = f"{fault} It has a CR that ends no line: end each row with LF."
        return _Record([], fault, raw, 1)
    try:  # no field of one line has a line feed, so all are decoded with one call
        return _Record(b"\n".join(fields).decode().split("\n"), "", raw, 1)
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        fault = f"The row has the byte 0x{byte:02x}, which is not UTF-8: save the file as UTF-8."
        return _Record([], fault, raw, 1)
