"""docs/faults.md says what the registry of kinds and real spoiled files say."""

from pathlib import Path

import pytest

from core.scenarios.kinds import KINDS
from tests.lesson import run
from tests.lesson.page import PAGE, content


def test_the_generated_parts_are_those_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == content(page), "run python -m tests.lesson.page"


def test_each_kind_has_an_example_that_shows_a_change() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in KINDS:
        section = page.partition(f"### {name}\n")[2].partition("\n### ")[0]
        example = section.partition("```diff\n")[2].partition("```")[0]
        assert "@@" in example or name == "delivered_again"


@pytest.mark.processes
def test_the_lesson_leads_from_an_empty_folder_to_a_grade(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == run.answer_page(page, tmp_path), "run python -m tests.lesson.run"
