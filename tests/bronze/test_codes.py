"""Each reason has a code for programs, which reports carry and older readers do without."""

import json
import pickle

import pytest

from core.bronze.quarantine import find_report, read_report
from core.bronze.validation.codes import Code
from core.platform import Platform
from core.warehouse.validated import Reason
from tests.support.scenes import ORDERS_NAME, ingest
from tests.support.validate_files import check_items, check_orders, file, in_store, item, order

MONEY = {
    "-1.00": Code.RANGE, "123456789.00": Code.RANGE, "52,30": Code.DECIMAL_COMMA,
    "1.052,30": Code.DECIMAL_COMMA, "52": Code.FORMAT, "52.300": Code.FORMAT, "052.30": Code.FORMAT,
    "NaN": Code.TYPE, "": Code.TYPE, "muito": Code.TYPE, "R$ 52.30": Code.TYPE,
}  # fmt: skip
DATES = {
    "03/02/2026": Code.DATE_FORMAT, "3/2/26": Code.DATE_FORMAT, "20260203": Code.DATE_FORMAT,
    "03.02.2026": Code.DATE_FORMAT, "2026/02/03": Code.DATE_FORMAT, "2026-2-3": Code.DATE_FORMAT,
    "3 Feb 2026": Code.DATE_FORMAT, "2026-02-03T10:00:00": Code.DATE_FORMAT,
    "2026-02-30": Code.RANGE, "2026-02-04": Code.OTHER_DATE, "": Code.TYPE, "ontem": Code.TYPE,
}  # fmt: skip
PRODUCTS = {"0": Code.UNKNOWN, "31": Code.UNKNOWN, "-1": Code.UNKNOWN, "012": Code.FORMAT,
            "1.0": Code.FORMAT, "açaí": Code.TYPE}  # fmt: skip
QUANTITIES = {"0": Code.RANGE, "4": Code.RANGE, "02": Code.FORMAT, "dois": Code.TYPE}


def _cases(column: str, codes: dict[str, Code]) -> list[tuple[str, str, Code]]:
    return [(column, value, code) for value, code in codes.items()]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        *_cases("Vlr_Pedido", MONEY), *_cases("Data_Pedido", DATES),
        ("Taxa_Entrega", "99.00", Code.RANGE), ("Taxa_Entrega", "7,50", Code.DECIMAL_COMMA),
        ("Tipo_Pedido", "Telefone", Code.UNKNOWN), ("Status", "Perdido", Code.UNKNOWN),
        ("Id_Unidade", "8", Code.OTHER_UNIT), ("Id_Unidade", "0", Code.RANGE),
        ("Id_Pedido", "1", Code.TYPE), ("Endereco_Entrega", "Rua\x07", Code.TEXT),
    ],
)  # fmt: skip
def test_a_value_of_an_order_has_the_code_of_its_fault(column: str, value: str, code: Code) -> None:
    (refused,) = check_orders(order(1), order(2, **{column: value})).rejected
    assert (refused.reason.code, refused.reason.column) == (code, column)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [*_cases("Id_Produto", PRODUCTS), *_cases("Qtd", QUANTITIES), *_cases("Vlr_Item", MONEY)],
)
def test_a_value_of_an_item_has_the_code_of_its_fault(column: str, value: str, code: Code) -> None:

    (refused,) = check_items(item(1), item(2, **{column: value})).rejected
    assert (refused.reason.code, refused.reason.column) == (code, column)


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        (order(1), Code.REPEATED, "Id_Pedido"),
        (order(2, Vlr_Pedido="5.00", Taxa_Entrega="6.00"), Code.BELOW_FEE, ""),
        (in_store(2, Taxa_Entrega="7.50"), Code.DELIVERY, ""),
        ("7;torn", Code.FIELDS, ""),
        ("", Code.BLANK, ""),
        (order(2, Endereco_Entrega='"Rua'), Code.QUOTES, ""),
        (order(2, Endereco_Entrega='"Rua\nA"'), Code.LINE_BREAK, "Endereco_Entrega"),
    ],
)
def test_a_row_has_the_code_of_its_fault(line: str, code: Code, column: str) -> None:
    (refused,) = check_orders(order(1), line, order(3)).rejected
    assert (refused.reason.code, refused.reason.column) == (code, column)


GOOD = file("orders", order(1))
HEADER = GOOD.partition(b"\n")[0]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.EMPTY),
        (GOOD.decode().encode("utf-16"), Code.ENCODING),
        (GOOD.decode().encode("utf-16-le"), Code.ENCODING),
        (b"\x1f\x8b" + GOOD, Code.COMPRESSED),
        (GOOD.replace(b"\n", b"\r"), Code.LINE_ENDS),
        (GOOD.replace(b";", b","), Code.DELIMITER),
        (GOOD.replace(b";", b"\t"), Code.DELIMITER),
        (GOOD.replace(b"Status", b"Situacao"), Code.COLUMNS_RENAMED),
        (GOOD.replace(b";Status", b""), Code.COLUMNS_MISSING),
        (GOOD.replace(b";Status", b";Status;Mesa"), Code.COLUMNS_UNKNOWN),
        (GOOD.replace(b"Id_Unidade;Id_Pedido", b"Id_Pedido;Id_Unidade"), Code.COLUMNS_ORDER),
        (GOOD.replace(b";Status", b";Status;Status"), Code.COLUMNS),
        (HEADER + 300_000 * b"\n7", Code.TOO_LARGE),
        (HEADER + 60_000 * b"\n7", Code.FIELDS),
    ],
)
def test_a_file_has_the_code_of_its_fault(data: bytes, code: Code, platform: Platform) -> None:
    ingest(platform, ORDERS_NAME, data)
    report = find_report(platform.store, ORDERS_NAME)
    assert report is not None
    assert (report.code, report.rows) == (code, ())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (ORDERS_NAME.replace("pedido", "pedido_copy"), Code.NAME),
        (ORDERS_NAME.replace("1214", "1215"), Code.WINDOW),
        (ORDERS_NAME.replace("/2026/", "/1999/"), Code.DATE_RANGE),
    ],
)
def test_a_name_has_the_code_of_its_fault(platform: Platform, name: str, code: Code) -> None:
    ingest(platform, name, GOOD)
    report = find_report(platform.store, name)
    assert report is not None
    assert report.code == code


def test_a_report_has_the_code_and_column_of_each_line(platform: Platform) -> None:
    ingest(platform, ORDERS_NAME, file("orders", order(1, Status="Perdido"), order(2)))
    report = find_report(platform.store, ORDERS_NAME)
    assert report is not None
    assert report.code == ""
    assert [(row.line, row.code, row.column) for row in report.rows] == [
        (2, Code.UNKNOWN, "Status")
    ]


def test_a_report_of_an_earlier_version_has_no_codes() -> None:
    written = {
        "object": ORDERS_NAME, "generation": 1, "rows_in": 1, "rows_loaded": 0, "rows_rejected": 1,
        "unreadable": None, "rows": [{"line": 2, "reason": "It is wrong.", "raw": "7"}],
    }  # fmt: skip
    report = read_report("a_error.json", json.dumps(written).encode())
    assert (report.code, report.rows[0].code, report.rows[0].column) == ("", "", "")


def test_a_reason_keeps_its_code_on_the_way_to_another_process() -> None:
    kept = pickle.loads(pickle.dumps(Reason("It is wrong.", Code.TYPE, "Qtd")))  # noqa: S301
    assert (kept, kept.code, kept.column) == ("It is wrong.", Code.TYPE, "Qtd")
