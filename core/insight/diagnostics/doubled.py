"""Check for sales that count twice: ids in two rows of Bronze, and two kinds of data of one date.

A check proposes to remove an object only if it has just seen another copy with the same bytes in
the bucket. It is moved to where no consumer looks, not deleted.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core.errors import InputError
from core.insight.diagnostics.finding import CheckContext, Finding, State
from core.insight.diagnostics.leftovers import SETTLE, move_out, settle_command
from core.insight.diagnostics.tables import advise_reload, load_again
from core.messages import message
from core.reconcile.compare import ObjectVerdict, Verdict
from core.storage.manifest import read_manifest
from core.storage.object_names import (
    PARQUET_TAG,
    SalesName,
    day_prefix,
    manifest_name,
    parquet_manifest_name,
    parquet_name,
    parse_parquet_name,
    parse_sales_name,
    sales_name,
)
from core.storage.object_store import ObjectInfo, ObjectStore, look
from core.warehouse.base import SALES_TABLES

# Each id in more than one row, with the first and the last object that has it.
_DOUBLED = """
WITH doubled AS (
  SELECT id_pedido AS id, COUNT(*) - 1 AS more,
    MIN(COALESCE(_source_file, '')) AS first_name, MAX(COALESCE(_source_file, '')) AS last_name
  FROM bronze.orders GROUP BY id_pedido HAVING COUNT(*) > 1
  UNION ALL
  SELECT id_item_pedido AS id, COUNT(*) - 1 AS more,
    MIN(COALESCE(_source_file, '')) AS first_name, MAX(COALESCE(_source_file, '')) AS last_name
  FROM bronze.order_items GROUP BY id_item_pedido HAVING COUNT(*) > 1
)
SELECT first_name, last_name, COUNT(*) AS ids, CAST(SUM(more) AS INT64) AS more
FROM doubled GROUP BY first_name, last_name ORDER BY first_name, last_name
"""
_LOOKED_AT = 20  # pairs of objects; the next check shows more


def duplicates(case: CheckContext) -> Finding:
    """Check whether the id of an order or item is in more than one row of Bronze, for all dates."""
    if not {"bronze.orders", "bronze.order_items"} <= case.tables():
        return Finding(State.FINE, message("diagnose.no_bronze"))
    pairs = case.platform.warehouse.ask(_DOUBLED)
    if not pairs:
        return Finding(State.FINE, message("diagnose.doubled_none"))
    ids, more = sum(pair["ids"] for pair in pairs), sum(pair["more"] for pair in pairs)
    found = message("diagnose.doubled", ids=ids, more=more)
    looked = _look_at(case.platform.store, pairs[:_LOOKED_AT])
    gone = tuple(name for name, info in looked.items() if info is None)
    if gone:
        return Finding(
            State.BROKEN,
            message("diagnose.doubled_gone", found=found, name=gone[0]),
            SETTLE,
            settle_command(case, gone),
            "settle",
            gone,
        )
    inside = [p["first_name"] for p in pairs if p["first_name"] == p["last_name"]]
    loadable = [name for name in inside if parse_sales_name(name) or parse_parquet_name(name)]
    if loadable:
        return Finding(
            State.BROKEN,
            message("diagnose.doubled_loaded", found=found, name=loadable[0]),
            message("diagnose.doubled_loaded_advice"),
            load_again(case, loadable),
            "reload",
            tuple(loadable),
        )
    if inside or "" in (name for pair in pairs for name in _names(pair)):
        return advise_reload(case, message("diagnose.doubled_unexplained", found=found))
    return _in_two_objects(case, found, pairs[:_LOOKED_AT], looked)


def _look_at(
    store: ObjectStore, pairs: Sequence[Mapping[str, Any]]
) -> dict[str, ObjectInfo | None]:
    names = sorted({name for pair in pairs for name in _names(pair) if name})
    return {name: store.find(name) for name in names}


def _names(pair: Mapping[str, Any]) -> tuple[str, str]:
    return pair["first_name"], pair["last_name"]


def _in_two_objects(
    case: CheckContext,
    found: str,
    pairs: Sequence[Mapping[str, Any]],
    looked: Mapping[str, ObjectInfo | None],
) -> Finding:
    store = case.platform.store
    alike = [names for names in map(_names, pairs) if _are_copies(store, *map(looked.get, names))]
    first, last = alike[0] if alike else _names(pairs[0])
    told = message("diagnose.doubled_in", found=found, first=first, last=last)
    if not alike:
        return Finding(
            State.BROKEN,
            message("diagnose.doubled_differ", found=told),
            message("diagnose.doubled_differ_advice"),
            "",
            "storage",
            (first, last),
        )
    copies = tuple(sorted({_copy(store, *names) for names in alike}))
    return Finding(
        State.BROKEN,
        message("diagnose.doubled_copies", found=told),
        message("diagnose.doubled_copies_advice", name=copies[0]),
        f"{move_out(case, copies)}\n{settle_command(case, copies)}",
        "",
        copies,
    )


def _are_copies(store: ObjectStore, one: ObjectInfo | None, other: ObjectInfo | None) -> bool:
    """Whether both objects exist with the same bytes."""
    if one is None or other is None or one.size != other.size:
        return False
    first, last = (info.crc32c or store.checksum(info.name) for info in (one, other))
    return first == last


def _copy(store: ObjectStore, first: str, last: str) -> str:
    """Which of two equal objects to remove: one that no manifest names, else the last."""
    return first if _is_named(store, last) and not _is_named(store, first) else last


def _is_named(store: ObjectStore, name: str) -> bool:
    """Whether the manifest of an object's window has its checksum."""
    parsed = parse_sales_name(name)
    of_window = manifest_name(parsed.day, parsed.window_tag) if parsed else ""
    stored = look(store, of_window) if of_window else None
    if parsed is None or stored is None:
        return False
    try:
        cell = read_manifest(of_window, stored.data).cells.get(parsed.unit_id)
    except InputError:
        return False
    if cell is None:
        return False
    file = cell.orders if parsed.kind == "orders" else cell.order_items
    return file.crc32c == store.checksum(name)


