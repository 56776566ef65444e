"""Customers are regulars with one address each, in their unit's own city."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from core.generation.catalog import FEES_CENTS, Catalog, load_catalog
from core.generation.cells import bulk_cells
from core.generation.csv_files import cell_files
from core.generation.customers import address_parts, delivery_fees
from core.generation.orders import generate
from tests.support.samples import Sales, assert_uniform, days, read_sales, window_sales

pytestmark = pytest.mark.thorough

ADDRESS = re.compile(
    r"(?P<street>.+), (?P<number>[1-9]\d*) - (?P<district>.+), "
    r"(?P<city>[^,]+) - (?P<state>[A-Z]{2}), (?P<cep>\d{5}-\d{3})"
)
UNITS = [*range(1, 51), 51, 999, 1000, 99_999, 2**20 - 1]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def sales(catalog: Catalog) -> Sales:
    return window_sales(catalog, days(date(2026, 2, 1), 60), UNITS, seed=1)


def _addresses(sales: Sales) -> Iterator[tuple[int, re.Match[str]]]:
    online = sales.orders[sales.orders.Tipo_Pedido == "Loja Online"]
    for unit, text in zip(online.unit, online.Endereco_Entrega, strict=True):
        match = ADDRESS.fullmatch(text)
        assert match, text
        yield int(unit), match


def test_an_address_lies_in_the_units_own_city_and_state(catalog: Catalog, sales: Sales) -> None:
    checked = Counter[int]()
    for unit_id, address in _addresses(sales):
        unit = catalog.unit(unit_id)
        city = catalog.cities[unit.city_index]
        assert address["city"] == city.name
        assert address["state"] == catalog.states[unit.state_id].abbreviation
        assert city.cep_first <= int(address["cep"].replace("-", "")) <= city.cep_last
        checked[unit_id] += 1
    assert set(checked) == set(UNITS)
    assert min(checked.values()) > 300


def test_an_address_uses_the_catalogs_words(catalog: Catalog, sales: Sales) -> None:
    streets, districts = set(catalog.streets), set(catalog.districts)
    for _, address in _addresses(sales):
        assert address["street"] in streets
        assert address["district"] in districts
        assert int(address["number"]) <= 2400


def test_nobody_is_known_in_store(sales: Sales) -> None:
    in_store = sales.orders[sales.orders.Tipo_Pedido == "Loja Fisica"]
    assert set(in_store.Endereco_Entrega) == {""}
    assert set(in_store.Taxa_Entrega) == {0.0}


def test_a_customer_lives_at_the_same_address_on_other_dates_and_under_other_seeds(
    catalog: Catalog,
) -> None:
    homes: dict[tuple[int, int], str] = {}
    seen = Counter[tuple[int, int]]()
    for seed, day in ((1, date(2012, 5, 5)), (2, date(2026, 2, 1)), (9, date(2099, 12, 31))):
        cells = bulk_cells([day], [1, 2, 51], 800, 900)
        orders, _ = generate(cells, seed, catalog)
        table = read_sales(cells, list(cell_files(cells, seed, catalog))).orders
        assert len(table) == len(orders)
        rows = zip(table.unit, orders.customer.tolist(), table.Endereco_Entrega, strict=True)
        for unit, customer, address in rows:
            if customer:
                assert homes.setdefault((int(unit), customer), address) == address
                seen[int(unit), customer] += 1
    assert max(seen.values()) > 10  # regulars came again


def test_a_customer_pays_the_same_fee_each_time(sales: Sales) -> None:
    online = sales.orders[sales.orders.Tipo_Pedido == "Loja Online"]
    fees = online.groupby("Endereco_Entrega").Taxa_Entrega
    assert fees.count().max() > 10
    assert (fees.nunique() == 1).all()


def test_customers_of_a_unit_have_addresses_of_their_own(catalog: Catalog) -> None:
    customers = np.arange(1, 801)
    for unit in (1, 2, 50, 99_999):
        units = np.full(800, unit, np.uint64)
        parts = address_parts(units, customers, catalog)
        texts = {b"".join(row) for row in zip(*(parts[name] for name in parts), strict=True)}
        assert len(texts) == 800


def test_units_of_one_city_share_no_customers(catalog: Catalog) -> None:
    city = catalog.unit(1).city_index
    neighbours = [u.unit_id for u in catalog.units(400) if u.city_index == city][:5]
    assert len(neighbours) == 5
    table = window_sales(catalog, days(date(2026, 2, 1), 30), neighbours, seed=1).orders
    online = table[table.Tipo_Pedido == "Loja Online"]
    assert (online.groupby("Endereco_Entrega").unit.nunique() == 1).all()


def test_fees_go_in_steps_from_5_to_25_each_as_likely() -> None:
    assert (FEES_CENTS[0], FEES_CENTS[-1]) == (500, 2500)
    units = np.repeat(np.arange(1, 201, dtype=np.uint64), 800)
    fees = delivery_fees(units, np.tile(np.arange(1, 801), 200))
    assert_uniform(fees, FEES_CENTS)
