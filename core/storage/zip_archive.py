"""ZIP archives whose bytes depend on the files alone."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from core.storage.object_names import SALES_FILES, cell_prefix

if TYPE_CHECKING:
    from core.generation.catalog import Catalog
    from core.storage.publish import Request

MOST_CELLS: Final = 5_000  # of an archive in memory, with two files each
_HIDDEN = "raw/"
_ODD = re.compile(r'[\x00-\x1f\x7f%\\:*?"<>|]')  # `%` too, so that names stay different


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of files, each under its name; equal files are equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(entry_name(name))
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def entry_name(name: str) -> str:
    """The name of an object's entry, unique, which unpacks below the target folder on every system.

    Empty parts, parts such as `..`, and characters such as a colon are quoted as in a URL.
    """
    return "/".join(_harmless(part) for part in name.split("/"))


def _harmless(part: str) -> str:
    if part == "":
        return "%2F"  # of the two slashes around it
    written = _ODD.sub(lambda sign: f"%{ord(sign.group()):02X}", part)
    return written.replace(".", "%2E") if set(part) <= {".", " "} else written


def request_files(request: "Request", catalog: "Catalog") -> Iterator[tuple[str, bytes]]:
    """The sales files of a request, under their names in the output folder."""
    from core.generation.csv_files import cell_files  # late: numpy

    made = cell_files(request.cells(), request.seed, catalog)
    for at in request.slices:
        for unit in request.units:
            folder = cell_prefix(at.day, unit, at.tag).removeprefix(_HIDDEN)
            cell = next(made)
            yield folder + SALES_FILES["orders"], cell.orders_csv
            yield folder + SALES_FILES["order_items"], cell.items_csv
