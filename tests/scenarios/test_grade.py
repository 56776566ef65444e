"""The grade of a table of findings: precision and recall by kind, what was missed and invented."""

import contextlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.scenarios.findings_table import FaultFinding, findings_csv, findings_json, read_findings
from core.scenarios.grade import Grade, KindGrade, describe_grade, grade_findings, grade_json
from core.scenarios.key import KeyEntry

KINDS = ("object_missing", "row_doubled", "total_not_sum", "truncated")
OBJECT = "raw/csv_sales/2026/02/03/unit_007/window_1214/pedido.csv"
OTHER = OBJECT.replace("unit_007", "unit_008")
ID = "00000000-0000-4000-8000-00000000000a"
MOMENT = datetime(2026, 2, 3, 15, tzinfo=UTC)


def entry(name: str, kind: str, line: int = 0, row: str = "") -> KeyEntry:
    """A fault of the key."""
    return KeyEntry(
        kind=kind, object=name, line=line, id=row, column="", was="", is_="",
        appears=MOMENT, layer="quarantine", fault=0,
    )  # fmt: skip


def exact(one: KeyEntry) -> FaultFinding:
    """The finding that names exactly an entry."""
    return FaultFinding(one.object, one.line, one.id, one.kind)


ROWS = st.tuples(st.integers(2, 9), st.uuids(version=4).map(str))
ENTRIES = st.lists(
    st.builds(
        lambda number, kind, row: entry(OBJECT.replace("007", f"{number:03}"), kind, *row),
        st.integers(1, 4), st.sampled_from(KINDS), st.just((0, "")) | ROWS,
    ),
    unique_by=(lambda one: (one.object, one.line, one.kind), lambda one: one.id or exact(one)),
    max_size=12,
)  # fmt: skip
STRANGE = st.builds(
    FaultFinding, st.just("raw/csv_sales/2026/02/03/unit_099/window_1214/pedido.csv"),
    st.integers(0, 9), st.just("") | st.uuids(version=1).map(str), st.sampled_from(KINDS),
)  # fmt: skip


@given(ENTRIES)
def test_a_perfect_table_has_every_fault_and_nothing_else(key: list[KeyEntry]) -> None:
    grade = grade_findings(key, map(exact, key))
    assert (grade.missed, grade.invented) == ((), ())
    for kind in (*grade.kinds, grade.total) if key else ():
        assert (kind.precision, kind.recall, kind.missed) == (1.0, 1.0, 0)


@given(ENTRIES.flatmap(lambda key: st.tuples(st.just(key), st.integers(0, len(key)))))
def test_each_missed_fault_lowers_the_recall_by_its_share(case: tuple[list[KeyEntry], int]) -> None:
    key, left_out = case
    grade = grade_findings(key, map(exact, key[left_out:]))
    assert grade.total.recall == ((len(key) - left_out) / len(key) if key else None)
    assert sorted(map(exact, grade.missed)) == sorted(map(exact, key[:left_out]))
    assert grade.total.missed == left_out
    assert grade.total.precision == (1.0 if left_out < len(key) else None)


@given(ENTRIES, st.lists(STRANGE, unique=True))
def test_each_invented_finding_lowers_the_precision(
    key: list[KeyEntry], strange: list[FaultFinding]
) -> None:
    grade = grade_findings(key, [*map(exact, key), *strange])
    reported = len(key) + len(strange)
    assert grade.total.precision == (len(key) / reported if reported else None)
    assert grade.total.recall == (1.0 if key else None)
    assert grade.invented == tuple(sorted(strange))


@given(ENTRIES, st.lists(STRANGE), st.randoms(use_true_random=False))
def test_order_and_duplicates_do_not_matter(
    key: list[KeyEntry], strange: list[FaultFinding], chance: Random
) -> None:
    findings = [*map(exact, key[::2]), *strange]
    mixed = findings * 2
    chance.shuffle(mixed)
    other_key = key[::-1]
    assert grade_findings(other_key, mixed) == grade_findings(key, findings)


@given(ENTRIES, st.lists(STRANGE))
def test_the_kinds_add_up_to_the_total(key: list[KeyEntry], strange: list[FaultFinding]) -> None:
    grade = grade_findings(key, [*map(exact, key[::3]), *strange])
    assert sum(kind.planted for kind in grade.kinds) == grade.total.planted
    assert sum(kind.found for kind in grade.kinds) == grade.total.found
    assert sum(kind.invented for kind in grade.kinds) == grade.total.invented
    assert len(grade.missed) == grade.total.missed


