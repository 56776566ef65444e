"""Sales with something wrong in them: files of the bucket are edited and loaded again."""

from collections.abc import Callable
from datetime import date, datetime

from core import pipeline
from core.generation.catalog import load_catalog
from core.platform import Platform
from core.storage.manifest import file_entry, read_manifest
from core.storage.object_names import SalesName, manifest_name, parse_sales_name, sales_name
from core.storage.object_store import NewObject
from core.storage.publish import Request

Edit = Callable[[list[str]], list[str]]  # of the lines after the header


def publish(platform: Platform, days: list[date], units: list[int], now: datetime) -> None:
    """All windows of these dates, in Bronze."""
    windows = load_catalog().windows
    pipeline.upload(platform, Request(tuple(days), windows, tuple(units), 1, (2, 4)), now)


def name_of(kind: str, day: date, unit: int, tag: str) -> str:
    return sales_name(SalesName(kind, day, unit, tag))


def lines_of(platform: Platform, name: str) -> list[str]:
    """The lines of an object after its header."""
    return platform.store.read(name).data.decode().splitlines(keepends=True)[1:]


def always(lines: list[str]) -> Edit:
    """An edit that writes these lines."""
    return lambda _: lines


def edit(platform: Platform, name: str, change: Edit, *, believed: bool = True) -> None:
    """Write an object with other lines; if it is `believed`, its manifest describes them."""
    stored = platform.store.read(name).data.decode().splitlines(keepends=True)
    lines = change(stored[1:])
    new = NewObject(name, "".join([stored[0], *lines]).encode())
    platform.store.replace(new)
    parsed = parse_sales_name(name)
    if believed and parsed:
        of_window = manifest_name(parsed.day, parsed.window_tag)
        manifest = read_manifest(of_window, platform.store.read(of_window).data)
        cell = manifest.cells[parsed.unit_id]
        file = file_entry(new, len(lines))
        orders, items = (file, cell.order_items) if parsed.kind == "orders" else (cell.orders, file)
        cell = cell._replace(orders=orders, order_items=items)
        platform.store.replace(NewObject(of_window, manifest.merged([cell]).to_bytes()))


def remove_unit(platform: Platform, day: date, unit: int) -> None:
    """Nothing came from a unit on a date, and no manifest names it."""
    for window in load_catalog().windows:
        of_window = manifest_name(day, window.tag)
        manifest = read_manifest(of_window, platform.store.read(of_window).data)
        cells = {number: cell for number, cell in manifest.cells.items() if number != unit}
        left = type(manifest)(day, window.tag, cells)
        platform.store.replace(NewObject(of_window, left.to_bytes()))
        names = [name_of(kind, day, unit, window.tag) for kind in ("orders", "order_items")]
        platform.store.delete(*names)
        platform.warehouse.remove(platform.store.bucket, names)
