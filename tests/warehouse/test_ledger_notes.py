"""How the ledger on BigQuery notes a load, and what it tells of a name."""

from datetime import date

import pytest

from core.warehouse.bigquery.loaded.ledger import Note, business_day
from core.warehouse.bigquery.loaded.load_log import LoadEntry
from tests.support.bigquery_scene import NAMES, NOW, load, reference

ENTRY, OLDER = LoadEntry("place", 2, NOW), LoadEntry("place", 1, NOW)
BATCHED = LoadEntry("place", 2, NOW, "a-batch")


@pytest.mark.parametrize(
    ("note", "first"),
    [
        (Note(load(NAMES[0], 2), ENTRY, ()), True),
        (Note(load(NAMES[0], 2), ENTRY, (OLDER,)), False),
        (Note(load(NAMES[0], 2), BATCHED, ()), False),
        # Rows of reference data do not name their object, so an older entry may be forgotten.
        (Note(reference(2, "1;Brasil"), ENTRY, ()), False),
    ],
    ids=["alone", "older", "batch", "reference data"],
)
def test_only_the_first_single_load_of_a_sales_object_is_noted_without_a_merge(
    note: Note, *, first: bool
) -> None:
    assert note.first is first


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("raw/csv_sales/2026/03/01/unit_001/pedido.csv", [date(2026, 2, 28)]),
        ("raw/parquet_sales/2026/03/01/pedido.parquet", [date(2026, 2, 28)]),
        ("raw/csv_sales/reference_data/pais.csv", []),
        ("raw/csv_sales/0001/01/01/", []),
    ],
)
def test_rows_of_a_name_are_not_older_than_the_day_before_its_date(
    name: str, days: list[date]
) -> None:
    assert business_day(name) == days