@pytest.mark.parametrize(
    ("key", "finding", "found"),
    [
        (entry(OBJECT, "row_doubled", 3, ID), (OBJECT, 3, "", "row_doubled"), True),
        (entry(OBJECT, "row_doubled", 3, ID), ("", 0, ID, "row_doubled"), True),
        (entry(OBJECT, "row_doubled", 3, ID), (OTHER, 9, ID, "row_doubled"), True),
        (entry(OBJECT, "row_doubled", 3, ID), (OBJECT, 4, "", "row_doubled"), False),
        (entry(OBJECT, "row_doubled", 3, ID), (OTHER, 3, "", "row_doubled"), False),
        (entry(OBJECT, "row_doubled", 3, ID), (OBJECT, 0, "", "row_doubled"), False),
        (entry(OBJECT, "row_doubled", 3, ID), (OBJECT, 3, ID, "total_not_sum"), False),
        (entry(OBJECT, "row_doubled", 3), (OBJECT, 3, ID, "row_doubled"), True),
        (entry(OBJECT, "total_not_sum", 0, ID), (OBJECT, 0, "", "total_not_sum"), False),
        (entry(OBJECT, "truncated"), (OBJECT, 0, "", "truncated"), True),
        (entry(OBJECT, "truncated"), (OBJECT, 3, ID, "truncated"), True),
        (entry(OBJECT, "truncated"), (OTHER, 0, "", "truncated"), False),
        (entry(OBJECT, "window_late"), (OBJECT, 0, "", "object_missing"), True),
        (entry(OBJECT, "objects_out_of_order"), (OBJECT, 0, "", "object_missing"), True),
        (entry(OBJECT, "object_missing"), (OBJECT, 0, "", "window_late"), False),
    ],
)
def test_a_finding_names_a_fault_by_kind_and_id_or_object_and_line(
    key: KeyEntry, finding: tuple[str, int, str, str], found: bool
) -> None:
    grade = grade_findings([key], [FaultFinding(*finding)])
    assert (grade.total.found, grade.total.invented) == ((1, 0) if found else (0, 1))


def test_findings_of_one_fault_by_id_and_by_line_count_once() -> None:
    key = [entry(OBJECT, "row_doubled", 3, ID)]
    findings = [FaultFinding(OBJECT, 3, "", "row_doubled"), FaultFinding("", 0, ID, "row_doubled")]
    assert grade_findings(key, findings).total == KindGrade("all", 1, 1, 0)


FINDINGS = st.lists(
    st.builds(
        FaultFinding, st.just(OBJECT) | st.just('raw/csv_sales/odd, "name"; of\tit.csv'),
        st.integers(0, 999_999_999), st.just("") | st.uuids().map(str), st.sampled_from(KINDS),
    )
)  # fmt: skip


@given(FINDINGS)
def test_findings_are_read_as_they_were_written(findings: list[FaultFinding]) -> None:
    for written in (findings_csv(findings), findings_json(findings)):
        table = read_findings("t", written.encode(), KINDS)
        assert table == (tuple(findings), ())


@pytest.mark.parametrize(
    "text",
    [
        f"kind;object;id;line\nrow_doubled;{OBJECT};;3\n",
        f"\ufeffkind,object,line\r\nrow_doubled,{OBJECT},3\r\n\r\n",
        f'object,kind,line,id\n"{OBJECT}",row_doubled, 3 ,\n',
        f"object,line,id,kind\ndata/bucket/{OBJECT},3,,row_doubled\n",
        f"object,line,id,kind\ngs://a-bucket/{OBJECT},3,,row_doubled\n",
        f'[{{"object": "{OBJECT}", "line": 3, "kind": "row_doubled"}}]',
        f' [{{"object": "{OBJECT}", "line": "3", "id": null, "kind": "row_doubled"}}]',
    ],
)
def test_tables_of_many_forms_are_read(text: str) -> None:
    table = read_findings("t.csv", text.encode(), KINDS)
    assert table.findings == (FaultFinding(OBJECT, 3, "", "row_doubled"),)


