"""Valid files for the tests of the strict reader, and one field or line of them changed."""

from datetime import date
from uuid import UUID

from core.bronze.validation.csv_file import Expected, validate_csv
from core.generation.columns import HEADERS
from core.warehouse.validated import Validated

UNIT, DAY = 7, date(2026, 2, 3)
ORDERS = Expected("orders", UNIT, DAY)
ITEMS = Expected("order_items", UNIT, DAY)


def uuid(number: int) -> str:
    """A valid id of its own for each number below 2**60."""
    return str(UUID(int=number, version=4))


def order(number: int, **changed: str) -> str:
    """Line of a valid online order, with some fields changed."""
    fields = {
        "Id_Unidade": str(UNIT),
        "Id_Pedido": uuid(number),
        "Tipo_Pedido": "Loja Online",
        "Data_Pedido": DAY.isoformat(),
        "Vlr_Pedido": "52.30",
        "Endereco_Entrega": "Rua São João, 10",
        "Taxa_Entrega": "7.50",
        "Status": "Finalizado",
    }
    return ";".join((fields | changed).values())


def in_store(number: int, **changed: str) -> str:
    """Line of a valid order in the shop, with some fields changed."""
    shop = {"Tipo_Pedido": "Loja Fisica", "Endereco_Entrega": "", "Taxa_Entrega": "0.00"}
    return order(number, **(shop | changed))


def item(number: int, **changed: str) -> str:
    """Line of a valid item, with some fields changed."""
    fields = {
        "Id_Pedido": uuid(1),
        "Id_Item_Pedido": uuid(1000 + number),
        "Id_Produto": "12",
        "Qtd": "2",
        "Vlr_Item": "18.90",
        "Observacao": "sem cebola",
    }
    return ";".join((fields | changed).values())


def file(kind: str, *lines: str) -> bytes:
    """A file of the contract's form with these lines after its header."""
    return "".join(f"{line}\n" for line in (";".join(HEADERS[kind]), *lines)).encode()


def check_orders(*lines: str) -> Validated:
    """The strict reader's answer to a file of orders."""
    return validate_csv(ORDERS, file("orders", *lines))


def check_items(*lines: str) -> Validated:
    """The strict reader's answer to a file of items."""
    return validate_csv(ITEMS, file("order_items", *lines))


def accounted(result: Validated) -> bool:
    """Rows in = rows loaded + rows rejected, and all columns are equally long."""
    lengths = {len(values) for values in result.columns.values()}
    return len(lengths) <= 1 and result.rows_in == result.rows_loaded + result.rows_rejected
