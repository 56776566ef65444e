"""Properties of the strict reader: it answers for any bytes, and both its readers agree."""

import csv
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.bronze.validation.csv_file import KINDS, Expected, judge_records, validate_csv
from core.bronze.validation.header import split_header
from core.bronze.validation.records import MAX_RECORD_LINES, read_aligned, read_records
from core.generation.columns import HEADERS
from tests.support.validate_files import (
    DAY,
    ITEMS,
    ORDERS,
    UNIT,
    accounted,
    file,
    in_store,
    item,
    order,
)

VALID = {
    ORDERS: file("orders", *map(order, (1, 3, 5)), *map(in_store, (2, 4, 6))),
    ITEMS: file("order_items", *(item(n, Observacao="") for n in range(3)), item(9)),
}
SNIPPETS = (
    b"", b"\n", b"\r", b"\r\n", b"\n\n", b";", b'"', b'""', b'";', b';"', b" ", b"\0", b"\xe7",
    b"\xc3\xa7", b"\xc2\x85", b"\xe2\x80\xa8", b"0", b"-", b".", b",", b"\t", b"NaN", b"1e30",
    b"Loja Fisica", b"0.00", b"7;",
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> tuple[Expected, bytes]:
    """A valid file's name and its body with up to six places overwritten by a troublesome bit."""
    expected = draw(st.sampled_from([*VALID]))
    header, body = VALID[expected].split(b"\n", 1)
    for _ in range(draw(st.integers(0, 6))):
        at, gone = draw(st.integers(0, len(body))), draw(st.integers(0, 3))
        body = body[:at] + draw(st.sampled_from(SNIPPETS)) + body[at + gone :]
    return expected, header + b"\n" + body


def _from_line(data: bytes, line: int) -> bytes:
    """All bytes from the start of a physical line on."""
    return data.split(b"\n", line - 1)[line - 1]


def _ends_a_line(rest: bytes) -> bool:
    return rest in (b"", b"\r") or rest.startswith((b"\n", b"\r\n"))


@given(st.sampled_from(KINDS), st.binary(max_size=300), st.booleans())
@settings(max_examples=200)
@example("orders", b"\xff", True)
@example("orders", b'"\n' * (MAX_RECORD_LINES + 5), True)
def test_any_bytes_are_an_answer_and_every_row_is_accounted_for(
    kind: str, data: bytes, with_header: bool
) -> None:
    if with_header:
        data = file(kind) + data
    result = validate_csv(Expected(kind, UNIT, DAY), data)
    assert accounted(result)
    if with_header:
        assert result.unreadable is None


@given(mutated())
@settings(max_examples=300)
def test_a_mutated_file_loses_no_row_and_tells_the_truth_about_lines(
    case: tuple[Expected, bytes],
) -> None:
    expected, data = case
    result = validate_csv(expected, data)
    assert accounted(result)
    for refused in result.rejected:
        rest = _from_line(data, refused.line)
        assert rest.startswith(refused.raw)
        assert _ends_a_line(rest.removeprefix(refused.raw))
    breaks_in_rows = sum(refused.raw.count(b"\n") for refused in result.rejected)
    assert result.rows_in + breaks_in_rows == data.rstrip().count(b"\n")
    assert [r.line for r in result.rejected] == sorted({r.line for r in result.rejected})


@given(mutated())
@settings(max_examples=300)
def test_both_readers_accept_and_refuse_the_same_rows(case: tuple[Expected, bytes]) -> None:
    expected, data = case
    _, body = split_header(data)
    header = HEADERS[expected.kind]
    table = read_aligned(body, len(header))
    if table is not None:
        careful = judge_records(expected, read_records(body, header), body)
        assert judge_records(expected, table, body) == careful


def test_the_quick_reader_serves_clean_files_and_files_with_bad_values() -> None:
    for expected, data in VALID.items():
        for body in (data, data.replace(b"\n", b"\r\n"), data.replace(b"-4", b"-X")):
            _, rows = split_header(body)
            assert read_aligned(rows, len(HEADERS[expected.kind])) is not None


@given(st.lists(st.integers(0, 5), max_size=3), st.sampled_from([*SNIPPETS[1:]]))
@settings(max_examples=100)
def test_trouble_within_one_line_leaves_the_other_lines_loaded(
    rows: list[int], snippet: bytes
) -> None:
    """No quote and no line break crosses a line here, so exactly the touched lines may suffer."""
    if snippet in (b"\n", b"\n\n", b"\r\n"):
        snippet = b"?"
    lines = VALID[ORDERS].split(b"\n")
    for row in rows:
        lines[row + 1] = lines[row + 1][:50] + snippet + lines[row + 1][50:]
    result = validate_csv(ORDERS, b"\n".join(lines))
    touched = {row + 2 for row in rows}
    assert {refused.line for refused in result.rejected} <= touched
    assert result.rows_in == 6


# One line of text: no control characters and no line or paragraph separator.
TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")) | st.sampled_from(';"'), max_size=30
)


@given(st.lists(TEXT, min_size=1, max_size=5))
@settings(max_examples=150)
def test_whatever_text_a_csv_writer_quotes_comes_back(notes: list[str]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(HEADERS["order_items"])
    for number, note in enumerate(notes):
        writer.writerow([*item(number).split(";")[:-1], note])
    result = validate_csv(ITEMS, out.getvalue().encode())
    assert result.columns["observacao"] == [note or None for note in notes]
