"""The catalog holds the contract's facts, and data that sales can be made from."""

import math
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from faker.providers.address.pt_BR import Provider as Addresses
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.generation.catalog import DATA_FOLDER, MAX_UNIT, Catalog, data_rows, load_catalog
from core.generation.contents.rounds import STRIDE

SCRIPT = Path(__file__).parent.parent.parent / "scripts" / "bake_vocabulary.py"

# First five digits of the postal codes of each state, and of each municipality as listed in
# github.com/bahge/zipcodesearch (src/Constants/StatesData, commit 1abf5ba).
STATE_CEPS = {1: (90000, 99999), 2: (88000, 89999), 3: (80000, 87999)}
CITY_CEPS = {
    "Porto Alegre": (90000, 91999), "Caxias do Sul": (95000, 95149), "Canoas": (92000, 92479),
    "Pelotas": (96000, 96147), "Santa Maria": (97000, 97179), "Gravataí": (94000, 94379),
    "Novo Hamburgo": (93300, 93599), "Viamão": (94400, 94799), "São Leopoldo": (93000, 93179),
    "Passo Fundo": (99000, 99139), "Rio Grande": (96200, 96224), "Alvorada": (94800, 94899),
    "Cachoeirinha": (94900, 94999), "Santa Cruz do Sul": (96800, 96874),
    "Sapucaia do Sul": (93200, 93249), "Bento Gonçalves": (95700, 95714),
    "Florianópolis": (88000, 88099), "Joinville": (89200, 89239), "Blumenau": (89000, 89079),
    "São José": (88100, 88124), "Itajaí": (88300, 88319), "Chapecó": (89800, 89816),
    "Palhoça": (88130, 88139), "Criciúma": (88800, 88819), "Jaraguá do Sul": (89250, 89269),
    "Lages": (88500, 88534), "Brusque": (88350, 88359), "Balneário Camboriú": (88330, 88339),
    "Tubarão": (88700, 88709), "Camboriú": (88340, 88349),
    "Curitiba": (80000, 82999), "Londrina": (86000, 86124), "Maringá": (87000, 87109),
    "Ponta Grossa": (84000, 84129), "Cascavel": (85800, 85824),
    "São José dos Pinhais": (83000, 83189), "Foz do Iguaçu": (85850, 85874),
    "Colombo": (83400, 83419), "Guarapuava": (85000, 85139), "Araucária": (83700, 83729),
}  # fmt: skip


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_windows_are_those_of_the_contract(catalog: Catalog) -> None:
    assert [(w.tag, w.hours, w.name, w.min_orders, w.max_orders) for w in catalog.windows] == [
        ("window_1012", "10:00-12:00", "Morning ramp-up", 1, 2),
        ("window_1214", "12:00-14:00", "Lunch peak", 3, 5),
        ("window_1416", "14:00-16:00", "Afternoon lull", 1, 2),
        ("window_1618", "16:00-18:00", "Late afternoon", 2, 3),
        ("window_1820", "18:00-20:00", "Dinner peak", 4, 6),
        ("window_2022", "20:00-22:00", "Evening wind-down", 2, 3),
        ("window_2224", "22:00-24:00", "Late evening", 2, 3),
    ]


def test_windows_make_the_contracts_day(catalog: Catalog) -> None:
    assert sum(w.min_orders for w in catalog.windows) * 50 == 750
    assert sum(w.max_orders for w in catalog.windows) * 50 == 1200


def test_menu_has_thirty_products_at_the_contracts_prices(catalog: Catalog) -> None:
    prices = [p.price_cents for p in catalog.products]
    assert [p.product_id for p in catalog.products] == list(range(1, 31))
    assert (min(prices), max(prices)) == (790, 5290)
    assert len({p.name for p in catalog.products}) == 30
    assert {p.on_menu_from for p in catalog.products} == {date(2010, 1, 1)}
    assert all(1 <= p.popularity <= 100 for p in catalog.products)


def test_every_family_has_an_appetite_in_every_window(catalog: Catalog) -> None:
    hours = {w.start_hour for w in catalog.windows}
    assert {p.family for p in catalog.products} == set(catalog.appetite)
    assert 6 <= len(catalog.appetite) <= 8
    for appetite in catalog.appetite.values():
        assert set(appetite) == hours
        assert min(appetite.values()) > 0


