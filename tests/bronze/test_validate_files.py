"""What a strict reader must survive, part 1: encodings, line ends, headers, quotes and sizes."""

import gzip
import subprocess
import sys

import pytest

from core.bronze.validation import bounds
from core.bronze.validation.csv_file import KINDS, Expected, validate_csv
from core.generation.columns import HEADERS
from tests.support.validate_files import (  # fmt: skip
    ITEMS,
    ORDERS,
    accounted,
    check_items,
    check_orders,
    file,
    in_store,
    item,
    order,
    uuid,
)

THREE = (order(1), in_store(2), order(3))
GOOD = file("orders", *THREE)
HEADER = ";".join(HEADERS["orders"])


def _with_header(header: str) -> bytes:
    return GOOD.replace(HEADER.encode(), header.encode(), 1)


def test_a_good_file_loads_with_the_types_of_bronze() -> None:
    result = validate_csv(ORDERS, file("orders", order(1), in_store(2)))
    assert result.columns == {
        "id_unidade": [7, 7],
        "id_pedido": [uuid(1), uuid(2)],
        "tipo_pedido": ["Loja Online", "Loja Fisica"],
        "data_pedido": ["2026-02-03", "2026-02-03"],
        "vlr_pedido": ["52.30", "52.30"],
        "endereco_entrega": ["Rua São João, 10", None],
        "taxa_entrega": ["7.50", "0.00"],
        "status": ["Finalizado", "Finalizado"],
    }
    assert (result.rows_in, result.rejected, result.unreadable) == (2, (), None)


