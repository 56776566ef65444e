"""The two files of a cell are CSV as the contract has it, and their money is exact."""

import csv
import io
import re
import uuid
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.generation.catalog import MAX_UNIT, Catalog, load_catalog
from core.generation.cells import Cells, bulk_cells, window_cells
from core.generation.csv_files import CellFiles, cell_files, uuid_text
from core.generation.orders import generate
from core.generation.windows import FIRST_DATE, LAST_DATE, MAX_SEED

ORDERS = [
    "Id_Unidade", "Id_Pedido", "Tipo_Pedido", "Data_Pedido", "Vlr_Pedido", "Endereco_Entrega",
    "Taxa_Entrega", "Status",
]  # fmt: skip
ITEMS = ["Id_Pedido", "Id_Item_Pedido", "Id_Produto", "Qtd", "Vlr_Item", "Observacao"]
MONEY = re.compile(r"(0|[1-9]\d*)\.\d\d")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def _table(data: bytes) -> tuple[list[str], list[dict[str, str]]]:
    text = data.decode("utf-8")
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    return list(rows.fieldnames or ()), list(rows)


def _cells(catalog: Catalog) -> Cells:
    return window_cells([FIRST_DATE, LAST_DATE], catalog.windows, [*range(1, 30), 1250, MAX_UNIT])


@pytest.fixture(scope="module")
def files(catalog: Catalog) -> list[CellFiles]:
    """Some 1,200 orders with 3,600 items, and a busy bulk day."""
    bulk = bulk_cells([FIRST_DATE], [1, 2], 200, 300)
    return [*cell_files(_cells(catalog), 3, catalog), *cell_files(bulk, 3, catalog)]


def test_the_columns_are_the_contracts_in_its_order(files: list[CellFiles]) -> None:
    for file in files:
        assert _table(file.orders_csv)[0] == ORDERS
        assert _table(file.items_csv)[0] == ITEMS


def test_the_form_is_utf8_without_bom_with_newlines_and_no_quotes(files: list[CellFiles]) -> None:
    for file in files:
        for data, rows, columns in (
            (file.orders_csv, file.orders, ORDERS),
            (file.items_csv, file.items, ITEMS),
        ):
            text = data.decode("utf-8")
            assert text.startswith("Id_")
            assert text.endswith("\n")
            assert not set('\r"\0') & set(text)
            lines = text.split("\n")[:-1]
            assert len(lines) == rows + 1
            assert {line.count(";") for line in lines} == {len(columns) - 1}


def test_accents_stay(files: list[CellFiles]) -> None:
    text = b"".join(file.orders_csv + file.items_csv for file in files).decode("utf-8")
    for words in ("São José - SC", "Florianópolis - SC", "sem açúcar", "sem glúten"):
        assert words in text


def test_an_order_reads_as_the_contract_says(catalog: Catalog, files: list[CellFiles]) -> None:
    for file in files:
        for row in _table(file.orders_csv)[1]:
            assert row["Tipo_Pedido"] in catalog.mixes["order_type"]
            assert row["Status"] in catalog.mixes["status"]
            assert MONEY.fullmatch(row["Vlr_Pedido"])
            assert MONEY.fullmatch(row["Taxa_Entrega"])
            fee = Decimal(row["Taxa_Entrega"])
            if row["Tipo_Pedido"] == "Loja Online":
                assert Decimal(5) <= fee <= Decimal(25)
                assert row["Endereco_Entrega"]
            else:
                assert fee == Decimal(0)
                assert row["Endereco_Entrega"] == ""


def test_an_item_reads_as_the_contract_says(catalog: Catalog, files: list[CellFiles]) -> None:
    prices = {
        str(product.product_id): f"{Decimal(product.price_cents) / 100:.2f}"
        for product in catalog.products
    }
    notes = {"", *catalog.notes}
    for file in files:
        for row in _table(file.items_csv)[1]:
            assert row["Vlr_Item"] == prices[row["Id_Produto"]]
            assert row["Qtd"] in {"1", "2", "3"}
            assert row["Observacao"] in notes


def test_unit_and_date_are_those_of_the_cell(catalog: Catalog) -> None:
    units = [*range(1, 30), 1250, MAX_UNIT]
    cells = _cells(catalog)
    made = list(cell_files(cells, 3, catalog))
    assert [file.cell for file in made] == list(range(len(cells)))
    expected = [
        (str(unit), day.isoformat())
        for day in (FIRST_DATE, LAST_DATE)
        for _ in catalog.windows
        for unit in units
    ]
    for file, cell in zip(made, expected, strict=True):
        rows = _table(file.orders_csv)[1]
        assert {(row["Id_Unidade"], row["Data_Pedido"]) for row in rows} == {cell}


