"""What a request would make, told before anything is written, and made as an archive."""

import io
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.generation.catalog import Catalog, load_catalog
from core.generation.csv_files import cell_files
from core.insight import preview as module
from core.insight.preview import preview
from core.storage.object_store.local import output_store
from core.storage.publish import Request, publish
from core.storage.zip_archive import request_files, zipped
from tests.support.scenes import DAY, files, request

WINDOWS = load_catalog().windows
DATES = [date(2026, 2, 3), date(2026, 2, 4), date(2018, 11, 4)]
REQUESTS = st.builds(
    Request,
    st.lists(st.sampled_from(DATES), min_size=1, unique=True).map(tuple),
    st.lists(st.sampled_from(WINDOWS), unique=True).map(tuple),
    st.lists(st.integers(1, 200), min_size=1, max_size=4, unique=True).map(tuple),
    st.integers(0, 2**40),
)


def rows(data: bytes) -> list[list[str]]:
    return [line.split(";") for line in data.decode().splitlines()[1:]]


@settings(max_examples=25)
@given(request=REQUESTS)
def test_a_preview_counts_what_the_files_have(request: Request) -> None:
    catalog = load_catalog()
    found = preview(request, catalog)
    made = list(cell_files(request.cells(), request.seed, catalog))
    units = len(request.units)
    of_slices = [made[at : at + units] for at in range(0, len(made), units)]
    for count, cells in zip(found.slices.values(), of_slices, strict=True):
        assert count.orders == sum(len(rows(cell.orders_csv)) for cell in cells)
        assert count.items == sum(len(rows(cell.items_csv)) for cell in cells)
        assert count.value_cents == sum(cell.value_cents for cell in cells)
    for place, count in enumerate(found.units.values()):
        assert count.orders == sum(len(rows(cell.orders_csv)) for cell in made[place::units])
    assert found.total.items == sum(count.items for count in found.slices.values())


def test_a_preview_says_how_many_pieces_of_each_product_are_sold(catalog: Catalog) -> None:
    wanted = request("window_1214", "window_1820", units=range(1, 6))
    pieces: Counter[int] = Counter()
    cents: Counter[int] = Counter()
    for cell in cell_files(wanted.cells(), wanted.seed, catalog):
        for _, _, product, quantity, price, _ in rows(cell.items_csv):
            pieces[int(product)] += int(quantity)
            cents[int(product)] += int(quantity) * int(price.replace(".", ""))
    expected = [
        (product.name, pieces[product.product_id], cents[product.product_id])
        for product in catalog.products
    ]
    assert [tuple(sold) for sold in preview(wanted, catalog).products] == expected


def test_blocks_do_not_change_a_preview(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = request("window_1012", "window_1214", units=range(1, 8), dates=DATES)
    whole = preview(wanted, catalog)
    monkeypatch.setattr(module, "_BLOCK_CELLS", 5)
    assert preview(wanted, catalog) == whole


def test_too_much_to_look_at_is_a_sentence(catalog: Catalog) -> None:
    wanted = request(units=range(1, module.MOST_CELLS + 2))
    with pytest.raises(InputError, match=r"100,001 pairs of files .* use 100,000 or fewer"):
        preview(wanted, catalog)


def test_an_archive_is_the_output_folder(tmp_path: Path, catalog: Catalog) -> None:
    wanted = request("window_1012", "window_2224", units=(1, 2), dates=(DAY, date(2026, 2, 4)))
    store = output_store(str(tmp_path / "output"))
    publish(store, wanted, catalog)
    data = zipped(request_files(wanted, catalog))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "unzipped")
    sales = tmp_path / "output" / "csv_sales"
    assert files(tmp_path / "unzipped" / "csv_sales") == files(sales)
    assert zipped(request_files(wanted, catalog)) == data


def test_an_archive_of_bulk_data_has_whole_days(catalog: Catalog) -> None:
    data = zipped(request_files(request(units=(7,)), catalog))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == [
            "csv_sales/2026/02/03/unit_007/pedido.csv",
            "csv_sales/2026/02/03/unit_007/item_pedido.csv",
        ]
