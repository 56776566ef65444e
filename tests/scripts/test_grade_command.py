"""`faults.py findings` and `grade`: a table, its grade, and what is wrong with a table."""

import json
from pathlib import Path

import pytest

from core.platform import Platform
from tests.support.exam import MONDAY, PAPERS, sit_exam
from tests.support.scenes import script

HEADER = "object,line,id,kind"


@pytest.fixture
def examined(platform: Platform) -> dict[str, str]:
    """The environment of a platform to which a scenario is applied."""
    paper = PAPERS["total_not_sum"]
    sit_exam(platform, paper.scenario, paper.request)
    return {"MRHEALTH_HOME": str(platform.settings.home)}


def test_our_own_findings_are_a_table_whose_grade_is_perfect(
    examined: dict[str, str], tmp_path: Path
) -> None:
    found = script("faults.py", "findings", "--date", str(MONDAY), env=examined)
    assert (found.returncode, found.stderr) == (0, "")
    header, *rows = found.stdout.splitlines()
    assert header == HEADER
    assert rows
    assert all(row.endswith(",total_not_sum") for row in rows)
    table = tmp_path / "findings.csv"
    table.write_text("\n".join([f"{HEADER},seen", *(f"{row},today" for row in rows)]))
    graded = script("faults.py", "grade", str(table), env=examined)
    assert (graded.returncode, graded.stderr) == (
        0, f"note: columns of {table} that are not read: seen.\n",
    )  # fmt: skip
    count = str(len(rows))
    assert [line.split() for line in graded.stdout.splitlines()][1:] == [
        [kind, count, count, "0", "0", "1.000", "1.000"] for kind in ("total_not_sum", "all")
    ]


def test_the_grade_is_json_where_that_is_wanted(examined: dict[str, str], tmp_path: Path) -> None:
    table = tmp_path / "findings.json"
    table.write_text('[{"object": "data/raw/csv_sales/a/pedido.csv", "kind": "truncated"}]')
    graded = script("faults.py", "grade", str(table), "--format", "json", env=examined)
    content = json.loads(graded.stdout)
    assert (content["total"]["found"], content["total"]["invented"]) == (0, 1)
    assert content["invented"] == [
        {"object": "raw/csv_sales/a/pedido.csv", "line": 0, "id": "", "kind": "truncated"}
    ]


def test_a_table_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    table = tmp_path / "findings.csv"
    for name, said in ((table, "cannot be read: No such file"), (tmp_path, "Is a directory")):
        done = script("faults.py", "grade", str(name))
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"error: The table {name} cannot be read: ")
        assert said in done.stderr
    table.write_text(f"{HEADER}\na,2,,torn\n")
    done = script("faults.py", "grade", str(table))
    assert done.stderr.startswith(f"error: {table} has the kind 'torn' in line 2: use one of ")
