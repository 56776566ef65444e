"""The reference files as the platform publishes and reads them."""

import csv
import io

import pytest

from core.bronze.reference_data import list_units, publish_reference, reference_csv
from core.bronze.validation.csv_file import Expected, validate_csv
from core.errors import InputError
from core.generation.catalog import MAX_UNIT, Catalog
from core.storage.object_names import REFERENCE_FILES, reference_name
from core.storage.object_store import NewObject, ObjectStore
from tests.support.scenes import objects

pytestmark = pytest.mark.both_sides


def _rows(kind: str, catalog: Catalog, units: int) -> list[dict[str, str]]:
    text = reference_csv(kind, catalog, units).decode()
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_four_files_are_published_once(store: ObjectStore, catalog: Catalog) -> None:
    assert publish_reference(store, catalog, 50) == 4
    assert set(objects(store)) == {
        f"raw/reference_data/{name}.csv" for name in ("produto", "unidade", "estado", "pais")
    }
    before = store.list("raw/")
    assert publish_reference(store, catalog, 50) == 0
    assert store.list("raw/") == before


def test_the_files_hold_the_contract_s_facts(catalog: Catalog) -> None:
    assert [row["Id_Produto"] for row in _rows("products", catalog, 50)] == [
        str(number) for number in range(1, 31)
    ]
    assert _rows("countries", catalog, 50) == [{"Id_Pais": "1", "Nome_Pais": "Brasil"}]
    assert [(row["Id_Estado"], row["Nome_Estado"]) for row in _rows("states", catalog, 50)] == [
        ("1", "Rio Grande do Sul"), ("2", "Santa Catarina"), ("3", "Paraná"),
    ]  # fmt: skip
    states = [row["Id_Estado"] for row in _rows("units", catalog, 50)]
    assert [states.count(state) for state in "123"] == [20, 18, 12]


@pytest.mark.parametrize("kind", REFERENCE_FILES)
def test_the_strict_reader_accepts_them(catalog: Catalog, kind: str) -> None:
    data = reference_csv(kind, catalog, 120)
    answer = validate_csv(Expected(kind, None, None), data)
    assert (answer.unreadable, answer.rows_rejected) == (None, 0)
    assert answer.rows_loaded == data.count(b"\n") - 1


def test_the_units_file_grows_and_never_shrinks(store: ObjectStore, catalog: Catalog) -> None:
    assert list_units(store) == ()
    publish_reference(store, catalog, 5)
    first = store.read(reference_name("units"))
    assert list_units(store) == tuple(range(1, 6))
    assert publish_reference(store, catalog, 60) == 1
    grown = store.read(reference_name("units"))
    assert grown.data.startswith(first.data)
    assert grown.generation > first.generation
    assert publish_reference(store, catalog, 3) == 0
    assert list_units(store) == tuple(range(1, 61))


_HEADER = b"Id_Unidade;Nome_Unidade;Id_Estado\n"
_FIVE = b"".join(b"%d;Mr. Health;1\n" % unit for unit in range(1, 6))


@pytest.mark.parametrize(
    ("data", "listed"),
    [
        (_HEADER + _FIVE + b"\n\n\n", (1, 2, 3, 4, 5)),
        ((_HEADER + _FIVE).removesuffix(b"\n"), (1, 2, 3, 4, 5)),
        ((_HEADER + _FIVE).replace(b"\n", b"\r\n"), (1, 2, 3, 4, 5)),
        (b"Numero\n" + _FIVE * 200, ()),  # quarantined whole
        (_HEADER + _FIVE.replace(b"3;Mr. Health;1", b"3;;1"), (1, 2, 4, 5)),
        (_HEADER + b"9;Nove;1\n2;Dois;1\n", (2, 9)),
        (_HEADER + b"1;Um;1\n%d;Alto;1\n" % (MAX_UNIT + 1), (1,)),
        (_HEADER, ()),
        (b"", ()),
    ],
)
def test_units_are_those_of_the_rows_that_bronze_takes(
    store: ObjectStore, catalog: Catalog, data: bytes, listed: tuple[int, ...]
) -> None:
    store.replace(NewObject(reference_name("units"), data))
    assert list_units(store) == listed
    publish_reference(store, catalog, 2)
    assert list_units(store) == tuple(sorted({1, 2, *listed}))


def test_another_kind_is_refused(catalog: Catalog) -> None:
    with pytest.raises(InputError, match="use products, units, states, countries"):
        reference_csv("orders", catalog, 1)