@pytest.mark.parametrize(
    "text",
    [
        f"object,seen,kind,Line\n{OBJECT},x,truncated,y\n",
        f'[{{"object": "{OBJECT}", "seen": 1, "kind": "truncated", "Line": 2}}]',
    ],
)
def test_columns_of_other_names_are_ignored_and_said(text: str) -> None:
    table = read_findings("t", text.encode(), KINDS)
    assert {*table.findings} == {FaultFinding(OBJECT, 0, "", "truncated")}
    assert table.ignored == ("seen", "Line")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no column object, kind in line 1"),
        (b"object,line\na,2\n", "no column kind in line 1"),
        (b"\nobject,line\na,2\n", "no column kind in line 2"),
        (b"object,kind,object\na,truncated,b\n", "the column object more than once in line 1"),
        (b"object,kind\na,truncated,3\n", "3 fields in line 2, and 2 columns"),
        (b"object,kind\na,truncated\n\nb\n", "1 field in line 4, and 2 columns"),
        (b'object,kind\n"a\nb",truncated\nc,torn\n', "the kind 'torn' in line 4"),
        (b"object,kind\na,Truncated\n", "use one of object_missing, row_doubled"),
        (b"object,line,kind\na,-1,truncated\n", "'-1' as the line of a fault in line 2"),
        (b"object,line,kind\na,2.0,truncated\n", "'2.0' as the line of a fault"),
        (b"object,line,kind\na,\xc2\xb2,truncated\n", "as the line of a fault in line 2"),
        (b"object,kind\n,truncated\n", "neither object nor id in line 2"),
        (b'object,kind\n"a"b,truncated\n', "cannot be read as CSV from line 2 on"),
        (b"object,kind\na,truncated\ncaf\xe9,truncated\n", "not UTF-8 in line 3"),
        (b'{"object": "a"}', "is JSON, but no list"),
        (b"[", "cannot be read as JSON"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b"[3]", "Entry 1 of t.csv is no JSON object"),
        (b'[{"object": "a", "kind": "truncated"}, {"object": "a"}]', "no column kind in line 2"),
        (b'[{"object": "a", "kind": "truncated", "line": true}]', "'True' as the line"),
    ],
)
def test_a_table_that_is_not_valid_is_refused_with_its_line(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=r"t\.csv") as caught:
        read_findings("t.csv", data, KINDS)
    assert said in str(caught.value)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(InputError):
        read_findings("t.csv", data, KINDS)


def _grade(found: Sequence[int]) -> Grade:
    key = [entry(OBJECT, "truncated"), *(entry(OBJECT, "row_doubled", n) for n in range(2, 27))]
    wrong = FaultFinding(OTHER, 5, ID, "total_not_sum")
    return grade_findings(key, [*(exact(key[n]) for n in found), wrong])


def test_a_grade_is_a_table_with_the_first_missed_and_invented_faults() -> None:
    lines = describe_grade(_grade([0, 1])).splitlines()
    cells = [line.split() for line in lines[:5]]
    assert cells == [
        ["kind", "planted", "found", "missed", "invented", "precision", "recall"],
        ["row_doubled", "25", "1", "24", "0", "1.000", "0.040"],
        ["total_not_sum", "0", "0", "0", "1", "0.000", "-"],
        ["truncated", "1", "1", "0", "0", "1.000", "1.000"],
        ["all", "26", "2", "24", "1", "0.667", "0.077"],
    ]
    assert lines[6:8] == ["missed:", f"  row_doubled  {OBJECT}  line 3"]
    assert lines[27] == "  and 4 more"
    assert lines[-2:] == ["invented:", f"  total_not_sum  {OTHER}  line 5  {ID}"]


@pytest.mark.parametrize("end", ["", "/"])
def test_a_folder_is_named_with_or_without_its_slash(end: str) -> None:
    silent = entry("raw/csv_sales/2026/02/06/unit_013/", "unit_silent")
    finding = FaultFinding(silent.object.rstrip("/") + end, 0, "", "unit_silent")
    assert grade_findings([silent], [finding]).total.found == 1


def test_a_grade_is_json() -> None:
    content = json.loads(grade_json(_grade([0])))
    assert content["total"] == {
        "kind": "all", "planted": 26, "found": 1, "invented": 1, "missed": 25,
        "precision": 0.5, "recall": 1 / 26,
    }  # fmt: skip
    assert [kind["kind"] for kind in content["kinds"]] == [
        "row_doubled", "total_not_sum", "truncated",
    ]  # fmt: skip
    assert content["kinds"][1]["recall"] is None
    assert content["missed"][0] == {"object": OBJECT, "line": 2, "id": "", "kind": "row_doubled"}
    assert content["invented"] == [{"object": OTHER, "line": 5, "id": ID, "kind": "total_not_sum"}]
