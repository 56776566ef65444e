"""What a strict reader must survive, from a file in the bucket to Bronze and quarantine."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.bronze.ingest import Ingested
from core.platform import Platform
from tests.support.scenes import ITEMS_NAME, ORDERS_NAME, count, ingest, ledger, quarantined, rows
from tests.support.validate_files import file, in_store, item, order

GOOD = file("orders", order(1), in_store(2), order(3))
BAD_LINE = order(4, Status="Perdido")
pytestmark = [pytest.mark.both_sides, pytest.mark.thorough]

QUARANTINE = "quarantine/2026/02/03/unit_007/window_1214"
HEADER = file("orders").decode().strip()
ADDRESS = "Endereco_Entrega"
MANY = file("orders", *map(order, range(5, 10_004)), BAD_LINE)
LONG = [order(number, Endereco_Entrega="Rua " + "x" * 900) for number in range(1, 11_001)]


def _cells(text: str, change: Any) -> bytes:
    """A file with each line's fields rearranged."""
    return "".join(";".join(change(line.split(";"))) + "\n" for line in text.splitlines()).encode()


# What comes: its bytes, rows loaded, rows rejected, and whether the whole file is refused.
HOSTILE: dict[str, tuple[bytes, int, int, bool]] = {
    "BOM": (b"\xef\xbb\xbf" + GOOD, 3, 0, False),
    "comma as delimiter": (GOOD.replace(b";", b","), 0, 3, True),
    "tab as delimiter": (GOOD.replace(b";", b"\t"), 0, 3, True),
    "missing column": (_cells(GOOD.decode(), lambda f: f[:-1]), 0, 3, True),
    "extra column": (_cells(GOOD.decode(), lambda f: [*f, "x"]), 0, 3, True),
    "reordered columns": (_cells(GOOD.decode(), lambda f: f[::-1]), 0, 3, True),
    "doubled column": (_cells(GOOD.decode(), lambda f: [*f[:-1], f[0]]), 0, 3, True),
    "latin-1": (file("orders", order(1), in_store(2)).decode().encode("latin-1"), 1, 1, False),
    "UTF-16": (GOOD.decode().encode("utf-16"), 0, 3, True),
    "NUL bytes in a row": (file("orders", order(1, **{ADDRESS: "a\0b"}), order(2)), 1, 1, False),
    "NUL bytes throughout": (bytes(2000), 0, 0, True),
    "quoted delimiter": (file("orders", order(1, **{ADDRESS: '"a;b"'})), 1, 0, False),
    "quoted quotes": (file("orders", order(1, **{ADDRESS: '"a ""b"" c"'})), 1, 0, False),
    "quoted newline": (file("orders", order(1, **{ADDRESS: '"a\nb"'}), order(2)), 1, 1, False),
    "unbalanced quotes": (file("orders", order(1, **{ADDRESS: '"a'}), order(2)), 1, 1, False),
    "CRLF": (GOOD.replace(b"\n", b"\r\n"), 3, 0, False),
    "empty file": (b"", 0, 0, True),
    "header only": (file("orders"), 0, 0, False),
    "no final newline": (GOOD.rstrip(b"\n"), 3, 0, False),
    "10 MB": (file("orders", *LONG), 11_000, 0, False),
    "gzip": (gzip.compress(GOOD, mtime=0), 0, 1, True),
    "one bad row in 10,000": (MANY, 9_999, 1, False),
    "unknown status": (file("orders", order(1), BAD_LINE), 1, 1, False),
    "unknown type": (file("orders", order(1), order(2, Tipo_Pedido="Loja")), 1, 1, False),
    "ids with leading zeros": (file("orders", order(1), order(2, Id_Unidade="007")), 1, 1, False),
    "2^63": (file("orders", order(1), order(2, Id_Unidade=str(2**63))), 1, 1, False),
    "unit of another path": (file("orders", order(1), order(2, Id_Unidade="8")), 1, 1, False),
    "date of another path": (
        file("orders", order(1), order(2, Data_Pedido="2026-02-04")),
        1,
        1,
        False,
    ),
    "doubled ids": (file("orders", order(1), order(2), order(1)), 2, 1, False),
    **{
        f"date {text}": (file("orders", order(1), order(2, Data_Pedido=text)), 1, 1, False)
        for text in ("03/02/2026", "9999-01-01")
    },
    **{
        f"value {text}": (file("orders", order(1), order(2, Vlr_Pedido=text)), 1, 1, False)
        for text in ("-52.30", "1e30", "NaN", "inf", "NA", "52,30", "52.300", str(2**63))
    },
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_strict_reader_survives(platform: Platform, what: str) -> None:
    data, loaded, rejected, whole = HOSTILE[what]
    answer = ingest(platform, ORDERS_NAME, data)
    assert answer == Ingested(1, int(whole), loaded + rejected, loaded, rejected)
    assert count(platform, "bronze.orders") == loaded
    row = ledger(platform, ORDERS_NAME)
    assert (row["rows_in"], bool(row["reason"])) == (answer.rows_in, whole)
    found = quarantined(platform)
    assert len(found) == (2 if rejected or whole else 0)
    if whole:
        assert found[f"{QUARANTINE}/pedido.csv"] == data
    elif rejected:
        report = json.loads(found[f"{QUARANTINE}/pedido_error.json"])
        assert [bool(row["line"] > 1 and row["reason"]) for row in report["rows"]] == [True]


TEXTS = [
    '=HYPERLINK("http://x","y")',
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE orders;--",
    "@SUM(A1)",
    "' OR 1=1",
    "$now $name ? {bronze}",
    "🥗 açaí\u00a0ção",
    "NULL",
    "\\N",
    " spaced ",
]


def test_text_is_kept_as_text(platform: Platform) -> None:
    quoted = ['"' + text.replace('"', '""') + '"' for text in TEXTS]
    ingest(platform, ORDERS_NAME, file("orders", *(
        order(number, Endereco_Entrega=text) for number, text in enumerate(quoted))))  # fmt: skip
    ingest(platform, ITEMS_NAME, file("order_items", *(
        item(number, Observacao=text) for number, text in enumerate(quoted))))  # fmt: skip
    orders = rows(platform, "SELECT endereco_entrega AS t FROM bronze.orders ORDER BY id_pedido")
    items = rows(platform, "SELECT observacao AS t FROM bronze.order_items ORDER BY id_item_pedido")
    assert [row["t"] for row in orders] == [row["t"] for row in items] == TEXTS


LINES = st.one_of(
    st.integers(0, 60).map(order),
    st.integers(0, 60).map(in_store),
    st.sampled_from([BAD_LINE, "7;torn", "", '"', order(7, Vlr_Pedido="inf"), "\0", "é;" * 7]),
    st.text(max_size=12),
)


def test_rows_in_are_rows_loaded_and_rows_rejected(platform: Platform, side: str) -> None:
    @settings(max_examples=40 if side == "folder" else 10)
    @given(st.lists(LINES, max_size=12), st.booleans(), st.sampled_from(["\n", "\r\n"]))
    def accounted(lines: list[str], bom: bool, end: str) -> None:
        # Each example is a new generation of one object, so each also replaces the one before.
        text = end.join([HEADER, *lines, ""])
        answer = ingest(platform, ORDERS_NAME, text.encode("utf-8-sig" if bom else "utf-8"))
        assert answer.objects == 1
        assert answer.rows_in == answer.rows_loaded + answer.rows_rejected
        assert count(platform, "bronze.orders") == answer.rows_loaded
        row = ledger(platform, ORDERS_NAME)
        assert [row[f"rows_{what}"] for what in ("in", "loaded", "rejected")] == [
            answer.rows_in, answer.rows_loaded, answer.rows_rejected,
        ]  # fmt: skip
        report = quarantined(platform).get(f"{QUARANTINE}/pedido_error.json")
        assert len(json.loads(report)["rows"] if report else []) == answer.rows_rejected

    accounted()