def test_good_items_load_with_the_types_of_bronze() -> None:
    result = check_items(item(1), item(2, Observacao=""))
    assert result.columns == {
        "id_pedido": [uuid(1), uuid(1)],
        "id_item_pedido": [uuid(1001), uuid(1002)],
        "id_produto": [12, 12],
        "qtd": [2, 2],
        "vlr_item": ["18.90", "18.90"],
        "observacao": ["sem cebola", None],
    }


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xef\xbb\xbf" + GOOD, id="byte order mark"),
        pytest.param(GOOD.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(GOOD.replace(b"\n", b"\r\n", 2), id="CRLF and LF mixed"),
        pytest.param(GOOD.removesuffix(b"\n"), id="no final newline"),
        pytest.param(GOOD.replace(b"\n", b"\r\n").removesuffix(b"\n"), id="half a final CRLF"),
        pytest.param(GOOD + b"\n\r\n \n", id="blank lines at the end"),
        pytest.param(GOOD.replace(b"7;", b'"7";'), id="quotes where none are needed"),
        pytest.param(_with_header(HEADER.replace("Status", '"Status"')), id="quoted header"),
    ],
)
def test_a_harmless_variant_reads_as_the_plain_file(data: bytes) -> None:
    assert validate_csv(ORDERS, data) == validate_csv(ORDERS, GOOD)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(GOOD.replace(b";", b","), "separated by a comma", id="comma"),
        pytest.param(GOOD.replace(b";", b"\t"), "separated by a tab", id="tab"),
        pytest.param(_with_header(HEADER.removesuffix(";Status")), "'Status' missing",
                     id="missing column"),
        pytest.param(_with_header(HEADER + ";Canal"), "'Canal' unknown", id="extra column"),
        pytest.param(_with_header(HEADER.replace("Status", "Estado")),
                     "'Estado' unknown, 'Status' missing", id="unknown column"),
        pytest.param(_with_header(HEADER.replace("Id_Unidade;Id_Pedido", "Id_Pedido;Id_Unidade")),
                     "another order", id="reordered columns"),
        pytest.param(_with_header(HEADER + ";Status"), "'Status' doubled", id="doubled column"),
        pytest.param(_with_header(HEADER.lower()), "'id_unidade' 'id_pedido' 'tipo_pedido' and 5",
                     id="lower-case header"),
        pytest.param(_with_header(HEADER + '"'), "quotes are not balanced", id="quote in header"),
        pytest.param(_with_header(HEADER).replace(b"Status", b"Stat\xfas"), "header is not UTF-8",
                     id="latin-1 header"),
        pytest.param(GOOD.decode().encode("utf-16"), "UTF-16", id="UTF-16 with mark"),
        pytest.param(GOOD.decode().encode("utf-16-be"), "UTF-16", id="UTF-16 without mark"),
        pytest.param(gzip.compress(GOOD, mtime=0), "gzip", id="gzip"),
        pytest.param(GOOD.replace(b"\n", b"\r"), "end in CR alone", id="CR line ends"),
        pytest.param(GOOD.replace(b"\n", b"\r").replace(b"\r", b"\n", 1), "end in CR alone",
                     id="CR line ends after the header"),
        pytest.param(GOOD.replace(b"\n", b"\r", 1), "end in CR alone", id="header that ends in CR"),
        pytest.param(b"", "is empty", id="empty file"),
        pytest.param(b"\xef\xbb\xbf\r\n \n", "is empty", id="only white space"),
        pytest.param(GOOD.split(b"\n", 1)[1], "unknown", id="no header"),
        pytest.param(b"\n" + GOOD, "missing", id="blank line before the header"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_trusted_is_refused_whole(data: bytes, told: str) -> None:
    result = validate_csv(ORDERS, data)
    assert result.unreadable is not None
    assert told in result.unreadable
    assert (result.rows_loaded, result.rejected) == (0, ())
    assert accounted(result)


def test_the_rows_of_an_unreadable_file_count_as_rejected() -> None:
    result = validate_csv(ORDERS, GOOD.replace(b";", b",") + b"\n\n")
    assert (result.rows_in, result.rows_rejected) == (3, 3)
    assert validate_csv(ORDERS, b"").rows_in == 0


@pytest.mark.parametrize("end", [b"\r", b"\r\n", b"\n"])
@pytest.mark.parametrize("last", [True, False])
def test_rows_are_counted_however_lines_end(end: bytes, last: bool) -> None:
    data = GOOD.replace(b";", b",").rstrip(b"\n").replace(b"\n", end) + end * last
    assert validate_csv(ORDERS, data).rows_in == 3
    only_rows = GOOD.split(b"\n", 1)[0] + b"\n" + GOOD.split(b"\n", 1)[1].replace(b"\n", end)
    assert validate_csv(ORDERS, only_rows).rows_in == 3


def test_a_row_with_a_stray_cr_says_so() -> None:
    first, second, third, *rest = GOOD.split(b"\n")
    (rejected,) = validate_csv(ORDERS, b"\n".join([first, second + b"\r" + third, *rest])).rejected
    assert "CR that ends no line" in rejected.reason


def test_an_unknown_kind_is_told_and_not_raised() -> None:
    result = validate_csv(Expected("unknown", None, None), GOOD)
    assert result.unreadable is not None
    assert "'unknown'" in result.unreadable
    assert result.rows_rejected == 3


@pytest.mark.parametrize("kind", KINDS)
def test_header_only_is_valid_and_has_no_rows(kind: str) -> None:
    for data in (file(kind), file(kind).removesuffix(b"\n")):
        result = validate_csv(Expected(kind, None, None), data)
        assert (result.rows_in, result.unreadable) == (0, None)
        assert result.columns == {name.lower(): [] for name in HEADERS[kind]}


LATIN_1 = order(2, Endereco_Entrega="Praça XV").encode("latin-1")


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        pytest.param(LATIN_1, "0xe7", id="latin-1"),
        pytest.param(LATIN_1.replace(b"Pra", b'"Pra').replace(b"XV", b'XV"'), "0xe7",
                     id="latin-1 in quotes"),
        pytest.param(order(2, Endereco_Entrega="Rua\0").encode(), "'Rua\\x00'", id="NUL in text"),
        pytest.param(order(2, Qtd="").encode() + b"\0", "9 fields", id="NUL after the row"),
        pytest.param(order(2, Vlr_Pedido="52.30\0").encode(), "'52.30\\x00'", id="NUL in money"),
        pytest.param(order(2, Endereco_Entrega="Rua\r1").encode(), "'Rua\\r1'", id="lone CR"),
        pytest.param(order(2, Endereco_Entrega="Rua\t1").encode(), "'Rua\\t1'", id="tab in text"),
        pytest.param(order(2, Endereco_Entrega="Rua\x1b[2J").encode(), "control", id="escape"),
        pytest.param(order(2, Endereco_Entrega="Rua\x85").encode(), "control", id="C1 control"),
        pytest.param(order(2, Endereco_Entrega="a\u2028b").encode(), "one line",
                     id="line separator"),
        pytest.param(b"", "blank", id="blank line"),
        pytest.param(b"  ", "blank", id="line of spaces"),
        pytest.param(b"7", "1 fields", id="one field"),
        pytest.param(order(2).removesuffix(";Finalizado").encode(), "7 fields", id="too few"),
        pytest.param(order(2).encode() + b";", "9 fields", id="too many fields"),
        pytest.param(order(2, Endereco_Entrega='Rua "A"').encode(), "not balanced",
                     id="quotes inside plain text"),
        pytest.param(order(2, Endereco_Entrega='"Rua" A').encode(), "not balanced",
                     id="text after a closing quote"),
        pytest.param(order(2, Endereco_Entrega='"Rua A').encode(), "not balanced",
                     id="quote never closed"),
        pytest.param(order(2, Endereco_Entrega='Rua A"').encode(), "not balanced",
                     id="quote never opened"),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_alone_with_line_reason_and_bytes(raw: bytes, told: str) -> None:
    data = b"\n".join([HEADER.encode(), order(1).encode(), raw, order(3).encode(), b""])
    result = validate_csv(ORDERS, data)
    assert result.columns["id_pedido"] == [uuid(1), uuid(3)]
    (refused,) = result.rejected
    assert (refused.line, refused.raw) == (3, raw)
    assert told in refused.reason
    assert accounted(result)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        pytest.param('"Rua A; fundos"', "Rua A; fundos", id="quoted delimiter"),
        pytest.param('"Rua ""A"""', 'Rua "A"', id="doubled quotes"),
        pytest.param('""""', '"', id="only a quote"),
        pytest.param('"=HYPERLINK(""http://x"";""y"")"', '=HYPERLINK("http://x";"y")',
                     id="formula with quotes"),
        pytest.param("=HYPERLINK(A1)", "=HYPERLINK(A1)", id="formula"),
        pytest.param("<script>alert(1)</script>", "<script>alert(1)</script>", id="script"),
        pytest.param('"1; DROP TABLE orders --"', "1; DROP TABLE orders --", id="SQL"),
        pytest.param("  Rua A  ", "  Rua A  ", id="outer spaces"),
        pytest.param("北京路 🍜", "北京路 🍜", id="any script"),
    ],
)  # fmt: skip
def test_text_is_kept_as_text(written: str, kept: str) -> None:
    result = check_orders(order(1, Endereco_Entrega=written), order(2))
    assert result.columns["endereco_entrega"] == [kept, "Rua São João, 10"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_quoted_line_break_is_one_refused_row_and_the_next_rows_stay_in_step(end: str) -> None:
    broken = order(2, Endereco_Entrega=f'"Rua A{end}fundos{end}casa 2"')
    result = check_orders(order(1), broken, order(3), order(4, Status="?"))
    assert result.columns["id_pedido"] == [uuid(1), uuid(3)]
    assert [refused.line for refused in result.rejected] == [3, 7]
    assert result.rejected[0].raw == broken.encode()
    assert result.rejected[0].reason.startswith("Endereco_Entrega has a line break")
    assert result.rows_in == 4


def test_a_field_that_slipped_to_the_next_line_spoils_those_two_rows_only() -> None:
    slipped = "Finalizado;" + order(3)
    result = check_orders(order(1), order(2).removesuffix(";Finalizado"), slipped, order(4))
    assert result.columns["id_pedido"] == [uuid(1), uuid(4)]
    assert [refused.line for refused in result.rejected] == [3, 4]


def test_a_stray_quote_does_not_swallow_the_rows_after_it() -> None:
    stray = order(2, Endereco_Entrega='"Rua A')
    result = check_orders(order(1), stray, *(order(n) for n in range(3, 103)))
    assert result.rows_loaded == 101
    assert [refused.line for refused in result.rejected] == [3]


def test_two_stray_quotes_that_make_no_row_leave_the_row_between_them() -> None:
    opened = order(2, Endereco_Entrega='"Rua A')
    result = check_orders(order(1), opened, order(3), order(4, Status='Finalizado"'), order(5))
    assert result.columns["id_pedido"] == [uuid(1), uuid(3), uuid(5)]
    assert [refused.line for refused in result.rejected] == [3, 5]


def test_two_stray_quotes_far_apart_are_two_refused_rows() -> None:
    lines = [order(n) for n in range(60)]
    lines[10] = order(10, Endereco_Entrega='"Rua A')
    lines[50] = order(50, Endereco_Entrega='Rua B"')
    result = check_orders(*lines)
    assert [refused.line for refused in result.rejected] == [12, 52]
    assert result.rows_loaded == 58


def test_a_record_of_too_many_bytes_is_not_looked_for() -> None:
    opened = order(2, Endereco_Entrega='"' + "a" * 40_000)
    closed = order(3, Endereco_Entrega="b" * 40_000 + '"')
    result = check_orders(order(1), opened, closed, order(4))
    assert result.columns["id_pedido"] == [uuid(1), uuid(4)]
    assert [refused.line for refused in result.rejected] == [3, 4]


def test_more_than_10_mb_with_one_bad_row_in_10_000() -> None:
    count, bad = 110_000, range(5_000, 110_000, 10_000)
    lines = [order(n) for n in range(count)]
    for row in bad:
        lines[row] = order(row, Status="Perdido")
    data = file("orders", *lines)
    assert len(data) > 10_000_000
    result = validate_csv(ORDERS, data)
    assert [refused.line for refused in result.rejected] == [row + 2 for row in bad]
    assert result.rejected[0].raw == lines[5_000].encode()
    assert (result.rows_in, result.rows_loaded) == (count, count - len(bad))


def test_an_unbalanced_quote_in_each_line_of_10_mb_is_refused_line_by_line() -> None:
    stray = order(1, Endereco_Entrega='"Rua A')
    count = 10_500_000 // len(stray.encode())
    result = check_orders(*[stray] * count)
    assert (result.rows_in, result.rows_rejected) == (count, count)


def test_a_long_value_is_cut_in_the_reason_and_whole_in_the_raw_bytes() -> None:
    (refused,) = check_orders(order(1, Status="x" * 5_000)).rejected
    assert len(refused.reason) < 200
    assert b"x" * 5_000 in refused.raw


def test_import_is_light() -> None:
    heavy = "numpy pandas pyarrow duckdb"
    code = (
        f"import sys, core.bronze.validation.csv_file; print([m for m in "
        f"{heavy.split()} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_items_answer_as_orders_do() -> None:
    result = validate_csv(ITEMS, file("orders", order(1)))
    assert result.unreadable is not None
    assert "Id_Item_Pedido" in result.unreadable


def test_more_faulty_rows_than_can_be_told_one_by_one_refuse_the_whole_file() -> None:
    most = bounds.MOST_REJECTED
    kept = validate_csv(ORDERS, file("orders", *["x"] * most, order(1)))
    assert (kept.rows_loaded, kept.rows_rejected, kept.unreadable) == (1, most, None)
    crooked = validate_csv(ORDERS, file("orders", order(1), *["x"] * (most + 1), order(2)))
    wrong = validate_csv(ORDERS, file("orders", order(1), *[order(2, Status="?")] * (most + 1)))
    for found, reason in ((crooked, "The row has 1 fields"), (wrong, "Status is '?'")):
        assert found.unreadable is not None
        told = f"More than 50,000 rows are faulty, the first in line 3: {reason}"
        assert found.unreadable.startswith(told)
        assert found.rejected == ()
        assert found.rows_loaded == 0
        assert found.rows_in == found.rows_rejected
    assert (crooked.rows_in, wrong.rows_in) == (most + 3, most + 2)


def test_more_lines_than_a_file_may_have_refuse_it_before_they_are_cut() -> None:
    found = validate_csv(ORDERS, file("orders") + b"x\n" * 250_001)
    assert found.unreadable == "The file has 250,001 lines: at most 250,000 are read."
    assert (found.rows_in, found.rows_loaded) == (250_001, 0)
    units = Expected("units", None, None)
    assert validate_csv(units, file("units") + b"\n" * 250_001).unreadable is None


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("fault", ["", "Status", "field"])
def test_a_file_of_several_blocks_is_read_as_one(end: bytes, fault: str) -> None:
    lines = [order(number) for number in range(4_000)]
    if fault == "Status":
        lines[3_500] = order(3_500, Status="?")
    if fault == "field":
        lines[3_500] += ";"
    data = file("orders", *lines).replace(b"\n", end)
    assert len(data) > 256 * 1024
    found = validate_csv(ORDERS, data)
    assert [refused.line for refused in found.rejected] == ([3_502] if fault else [])
    assert found.rows_in == 4_000
    expected = [uuid(number) for number in range(4_000) if not (fault and number == 3_500)]
    assert found.columns["id_pedido"] == expected
