"""What happens to files on their way: lost, late, repeated, copied, cut off, in another form."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from core.generation.windows import WindowOfDay
from core.scenarios.faults.draft import KIND_OF_FILE, Draft, Mark, Row, files_of, read_rows
from core.scenarios.faults.parcel import Parcel
from core.scenarios.faults.world import World
from core.scenarios.kinds import ITEMS, ORDERS
from core.scenarios.scenario import Fault
from core.storage.object_names import SALES_FILES, cell_prefix
from core.storage.object_store import NewObject

COPY = "_copy.csv"  # the end of a copy's name
_DELIMITERS = {"comma": b",", "tab": b"\t", "bar": b"|"}

_Parcels: TypeAlias = Mapping[str, Parcel]


def transport(draft: Draft, fault: Fault, parcels: _Parcels, world: World) -> None:
    """Make a fault of transport in a cell's parcels."""
    if fault.kind in _DAMAGES:
        for parcel in (parcels[file] for file in files_of(fault)):
            if not (parcel.damaged or parcel.lost):
                _damage(draft, fault, parcel)
    else:
        _WAYS[fault.kind](draft, fault, parcels, world)


def _damage(draft: Draft, fault: Fault, parcel: Parcel) -> None:
    before = parcel.data
    data, was, now = _DAMAGES[fault.kind](fault, before)
    if data != before:
        parcel.data, parcel.damaged = data, True
        draft.marks.append(Mark(fault, parcel.file, None, "", was, now))


def _cut(fault: Fault, data: bytes) -> tuple[bytes, str, str]:
    """The beginning of a file; its last row is cut, too."""
    kept = data[: int(len(data) * float(fault.parameters["keep"]))]
    return kept, str(len(data)), str(len(kept))


def _keep_header(fault: Fault, data: bytes) -> tuple[bytes, str, str]:  # noqa: ARG001 - as all
    header = data[: data.index(b"\n") + 1]
    return header, str(data.count(b"\n") - 1), "0"


def _encode(fault: Fault, data: bytes) -> tuple[bytes, str, str]:
    """The file in UTF-16 with its byte order mark, or in Latin-1: equal if all of it is ASCII."""
    if fault.parameters["encoding"] == "latin-1":
        return data.decode().encode("latin-1", "replace"), "utf-8", "latin-1"
    return b"\xff\xfe" + data.decode().encode("utf-16-le"), "utf-8", "utf-16"


def _delimit(fault: Fault, data: bytes) -> tuple[bytes, str, str]:
    other = _DELIMITERS[str(fault.parameters["delimiter"])]
    return data.replace(b";", other), ";", other.decode()


_DAMAGES: Mapping[str, Callable[[Fault, bytes], tuple[bytes, str, str]]] = {
    "truncated": _cut,
    "empty": lambda _, data: (b"", str(len(data)), "0"),
    "header_only": _keep_header,
    "wrong_encoding": _encode,
    "other_delimiter": _delimit,
}


def _lose(draft: Draft, fault: Fault, parcels: _Parcels, world: World) -> None:  # noqa: ARG001
    for parcel in (parcels[file] for file in files_of(fault)):
        if not (parcel.held or parcel.again):
            parcel.held = True
            draft.marks.append(Mark(fault, parcel.file, None, "", parcel.name, ""))


def _delay(draft: Draft, fault: Fault, parcels: _Parcels, world: World) -> None:
    days = int(fault.parameters.get("days", 0))
    late = max(1, int(fault.parameters["windows"]) + days * len(world.catalog.windows))
    due = world.starts(world.after(draft.at, late))
    usual = world.starts(draft.at)
    files = (ORDERS, ITEMS) if fault.kind == "window_late" else (ITEMS,)
    if any(parcel.held or parcel.again for parcel in parcels.values()):
        return
    for file in files:
        parcels[file].held, parcels[file].due = True, due
        draft.marks.append(Mark(fault, file, None, "", usual.isoformat(), due.isoformat()))


