"""Files as one ZIP archive, whose bytes follow from the files alone."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from core.storage.object_names import SALES_FILES, cell_prefix

if TYPE_CHECKING:
    from core.generation.catalog import Catalog
    from core.storage.publish import Request

MOST_CELLS: Final = 5_000  # of an archive that is made in memory: two files each
_HIDDEN = "raw/"
_ODD = re.compile(r'[\x00-\x1f\x7f%\\:*?"<>|]')  # `%` too, so that no two names become one


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of files, each under its name; equal files are equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(entry_name(name))
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def entry_name(name: str) -> str:
    """The name of an object's entry, which stays below the folder that it is unpacked in.

    The name itself, but for what leads elsewhere on some system: parts such as `..`, empty ones,
    and signs such as a backslash or a colon are written as in an address, `%2E%2E`. Names that
    differ have entries that differ.
    """
    return "/".join(_harmless(part) for part in name.split("/"))


def _harmless(part: str) -> str:
    if part == "":
        return "%2F"  # of the two slashes that it stands between
    written = _ODD.sub(lambda sign: f"%{ord(sign.group()):02X}", part)
    return written.replace(".", "%2E") if set(part) <= {".", " "} else written


def request_files(request: "Request", catalog: "Catalog") -> Iterator[tuple[str, bytes]]:
    """The sales files of a request under the names that the output folder has for them."""
    from core.generation.csv_files import cell_files  # late: numpy

    made = cell_files(request.cells(), request.seed, catalog)
    for at in request.slices:
        for unit in request.units:
            folder = cell_prefix(at.day, unit, at.tag).removeprefix(_HIDDEN)
            cell = next(made)
            yield folder + SALES_FILES["orders"], cell.orders_csv
            yield folder + SALES_FILES["order_items"], cell.items_csv
