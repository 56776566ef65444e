"""The first line of a file, and faults that make the whole file unreadable."""

from collections import Counter
from collections.abc import Sequence

from core.bronze.validation.codes import Code
from core.bronze.validation.records import DELIMITER, show_value, split_fields, without_return
from core.warehouse.validated import Reason

_BOM = b"\xef\xbb\xbf"
_WRONG_DELIMITERS = {",": "a comma", "\t": "a tab", "|": "a bar"}

# First bytes of files that are no CSV in UTF-8, and what the reason says.
_UTF16 = Reason("The file is UTF-16: save it as UTF-8.", Code.ENCODING)
_SIGNATURES = {
    b"\x1f\x8b": Reason(
        "The file is compressed with gzip: publish the CSV itself.", Code.COMPRESSED
    ),
    b"\xff\xfe": _UTF16,
    b"\xfe\xff": _UTF16,
}


def split_header(data: bytes) -> tuple[bytes, bytes]:
    """Split off the first line, without byte order mark and line end."""
    first, _, body = data.partition(b"\n")
    return without_return(first.removeprefix(_BOM)), body


def file_fault(data: bytes, header: Sequence[str]) -> Reason | None:
    """Why the whole file is refused, in a sentence; None if its rows can be read by this header."""
    content = data.removeprefix(_BOM)
    if not content or content.isspace():
        return Reason(f"The file is empty: write at least the header {_line(header)}.", Code.EMPTY)
    for signature, fault in _SIGNATURES.items():
        if data.startswith(signature):
            return fault
    first, _ = split_header(data)
    if b"\x00" in first:
        return Reason(
            "The header has NUL bytes, as UTF-16 or a binary file has: save the CSV as UTF-8.",
            Code.ENCODING,
        )
    if _ends_in_cr(data, len(header)):
        return Reason(
            "The lines end in CR alone: end each of them with LF, or with CR and LF.",
            Code.LINE_ENDS,
        )
    return _header_fault(first, header)


def _ends_in_cr(data: bytes, width: int) -> bool:
    """Whether CR alone ends the header or the rows, so that the whole file is one line."""
    first, body = split_header(data)
    if b"\r" in first:
        return True
    rows = body.strip().split(b"\r")
    return (
        b"\n" not in body.strip()
        and len(rows) > 1
        and all(row.count(DELIMITER.encode()) == width - 1 for row in rows)
    )


def _header_fault(first: bytes, header: Sequence[str]) -> Reason | None:
    fields = split_fields(first)
    if fields is None:
        return Reason(f"The header's quotes are not balanced: write {_line(header)}.", Code.QUOTES)
    try:
        names = [field.decode() for field in fields]
    except UnicodeDecodeError:
        return Reason(f"The header is not UTF-8: write {_line(header)}.", Code.ENCODING)
    if names == list(header):
        return None
    difference, code = _difference(names, header)
    return Reason(f"{difference}: write {_line(header)}.", code)


def _difference(names: list[str], header: Sequence[str]) -> tuple[str, Code]:
    """How a header differs from the right one, as the start of a sentence and as a code."""
    for delimiter, spoken in _WRONG_DELIMITERS.items():
        if len(names) == 1 and delimiter in names[0]:
            return f"The header is separated by {spoken} instead of `{DELIMITER}`", Code.DELIMITER
    doubled = [name for name, count in Counter(names).items() if count > 1]
    unknown = [name for name in dict.fromkeys(names) if name not in header]
    missing = [name for name in header if name not in names]
    faults = {"doubled": doubled, "unknown": unknown, "missing": missing}
    said = [f"{_some(found)} {fault}" for fault, found in faults.items() if found]
    if not said:
        return "The header has another order", Code.COLUMNS_ORDER
    code = _columns_code(doubled=bool(doubled), unknown=len(unknown), missing=len(missing))
    return f"The header has {', '.join(said)}", code


def _columns_code(*, doubled: bool, unknown: int, missing: int) -> Code:
    if doubled or (unknown and missing and unknown != missing):
        return Code.COLUMNS
    if unknown and missing:
        return Code.COLUMNS_RENAMED
    return Code.COLUMNS_UNKNOWN if unknown else Code.COLUMNS_MISSING


def _some(names: Sequence[str]) -> str:
    listed = " ".join(show_value(name) for name in names[:3])
    return listed if len(names) <= 3 else f"{listed} and {len(names) - 3} more"


def _line(header: Sequence[str]) -> str:
    return f"`{DELIMITER.join(header)}`"
