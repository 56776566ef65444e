"""Show the beginning of an object: lines of text, rows of Parquet as CSV, or other bytes as hex.

Nothing here trusts the bytes: the text marks every invalid one.
"""

import codecs
import contextlib
from dataclasses import dataclass
from typing import NamedTuple

from core.bronze.ingest import judge_rows
from core.bronze.validation.records import split_fields
from core.generation.catalog import Catalog
from core.generation.parquet_files import first_rows
from core.storage.object_names import is_parquet_file, is_sales_file, reference_kind
from core.storage.object_store import StoredObject
from core.storage.object_store.checksums import crc32c

SHOWN_LINES = 200
SHOWN_BYTES = 64 * 1024
_HEX_BYTES, _HEX_WIDTH = 1024, 16


class FileLine(NamedTuple):
    """A line, or a row of a Parquet file, counted from 1: its fields, and why it is rejected."""

    number: int
    fields: tuple[str, ...]
    fault: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The beginning of an object: at most `SHOWN_LINES` lines of `SHOWN_BYTES`.

    Attributes:
        cut: Whether the object has more.
        rows, rejected: Of the whole file; `rows` is None if it is neither CSV nor Parquet.
        binary, broken: Whether `text` is a hex dump, or has marks for bytes that are not UTF-8.
        header, lines: Those of a CSV or Parquet file; otherwise empty.
        fault: Why the whole file is refused; empty if it is not.
    """

    crc32c: str
    text: str
    cut: bool
    rows: int | None = None
    binary: bool = False
    broken: bool = False
    header: tuple[str, ...] = ()
    lines: tuple[FileLine, ...] = ()
    fault: str = ""
    rejected: int = 0


def read_contents(stored: StoredObject, catalog: Catalog) -> Contents:
    """Read the beginning of an object; each line of a file for Bronze is judged."""
    data = stored.data
    checksum = crc32c(data)
    table = first_rows(data, SHOWN_LINES) if stored.name.endswith(".parquet") else None
    if table:
        return _parquet(stored, table, catalog)
    if b"\0" in data[:SHOWN_BYTES]:
        cut = len(data) > _HEX_BYTES
        return Contents(checksum, _hex(data[:_HEX_BYTES]), cut, binary=True)
    text, cut, broken = _beginning(data)
    if not stored.name.endswith(".csv"):
        return Contents(checksum, text, cut, broken=broken)
    faults, fault, rows, rejected = _judge_contents(stored, catalog)
    lines = text.split("\n")
    return Contents(
        checksum, text, cut, rows=rows, broken=broken, header=_fields(lines[0]),
        lines=tuple(
            FileLine(number, _fields(line), faults.get(number, ""))
            for number, line in enumerate(lines[1:], 2)
            if line or number < len(lines)
        ),
        fault=fault, rejected=rejected,
    )  # fmt: skip


def _parquet(
    stored: StoredObject, table: tuple[int, list[tuple[str, ...]]], catalog: Catalog
) -> Contents:
    """A Parquet file's first rows after its header; a file for Bronze is judged."""
    rows, (header, *first) = table
    judged = is_parquet_file(stored.name)
    faults, fault, _, rejected = _judge_contents(stored, catalog) if judged else ({}, "", 0, 0)
    return Contents(
        crc32c(stored.data), "\n".join(map(";".join, (header, *first))), rows > len(first),
        rows=rows, header=header,
        lines=tuple(FileLine(n, row, faults.get(n, "")) for n, row in enumerate(first, 1)),
        fault=fault, rejected=rejected,
    )  # fmt: skip


def _judge_contents(stored: StoredObject, catalog: Catalog) -> tuple[dict[int, str], str, int, int]:
    """The reasons by line, that of the whole file, and the numbers of all and rejected rows."""
    name = stored.name
    if not (is_sales_file(name) or is_parquet_file(name) or reference_kind(name)):
        rows = sum(1 for line in stored.data.split(b"\n")[1:] if line.strip())
        return {}, "", rows, 0
    found = judge_rows(stored.name, stored.data, catalog)
    reasons: dict[int, str] = {row.line: row.reason for row in found.rejected}
    return reasons, found.unreadable or "", found.rows_in, found.rows_rejected


def _beginning(data: bytes) -> tuple[str, bool, bool]:
    """The first lines without carriage returns, whether more follow, and whether any is invalid."""
    part = data[:SHOWN_BYTES]
    cut = len(part) < len(data)
    text, broken = _decode(part, cut=cut)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    kept = lines[: SHOWN_LINES + 1]  # the header and the shown lines
    more = len(lines) > len(kept) + (lines[-1] == "")
    return "\n".join([*kept, ""] if len(lines) > len(kept) else kept), cut or more, broken


def _decode(part: bytes, *, cut: bool) -> tuple[str, bool]:
    """Bytes as text, and whether any byte is not UTF-8; the last character may be incomplete."""
    for errors in ("strict", "replace"):
        decoder = codecs.getincrementaldecoder("utf-8")(errors)
        with contextlib.suppress(UnicodeDecodeError):
            return decoder.decode(part, final=not cut), errors == "replace"
    raise AssertionError(part)  # `replace` accepts any bytes


def _fields(line: str) -> tuple[str, ...]:
    fields = split_fields(line.encode("utf-8", "surrogatepass"))
    return (
        (line,) if fields is None else tuple(field.decode("utf-8", "replace") for field in fields)
    )


def _hex(data: bytes) -> str:
    rows = (data[at : at + _HEX_WIDTH] for at in range(0, len(data), _HEX_WIDTH))
    return "\n".join(
        f"{number * _HEX_WIDTH:06x}  {row.hex(' '):<{3 * _HEX_WIDTH - 1}}  {_printable(row)}"
        for number, row in enumerate(rows)
    )


def _printable(row: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
