"""Object names stand where the contract says, and read back as what they were made from."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.generation.catalog import MAX_UNIT, load_catalog
from core.generation.windows import FIRST_DATE, LAST_DATE
from core.storage.object_names import (
    MANIFEST_PREFIX,
    PARQUET_PREFIX,
    REFERENCE_FILES,
    SALES_FILES,
    SALES_PREFIX,
    SalesName,
    cell_prefix,
    day_prefix,
    end_of,
    is_sales_file,
    manifest_name,
    parse_sales_name,
    quarantine_names,
    reference_kind,
    reference_name,
    sales_name,
)

TAGS = [window.tag for window in load_catalog().windows]
NAMES = st.builds(
    SalesName,
    kind=st.sampled_from(sorted(SALES_FILES)),
    day=st.dates(FIRST_DATE, LAST_DATE),
    unit_id=st.integers(1, MAX_UNIT),
    window_tag=st.none() | st.sampled_from(TAGS),
)
DAY = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            SalesName("orders", DAY, 7, "window_1214"),
            "raw/csv_sales/2026/02/01/unit_007/window_1214/pedido.csv",
        ),
        (
            SalesName("order_items", DAY, 7, "window_2224"),
            "raw/csv_sales/2026/02/01/unit_007/window_2224/item_pedido.csv",
        ),
        (SalesName("orders", DAY, 1250, None), "raw/csv_sales/2026/02/01/unit_1250/pedido.csv"),
        (
            SalesName("order_items", DAY, 50, None),
            "raw/csv_sales/2026/02/01/unit_050/item_pedido.csv",
        ),
    ],
)
def test_sales_names_are_the_contracts(name: SalesName, text: str) -> None:
    assert sales_name(name) == text
    assert parse_sales_name(text) == name


@given(NAMES)
def test_sales_names_read_back(name: SalesName) -> None:
    text = sales_name(name)
    assert parse_sales_name(text) == name
    assert text.startswith(day_prefix(name.day))
    assert text.startswith(cell_prefix(name.day, name.unit_id, name.window_tag))
    assert is_sales_file(text)


@given(st.lists(NAMES, min_size=2, max_size=2, unique=True))
def test_no_two_cells_share_a_name(names: list[SalesName]) -> None:
    assert sales_name(names[0]) != sales_name(names[1])


@pytest.mark.parametrize(
    "text",
    [
        "raw/csv_sales/2026/02/01/unit_7/window_1214/pedido.csv",  # too few digits
        "raw/csv_sales/2026/02/01/unit_0007/window_1214/pedido.csv",  # too many
        "raw/csv_sales/2026/02/30/unit_007/window_1214/pedido.csv",  # no such date
        "raw/csv_sales/2026/2/1/unit_007/window_1214/pedido.csv",
        "raw/csv_sales/2026/02/01/unit_007/window_12h14/pedido.csv",
        "raw/csv_sales/2026/02/01/unit_007/window_1214/pedidos.csv",
        "raw/csv_sales/2026/02/01/unit_007/window_1214/pedido.csv.gz",
        "raw/csv_sales/2026/02/01/unit_007/window_1214/pedido.csv\n",
        "raw/csv_sales/2026/02/01/unit_007/window_1214/x/pedido.csv",
        "raw/csv_sales/2026/02/01/unit_abc/pedido.csv",
        "raw/csv_sales/2026/02/01/unit_000/pedido.csv",  # units begin at 1
        f"raw/csv_sales/2026/02/01/unit_{MAX_UNIT + 1}/pedido.csv",
        "raw/csv_sales/2026/02/01/unit_9999999/window_1214/pedido.csv",
        "raw/csv_sales/2026/02/01/unit_\u0660\u0660\u0667/pedido.csv",  # Arabic-Indic digits
        "raw/csv_sales/pedido.csv",
        "csv_sales/2026/02/01/unit_007/pedido.csv",
        "",
    ],
)
def test_names_outside_the_layout_are_not_read(text: str) -> None:
    assert parse_sales_name(text) is None


@given(st.text(min_size=1).map("raw/{}/".format), st.text())
def test_names_below_a_prefix_are_those_between_it_and_its_end(prefix: str, rest: str) -> None:
    assert prefix <= prefix + rest < end_of(prefix)
    assert (prefix <= rest < end_of(prefix)) == rest.startswith(prefix)


@given(st.text(max_size=80))
def test_any_text_is_read_as_itself_or_not_at_all(text: str) -> None:
    parsed = parse_sales_name(SALES_PREFIX + text)
    assert parsed is None or sales_name(parsed) == SALES_PREFIX + text


def test_consumers_know_sales_files_by_prefix_and_ending_alone() -> None:
    assert is_sales_file("raw/csv_sales/anything.csv")
    for other in (
        "raw/csv_sales/anything.json",
        "raw/csv_sales/anything.csv.tmp",
        "raw/reference_data/produto.csv",
        "quarantine/2026/02/01/unit_007/pedido.csv",
        "csv_sales/2026/02/01/unit_007/pedido.csv",
    ):
        assert not is_sales_file(other)


@given(st.dates(FIRST_DATE, LAST_DATE), st.none() | st.sampled_from(TAGS))
def test_a_manifest_is_no_sales_file_and_one_a_window(day: date, tag: str | None) -> None:
    name = manifest_name(day, tag)
    assert name.startswith(f"{MANIFEST_PREFIX}{day:%Y/%m/%d}/")
    assert name.endswith(f"/{tag or 'day'}.json")
    assert not is_sales_file(name)


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("products", "produto.csv"),
        ("units", "unidade.csv"),
        ("states", "estado.csv"),
        ("countries", "pais.csv"),
    ],
)
def test_reference_names_are_the_contracts(kind: str, file: str) -> None:
    assert reference_name(kind) == f"raw/reference_data/{file}"
    assert reference_kind(f"raw/reference_data/{file}") == kind
    assert not is_sales_file(reference_name(kind))


@pytest.mark.parametrize(
    "name", ["raw/reference_data/outro.csv", "raw/reference_data/x/produto.csv", "produto.csv", ""]
)
def test_other_names_are_no_reference(name: str) -> None:
    assert reference_kind(name) is None


def test_quarantine_keeps_the_rest_of_the_name_and_stands_apart() -> None:
    data, report = quarantine_names("raw/csv_sales/2026/02/01/unit_007/window_1214/pedido.csv")
    assert data == "quarantine/2026/02/01/unit_007/window_1214/pedido.csv"
    assert report == "quarantine/2026/02/01/unit_007/window_1214/pedido_error.json"


_PARTS = st.lists(
    st.text(st.characters(exclude_characters="/"), min_size=1, max_size=8)
    | st.sampled_from(["2026", "02", "03", "unit_007", "window_1214", "pedido", "other", "raw",
                       "reference_data", "csv_sales", "pedido.csv_error.json", "x" * 240]),
    min_size=1, max_size=6,
)  # fmt: skip
_TAKEN = (
    st.one_of(  # names that Bronze takes: of the layout, and any others with its prefix and end
        NAMES.map(sales_name),
        st.sampled_from([reference_name(kind) for kind in REFERENCE_FILES]),
        _PARTS.map(lambda parts: f"{SALES_PREFIX}{'/'.join(parts)}.csv"),
        _PARTS.map(lambda parts: f"{PARQUET_PREFIX}{'/'.join(parts)}.parquet"),
    )
)


@given(st.sets(_TAKEN, max_size=6))
@example({"raw/reference_data/produto.csv", "raw/csv_sales/reference_data/produto.csv"})
@example({
    "raw/parquet_sales/2026/02/03/pedido.parquet", "raw/csv_sales/2026/02/03/pedido.csv",
    "raw/csv_sales/csv_sales/2026/02/03/pedido.csv",
})  # fmt: skip
@example({f"raw/csv_sales/{'é' * 120}.csv", f"raw/csv_sales/{'é' * 119}.csv"})
def test_every_name_has_a_place_of_its_own_in_quarantine_that_can_be_written(
    names: set[str],
) -> None:
    places = [place for name in names for place in quarantine_names(name)]
    assert len(set(places)) == 2 * len(names)
    for place in places:
        assert place.startswith("quarantine/")
        assert len(place) <= 1024 - 32
        assert place.isascii()
        assert place.isprintable()
        assert max(map(len, place.split("/"))) <= 255
        assert not {"", ".", ".."} & set(place.split("/"))
    # None of them is a folder that another one needs.
    assert not {f"{place}/" for place in places} & {
        f"{folder}/" for place in places for folder in _folders(place)
    }


def _folders(place: str) -> list[str]:
    parts = place.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


@given(NAMES)
def test_quarantine_is_never_taken_for_sales(name: SalesName) -> None:
    data, report = quarantine_names(sales_name(name))
    assert data.startswith("quarantine/")
    assert not is_sales_file(data)
    assert not is_sales_file(report)
