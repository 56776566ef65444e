"""The data dictionary describes every column, and the exercises' answers are those of the data."""

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.data_pictures import FOLDER, PICTURES, draw_all
from tests.dictionary import exercises
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


@pytest.mark.nightly  # of the commands of pages, the gate runs those of the README
@pytest.mark.processes
def test_commands_of_the_data_page_run_and_its_answers_are_right(tmp_path: Path) -> None:
    page = exercises.PAGE.read_text(encoding="utf-8")
    answered = re.findall(r"```sql\n[^`]*```\n\n```text\n", page)
    assert len(answered) == page.count("```sql") > 3
    assert page == exercises.answer_page(page, tmp_path), "run python -m tests.dictionary.exercises"


def test_the_data_page_shows_each_picture_that_its_command_draws() -> None:
    page = exercises.PAGE.read_text(encoding="utf-8")
    assert re.findall(r"images/(data-\w+\.png)", page) == list(PICTURES)
    assert {path.name for path in FOLDER.glob("data-*.png")} == set(PICTURES)


def test_each_picture_has_something_to_show() -> None:
    for name, figure in draw_all().items():
        assert figure.data, name
        for trace in figure.data:
            values = np.asarray(trace.z if trace.type == "heatmap" else trace.y, float)
            assert np.isfinite(values).all(), name
