"""What a strict reader must survive, part 2: values, rows, doubled ids."""

import pytest

from core.bronze.validation.csv_file import Expected, validate_csv
from core.generation.catalog import load_catalog
from core.warehouse.validated import Validated
from tests.support.validate_files import (  # fmt: skip
    DAY,
    UNIT,
    accounted,
    check_items,
    check_orders,
    file,
    in_store,
    item,
    order,
    uuid,
)

MONEY_FAULTS = [
    pytest.param("-1.00", id="negative"),
    pytest.param("+1.00", id="plus sign"),
    pytest.param("1e30", id="1e30"),
    pytest.param("NaN", id="NaN"),
    pytest.param("inf", id="inf"),
    pytest.param("NA", id="NA"),
    pytest.param("", id="empty"),
    pytest.param("52,30", id="decimal comma"),
    pytest.param("52.300", id="three decimals"),
    pytest.param("52.3", id="one decimal"),
    pytest.param("52", id="no decimals"),
    pytest.param("052.30", id="leading zero"),
    pytest.param("1,052.30", id="thousands"),
    pytest.param("123456789.00", id="too large for NUMERIC(10,2)"),
    pytest.param("9223372036854775808", id="2^63"),
    pytest.param(" 52.30", id="space"),
    pytest.param("R$ 52.30", id="currency"),
    pytest.param("٥٢.٣٠", id="digits of another script"),
]
INTEGER_FAULTS = [
    pytest.param("0", id="zero"),
    pytest.param("-1", id="negative"),
    pytest.param("1.0", id="decimals"),
    pytest.param("1e30", id="1e30"),
    pytest.param("NaN", id="NaN"),
    pytest.param("NA", id="NA"),
    pytest.param("", id="empty"),
    pytest.param("007", id="leading zeros"),
    pytest.param("9223372036854775808", id="2^63"),
    pytest.param("9" * 5_000, id="5,000 digits"),
    pytest.param("²", id="superscript"),
]


def _refused(result: Validated, column: str) -> str:
    """The one bad row stood between two good ones, and its reason names the column."""
    assert (result.rows_in, result.rows_loaded) == (3, 2)
    (refused,) = result.rejected
    assert refused.line == 3
    assert column in refused.reason
    return refused.reason


def _orders_with(**changed: str) -> Validated:
    return check_orders(order(1), order(2, **changed), order(3))


def _items_with(**changed: str) -> Validated:
    return check_items(item(1), item(2, **changed), item(3))


@pytest.mark.parametrize("value", [*MONEY_FAULTS, pytest.param("0.00", id="zero")])
def test_order_value_that_is_no_amount(value: str) -> None:
    _refused(_orders_with(Vlr_Pedido=value), "Vlr_Pedido")


@pytest.mark.parametrize("value", [*MONEY_FAULTS, "4.99", "25.01", "0.01"])
def test_fee_that_is_no_amount_or_out_of_range(value: str) -> None:
    _refused(_orders_with(Taxa_Entrega=value), "Taxa_Entrega")


@pytest.mark.parametrize("value", [*MONEY_FAULTS, pytest.param("0.00", id="zero")])
def test_price_that_is_no_amount(value: str) -> None:
    _refused(_items_with(Vlr_Item=value), "Vlr_Item")


@pytest.mark.parametrize("value", ["0.01", "5.29", "99999999.99"])
def test_amounts_at_the_ends_load(value: str) -> None:
    assert check_items(item(1, Vlr_Item=value)).columns["vlr_item"] == [value]


@pytest.mark.parametrize("fee", ["5.00", "10.00", "25.00"])
def test_fees_at_the_ends_load(fee: str) -> None:
    assert _orders_with(Taxa_Entrega=fee).rows_loaded == 3


@pytest.mark.parametrize("value", INTEGER_FAULTS)
def test_unit_that_is_no_number(value: str) -> None:
    _refused(_orders_with(Id_Unidade=value), "Id_Unidade")


@pytest.mark.parametrize("value", [*INTEGER_FAULTS, pytest.param("31", id="not on the menu")])
def test_product_that_is_not_on_the_menu(value: str) -> None:
    _refused(_items_with(Id_Produto=value), "Id_Produto")


@pytest.mark.parametrize("value", [*INTEGER_FAULTS, pytest.param("4", id="above the range")])
def test_quantity_out_of_range(value: str) -> None:
    _refused(_items_with(Qtd=value), "Qtd")


def test_every_product_and_quantity_of_the_catalog_loads() -> None:
    products = [str(product.product_id) for product in load_catalog().products]
    lines = [item(n, Id_Produto=p, Qtd=str(n % 3 + 1)) for n, p in enumerate(products)]
    result = check_items(*lines)
    assert result.columns["id_produto"] == [*range(1, 31)]
    assert result.rejected == ()