def _assert_totals_are_exact(file: CellFiles) -> None:
    orders, items = _table(file.orders_csv)[1], _table(file.items_csv)[1]
    sums = {row["Id_Pedido"]: Decimal(row["Taxa_Entrega"]) for row in orders}
    sizes = dict.fromkeys(sums, 0)
    for row in items:
        sums[row["Id_Pedido"]] += int(row["Qtd"]) * Decimal(row["Vlr_Item"])
        sizes[row["Id_Pedido"]] += 1
    assert [row["Vlr_Pedido"] for row in orders] == [f"{total:.2f}" for total in sums.values()]
    assert set(sizes.values()) <= {1, 2, 3, 4, 5}
    assert len(sums) == len(orders) == file.orders
    assert len({row["Id_Item_Pedido"] for row in items}) == len(items) == file.items
    assert file.value_cents == sum(sums.values()) * 100


def test_each_total_is_its_items_and_fee_to_the_cent(files: list[CellFiles]) -> None:
    for file in files:
        _assert_totals_are_exact(file)


@settings(max_examples=40)
@given(
    seed=st.integers(0, MAX_SEED),
    day=st.dates(FIRST_DATE, LAST_DATE),
    unit=st.integers(1, MAX_UNIT),
    orders=st.integers(0, 40),
)
def test_totals_are_exact_in_any_cell(seed: int, day: date, unit: int, orders: int) -> None:
    catalog = load_catalog()
    for cells in (
        bulk_cells([day], [unit], orders, orders),
        window_cells([day], catalog.windows, [unit]),
    ):
        for file in cell_files(cells, seed, catalog):
            _assert_totals_are_exact(file)


def test_the_files_carry_what_generate_made(catalog: Catalog) -> None:
    cells = bulk_cells([FIRST_DATE], [5], 300, 300)
    orders, items = generate(cells, 3, catalog)
    (file,) = cell_files(cells, 3, catalog)
    rows, lines = _table(file.orders_csv)[1], _table(file.items_csv)[1]
    ids = [text.decode() for text in uuid_text(orders.id_high, orders.id_low).tolist()]
    assert [row["Id_Pedido"] for row in rows] == ids
    assert [row["Id_Pedido"] for row in lines] == [ids[order] for order in items.order.tolist()]
    assert [row["Tipo_Pedido"] == "Loja Online" for row in rows] == orders.online.tolist()
    statuses = list(catalog.mixes["status"])
    assert [statuses.index(row["Status"]) for row in rows] == orders.status.tolist()
    assert [int(row["Qtd"]) for row in lines] == items.quantity.tolist()
    products = [catalog.products[index].product_id for index in items.product.tolist()]
    assert [int(row["Id_Produto"]) for row in lines] == products
    notes = ["", *catalog.notes]
    assert [row["Observacao"] for row in lines] == [notes[i] for i in items.note.tolist()]


def test_no_orders_are_files_of_a_header_alone(catalog: Catalog) -> None:
    for file in cell_files(bulk_cells([FIRST_DATE], [1, 2], 0, 0), 3, catalog):
        assert (file.orders, file.items, file.value_cents) == (0, 0, 0)
        assert file.orders_csv == ";".join(ORDERS).encode() + b"\n"
        assert file.items_csv == ";".join(ITEMS).encode() + b"\n"


def test_empty_cells_between_full_ones_stay_empty(catalog: Catalog) -> None:
    cells = bulk_cells([FIRST_DATE], range(1, 40), 0, 1)
    made = list(cell_files(cells, 3, catalog))
    assert {file.orders for file in made} == {0, 1}
    for file in made:
        assert file.orders_csv.count(b"\n") == file.orders + 1
        assert file.items_csv.count(b"\n") == file.items + 1
        assert (file.value_cents > 0) == bool(file.orders)


def test_no_cells_are_no_files(catalog: Catalog) -> None:
    assert list(cell_files(bulk_cells([], [1], 1, 1), 3, catalog)) == []


@given(st.lists(st.integers(0, 2**128 - 1), min_size=1, max_size=20))
def test_identifiers_are_written_as_uuids_are(values: list[int]) -> None:
    high = np.array([value >> 64 for value in values], np.uint64)
    low = np.array([value & 2**64 - 1 for value in values], np.uint64)
    texts = [text.decode() for text in uuid_text(high, low).tolist()]
    assert texts == [str(uuid.UUID(int=value)) for value in values]
