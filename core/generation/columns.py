"""The columns of each kind of file, in order."""

from collections.abc import Mapping

HEADERS: Mapping[str, tuple[str, ...]] = {
    "orders": (
        "Id_Unidade", "Id_Pedido", "Tipo_Pedido", "Data_Pedido", "Vlr_Pedido",
        "Endereco_Entrega", "Taxa_Entrega", "Status",
    ),
    "order_items": (
        "Id_Pedido", "Id_Item_Pedido", "Id_Produto", "Qtd", "Vlr_Item", "Observacao",
    ),
    "products": ("Id_Produto", "Nome_Produto"),
    "units": ("Id_Unidade", "Nome_Unidade", "Id_Estado"),
    "states": ("Id_Estado", "Id_Pais", "Nome_Estado"),
    "countries": ("Id_Pais", "Nome_Pais"),
}  # fmt: skip

ONLINE, IN_STORE = "Loja Online", "Loja Fisica"  # the values of Tipo_Pedido


def header_line(kind: str) -> bytes:
    """The first line of a file of a kind, with its line end."""
    return ";".join(HEADERS[kind]).encode() + b"\n"