def test_the_largest_integer_loads_where_the_name_says_no_unit() -> None:
    data = file("orders", order(1, Id_Unidade=str(2**63 - 1)), order(2, Id_Unidade=str(2**63)))
    result = validate_csv(Expected("orders", None, None), data)
    assert result.columns["id_unidade"] == [2**63 - 1]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        pytest.param("03/02/2026", "YYYY-MM-DD", id="day first"),
        pytest.param("2026-2-3", "YYYY-MM-DD", id="one digit"),
        pytest.param("20260203", "YYYY-MM-DD", id="no dashes"),
        pytest.param("2026-02-03T00:00:00", "YYYY-MM-DD", id="with time"),
        pytest.param("2026-W06-2", "YYYY-MM-DD", id="week date"),
        pytest.param("2026-02-30", "calendar", id="not in the calendar"),
        pytest.param("0000-01-01", "calendar", id="year 0"),
        pytest.param("", "YYYY-MM-DD", id="empty"),
        pytest.param("9999-02-03", "the object's name says 2026-02-03", id="year 9999"),
        pytest.param("2026-02-04", "the object's name says 2026-02-03", id="differs from path"),
    ],
)
def test_date_that_is_wrong(value: str, told: str) -> None:
    assert told in _refused(_orders_with(Data_Pedido=value), "Data_Pedido")


def test_unit_that_differs_from_the_path() -> None:
    reason = _refused(_orders_with(Id_Unidade="8"), "Id_Unidade")
    assert reason == f"Id_Unidade is '8': the object's name says {UNIT}."


@pytest.mark.parametrize("kind", ["Loja online", "LOJA ONLINE", "Loja Física", "Delivery", ""])
def test_unknown_type(kind: str) -> None:
    _refused(_orders_with(Tipo_Pedido=kind), "Tipo_Pedido")


@pytest.mark.parametrize("status", ["finalizado", "Entregue", "Finalizado ", "NULL", ""])
def test_unknown_status(status: str) -> None:
    reason = _refused(_orders_with(Status=status), "Status")
    assert "Finalizado, Pendente, Cancelado" in reason


@pytest.mark.parametrize("status", ["Finalizado", "Pendente", "Cancelado"])
def test_known_status_loads(status: str) -> None:
    assert _orders_with(Status=status).rows_loaded == 3


UUID_FAULTS = [
    pytest.param("", id="empty"),
    pytest.param("42", id="number"),
    pytest.param(uuid(2).replace("-", ""), id="no dashes"),
    pytest.param("ABCDEF00-0000-4000-8000-000000000002", id="upper case"),
    pytest.param("00000000-0000-0000-0000-000000000000", id="nil"),
    pytest.param("00000000-0000-9000-8000-000000000002", id="version 9"),
    pytest.param("00000000-0000-4000-c000-000000000002", id="other variant"),
    pytest.param("{" + uuid(2) + "}", id="braces"),
]


@pytest.mark.parametrize("value", UUID_FAULTS)
def test_id_that_is_no_uuid(value: str) -> None:
    _refused(_orders_with(Id_Pedido=value), "Id_Pedido")
    _refused(_items_with(Id_Pedido=value), "Id_Pedido")
    _refused(_items_with(Id_Item_Pedido=value), "Id_Item_Pedido")


def test_uuid_with_leading_zeros_is_text_and_loads_whole() -> None:
    value = "00000000-0000-4000-8000-00000000000f"
    assert check_orders(order(1, Id_Pedido=value)).columns["id_pedido"] == [value]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(order(2, Endereco_Entrega=""), id="online without address"),
        pytest.param(order(2, Endereco_Entrega="   "), id="online with a blank address"),
        pytest.param(order(2, Endereco_Entrega="\u00a0"), id="online with a no-break space"),
        pytest.param(order(2, Taxa_Entrega="0.00"), id="online without fee"),
        pytest.param(in_store(2, Endereco_Entrega="Rua A"), id="in store with address"),
        pytest.param(in_store(2, Endereco_Entrega=" "), id="in store with a blank address"),
        pytest.param(in_store(2, Taxa_Entrega="5.00"), id="in store with fee"),
    ],
)
def test_type_address_and_fee_that_do_not_go_together(line: str) -> None:
    reason = _refused(check_orders(order(1), line, order(3)), "Tipo_Pedido")
    assert "Endereco_Entrega" in reason
    assert "Taxa_Entrega" in reason


# Characters that show nothing: spaces, formats, fillers, marks without a letter.
INVISIBLE = [
    "\u3000", "\u200b", "\ufeff", "\u2800", "\u00ad", "\u2060", "\u3164", "\u115f", "\uffa0",
    "\u034f", "\u180e", "\ufe0f", "\U000e0041", "\ue000", " \u200b\u2800 ",
]  # fmt: skip
VISIBLE = ["Rua", "\u200bRua", "ã", "e\u0301", "東", "😀", "·", "!", "\u200b1"]


