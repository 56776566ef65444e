"""Columns of a file that are renamed, left out, added or in another order."""

from collections.abc import Mapping

from core.scenarios.faults.draft import DELIMITER, Draft, Mark, Sheet, files_of
from core.scenarios.kinds import ITEMS, ORDERS
from core.scenarios.scenario import Fault

# By file: the column that gets another name, the one that is left out, the one that is added with
# its value, and two that trade places.
_RENAMED = {ORDERS: ("Vlr_Pedido", "Valor_Pedido"), ITEMS: ("Vlr_Item", "Valor_Item")}
_DROPPED = {ORDERS: "Taxa_Entrega", ITEMS: "Observacao"}
_ADDED = {ORDERS: ("Canal", "app"), ITEMS: ("Desconto", "0.00")}
_TRADED: Mapping[str, tuple[str, str]] = {
    ORDERS: ("Vlr_Pedido", "Taxa_Entrega"), ITEMS: ("Qtd", "Vlr_Item"),
}  # fmt: skip

COLUMN_KINDS = ("column_renamed", "column_dropped", "column_added", "columns_reordered")


def change_columns(draft: Draft, fault: Fault, changed: set[str]) -> None:
    """Change the columns of the fault's files, but for those that another fault changed."""
    for file in files_of(fault):
        if file not in changed:
            changed.add(file)
            column, was, now = _change(draft.sheet(file), fault.kind)
            draft.marks.append(Mark(fault, file, None, column, was, now))


def _change(sheet: Sheet, kind: str) -> tuple[str, str, str]:
    """Change a file's columns; return the column's name, and what was and is in the header."""
    header = sheet.header
    if kind == "column_renamed":
        was, now = _RENAMED[sheet.kind]
        header[header.index(was)] = now
        return was, was, now
    if kind == "column_dropped":
        was = _DROPPED[sheet.kind]
        place = header.index(was)
        for fields in (header, *(row.fields for row in sheet.rows)):
            del fields[place]
        return was, was, ""
    if kind == "column_added":
        now, value = _ADDED[sheet.kind]
        header.append(now)
        for row in sheet.rows:
            row.fields.append(value)
        return now, "", now
    return _trade(sheet)


def _trade(sheet: Sheet) -> tuple[str, str, str]:
    was = DELIMITER.join(sheet.header)
    first, second = map(sheet.header.index, _TRADED[sheet.kind])
    for fields in (sheet.header, *(row.fields for row in sheet.rows)):
        fields[first], fields[second] = fields[second], fields[first]
    return "", was, DELIMITER.join(sheet.header)
