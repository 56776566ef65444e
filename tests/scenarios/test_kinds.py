"""What each kind of fault makes of a cell, and what the manifest and the key say of it."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from core.generation.catalog import load_catalog
from core.generation.cells import window_cells
from core.generation.columns import HEADERS
from core.generation.csv_files import CellFiles, cell_files
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import WindowOfDay
from core.messages import TEMPLATES
from core.scenarios.faults.columns import COLUMN_KINDS
from core.scenarios.faults.rows import ROW_KINDS
from core.scenarios.faults.transport import TRANSPORT_KINDS
from core.scenarios.faults.world import MOVERS
from core.scenarios.kinds import KINDS
from core.storage.delivery import clean_delivery
from core.storage.manifest import CellEntry, FileEntry
from core.storage.object_store.checksums import crc32c
from tests.support.spoiled import (
    FIRST,
    WINDOWS,
    Cell,
    fault,
    request_of,
    scenario_of,
    sent,
    spoil_all,
)

ORDERS, ITEMS = "pedido.csv", "item_pedido.csv"
FOLDER = "raw/csv_sales/2026/02/01/unit_001/"
LUNCH = FOLDER + "window_1214/"


def lunch(*faults: Mapping[str, Any]) -> Cell:
    """Unit 1 from 12:00 to 14:00 on the first date, under these faults."""
    (cell,) = spoil_all(scenario_of(*faults), request_of(windows=[1], units=1))
    return cell


def clean_files(cell: Cell) -> dict[str, bytes]:
    return {ORDERS: cell.clean.orders_csv, ITEMS: cell.clean.items_csv}


def clean_entry(cell: Cell) -> CellEntry:
    entry = clean_delivery(cell.at, cell.unit, DEFAULT_SEED, cell.clean).entry
    assert entry
    return entry._replace(scenario="tried")


def clean_of(at: WindowOfDay, unit: int = 1) -> CellFiles:
    cells = window_cells([at.day], at.windows, [unit])
    return next(cell_files(cells, DEFAULT_SEED, load_catalog()))


def edit(column: str, write: Callable[[str], str]) -> Callable[[bytes], bytes]:
    """Change a column of every row."""
    kind = "orders" if column in HEADERS["orders"] else "order_items"
    place = HEADERS[kind].index(column)

    def change(data: bytes) -> bytes:
        header, *rows = data.decode().splitlines()
        fields = [row.split(";") for row in rows]
        lines = [";".join((*row[:place], write(row[place]), *row[place + 1 :])) for row in fields]
        return "\n".join([header, *lines, ""]).encode()

    return change


def replace(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(old, new)


def each_line(change: Callable[[list[str]], Sequence[str]]) -> Callable[[bytes], bytes]:
    """Change the fields of every line, the header included."""
    return lambda data: "".join(
        ";".join(change(line.split(";"))) + "\n" for line in data.decode().splitlines()
    ).encode()


def double(data: bytes) -> bytes:
    header, *rows = data.splitlines(keepends=True)
    return header + b"".join(row + row for row in rows)


def swap(first: int, second: int) -> Callable[[list[str]], list[str]]:
    def change(fields: list[str]) -> list[str]:
        fields[first], fields[second] = fields[second], fields[first]
        return fields

    return change


def header(data: bytes) -> bytes:
    return data.splitlines(keepends=True)[0]


# Kind, its parameters, the file, and how its bytes change.
CASES: list[tuple[str, dict[str, Any], str, Callable[[bytes], bytes]]] = [
    ("row_doubled", {}, ORDERS, double),
    ("row_doubled", {"file": "items"}, ITEMS, double),
    ("value_out_of_range", {}, ITEMS, edit("Qtd", lambda _: "99")),
    ("value_out_of_range", {"column": "Vlr_Item"}, ITEMS, edit("Vlr_Item", "-{}".format)),
    ("value_out_of_range", {"column": "Vlr_Pedido"}, ORDERS, edit("Vlr_Pedido", "-{}".format)),
    ("value_out_of_range", {"column": "Taxa_Entrega"}, ORDERS,
     edit("Taxa_Entrega", lambda _: "99.90")),
    ("value_of_wrong_type", {}, ORDERS, edit("Vlr_Pedido", lambda _: "n/d")),
    ("value_of_wrong_type", {"column": "Id_Produto"}, ITEMS, edit("Id_Produto", lambda _: "n/d")),
    ("decimal_comma", {}, ORDERS, edit("Vlr_Pedido", lambda value: value.replace(".", ","))),
    ("decimal_comma", {"column": "Vlr_Item"}, ITEMS,
     edit("Vlr_Item", lambda value: value.replace(".", ","))),
    ("other_date_format", {}, ORDERS, replace(b";2026-02-01;", b";01/02/2026;")),
    ("other_date_format", {"format": "mm/dd/yyyy"}, ORDERS,
     replace(b";2026-02-01;", b";02/01/2026;")),
    ("other_date_format", {"format": "yyyymmdd"}, ORDERS, replace(b";2026-02-01;", b";20260201;")),
    ("wrong_unit", {}, ORDERS, replace(b"\n1;", b"\n2;")),
    ("wrong_date", {}, ORDERS, replace(b";2026-02-01;", b";2026-01-31;")),
    ("item_without_order", {}, ORDERS, header),
    ("order_without_items", {}, ITEMS, header),
    ("total_not_sum", {}, ORDERS, edit("Vlr_Pedido", lambda value: f"{float(value) + 10:.2f}")),
    ("unknown_product", {}, ITEMS, edit("Id_Produto", lambda _: "31")),
    ("unknown_type", {}, ORDERS, edit("Tipo_Pedido", lambda _: "Aplicativo")),
    ("unknown_status", {}, ORDERS, edit("Status", lambda _: "Em preparo")),
    ("column_renamed", {}, ORDERS, replace(b"Vlr_Pedido", b"Valor_Pedido")),
    ("column_renamed", {"file": "items"}, ITEMS, replace(b"Vlr_Item", b"Valor_Item")),
    ("column_dropped", {}, ORDERS, each_line(lambda fields: [*fields[:6], *fields[7:]])),
    ("column_dropped", {"file": "items"}, ITEMS, each_line(lambda fields: fields[:5])),
    ("column_added", {}, ORDERS,
     each_line(lambda row: [*row, "Canal" if row[0] == "Id_Unidade" else "app"])),
    ("columns_reordered", {}, ORDERS, each_line(swap(4, 6))),
    ("columns_reordered", {"file": "items"}, ITEMS, each_line(swap(3, 4))),
    ("truncated", {}, ORDERS, lambda data: data[: len(data) // 2]),
    ("truncated", {"file": "items", "keep": 0.25}, ITEMS, lambda data: data[: len(data) // 4]),
    ("empty", {}, ORDERS, lambda _: b""),
    ("header_only", {"file": "items"}, ITEMS, header),
    ("wrong_encoding", {}, ORDERS, lambda data: data.decode().encode("utf-16")),
    ("wrong_encoding", {"encoding": "latin-1"}, ORDERS,
     lambda data: data.decode().encode("latin-1")),
    ("other_delimiter", {}, ORDERS, replace(b";", b",")),
    ("other_delimiter", {"delimiter": "tab", "file": "items"}, ITEMS, replace(b";", b"\t")),
    ("other_delimiter", {"delimiter": "bar"}, ORDERS, replace(b";", b"|")),
]  # fmt: skip
NAMES = [f"{kind} {' '.join(map(str, given.values()))}".strip() for kind, given, *_ in CASES]


@pytest.mark.parametrize(("kind", "given", "file", "change"), CASES, ids=NAMES)
def test_a_fault_changes_its_file_alone_and_the_key_says_how(
    kind: str, given: dict[str, Any], file: str, change: Callable[[bytes], bytes]
) -> None:
    cell = lunch(fault(kind, **given))
    files, before = sent(cell.delivery), clean_files(cell)
    assert files == {LUNCH + name: before[name] for name in before} | {
        LUNCH + file: change(before[file])
    }
    assert files[LUNCH + file] != before[file]
    assert not cell.delivery.held
    assert not cell.delivery.again
    said = {entry.object for entry in cell.entries}
    noticed_in = {"item_without_order": ITEMS, "order_without_items": ORDERS}.get(kind, file)
    assert said == {LUNCH + noticed_in}
    assert {entry.kind for entry in cell.entries} == {kind}


@pytest.mark.parametrize(("kind", "given", "file", "change"), CASES, ids=NAMES)
def test_the_manifest_believes_the_source_and_not_the_way(
    kind: str, given: dict[str, Any], file: str, change: Callable[[bytes], bytes]
) -> None:
    cell = lunch(fault(kind, **given))
    entry, clean = cell.delivery.entry, clean_entry(cell)
    assert entry
    if KINDS[kind].origin == "transport":
        assert entry == clean
        return
    data = change(clean_files(cell)[file])
    of_file = entry.orders if file == ORDERS else entry.order_items
    rows = data.count(b"\n") - 1
    assert of_file == FileEntry(LUNCH + file, rows, len(data), crc32c(data))
    assert (entry.order_items if file == ORDERS else entry.orders) == (
        clean.order_items if file == ORDERS else clean.orders
    )
    assert (entry.unit_id, entry.seed, entry.scenario) == (1, DEFAULT_SEED, "tried")
    assert (entry.orders_min, entry.orders_max) == (3, 5)


def test_the_manifests_value_is_the_sum_that_the_source_has() -> None:
    clean = lunch().clean
    for kind, cents in (
        ("row_doubled", 2 * clean.value_cents),
        ("total_not_sum", clean.value_cents + 1000 * clean.orders),
        ("decimal_comma", clean.value_cents),
        ("value_of_wrong_type", 0),
        ("item_without_order", 0),
        ("column_dropped", clean.value_cents),
    ):
        entry = lunch(fault(kind)).delivery.entry
        assert entry
        assert entry.value_cents == cents, kind


def test_without_a_hit_everything_is_clean() -> None:
    cell = lunch({"kind": "empty", "count": 1, "units": [5, 9]})
    assert cell.delivery == clean_delivery(cell.at, 1, DEFAULT_SEED, cell.clean)._replace(
        entry=clean_entry(cell)
    )
    assert cell.entries == []


@pytest.mark.parametrize(
    ("file", "lost"), [("both", [ITEMS, ORDERS]), ("orders", [ORDERS]), ("items", [ITEMS])]
)
def test_a_missing_object_is_held_and_never_comes_by_itself(file: str, lost: list[str]) -> None:
    cell = lunch(fault("object_missing", file=file))
    assert [(one.new.name, one.moment) for one in cell.delivery.held] == [
        (LUNCH + name, None) for name in lost
    ]
    assert sent(cell.delivery) == {LUNCH + name: data for name, data in clean_files(cell).items()}
    assert cell.delivery.entry == clean_entry(cell)
    assert {(one.object, one.was, one.is_) for one in cell.entries} == {
        (LUNCH + name, LUNCH + name, "") for name in lost
    }


@pytest.mark.parametrize(
    ("kind", "given", "files", "due"),
    [
        ("window_late", {}, [ITEMS, ORDERS], "2026-02-01T14:00:00-03:00"),
        ("window_late", {"windows": 3}, [ITEMS, ORDERS], "2026-02-01T18:00:00-03:00"),
        ("window_late", {"windows": 6}, [ITEMS, ORDERS], "2026-02-02T10:00:00-03:00"),
        ("window_late", {"days": 2}, [ITEMS, ORDERS], "2026-02-03T12:00:00-03:00"),
        ("objects_out_of_order", {"windows": 2}, [ITEMS], "2026-02-01T16:00:00-03:00"),
    ],
)
def test_what_is_late_is_held_until_a_later_windows_start(
    kind: str, given: dict[str, Any], files: list[str], due: str
) -> None:
    cell = lunch(fault(kind, **given))
    held = [(one.new.name, one.moment.isoformat()) for one in cell.delivery.held if one.moment]
    assert held == [(LUNCH + name, due) for name in files]
    assert sent(cell.delivery) == {LUNCH + name: data for name, data in clean_files(cell).items()}
    assert cell.delivery.entry == clean_entry(cell)
    usual = "2026-02-01T12:00:00-03:00"
    assert {one.object: (one.was, one.is_, one.appears.isoformat()) for one in cell.entries} == {
        LUNCH + name: (usual, due, usual) for name in files
    }


def test_a_fault_in_a_late_file_appears_when_the_file_comes() -> None:
    cell = lunch(fault("unknown_status"), fault("window_late", windows=2))
    appears = {entry.kind: entry.appears.hour for entry in cell.entries}
    assert appears == {"unknown_status": 16, "window_late": 12}


def test_an_object_that_is_delivered_again_has_the_same_bytes() -> None:
    cell = lunch(fault("delivered_again", file="items"))
    assert cell.delivery.again == (LUNCH + ITEMS,)
    assert sent(cell.delivery) == {LUNCH + name: data for name, data in clean_files(cell).items()}
    assert [(entry.object, entry.is_) for entry in cell.entries] == [(LUNCH + ITEMS, "2")]
    assert KINDS["delivered_again"].reason


def test_rows_that_are_copied_under_another_name_are_in_no_layout() -> None:
    cell = lunch(fault("copied_under_other_name", file="orders"))
    clean = clean_files(cell)
    assert [new.name for new in cell.delivery.objects] == [
        LUNCH + ITEMS, LUNCH + ORDERS, LUNCH + "pedido_copy.csv",
    ]  # fmt: skip
    assert sent(cell.delivery)[LUNCH + "pedido_copy.csv"] == clean[ORDERS]
    assert [entry.object for entry in cell.entries] == [LUNCH + "pedido_copy.csv"]


def test_rows_are_copied_to_the_next_window_which_was_not_requested() -> None:
    cell = lunch(fault("copied_into_other_window"))
    other, clean = FOLDER + "window_1416/", clean_files(cell)
    assert sent(cell.delivery) == {
        folder + name: data for folder in (LUNCH, other) for name, data in clean.items()
    }
    said = {(one.object, one.line) for one in cell.entries}
    assert said == {
        (other + name, line)
        for name, data in clean.items()
        for line in range(2, data.count(b"\n") + 1)
    }
    assert cell.delivery.entry == clean_entry(cell)


def test_rows_are_copied_to_the_end_of_the_next_windows_files() -> None:
    one = {**fault("copied_into_other_window"), "windows": ["window_1214"]}
    source, target = spoil_all(scenario_of(one), request_of(windows=[1, 2], units=1))
    assert source.entries == []
    for name, data in clean_files(target).items():
        lines = clean_files(source)[name].splitlines(keepends=True)[1:]
        assert sent(target.delivery)[FOLDER + "window_1416/" + name] == data + b"".join(lines)
    assert target.delivery.entry == clean_entry(target)
    clean_orders = clean_files(target)[ORDERS].count(b"\n")
    assert [entry.line for entry in target.entries if entry.object.endswith("/" + ORDERS)] == [
        clean_orders + number for number in range(1, source.clean.orders + 1)
    ]


@pytest.mark.parametrize(
    ("dates", "change"),
    [("today", replace(b";2026-01-31;", b";2026-02-01;")), ("yesterday", lambda data: data)],
)
def test_yesterdays_sales_come_again(dates: str, change: Callable[[bytes], bytes]) -> None:
    cell = lunch(fault("yesterday_again", dates=dates))
    before = clean_of(WindowOfDay(FIRST - timedelta(days=1), WINDOWS[1]))
    assert sent(cell.delivery) == {
        LUNCH + ORDERS: change(before.orders_csv), LUNCH + ITEMS: before.items_csv,
    }  # fmt: skip
    entry = cell.delivery.entry
    assert entry
    assert (entry.orders.rows, entry.value_cents) == (before.orders, before.value_cents)
    assert [(one.object, one.was, one.is_) for one in cell.entries] == [
        (LUNCH + ORDERS, "2026-02-01", "2026-01-31")
    ]


def test_a_clock_that_is_fast_files_each_windows_sales_under_the_next() -> None:
    one = {**fault("clock_skew"), "days": [0, 0]}
    cells = spoil_all(scenario_of(one), request_of(days=2, units=1))
    clean = [cell.clean for cell in cells]
    orders = [
        next(data for name, data in sent(cell.delivery).items() if name.endswith("/" + ORDERS))
        for cell in cells
    ]
    assert orders[0] == header(clean[0].orders_csv)
    assert orders[1:7] == [files.orders_csv for files in clean[:6]]
    moved = clean[6].orders_csv.partition(b"\n")[2]
    assert b";2026-02-01;" in moved
    assert (
        orders[7] == header(clean[7].orders_csv) + moved + clean[7].orders_csv.partition(b"\n")[2]
    )
    assert orders[8:] == [files.orders_csv for files in clean[8:]]
    counts = [(int(entry.was), int(entry.is_)) for cell in cells for entry in cell.entries]
    here = [files.orders for files in clean[:8]]
    assert counts == list(
        zip(here, [0, *here[:6], here[6] + here[7]], strict=True)
    )  # fmt: skip


def test_the_last_requested_window_keeps_its_sales_whatever_the_clock_says() -> None:
    cells = spoil_all(scenario_of(fault("clock_skew")), request_of(windows=[1, 2], units=1))
    rows = sum(cell.clean.orders for cell in cells)
    assert [cell.delivery.entry.orders.rows for cell in cells if cell.delivery.entry] == [0, rows]


@pytest.mark.parametrize(("factor", "orders"), [(3.0, 3), (1.1, 1)])
def test_a_spike_adds_orders_behind_the_clean_ones(factor: float, orders: float) -> None:
    cell = lunch(fault("spike", factor=factor))
    wanted = max(6, round(cell.clean.orders * factor))
    for name, data in clean_files(cell).items():
        assert sent(cell.delivery)[LUNCH + name].startswith(data)
    entry = cell.delivery.entry
    assert entry
    assert (entry.orders.rows, entry.orders_max) == (wanted, 5)
    assert [(one.was, one.is_) for one in cell.entries] == [(str(cell.clean.orders), str(wanted))]
    assert wanted >= orders


def test_orders_leak_with_their_items_and_the_manifest_agrees() -> None:
    one = {**fault("order_leak"), "parameters": {"from": 0.5, "to": 0.5}}
    cells = spoil_all(scenario_of(one), request_of(units=2))
    assert sum(len(cell.entries) for cell in cells) > 3
    for cell in cells:
        files = {name.rpartition("/")[2]: data for name, data in sent(cell.delivery).items()}
        clean = clean_files(cell)
        orders = files[ORDERS].splitlines()
        ids = {line.split(b";")[1] for line in orders[1:]}
        assert files[ITEMS].splitlines()[1:] == [
            line for line in clean[ITEMS].splitlines()[1:] if line.split(b";")[0] in ids
        ]
        assert set(orders) <= set(clean[ORDERS].splitlines())
        assert cell.delivery.entry
        assert cell.delivery.entry.orders.crc32c == crc32c(files[ORDERS])
        assert [(entry.object[-9:], entry.was, entry.is_) for entry in cell.entries] == [
            (f"unit_{cell.unit:03}/"[-9:], str(cell.clean.orders), str(len(ids)))
        ] * (len(ids) < cell.clean.orders)


def test_a_silent_unit_publishes_nothing_and_no_manifest_names_it() -> None:
    for cell in spoil_all(scenario_of(fault("unit_silent")), request_of(days=1, units=1)):
        assert (cell.delivery.objects, cell.delivery.entry, cell.delivery.held) == ((), None, ())
        assert [(one.object, one.was, one.is_) for one in cell.entries] == [
            (FOLDER, str(cell.clean.orders), "0")
        ]


def test_prices_drift_and_the_totals_follow() -> None:
    cells = spoil_all(
        scenario_of(fault("price_drift", products=30, percent=10)), request_of(units=1)
    )
    for cell in cells:
        orders, items = (
            next(data for name, data in sent(cell.delivery).items() if name.endswith("/" + file))
            for file in (ORDERS, ITEMS)
        )
        change = edit("Vlr_Item", lambda value: f"{round(float(value) * 110) / 100:.2f}")
        assert items == change(cell.clean.items_csv)
        sums: dict[str, float] = {}
        for row in items.decode().splitlines()[1:]:
            order, _, _, quantity, price, _ = row.split(";")
            sums[order] = sums.get(order, 0) + int(quantity) * float(price)
        for row in orders.decode().splitlines()[1:]:
            _, order, _, _, value, _, fee, _ = row.split(";")
            assert float(value) == pytest.approx(sums[order] + float(fee))
        assert len(cell.entries) == cell.clean.items
        assert {entry.column for entry in cell.entries} == {"Vlr_Item"}


def test_only_so_many_products_of_a_unit_drift_all_the_time() -> None:
    cells = spoil_all(scenario_of(fault("price_drift", products=2)), request_of(days=5, units=3))
    sold: dict[int, set[str]] = {}
    for cell in cells:
        items = cell.clean.items_csv.decode()
        for entry in cell.entries:
            line = re.search(rf".*;{entry.id};(\d+);", items)
            assert line
            sold.setdefault(cell.unit, set()).add(line[1])
    assert all(1 <= len(products) <= 2 for products in sold.values())
    assert len(sold) == 3
    assert len({tuple(sorted(products)) for products in sold.values()}) > 1


def test_a_row_has_one_fault() -> None:
    cell = lunch(fault("unknown_type"), fault("unknown_status"), fault("row_doubled"))
    assert {entry.kind for entry in cell.entries} == {"unknown_type"}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("column_renamed", "column_renamed"), ("other_delimiter", "truncated"),
        ("empty", "truncated"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_has_one_fault(kind: str, said: str) -> None:
    """Columns are changed at the source, and what is lost is not there to be cut off."""
    faults = ("unknown_status", "price_drift", "spike", "truncated", kind, "header_only")
    cell = lunch(*(fault(one) for one in faults))
    assert [(one.kind, one.object) for one in cell.entries] == [(said, LUNCH + ORDERS)]


def test_of_lost_files_the_key_says_only_that() -> None:
    cell = lunch(fault("unknown_status"), fault("truncated"), fault("object_missing"))
    assert [one.kind for one in cell.entries] == ["object_missing"] * 2


def test_every_kind_has_its_function_its_sentence_and_its_layers() -> None:
    made = {*ROW_KINDS, *COLUMN_KINDS, *TRANSPORT_KINDS, *MOVERS, "price_drift", "unit_silent"}
    assert made == set(KINDS)
    for kind in KINDS.values():
        assert kind.sentence == TEMPLATES[f"scenario.kind.{kind.name}"]
        assert bool(kind.reason) == ("none" in kind.notices)
    assert {kind for kind, *_ in CASES} <= set(KINDS)