def test_dishes_have_their_time(catalog: Catalog) -> None:
    morning, dinner = 10, 18
    light, warm = {"bowl", "juice"}, {"soup", "grill"}
    assert _share(catalog, light, morning) > 3 * _share(catalog, light, dinner)
    assert _share(catalog, warm, dinner) > 3 * _share(catalog, warm, morning)
    for family, hour in {"salad": 12, "dessert": 14, "soup": 20}.items():
        shares = {w.start_hour: _share(catalog, {family}, w.start_hour) for w in catalog.windows}
        assert max(shares, key=shares.__getitem__) == hour


def _share(catalog: Catalog, families: set[str], hour: int) -> float:
    weights = Counter[bool]()
    for product in catalog.products:
        weight = product.popularity * catalog.appetite[product.family][hour]
        weights[product.family in families] += weight
    return weights[True] / weights.total()


def test_mixes_are_those_of_the_contract(catalog: Catalog) -> None:
    assert catalog.mixes["order_type"] == {"Loja Online": 60, "Loja Fisica": 40}
    assert catalog.mixes["status"] == {"Finalizado": 85, "Pendente": 10, "Cancelado": 5}
    assert catalog.mixes["note"] == {"filled": 30, "empty": 70}
    assert set(catalog.mixes["items"]) == {"1", "2", "3", "4", "5"}
    assert set(catalog.mixes["quantity"]) == {"1", "2", "3"}
    assert all(sum(mix.values()) == 100 for mix in catalog.mixes.values())


def test_rounds_hold_all_customers_of_a_tier_and_give_it_its_share(catalog: Catalog) -> None:
    rows = data_rows(catalog.folder, "customer_rounds.csv")
    tiers = [row["tier"] for row in rows]
    assert sorted(tiers, key=[tier.name for tier in catalog.customers].index) == tiers
    for tier in catalog.customers:
        sizes = [int(row["customers"]) for row in rows if row["tier"] == tier.name]
        assert sum(sizes) == tier.customers
        assert 100 * len(sizes) == tier.share * len(rows)
    assert math.gcd(STRIDE, len(rows)) == 1  # so that orders of a day go to different rounds


def test_weights_of_basket_sizes_are_per_cent(catalog: Catalog) -> None:
    for row in data_rows(catalog.folder, "basket_sizes.csv"):
        assert sum(int(row[size]) for size in catalog.mixes["items"]) == 100


def test_customers_of_the_first_tiers_order_more_often(catalog: Catalog) -> None:
    assert sum(tier.share for tier in catalog.customers) == 100
    orders_of_one = [tier.share / tier.customers for tier in catalog.customers]
    assert orders_of_one == sorted(orders_of_one, reverse=True)
    assert len(set(orders_of_one)) == len(orders_of_one) > 1


def test_states_and_country_are_those_of_the_contract(catalog: Catalog) -> None:
    assert catalog.countries == {1: "Brasil"}
    assert {
        s.state_id: (s.country_id, s.name, s.abbreviation) for s in catalog.states.values()
    } == {1: (1, "Rio Grande do Sul", "RS"), 2: (1, "Santa Catarina", "SC"), 3: (1, "Paraná", "PR")}


def test_fifty_units_are_spread_as_the_contract_says(catalog: Catalog) -> None:
    assert _units_by_state(catalog, 50) == {1: 20, 2: 18, 3: 12}


@pytest.mark.parametrize("count", [20, 100, 2_000])
def test_the_long_run_is_40_35_25(catalog: Catalog, count: int) -> None:
    shares = {
        state: 100 * units / count for state, units in _units_by_state(catalog, count).items()
    }
    assert shares == {1: 40, 2: 35, 3: 25}


def _units_by_state(catalog: Catalog, count: int) -> Counter[int]:
    return Counter(unit.state_id for unit in catalog.units(count))


@given(unit_id=st.integers(1, MAX_UNIT))
def test_a_unit_is_named_after_a_city_of_its_state(unit_id: int) -> None:
    catalog = load_catalog()
    unit = catalog.unit(unit_id)
    city = catalog.cities[unit.city_index]
    assert unit.unit_id == unit_id
    assert unit.state_id == city.state_id
    assert re.fullmatch(rf"Mr\. Health - {city.name}( [IVXLCDM]+)?", unit.name)


@given(count=st.integers(1, 300), more=st.integers(1, 300))
def test_a_unit_is_the_same_whatever_the_count(count: int, more: int) -> None:
    catalog = load_catalog()
    assert catalog.units(count + more)[:count] == catalog.units(count)


def test_unit_names_are_unique_and_a_city_comes_again_with_its_number(catalog: Catalog) -> None:
    units = catalog.units(1_000)
    assert len({unit.name for unit in units}) == 1_000
    assert units[0].name == "Mr. Health - Porto Alegre"
    in_porto_alegre = [unit.name for unit in units if unit.city_index == units[0].city_index]
    suffixes = [name.removeprefix("Mr. Health - Porto Alegre") for name in in_porto_alegre]
    assert suffixes[:10] == ["", " II", " III", " IV", " V", " VI", " VII", " VIII", " IX", " X"]


