"""The script that changes the code a little says which changes the tests notice."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.mutants import (
    MODULES,
    ROOT,
    Outcome,
    as_json,
    main,
    mutants_of,
    pytest_command,
    sample,
    summary,
    try_mutant,
)
from core.errors import InputError

TINY = '''"""Ração."""

def is_full(count, held):
    held.append("ç"); print("ç")
    if not held and count >= 3:
        return f"{count + 1}"
    return bool(held)
'''
TEST = "from tiny import is_full; assert is_full(9, []) and is_full(1, [0])"


def test_each_kind_of_change_is_made_where_it_stands() -> None:
    found = mutants_of("tiny.py", TINY)
    assert [(one.line, one.kind, one.before, one.after) for one in found] == [
        (4, "call", 'held.append("ç")', "pass"),
        (4, "call", 'print("ç")', "pass"),
        (5, "and/or", "not held and count >= 3", "(not held or count >= 3)"),
        (5, "boundary", "count >= 3", "(count > 3)"),
        (5, "comparison", "count >= 3", "(count < 3)"),
        (5, "constant", "3", "4"),
        (5, "not", "not held", "(held)"),
        (6, "return", 'return f"{count + 1}"', "return None"),
        (7, "return", "return bool(held)", "return None"),
    ]
    assert found[1].source == TINY.replace('; print("ç")', "; pass")
    assert sample(found, 4, 1) == sample(found, 4, 1)
    assert sample(found, 99, 1) == found


def test_a_mutant_is_killed_by_a_test_that_fails_and_survives_others(tmp_path: Path) -> None:
    source = TINY.replace('held.append("ç"); print("ç")', "held = [*held]")
    source = source.replace("not held and count >= 3", "count >= 3")
    module = tmp_path / "tiny.py"
    module.write_text(source, encoding="utf-8")
    command = [sys.executable, "-S", "-c", TEST]
    tested = [
        Outcome(mutant, try_mutant(tmp_path, command, mutant, 60))
        for mutant in mutants_of("tiny.py", source)
    ]
    assert {(one.mutant.kind, one.end) for one in tested if one.mutant.line == 5} == {
        ("boundary", "survived"), ("comparison", "killed"), ("constant", "survived"),
    }  # fmt: skip
    assert module.read_text(encoding="utf-8") == source
    assert "survived tiny.py:5  boundary: count >= 3 -> (count > 3)" in summary(tested)
    assert summary(tested).endswith("all: 3 of 5 killed (60%)")
    assert json.loads(as_json(tested))["killed"] == 3


def test_the_tests_of_a_module_are_those_of_its_wing_unless_others_are_wanted() -> None:
    for path, wings in MODULES.items():
        assert (ROOT / path).is_file()
        assert all((ROOT / "tests" / wing).is_dir() for wing in wings)
    assert pytest_command("core/storage/shards.py", "wing", None)[-1] == "tests/storage"
    assert pytest_command("core/pipeline.py", "quick", None)[-2:] == ["-m", "quick"]
    assert pytest_command("core/pipeline.py", "wing", ["tests/a.py"])[-1] == "tests/a.py"
    assert pytest_command("core/pipeline.py", "quick", ["tests/a.py"])[-2:] == [
        "quick", "tests/a.py",
    ]  # fmt: skip


@pytest.mark.parametrize("arguments", [["core/none.py"], ["README.md"], ["/etc/passwd"],
                                       ["core/pipeline.py", "--mutants", "0"]])  # fmt: skip
def test_what_cannot_be_changed_is_refused(arguments: list[str]) -> None:
    with pytest.raises(InputError):
        main(arguments)