def mixed(case: CheckContext) -> Finding:
    """Check whether a unit has bulk and incremental data, or CSV and Parquet, on one date."""
    lines = [line for line in case.lines() if line.verdict is Verdict.MIXED]
    if not lines:
        return Finding(State.FINE, message("diagnose.mixed_none", dates_told=case.dates_text))
    in_parquet = [line for line in lines if line.window_tag == PARQUET_TAG]
    if in_parquet:
        return _mixed_with_parquet(case, in_parquet[0])
    cells = sorted({(line.day, line.unit_id) for line in lines})
    names = [name for day, unit in cells for name in _bulk_names(day, unit)]
    (day, unit), *_ = cells
    cell = message("diagnose.cell", unit=unit, day=day)
    if len(cells) > 1:
        cell = message("diagnose.cell_and_more", cell=cell, count=len(cells) - 1)
    found = message("diagnose.mixed", cell=cell)
    present = {info.name for one in {day for day, _ in cells} for info in _list_sales(case, one)}
    gone = tuple(line.name for line in lines if line.bronze and line.name not in present)
    if gone:
        return _report_left(case, found, gone)
    names = [name for name in names if name in present]
    return Finding(
        State.BROKEN,
        found,
        message("diagnose.mixed_advice", count=len(names), name=names[0]),
        _move_command(case, [*names, *_manifests_of(case, cells)]),
        "",
        tuple(names),
    )


def _mixed_with_parquet(case: CheckContext, line: ObjectVerdict) -> Finding:
    names = [parquet_name(table, line.day) for table in SALES_TABLES]
    found = message("diagnose.mixed_parquet", day=line.day, detail=line.detail)
    present = {info.name for info in _list_sales(case, line.day)}
    of_day = [one for one in case.lines() if one.day == line.day]
    gone = tuple(one.name for one in of_day if one.bronze and one.name not in present)
    if gone:
        return _report_left(case, found, gone)
    names = [name for name in names if name in present]
    return Finding(
        State.BROKEN,
        found,
        message("diagnose.mixed_parquet_advice"),
        _move_command(case, [*names, parquet_manifest_name(line.day)]),
        "",
        tuple(names),
    )


def _report_left(case: CheckContext, found: str, gone: tuple[str, ...]) -> Finding:
    return Finding(
        State.BROKEN,
        message("diagnose.mixed_gone", found=found, name=gone[0]),
        SETTLE,
        settle_command(case, gone),
        "settle",
        gone,
    )


def _move_command(case: CheckContext, names: Sequence[str]) -> str:
    return f"{move_out(case, names)}\n{settle_command(case, names)}"


def _list_sales(case: CheckContext, day: date) -> list[ObjectInfo]:
    """The sales objects of a date in the bucket."""
    store = case.platform.store
    names = [parquet_name(table, day) for table in SALES_TABLES]
    return store.list(day_prefix(day)) + [info for info in map(store.find, names) if info]


def _bulk_names(day: date, unit: int) -> list[str]:
    return [sales_name(SalesName(table, day, unit, None)) for table in SALES_TABLES]


def _manifests_of(case: CheckContext, cells: list[tuple[date, int]]) -> list[str]:
    """Manifests of bulk data that name only these units: they are removed with the objects."""
    found = []
    for day in sorted({day for day, _ in cells}):
        name = manifest_name(day, None)
        kept = {
            info.name
            for info in case.platform.store.list(day_prefix(day))
            if info.name.count("/") == day_prefix(day).count("/") + 1
        } - {name for of_day, unit in cells if of_day == day for name in _bulk_names(day, unit)}
        if not kept and case.platform.store.find(name):
            found.append(name)
    return found