def test_every_city_has_a_unit_before_any_has_two(catalog: Catalog) -> None:
    seen = [unit.city_index for unit in catalog.units(40)]
    assert sorted(seen) == list(range(40))


@pytest.mark.parametrize("unit_id", [-1, 0, MAX_UNIT + 1])
def test_a_unit_that_cannot_be_is_refused(catalog: Catalog, unit_id: int) -> None:
    with pytest.raises(InputError, match=rf"Unit {unit_id} does not exist: units are 1 to"):
        catalog.unit(unit_id)


def test_each_state_has_its_cities_capital_first(catalog: Catalog) -> None:
    assert Counter(city.state_id for city in catalog.cities) == {1: 16, 2: 14, 3: 10}
    first = {city.state_id: city.name for city in reversed(catalog.cities)}
    assert first == {1: "Porto Alegre", 2: "Florianópolis", 3: "Curitiba"}


def test_postal_codes_are_the_citys_own(catalog: Catalog) -> None:
    assert {city.name for city in catalog.cities} == set(CITY_CEPS)
    for city in catalog.cities:
        first, last = CITY_CEPS[city.name]
        assert first * 1000 < city.cep_first <= city.cep_last <= last * 1000 + 999
        state_first, state_last = STATE_CEPS[city.state_id]
        assert state_first <= city.cep_first // 1000 <= city.cep_last // 1000 <= state_last


def test_postal_codes_of_two_cities_never_meet(catalog: Catalog) -> None:
    ordered = sorted(catalog.cities, key=lambda city: city.cep_first)
    for city, following in pairwise(ordered):
        assert city.cep_last < following.cep_first


@pytest.mark.parametrize("field", ["streets", "districts", "notes"])
def test_wording_fits_a_line_of_csv_without_quotes(catalog: Catalog, field: str) -> None:
    texts: tuple[str, ...] = getattr(catalog, field)
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert text == text.strip()
        assert 0 < len(text.encode()) <= 40
        assert not re.search(r"[;\"'\r\n\t]", text)


def test_product_names_need_no_quotes(catalog: Catalog) -> None:
    assert not [p.name for p in catalog.products if re.search(r"[;\"\r\n\t]", p.name)]


def test_there_is_enough_wording(catalog: Catalog) -> None:
    assert (len(catalog.streets), len(catalog.districts), len(catalog.notes)) == (600, 200, 24)


def test_addresses_use_fakers_words(catalog: Catalog) -> None:
    assert set(catalog.districts) <= set(Addresses.bairros)
    assert {street.split()[0] for street in catalog.streets} <= set(Addresses.street_prefixes)


def test_an_address_names_no_other_city(catalog: Catalog) -> None:
    words = catalog.streets + catalog.districts
    cities = [city.name for city in catalog.cities] + ["Belo Horizonte"]
    assert not [text for text in words if any(city in text for city in cities)]


def _bake(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.processes
def test_baking_is_repeatable_and_refuses_to_overwrite(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        baked = _bake("--output-dir", str(folder))
        assert (baked.returncode, baked.stderr) == (0, "")
        assert "streets.txt: 600 lines, from Faker" in baked.stdout
    assert _contents(first) == _contents(second)

    (first / "districts.txt").write_text("Centro\n", encoding="utf-8")
    refused = _bake("--output-dir", str(first))
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert (first / "districts.txt").read_text(encoding="utf-8") == "Centro\n"

    assert _bake("--output-dir", str(first), "--force").returncode == 0
    assert _contents(first) == _contents(second)


def test_baking_never_replaces_the_projects_own_files_unasked() -> None:
    before = _contents(DATA_FOLDER)
    assert _bake().returncode == 2
    assert _contents(DATA_FOLDER) == before


def test_baking_into_no_folder_is_one_sentence(tmp_path: Path) -> None:
    refused = _bake("--output-dir", str(tmp_path / "absent"))
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert refused.stderr.endswith("is not a folder: give --output-dir one that exists.\n")
    assert not (tmp_path / "absent").exists()


def test_baking_where_nothing_can_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "streets.txt").mkdir()
    failed = _bake("--output-dir", str(tmp_path), "--force")
    assert failed.returncode == 2
    file = tmp_path / "streets.txt"
    assert failed.stderr == f"error: {file} cannot be written: Is a directory.\n"


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.txt")}
