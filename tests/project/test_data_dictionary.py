"""The data dictionary says what the files and tables have, and says it of every column."""

from pathlib import Path

import pytest

from tests.dictionary.meanings import Meanings
from tests.dictionary.page import PAGE, content
from tests.dictionary.tables import build_tables

CSV = "table,column,unit,meaning\n,id,,a number\nsales,value,R$,a sum\nsales,*,,the rest\n"


def test_the_page_is_what_the_sources_and_a_rebuild_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == content(), "run python -m tests.dictionary.page"


def test_every_column_of_a_rebuild_has_a_line_with_its_type() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for table in build_tables():
        section = page.partition(f"### {table.name}\n")[2].partition("\n#")[0]
        lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines()]
        described = [(line[0].strip("`"), line[2]) for line in lines if len(line) == 5][2:]
        assert described == [(column.name, column.type) for column in table.columns]


@pytest.fixture
def meanings(tmp_path: Path) -> Meanings:
    (tmp_path / "columns.csv").write_text(CSV, encoding="utf-8")
    return Meanings(tmp_path / "columns.csv")


def test_a_column_is_described_for_its_table_for_all_or_with_the_rest(meanings: Meanings) -> None:
    assert meanings.of("sales", "id").text == "a number"
    assert meanings.of("sales", "value") == ("R$", "a sum")
    assert meanings.of("sales", "10").text == "the rest"


def test_a_column_without_a_description_is_named(meanings: Meanings) -> None:
    with pytest.raises(KeyError, match=r"describe total of orders in columns\.csv"):
        meanings.of("orders", "total")


def test_a_description_of_no_column_is_found(meanings: Meanings) -> None:
    meanings.of("sales", "id")
    assert meanings.unused == {("sales", "value"), ("sales", "*")}