def _deliver_again(draft: Draft, fault: Fault, parcels: _Parcels, world: World) -> None:  # noqa: ARG001
    for parcel in (parcels[file] for file in files_of(fault)):
        if not (parcel.held or parcel.again):
            parcel.again = True
            draft.marks.append(Mark(fault, parcel.file, None, "", "1", "2"))


def _copy_under_other_name(draft: Draft, fault: Fault, parcels: _Parcels, world: World) -> None:  # noqa: ARG001
    for parcel in (parcels[file] for file in files_of(fault)):
        name = parcel.name.removesuffix(".csv") + COPY
        if not (parcel.held or parcel.damaged or any(one.name == name for one in parcel.copies)):
            parcel.copies.append(NewObject(name, parcel.data))
            draft.marks.append(Mark(fault, parcel.file, None, "", "", parcel.name, name))


def _copy_to_next_window(draft: Draft, fault: Fault, parcels: _Parcels, world: World) -> None:
    """Write the rows of a window also as the next one's, if that one was not requested."""
    target = next_of_day(draft.at, world)
    if not may_copy(draft.at, draft.unit, world) or world.is_requested(target, draft.unit):
        return
    folder = cell_prefix(target.day, draft.unit, target.tag)
    for file, (rows, _, data) in _clean_files(draft.at, draft.unit, world).items():
        parcel, sheet = parcels[file], draft.sheet(file)
        new = NewObject(folder + SALES_FILES[KIND_OF_FILE[file]], data)
        if new in parcel.copies:
            continue
        parcel.copies.append(new)
        draft.marks += [
            Mark(fault, file, row, "", "", sheet.line_of(row), new.name, line)
            for line, row in enumerate(rows, 2)
        ]


def receive_copies(draft: Draft, fault: Fault, parcels: _Parcels, world: World) -> None:
    """Append the rows of the window before, if the fault copies them into this one."""
    source = next_of_day(draft.at, world, -1)
    copied = world.rows_hit(fault, source, draft.unit) and may_copy(source, draft.unit, world)
    damaged = any(parcel.damaged for parcel in parcels.values())
    if not copied or damaged or not world.is_open(draft.at, draft.unit):
        return
    for file, (rows, lines, _) in _clean_files(source, draft.unit, world).items():
        parcels[file].append(rows, lines)
        sheet = draft.sheet(file)
        draft.marks += [Mark(fault, file, row, "", "", sheet.line_of(row)) for row in rows]


def _clean_files(
    at: WindowOfDay, unit: int, world: World
) -> dict[str, tuple[list[Row], bytes, bytes]]:
    """The rows of a cell's two clean files, their lines, and all bytes."""
    files = world.clean(at, unit)
    orders, items = read_rows(files, foreign=True)
    return {
        ORDERS: (orders, files.orders_csv.partition(b"\n")[2], files.orders_csv),
        ITEMS: (items, files.items_csv.partition(b"\n")[2], files.items_csv),
    }


def may_copy(at: WindowOfDay, unit: int, world: World) -> bool:
    """Whether a cell has its clean rows, which are those that are copied."""
    return world.is_open(at, unit) and world.mover(at, unit) is None


def next_of_day(at: WindowOfDay, world: World, step: int = 1) -> WindowOfDay:
    """The next window of a date, or the one before; after the last one comes the first one."""
    return WindowOfDay(at.day, world.after(at, step).window)


_WAYS: Mapping[str, Callable[[Draft, Fault, _Parcels, World], None]] = {
    "object_missing": _lose,
    "window_late": _delay,
    "objects_out_of_order": _delay,
    "delivered_again": _deliver_again,
    "copied_under_other_name": _copy_under_other_name,
    "copied_into_other_window": _copy_to_next_window,
}
TRANSPORT_KINDS = (*_DAMAGES, *_WAYS)