@pytest.mark.parametrize("text", INVISIBLE)
def test_an_address_or_a_name_that_shows_nothing_is_refused(text: str) -> None:
    for line in (order(2, Endereco_Entrega=text), in_store(2, Endereco_Entrega=text)):
        reason = _refused(check_orders(order(1), line, order(3)), "Endereco_Entrega")
        assert "needs a visible address" in reason
        assert reason.isprintable()
        assert ascii(text) in reason
    units = validate_csv(
        Expected("units", None, None),
        f"Id_Unidade;Nome_Unidade;Id_Estado\n1;{text};1\n2;B;1\n".encode(),
    )
    ((_, reason, _),) = [(r.line, r.reason, r.raw) for r in units.rejected]
    assert "write a name with a visible character" in reason


@pytest.mark.parametrize("text", VISIBLE)
def test_an_address_with_a_visible_character_loads(text: str) -> None:
    assert check_orders(order(1, Endereco_Entrega=text)).rejected == ()


@pytest.mark.parametrize(("value", "loaded"), [("9.99", 2), ("10.00", 3), ("10.01", 3)])
def test_order_value_covers_the_fee(value: str, loaded: int) -> None:
    assert _orders_with(Vlr_Pedido=value, Taxa_Entrega="10.00").rows_loaded == loaded


def test_doubled_order_id_loads_once_and_names_the_first_line() -> None:
    result = check_orders(order(1), order(2), order(1, Status="Pendente"), order(1))
    assert result.columns["id_pedido"] == [uuid(1), uuid(2)]
    assert result.columns["status"] == ["Finalizado", "Finalizado"]
    assert [refused.line for refused in result.rejected] == [4, 5]
    assert all("line 2 too" in refused.reason for refused in result.rejected)


def test_doubled_item_id_loads_once_while_an_order_id_may_repeat() -> None:
    result = check_items(item(1), item(2), item(1))
    assert result.columns["id_pedido"] == [uuid(1), uuid(1)]
    (refused,) = result.rejected
    assert refused.line == 4
    assert "line 2 too" in refused.reason


def test_a_refused_row_does_not_take_the_id_from_a_good_one() -> None:
    result = check_orders(order(1, Status="?"), order(1))
    assert result.columns["id_pedido"] == [uuid(1)]
    assert [refused.line for refused in result.rejected] == [2]


def test_refused_rows_of_all_causes_come_in_the_order_of_their_lines() -> None:
    result = check_orders(
        order(1), order(2) + ";", order(3, Taxa_Entrega="0.00"), order(1), order(4, Status="?"), "x"
    )
    assert [refused.line for refused in result.rejected] == [3, 4, 5, 6, 7]
    assert accounted(result)


REFERENCE = {
    "products": ("1;Bowl de Açaí", {"id_produto": [1], "nome_produto": ["Bowl de Açaí"]}),
    "units": (
        "9;Mr. Health - Curitiba;3",
        {"id_unidade": [9], "nome_unidade": ["Mr. Health - Curitiba"], "id_estado": [3]},
    ),
    "states": ("3;1;Paraná", {"id_estado": [3], "id_pais": [1], "nome_estado": ["Paraná"]}),
    "countries": ("1;Brasil", {"id_pais": [1], "nome_pais": ["Brasil"]}),
}


@pytest.mark.parametrize("kind", REFERENCE)
def test_reference_rows_load(kind: str) -> None:
    line, columns = REFERENCE[kind]
    assert validate_csv(Expected(kind, None, None), file(kind, line)).columns == columns


@pytest.mark.parametrize(
    "line",
    ["0;A", "-1;A", "01;A", "2147483648;A", ";A", "2;", "2;  ", "2;a\tb", "1;doubled", "2", "2;A;"],
)
def test_reference_row_that_is_wrong(line: str) -> None:
    result = validate_csv(Expected("products", None, None), file("products", "1;A", line, "3;C"))
    assert result.columns["id_produto"] == [1, 3]
    assert [refused.line for refused in result.rejected] == [3]


def test_a_new_product_needs_no_menu_in_the_reference_file() -> None:
    data = file("products", "31;Novo prato", f"{2**31 - 1};Outro")
    result = validate_csv(Expected("products", None, None), data)
    assert result.columns["id_produto"] == [31, 2**31 - 1]


def test_orders_of_another_day_load_under_their_own_name() -> None:
    data = file("orders", order(1, Data_Pedido="2019-12-31"))
    assert validate_csv(Expected("orders", UNIT, DAY), data).rows_loaded == 0
    assert validate_csv(Expected("orders", UNIT, DAY.replace(2019, 12, 31)), data).rows_loaded == 1
